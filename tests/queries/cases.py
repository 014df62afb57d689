"""Reads ``tests/cases/statements.toml``, the small graph made by hand, into statements."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from kg import ontology
from kg.records import Basis, Document, Entity, EntityType, Modality, QuoteType, Span, Statement, TimeInterval

CASES = Path(__file__).parents[1] / "cases"
KEYS = {"id", "speaker", "speaker_words", "cue", "content", "quote", "via", "subject", "subject_words", "predicate",
        "object", "object_words", "topic", "negated", "modality", "time", "evidence", "confidence", "basis",
        "carried_by"}


@cache
def cases() -> tuple[Statement, ...]:
    """The statements of the file, article by article."""
    raw = tomllib.loads((CASES / "statements.toml").read_text(encoding="utf-8"))
    actors = {key: _actor(key, row) for key, row in raw["actors"].items()}
    return tuple(_statement(row, _document(article), actors) for article in raw["article"]
                 for row in article["statement"])


def _actor(key: str, row: dict[str, str]) -> Entity:
    ident = row.get("id", row["name"].replace(" ", "_"))
    return Entity(ontology.ENTITY + ident, row["name"], EntityType(row["type"]), row.get("wikidata"),
                  row.get("country"), row.get("sector"))


def _document(article: dict[str, Any]) -> Document:
    return Document(article["id"], article["text"], article.get("title"), article["publisher"], article["published"],
                    article.get("url"))


def _statement(row: dict[str, Any], document: Document, actors: dict[str, Entity]) -> Statement:
    if unknown := set(row) - KEYS:
        raise ValueError(f"{row['id']}: unknown keys {unknown}")
    text = document.text
    relation = ontology.relations()[row["predicate"]] if "predicate" in row else None
    negated = row.get("negated", False)

    def entity(role: str) -> Entity | None:
        return actors[row[role]].at(words(text, row.get(f"{role}_words"))) if role in row else None

    return Statement(
        id=row["id"], document=document.reference(), speaker=entity("speaker"),
        speaker_span=words(text, row.get("speaker_words")), via=tuple(actors[via] for via in row.get("via", ())),
        cue=words(text, row.get("cue")), content=tuple(s for c in row.get("content", ()) if (s := words(text, c))),
        quote=QuoteType(row["quote"]) if "quote" in row else None, subject=entity("subject"), object=entity("object"),
        predicate=row.get("predicate"), topic=row.get("topic"), plover=relation.plover if relation else None,
        cameo=relation.cameo if relation else None,
        polarity=(0 if negated else relation.polarity) if relation else None, negated=negated,
        modality=Modality(row.get("modality", "actual")), time=TimeInterval(**row["time"]) if "time" in row else None,
        evidence=words(text, row["evidence"]), confidence=row["confidence"],
        basis=Basis(row.get("basis", "rule")) if relation else None, model="test model 1.0",
        carried_by=tuple(row.get("carried_by", ())))


def words(text: str, given: str | None) -> Span | None:
    """Find the words of a case in the text; ``words@2`` are those where they stand for the second time."""
    if given is None:
        return None
    form, _, number = given.partition("@")
    found = [match.start() for match in re.finditer(re.escape(form), text)]
    if not number and len(found) != 1:
        raise ValueError(f"{form!r} stands {len(found)} times in the text, not once")
    start = found[int(number or 1) - 1]
    return Span.of(text, start, start + len(form))
