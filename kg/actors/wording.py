"""A phrase as it is read without a parser: its words, and what they say of country and time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.actors.names import key
from kg.actors.nouns import full_title, lexicon, nouns, titles

if TYPE_CHECKING:
    from kg.actors.explain import Trace
    from kg.actors.gazetteer import Actor
    from kg.records import Entity

_WORD = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*\.?|’s|'s")
_JOINED = re.compile(
    r"(?<=\bex)-|(?<=\w)-(?=based|led|backed|controlled|held|occupied|born|owned|run|affiliated|aligned|linked)", re.I
)

_BACKERS = frozenset(("backed", "led", "backing", "linked", "aligned", "affiliated"))  #: "Iran-backed"


@dataclass(frozen=True, slots=True)
class Name:
    """A name at words ``start`` to ``end``; ``actor``: the row that it is of."""

    start: int
    end: int
    entity: Entity
    actor: Actor | None = None

    @property
    def rank(self) -> int:
        """How many words the name has."""
        return self.end - self.start


class Phrase:
    """The words of a phrase; also in lower case and as keys; ``own``: those that do not name who stands behind it."""

    def __init__(self, trace: Trace, text: str) -> None:
        self.trace, self.gazetteer, self.date = trace, trace.gazetteer, trace.date
        self.text = text
        words = [w for w in _WORD.findall(_JOINED.sub(" ", text)) if w not in ("'s", "’s")]
        self.words = [re.sub(r"['’]s?$", "", w) for w in words]
        self.lower = [w.lower() for w in self.words]
        self.forms = [key(w) for w in self.words]
        self.own = [w for w, after in zip(self.words, [*self.lower[1:], ""], strict=False) if after not in _BACKERS]

    @cached_property
    def countries(self) -> frozenset[str]:
        """The countries that words of the phrase name."""
        lands = self.gazetteer
        return frozenset(c.iso3 for w in self.own if (c := lands.country(w) or lands.demonym(w)))

    @cached_property
    def homes(self) -> frozenset[str]:
        """The countries that adjectives of the phrase tell: "the Irish leader"."""
        return frozenset(c.iso3 for w in self.own if (c := self.gazetteer.demonym(w)))

    @cached_property
    def past(self) -> bool:
        """Whether the phrase says that an office is over: "former", "ousted"."""
        return says_past(self.lower)

    def is_of(self, kind: str) -> bool:
        """Whether the last word is a noun of a kind: "the Biden administration" of ``government``."""
        entry = nouns().get(self.lower[-1])
        return entry is not None and entry.kind == kind


def says_past(words: list[str]) -> bool:
    """Whether words in lower case say that an office is over."""
    return bool(lexicon("past") & {part for word in words for part in word.split("-")})


def is_title(word: str) -> bool:
    """Whether a word in lower case stands before a person's name and tells an office."""
    entry = nouns().get(full_title(word))
    return (entry is not None and entry.kind == "office") or word.rstrip(".") in ("mr", "mrs", "ms", "dr")


def is_titular(word: str) -> bool:
    """Whether a word in lower case may be part of a title."""
    return is_title(word) or word.rstrip(".") in titles() or word in lexicon("past")
