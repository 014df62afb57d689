"""Make sentences with two marked actors and the attitude of each towards the other, to learn from.

    python -m kg.lab.sentences --number 20000 --seed 0 --out FILE

Every row of FILE is a JSON object: ``text``, ``p`` and ``q`` ([start, end] of the marked actors), ``p_to_q`` and
``q_to_p`` (``label`` and ``predicate``) and the ``construction``. All words are in ``sentences.toml``: constructions,
acts (what one actor does to another), fillers. Relations and most verbs are those of ``kg/relations/frames.csv``;
actors come from ``kg/actors/data``, half of the people have invented names, and who does what is left to chance.

A field in braces stands for an actor (``{X}``, ``{X's}``, ``{X+}`` where an aside may follow), a word that agrees with
one (``{X he}``, ``{X was|were}``, ``{X adj}``), an act in some form (``{XY did}``: what X did to Y; ``{YZ2 doing}``:
the second act, of Y to Z; ``{Yx did}``: what Y did to X, who is a pronoun there), or any of a list of fillers
(``{time}``; with a letter, ``{X report}``: about X). The letters U and V are actors that are never marked; O is X in
the first person ("we"), and so is I; T is "you". In a phrase an underscore joins to its verb what a passive keeps with
it (``look_down_on {Y}``: "was looked down on by").
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tomllib
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import ontology, resources
from kg.actors import tables
from kg.relations import frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

KINDS = "psobfg"
LABELS = {1: "positive", 0: "neutral", -1: "negative"}
_FIELD = re.compile(r"\{([^{}]+)\}")
_FILLER = re.compile(r"\{([a-z]+)\}")
_ACT = re.compile(r"\{([A-Z][A-Za-z]{1,2})(\d?) ([a-z-]+)\}")
_ACTOR = re.compile(r"\x00(.)([^\x01]*)\x01")
_PLAIN = re.compile(r"[^\W\d_]+([ '’-][^\W\d_]+)*")
_PERSON = re.compile(r"[^\W\d_]\w+( [^\W\d_][\w’'-]+){1,2}")
_START = re.compile(r"(?:^|(?<=  ))(“?(?:\0.)?)(\w)")
ARMED = ("armed group", "armed forces", "police")
DIRECTIONS = {"forward": (True, False), "backward": (False, True), "both": (True, True), "none": (False, False)}
_LOOSE = re.compile(r"(of|for|as|over|from|with|on|about|against|in|at)\b")  # may follow "by ..."
_UNMARKED = "UVOIT"
_BRITISH = 0.12  # of the sentences are spelt so
_OPEN = "?"  # a pair about which nothing is claimed
_PRONOUNS = {
    "he": ("he", "him", "his", "himself", "who", "whom"),
    "she": ("she", "her", "her", "herself", "who", "whom"),
    "it": ("it", "it", "its", "itself", "which", "which"),
    "they": ("they", "them", "their", "themselves", "who", "whom"),
    "we": ("we", "us", "our", "ourselves", "who", "whom"),
    "I": ("I", "me", "my", "myself", "who", "whom"),
    "you": ("you", "you", "your", "yourself", "who", "whom"),
}
_PRONOUN_FOR = {"": " him", "'s": " his"}
_CASES = ("he", "him", "his", "himself", "who", "whom")


@dataclass(frozen=True, slots=True)
class Attitude:
    """Of one marked actor towards the other."""

    label: str
    predicate: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text in which two actors are marked."""

    text: str
    p: tuple[int, int]
    q: tuple[int, int]
    p_to_q: Attitude
    q_to_p: Attitude
    construction: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody to speak of; ``before`` are words that are not marked ("President", "the")."""

    kind: str
    name: str
    pronoun: str
    before: str = ""
    adjective: str = ""
    bare: str = ""  # the name without a title, if it has one
    same: str = ""  # what no other actor of the sentence may share

    @property
    def plural(self) -> bool:
        """Whether verbs agree with it in the plural."""
        return self.pronoun in ("they", "we", "I", "you")


@dataclass(frozen=True, slots=True)
class Act:
    """What X does to Y: words that begin with a verb, or those of another ``form`` (noun, doer, adjective ...)."""

    relation: str
    kind: str
    form: str
    words: str
    who: str = KINDS
    whom: str = KINDS
    tags: tuple[str, ...] = ()

    @property
    def mutual(self) -> bool:
        """Whether it holds both ways."""
        return self.kind == "mutual"

    @property
    def polarity(self) -> int:
        """The attitude it shows."""
        return ontology.relations()[self.relation].polarity

    def fits(self, asked: str) -> bool:
        """Whether it is all that a construction asks, words of ``ASKED`` or tags, joined by plus signs."""
        return all(ASKED[part](self) if part in ASKED else part in self.tags for part in asked.split("+"))


@dataclass(frozen=True, slots=True)
class Construction:
    """Ways to put something, and what holds between whom."""

    name: str
    weight: float
    facts: dict[str, str]
    texts: tuple[str, ...]
    acts: tuple[str, ...]
    kinds: dict[str, str]
    style: str


#: Who speaks (X), and who is spoken to.
_SPEAKERS = {"O": Actor("p", "we", "we"), "I": Actor("p", "I", "I"), "T": Actor("p", "you", "you")}
#: What a construction may ask of an act.
ASKED: dict[str, Callable[[Act], bool]] = {
    "any": lambda act: True,
    "one": lambda act: not act.mutual,
    "good": lambda act: act.polarity > 0 and not act.mutual,
    "bad": lambda act: act.polarity < 0 and not act.mutual,
    "speech": lambda act: act.kind == "speech",
    "deed": lambda act: act.kind == "deed",
    "harm": lambda act: act.polarity < 0 and act.kind == "deed",
    "help": lambda act: act.polarity > 0 and act.kind == "deed" and act.relation != "agrees",
    "turn": lambda act: act.polarity >= 0 and act.kind != "state" and act.relation not in ("agrees", "requests"),
    "fellow": lambda act: act.polarity >= 0 and act.mutual and act.relation != "agrees",
    "repeated": lambda act: act.kind == "speech" or "lasting" in act.tags,
}
#: What a form asks of a verb's words.
SHAPES = {
    "passive": re.compile(r"\S+ \{Y\}(?! \{Y)"),
    "bare": re.compile(r"\S+ \{Y\}(?! \{Y)"),
    "gapped": re.compile(r"\S+ \{Y\}|.*\{Y\}$"),
    "gap-done": re.compile(r"\S+ \{Y\}|.*\{Y\}$"),
    "ends": re.compile(r".*\{Y\}$"),
    "each": re.compile(r".*\{Y('s)?\}(?!.*\{X)"),
    "each-done": re.compile(r".*\{Y('s)?\}(?!.*\{X)"),
    "each-do": re.compile(r".*\{Y('s)?\}(?!.*\{X)"),
    "together": re.compile(r"(?!.*\{X).* with \{Y\}"),
    "together-done": re.compile(r"(?!.*\{X).* with \{Y\}"),
    "together-do": re.compile(r"(?!.*\{X).* with \{Y\}"),
}
_SPOKEN = ("each", "each-done", "each-do")  # forms of speech acts only
_SINGLE = ("passive", "bare", "gapped", "gap-done", *_SPOKEN)  # forms without mutual acts
_JOINT = ("together", "together-done", "together-do")  # forms of mutual acts only
_OTHERS = ("noun", "doer", "adjective", "preposition")


# ---- the words -------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, eq=False)
class Words:
    """The contents of ``sentences.toml``."""

    table: dict[str, Any]

    @cached_property
    def fillers(self) -> dict[str, list[str]]:
        """Lists of words that may stand in a place."""
        return dict(self.table["words"])

    @cached_property
    def acts(self) -> dict[str, tuple[Act, ...]]:
        """All acts, by form (``verb`` or another)."""
        found = [_act(row, row["relation"], row["kind"], "verb", words)
                 for row in self.table["act"] for words in row["phrases"]]
        for row in self.table["frame"]:
            found += [_act(row, relation, row["kind"], "verb", words)
                      for relation, words in map(_of_frame, row["lemmas"].split())]
        for row in self.table["word"]:
            kind = "mutual" if row.get("mutual") else "other"
            found += [_act(row, row["relation"], kind, form, words) for form in _OTHERS for words in row.get(form, ())]
        return {form: tuple(act for act in found if act.form == form) for form in ("verb", *_OTHERS)}

    @cached_property
    def constructions(self) -> tuple[Construction, ...]:
        """All constructions."""
        return tuple(Construction(row["name"], row["weight"], _pairs(row["facts"]), tuple(row["texts"]),
                                  tuple(row.get("acts", "").split()), _pairs(row.get("kinds", "")),
                                  row.get("style", ""))
                     for row in self.table["construction"])

    @cache  # noqa: B019 - one instance for the whole run
    def pool(self, form: str, asked: str, relation: str | None) -> tuple[Act, ...]:
        """The acts that have a form, are what is asked for and say a relation."""
        shape = SHAPES.get(form)
        return tuple(act for act in self.acts[form if form in _OTHERS else "verb"]
                     if act.fits(asked) or (act.kind == "other" and asked in ("deed", "speech"))
                     if relation in (None, act.relation)
                     if not shape or shape.match(act.words)
                     if not (form in _SINGLE and act.mutual) and not (form in _SPOKEN and act.kind != "speech")
                     if form not in _JOINT or act.mutual)

    def conjugate(self, verb: str) -> tuple[str, str, str, str]:
        """Present (he ...), past, participle and -ing form."""
        given: str = self.table["irregular"].get(verb, "")
        past, participle, ing, *_ = [*given.split(), "", "", ""]
        stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) else verb
        doubled = bool(re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]", verb)) or verb in self.doubled
        long = verb + verb[-1] if doubled else stem
        consonant_y = bool(re.search(r"[^aeiou]y$", verb))
        regular = (verb[:-1] + "ied" if consonant_y else verb + "d" if verb.endswith("e") else long + "ed")
        present = (verb[:-1] + "ies" if consonant_y
                   else verb + "es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else verb + "s")
        return ({"have": "has", "be": "is"}.get(verb, present), past or regular, participle or past or regular,
                ing or long + "ing")

    @cached_property
    def doubled(self) -> frozenset[str]:
        """Long verbs that double their last letter."""
        return frozenset(self.table["spelling"]["doubled"].split())


def _act(row: dict[str, Any], relation: str, kind: str, form: str, words: str) -> Act:
    return Act(relation, kind, form, words, row.get("who", KINDS), row.get("whom", KINDS),
               tuple(row.get("tags", "").split()))


def _pairs(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split())


def _of_frame(lemma: str) -> tuple[str, str]:
    """The relation and the words of a verb whose frame asks for nothing but an object."""
    for frame in frames.load().by_word[lemma, "VERB"]:
        if not frame.when and not frame.particle and frame.subject == ("agent",):
            role = frame.object[0]
            return frame.predicate, f"{lemma} {{Y}}" if role == "patient" else f"{lemma} {role} {{Y}}"
    raise KeyError(lemma)


@cache
def words() -> Words:
    """Read ``sentences.toml``."""
    return Words(tomllib.loads(resources.data("lab", "sentences.toml").read_text(encoding="utf-8")))


# ---- the actors ------------------------------------------------------------------------------------------------------

class Country(NamedTuple):
    """A country that can be spoken of."""

    iso3: str
    name: str
    adjective: str
    capital: str


def _countries() -> list[Country]:
    """Countries with an adjective and a capital, once for each of their adjectives."""
    found = [Country(iso3, name, demonym, capital) for iso3, _, name, demonym, capital, *_ in
             tables.rows("countries", "iso3,iso2,name,demonym,capital,qid,source")
             if demonym and capital and _PLAIN.fullmatch(name) and "SAR" not in name]
    own: dict[str, list[str]] = {}
    for iso3, kind, form, _ in tables.rows("country_forms", "iso3,kind,form,source"):
        if kind == "adj":
            own.setdefault(iso3, []).append(form)
    return [country._replace(adjective=form) for country in found
            for form in own.get(country.iso3, [country.adjective])]


def _organisations(*sorts: str) -> list[tuple[str, str]]:
    """Organisations, each with an acronym or an empty string; of some sorts, or of all but those."""
    return [(name, next((alias for alias in aliases.split("|") if re.fullmatch("[A-Z]{2,6}", alias)), ""))
            for name, aliases, _, _, sort, *_ in
            tables.rows("organisations", "name,aliases,qid,iso3,type,sector,source")
            if (sort in sorts[1:]) == (sorts[0] == "only")
            if name.count(" ") < 5 and "(" not in name and name[0].isupper()]


class Cast:
    """Draws actors of a kind, by chance alone."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.table: dict[str, Any] = words().table["actors"]
        self.lists = {key: frozenset(value.split("|")) for key, value in self.table.items() if isinstance(value, str)}
        self.genders = {name: "he" if gender == "m" else "she"
                        for name, gender in tables.rows("firstnames", "name,gender")}
        names = [name for _, name, *_ in tables.rows("people", "key,name,aliases,qid,iso3,tier,source")
                 if _PERSON.fullmatch(name)]
        self.people = [name for name in names if name.split()[0] in self.genders]
        self.surnames = [name.split()[-1] for name in names]
        self.firstnames = [name for name in self.genders if name.isalpha()]
        self.metonyms = [(name, iso3) for name, _, iso3, sector, *_ in
                         tables.rows("metonyms", "metonym,stands_for,iso3,sector,qid,source") if sector == "GOV"]
        self.countries = _countries()
        powers = {iso3 for _, iso3 in self.metonyms}
        self.prominent = [country for country in self.countries if country.iso3 in powers]
        self.armed, self.bodies = _organisations("only", *ARMED), _organisations("not", *ARMED)

    def draw(self, kinds: str, taken: set[str]) -> Actor:
        """An actor of one of the kinds that shares nothing with those already there."""
        kind = self.rng.choices(kinds, [self.table["kinds"][k] for k in kinds])[0]
        make = {"p": self._person, "s": self._state, "o": self._office, "b": self._body, "f": self._force,
                "g": self._group}[kind]
        while (actor := make()).same in taken or actor.name in taken:
            pass
        taken |= {actor.same, actor.name}
        return actor

    def _country(self) -> Country:
        return self.rng.choice(self.prominent if self.rng.random() < 0.6 else self.countries)

    def _article(self, name: str) -> str:
        return "the " if {name, name.split()[-1]} & self.lists["the"] else ""

    def _made(self, kind: str, whole: str, pronoun: str, same: str, adjective: str = "") -> Actor:
        """An actor whose article is marked with it, or is not."""
        if whole.startswith("the ") and self.rng.random() < 0.4:
            return Actor(kind, whole[4:], pronoun, "the ", adjective, same=same)
        return Actor(kind, whole, pronoun, adjective=adjective, same=same)

    def _person(self) -> Actor:
        rng = self.rng
        if rng.random() < 0.5:
            name = rng.choice(self.people)
        else:
            name = f"{rng.choice(self.firstnames)} {rng.choice(self.surnames)}"
        pronoun = self.genders[name.split()[0]]
        surname, form = name.split()[-1], rng.random()
        if form < 0.65:
            return Actor("p", name if form < 0.45 else surname, pronoun, same=surname)
        if form < 0.75:
            title, shown = f"{self._country().adjective} {rng.choice(self.table['offices'])}", name
        elif form < 0.82:
            title, shown = rng.choice(self.table["men" if pronoun == "he" else "women"]), surname
        else:
            title, shown = rng.choice(self.table["titles"]), surname if form < 0.88 else name
        if form > 0.75 and rng.random() < 0.5:
            return Actor("p", f"{title} {shown}", pronoun, bare=name, same=surname)
        return Actor("p", shown, pronoun, f"{title} ", bare=name, same=surname)

    def _state(self) -> Actor:
        iso3, name, adjective, capital = self._country()
        if self.rng.random() < 0.25:
            return Actor("s", capital, "it", adjective=adjective, same=iso3)
        return self._made("s", self._article(name) + name, "it", iso3, adjective)

    def _office(self) -> Actor:
        if self.rng.random() < 0.12:
            metonym, iso3 = self.rng.choice(self.metonyms)
            return self._made("o", f"the {metonym}" if metonym in self.lists["the"] else metonym, "it", iso3)
        iso3, name, adjective, capital = self._country()
        whole = self.rng.choice(self.table["state_bodies"]).format(adj=adjective, capital=capital,
                                                                   country=self._article(name) + name)
        pronoun = self.rng.choice(("he", "she")) if whole.split()[-1] in self.lists["persons"] else "it"
        return self._made("o", whole, pronoun, iso3 if adjective in whole else whole, adjective)

    def _body(self) -> Actor:
        return self._named("b", self.bodies)

    def _force(self) -> Actor:
        if self.rng.random() < 0.4:
            return self._named("f", self.armed)
        iso3, _, adjective, _ = self._country()
        whole = self.rng.choice(self.table["forces"]).format(adj=adjective)
        single = whole.split()[-1] in self.lists["single"]
        return self._made("f", whole, "it" if single else "they", iso3, adjective)

    def _group(self) -> Actor:
        iso3, _, adjective, _ = self._country()
        whole = self.rng.choice(self.table["groups"]).format(adj=adjective)
        return self._made("g", whole, "they", iso3 if adjective in whole else whole, adjective)

    def _named(self, kind: str, rows: Sequence[tuple[str, str]]) -> Actor:
        name, short = self.rng.choice(rows)
        if short and self.rng.random() < 0.4:
            return self._made(kind, f"the {short}" if len(short) < 4 else short, "it", name)
        article = "the " if {*name.split()} & self.lists["article_bodies"] and not name.startswith("The ") else ""
        plural = name.split()[-1] in self.lists["plural_bodies"]
        return self._made(kind, article + name, "they" if plural else "it", name)


# ---- one sentence ----------------------------------------------------------------------------------------------------

class Draft:
    """A construction being filled: acts and actors are drawn as its fields ask for them."""

    def __init__(self, rng: random.Random, cast: Cast, construction: Construction, acts: dict[int, Act],
                 kinds: dict[str, str]) -> None:
        self.rng, self.cast, self.acts, self.kinds = rng, cast, acts, kinds
        self.headline = construction.style == "headline"
        self.actors: dict[str, Actor] = {}
        self.taken: set[str] = set()
        self.named: set[str] = set()
        self.fillers = words().fillers

    def actor(self, letter: str, need: str = KINDS) -> Actor:
        """The actor of a letter; drawn at its first use."""
        if letter in _SPEAKERS:
            return _SPEAKERS[letter]
        if letter not in self.actors:
            self.actors[letter] = self.cast.draw(self.kinds.get(letter, need).removesuffix("-"), self.taken)
        return self.actors[letter]

    def fill(self, text: str) -> str:
        """The text with its fields filled; actors stand between marks."""
        return _FIELD.sub(lambda match: self._field(match[1]), text)

    def _field(self, field: str) -> str:
        head, _, rest = field.partition(" ")
        if head[0].islower():
            return self.fill(self.rng.choice(self.fillers[field]))
        if rest and len(head) > 1:
            digit = head[-1] if head[-1].isdigit() else "1"
            letters = head.rstrip("0123456789")
            return self.fill(self._act(self.acts[int(digit)], letters[0], letters[1:], rest))
        letter = head[0]
        if not rest:
            return self._name(letter, head[1:])
        return self._word(letter, rest)

    def _spelled(self, text: str, about: str = "") -> str:
        """The text with its fillers filled, its actors not yet; no "a liar" about an actor that is a plural."""
        table = words().table["actors"]
        several = len(about) == 1 and self.actor(about.upper()).plural
        while new := _FILLER.search(text):
            choice = self.fillers[new[1]]
            if several and new[1] in table["complements"]:
                choice = [words for words in choice if not words.startswith(("a ", "an "))]
            text = text[:new.start()] + self.rng.choice(choice) + text[new.end():]
        return text

    def _name(self, letter: str, end: str) -> str:
        actor = self.actor(letter)
        name, before = actor.name, actor.before
        if self.headline:
            name, before = name.removeprefix("the "), before.removeprefix("the ")
        if letter in self.named and actor.kind == "p":
            name, before = name.split()[-1], ""
        elif self.kinds.get(letter) == "p-" and actor.bare:
            name, before = actor.bare, ""
        self.named.add(letter)
        marked = f"{before}\0{letter}{name}\1"
        if end == "'s":
            return marked + ("'" if actor.kind != "p" and name.endswith("s") else "'s")
        if end == "+" and self.rng.random() < 0.14:
            return marked + self.fill(_renamed(self._spelled("{aside}"), {"X": letter, "D": "H"}))
        return marked

    def _word(self, letter: str, word: str) -> str:
        if "|" in word:
            return word.split("|")[self.actor(letter).plural]
        if word.lower() in _CASES:
            form = _PRONOUNS[self.actor(letter).pronoun][_CASES.index(word.lower())]
            form = form.capitalize() if word[0].isupper() else form
            return f"\0{letter.lower()}{form}\1" if word.lower() in ("he", "him") else form
        if word == "adj":
            actor = self.actor(letter, "s")
            return f"\0{letter}{actor.adjective or actor.name.removeprefix('the ')}\1"
        return self.fill(_renamed(self._spelled(f"{{{word}}}", letter), {"X": letter}))

    def _act(self, act: Act, subject: str, objects: str, form: str) -> str:
        """The words of an act in a form, actors still as fields."""
        text = self._spelled(act.words, objects)
        if act.form != "verb":
            return _renamed(text, {"X": subject, "Y": objects})
        verb, _, rest = text.partition(" ")
        verb, _, particle = verb.partition("_")
        does, did, done, doing = words().conjugate(verb)
        rest = " ".join(filter(None, (particle.replace("_", " "), rest)))
        plural = self.actor(subject).plural
        has, be, was = ("have", "are", "were") if plural else ("has", "is", "was")
        adverb = self._adverb(act)
        does = verb if plural else does
        if form == "acts":
            form = self.rng.choices(("did", "has", "had", "does", "now", "then"), (60, 18, 9, 6, 3, 4))[0]
        if act.kind == "speech" and form not in SHAPES and rest.endswith("{Y}") and self._owns(objects):
            rest = rest.replace("{Y}", "{Y's} " + self._spelled("{organ}"))
        if form == "gapped":
            form, rest = self.rng.choice(("did", "had")), _without(rest, "{Y}")
        if form in _SPOKEN:
            form, rest = form.partition("-")[2] or "did", _each(rest)
        if form in _JOINT:
            form, rest = form.partition("-")[2] or "did", _without(rest, "with {Y}")
        if form == "gap-done":
            form, rest = "done", _without(rest, "{Y}")
        if form in ("passive", "bare"):
            rest = _without(rest, "{Y}")
            by = "" if form == "bare" else "by {X}"
            loose = _LOOSE.match(rest) and not particle and "idiom" not in act.tags and self.rng.random() < 0.8
            order = (done, by, rest) if loose else (done, rest, by)
            return _renamed(" ".join(filter(None, order)), {"X": subject, "Y": objects})
        phrase = {
            "do": verb, "does": does, "did": f"{adverb}{did}", "ends": f"{adverb}{did}", "done": done, "doing": doing,
            "has": f"{has} {adverb}{done}", "had": f"had {adverb}{done}", "now": f"{be} {doing}",
            "then": f"{was} {doing}",
        }[form]
        return _renamed(f"{phrase} {rest}".rstrip(), {"X": subject, "Y": objects})

    def _owns(self, objects: str) -> bool:
        """Whether to name what belongs to a state for the state."""
        return objects.isupper() and len(objects) == 1 and self.actor(objects).kind == "s" and self.rng.random() < 0.15

    def _adverb(self, act: Act) -> str:
        table: dict[str, list[str]] = words().table["adverbs"]
        choice = table.get(act.kind, []) + (table.get(act.relation, []) if SHAPES["passive"].match(act.words) else [])
        return f"{self.rng.choice(choice)} " if choice and self.rng.random() < 0.14 else ""


def _without(rest: str, words: str) -> str:
    return " ".join(rest.replace(words, "", 1).split())


def _each(rest: str) -> str:
    rest = rest.replace("{Y's}", "each other's").replace("{Y}", "each other", 1)
    return re.sub(r"\{Y (was\|were|his|him|himself)\}", lambda m: {"was|were": "were", "him": "them",
                                                                   "himself": "themselves"}.get(m[1], "their"), rest)


def _renamed(text: str, letters: dict[str, str]) -> str:
    """Fields with other letters: several stand for all of them, a small one for a pronoun."""
    def renamed(match: re.Match[str]) -> str:
        field = match[1]
        new = letters.get(field[0], field[0]) if re.match(r"[A-Z](?![A-Z])", field) else field[0]
        if new.islower() and field[0].isupper():
            return f"{{{new.upper()}{_PRONOUN_FOR.get(field[1:], field[1:])}}}"
        return " and ".join(f"{{{letter}{field[1:]}}}" for letter in new)
    return _FIELD.sub(renamed, text)


# ---- all of them -----------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Made:
    """A finished text with the places of its actors and what holds between them."""

    text: str
    places: dict[str, list[tuple[int, int]]]
    facts: dict[str, tuple[str, int]]  # pair of letters: relation, polarity
    open: frozenset[str]


class Maker:
    """Makes sentences, one as asked for at a time."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - no secret
        self.cast = Cast(self.rng)
        self.words = words()

    def sentence(self) -> Sentence:
        """A sentence; its directions, relation and the order of the two actors are drawn before its words."""
        share: dict[str, float] = self.words.table["share"]
        direction = self.rng.choices(tuple(share), tuple(share.values()))[0]
        relation = self._any_relation()
        p_first = self.rng.random() < self.words.table["first"][direction]
        while True:
            construction, pair = self.rng.choices(*self._weighted(None if direction == "none" else relation))[0]
            made = self.make(construction, pair, relation)
            if made is None:
                continue
            pairs = [a + b for a, b in permutations(made.places, 2)] if direction == "none" else [pair]
            if direction == "backward":
                pairs = [pair[::-1]]
            pairs = [pair for pair in pairs if self._fits(made, pair, direction)]
            if not pairs:
                continue
            pair = self.rng.choice(pairs)
            p, q = (self._place(made.places[letter]) for letter in pair)
            if (p < q) == p_first:
                return Sentence(made.text, p, q, _attitude(made.facts.get(pair)),
                                _attitude(made.facts.get(pair[::-1])), construction.name)

    def _fits(self, made: Made, pair: str, direction: str) -> bool:
        """Whether both are in the text and the relations between them have the directions asked for."""
        if not made.places.keys() >= set(pair) or {pair, pair[::-1]} & made.open:
            return False
        return (pair in made.facts, pair[::-1] in made.facts) == DIRECTIONS[direction]

    def _place(self, places: list[tuple[int, int]]) -> tuple[int, int]:
        return places[0] if self.rng.random() < 0.9 else self.rng.choice(places)

    @cache  # noqa: B019 - one instance for the whole run
    def _weighted(self, relation: str | None) -> tuple[list[tuple[Construction, str]], list[float]]:
        """Constructions with a pair that may have the relation (or any construction), and their weights."""
        found: list[tuple[Construction, str]] = []
        weights: list[float] = []
        for construction in self.words.constructions:
            pairs = [pair for pair, fact in construction.facts.items()
                     if fact == relation or (fact.isdigit() and self._can(construction, int(fact), relation))]
            if relation is None:
                pairs = [""]
            boost = 1
            if relation in construction.facts.values():
                boost = 8
            elif relation is None and not construction.facts:
                boost = 3
            found += [(construction, pair) for pair in pairs]
            weights += [construction.weight * boost / len(pairs) for _ in pairs]
        return found, weights

    def _can(self, construction: Construction, number: int, relation: str | None) -> bool:
        asked = _asked(construction, number)
        return any(act.fits(asked) for act in self.words.acts["verb"] if act.relation == relation)

    def make(self, construction: Construction, pair: str, relation: str) -> Made | None:
        """A text; the act between the pair says the relation. None if the draw came to nothing."""
        text = self.rng.choice(construction.texts)
        acts: dict[int, Act] = {}
        kinds = dict(construction.kinds)
        wanted = construction.facts.get(pair, "1")
        for letters, digit, form in _ACT.findall(text):
            number = int(digit or "1")
            if number not in acts:
                asked = _asked(construction, number)
                pool = self.words.pool(form, asked, relation if str(number) == wanted else self._any_relation())
                pool = pool or self.words.pool(form, asked, None) if str(number) != wanted or not pair else pool
                if not pool:
                    return None
                acts[number] = self.rng.choice(pool)
            act = acts[number]
            subject = "X" if letters[0] in _SPEAKERS else letters[0]
            objects = re.sub("[OI]", "X", letters[1:].upper())
            for letter, allowed in ((subject, act.who), *((other, act.whom) for other in objects)):
                kinds[letter] = "".join(k for k in kinds.get(letter, KINDS) if k in allowed + "-")
            if len(letters) > 2 and act.words.count("{Y") > 1:
                return None
        if not all(kind.removesuffix("-") for kind in kinds.values()):
            return None
        draft = Draft(self.rng, self.cast, construction, acts, kinds)
        filled = draft.fill(self._framed(text, construction.style))
        return _finished(filled, self._facts(construction, acts), self.rng)

    def _any_relation(self) -> str:
        weight: dict[str, float] = self.words.table["relations"]
        return self.rng.choices(tuple(weight), tuple(weight.values()))[0]

    def _facts(self, construction: Construction, acts: dict[int, Act]) -> dict[str, str]:
        facts: dict[str, str] = {}
        for pair, fact in construction.facts.items():
            if not fact.isdigit():
                facts[pair] = fact
            elif int(fact) in acts:
                facts[pair] = acts[int(fact)].relation
                if acts[int(fact)].mutual:
                    facts.setdefault(pair[::-1], facts[pair])
        return facts

    def _framed(self, text: str, style: str) -> str:
        """The text with something before, after or around it, and its end."""
        if style:
            return text
        draw, quoted, asked = self.rng.random, text.startswith("“"), text.endswith("?")
        fillers = self.words.fillers
        if not quoted and not asked and draw() < 0.07:
            text = "{S} {said} " + text
        elif not quoted and draw() < 0.28:
            lead = _renamed(self.rng.choice(fillers["lead"]), {"D": "A", "E": "B"})
            text = lead + text.replace("{when}", "")
        if not asked and draw() < 0.38:
            text += _renamed(self.rng.choice(fillers["tail"]), {"D": "C", "E": "F"})
        return text if asked else text + "."


def _asked(construction: Construction, number: int) -> str:
    return construction.acts[number - 1] if number <= len(construction.acts) else "any"


def _finished(marked: str, facts: dict[str, str], rng: random.Random) -> Made:
    marked = _START.sub(lambda m: m[1] + (m[2].upper() if len(m[2].upper()) == 1 else m[2]), marked)
    marked = marked.replace("  ", " ")
    if rng.random() < _BRITISH:
        for american, british in words().table["british"].items():
            marked = marked.replace(american, british)
    if rng.random() < 0.6:
        marked = marked.replace("“", '"').replace("”", '"')
    if rng.random() < 0.2:
        marked = marked.replace("'", "’")
    text, end = "", 0
    places: dict[str, list[tuple[int, int]]] = {}
    for match in _ACTOR.finditer(marked):
        text += marked[end:match.start()]
        places.setdefault(match[1], []).append((len(text), len(text) + len(match[2])))
        text += match[2]
        end = match.end()
    text += marked[end:]
    relations = ontology.relations()
    named = {letter: spans + places.get(letter.lower(), []) for letter, spans in places.items()
             if letter.isupper() and letter not in _UNMARKED}
    return Made(text, named,
                {pair: (fact, relations[fact].polarity) for pair, fact in facts.items() if fact != _OPEN},
                frozenset(pair for pair, fact in facts.items() if fact == _OPEN))


def _attitude(fact: tuple[str, int] | None) -> Attitude:
    return Attitude(LABELS[fact[1]], fact[0]) if fact else Attitude(LABELS[0], None)


def generate(number: int, seed: int) -> Iterator[Sentence]:
    """So many sentences; the same seed gives the same ones."""
    maker = Maker(seed)
    for _ in range(number):
        yield maker.sentence()


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=20_000, help="how many sentences")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same sentences")
    parser.add_argument("--out", type=Path, required=True, help="the file (JSON Lines)")
    args = parser.parse_args()
    with args.out.open("w", encoding="utf-8") as out:
        for sentence in generate(args.number, args.seed):
            out.write(json.dumps(asdict(sentence), ensure_ascii=False) + "\n")
    sys.stderr.write(f"{args.number} sentences in {args.out}\n")


if __name__ == "__main__":
    main()
