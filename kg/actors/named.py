"""What the names in a phrase name: the whole of it, parts of it, someone whom no list knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.actors import candidates
from kg.actors.candidates import Beside, Choice, settle
from kg.actors.gazetteer import unknown
from kg.actors.names import key
from kg.actors.nouns import full_title, nouns
from kg.actors.sectors import has_sector, sector_of
from kg.actors.wording import Name, Phrase, is_title, is_titular
from kg.records import Entity, EntityType

if TYPE_CHECKING:
    from kg.actors.gazetteer import Actor


def whole(phrase: Phrase) -> Entity | None:
    """The phrase is a name and nothing else, apart from an article."""
    form, lists, say = key(phrase.text), phrase.gazetteer, phrase.trace.say
    if country := lists.country(form):
        say("name", f"“{phrase.text}” is the country {country.name}")
        return lists.country_entity(country)
    if phrase.text[0].islower() and phrase.words[-1].islower():
        return None
    if form in lists.metonyms:
        return _metonym(phrase, form)
    if country := lists.capital(form):
        say("name", f"“{phrase.text}” is the capital of {country.article}, whose government it stands for")
        city = lists.places.city(form, (country.iso3,))
        name = city.name if city else phrase.text.title() if phrase.text.isupper() else phrase.text
        return unknown(name, EntityType.PLACE, country.iso3, "GOV")
    if chosen := _chosen(phrase, candidates.named(lists, phrase.text), Beside(phrase.lower, date=phrase.date)):
        return lists.entity(chosen, phrase.date)
    if (region := candidates.homeland(lists, form)) is not None:
        say("name", f"“{phrase.text}” is a people or a region of {region.country} (region_forms.csv)")
        return region
    if (place := candidates.place(lists, form)) is not None:
        say("name", f"“{phrase.text}” is {place.name}, a place ({place.country}; cities.csv or regions.csv)")
        return place
    if len(phrase.words) == 1:
        choice = candidates.by_surname(lists, phrase.words[0], phrase.date)
        if chosen := _chosen(phrase, choice, Beside(date=phrase.date)):
            return lists.entity(chosen, phrase.date)
    return None


def _chosen(phrase: Phrase, choice: Choice, beside: Beside) -> Actor | None:
    settle(phrase.gazetteer, choice, beside)
    if choice.left or choice.lost:
        phrase.trace.say_choice(choice)
    return choice.actor


def _metonym(phrase: Phrase, form: str) -> Entity | None:
    metonym, stands_for, *_ = phrase.gazetteer.metonyms[form]
    phrase.trace.say("name", f"“{metonym}” stands for: {stands_for} (metonyms.csv)")
    return candidates.metonym(phrase.gazetteer, form)


def names(phrase: Phrase) -> list[Name]:
    """Names within the phrase, longest first; people before others of the same length."""
    found: list[Name] = []
    taken: set[int] = set()
    for size in range(min(8, len(phrase.words)), 0, -1):
        for start in range(len(phrase.words) - size + 1):
            span = range(start, start + size)
            if taken & set(span) or phrase.words[start].islower():
                continue
            if (name := _name(phrase, start, size)) is not None:
                taken |= set(span)
                found.append(name)
    if not any(f.entity.type is EntityType.PERSON for f in found):
        found += _titled(phrase, taken)
    return found


def _in_office_title(phrase: Phrase, start: int) -> bool:
    """Whether a word is the tail of an office or a ministry: "Foreign Affairs" in "Ministry of Foreign Affairs"."""
    before = phrase.lower[max(0, start - 3) : start]
    return before[-1:] in (["of"], ["for"]) and bool({"ministry", "minister", "department", "secretary"} & set(before))


def _titled(phrase: Phrase, taken: set[int]) -> list[Name]:
    """A surname alone after a title: "President Duterte"."""
    last, lists = len(phrase.words) - 1, phrase.gazetteer
    if not last or last in taken or not phrase.words[last][0].isupper() or not is_title(phrase.lower[last - 1]):
        return []
    titles = [full_title(w) for w in phrase.lower[:last] if w not in ("former", "ex", "then")]
    choice = candidates.by_surname(lists, phrase.words[last], phrase.date, titles, phrase.countries)
    chosen = _chosen(phrase, choice, Beside(date=phrase.date))
    return [Name(last, last + 1, lists.entity(chosen, phrase.date), chosen)] if chosen else []


def _name(phrase: Phrase, start: int, size: int) -> Name | None:
    """The entity of some words of the phrase, if they are a name."""
    lists, end = phrase.gazetteer, start + size
    form = " ".join(phrase.forms[start:end])
    if country := lists.country(form) or lists.demonym(form):
        return Name(start, end, lists.country_entity(country))
    if form in lists.metonyms:
        entity = _metonym(phrase, form)
        return Name(start, end, entity) if entity else None
    if country := lists.capital(form):
        city = lists.places.city(form, (country.iso3,))
        return Name(start, end, unknown(city.name if city else form.title(), EntityType.PLACE, country.iso3))
    if _in_office_title(phrase, start) or (size == 1 and (form in nouns() or form in lists.sectors)):
        return None
    choice = candidates.named(lists, " ".join(phrase.words[start:end]))
    if _is_within(phrase, start, end):
        choice.left = [a for a in choice.left if a.type is EntityType.PERSON]
    choice.left = [a for a in choice.left if _may_be_named(phrase, a, form, size)]
    if chosen := _chosen(phrase, choice, Beside(phrase.lower[:start], phrase.countries, phrase.homes, phrase.date)):
        return Name(start, end, lists.entity(chosen, phrase.date), chosen)
    place = None if _is_part(phrase, start, size) else candidates.place(lists, form, phrase.countries)
    return Name(start, end, place) if place else None


def _may_be_named(phrase: Phrase, actor: Actor, form: str, size: int) -> bool:
    """Whether an actor of the lists can be meant: "Chile's Defense Department" is none of the United States."""
    if actor.type is EntityType.PERSON:
        return size > 1
    at_home = not actor.iso3 or actor.iso3 in phrase.countries or actor.iso3 in ("IGO", "NGO", "EUE")
    acronym = actor.is_known and form.upper() in phrase.words
    known = size > 1 or actor.iso3 in phrase.countries or acronym or (len(form) > 2 and actor.tier != "3")
    return known and (at_home or not phrase.countries)


def _is_within(phrase: Phrase, start: int, end: int) -> bool:
    """Whether a body's name is only part of a longer one: "Liberation" in "Oromo Liberation Army"."""
    goes_on = end - start > 1 or (end < len(phrase.words) and phrase.words[end][0].isupper())
    if not start or not goes_on or not phrase.words[start - 1][0].isupper():
        return False
    before, lists = phrase.lower[start - 1], phrase.gazetteer
    plain = before in ("the", "a", "an") or is_titular(before) or has_sector(lists, before)
    return not (plain or lists.country(before) or lists.demonym(before))


def _is_part(phrase: Phrase, start: int, size: int) -> bool:
    """Whether a town's name is only part of a longer name: "Ann" in "Ann Exampleton"."""
    words = phrase.words
    after = words[start + size] if start + size < len(words) else ""
    if size == 1 and after[:1].isupper() and not has_sector(phrase.gazetteer, after.lower()):
        return True
    if start and phrase.gazetteer.gender(words[start - 1]) and words[start - 1][0].isupper():
        return True
    beside = any(words[i][0].isupper() for i in (start - 1, start + size) if 0 <= i < len(words))
    others = (w for i, w in enumerate(phrase.lower) if not start <= i < start + size)
    return beside and not any(has_sector(phrase.gazetteer, w) for w in others)


def stranger(phrase: Phrase, found: list[Name]) -> Entity | None:
    """Someone no list knows, with a title that tells the sector: "Governor Ann Example"."""
    lists = phrase.gazetteer
    taken = {i for n in found if n.entity.type is EntityType.COUNTRY for i in range(n.start, n.end)}
    homes = {i: iso3 for i, form in enumerate(phrase.forms) if (iso3 := lists.places.homelands.get(form))}
    taken |= {i for i in homes if _titular_after(phrase, i)}
    plain = (i for i in range(len(phrase.words)) if i not in taken and not is_titular(phrase.lower[i]))
    start = next(plain, len(phrase.words))
    given, name = [w for i, w in enumerate(phrase.lower[:start]) if i not in taken], phrase.words[start:]
    if (
        any(n.entity.type is not EntityType.COUNTRY for n in found)
        or not 1 <= len(name) <= 4
        or len(given) + len(name) < 2
        or not all(w[0].isupper() and (lists.gender(w) or not has_sector(lists, w.lower())) for w in name)
        or any(key(w) in lists.places.homelands or lists.demonym(w) or lists.country(w) for w in name)
    ):
        return None
    country = next((n.entity.country for n in found if n.entity.type is EntityType.COUNTRY), None)
    country = country or next((iso3 for i, iso3 in homes.items() if i in taken), None)
    told = sector_of(lists, [full_title(w) for w in given])
    sector = "ELI" if phrase.past else told.code if told else None
    phrase.trace.say("name", f"no list has “{' '.join(name)}”: an actor of its own, the same wherever the name stands")
    if given:
        phrase.trace.say("sector", f"{sector or 'none'}, from the title “{' '.join(given)}”")
    someone = bool(given) or any(map(lists.gender, name)) or bool(lists.by_surname(name[-1]))
    return unknown(" ".join(name), EntityType.PERSON if someone else EntityType.OTHER, country, sector)


def _titular_after(phrase: Phrase, start: int) -> bool:
    """Whether a title follows a word: "Scottish First Minister"."""
    return start + 1 < len(phrase.words) and is_titular(phrase.lower[start + 1])

