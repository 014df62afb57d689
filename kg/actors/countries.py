"""Countries and what texts call them and their people."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from kg.actors.names import key
from kg.actors.tables import rows

#: The code of the European Union in the tables, and what entities have for it.
UNION, IGO = "EUE", "IGO"
_ARTICLE = re.compile(
    r"^(United|Nether|Philipp|Gambia|Bahamas|Maldives|Czech Rep|Dominican Rep|Central Afr|Dem|Republic"
    r"|European Union|Vatican|Marshall|Solomon|Comoros|Seychelles)"
)


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


@dataclass(slots=True)
class Lands:
    """Countries by code, and keys to codes: names, adjectives, words for the people, capitals."""

    countries: dict[str, Country] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    adjectives: dict[str, str] = field(default_factory=dict)
    peoples: dict[str, str] = field(default_factory=dict)
    capitals: dict[str, str] = field(default_factory=dict)

    def without(self, forms: frozenset[str]) -> Lands:
        """The same without some keys, which someone wants to mean something else."""
        kept = ({f: iso3 for f, iso3 in table.items() if f not in forms} for table in self.tables)
        return Lands(self.countries, *kept)

    @property
    def tables(self) -> tuple[dict[str, str], ...]:
        """Names, adjectives, peoples, capitals."""
        return self.names, self.adjectives, self.peoples, self.capitals


def read() -> Lands:
    """The shipped tables."""
    forms: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for iso3, kind, form, _ in rows("country_forms", "iso3,kind,form,source"):
        forms[iso3][kind].append(form)
    lands = Lands()
    table = [*rows("countries", "iso3,iso2,name,demonym,capital,qid,source")]
    table.append([UNION, "EU", "European Union", "", "", "Q458", "own"])
    for iso3, _, given, demonym, capital, qid, _ in table:
        _add(lands, Country(iso3, given, demonym, capital, qid), forms[iso3])
    lands.capitals = {key(c.capital): c.iso3 for c in lands.countries.values() if c.capital and c.qid}
    lands.capitals.update({key(form): iso3 for form, iso3, _ in rows("capitals", "capital,iso3,source")})
    return lands


def _add(lands: Lands, given: Country, own: dict[str, list[str]]) -> None:
    iso3, name = given.iso3, own["label"][0] if own["label"] else given.name
    adjectives = list(dict.fromkeys([*own["adj"], *([given.adjective] if given.adjective else [])]))
    adjective = adjectives[0] if adjectives else name
    lands.countries[iso3] = Country(iso3, name, adjective, given.capital, given.qid)
    for form in (name, given.name, *own["name"], f"Republic of {given.name}"):
        lands.names.setdefault(key(form), iso3)
    for form in adjectives:
        lands.adjectives.setdefault(key(form), iso3)
        if not form.endswith(("s", "ese", "sh", "ch", "z")):
            lands.peoples.setdefault(key(form + "s"), iso3)
    lands.peoples.update({key(form): iso3 for form in own["people"]})
