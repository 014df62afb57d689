"""Which statements a page shows: all, or those between the actors that occur most."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from kg.records import Statement
from kg.view.page import page_html
from kg.view.selection import best_known
from tests.queries.cases import cases
from tests.strategies import corpora


def occurrences(statements: list[Statement]) -> Counter[str]:
    return Counter(ident for statement in statements for ident in
                   {actor.id for actor in (statement.subject, statement.object, statement.speaker) if actor})


@given(statements=corpora(), most=st.integers(0, 12))
def test_those_chosen_are_between_actors_that_occur_most(statements: list[Statement], most: int) -> None:
    chosen, total = best_known(lambda: statements, most)
    assert (len(chosen), total) == (min(most, len(statements)), len(statements))
    assert [s.id for s in chosen] == [s.id for s in statements if any(s is one for one in chosen)]
    counts = occurrences(statements)
    weakest = [min((counts[actor.id] for actor in (s.subject, s.object, s.speaker) if actor), default=0)
               for s in statements]
    taken = [weight for s, weight in zip(statements, weakest, strict=True) if any(s is one for one in chosen)]
    left = [weight for s, weight in zip(statements, weakest, strict=True) if not any(s is one for one in chosen)]
    assert not taken or not left or min(taken) >= max(left)


def test_statements_that_fit_are_read_once() -> None:
    once = iter([cases()])
    assert best_known(lambda: next(once), len(cases())) == (list(cases()), len(cases()))


def test_the_page_says_that_there_are_more() -> None:
    chosen, total = best_known(cases, 5)
    page = page_html(chosen, total=total)
    assert f"5 of {len(cases())} statements: those between the actors that occur most" in page
    assert 'id="part"' not in page_html(cases(), total=len(cases()))
