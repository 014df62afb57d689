"""Statements as the tables that the page reads: actors, documents, statements, and at each level the edges."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kg.analysis.change import shifts
from kg.analysis.network import GROUP_TYPES, country_names, group_names, group_of
from kg.ontology import relations, sectors
from kg.records import Entity, Modality

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.analysis.network import Level
    from kg.records import Document, Span, Statement

Json = dict[str, Any]

_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


@dataclass(slots=True)
class Tables:
    """What the page holds. Statements name actors, documents and sentences by their number in the lists here.

    Keys that do not apply (None, False, empty) are left out of a statement, to keep the file small; so are the modality
    of what is actual, and the words of a span that the evidence has.
    """

    actors: list[Json] = field(default_factory=list)
    documents: list[Json] = field(default_factory=list)
    sentences: list[list[Any]] = field(default_factory=list)
    statements: list[Json] = field(default_factory=list)


def tables(statements: Iterable[Statement], documents: Iterable[Document] = ()) -> Tables:
    """Count actors and documents in order of appearance; a statement whose id is repeated counts once.

    ``documents`` are there even without a statement, and with their text, if they have one.
    """
    result, numbers = Tables(), _Numbers()
    seen: set[str] = set()
    for statement in statements:
        if statement.id not in seen:
            seen.add(statement.id)
            result.statements.append(_row(statement, numbers))
    for document in documents:
        row = numbers.documents[numbers.document(document)]
        if document.text:
            row["text"] = document.text
    result.actors, result.documents, result.sentences = numbers.actors, numbers.documents, numbers.sentences
    return result


def rolled_up(found: Tables, by: Level) -> list[int]:
    """Say which actor stands for each at a level, by number; groups that are no actor yet are added to the actors."""
    weights = Counter(row[role] for row in found.statements for role in ("speaker", "subject", "object") if role in row)
    weighed = [actor | {"weight": weights[number]} for number, actor in enumerate(found.actors)]
    names = group_names(weighed, by)
    keys = [group_of(actor["id"], actor, by) for actor in found.actors]
    leads: dict[str, int] = {}
    for number, (key, actor) in enumerate(zip(keys, weighed, strict=True)):
        if key == actor["id"] or (actor["type"] == GROUP_TYPES[by] and actor["name"] == names[actor["country"]]):
            leads.setdefault(key, number)
    for key, actor in zip(keys, weighed, strict=True):
        if key not in leads:
            leads[key] = len(found.actors)
            country = actor["country"]
            found.actors.append({"id": key, "name": names[country], "type": GROUP_TYPES[by].value, "country": country})
    return [leads[key] for key in keys]


def edges(found: Tables, of: Sequence[int] | None = None) -> list[Json]:
    """Merge equal claims to edges between two actors.

    Statements with one subject, predicate, object, modality and negation share an edge; if actors are rolled up, those
    of one attitude between the same two. Edges with ``voice`` lead from a speaker to the actor that its statements are
    about, where the speaker is itself no part of the relation.

    Parameters
    ----------
    found
        The tables; an edge has the numbers of its ``statements``.
    of
        The actor that stands for each, if they are rolled up; what then begins and ends at one actor is left out.
    """
    claims: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    voices: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, row in enumerate(found.statements):
        subject, target, speaker = (standing_for(row, role, of) for role in ("subject", "object", "speaker"))
        if subject is not None and target is not None and "predicate" in row and not (of and subject == target):
            kind = row["polarity"] if of else (row["predicate"], row.get("modality"), "negated" in row)
            claims[subject, target, kind].append(number)
        about = subject if subject is not None else target
        if speaker is not None and about is not None and speaker not in (subject, target):
            voices[speaker, about].append(number)
    return [
        *({"from": key[0], "to": key[1], "statements": merged} for key, merged in claims.items()),
        *({"from": key[0], "to": key[1], "statements": merged, "voice": True} for key, merged in voices.items()),
    ]


def turns(found: Tables, statements: Iterable[Statement], of: Sequence[int] | None = None) -> list[Json]:
    """Give the changes of position (:func:`kg.analysis.change.shifts`) with actors and statements by number.

    Parameters
    ----------
    found
        The tables of these statements.
    statements
        Any iterable; read once.
    of
        The actor that stands for each, if they are rolled up; what then begins and ends at one actor is left out.
    """
    numbers = {row["id"]: number for number, row in enumerate(found.statements)}
    once = {statement.id: statement for statement in statements}
    places = [Entity(str(number), actor["name"]) for number, actor in enumerate(found.actors)]
    told = []
    for statement, row in zip(once.values(), found.statements, strict=True):
        subject, target = (standing_for(row, role, of) for role in ("subject", "object"))
        if subject is not None and target is not None and not (of and subject == target):
            told.append(replace(statement, subject=places[subject], object=places[target]))
    return [{"from": int(turn.subject), "to": int(turn.object), "days": [turn.last, turn.first],
             "weights": [turn.before, turn.after], "statements": [numbers[ident] for ident in turn.statements]}
            for turn in shifts(told)]


def standing_for(row: Json, role: str, of: Sequence[int] | None) -> int | None:
    """Give the actor in a role of a statement, or the one that stands for it."""
    actor = row.get(role)
    return actor if actor is None or of is None else of[actor]


def relation_table() -> dict[str, Json]:
    """Give polarity and definition of each relation, for legend and filters."""
    return {name: {"polarity": relation.polarity, "definition": relation.definition}
            for name, relation in relations().items()}


def code_names(actors: Sequence[Json]) -> Json:
    """Name the countries and sectors that occur among the actors, by their codes."""
    used = {key: {actor[key] for actor in actors if actor.get(key)} for key in ("country", "sector")}
    named = {"country": country_names(), "sector": sectors()}
    return {key: {code: named[key][code] for code in sorted(codes & named[key].keys())} for key, codes in used.items()}


def columns(rows: Sequence[Json]) -> Json:
    """Turn a list of objects into an object of lists, which is shorter and sooner read; what a row lacks is None."""
    return {key: [row.get(key) for row in rows] for key in dict.fromkeys(key for row in rows for key in row)}


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
    time, date, evidence = statement.time, statement.document.published, statement.evidence
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
        "modality": statement.modality.value if statement.modality != Modality.ACTUAL else None,
        "quote": statement.quote.value if statement.quote else None,
        "time": {"text": time.text, "start": time.start, "end": time.end} if time else None,
        "evidence": numbers.sentence(document, evidence),
        "content": [_extent(span, evidence) for span in statement.content],
        "cue": _extent(statement.cue, evidence),
        "source": _extent(statement.speaker_span, evidence),
        "named": [_extent(actor.mention, evidence) for actor in (statement.subject, statement.object)
                  if actor and actor.mention],
        "confidence": round(statement.confidence, 3),
        "basis": statement.basis.value if statement.basis else None,
    }
    return {key: value for key, value in row.items() if value is not None and value is not False and value != []}


def _extent(span: Span | None, evidence: Span | None) -> list[Any] | None:
    """Where a span begins and ends; with its words, where the evidence does not have them."""
    if span is None:
        return None
    inside = evidence is not None and evidence.start <= span.start and span.end <= evidence.end
    return [span.start, span.end] if inside else [span.start, span.end, span.text]
