"""Nearly equal articles: edited copies are found, independent reports are not, and what they say is told once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.copies import FEWEST, LEAST, Index, overlap, shingles, told_once
from kg.lab import copies as lab
from kg.lab.evaluate import BENCH
from kg.records import Document, Entity, Span, Statement

WIRE = """Ministers fail to agree on bridge

BORDERTOWN (Wire) - Talks between Freedonia and Sylvania over the bridge at Bordertown broke down on Friday, after
neither side would pay for the repair of its piers.

"We came with a fair offer and leave with nothing," Freedonia's transport minister Ada Marsh told reporters.

Sylvania's government said that it had never been asked for more than half of the money, and that the offer was older
than the damage.

The bridge has been closed since a flood in March. Trains between the two capitals take six hours longer.

Ostria, which offered to mediate, said that it was ready to host another round in spring.
"""
EDITED = """Sylvania, Freedonia part in anger

(Agency) - Talks between Freedonia and Sylvania over the bridge at Bordertown collapsed on Friday, after neither side
would pay for the repair of its piers.

The bridge has been closed since a flood in March. Trains between the two capitals take six hours longer.

Sylvania's government said that it had never been asked for more than half of the money, and that the offer was older
than the damage.
"""
REPORT = """No deal at Bordertown

Another attempt to get the bridge at Bordertown repaired has come to nothing. Freedonia's transport minister Ada Marsh
left the meeting with her colleague from Sylvania on Friday after four hours.

"We came with a fair offer and leave with nothing," she said. It was unclear who would take the next step.

People in the town, who have lived without their bridge since the flood in March, were not surprised. A baker on the
square said that he had stopped counting the delegations. Ostria would like to mediate.
"""
ADA, BEN = Entity("https://example.org/ada", "Ada"), Entity("https://example.org/ben", "Ben")
SENTENCE = "Ada Marsh criticized Ben on Friday for the state of the bridge."


def near(text: str, *known: str) -> list[int]:
    return Index(enumerate(map(shingles, known))).near(shingles(text))


def statement(article: str, words: str = SENTENCE, start: int = 0, predicate: str = "criticizes") -> Statement:
    return Statement("", Document(article), subject=ADA, object=BEN, predicate=predicate,
                     evidence=Span(start, start + len(words), words)).identified()


def told(*story: tuple[str, Sequence[Statement]]) -> list[list[tuple[str, tuple[str, ...]]]]:
    """What stands with each article: the words and who else carries them."""
    found = told_once([(Document(name), statements) for name, statements in story])
    return [[(s.evidence.text if s.evidence else "", s.carried_by) for s in statements] for statements in found]


def test_an_edited_copy_is_found() -> None:
    assert near(EDITED, REPORT, WIRE) == [1]
    assert near(WIRE, REPORT, EDITED) == [1]


def test_an_independent_report_of_the_same_event_is_not() -> None:
    assert near(REPORT, WIRE, EDITED) == []


def test_case_and_marks_do_not_matter() -> None:
    assert overlap(shingles(WIRE), shingles(re.sub(r"\W+", " - ", WIRE).upper())) == 1.0


def test_overlap_is_of_the_shorter_text() -> None:
    part, whole = shingles(WIRE[:400]), shingles(WIRE)
    assert overlap(part, whole) == overlap(whole, part) > 0.9
    assert overlap(whole, shingles(REPORT)) < LEAST
    assert overlap(whole, shingles("")) == 0.0


def test_short_texts_are_passed_over() -> None:
    short = " ".join(WIRE.split()[:FEWEST])
    assert near(short, short, WIRE) == []
    assert near(WIRE, short) == []


def test_a_statement_stands_once_with_the_first_and_names_its_carriers_in_order() -> None:
    story = [(name, [statement(name)]) for name in ("wire", "post", "lute")]
    assert told(*story) == [[(SENTENCE, ("lute", "post"))], [], []]


def test_words_that_an_editor_changed_are_the_same_and_others_are_not() -> None:
    edited, other = SENTENCE.replace("on Friday", "Friday"), "It was a bad day for Ben, to whom Ada gave the blame."
    assert told(("wire", [statement("wire")]), ("post", [statement("post", edited), statement("post", other)])) == [
        [(SENTENCE, ("post",))], [(other, ())]]


def test_another_claim_in_the_same_words_is_another_statement() -> None:
    found = told(("wire", [statement("wire")]), ("post", [statement("post", predicate="supports")]))
    assert found == [[(SENTENCE, ())], [(SENTENCE, ())]]


def test_an_article_that_says_a_thing_twice_says_it_twice() -> None:
    twice = [statement("wire"), statement("wire", start=500)]
    assert told(("wire", twice)) == [[(SENTENCE, ()), (SENTENCE, ())]]
    assert told(("wire", twice), ("post", [statement("post")])) == [[(SENTENCE, ("post",)), (SENTENCE, ())], []]


def test_what_was_carried_before_is_counted_anew() -> None:
    alone = replace(statement("wire"), carried_by=("gone",))
    assert told(("wire", [alone])) == [[(SENTENCE, ())]]


@pytest.mark.parametrize("order", list(permutations(("wire", "edited", "report"))))
def test_the_order_of_arrival_does_not_matter(order: tuple[str, ...]) -> None:
    texts, index = {"wire": WIRE, "edited": EDITED, "report": REPORT}, Index()
    pairs = set()
    for number, name in enumerate(order):
        pairs |= {frozenset((name, order[other])) for other in index.near(shingles(texts[name]))}
        index.add(number, shingles(texts[name]))
    assert pairs == {frozenset(("wire", "edited"))}


_said = st.lists(st.tuples(st.sampled_from(["supports", "criticizes"]), st.sampled_from(
    [SENTENCE, SENTENCE.replace("Friday", "Monday"), "Nothing was said of the bridge."])), max_size=5)


@settings(max_examples=200, deadline=None)
@given(st.lists(_said, max_size=4))
def test_no_claim_is_lost(drawn: list[list[tuple[str, str]]]) -> None:
    story = [(Document(f"d{n}"), [statement(f"d{n}", words, 100 * place, predicate)
                                  for place, (predicate, words) in enumerate(said)]) for n, said in enumerate(drawn)]
    kept = told_once(story)
    assert len(kept) == len(story)
    for (document, given_), own in zip(story, kept, strict=True):
        assert {s.id for s in own} <= {s.id for s in given_}
        for one in given_:
            others = [s for statements in kept for s in statements if document.id in s.carried_by]
            assert any(s.id == one.id for s in own) or one.predicate in {s.predicate for s in others}
    for s in (s for statements in kept for s in statements):
        assert s.document.id not in s.carried_by
        assert list(s.carried_by) == sorted(set(s.carried_by))


@pytest.mark.slow
@pytest.mark.skipif(not (BENCH / "polnear").is_dir(), reason="the benchmarks (../shared/bench) are not here")
def test_edited_copies_of_real_articles_are_told_from_independent_reports() -> None:
    figures = lab.measure(lab.articles(BENCH), number=600, seed=0)
    assert figures.reports > 500
    assert figures.precision >= 0.98, figures.wrong
    assert figures.recall >= 0.95, figures.missed
