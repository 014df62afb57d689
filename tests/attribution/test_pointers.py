"""What the tagger says reaches the choices, and without it nothing is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.attribution import loglinear
from kg.attribution.pointers import PARTS, Ends, Pointers
from kg.errors import DataError
from kg.nlp.encoder import Heads

ENDS, SIZE, RADIUS = 2 * len(PARTS), 4, 3


def heads(tokens: int, first: int, seed: int) -> Heads:
    """A window of heads with random numbers."""
    draw = np.random.default_rng(seed).normal
    none = draw(size=(tokens, ENDS))
    none[:, :2] = -1e4  # a cue has an extent
    return Heads(first, {"cue": draw(size=tokens), "query": draw(size=(tokens, ENDS, SIZE)), "none": none,
                         "key": draw(size=(tokens, ENDS, SIZE + 1)), "distance": draw(size=(ENDS, 2 * RADIUS + 1))})


@settings(deadline=None, max_examples=50)
@given(sizes=st.lists(st.integers(1, 12), min_size=1, max_size=4), seed=st.integers(0, 99))
def test_each_end_is_a_distribution_over_the_window_and_none(sizes: list[int], seed: int) -> None:
    begins = np.cumsum([0, *sizes]).tolist()
    windows = [heads(size, first, seed + n) for n, (size, first) in enumerate(zip(sizes, begins, strict=False))]
    said = Pointers(windows)
    assert len(said.odds) == begins[-1]
    for head in range(begins[-1]):
        window = max(n for n, first in enumerate(begins[:-1]) if first <= head)
        for part, ends in said.at(head).items():
            inside = range(begins[window], begins[window + 1])
            assert np.exp(ends.begins([None, *inside])).sum() == pytest.approx(1, abs=1e-3)
            assert np.exp(ends.stops([None, *inside])).sum() == pytest.approx(1, abs=1e-3)
            assert ends.begins([begins[-1] + 5])[0] < -10
            for first, last in ends.spans(0, begins[-1]):
                assert part == "cue" or (first <= last and first in inside and last in inside)


def test_without_the_tagger_nothing_is_said() -> None:
    silent = Pointers()
    assert silent.odds == []
    for ends in silent.at(3).values():
        assert ends.whole([None, (2, 4)]) == [0.0, 0.0]
        assert not ends.spans(0, 9)
        assert not ends.firsts(0, 9)
        assert not ends.lasts(0, 9)


def test_a_hint_can_turn_a_choice() -> None:
    question = loglinear.Question({"near": 1.0}, rules=1.0, tagger=0.5)
    candidates = [["near"], ["far"]]
    assert question.best(candidates, [0.0, 0.0])[0] == 0
    assert question.best(candidates, [-4.0, 0.0])[0] == 1
    assert loglinear.Question({"near": 1.0}).best(candidates, [-4.0, 0.0])[0] == 0


def test_spans_come_best_first() -> None:
    ends = Ends(10, np.log(np.array([.1, .6, .2, .1])), np.log(np.array([.1, .1, .2, .6])))
    assert ends.spans(10, 12)[0] == (10, 12)
    assert ends.firsts(11, 12) == [11, 12]


@pytest.mark.parametrize(("row", "said"), [("cue,1,x,0,me", "mix.csv:2"), ("", "lacks after")])
def test_a_table_of_shares_that_is_no_good_is_named(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "mix.csv"
    path.write_text(f"question,rules,tagger,bias,source\n{row}\n", encoding="utf-8")
    with pytest.raises(DataError, match=said):
        loglinear.mix(path)
