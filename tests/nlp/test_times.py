"""Time expressions against a date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.nlp.times import resolve, times

if TYPE_CHECKING:
    from spacy.language import Language

THURSDAY = date(2024, 12, 12)


@pytest.mark.parametrize(("words", "first", "last"), [
    ("February 2022", "2022-02-01", "2022-02-28"),
    ("24 February 2022", "2022-02-24", "2022-02-24"),
    ("Feb. 24, 2022", "2022-02-24", "2022-02-24"),
    ("2022-02-24", "2022-02-24", "2022-02-24"),
    ("Tuesday", "2024-12-10", "2024-12-10"),
    ("Thursday", "2024-12-12", "2024-12-12"),
    ("last Thursday", "2024-12-05", "2024-12-05"),
    ("next Monday", "2024-12-16", "2024-12-16"),
    ("yesterday", "2024-12-11", "2024-12-11"),
    ("early 2023", "2023-01-01", "2023-04-30"),
    ("the 1990s", "1990-01-01", "1999-12-31"),
    ("three years ago", "2021-12-12", "2021-12-12"),
    ("the past two weeks", "2024-11-28", "2024-12-12"),
    ("the past decade", "2014-12-12", "2024-12-12"),
    ("two decades ago", "2004-12-12", "2004-12-12"),
    ("last month", "2024-11-01", "2024-11-30"),
    ("this year", "2024-01-01", "2024-12-31"),
    ("March", "2024-03-01", "2024-03-31"),
])
def test_resolved(words: str, first: str, last: str) -> None:
    assert resolve(words, THURSDAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("words", ["Tuesday", "last month", "yesterday", "24 February", "three years ago"])
def test_what_needs_a_date_stays_open_without_one(words: str) -> None:
    assert resolve(words, None) is None


@pytest.mark.parametrize("words", ["", "30 February 2022", "the day", "soon", "9999 years ago"])
def test_what_is_no_date_stays_open(words: str) -> None:
    assert resolve(words, THURSDAY) is None


@settings(deadline=None)
@given(st.text(max_size=30), st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_any_text_is_survived_and_intervals_run_forwards(words: str, reference: date) -> None:
    bounds = resolve(words, reference)
    assert bounds is None or bounds[0] <= bounds[1]


def test_since_has_no_end(nlp: Language) -> None:
    (found,) = times(nlp("Russia has been bombing Ukraine since February 2022."), None)
    assert found.interval.text == "since February 2022"
    assert (found.interval.start, found.interval.end) == ("2022-02-01", None)


def test_for_counts_back_from_the_document(nlp: Language) -> None:
    (found,) = times(nlp("The two countries have been at war for three years."), "2025-03-01T08:00:00Z")
    assert (found.interval.start, found.interval.end) == ("2022-03-01", "2025-03-01")


def test_a_date_ends_where_it_ends(nlp: Language) -> None:
    found = times(nlp("Finland joined NATO on Tuesday, ending decades of neutrality."), "2023-04-04")
    (day,) = [t.interval for t in found if t.interval.start == "2023-04-04"]
    assert day.text.endswith("Tuesday")
