"""The learned model of pairs: swapping two actors swaps what it says, and chances add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kg.errors import DataError
from kg.nlp import encoder
from kg.nlp.encoder import MIDDLE
from kg.nlp.pairs import ATTITUDES, RELATIONS, Pairs, Place, shipped

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.language import Language

TEXT = "In Oslo the minister of Norway , who had met Peskov , condemned Moscow and praised Kyiv . Nobody answered ."
FIRST = (0, 18)
SWAPPED = [ATTITUDES.index(({"p": "q", "q": "p"}.get(whose or ""), sign)) for whose, sign in ATTITUDES]


@st.composite
def two_places(draw: st.DrawFn) -> tuple[Place, Place]:
    """Two places in the first sentence that do not overlap."""
    cuts = sorted(draw(st.lists(st.integers(0, FIRST[1] - 1), min_size=4, max_size=4, unique=True)))
    return (cuts[0], cuts[1]), (cuts[2], cuts[3])


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=two_places())
def test_swapping_the_actors_swaps_the_answer(nlp: Language, places: tuple[Place, Place]) -> None:
    p, q = places
    windows = encoder.shipped().run(nlp(TEXT), MIDDLE)
    one, other = shipped().ask(windows, FIRST, [(p, q), (q, p)])
    assert np.allclose(one.attitude, other.attitude[SWAPPED], atol=1e-4)
    assert np.allclose(one.forth, other.back, atol=1e-4)
    assert np.allclose(one.back, other.forth, atol=1e-4)
    for chances in (one.attitude, one.forth, one.back):
        assert chances.sum() == pytest.approx(1.0, abs=1e-4)
        assert chances.min() >= 0
    for side in one.sides:
        assert sum(side.attitude.values()) == pytest.approx(1.0, abs=1e-4)
        assert len(side.relations) == len(RELATIONS)


def test_pairs_are_answered_one_by_one(nlp: Language) -> None:
    windows = encoder.shipped().run(nlp(TEXT), MIDDLE)
    asked = [((1, 2), (12, 13)), ((5, 6), (15, 16)), ((9, 10), (12, 13))]
    together = shipped().ask(windows, FIRST, asked)
    for pair, answer in zip(asked, together, strict=True):
        (alone,) = shipped().ask(windows, FIRST, [pair])
        assert np.allclose(alone.attitude, answer.attitude, atol=1e-5)


def test_a_stretch_outside_every_window_has_no_answer(nlp: Language) -> None:
    doc = nlp("The minister met voters. " * 90)
    windows = encoder.shipped().run(doc, MIDDLE)
    assert len(windows) > 1
    assert shipped().ask(windows, (0, len(doc)), [((1, 2), (3, 4))]) == []
    assert shipped().ask(windows, (0, 5), []) == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"pairs\.onnx.*--fast"):
        Pairs(tmp_path).session  # noqa: B018 - opens it
