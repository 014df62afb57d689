"""Which actor of its own sentence a pronoun cannot mean, and which it does: the binding of arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.actors.discourse import governor
from kg.actors.nouns import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Token

_SUBJECT_CONTROL = frozenset(("promise", "threaten", "vow"))
_TOGETHER = frozenset(("join", "accompany"))


def bound(other: Token, token: Token, possessive: bool) -> bool:
    """Whether the two are arguments of one verb (they cannot be the same actor) or parts of one noun phrase."""
    if token.text.lower().endswith(("self", "selves")):
        return not other.dep_.startswith("nsubj")
    if possessive:
        return other.i == token.head.i or (
            other.head.i == token.head.i and other.dep_ in ("appos", "conj", "compound")
        )
    first = _first(other)
    verb, mine = governor(other), governor(token)
    if first.dep_.startswith("nsubj") or first.dep_ == "dobj":
        while mine.dep_ in ("conj", "xcomp", "pcomp", "advcl") and mine.i != verb.i and not _subjects(mine):
            above = mine.head.head if mine.dep_ == "pcomp" else mine.head
            held = _object(above) if _controls(mine, above) else None
            if above.lemma_ in _TOGETHER and (held := _object(above)) is not None and first.i == held.i:
                return True  # "joined Moscow in opposing it"
            if held is not None and above.lemma_ not in _TOGETHER:
                return first.i == held.i  # "urged Iran to free it": Iran frees
            if first.dep_ == "dobj":
                return False  # "helped Syria by arming it"
            mine = above
    return verb.i == mine.i and other.dep_ != "poss"


def object_above(token: Token) -> int:
    """The object that a possessive in the complement of its verb means: "condemned Russia for its invasion"; or -1."""
    for ancestor in token.ancestors:
        above = ancestor.head
        if ancestor.dep_ == "pcomp":
            continue
        if _subjects(ancestor):
            return -1
        if _controls(ancestor, above) and (found := _object(above)) is not None and found.i < ancestor.i:
            return found.i
    return -1


def _first(token: Token) -> Token:
    """The first of coordinated words, which has the role of all."""
    while token.dep_ == "conj" and token.head.pos_ in ("NOUN", "PROPN", "PRON"):
        token = token.head
    return token


def _subjects(verb: Token) -> list[Token]:
    return [c for c in verb.children if c.dep_.startswith("nsubj")]


def _object(verb: Token) -> Token | None:
    return next((c for c in verb.children if c.dep_ == "dobj"), None)


def _controls(clause: Token, above: Token) -> bool:
    """Whether the object of a verb is the one that a complement of it is about."""
    if above.pos_ != "VERB" or above.lemma_ in _SUBJECT_CONTROL:
        return False
    if clause.dep_ == "pcomp":
        return clause.head.lower_ in lexicon("object control")
    if clause.dep_ == "prep" and clause.lower_ == "in":  # "accused Russia of crimes in its invasion"
        before = [c for c in above.children if c.dep_ == "prep" and c.i < clause.i]
        return any(c.lower_ in lexicon("object control") for c in before)
    return clause.dep_ == "xcomp" or (clause.dep_ == "prep" and clause.lower_ in lexicon("object control"))
