"""Statements as the tables that the page reads: actors, documents, statements, and edges that merge equal claims."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg import ontology

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.records import Document, Entity, Span, Statement

Json = dict[str, Any]

_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


@dataclass(slots=True)
class Tables:
    """What the page holds. Statements name actors, documents and sentences by their number in the lists here.

    Keys that do not apply (None, False, empty) are left out of a statement, to keep the file small.

    ``edges`` are relations between two actors: statements with one subject, predicate, object, modality and negation
    share an edge. ``voices`` lead from a speaker to the actor that its statements are about, where the speaker is
    itself no part of the relation.
    """

    actors: list[Json] = field(default_factory=list)
    documents: list[Json] = field(default_factory=list)
    sentences: list[list[Any]] = field(default_factory=list)
    statements: list[Json] = field(default_factory=list)
    edges: list[Json] = field(default_factory=list)
    voices: list[Json] = field(default_factory=list)


def tables(statements: Iterable[Statement]) -> Tables:
    """Count actors and documents in order of appearance and merge equal claims; a repeated id counts once."""
    result, numbers = Tables(), _Numbers()
    edges: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    voices: dict[tuple[int, int], list[int]] = defaultdict(list)
    seen: set[str] = set()
    for statement in statements:
        if statement.id in seen:
            continue
        seen.add(statement.id)
        row, number = _row(statement, numbers), len(result.statements)
        result.statements.append(row)
        subject, target, speaker = row.get("subject"), row.get("object"), row.get("speaker")
        if subject is not None and target is not None and statement.predicate:
            edges[subject, statement.predicate, target, statement.modality, statement.negated].append(number)
        about = subject if subject is not None else target
        if speaker is not None and about is not None and speaker not in (subject, target):
            voices[speaker, about].append(number)
    result.actors, result.documents, result.sentences = numbers.actors, numbers.documents, numbers.sentences
    result.edges = [{"from": key[0], "to": key[2], "statements": found} for key, found in edges.items()]
    result.voices = [{"from": key[0], "to": key[1], "statements": found} for key, found in voices.items()]
    return result


def relation_table() -> dict[str, Json]:
    """Give polarity and definition of each relation, for legend and filters."""
    return {name: {"polarity": relation.polarity, "definition": relation.definition}
            for name, relation in ontology.relations().items()}


def script_json(value: Any) -> str:
    """Write JSON that may stand inside a ``script`` element: no markup, no line separators."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


class _Numbers:
    """Hands out numbers to actors, documents and sentences; actors are described as in the latest document."""

    def __init__(self) -> None:
        self.actors: list[Json] = []
        self.documents: list[Json] = []
        self._actor: dict[str, int] = {}
        self.sentences: list[list[Any]] = []
        self._document: dict[str, int] = {}
        self._sentence: dict[tuple[int, Span], int] = {}
        self._latest: list[str] = []

    def actor(self, entity: Entity | None, published: str | None) -> int | None:
        if entity is None:
            return None
        number = self._actor.setdefault(entity.id, len(self.actors))
        row = {"id": entity.id, "name": entity.name, "type": entity.type.value, "country": entity.country,
               "sector": entity.sector, "wikidata": entity.wikidata}
        date = published or ""
        if number == len(self.actors):
            self.actors.append(row)
            self._latest.append(date)
        elif date > self._latest[number]:
            self.actors[number], self._latest[number] = row, date
        return number

    def document(self, document: Document) -> int:
        if document.id not in self._document:
            self._document[document.id] = len(self.documents)
            self.documents.append(document.to_json())
        return self._document[document.id]

    def sentence(self, document: int, span: Span | None) -> int | None:
        if span is None:
            return None
        number = self._sentence.setdefault((document, span), len(self.sentences))
        if number == len(self.sentences):
            self.sentences.append([span.start, span.text])
        return number


def _row(statement: Statement, numbers: _Numbers) -> Json:
    time, date = statement.time, statement.document.published
    document = numbers.document(statement.document)
    row = {
        "id": statement.id,
        "document": document,
        "speaker": numbers.actor(statement.speaker, date),
        "via": [numbers.actor(entity, date) for entity in statement.via],
        "subject": numbers.actor(statement.subject, date),
        "object": numbers.actor(statement.object, date),
        "predicate": statement.predicate,
        "topic": statement.topic,
        "polarity": statement.polarity,
        "negated": statement.negated,
        "modality": statement.modality.value,
        "quote": statement.quote.value if statement.quote else None,
        "time": {"text": time.text, "start": time.start, "end": time.end} if time else None,
        "evidence": numbers.sentence(document, statement.evidence),
        "content": [_extent(span) for span in statement.content],
        "cue": _extent(statement.cue),
        "source": _extent(statement.speaker_span),
        "named": [_extent(actor.mention) for actor in (statement.subject, statement.object) if actor and actor.mention],
        "confidence": round(statement.confidence, 3),
        "basis": statement.basis.value if statement.basis else None,
    }
    return {key: value for key, value in row.items() if value is not None and value is not False and value != []}


def _extent(span: Span | None) -> list[Any] | None:
    return [span.start, span.text] if span else None
