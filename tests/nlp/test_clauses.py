"""Roles, negation and modality of clauses, settled once for every later stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kg.nlp import clauses, control
from kg.nlp.tree import Tree
from kg.records import Modality

if TYPE_CHECKING:
    from kg.records import Clause
    from spacy.language import Language

NOMINALS = frozenset({"criticism", "permission", "attack", "support"})


def clause_of(nlp: Language, text: str, lemma: str) -> tuple[Clause, Tree]:
    tree = Tree.of(nlp(text))
    (found,) = [c for c in clauses.clauses(tree, NOMINALS, control.load()) if c.lemma == lemma]
    return found, tree


@pytest.mark.parametrize(("text", "lemma", "roles"), [
    ("Mexico condemned Hungary.", "condemn", {"agent": "mexico", "patient": "hungary"}),
    ("Hungary was condemned by Mexico.", "condemn", {"agent": "mexico", "patient": "hungary"}),
    ("Norway's criticism of Egypt grew.", "criticism", {"agent": "norway", "of": "egypt"}),
    ("Turkey gave Georgia permission to leave.", "permission", {"agent": "turkey", "recipient": "georgia"}),
    ("Turkey gave Georgia permission to leave.", "leave", {"agent": "georgia"}),
    ("Sweden urged Poland to leave Latvia.", "leave", {"agent": "poland", "patient": "latvia"}),
    ("Sweden promised Poland to leave Latvia.", "leave", {"agent": "sweden", "patient": "latvia"}),
    ("Ireland called on Iran to free Salman.", "free", {"agent": "iran", "patient": "salman"}),
    ("Peru accused Bolivia of bombing Ecuador.", "bomb", {"agent": "bolivia", "patient": "ecuador"}),
    ("Peru apologized for bombing Ecuador.", "bomb", {"agent": "peru", "patient": "ecuador"}),
    ("Rutte praised Putin, who bombed Ukraine.", "bomb", {"agent": "putin", "patient": "ukraine"}),
    ("The ban that Biden lifted was old.", "lift", {"agent": "biden", "patient": "ban"}),
    ("Merkel met Obama and praised Hollande.", "praise", {"agent": "merkel", "patient": "hollande"}),
    ("Chile was attacked and occupied by Peru.", "occupy", {"agent": "peru", "patient": "chile"}),
    ("Brazil drew criticism from Chile.", "criticism", {"agent": "chile", "recipient": "brazil"}),
    ("Civilians died at the hands of the regime.", "die", {"agent": "civilians"}),
    ("The bill drafted by Peru was old.", "draft", {"agent": "peru", "patient": "bill"}),
    ("Peru condemned by Chile over raid", "condemn", {"agent": "chile", "patient": "peru"}),
    ("Peru's support by Chile was plain.", "support", {"agent": "chile", "of": "peru"}),
    ("Peru joined Chile in attacking Cuba.", "attack", {"agent": "chile", "patient": "cuba"}),
])
def test_roles(nlp: Language, text: str, lemma: str, roles: dict[str, str]) -> None:
    clause, tree = clause_of(nlp, text, lemma)
    for role, word in roles.items():
        assert word in {tree.lower[i] for i in clause.get(role)}, (role, clause)


@pytest.mark.parametrize(("text", "lemma", "negated", "modality"), [
    ("Spain attacked Portugal.", "attack", False, Modality.ACTUAL),
    ("Spain did not attack Portugal.", "attack", True, Modality.ACTUAL),
    ("Spain never attacked Portugal.", "attack", True, Modality.ACTUAL),
    ("Nobody attacked Portugal.", "attack", True, Modality.ACTUAL),
    ("Spain refused to attack Portugal.", "attack", True, Modality.ACTUAL),
    ("Spain did not refuse to attack Portugal.", "attack", False, Modality.ACTUAL),
    ("Spain might attack Portugal.", "attack", False, Modality.POSSIBLE),
    ("Spain allegedly attacked Portugal.", "attack", False, Modality.POSSIBLE),
    ("Spain will attack Portugal.", "attack", False, Modality.PLANNED),
    ("Spain promised to attack Portugal.", "attack", False, Modality.PLANNED),
    ("Spain should attack Portugal.", "attack", False, Modality.REQUESTED),
    ("France asked Spain to attack Portugal.", "attack", False, Modality.REQUESTED),
    ("If Spain attacks Portugal, France leaves.", "attack", False, Modality.CONDITIONAL),
    ("Had Spain attacked Portugal, France would be angry.", "attack", False, Modality.CONDITIONAL),
    ("Spain would be wise to attack Portugal.", "attack", False, Modality.CONDITIONAL),
    ("Spain was wise to attack Portugal.", "attack", False, Modality.ACTUAL),
    ("France wants Spain to attack Portugal.", "attack", False, Modality.REQUESTED),
    ("France expects Spain to attack Portugal.", "attack", False, Modality.POSSIBLE),
    ("Spain has yet to attack Portugal.", "attack", True, Modality.ACTUAL),
    ("Spain denies attacking Portugal.", "attack", True, Modality.ACTUAL),
    ("Spain did not manage to attack Portugal.", "attack", True, Modality.ACTUAL),
    ("Spain went on attacking Portugal.", "attack", False, Modality.ACTUAL),
    ("Not once did Spain attack Portugal.", "attack", True, Modality.ACTUAL),
    ("It is not true that Spain attacked Portugal.", "attack", True, Modality.ACTUAL),
    ("It is false that Spain attacked Portugal.", "attack", True, Modality.ACTUAL),
])
def test_negation_and_modality(nlp: Language, text: str, lemma: str, negated: bool, modality: Modality) -> None:
    clause, _ = clause_of(nlp, text, lemma)
    assert (clause.negated, clause.modality) == (negated, modality)


@pytest.mark.parametrize(("word", "lemma", "expected"), [
    ("hates", "hat", "hate"), ("wages", "wag", "wage"), ("staged", "stag", "stage"), ("visited", "visit", "visit"),
    ("misses", "miss", "miss"), ("goes", "go", "go"), ("backed", "back", "back"), ("played", "play", "play"),
])
def test_a_lost_final_e_is_restored(nlp: Language, word: str, lemma: str, expected: str) -> None:
    doc = nlp(f"They {word}.")
    doc[1].lemma_, doc[1].pos_ = lemma, "VERB"
    assert clauses.spelt(Tree.of(doc), 1) == expected


def test_a_text_without_verbs_has_no_clauses(nlp: Language) -> None:
    assert clauses.clauses(Tree.of(nlp("Kyiv, Ukraine")), NOMINALS, control.load()) == []
    assert clauses.clauses(Tree.of(nlp("")), NOMINALS, control.load()) == []
