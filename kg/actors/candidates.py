"""The one actor that a name can mean beside the words around it; none if two are left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.actors.gazetteer import unknown
from kg.actors.nouns import fits, leading, office_of
from kg.records import Entity, EntityType

if TYPE_CHECKING:
    from kg.actors.gazetteer import Actor, Gazetteer


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


def place(gazetteer: Gazetteer, form: str) -> Entity | None:
    """A town or region, with its canonical spelling."""
    if found := gazetteer.places.city(form):
        return unknown(found.name, EntityType.PLACE, found.iso3, "CVL")
    if found := gazetteer.places.region(form):
        return unknown(found.name, EntityType.PLACE, found.iso3)
    return None


def choose(
    gazetteer: Gazetteer,
    found: list[Actor],
    date: str | None,
    words: list[str],
    countries: frozenset[str] = frozenset(),
) -> Actor | None:
    """The one candidate that fits the words around the name best; None if two are left."""
    if len(found) > 1 and countries:
        found = [a for a in found if a.iso3 in countries] or found
    office = office_of([w.lower() for w in words])
    if len(found) > 1 and office is not None:
        found = [a for a in found if any(fits(leading(office, t.iso3), t) for t in gazetteer.tenures(a))] or found
    if len(found) > 1 and date:
        found = [a for a in found if a.type is not EntityType.PERSON or gazetteer.in_office(a, date)] or found
    best = [a for a in found if a.tier == min(b.tier for b in found)]
    return best[0] if len(best) == 1 else None


def by_surname(
    gazetteer: Gazetteer, words: list[str], date: str | None, titles: list[str] | None = None
) -> Actor | None:
    """Someone known by surname alone: a head of state or government, or the holder of the office named."""
    found = gazetteer.by_surname(words[-1])
    title = " ".join(titles or []).lower()
    if title:
        office = office_of(title.split())
        held = [
            a
            for a in found
            for t in gazetteer.tenures(a)
            if (not date or t.covers(date))
            and ((office is not None and fits(leading(office, t.iso3), t)) or t.role.lower().startswith(title))
        ]
        found = list(dict.fromkeys(held)) or [
            a
            for a in found
            if a.tier == "1"
            and office is not None
            and any(fits(leading(office, t.iso3), t) for t in gazetteer.tenures(a))
        ]
    else:
        found = [a for a in found if a.tier == "1" and any(t.heads for t in gazetteer.tenures(a))]
        ruling = [a for a in found if date and any(t.heads for t in gazetteer.in_office(a, date))]
        found = ruling or found
    return found[0] if len(found) == 1 else None
