"""Bodies without a name of their own: a state's ministry or army, by its country or the town where it sits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.actors.gazetteer import unknown
from kg.actors.linking import choose_organisation
from kg.actors.nouns import lexicon
from kg.records import EntityType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.actors.context import Context
    from kg.actors.gazetteer import Country
    from kg.actors.nouns import Noun
    from kg.records import Entity

_SPELLINGS = {"defense": "defence", "defence": "defense"}


def of_state(context: Context, country: Country, words: Sequence[str], entry: Noun) -> Entity:
    """The body of a country that some words name ("defence", "ministry"): of the lists, or by the country's adjective.

    The name is the same however the text says whose it is, so that the body meets across documents.
    """
    own = " ".join(words)
    other = " ".join(_SPELLINGS.get(w, w) for w in words)
    for form in dict.fromkeys((own, other)):
        for name in (f"{country.adjective} {form}", f"{country.name} {form}"):
            actor, _ = choose_organisation(context, name)
            if actor is not None and actor.iso3 == country.iso3:
                return context.gazetteer.entity(actor, context.date)
    return unknown(f"{country.adjective} {own}", _type(entry), country.iso3, entry.sector or None)


def of_place(place: Entity, words: Sequence[str], entry: Noun) -> Entity:
    """A body by the town or region where it sits: "the health ministry in Gaza"."""
    return unknown(f"{place.name} {' '.join(words)}", _type(entry), place.country, entry.sector or None)


def is_of_state(entry: Noun) -> bool:
    """Whether each country has such a body."""
    return entry.noun in lexicon("bodies of a state")


def homed(context: Context, entity: Entity) -> Entity:
    """An unnamed actor with its country in the id, unless its words tell it: prisoners of two countries are two."""
    iso3 = entity.country
    if iso3 is None:
        return entity
    gazetteer = context.gazetteer
    told = any(
        (c := gazetteer.country(w) or gazetteer.demonym(w) or gazetteer.capital(w)) and c.iso3 == iso3
        for w in (entity.name, *entity.name.split())
    )
    return entity if told else replace(entity, id=f"{entity.id}_{iso3}")


def _type(entry: Noun) -> EntityType:
    return EntityType.MILITARY if entry.kind == "force" else EntityType.ORGANIZATION
