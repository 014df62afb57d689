"""Common nouns that name actors, and offices with the rule that finds who holds them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg.actors.tables import rows
from kg.actors.tenures import HEADS, SUPPLIED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Token

    from kg.actors.countries import Country
    from kg.actors.gazetteer import Actor, Gazetteer
    from kg.actors.tenures import Tenure

#: Kinds of nouns that one person can be.
PEOPLE = frozenset(("office", "candidate", "spokes", "people", "official"))


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun for an actor; ``kind`` is office, candidate, spokes, official, government, institution, force, people."""

    noun: str
    kind: str
    sector: str
    gender: str


@dataclass(frozen=True, slots=True)
class Office:
    """A post, the class of tenures that it is among, the pattern of their roles, and the country that it implies."""

    title: str
    role_class: str
    pattern: re.Pattern[str] | None
    gender: str
    iso3: str


@cache
def nouns() -> dict[str, Noun]:
    """Lemmas to nouns."""
    return {fields[0]: Noun(*fields[:4]) for fields in rows("nouns", "noun,kind,sector,gender,source")}


@cache
def _titles() -> dict[str, tuple[str, str]]:
    return {title: (gender, full) for title, gender, full, _ in rows("titles", "title,gender,full,source")}


@cache
def titles() -> dict[str, str]:
    """Words before a person's name, and the gender that they tell."""
    return {title: gender for title, (gender, _) in _titles().items()}


def full_title(word: str) -> str:
    """A title without abbreviation: ``Gen.`` is ``general``."""
    word = word.rstrip(".").lower()
    return _titles().get(word, ("", ""))[1] or word


@cache
def _lexicons() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, word, _ in rows("words", "list,word,source"):
        found[name].add(word)
    return {name: frozenset(words) for name, words in found.items()}


def lexicon(name: str) -> frozenset[str]:
    """A list of ``words.csv``: ``speech`` (verbs of saying), ``spatial verbs``, ``equipment`` ..."""
    return _lexicons()[name]


@cache
def entry_of(lemma: str, word: str) -> Noun | None:
    """The noun of a token, from its lemma and its lower-case form."""
    return nouns().get(singular(lemma, word)) or nouns().get(word)


def entry_at(token: Token) -> Noun | None:
    """The noun of a token, with what a hyphen joins to it: ``president-elect``."""
    if token.i >= 2 and token.nbor(-1).text == "-" and not token.nbor(-1).whitespace_:
        joined = nouns().get(f"{token.nbor(-2).lower_}-{token.lemma_.lower()}")
        if joined is not None:
            return joined
    return entry_of(token.lemma_, token.lower_)


_AGENTIVE = re.compile(r"(er|or|ist|ian|ant|ee|man|woman|men|women|person|people|folk|ive|ard|mate|percent)s?$")


def denotes_people(token: Token) -> bool:
    """Whether a noun that no list has can be someone, by its ending: ``announcer``, but not ``slide`` or ``story``."""
    if token.lower_ in lexicon("abstract"):
        return False
    return token.pos_ == "PROPN" or is_agentive(token)


def is_agentive(token: Token) -> bool:
    """Whether a word ends as those for people do: ``baker``."""
    return _AGENTIVE.search(token.lower_) is not None


def singular(lemma: str, word: str) -> str:
    """The lemma in lower case; of a plural that the lemmatizer took for a name, the word without its ending."""
    lemma = lemma.lower()
    return lemma[:-1] if lemma == word and word.endswith("s") and word[:-1] in nouns() else lemma


def stem(token: Token) -> str:
    """The lemma of a noun in lower case, in "Sports Minister" the same as in "the sports minister"."""
    lemma = token.lemma_.lower()
    return lemma[:-1] if token.tag_ == "NNPS" and lemma == token.lower_ else lemma


@dataclass(frozen=True, slots=True)
class Adjective:
    """An adjective that gives a sector to nouns ``of`` some kinds, or to those nouns."""

    sector: str
    of: frozenset[str]


@cache
def adjectives() -> dict[str, Adjective]:
    """Adjectives that give a noun its sector: ``agricultural workers``, ``a Jewish leader``, ``state television``."""
    table = rows("adjectives", "adjective,sector,of,source")
    return {word: Adjective(sector, frozenset(of.split("|"))) for word, sector, of, _ in table}


@cache
def offices() -> dict[str, Office]:
    """Titles to offices; the longest title that fits is the right one."""
    return {
        title: Office(title, role_class, re.compile(pattern, re.I) if pattern else None, gender, iso3)
        for title, role_class, pattern, gender, iso3, _ in rows(
            "offices", "title,role_class,pattern,gender,iso3,source"
        )
    }


@cache
def partisans() -> dict[str, str]:
    """People whom texts call by their party to what they are called: ``republican``, ``democrat``."""
    return {name: party for name, party, _ in rows("partisans", "name,party,source")}


@cache
def states() -> dict[str, str]:
    """Abbreviations of American states to their names, without full stops and in lower case: ``vt``, ``vermont``."""
    return {form: state for form, state, _ in rows("states", "form,state,source")}


@cache
def _leaders() -> dict[str, str]:
    return {iso3: title for iso3, title, _ in rows("leaders", "iso3,title,source")}


def office_of(words: Sequence[str]) -> Office | None:
    """The office that some words (lower case) name, by its longest title: ``British foreign secretary``."""
    table = offices()
    for size in range(min(5, len(words)), 0, -1):
        for start in range(len(words) - size, -1, -1):
            if (office := table.get(" ".join(words[start : start + size]))) is not None:
                return office
    return None


_LOWER = re.compile(
    "Deputy|Vice|Assistant|Spoke|Lord|COP26|Crown|Foreign Trade|Délégué|of the (Army|Navy|Air)|Chief Secretary|Former",
    re.I,
)


def fits(office: Office, tenure: Tenure) -> bool:
    """Whether a tenure is one of that office itself, not of a deputy."""
    if office.role_class != tenure.role_class and not (office.role_class in HEADS and tenure.heads):
        return False
    return (office.pattern is None or office.pattern.search(tenure.role) is not None) and (
        office.role_class == "deputy head" or not _LOWER.search(tenure.role)
    )


def leading(office: Office, iso3: str) -> Office:
    """What "leader" means in a country: its prime minister, chancellor, king or president."""
    if office.title in ("leader", "ruler", "strongman", "dictator"):
        return offices()[_leaders().get(iso3, "president")]
    return office


def holder(gazetteer: Gazetteer, country: Country, office: Office, date: str) -> Actor | None:
    """Who held the office in the country on the date; None if nobody is known, or two are.

    Where several tenures without an end overlap, the one that began last is taken, provided that the
    others' source is older than its start.
    """
    office = leading(office, country.iso3)
    classes = HEADS if office.role_class in HEADS else (office.role_class,)
    found = [
        (actor, t)
        for role_class in classes
        for actor, t in gazetteer.holders(country.iso3, role_class, date)
        if fits(office, t)
    ]
    found = [(a, t) for a, t in found if t.tier == SUPPLIED] or found
    if not found:
        return None
    newest, tenure = found[0]
    others = {a.key for a, t in found[1:] if a != newest and (t.end or not t.asof or t.asof > tenure.start)}
    return None if others else newest
