"""Small networks of statements, drawn fast: few actors, any words."""

from __future__ import annotations

from hypothesis import strategies as st
from kg import ontology
from kg.records import Basis, Document, Entity, EntityType, Modality, QuoteType, Span, Statement, TimeInterval

_words = st.text(st.characters(codec="utf-8"), max_size=12)
_actor = st.sampled_from([
    Entity(ontology.ENTITY + "Ada", "Ada", EntityType.PERSON, "Q1", "FRE", "GOV"),
    Entity(ontology.ENTITY + "Freedonia", "Freedonia", EntityType.COUNTRY, country="FRE"),
    Entity(ontology.ENTITY + "Ben", "=Ben", EntityType.PERSON, country="SYL"),
    Entity(ontology.ENTITY + "Cid", "Cid", EntityType.ORGANIZATION, country="IGO"),
    Entity(ontology.ENTITY + "Dan", "<b>Dan</b>"),
])
_Row = tuple[Entity | None, Entity | None, Entity | None, str | None, Modality, bool, float, str]
_rows = st.tuples(
    st.none() | _actor, st.none() | _actor, st.none() | _actor,
    st.sampled_from([None, "supports", "attacks", "requests"]), st.sampled_from(Modality), st.booleans(),
    st.sampled_from([0.0, 0.25, 0.5, 1.0]), _words)


def _statement(number: int, row: _Row) -> Statement:
    speaker, subject, target, predicate, modality, negated, confidence, words = row
    polarity = (0 if negated else ontology.relations()[predicate].polarity) if predicate else None
    document = Document(f"d{number % 2}", title=words, publisher=words or None, published="2024-12-13", url=words)
    return Statement(
        f"s{number}", document, speaker, None, (subject,) if subject else (), None,
        (Span(1, 1 + len(words), words),), QuoteType.MIXED, subject, target, predicate,
        words, polarity=polarity, negated=negated, modality=modality,
        time=TimeInterval(words, "2024-12"), evidence=Span(0, len(words), words), confidence=confidence,
        basis=list(Basis)[number % len(Basis)] if predicate else None)


#: Lists of statements with distinct ids, about at most five actors of two countries.
networks = st.lists(_rows, max_size=8).map(
    lambda drawn: [_statement(number, row) for number, row in enumerate(drawn)])
