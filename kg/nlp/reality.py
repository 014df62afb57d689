"""Negation and modality that a verb shows by itself: auxiliaries, adverbs, conditions, negative words.

What its governor adds ("refused to", "urged X to") is settled in :mod:`kg.nlp.clauses`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.records import Modality

if TYPE_CHECKING:
    from kg.nlp.tree import Tree

POSSIBLE = frozenset({"could", "may", "might", "can"})
FUTURE = frozenset({"will", "wo", "'ll", "’ll", "shall"})
OBLIGATION = frozenset({"must", "should", "ought"})
HEDGES = frozenset({"allegedly", "reportedly", "possibly", "perhaps", "maybe", "probably", "supposedly"})
CONDITIONS = frozenset({"if", "unless"})
NEGATORS = frozenset({"no", "neither", "nor", "never", "n't", "not", "n’t", "nobody", "none", "hardly"})


def negated(tree: Tree, i: int) -> bool:
    """Whether the verb, its subject or its object is denied: "did not", "never", "nobody", "no troops"."""
    own = any(tree.dep[c] == "neg" or tree.lower[c] in ("never", "neither") for c in tree.children[i])
    return own or any(tree.lower[d] in NEGATORS for c in tree.kids(i, "nsubj", "dobj", "nsubjpass")
                      for d in (c, *tree.kids(c, "det")))


def modality(tree: Tree, i: int) -> Modality:
    """Modality of the verb's own auxiliaries, adverbs and conditions."""
    kids = tree.children[i]
    words = {tree.lower[c] for c in kids if tree.dep[c] in ("aux", "advmod", "mark")}
    if words & CONDITIONS and any(tree.dep[c] == "mark" for c in kids):
        return Modality.CONDITIONAL
    if "whether" in words or words & HEDGES:
        return Modality.POSSIBLE
    if words & OBLIGATION:
        return Modality.REQUESTED
    if words & POSSIBLE:
        return Modality.POSSIBLE
    if "would" in words or words & FUTURE:
        conditioned = any(tree.lower[k] in CONDITIONS for c in tree.kids(i, "advcl") for k in tree.kids(c, "mark"))
        return Modality.CONDITIONAL if conditioned else Modality.PLANNED
    if tree.tag[i] == "VB" and "that" in words and tree.kids(i, "nsubj") and not tree.kids(i, "aux", "auxpass"):
        return Modality.REQUESTED  # the subjunctive: "demands that Moscow withdraw"
    if tree.dep[i] == "advcl" and "to" in words and tree.lower[i] != "be":
        return Modality.PLANNED
    return Modality.ACTUAL


def is_future(tree: Tree, i: int) -> bool:
    """Whether an auxiliary puts the verb into the future: "will", "would"."""
    return any(tree.lower[c] in FUTURE or tree.lower[c] == "would" for c in tree.kids(i, "aux"))
