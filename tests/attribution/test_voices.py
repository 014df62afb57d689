"""Who speaks and who is meant, in whole texts: the cases of ``voices*.toml``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from kg import attribution, pipeline
from kg.actors import coref, gazetteer, resolve
from kg.nlp import model
from kg.nlp.tree import Tree
from kg.records import Document
from tests.attribution.marked import read_cases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.records import Entity, Mention, Statement

CASES = [c for name in ("voices", "voices_held_out", "voices_mechanisms") for c in read_cases(f"{name}.toml")]
KEYS = {"about", "date", "text", "says", "via", "means", "xfail"}


def holding(statements: Sequence[Statement], words: str) -> list[Statement]:
    """Give the statements of the closest attribution around some words."""
    found = [s for s in statements if any(words in c.text for c in s.content) and s.quote is not None]
    least = min((sum(len(c.text) for c in s.content) for s in found), default=0)
    return [s for s in found if sum(len(c.text) for c in s.content) == least]


def fits(name: str, entity: Entity | None) -> bool:
    """Whether an actor is one of "A | B"; "-" is none, "!A" anyone but A."""
    if name.startswith("!"):
        return entity is None or entity.name != name[1:]
    return (entity.name if entity else "-") in name.split(" | ")


def same(wanted: str | list[str], entities: Sequence[Entity | None]) -> bool:
    """Whether each name fits one of the actors, and there are no others."""
    names = [wanted] if isinstance(wanted, str) else wanted
    if names == [""]:
        return not entities
    return len(names) == len(entities) and all(any(fits(n, e) for e in entities) for n in names)


def faults(case: dict[str, Any]) -> list[str]:
    """Give what does not hold in a case, one line each."""
    text = case["text"].strip()
    document = Document("case", text, published=case["date"])
    statements = pipeline.extract(document)
    found = []
    for words, wanted in case.get("says", {}).items():
        assert words in text
        speakers = list(dict.fromkeys(s.speaker for s in holding(statements, words)))
        if not same(wanted, speakers):
            found.append(f"{words!r} is said by {wanted}, not {[s.name if s else '-' for s in speakers]}")
    for words, wanted in case.get("via", {}).items():
        chains = [list(s.via) for s in holding(statements, words)]
        if not chains or not all(len(wanted) == len(c) and all(map(fits, wanted, c)) for c in chains):
            found.append(f"{words!r} comes via {wanted}, not {[[v.name for v in c] for c in chains]}")
    for key, wanted in case.get("means", {}).items():
        words, _, number = key.partition("#")
        meant = [m for m in mentions(document) if m.span.text == words or m.full.text == words]
        index = int(number or 1) - 1
        if index >= len(meant) or not fits(wanted, meant[index].entity):
            found.append(f"{key!r} means {wanted}, not {[m.entity.name if m.entity else '-' for m in meant]}")
    return found


@cache
def mentions(document: Document) -> list[Mention]:
    """Give the mentions of a document as the relations see them."""
    doc = model.load()(document.text)
    found = resolve(doc, document, gazetteer.load())
    return coref.first_person(found, attribution.attribute(doc, Tree.of(doc), found), doc)


@pytest.mark.parametrize("case", [
    pytest.param(c, marks=[pytest.mark.xfail(strict=True, reason=c["xfail"])] if "xfail" in c else [], id=c["about"])
    for c in CASES])
def test_cases(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    assert faults(case) == []
