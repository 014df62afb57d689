"""The one actor that a name can mean beside the words around it; none if two are left.

A :class:`Choice` holds the candidates for a name. Rules set some aside, each with a reason, and never the last: what
is told first by the words beside the name (a country, an office), then by the date, then by the rest of the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg.actors.gazetteer import unknown
from kg.actors.names import key
from kg.actors.nouns import fits, leading, lexicon, office_of
from kg.records import Entity, EntityType

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from kg.actors.gazetteer import Actor, Gazetteer
    from kg.actors.nouns import Office
    from kg.actors.tenures import Tenure

NAME, ALIAS, SURNAME, SPELLING = "the name", "another name", "the surname", "another spelling of the name"


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands around a name.

    ``words`` before it in lower case; ``countries`` that they name; ``homes`` that an adjective among them tells
    ("the Irish leader"); the ``date``; the countries of the ``text``.
    """

    words: Sequence[str] = ()
    countries: Collection[str] = ()
    homes: Collection[str] = ()
    date: str | None = None
    text: Collection[str] = ()


@dataclass(slots=True)
class Choice:
    """Candidates for a name: those left, and those that a rule set aside."""

    name: str
    how: str
    left: list[Actor]
    lost: list[tuple[Actor, str]] = field(default_factory=list)

    @property
    def actor(self) -> Actor | None:
        """The one that is left."""
        return self.left[0] if len(self.left) == 1 else None

    def keep(self, fit: Callable[[Actor], bool], reason: str) -> None:
        """Set those aside that do not fit, and say why."""
        self.lost += [(a, reason) for a in self.left if not fit(a)]
        self.left = [a for a in self.left if fit(a)]

    def prefer(self, fit: Callable[[Actor], bool], reason: str) -> None:
        """The same, if any fits."""
        if len(self.left) > 1 and any(map(fit, self.left)):
            self.keep(fit, reason)


def settle(gazetteer: Gazetteer, choice: Choice, beside: Beside) -> Choice:
    """Set those candidates aside that fit what stands around the name less well than others do."""
    date, office = beside.date, office_of(beside.words)

    def has_office(office: Office, actor: Actor, on: str | None) -> bool:
        held = gazetteer.tenures(actor)
        return any(fits(leading(office, t.iso3), t) and (not on or t.covers(on)) for t in held)

    def can_be(actor: Actor) -> bool:
        served = (t.iso3 for t in gazetteer.tenures(actor))
        return actor.type is not EntityType.PERSON or bool({actor.iso3, *served} & set(beside.homes))

    if office is not None and beside.homes:
        choice.keep(can_be, f"held no office in {_listed(beside.homes)}")
    if len(choice.left) < 2:
        return choice
    if beside.countries:
        choice.prefer(lambda a: a.iso3 in beside.countries, f"of another country than {_listed(beside.countries)}")
    if office is not None:
        if date and not lexicon("past") & set(beside.words):
            choice.prefer(lambda a: has_office(office, a, date), f"not {office.title} on {date}")
        choice.prefer(lambda a: has_office(office, a, None), f"never {office.title}")
    if date:
        choice.prefer(
            lambda a: a.type is not EntityType.PERSON or bool(gazetteer.in_office(a, date)), f"in no office on {date}"
        )
    if beside.text:
        choice.prefer(lambda a: a.iso3 in beside.text, "of a country that the text does not name")
    best = min(a.tier for a in choice.left)
    choice.prefer(lambda a: a.tier == best, "less well known")
    return choice


def _listed(codes: Collection[str]) -> str:
    return " or ".join(sorted(codes))


def named(gazetteer: Gazetteer, name: str) -> Choice:
    """Everyone and everything of that name, alias or spelling."""
    form = key(name)
    found = gazetteer.actors(form)
    if found:
        return Choice(name, NAME if any(key(a.name) == form for a in found) else ALIAS, found)
    return Choice(name, SPELLING, gazetteer.by_spelling(form))


def people(gazetteer: Gazetteer, name: str, words: Sequence[str]) -> Choice:
    """Who of the lists a name can mean: by the whole of it, without middle initials, as it can be spelled, by surname.

    A surname alone means those who are known best; without a title in ``words`` before it, heads of a country.
    """
    choice = named(gazetteer, name)
    choice.left = [a for a in choice.left if a.type is EntityType.PERSON]
    form = key(name)
    if " " in form:
        short = " ".join(p for p in form.split(" ") if len(p) > 1)
        if not choice.left or choice.how == SPELLING:
            exact = [a for a in gazetteer.actors(short) if a.type is EntityType.PERSON]
            choice = Choice(name, ALIAS, exact) if exact else choice
        return choice
    if not words:
        choice.keep(lambda a: a.is_known, "not known by that name alone")
    if choice.left:
        return choice
    found = [a for a in gazetteer.by_surname(form) if a.is_known]
    if words:
        return Choice(name, SURNAME, found, choice.lost)
    choice = Choice(name, SURNAME, found, choice.lost)
    choice.keep(lambda a: any(t.heads for t in gazetteer.tenures(a)), "never headed a country")
    return choice


def by_surname(
    gazetteer: Gazetteer, name: str, date: str | None, titles: Sequence[str] = (), countries: Collection[str] = ()
) -> Choice:
    """Someone known by surname alone: a head of state or government, or the holder of the office named."""
    found = gazetteer.by_surname(name)
    choice = Choice(name, SURNAME, found) if found else Choice(name, SPELLING, _spelt(gazetteer, name))
    title, office = " ".join(titles), office_of(titles)

    def is_office(tenure: Tenure) -> bool:
        return office is not None and fits(leading(office, tenure.iso3), tenure)

    def holds(actor: Actor) -> bool:
        return any(
            (not date or t.covers(date)) and (is_office(t) or t.role.lower().startswith(title))
            for t in gazetteer.tenures(actor)
        )

    if countries:
        choice.prefer(lambda a: a.iso3 in countries, f"of another country than {_listed(countries)}")
    if not title:
        choice.keep(lambda a: a.is_known and held_head(gazetteer, a), "never headed a country")
        choice.prefer(lambda a: held_head(gazetteer, a, date), f"headed no country on {date}")
    elif any(map(holds, choice.left)):
        choice.keep(holds, f"not {title} on {date}" if date else f"never {title}")
    else:
        choice.keep(lambda a: a.is_known and any(map(is_office, gazetteer.tenures(a))), f"never {title}")
    return choice


def held_head(gazetteer: Gazetteer, actor: Actor, date: str | None = None) -> bool:
    """Whether someone heads a country on a date, or ever did if none is given."""
    return any(t.heads for t in (gazetteer.in_office(actor, date) if date else gazetteer.tenures(actor)))


def _spelt(gazetteer: Gazetteer, name: str) -> list[Actor]:
    return [a for a in gazetteer.by_spelling(name) if a.type is EntityType.PERSON]


def metonym(gazetteer: Gazetteer, form: str) -> Entity | None:
    """What a seat of power stands for: "the Pentagon", "Downing Street"."""
    _, stands_for, iso3, sector, qid, _ = gazetteer.metonyms[form]
    country = gazetteer.countries.get(iso3)
    known = gazetteer.actors(stands_for)
    if known:
        return replace(gazetteer.entity(known[0]), sector=sector)
    if country is not None and sector == "GOV":
        return gazetteer.government(country)
    return Entity(
        unknown(stands_for, EntityType.ORGANIZATION).id,
        stands_for,
        EntityType.ORGANIZATION,
        qid or None,
        iso3 or None,
        sector,
    )


def homeland(gazetteer: Gazetteer, form: str) -> Entity | None:
    """A region or a people within a country: "the West Bank", "Tigrayans"."""
    homelands = gazetteer.places.homelands
    if form in homelands:
        return unknown(form.title(), EntityType.PLACE, homelands[form])
    people = homelands.get(form[:-1]) if form.endswith("s") else None
    return unknown(form.title(), EntityType.GROUP, people) if people else None


def place(gazetteer: Gazetteer, form: str, countries: Collection[str] = ()) -> Entity | None:
    """A town or region, with its canonical spelling."""
    if found := gazetteer.places.city(form, countries):
        return unknown(found.name, EntityType.PLACE, found.iso3, "CVL")
    if found := gazetteer.places.region(form, countries):
        return unknown(found.name, EntityType.PLACE, found.iso3)
    return None
