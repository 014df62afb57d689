"""Sentences that a linguist can write against the relations that they state (``tests/cases/relations.toml``)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kg import relations
from kg.nlp.tree import Tree
from kg.records import Entity, EntityType, Mention, MentionKind, Modality, Relation, Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "relations.toml").read_text(encoding="utf-8"))["case"]


def mentions(doc: Doc, names: list[str], countries: list[str] | None = None) -> list[Mention]:
    """Every occurrence of the names as an actor of its own; a name that is not there is a fault of the case."""
    found = []
    given: list[str | None] = [*countries] if countries else [None] * len(names)
    for name, country in zip(names, given, strict=True):
        places = list(re.finditer(rf"\b{re.escape(name)}\b", doc.text))
        assert places, f"{name!r} is not in {doc.text!r}"
        for place in places:
            words = doc.char_span(*place.span())
            assert words is not None, f"{name!r} is cut inside a token"
            span = Span(place.start(), place.end(), name)
            entity = Entity(f"test:{name}", name, EntityType.COUNTRY, country=country)
            found.append(Mention(span, span, MentionKind.NAME, words.start, words.end, words.root.i, entity))
    return found


def told(relation: Relation) -> str:
    """A relation in the notation of the cases."""
    subject = relation.subject.entity.name if relation.subject and relation.subject.entity else "?"
    target = relation.object.entity.name if relation.object and relation.object.entity else "-"
    negation = "not " if relation.negated else ""
    modality = "" if relation.modality is Modality.ACTUAL else f" / {relation.modality}"
    return f"{subject} {negation}{relation.predicate} {target}{modality}".replace("? ", "? ", 1)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_sentence(nlp: Language, case: dict[str, Any]) -> None:
    doc = nlp(case["text"])
    found = relations.read(Tree.of(doc), doc.text, mentions(doc, case["actors"], case.get("countries")))
    assert sorted({told(r) for r in found}) == sorted(case["says"])


def test_every_case_is_read() -> None:
    assert len(CASES) == len({case["why"] for case in CASES}) >= 30


@pytest.mark.parametrize("case", CASES[:12], ids=[case["why"] for case in CASES[:12]])
def test_words_and_confidence(nlp: Language, case: dict[str, Any]) -> None:
    doc = nlp(case["text"])
    for relation in relations.read(Tree.of(doc), doc.text, mentions(doc, case["actors"])):
        assert relation.trigger.text == doc.text[relation.trigger.start:relation.trigger.end] == doc[relation.root].text
        assert 0 < relation.confidence <= 1
        assert relation.cameo


def test_each_doubtful_step_costs_confidence(nlp: Language) -> None:
    def sure(text: str) -> float:
        doc = nlp(text)
        (relation,) = relations.read(Tree.of(doc), doc.text, mentions(doc, ["Mexico", "Hungary"]))
        return relation.confidence

    assert sure("Mexico condemned Hungary.") > sure("Mexico condemned Hungary's decision.")
