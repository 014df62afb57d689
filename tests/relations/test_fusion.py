"""Rules and model together: agreement makes surer, the model alone adds, and never speaks on negation or modality.

The model here is one that says what a test wants it to say; the weights are the shipped ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from kg import ontology, pipeline, relations
from kg.actors import gazetteer
from kg.errors import DataError
from kg.nlp import pairs
from kg.nlp.encoder import PLACES, Heads
from kg.nlp.pairs import RELATIONS, Answer, Place
from kg.records import Basis, Document, Modality, Relation
from kg.relations import fusion

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.language import Language

SURE = 0.97
Reader = Callable[[str, dict[tuple[str, str], str | None]], list[Relation]]


class Told:
    """A model that holds the relations it was told, by the first words of the actors, and none else."""

    def __init__(self, words: Sequence[str], held: dict[tuple[str, str], str | None]) -> None:
        self.words, self.held = words, held

    def ask(self, _: Sequence[Heads], __: Place, couples: Sequence[tuple[Place, Place]]) -> list[Answer]:
        return [self.answer(self.words[p[0]], self.words[q[0]]) for p, q in couples]

    def answer(self, p: str, q: str) -> Answer:
        sides = [self.held.get(key) for key in ((p, q), (q, p))]
        chances = [np.full(len(RELATIONS), (1 - SURE) / (len(RELATIONS) - 1)) for _ in sides]
        for found, name in zip(chances, sides, strict=True):
            found[RELATIONS.index(name)] = SURE
        signs = [ontology.relations()[name].polarity if name else 0 for name in sides]
        attitude = np.full(5, (1 - SURE) / 4)
        held = [1 + n if s > 0 else 3 + n for n, s in enumerate(signs) if s] or [0]
        attitude[held] = SURE / len(held)
        return Answer(attitude, *chances)


@pytest.fixture
def read(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> Reader:
    def reader(text: str, held: dict[tuple[str, str], str | None]) -> list[Relation]:
        doc = nlp(text)
        scene = pipeline.understand(doc, Document("x", text), gazetteer.load(None))
        monkeypatch.setattr(pairs, "shipped", lambda: Told([token.text for token in doc], held))
        return relations.read(scene.tree, text, scene.mentions, (), [Heads(0, {PLACES: np.arange(len(doc))})])

    return reader


def told(found: list[Relation]) -> set[tuple[str, str, str, Any]]:
    return {(r.subject.span.text, r.predicate, r.object.span.text, r.basis) for r in found if r.subject and r.object}


def test_agreement_makes_surer_and_doubt_less_sure(read: Reader) -> None:
    text = "Macron condemned Putin."
    (agreed,), (doubted,) = read(text, {("Macron", "Putin"): "criticizes"}), read(text, {})
    assert agreed.basis is Basis.BOTH
    assert doubted.basis is Basis.RULE
    assert agreed.confidence > doubted.confidence


def test_the_model_alone_adds_what_it_is_sure_of(read: Reader) -> None:
    text = "In Paris, Macron gave Putin a long and weary look."
    assert read(text, {}) == []
    (added,) = read(text, {("Macron", "Putin"): "criticizes"})
    assert told([added]) == {("Macron", "criticizes", "Putin", Basis.MODEL)}
    assert added.modality is Modality.ACTUAL
    assert added.trigger.text == "gave"
    assert 0 < added.confidence <= 1


def test_both_directions_are_heard(read: Reader) -> None:
    found = read("Macron gave Putin a long and weary look.", {
        ("Macron", "Putin"): "criticizes", ("Putin", "Macron"): "threatens"})
    assert told(found) == {("Macron", "criticizes", "Putin", Basis.MODEL),
                           ("Putin", "threatens", "Macron", Basis.MODEL)}


@pytest.mark.parametrize(("text", "negated", "modality"), [
    ("Macron did not condemn Putin.", True, Modality.ACTUAL),
    ("Macron might condemn Putin.", False, Modality.POSSIBLE),
    ("If Macron condemns Putin, nothing will change.", False, Modality.CONDITIONAL),
])
def test_negation_and_modality_stay_with_the_rules(read: Reader, text: str, negated: bool, modality: Modality) -> None:
    by_rules = [(r.predicate, r.confidence, r.basis) for r in read(text, {})]
    (found,) = [r for r in read(text, {("Macron", "Putin"): "supports"}) if r.object and r.object.span.text == "Putin"]
    assert (found.predicate, found.confidence, found.basis) in by_rules
    assert (found.negated, found.modality) == (negated, modality)


def test_nothing_is_added_to_a_negated_clause(read: Reader) -> None:
    assert read("Macron did not look at Putin.", {("Macron", "Putin"): "criticizes"}) == []


def test_what_is_added_has_the_modality_of_its_clause(read: Reader) -> None:
    (added,) = read("Macron might give Putin a long and weary look.", {("Macron", "Putin"): "criticizes"})
    assert added.modality is Modality.POSSIBLE


def test_a_table_without_numbers_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "fusion.csv"
    table.write_text(f"case,{','.join(fusion.FEATURES)},least\nfound,x\n", encoding="utf-8")
    monkeypatch.setattr("kg.relations.fusion.resources.data", lambda *_: table)
    fusion.load.cache_clear()
    with pytest.raises(DataError, match=r"fusion\.csv.*2"):
        fusion.load()
    fusion.load.cache_clear()
