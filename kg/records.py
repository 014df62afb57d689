"""The records that the stages hand on: small, frozen, made of text and offsets only.

The text half (documents .. statements) and the graph half (rdf .. view) meet here and nowhere else.
A ``Span`` always satisfies ``span.text == document.text[span.start:span.end]``; token numbers
(``Mention.start_token`` and the like) count in the spaCy ``Doc`` of that text and never leave the text half.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from kg import display

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]


class EntityType(StrEnum):
    """What an actor is."""

    PERSON = "Person"
    GOVERNMENT = "Government"
    COUNTRY = "Country"
    ORGANIZATION = "Organization"
    MILITARY = "Military"
    ARMED_GROUP = "ArmedGroup"
    MEDIA = "Media"
    PARTY = "Party"
    PLACE = "Place"
    GROUP = "Group"
    OTHER = "Other"


class MentionKind(StrEnum):
    """In which way words name an actor."""

    NAME = "name"  #: "Peskov", "Russia", "United Nations"
    DEMONYM = "demonym"  #: "Russian" in "Russian forces"
    METONYM = "metonym"  #: "the Kremlin", "Kyiv" acting
    OFFICE = "office"  #: "the president-elect", "Russia's foreign minister", "The Republican"
    NOMINAL = "nominal"  #: "US officials", "rebels", "14 people": a group or thing without a name
    PRONOUN = "pronoun"  #: "he", "their", "we"


class Modality(StrEnum):
    """Whether what a statement says is so."""

    ACTUAL = "actual"
    POSSIBLE = "possible"
    PLANNED = "planned"
    CONDITIONAL = "conditional"
    REQUESTED = "requested"


class Basis(StrEnum):
    """What a relation rests on: a rule, the learned model, or both."""

    RULE = "rule"
    MODEL = "model"
    BOTH = "both"


class QuoteType(StrEnum):
    """How the words are given: inside quotation marks, outside, or partly."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Words at their place: offsets in Unicode code points into the document's text as given."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Self:
        """Cut ``text[start:end]``."""
        return cls(start, end, text[start:end])

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def to_json(self) -> Json:
        """Give the contract's Span object."""
        return {"start": self.start, "end": self.end, "text": self.text}


@dataclass(frozen=True, slots=True)
class Document:
    """One article. ``published`` is an ISO 8601 date (YYYY-MM-DD) or a longer timestamp; unknown values are None."""

    id: str
    text: str = field(default="", repr=False)
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None

    def reference(self) -> Document:
        """The same document without its text, as statements carry it."""
        return replace(self, text="")

    def to_json(self) -> Json:
        """Give the contract's ``document`` object, which has no text."""
        return {"id": self.id, "title": self.title, "publisher": self.publisher, "published": self.published,
                "url": self.url}

    def _repr_html_(self) -> str:
        return display.document_html(self.to_json(), self.text)


@dataclass(frozen=True, slots=True)
class Entity:
    """An actor. Two entities are equal when they are the same actor, wherever they are mentioned.

    ``country`` is an ISO 3166-1 alpha-3 code, ``IGO`` or ``NGO``; ``sector`` a PLOVER sector code (``GOV``, ``MIL``,
    ``JRN`` ...); ``wikidata`` a Q-id from data, never from memory.
    """

    id: str
    name: str
    type: EntityType = EntityType.OTHER
    wikidata: str | None = None
    country: str | None = None
    sector: str | None = None
    mention: Span | None = field(default=None, compare=False)

    def at(self, span: Span | None) -> Entity:
        """The same actor, named by the words of ``span``."""
        return replace(self, mention=span)

    def to_json(self) -> Json:
        """Give the contract's Entity object."""
        return {"id": self.id, "name": self.name, "type": self.type, "wikidata": self.wikidata,
                "country": self.country, "sector": self.sector,
                "mention": self.mention.to_json() if self.mention else None}

    @classmethod
    def from_json(cls, raw: Json) -> Self:
        """Read the contract's Entity object."""
        mention = raw.get("mention")
        return cls(raw["id"], raw["name"], EntityType(raw["type"]), raw.get("wikidata"), raw.get("country"),
                   raw.get("sector"), Span(**mention) if mention else None)


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name an actor, and the actor they name (None: not known, or two candidates left).

    ``start_token``, ``end_token`` (one past the last) and ``root`` (the syntactic head) are token numbers.
    ``span`` is the name ("Peskov"), ``full`` the whole noun phrase ("Kremlin spokesperson Dmitry Peskov").
    """

    span: Span
    full: Span
    kind: MentionKind
    start_token: int
    end_token: int
    root: int
    entity: Entity | None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Clause:
    """A predicate (verb, noun or adjective) and its arguments by role, as head tokens; see :mod:`kg.nlp.clauses`.

    ``root`` and the arguments are token numbers. ``inherited`` counts the arguments' steps of control, relative or
    conjunction; ``governor`` is the predicate whose complement the clause is; ``announced`` says that the agent's own
    act is to come ("will", "is ready to").
    """

    root: int
    lemma: str
    pos: str
    particle: str = ""
    arguments: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    negated: bool = False
    modality: Modality = Modality.ACTUAL
    inherited: int = 0
    governor: int | None = None
    announced: bool = False

    def get(self, role: str) -> tuple[int, ...]:
        """Head tokens of the arguments in a role."""
        return self.arguments.get(role, ())


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to have said what: source, cue and content spans, with the actors behind the source.

    ``content`` has several spans if the words are interrupted; they exclude the enclosing quotation marks.
    ``via`` runs from the speaker outwards. ``root`` is the cue's token number, if there is a cue. ``narrated``: the
    article tells of the act without its content ("brushed the charge aside"), or an outlet only hands on what another
    attribution has: no voice of its own, so ``speaker`` is None.
    """

    speaker: Entity | None
    source: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    quote: QuoteType
    via: tuple[Entity, ...] = ()
    root: int | None = None
    confidence: float = 1.0
    narrated: bool = False


@dataclass(frozen=True, slots=True)
class TimeInterval:
    """A time expression and the ISO 8601 dates it covers; an open end is None."""

    text: str
    start: str | None = None
    end: str | None = None

    def to_json(self) -> Json:
        """Give the contract's ``time`` object."""
        return {"text": self.text, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Relation:
    """One actor does, says or feels something about another, in the words at ``trigger``.

    ``predicate`` is a base relation of the ontology (``criticizes``); ``cameo`` may be finer than the relation's own.
    ``subject`` is None only where the text leaves it open. ``root`` is the trigger's token number.
    """

    subject: Mention | None
    predicate: str
    object: Mention | None
    trigger: Span
    root: int
    topic: str | None = None
    cameo: str | None = None
    negated: bool = False
    modality: Modality = Modality.ACTUAL
    time: TimeInterval | None = None
    confidence: float = 1.0
    basis: Basis = Basis.RULE


_NO_PART_OF_THE_CLAIM = ("id", "confidence", "basis", "carried_by")


@dataclass(frozen=True, slots=True)
class Statement:
    """One assertion of the text: the contract's keys in the contract's order, what its relation rests on, who read it.

    ``basis`` is None where no actors are related. ``carried_by`` are the ids of other articles with the same words, of
    outlets that took them over from each other or from one agency; the statement stands once.
    """

    id: str
    document: Document
    speaker: Entity | None = None
    speaker_span: Span | None = None
    via: tuple[Entity, ...] = ()
    cue: Span | None = None
    content: tuple[Span, ...] = ()
    quote: QuoteType | None = None
    subject: Entity | None = None
    object: Entity | None = None
    predicate: str | None = None
    topic: str | None = None
    plover: str | None = None
    cameo: str | None = None
    polarity: int | None = None
    negated: bool = False
    modality: Modality = Modality.ACTUAL
    time: TimeInterval | None = None
    evidence: Span | None = None
    confidence: float = 1.0
    basis: Basis | None = None
    model: str = ""
    carried_by: tuple[str, ...] = ()

    def identified(self) -> Statement:
        """The same statement with the id that its content gives it, however it was found and however sure it is."""
        claim = {key: value for key, value in self.to_json().items() if key not in _NO_PART_OF_THE_CLAIM}
        claim["document"] = self.document.id
        return replace(self, id=content_id("s", claim))

    @property
    def is_bare(self) -> bool:
        """Whether the plain triple holds: two actors, actual, not negated."""
        return bool(self.predicate and self.subject and self.object and not self.negated
                    and self.modality is Modality.ACTUAL)

    def to_json(self) -> Json:
        """Give the contract's statement record; written out, for ``dataclasses.asdict`` costs four times as much."""

        def known(value: Span | Entity | TimeInterval | None) -> Json | None:
            return value.to_json() if value else None

        return {
            "id": self.id, "document": self.document.to_json(),
            "speaker": known(self.speaker), "speaker_span": known(self.speaker_span),
            "via": [v.to_json() for v in self.via],
            "cue": known(self.cue), "content": [c.to_json() for c in self.content], "quote": self.quote,
            "subject": known(self.subject), "object": known(self.object),
            "predicate": self.predicate, "topic": self.topic, "plover": self.plover, "cameo": self.cameo,
            "polarity": self.polarity, "negated": self.negated, "modality": self.modality, "time": known(self.time),
            "evidence": known(self.evidence), "confidence": self.confidence, "basis": self.basis, "model": self.model,
            "carried_by": list(self.carried_by),
        }

    def to_line(self) -> str:
        """Give the record as a line of JSON."""
        return json.dumps(self.to_json(), ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, raw: Json) -> Self:
        """Read a statement record; the inverse of :meth:`to_json`. One without the key ``basis`` is of rules alone."""

        def span(value: Json | None) -> Span | None:
            return Span(**value) if value else None

        def entity(value: Json | None) -> Entity | None:
            return Entity.from_json(value) if value else None

        basis = raw["basis"] if "basis" in raw else "rule" if raw["predicate"] else None
        return cls(
            id=raw["id"], document=Document(**raw["document"]),
            speaker=entity(raw["speaker"]), speaker_span=span(raw["speaker_span"]),
            via=tuple(Entity.from_json(v) for v in raw["via"]),
            cue=span(raw["cue"]), content=tuple(Span(**c) for c in raw["content"]),
            quote=QuoteType(raw["quote"]) if raw["quote"] else None,
            subject=entity(raw["subject"]), object=entity(raw["object"]),
            predicate=raw["predicate"], topic=raw["topic"], plover=raw["plover"], cameo=raw["cameo"],
            polarity=raw["polarity"], negated=raw["negated"], modality=Modality(raw["modality"]),
            time=TimeInterval(**raw["time"]) if raw["time"] else None,
            evidence=span(raw["evidence"]), confidence=raw["confidence"], basis=Basis(basis) if basis else None,
            model=raw.get("model", ""), carried_by=tuple(raw.get("carried_by", ())),
        )

    def _repr_html_(self) -> str:
        return display.statement_html(self.to_json())


def content_id(prefix: str, claim: Json) -> str:
    """Hash a claim to a short stable id: the same claim gives the same id on every machine."""
    canonical = json.dumps(claim, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return prefix + hashlib.sha256(canonical.encode()).hexdigest()[:16]
