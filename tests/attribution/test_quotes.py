"""Quotation marks: cases a typist can make, and what must hold for any text."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.attribution.quotes import find
from tests.attribution.marked import read_cases

CASES = read_cases("quotations.toml")
PIECES = ['"', "“", "”", "'", "‘", "’", "«", "»", "″", "''", '""', "'''", "``", "„", "word", "We", "s", " ", ", ", ". ",
          "\n", "\n\n", "1990", "é", "𝔸", "\u00a0", '<b a="c">', "(", ")", "—"]


@pytest.mark.parametrize("case", CASES, ids=[c["reason"] for c in CASES])
def test_cases(case: dict[str, Any]) -> None:
    assert set(case) <= {"reason", "text", "quotes", "level2", "odd"}
    text = case["text"]
    found = find(text)
    assert [text[q.start:q.end] for q in found if q.level == 1] == case["quotes"]
    assert [text[q.start:q.end] for q in found if q.level == 2] == case.get("level2", [])
    assert [text[q.start:q.end] for q in found if not q.whole] == case.get("odd", [])


def test_reopened_paragraphs_are_tied() -> None:
    found = find("“One.\n\n“Two.\n\n“Three.” He left.\n\n“Four.”")
    assert [q.continues for q in found] == [False, True, True, False]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=200))
def test_any_text(text: str) -> None:
    found = find(text)
    for q in found:
        assert 0 <= q.outer_start <= q.start < q.end <= q.outer_end <= len(text)
        assert text[q.start:q.end].strip() == text[q.start:q.end]
    for level in (1, 2):
        assert all(a.outer_end <= b.outer_start for a, b in pairwise(q for q in found if q.level == level))


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_an_odd_mark_costs_only_its_paragraph(noise: str) -> None:
    after = "\n\nThe envoy said “it is over” twice."
    assert "it is over" in [(noise + after)[q.start:q.end] for q in find(noise + after)]
