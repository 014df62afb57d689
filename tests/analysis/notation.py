"""Reads networks in a notation that fits on one line a statement.

``Ada: Ben attacks Cid 0.5 | planned``: speaker (may be missing: the article's own voice), subject, predicate, object,
confidence (1 unless given), then modality or ``not`` (negated). ``Ada says`` is a statement that relates no actors. An
actor ``Ben/FRE`` belongs to country FRE, in all of the network; ``FRE=Freedonia`` names a country itself.
"""

from __future__ import annotations

import re

from kg import ontology
from kg.records import Document, Entity, EntityType, Modality, Span, Statement

_LINE = re.compile(
    r"(?:(?P<speaker>\w+): )?(?P<subject>\w+) (?P<predicate>\w+) (?P<object>\w+)(?: (?P<confidence>[\d.]+))?"
    r"(?: \| (?P<manner>\w+))?")
_SAYS = re.compile(r"(\w+) says")


def parse(lines: str, countries: dict[str, str] | None = None, publisher: str | None = None) -> list[Statement]:
    """Make a statement of each line; a line that does not fit is an error."""
    belongs = countries or {}
    document = Document("d1", publisher=publisher)
    return [_statement(number, line.strip(), document, belongs)
            for number, line in enumerate(lines.strip().splitlines()) if line.strip()]


def ident(name: str) -> str:
    return ontology.ENTITY + name


def _statement(number: int, line: str, document: Document, countries: dict[str, str]) -> Statement:
    def actor(name: str | None) -> Entity | None:
        if name is None:
            return None
        country = countries.get(name)
        kind = EntityType.COUNTRY if country == name.upper() else EntityType.PERSON
        return Entity(ident(name), name, kind, country=country)

    if said := _SAYS.fullmatch(line):
        return Statement(f"s{number}", document, speaker=actor(said[1]), evidence=Span(0, 2, "So"))
    found = _LINE.fullmatch(line)
    if not found:
        raise ValueError(f"not a statement: {line!r}")
    manner = found["manner"]
    negated = manner == "not"
    polarity = ontology.relations()[found["predicate"]].polarity
    return Statement(
        f"s{number}", document, speaker=actor(found["speaker"]), subject=actor(found["subject"]),
        predicate=found["predicate"], object=actor(found["object"]), polarity=0 if negated else polarity,
        negated=negated, modality=Modality(manner) if manner and not negated else Modality.ACTUAL,
        evidence=Span(0, 2, "So"), confidence=float(found["confidence"] or 1))
