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
    """Whether the verb, its subject or its object is denied: "did not", "at no time did", "nobody", "no troops"."""
    if fully(tree, i):
        return False
    own = any(tree.dep[c] == "neg" or tree.lower[c] in ("never", "neither") for c in tree.children[i])
    return own or fronted(tree, i) or any(tree.lower[d] in NEGATORS for c in tree.kids(i, "nsubj", "dobj", "nsubjpass")
                                          for d in (c, *tree.kids(c, "det")))


def fully(tree: Tree, i: int) -> bool:
    """Whether a denial only heightens: "cannot praise him enough"."""
    words = {tree.lower[c] for c in tree.kids(i, "aux", "advmod", "neg")}
    return "enough" in words and bool(words & {"can", "could", "ca"}) and bool(words & NEGATORS)


def fronted(tree: Tree, i: int) -> bool:
    """Whether a denial in front turns auxiliary and subject round: "not once did he", but not "not only did he"."""
    if not inverted(tree, i):
        return False
    before = (c for c in tree.kids(i, "prep", "advmod", "npadvmod", "advcl") if c < i)
    words = {tree.lower[d] for c in before for d in tree.subtree(c)}
    return bool(words & NEGATORS) and not words & {"only", "sooner"}


def inverted(tree: Tree, i: int) -> bool:
    """Whether an auxiliary stands before the verb's subject."""
    auxiliary, subject = tree.kid(i, "aux", "auxpass"), tree.kid(i, "nsubj", "nsubjpass")
    return auxiliary is not None and subject is not None and auxiliary < subject


def supposed(tree: Tree, i: int) -> bool:
    """Whether the clause states a condition: "if", "unless", or inversion ("should he go", "had he gone")."""
    if any(tree.lower[c] in CONDITIONS for c in tree.kids(i, "mark")):
        return True
    return tree.dep[i] in ("advcl", "ccomp") and inverted(tree, i) and any(
        tree.lower[c] in ("should", "had", "were") for c in tree.kids(i, "aux", "auxpass")[:1])


def modality(tree: Tree, i: int) -> Modality:
    """Modality of the verb's own auxiliaries, adverbs and conditions."""
    kids = tree.children[i]
    words = {tree.lower[c] for c in kids if tree.dep[c] in ("aux", "advmod", "mark")}
    if supposed(tree, i):
        return Modality.CONDITIONAL
    if "whether" in words or words & HEDGES:
        return Modality.POSSIBLE
    if words & OBLIGATION:
        return Modality.REQUESTED
    if words & POSSIBLE and not fully(tree, i):
        return Modality.POSSIBLE
    if "would" in words or words & FUTURE:
        within = (i, *tree.kids(i, "xcomp", "ccomp"))
        conditioned = any(supposed(tree, c) for j in within for c in tree.kids(j, "advcl", "ccomp"))
        regret = "would" in words and "have" in words  # "would have gone": did not
        return Modality.CONDITIONAL if conditioned or regret else Modality.PLANNED
    if tree.tag[i] == "VB" and "that" in words and tree.kids(i, "nsubj") and not tree.kids(i, "aux", "auxpass"):
        return Modality.REQUESTED  # the subjunctive: "demands that Moscow withdraw"
    if tree.dep[i] == "advcl" and "to" in words and tree.lower[i] != "be":
        return Modality.PLANNED
    return Modality.ACTUAL


def is_future(tree: Tree, i: int) -> bool:
    """Whether an auxiliary puts the verb into the future: "will", "would", but not "would have"."""
    words = {tree.lower[c] for c in tree.kids(i, "aux")}
    return bool(words & FUTURE) or ("would" in words and "have" not in words)
