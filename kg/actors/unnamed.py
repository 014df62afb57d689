"""What a phrase without a name stands for: who holds an office, a body of a country, a country and a sector."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.actors.gazetteer import unknown
from kg.actors.nouns import holder, lexicon, nouns, office_of
from kg.actors.sectors import has_sector, head_of, sector_of
from kg.records import Entity, EntityType

if TYPE_CHECKING:
    from kg.actors.countries import Country
    from kg.actors.gazetteer import Gazetteer
    from kg.actors.wording import Name, Phrase

_LANDS = (EntityType.COUNTRY, EntityType.PLACE)


def description(phrase: Phrase, names: list[Name]) -> Entity | None:
    """A phrase that is not a name: the office holder, a body of a country, or country and sector."""
    lists, lower, say = phrase.gazetteer, phrase.lower, phrase.trace.say
    home = next((n.entity for n in names if n.entity.type in _LANDS and n.entity.country), None)
    country = _country(phrase, names, home)
    outside = [w for i, w in enumerate(lower) if not any(n.start <= i < n.end for n in names)]
    told = sector_of(lists, outside)
    sector = "ELI" if phrase.past else told.code if told else None
    if not phrase.past and (held := _holder(phrase, names, outside, country)) is not None:
        return held
    if "ambassador" in lower and (delegate := _delegate(phrase, names)) is not None:
        return delegate
    if phrase.past:
        say("sector", "ELI, former elite: the phrase says so")
    elif told:
        say("sector", f"{told.code}, from “{told.words}” ({told.table})")
    owners = sorted(names, key=lambda n: (_LANDS.index(n.entity.type) + 1 if n.entity.type in _LANDS else 0, -n.rank))
    owner = owners[0].entity if owners else None
    head = nouns().get(head_of(outside))
    kind = head.kind if head else ""
    body = owner if owner is not None and owner.type not in _LANDS else None
    if body is not None and body.country == "IGO" and kind == "office" and not phrase.past:
        sector = sector or "GOV"
    elif body is not None and body.country == "NGO" and phrase.homes:
        sector = sector or body.sector  # "the Kenyan Red Cross" is one of its own
    elif body is not None and not phrase.past and _stands_for(lists, body, outside, sector):
        say("read as", f"{body.name} itself: the words beside the name say only who or which part of it")
        return replace(body, country=body.country or country)
    sector = sector or (body.sector if body else None)
    of_state = kind in ("government", "official", "spokes") and sector in (None, "GOV", "JRN") and not phrase.past
    if of_state and home is not None and home.type is EntityType.COUNTRY and country in lists.countries:
        say("read as", f"the government of {lists.countries[country].article}, whose “{head_of(outside)}” it is")
        return lists.government(lists.countries[country])
    if country is None and sector is None:
        return _bare(phrase)
    say("read as", "an actor without a name: its country and the sector of its head noun")
    name = re.sub(r"^(the|a|an) ", "", phrase.text, flags=re.I)
    return unknown(name, _type(sector, lower), country, sector)


def _country(phrase: Phrase, names: list[Name], home: Entity | None) -> str | None:
    """The country that a phrase points to: by a country or place in it, another name, a people within a country."""
    homelands = phrase.gazetteer.places.homelands
    named = home or next((n.entity for n in names if n.entity.country), None)
    if named is not None:
        phrase.trace.say("country", f"{named.country}, from {named.name}")
        return named.country
    word = next((form for form in phrase.forms if form in homelands), None)
    if word is None:
        return None
    phrase.trace.say("country", f"{homelands[word]}, where {word.title()} is a people or a region (region_forms.csv)")
    return homelands[word]


def _delegate(phrase: Phrase, names: list[Name]) -> Entity | None:
    """An ambassador to the United Nations, whose office has a name of its own."""
    home = next((n.entity for n in names if n.entity.type is EntityType.COUNTRY), None)
    if home is None or not any(n.entity.name == "United Nations" for n in names):
        return None
    land = phrase.gazetteer.countries[home.country or ""].article
    phrase.trace.say("read as", "the office of an ambassador to the United Nations, by its own name")
    return unknown(f"Permanent Representative of {land} to the United Nations", EntityType.PERSON, home.country, "GOV")


def _bare(phrase: Phrase) -> Entity | None:
    """A single capitalised word that no list knows is somebody's name; anything else is nobody."""
    word = phrase.words[0]
    if len(phrase.words) > 1 or not word[0].isupper() or word.lower() in lexicon("bare pronouns"):
        return None
    if has_sector(phrase.gazetteer, word.lower()):
        return None
    phrase.trace.say("name", f"no list has “{word}”: an actor of its own, the same wherever the name stands")
    return unknown(word, EntityType.OTHER)


def _holder(phrase: Phrase, names: list[Name], outside: list[str], country: str | None) -> Entity | None:
    """Who holds the office that the phrase names, of a country or of a body."""
    if not phrase.date or {"former", "deputy", "office", "spokesman"} & set(phrase.lower) or len(phrase.lower) > 7:
        return None
    lists = phrase.gazetteer
    bodies = [n.actor for n in names if n.actor is not None and n.actor.type is not EntityType.PERSON]
    if bodies:
        return _head_of(phrase, lists.names_of(bodies[0]), outside)
    places = [n.entity.name for n in names if n.entity.type is EntityType.PLACE]
    if places and (head := _head_of(phrase, places, outside)) is not None:
        return head
    office = office_of(phrase.lower)
    if office is None or head_of(outside) not in (office.title.split()[-1], office.title.split()[0]):
        return None
    if set(outside) - set(office.title.split()) - lexicon("of the day"):
        return None  # "opposition leader", "18th president"
    land: Country | None = lists.countries.get(country or office.iso3)
    found = holder(lists, land, office, phrase.date) if land else None
    if found is None:
        return None
    phrase.trace.say("office", f"{office.title} of {land.article if land else ''} on {phrase.date}: {found.name}")
    phrase.trace.say_standing(found)
    return lists.entity(found, phrase.date)


def _head_of(phrase: Phrase, names: list[str], outside: list[str]) -> Entity | None:
    """Who heads a body or a place on the date: "the president of the European Commission", "the NATO chief"."""
    parts = (part for word in outside for part in word.split("-"))
    titles = [p for p in parts if p in nouns() and nouns()[p].kind == "office"]
    found = phrase.gazetteer.head_of(names, titles, phrase.date) if titles and phrase.date else None
    if found is None:
        return None
    actor, tenure = found
    phrase.trace.say("office", f"{tenure.words} [{tenure.source}]: {actor.name}")
    return phrase.gazetteer.entity(actor, phrase.date)


def _stands_for(lists: Gazetteer, body: Entity, outside: list[str], sector: str | None) -> bool:
    """Whether the words beside a body's name leave it meant: "members of the ANC", "a Reuters reporter"."""
    general = lexicon("general heads") | lexicon("complement openers") | lexicon("quantities")
    if sector in (None, body.sector) or set(outside) <= general | {"members", "officials", "and"}:
        return True
    return (bool(body.sector) and not has_sector(lists, head_of(outside))) or _inside(outside, body)


def _inside(outside: list[str], owner: Entity) -> bool:
    """Whether the words beside a name say only which part of it is meant: "Boko Haram gunmen"."""
    entry = nouns().get(head_of(outside))
    return entry is not None and (
        (entry.kind == "force" and owner.type in (EntityType.MILITARY, EntityType.ARMED_GROUP))
        or (entry.kind in ("spokes", "official") and owner.type is not EntityType.GOVERNMENT)
    )


def _type(sector: str | None, lower: list[str]) -> EntityType:
    entry = nouns().get(head_of(lower))
    if entry is not None and entry.kind in ("government",):
        return EntityType.GOVERNMENT
    if sector == "MIL":
        return EntityType.MILITARY
    if entry is not None and entry.kind in ("institution", "media"):
        return EntityType.MEDIA if entry.kind == "media" else EntityType.ORGANIZATION
    single = entry is not None and entry.kind == "office" and not lower[-1].endswith("s")
    return EntityType.PERSON if single else EntityType.GROUP
