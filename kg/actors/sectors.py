"""The PLOVER sector of a phrase without a name: by its head noun, or by what a general noun is the head of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg.actors.nouns import adjectives, lexicon, nouns

if TYPE_CHECKING:
    from kg.actors.gazetteer import Gazetteer

NO_ACTOR = frozenset(("NON", "JNK", "UNK"))  #: codes of the sources for what is no actor, or one of no sector

#: CAMEO's codes of religions, which say more of believers than PLOVER's REL.
_FAITHS = frozenset(("BUD", "CHR", "CTH", "HIN", "JEW", "MOS", "SIK"))


def has_sector(gazetteer: Gazetteer, word: str) -> bool:
    """Whether a word (lower case, also a plural) names people or things of a sector."""
    return (
        word in nouns()
        or word in gazetteer.sectors
        or singular_of(word) in nouns()
        or singular_of(word) in (gazetteer.sectors)
    )


def head_of(words: list[str]) -> str:
    """The head noun: the last word before a preposition, in the singular."""
    for at, word in enumerate(words):
        if at and word in lexicon("complement openers"):
            words = words[:at]
            break
    return singular_of(words[-1]) if words else ""


def singular_of(word: str) -> str:
    """The singular of an English plural, by its ending."""
    for ending, instead in (
        ("people", "people"),
        ("men", "man"),
        ("ies", "y"),
        ("sses", "ss"),
        ("ches", "ch"),
        ("s", ""),
    ):
        if (word.endswith(ending) and len(word) > len(ending) + 1 and not word.endswith("ss")) or word == ending:
            return word[: len(word) - len(ending)] + instead
    return word


class Told(NamedTuple):
    """A sector, the words that tell it, and the table that has them."""

    code: str
    words: str
    table: str


@cache
def _own_sectors() -> dict[str, str]:
    return {n.noun: n.sector for n in nouns().values() if n.sector}


def sector_of(gazetteer: Gazetteer, outside: list[str]) -> Told | None:
    """The sector of the head noun, by its longest known wording; of what it is the head of, if it is a general word."""
    words = [w for w in outside if w not in lexicon("quantities")]
    parts: list[list[str]] = [[]]
    for word in words:
        if word in lexicon("complement openers") and parts[-1]:
            parts.append([])
        elif word not in lexicon("complement openers"):
            parts[-1].append(word)
    for part in parts:
        found = _by_adjective(part) or _part_sector(gazetteer, part)
        if found is not None and (
            singular_of(part[-1]) not in lexicon("general heads") or len(part) > 1 or len(parts) == 1
        ):
            return found
    for part in reversed(parts):
        found = _part_sector(gazetteer, part)
        if found is not None:
            return found
    return None


def _by_adjective(part: list[str]) -> Told | None:
    """The sector that an adjective gives to a noun that has none, or another: "a Jewish leader", "state television"."""
    if not part:
        return None
    head = singular_of(part[-1])
    entry = nouns().get(head)
    kinds = {entry.kind if entry else "", "general" if head in lexicon("general heads") else "", head}
    for word in part[:-1]:
        if (adjective := adjectives().get(word)) is not None and kinds & adjective.of:
            return Told(adjective.sector, f"{word} {part[-1]}", "adjectives.csv")
    return None


def _part_sector(gazetteer: Gazetteer, part: list[str]) -> Told | None:
    """Longest suffix of a noun group that has a sector, then its other words from the right."""
    if not part or singular_of(part[-1]) in lexicon("places"):
        return None
    if (
        len(part) > 1
        and singular_of(part[-1]) in lexicon("general heads")
        and not any(" ".join([*part[i:-1], singular_of(part[-1])]) in gazetteer.sectors for i in range(len(part) - 1))
    ):
        modifiers = _part_sector(gazetteer, part[:-1])  # "gang leaders"
        if modifiers is not None:
            return modifiers
    for end in range(len(part), 0, -1):
        for start in range(max(0, end - 4), end):
            for words in (part[start:end], [*part[start : end - 1], singular_of(part[end - 1])]):
                form = " ".join(words)
                found, single = gazetteer.sectors.get(form), start == end - 1
                if found in NO_ACTOR and single and end == len(part) == 1:
                    return None
                own = _own_sectors().get(form) if single else None
                if own is not None and (found is None or own in _FAITHS):
                    return Told(own, form, "nouns.csv")
                if found is not None and found not in NO_ACTOR:
                    return Told(found, form, "sectors.csv")
    return None
