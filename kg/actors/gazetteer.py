"""The shipped lists of actors: names to candidates, offices to holders, holders to offices, nouns to sectors.

Tables are read as lines and cut up only where a lookup needs them, so that loading 24,000 people with 37,000 tenures
takes a fraction of a second. Nothing here needs spaCy.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING

from kg.actors.names import key, repaired, slug
from kg.actors.tables import lines, rows
from kg.actors.tenures import STALE, Tenure
from kg.ontology import ENTITY
from kg.records import Entity, EntityType

if TYPE_CHECKING:
    from collections.abc import Iterable

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
_IGO = {"EUE": "IGO"}
_SURNAME_FIRST = frozenset(("CHN", "KOR", "PRK", "TWN", "VNM", "KHM"))
_ARTICLE = re.compile(
    r"^(United|Nether|Philipp|Gambia|Bahamas|Maldives|Czech Rep|Dominican Rep|Central Afr|Dem|Republic"
    r"|European Union|Vatican|Marshall|Solomon|Comoros|Seychelles)"
)


@dataclass(frozen=True, slots=True)
class Actor:
    """A row of the gazetteer: someone or something that can be named."""

    key: str
    name: str
    type: EntityType
    qid: str = ""
    iso3: str = ""
    sector: str = ""
    tier: str = "2"


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its names; ``adjective`` is the usual demonym."""

    iso3: str
    name: str
    adjective: str
    capital: str
    qid: str

    @property
    def article(self) -> str:
        """The name as it stands in running text: ``the United States``."""
        return f"the {self.name}" if _ARTICLE.match(self.name) else self.name


@dataclass(eq=False)
class Gazetteer:
    """All lists, indexed. Use :func:`load`, which keeps one."""

    _people: list[str]
    _tenures: dict[str, list[str]]
    _organisations: list[str]
    _index: dict[str, list[int]]
    first_words: dict[str, int]
    _surnames: dict[str, list[int]]
    countries: dict[str, Country]
    _names: dict[str, str]
    _adjectives: dict[str, str]
    _peoples: dict[str, str]
    metonyms: dict[str, list[str]]
    _capitals: dict[str, str]
    _cache: dict[int, Actor] = field(default_factory=dict)

    # -- names ---------------------------------------------------------------------------------------------------
    def _actor(self, number: int) -> Actor:
        """People have numbers from 0, organisations from -1 downwards."""
        if number not in self._cache:
            if number >= 0:
                ident, name, _, qid, iso3, tier, _ = self._people[number].split(",")
                self._cache[number] = Actor(ident, name, EntityType.PERSON, qid, iso3, "", tier)
            else:
                name, _, qid, iso3, kind, sector, source = self._organisations[-number - 1].split(",")
                known = "1" if "curated" in source or "own" in source else "2" if kind != "party" else "3"
                self._cache[number] = Actor(
                    f"o{-number}", name, _TYPES.get(kind, EntityType.ORGANIZATION), qid, iso3, sector, known
                )
        return self._cache[number]

    def actors(self, name: str) -> list[Actor]:
        """People and organisations of that name or alias, best known first."""
        form = key(name)
        found = sorted((self._actor(n) for n in self._index.get(form, ())), key=lambda a: a.tier)
        if " " not in form or not found:
            return found
        found = [a for a in found if a.type is not EntityType.ARMED_GROUP or not self._is_someone_else(form, a)]
        own = [a for a in found if a.type is EntityType.PERSON and key(a.name) == form]
        return own or found  # a full name means who bears it, not who has it among the aliases

    def _is_someone_else(self, form: str, actor: Actor) -> bool:
        """Whether the alias of an armed group is in truth a person that a source put beside it."""
        words = form.split(" ")
        return not set(words) & set(key(actor.name).split(" ")) and bool(self.gender(words[0]))

    def by_surname(self, name: str) -> list[Actor]:
        """People whose name ends in these words."""
        return [self._actor(n) for n in self._surnames.get(key(name), ())]

    def surname_first(self, name: str) -> bool:
        """Whether a person of that name is from where the surname stands first."""
        return any(a.iso3 in _SURNAME_FIRST for a in self.actors(name))

    def country(self, name: str) -> Country | None:
        """The country of that name: ``the UK``, ``Russian Federation``."""
        iso3 = self._names.get(key(name))
        return self.countries[iso3] if iso3 else None

    def demonym(self, word: str) -> Country | None:
        """The country of an adjective or a word for its people: ``Russian``, ``Danes``."""
        form = key(word)
        iso3 = self._adjectives.get(form) or self._peoples.get(form)
        return self.countries[iso3] if iso3 else None

    def people_of(self, word: str) -> Country | None:
        """The country whose citizens the word names: ``Russians``, but not ``Russian``."""
        iso3 = self._peoples.get(key(word))
        return self.countries[iso3] if iso3 else None

    def capital(self, name: str) -> Country | None:
        """The country whose capital that is."""
        iso3 = self._capitals.get(key(name))
        return self.countries[iso3] if iso3 else None

    # -- offices ---------------------------------------------------------------------------------------------------
    def tenures(self, actor: Actor) -> list[Tenure]:
        """The offices that a person holds or held, in the order of their starts."""
        return [Tenure(*line.split(",")[1:9]) for line in self._tenures.get(actor.key, ())]

    def in_office(self, actor: Actor, date: str) -> list[Tenure]:
        """The person's offices on a date, highest first; of an open end only where the source is not much older."""
        held = [t for t in self.tenures(actor) if t.covers(date) and t.known_at(date, 2 * STALE)]
        return sorted(held, key=lambda t: (t.iso3 != actor.iso3, t.tier, not t.heads, not t.start))

    @cached_property
    def _offices(self) -> dict[tuple[str, str], list[tuple[str, Tenure]]]:
        found: dict[tuple[str, str], list[tuple[str, Tenure]]] = defaultdict(list)
        for ident, held in self._tenures.items():
            for line in held:
                fields = line.split(",")
                found[fields[3], fields[2]].append((ident, Tenure(*fields[1:9])))
        return found

    def holders(self, iso3: str, role_class: str, date: str) -> list[tuple[Actor, Tenure]]:
        """Who held an office of that class in a country on a date; the one appointed last comes first."""
        found = [
            (ident, t)
            for ident, t in self._offices.get((iso3, role_class), ())
            if t.start and t.covers(date) and t.known_at(date)
        ]
        found.sort(key=lambda pair: (pair[1].start, pair[1].asof), reverse=True)
        return [(self._actor(int(ident[1:])), t) for ident, t in found]

    # -- nouns, places, first names ------------------------------------------------------------------------------------
    @cached_property
    def sectors(self) -> dict[str, str]:
        """Role nouns (several words too) to PLOVER sectors."""
        return {key(noun): sector for noun, sector, _ in rows("sectors", "noun,sector,source")}

    @cached_property
    def cities(self) -> dict[str, tuple[str, str, int]]:
        """Cities to their name, country and population; the largest of a name."""
        found: dict[str, tuple[str, str, int]] = {}
        for line in lines("cities", "name,iso3,population"):
            name, iso3, population = line.split(",")
            found.setdefault(key(name), (name, iso3, int(population)))
        return found

    @cached_property
    def region_homes(self) -> dict[str, tuple[str, ...]]:
        """States and provinces to the countries that have one of that name."""
        return {form: tuple(dict.fromkeys(iso3 for _, iso3 in found)) for form, found in self._regions.items()}

    @cached_property
    def _regions(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for line in lines("regions", "name,iso3"):
            name, iso3 = line.split(",")
            found[key(name)].append((name, iso3))
        return found

    @cached_property
    def regions(self) -> dict[str, tuple[str, str]]:
        """States and provinces to their name and country; those of two countries are left out."""
        return {form: found[-1] for form, found in self._regions.items() if len({iso3 for _, iso3 in found}) == 1}

    @cached_property
    def homelands(self) -> dict[str, str]:
        """Peoples and regions within a country to its code: ``Scottish``, ``Catalan``."""
        return {key(form): iso3 for form, iso3, _ in rows("region_forms", "form,iso3,source")}

    @cached_property
    def _genders(self) -> dict[str, str]:
        return {key(n): g for n, g in (line.split(",") for line in lines("firstnames", "name,gender"))}

    def gender(self, first_name: str) -> str:
        """``f``, ``m`` or, if unknown, an empty string."""
        return self._genders.get(key(first_name), "")

    # -- entities ----------------------------------------------------------------------------------------------------
    def country_entity(self, country: Country) -> Entity:
        """The country itself, as it acts ("Russia bombed"): no sector."""
        if country.iso3 == "EUE":
            return Entity(ENTITY + "European_Union", country.name, EntityType.ORGANIZATION, country.qid, "IGO", "IGO")
        return Entity(
            ENTITY + slug(country.name),
            country.name,
            EntityType.COUNTRY,
            country.qid or None,
            _IGO.get(country.iso3, country.iso3),
            None,
        )

    def government(self, country: Country) -> Entity:
        """The government of a country ("the Kremlin", "Moscow", "Russian officials")."""
        name = f"Government of {country.article}"
        return Entity(
            ENTITY + slug(f"Government of {country.name}"),
            name,
            EntityType.GOVERNMENT,
            self._government_ids.get(country.iso3),
            _IGO.get(country.iso3, country.iso3),
            "GOV",
        )

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
        iso3, sector = actor.iso3 or None, actor.sector or None
        if actor.type is EntityType.GOVERNMENT and actor.iso3 in self.countries:
            return self.government(self.countries[actor.iso3])
        if actor.type is EntityType.PERSON:
            iso3, sector = self._person_sector(actor, date)
        elif date and (
            ruling := [t for t in self._tenures.get(f"o:{actor.name}", ()) if Tenure(*t.split(",")[1:9]).covers(date)]
        ):
            sector = ruling[0].split(",")[4]
        ident = slug(actor.name) + (f"_{actor.qid}" if self._homonym(actor) and actor.qid else "")
        return Entity(ENTITY + ident, actor.name, actor.type, actor.qid or None, _IGO.get(iso3 or "", iso3), sector)

    def _person_sector(self, actor: Actor, date: str | None) -> tuple[str | None, str | None]:
        tenures = self.tenures(actor)
        held = self.in_office(actor, date) if date else tenures
        if held:
            return held[0].iso3 or actor.iso3 or None, held[0].sector or None
        past = [t for t in tenures if date and t.end and t.end < date and t.tier != "3"]
        return actor.iso3 or None, "ELI" if past else None

    def _homonym(self, actor: Actor) -> bool:
        same = [a for a in self.actors(actor.name) if key(a.name) == key(actor.name)]
        return len(same) > 1 and same[0] != actor


def unknown(name: str, kind: EntityType, country: str | None = None, sector: str | None = None) -> Entity:
    """An actor that no list has: its id comes from its name, so that it is one across documents."""
    name = repaired(name)
    return Entity(f"{ENTITY}x-{slug(key(name))}", name, kind, None, country, sector)


def _country_tables() -> tuple[dict[str, Country], dict[str, str], dict[str, str], dict[str, str]]:
    forms: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for iso3, kind, form, _ in rows("country_forms", "iso3,kind,form,source"):
        forms[iso3][kind].append(form)
    countries: dict[str, Country] = {}
    names: dict[str, str] = {}
    adjectives: dict[str, str] = {}
    peoples: dict[str, str] = {}
    table = list(rows("countries", "iso3,iso2,name,demonym,capital,qid,source"))
    table.append(["EUE", "EU", "European Union", "", "", "Q458", "own"])
    for iso3, _, given, demonym, capital, qid, _ in table:
        own = forms[iso3]
        name = own["label"][0] if own["label"] else given
        all_adjectives = list(dict.fromkeys([*own["adj"], *([demonym] if demonym else [])]))
        countries[iso3] = Country(iso3, name, all_adjectives[0] if all_adjectives else name, capital, qid)
        for form in (name, given, *own["name"], f"Republic of {given}"):
            names.setdefault(key(form), iso3)
        for form in all_adjectives:
            adjectives.setdefault(key(form), iso3)
            if not form.endswith(("s", "ese", "sh", "ch", "z")):
                peoples.setdefault(key(form + "s"), iso3)
        peoples.update({key(form): iso3 for form in own["people"]})
    return countries, names, adjectives, peoples


def _index(
    people: Iterable[str],
    organisations: Iterable[str],
) -> tuple[dict[str, list[int]], dict[str, int], dict[str, list[int]]]:
    index: dict[str, list[int]] = {}
    surnames: dict[str, list[int]] = {}
    for number, line in enumerate(people):
        _, name, aliases, _, iso3, _ = line.split(",", 5)
        form = key(name)
        index.setdefault(form, []).append(number)
        first, _, _ = form.partition(" ")
        surnames.setdefault(first if iso3 in _SURNAME_FIRST else form.rsplit(" ", 1)[-1], []).append(number)
        for alias in aliases.split("|") if aliases else ():
            form = key(alias)
            found = index.setdefault(form, [])
            if number not in found:
                found.append(number)
    for number, line in enumerate(organisations):
        name, aliases, _ = line.split(",", 2)
        for form in {key(name), *(key(a) for a in aliases.split("|") if a)}:
            index.setdefault(form, []).append(-number - 1)
    longest: dict[str, int] = {}
    for form in index:
        first, size = form.split(" ", 1)[0], form.count(" ") + 1
        if size > longest.get(first, 0):
            longest[first] = size
    return index, longest, surnames


@cache
def load() -> Gazetteer:
    """The gazetteer that is shipped, read once a process (about 0.3 s)."""
    people = lines("people", "key,name,aliases,qid,iso3,tier,source")
    tenures: dict[str, list[str]] = {}
    for line in lines("tenures", "key,role,role_class,iso3,sector,tier,start,end,asof,source"):
        tenures.setdefault(line[: line.index(",")], []).append(line)
    header = "name,aliases,qid,iso3,type,sector,source"
    organisations = lines("organisations", header)
    countries, names, adjectives, peoples = _country_tables()
    index, first, surnames = _index(people, organisations)
    for form in (*names, *adjectives, *peoples):
        word, *others = form.split(" ")
        first[word] = max(first.get(word, 0), len(others) + 1)
    metonyms: dict[str, list[str]] = {}
    for fields in rows("metonyms", "metonym,stands_for,iso3,sector,qid,source"):
        metonyms[key(fields[0])] = fields
    capitals = {key(c.capital): c.iso3 for c in countries.values() if c.capital and c.qid}
    capitals.update({key(form): iso3 for form, iso3, _ in rows("capitals", "capital,iso3,source")})
    for form in (*metonyms, *capitals):
        word, *others = form.split(" ")
        first[word] = max(first.get(word, 0), len(others) + 1)
    return Gazetteer(
        people,
        tenures,
        organisations,
        index,
        first,
        surnames,
        countries,
        names,
        adjectives,
        peoples,
        metonyms,
        capitals,
    )
