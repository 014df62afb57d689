"""The actor that one phrase names on a date, read without a parser: what ``kg actor`` prints.

The longest name in the phrase decides; words beside it tell which of two namesakes is meant. Without a name the phrase
is a country (from a demonym, a capital, a town) and the sector of its head noun.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.actors import candidates
from kg.actors.gazetteer import Gazetteer, load, unknown
from kg.actors.names import key
from kg.actors.nouns import holder, lexicon, nouns, office_of, titles
from kg.actors.sectors import has_sector, head_of, sector_of, singular_of
from kg.records import Entity, EntityType, Span

if TYPE_CHECKING:
    from kg.actors.gazetteer import Actor

_WORD = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*\.?|’s|'s")


_LANDS = (EntityType.COUNTRY, EntityType.PLACE)


@dataclass(frozen=True, slots=True)
class _Found:
    """A name at words ``start`` to ``end``."""

    start: int
    end: int
    entity: Entity
    rank: int


def actor(text: str, date: str | None = None) -> Entity | None:
    """The entity that a phrase names.

    Parameters
    ----------
    text
        "Ukraine's president Volodymyr Zelenskyy", "retired vice president", "two Chinese warplanes".
    date
        ISO 8601 date on which the phrase is used; offices depend on it.

    Returns
    -------
    Entity or None
        None if nothing in the phrase is an actor. A phrase without a name has a country or a sector, no Wikidata id.
    """
    found = _read(load(), " ".join(text.split()), date)
    return found.at(Span(0, len(text), text)) if found else None


def _read(gazetteer: Gazetteer, text: str, date: str | None) -> Entity | None:
    text = re.sub(r"(?<=\w)-(?=based|led|backed|controlled|held|occupied|born|owned|run)", " ", text)
    words = [w for w in _WORD.findall(text) if w not in ("'s", "’s")]
    words = [re.sub(r"['’]s?$", "", w) for w in words]
    if not words:
        return None
    whole = _whole(gazetteer, text, words, date)
    if whole is not None:
        return whole
    names = _names(gazetteer, words, date)
    person = next((n for n in names if n.entity.type is EntityType.PERSON), None)
    if person is not None:
        return _of_person(gazetteer, person.entity, words, date) or person.entity
    if (
        len(words) > 1
        and (entry := nouns().get(words[-1].lower()))
        and entry.kind == "government"
        and (ruler := candidates.by_surname(gazetteer, words[:-1], date)) is not None
    ):
        return _of_person(gazetteer, gazetteer.entity(ruler, date), words, date)
    if (stranger := _stranger(gazetteer, words, names)) is not None:
        return stranger
    return _description(gazetteer, text, words, names, date)


def _of_person(gazetteer: Gazetteer, person: Entity, words: list[str], date: str | None) -> Entity | None:
    """The government of a person who heads one: "the Biden administration"; before or after, one of its own."""
    entry = nouns().get(words[-1].lower())
    country = gazetteer.countries.get(person.country or "")
    if entry is None or entry.kind != "government" or country is None:
        return None
    ruling = any(
        t.heads and (not date or t.covers(date)) for a in gazetteer.actors(person.name) for t in gazetteer.tenures(a)
    )
    name = f"{person.name.split(' ')[-1]} {words[-1].lower()}"
    return gazetteer.government(country) if ruling else unknown(name, EntityType.GOVERNMENT, country.iso3, "GOV")


def _whole(gazetteer: Gazetteer, text: str, words: list[str], date: str | None) -> Entity | None:
    """The phrase is a name and nothing else, apart from an article."""
    form = key(text)
    named = text[0].isupper() or words[-1][0].isupper()
    if country := gazetteer.country(form):
        if country.iso3 == "EUE":
            return gazetteer.country_entity(country)
        return gazetteer.country_entity(country)
    if not named:
        return None
    if form in gazetteer.metonyms:
        return candidates.metonym(gazetteer, form)
    if country := gazetteer.capital(form):
        name = text.title() if text.isupper() else text
        return Entity(unknown(name, EntityType.PLACE).id, name, EntityType.PLACE, None, country.iso3, "GOV")
    chosen = candidates.choose(gazetteer, gazetteer.actors(form), date, words)
    if chosen is not None:
        return gazetteer.entity(chosen, date)
    if (place := candidates.place(gazetteer, form)) is not None:
        return place
    if len(words) == 1 and (surname := candidates.by_surname(gazetteer, words, date)):
        return gazetteer.entity(surname, date)
    return None


def _names(gazetteer: Gazetteer, words: list[str], date: str | None) -> list[_Found]:
    """Names within the phrase, longest first; people before others of the same length."""
    found: list[_Found] = []
    forms = [key(w) for w in words]
    countries = frozenset(c.iso3 for w in words if (c := gazetteer.country(w) or gazetteer.demonym(w)))
    taken: set[int] = set()
    for size in range(min(8, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            span = range(start, start + size)
            if taken & set(span) or not words[start][0].isupper():
                continue
            entity = _name(gazetteer, " ".join(forms[i] for i in span), words, start, size, date, countries)
            if entity is not None:
                taken |= set(span)
                found.append(_Found(start, start + size, entity, size))
    title = [w.lower() for w in words[:-1]]
    person = any(f.entity.type is EntityType.PERSON for f in found)
    if (
        not person
        and len(words) > 1
        and words[-1][0].isupper()
        and len(words) - 1 not in taken
        and title
        and (_is_title(title[-1]))
    ):
        surname = candidates.by_surname(gazetteer, words, date, title)
        if surname is not None:
            found.append(_Found(len(words) - 1, len(words), gazetteer.entity(surname, date), 1))
    return found


def _stranger(gazetteer: Gazetteer, words: list[str], names: list[_Found]) -> Entity | None:
    """Someone no list knows, with a title that tells the sector: "Governor Ann Example"."""
    taken = {i for n in names if n.entity.type is EntityType.COUNTRY for i in range(n.start, n.end)}
    start = next((i for i in range(len(words)) if i not in taken and not _titular(gazetteer, words[i])), len(words))
    given, name = [w for i, w in enumerate(words[:start]) if i not in taken], words[start:]
    if (
        any(n.entity.type is not EntityType.COUNTRY for n in names)
        or not 1 <= len(name) <= 4
        or len(given) + len(name) < 2
        or not all(w[0].isupper() and not has_sector(gazetteer, w.lower()) for w in name)
    ):
        return None
    country = next((n.entity.country for n in names if n.entity.type is EntityType.COUNTRY), None)
    if any(key(w) in gazetteer.places.homelands or gazetteer.demonym(w) or gazetteer.country(w) for w in name):
        return None
    sector = sector_of(gazetteer, [w.lower() for w in given], [])
    return unknown(
        " ".join(name), EntityType.PERSON, country, "ELI" if lexicon("past") & {w.lower() for w in given} else sector
    )


def _titular(gazetteer: Gazetteer, word: str) -> bool:
    lower = word.lower()
    return _is_title(lower) or lower.rstrip(".") in titles() or lower in lexicon("past")


def _is_title(word: str) -> bool:
    entry = nouns().get(word)
    return (entry is not None and entry.kind == "office") or word in (
        "mr",
        "mrs",
        "ms",
        "dr",
        "sen",
        "rep",
        "gov",
        "gen",
    )


def _name(
    gazetteer: Gazetteer,
    form: str,
    words: list[str],
    start: int,
    size: int,
    date: str | None,
    countries: frozenset[str],
) -> Entity | None:
    """The entity of some words of the phrase, if they are a name."""
    if country := gazetteer.country(form) or gazetteer.demonym(form):
        return gazetteer.country_entity(country)
    if form in gazetteer.metonyms:
        return candidates.metonym(gazetteer, form)
    if country := gazetteer.capital(form):
        return unknown(form.title(), EntityType.PLACE, country.iso3)
    if size == 1 and (form in nouns() or form in gazetteer.sectors):
        return None
    found = [a for a in gazetteer.actors(form) if _may_name(a, form, size, countries)]
    chosen = candidates.choose(gazetteer, found, date, words[:start], countries)
    if chosen is not None:
        return gazetteer.entity(chosen, date)
    return None if _is_part(gazetteer, words, start, size) else candidates.place(gazetteer, form)


def _may_name(actor: Actor, form: str, size: int, countries: frozenset[str]) -> bool:
    """Whether an actor of the lists can be meant: "Chile's Defense Department" is none of the United States."""
    if actor.type is EntityType.PERSON:
        return size > 1
    at_home = not actor.iso3 or actor.iso3 in countries or actor.iso3 in ("IGO", "NGO", "EUE")
    known = size > 1 or actor.iso3 in countries or (len(form) > 2 and actor.tier != "3")
    return known and (at_home or not countries)


def _is_part(gazetteer: Gazetteer, words: list[str], start: int, size: int) -> bool:
    """Whether a town's name is only part of a longer name: "Ann" in "Ann Exampleton"."""
    after = words[start + size] if start + size < len(words) else ""
    if size == 1 and after[:1].isupper() and not has_sector(gazetteer, after.lower()):
        return True
    beside = any(words[i][0].isupper() for i in (start - 1, start + size) if 0 <= i < len(words))
    others = (w.lower() for i, w in enumerate(words) if not start <= i < start + size)
    return beside and not any(has_sector(gazetteer, w) for w in others)


def _description(
    gazetteer: Gazetteer, text: str, words: list[str], names: list[_Found], date: str | None
) -> Entity | None:
    """A phrase that is not a name: the office holder, a body of a country, or country and sector."""
    lower = [w.lower() for w in words]
    past = bool(lexicon("past") & set(lower))
    home = next((n.entity for n in names if n.entity.type in _LANDS and n.entity.country), None)
    country = _country_of(gazetteer, words, names, home)
    outside = [w for i, w in enumerate(lower) if not any(n.start <= i < n.end for n in names)]
    sector = "ELI" if past else sector_of(gazetteer, outside, lower)
    if not past and date and (held := _holder(gazetteer, lower, country, date)) is not None:
        return held
    if "ambassador" in lower and (delegate := _delegate(gazetteer, names)) is not None:
        return delegate
    owner = next((n.entity for n in sorted(names, key=lambda n: (n.entity.type is EntityType.PLACE, -n.rank))), None)
    head = nouns().get(head_of(outside))
    kind = head.kind if head else ""
    body = owner if owner is not None and owner.type not in _LANDS else None
    if body is not None and body.country == "IGO" and kind == "office" and not past:
        sector = sector or "GOV"
    elif body is not None and not past and _stands_for(gazetteer, body, outside, sector):
        return replace(body, country=body.country or country)
    sector = sector or (body.sector if body else None)
    of_state = kind in ("government", "official", "spokes") and sector in (None, "GOV", "JRN") and not past
    if of_state and home is not None and home.type is EntityType.COUNTRY and country in gazetteer.countries:
        return gazetteer.government(gazetteer.countries[country])
    if country is None and sector is None:
        return _bare(gazetteer, words)
    name = re.sub(r"^(the|a|an) ", "", text, flags=re.I)
    return unknown(name, _type(sector, lower), country, sector)


def _country_of(gazetteer: Gazetteer, words: list[str], names: list[_Found], home: Entity | None) -> str | None:
    """The country that a phrase points to: by a country or place in it, another name, or a people within a country."""
    if home is not None:
        return home.country
    named = next((n.entity.country for n in names if n.entity.country), None)
    return named or next((gazetteer.places.homelands[w] for w in map(key, words) if w in gazetteer.places.homelands), None)


def _delegate(gazetteer: Gazetteer, names: list[_Found]) -> Entity | None:
    """An ambassador to the United Nations, whose office has a name of its own."""
    home = next((n.entity for n in names if n.entity.type is EntityType.COUNTRY), None)
    if home is None or not any(n.entity.name == "United Nations" for n in names):
        return None
    name = f"Permanent Representative of {gazetteer.countries[home.country or ''].article} to the United Nations"
    return unknown(name, EntityType.PERSON, home.country, "GOV")


def _stands_for(gazetteer: Gazetteer, body: Entity, outside: list[str], sector: str | None) -> bool:
    """Whether the words beside a body's name leave it meant: "members of the ANC", "a Reuters reporter"."""
    general = lexicon("general heads") | lexicon("complement openers") | lexicon("quantities")
    if sector in (None, body.sector) or set(outside) <= general | {"members", "officials", "and"}:
        return True
    return (bool(body.sector) and head_of(outside) not in gazetteer.sectors) or _inside(outside, body)


def _bare(gazetteer: Gazetteer, words: list[str]) -> Entity | None:
    """A single capitalised word that no list knows is somebody's name; anything else is nobody."""
    word = words[0]
    if len(words) > 1 or not word[0].isupper() or word.lower() in lexicon("bare pronouns"):
        return None
    return None if has_sector(gazetteer, word.lower()) else unknown(word, EntityType.OTHER)


def _inside(outside: list[str], owner: Entity) -> bool:
    """Whether the words beside a name say only which part of it is meant: "Boko Haram gunmen"."""
    entry = nouns().get(head_of(outside))
    return entry is not None and (
        (entry.kind == "force" and owner.type in (EntityType.MILITARY, EntityType.ARMED_GROUP))
        or (entry.kind in ("spokes", "official") and owner.type is not EntityType.GOVERNMENT)
    )


def _holder(gazetteer: Gazetteer, lower: list[str], country: str | None, date: str) -> Entity | None:
    office = office_of(lower)
    iso3 = country or (office.iso3 if office else None)
    if (
        office is None
        or not iso3
        or iso3 not in gazetteer.countries
        or len(lower) > 7
        or singular_of(lower[-1]) not in (office.title.split()[-1], office.title.split()[0])
    ):
        return None
    if {"former", "deputy", "office", "spokesman"} & set(lower):
        return None
    found = holder(gazetteer, gazetteer.countries[iso3], office, date)
    return gazetteer.entity(found, date) if found else None


def _type(sector: str | None, lower: list[str]) -> EntityType:
    entry = nouns().get(head_of(lower))
    if entry is not None and entry.kind in ("government",):
        return EntityType.GOVERNMENT
    if sector == "MIL":
        return EntityType.MILITARY
    if entry is not None and entry.kind in ("institution", "media"):
        return EntityType.MEDIA if entry.kind == "media" else EntityType.ORGANIZATION
    return (
        EntityType.PERSON
        if entry is not None and entry.kind == "office" and not lower[-1].endswith("s")
        else (EntityType.GROUP)
    )
