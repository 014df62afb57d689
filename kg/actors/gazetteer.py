"""The shipped lists of actors: names to candidates, offices to holders, holders to offices, nouns to sectors.

Tables are read when a lookup first needs them, as lines that are cut up one by one, and names are looked up in indexes
that are shipped with the tables, so that the first answer takes a tenth of a second. Nothing here needs spaCy.
"""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING

from kg.actors import countries
from kg.actors.names import key, parts, repaired, slug, spelling, spellings_of
from kg.actors.offices import Offices
from kg.actors.places import Places
from kg.actors.tables import lines, rows, scripts
from kg.actors.tenures import STALE, SUPPLIED
from kg.ontology import ENTITY
from kg.records import Entity, EntityType

if TYPE_CHECKING:

    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kg.actors.countries import Country as Country
    from kg.actors.countries import Lands
    from kg.actors.tenures import Tenure

_TYPES = {
    "party": EntityType.PARTY,
    "armed group": EntityType.ARMED_GROUP,
    "armed forces": EntityType.MILITARY,
    "newspaper": EntityType.MEDIA,
    "broadcaster": EntityType.MEDIA,
    "news agency": EntityType.MEDIA,
    "media": EntityType.MEDIA,
    "magazine": EntityType.MEDIA,
    "social media": EntityType.MEDIA,
    "government": EntityType.GOVERNMENT,
    "country": EntityType.COUNTRY,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A row of the gazetteer: someone or something that can be named.

    Tiers run from ``1`` (known best) to ``3``; what users supply has ``0``.
    """

    key: str
    name: str
    type: EntityType
    qid: str = ""
    iso3: str = ""
    sector: str = ""
    tier: str = "2"
    source: str = ""

    @property
    def is_known(self) -> bool:
        """Whether it is known well enough to be meant by a surname or an abbreviation alone."""
        return self.tier <= "1"

    @property
    def is_supplied(self) -> bool:
        """Whether a user supplied it."""
        return self.tier == SUPPLIED


@dataclass(frozen=True, slots=True)
class Standing:
    """The country and sector that an actor has on a date, and the office that gives them, if one does."""

    iso3: str
    sector: str
    tenure: Tenure | None = None


@dataclass(frozen=True, slots=True)
class Additions:
    """Actors from elsewhere: rows by key, their offices, and which names, surnames and spellings mean them."""

    actors: dict[str, Actor] = field(default_factory=dict)
    tenures: dict[str, list[Tenure]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    surnames: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)


class Gazetteer:
    """All lists, indexed. Use :func:`load`, which keeps one."""

    version = ""  #: names what users supplied, so that it can be told from which lists a graph was made

    def __init__(self) -> None:
        self._actors: dict[str, Actor] = {}
        self.offices = Offices()

    def extended(self, additions: Additions, version: str) -> Gazetteer:
        """The same with more actors: where names collide, those added win."""
        new = copy(self)
        forms = frozenset(additions.names)
        new.version, new.offices = version, Offices(additions.tenures)
        new._actors = {**self._actors, **additions.actors}
        new._index = {**self._index, **additions.names}
        new._surnames = {**self._surnames, **additions.surnames}
        new._spellings = {**self._spellings, **additions.spellings}
        new.lands = self.lands.without(forms)
        new.metonyms = {form: row for form, row in self.metonyms.items() if form not in forms}
        new.__dict__.pop("first_words", None)
        return new

    # -- tables ------------------------------------------------------------------------------------------------------
    @cached_property
    def _people(self) -> list[str]:
        return lines("people", "key,name,aliases,qid,iso3,tier,source")

    @cached_property
    def _organisations(self) -> list[str]:
        return lines("organisations", "name,aliases,qid,iso3,type,sector,source")

    @cached_property
    def _index(self) -> dict[str, str]:
        return _index("index_names")

    @cached_property
    def _surnames(self) -> dict[str, str]:
        return _index("index_surnames")

    @cached_property
    def _spellings(self) -> dict[str, str]:
        return _index("index_spellings")

    @cached_property
    def lands(self) -> Lands:
        """Countries and their names."""
        return countries.read()

    @cached_property
    def metonyms(self) -> dict[str, list[str]]:
        """Seats of power to their rows."""
        found: dict[str, list[str]] = {}
        for fields in rows("metonyms", "metonym,stands_for,iso3,sector,qid,source"):
            found[key(fields[0])] = fields
        return found

    @cached_property
    def first_words(self) -> dict[str, int]:
        """First words of names to the number of words in the longest name that begins so."""
        longest: dict[str, int] = {}
        for table in (self._index, *self.lands.tables, dict.fromkeys(self.metonyms, "")):
            for form in table:
                first, size = form.split(" ", 1)[0], form.count(" ") + 1
                if size > longest.get(first, 0):
                    longest[first] = size
        return longest

    @cached_property
    def places(self) -> Places:
        """Cities, states and provinces, peoples within a country."""
        return Places()

    def idents(self, index: str) -> dict[str, str]:
        """An index (``names``, ``surnames``, ``spellings``): forms to the keys of actors, with blanks between them."""
        return {"names": self._index, "surnames": self._surnames, "spellings": self._spellings}[index]

    # -- names ---------------------------------------------------------------------------------------------------------
    def _actor(self, ident: str) -> Actor:
        found = self._actors.get(ident)
        if found is None:
            number = int(ident[1:])
            found = self._person(number) if ident[0] == "p" else self._body(number)
            self._actors[ident] = found
        return found

    def _person(self, number: int) -> Actor:
        ident, name, _, qid, iso3, tier, source = self._people[number].split(",")
        return Actor(ident, name, EntityType.PERSON, qid, iso3, "", tier, source)

    def _body(self, number: int) -> Actor:
        """Organisations are numbered from 1."""
        name, _, qid, iso3, kind, sector, source = self._organisations[number - 1].split(",")
        tier = "1" if "curated" in source or "own" in source else "2" if kind != "party" else "3"
        return Actor(f"o{number:05}", name, _TYPES.get(kind, EntityType.ORGANIZATION), qid, iso3, sector, tier, source)

    def _of(self, idents: str) -> list[Actor]:
        return [self._actor(ident) for ident in idents.split()]

    def actors(self, name: str) -> list[Actor]:
        """People and organisations of that name or alias, best known first."""
        form = key(name)
        found = sorted(self._of(self._index.get(form, "")), key=lambda a: a.tier)
        if " " not in form or not found:
            return found
        found = [a for a in found if a.type is not EntityType.ARMED_GROUP or not self._is_someone_else(form, a)]
        own = [a for a in found if a.type is EntityType.PERSON and key(a.name) == form]
        return own or found  # a full name means who bears it, not who has it among the aliases

    def _is_someone_else(self, form: str, actor: Actor) -> bool:
        """Whether the alias of an armed group is in truth a person that a source put beside it."""
        words = form.split(" ")
        return not set(words) & set(key(actor.name).split(" ")) and bool(self.gender(words[0]))

    @cached_property
    def _wikidata(self) -> dict[str, str]:
        found = {line.split(",", 4)[3]: line[: line.index(",")] for line in self._people}
        return found | {line.split(",", 3)[2]: f"o{n:05}" for n, line in enumerate(self._organisations, 1)}

    def by_wikidata(self, qid: str) -> Actor | None:
        """Who or what has a Wikidata id."""
        ident = self._wikidata.get(qid)
        return self._actor(ident) if ident else None

    def by_surname(self, name: str) -> list[Actor]:
        """People whose name ends in these words."""
        return self._of(self._surnames.get(key(name), ""))

    def by_spelling(self, name: str) -> list[Actor]:
        """Actors whose name from another script, or in another order of its parts, can be spelled so."""
        form = key(name)
        found = (a for spelt in spellings_of(form) for a in self._of(self._spellings.get(spelt, "")))
        return [a for a in dict.fromkeys(found) if self._cut_alike(form, a)] if len(form) > 4 else []

    def _cut_alike(self, form: str, actor: Actor) -> bool:
        """Whether a name and one that it may spell have the same parts, if as many: "Asad Umar", not "Asa Dumar"."""
        if actor.type is not EntityType.PERSON or actor.is_supplied:
            return True
        _, name, aliases, _ = self._people[int(actor.key[1:])].split(",", 3)
        same = [k for k in map(key, (name, *aliases.split("|"))) if spelling(k) == spelling(form)]
        counts = form.count(" ")
        return not same or any(k.count(" ") != counts or parts(k) == parts(form) for k in same)

    def surname_first(self, name: str) -> bool:
        """Whether a person of that name is from where the surname stands first."""
        return any(scripts().get(a.iso3) == "surname first" for a in self.actors(name))

    # -- countries -----------------------------------------------------------------------------------------------------
    @property
    def countries(self) -> dict[str, Country]:
        """Codes to countries."""
        return self.lands.countries

    def country(self, name: str) -> Country | None:
        """The country of that name: ``the UK``, ``Russian Federation``."""
        return self._land(self.lands.names, name)

    def demonym(self, word: str) -> Country | None:
        """The country of an adjective or a word for its people: ``Russian``, ``Danes``."""
        return self._land(self.lands.adjectives, word) or self.people_of(word)

    def people_of(self, word: str) -> Country | None:
        """The country whose citizens the word names: ``Russians``, but not ``Russian``."""
        return self._land(self.lands.peoples, word)

    def capital(self, name: str) -> Country | None:
        """The country whose capital that is."""
        return self._land(self.lands.capitals, name)

    def _land(self, table: dict[str, str], name: str) -> Country | None:
        iso3 = table.get(key(name))
        return self.lands.countries[iso3] if iso3 else None

    # -- offices -------------------------------------------------------------------------------------------------------
    def tenures(self, actor: Actor) -> list[Tenure]:
        """The offices that an actor holds or held: a person's, or a movement's that rules a country."""
        return self.offices.tenures(actor.key)

    def in_office(self, actor: Actor, date: str) -> list[Tenure]:
        """The person's offices on a date, highest first; of an open end only where the source is not much older."""
        held = [t for t in self.tenures(actor) if t.covers(date) and t.known_at(date, 2 * STALE)]
        return sorted(held, key=lambda t: (t.iso3 != actor.iso3, t.tier, not t.heads, not t.start))

    def holders(self, iso3: str, role_class: str, date: str) -> list[tuple[Actor, Tenure]]:
        """Who held an office of that class in a country on a date; the one appointed last comes first."""
        return [(self._actor(ident), t) for ident, t in self.offices.holders(iso3, role_class, date)]

    def head_of(self, names: Iterable[str], titles: Sequence[str], date: str) -> tuple[Actor, Tenure] | None:
        """Who heads a body or place of some names under the titles on a date; None if nobody is known, or two are."""
        found = self.offices.heads_of(names, titles, date)
        return (self._actor(found[0]), found[1]) if found else None

    def names_of(self, body: Actor) -> list[str]:
        """The names of a body of the shipped lists, or the one of another."""
        if body.is_supplied:
            return [body.name]
        _, aliases, _ = self._organisations[int(body.key[1:]) - 1].split(",", 2)
        return [body.name, *filter(None, aliases.split("|"))]

    # -- nouns, first names --------------------------------------------------------------------------------------------
    @cached_property
    def sectors(self) -> dict[str, str]:
        """Role nouns (several words too) to PLOVER sectors."""
        return {key(noun): sector for noun, sector, _ in rows("sectors", "noun,sector,source")}

    @cached_property
    def _genders(self) -> dict[str, str]:
        own = {key(n): g for n, g, _ in rows("own_firstnames", "name,gender,source")}
        return {key(n): g for n, g in (line.split(",") for line in lines("firstnames", "name,gender"))} | own

    def gender(self, first_name: str) -> str:
        """``f``, ``m`` or, if unknown, an empty string."""
        return self._genders.get(key(first_name), "")

    # -- entities ------------------------------------------------------------------------------------------------------
    def country_entity(self, country: Country) -> Entity:
        """The country itself, as it acts ("Russia bombed"): no sector."""
        if country.iso3 == countries.UNION:
            union, igo = ENTITY + "European_Union", countries.IGO
            return Entity(union, country.name, EntityType.ORGANIZATION, country.qid, igo, "IGO")
        ident = ENTITY + slug(country.name)
        return Entity(ident, country.name, EntityType.COUNTRY, country.qid or None, country.iso3, None)

    def government(self, country: Country) -> Entity:
        """The government of a country ("the Kremlin", "Moscow", "Russian officials")."""
        ident, name = slug(f"Government of {country.name}"), f"Government of {country.article}"
        qid, iso3 = self._government_ids.get(country.iso3), _shown(country.iso3)
        return Entity(ENTITY + ident, name, EntityType.GOVERNMENT, qid, iso3, "GOV")

    @cached_property
    def _government_ids(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self._organisations:
            name, _, qid, iso3, kind, _, _ = line.split(",")
            if kind == "government" and qid and re.match(r"(Federal )?Government of ", name):
                found.setdefault(iso3, qid)
        return found

    def entity(self, actor: Actor, date: str | None = None) -> Entity:
        """The entity of a row; the sector of a person is that of the office held on the date."""
        if actor.type is EntityType.GOVERNMENT and actor.iso3 in self.countries and not actor.is_supplied:
            return self.government(self.countries[actor.iso3])
        now = self.standing(actor, date)
        ident = slug(actor.name) + (f"_{actor.qid}" if self._homonym(actor) and actor.qid else "")
        qid, iso3 = actor.qid or None, _shown(now.iso3)
        return Entity(ENTITY + ident, actor.name, actor.type, qid, iso3, now.sector or None)

    def standing(self, actor: Actor, date: str | None = None) -> Standing:
        """Country and sector on a date: of the office then held or just given up, ``ELI`` after a high one."""
        if actor.type is not EntityType.PERSON or actor.sector:
            ruling = [t for t in self.tenures(actor) if date and t.covers(date)]
            return Standing(actor.iso3, ruling[0].sector if ruling else actor.sector, ruling[0] if ruling else None)
        tenures = self.tenures(actor)
        held = self.in_office(actor, date) if date else tenures
        held = held or [t for t in tenures if date and t.just_ended(date)]
        if held:
            return Standing(held[0].iso3 or actor.iso3, held[0].sector, held[0])
        past = [t for t in tenures if date and t.end and t.end < date and t.tier != "3"]
        return Standing(actor.iso3, "ELI", past[-1]) if past else Standing(actor.iso3, "")

    def _homonym(self, actor: Actor) -> bool:
        same = [a for a in self.actors(actor.name) if key(a.name) == key(actor.name)]
        return len(same) > 1 and same[0] != actor


def unknown(name: str, kind: EntityType, country: str | None = None, sector: str | None = None) -> Entity:
    """An actor that no list has: its id comes from its name, so that it is one across documents."""
    name = repaired(name)
    return Entity(f"{ENTITY}x-{slug(key(name))}", name, kind, None, country, sector)


def _shown(iso3: str) -> str | None:
    return (countries.IGO if iso3 == countries.UNION else iso3) or None


def _index(name: str) -> dict[str, str]:
    return dict(line.split(",", 1) for line in lines(name, "form,actors"))


@cache
def _shipped() -> Gazetteer:
    return Gazetteer()


def load(actors: str | Path | None = None) -> Gazetteer:
    """The gazetteer that is shipped, one for a process; with the actors of a file, if one is given.

    Raises
    ------
    UsageError
        If the file cannot be read or is malformed (see :mod:`kg.actors.supplied`).
    """
    if actors is None:
        return _shipped()
    from kg.actors.supplied import extended

    return extended(_shipped(), actors)
