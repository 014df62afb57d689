"""The actor that one phrase names on a date, read without a parser: what ``kg actor`` prints.

The longest name in the phrase decides; words beside it tell which of two namesakes is meant. Without a name the phrase
is a country (from a demonym, a capital, a town) and the sector of its head noun.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.actors import candidates, gazetteer, named, unnamed
from kg.actors.explain import Explanation, Trace
from kg.actors.gazetteer import unknown
from kg.actors.wording import Name, Phrase, says_past
from kg.errors import UsageError
from kg.records import Entity, EntityType, Span

if TYPE_CHECKING:
    from pathlib import Path


def actor(text: str, date: str | None = None, actors: str | Path | None = None) -> Entity | None:
    """The entity that a phrase names.

    Parameters
    ----------
    text
        "Ukraine's president Volodymyr Zelenskyy", "retired vice president", "two Chinese warplanes".
    date
        ISO 8601 date on which the phrase is used; offices depend on it.
    actors
        A CSV file with actors of your own (see :mod:`kg.actors.supplied`).

    Returns
    -------
    Entity or None
        None if nothing in the phrase is an actor. A phrase without a name has a country or a sector, no Wikidata id.

    Raises
    ------
    UsageError
        If the date is none, or the file of actors is malformed.
    """
    return explain(text, date, actors).entity


def explain(text: str, date: str | None = None, actors: str | Path | None = None) -> Explanation:
    """The same with the reasons: see :func:`actor`."""
    trace = Trace(gazetteer.load(actors), _day(date) if date is not None else None)
    found = _read(Phrase(trace, " ".join(text.split())))
    return trace.explanation(text, found.at(Span(0, len(text), text)) if found else None)


def _read(phrase: Phrase) -> Entity | None:
    """The ways to read a phrase, in turn."""
    if not phrase.words:
        return None
    if (whole := named.whole(phrase)) is not None:
        return whole
    names = named.names(phrase)
    person = next((n for n in names if n.entity.type is EntityType.PERSON), None)
    if person is not None:
        return _government_of(phrase, person.entity) or _someone(phrase, person)
    if phrase.is_of("government") and len(phrase.words) > 1:
        choice = candidates.by_surname(phrase.gazetteer, phrase.words[-2], phrase.date)
        if choice.actor is not None:
            phrase.trace.say_choice(choice)
            return _government_of(phrase, phrase.gazetteer.entity(choice.actor, phrase.date))
    return named.stranger(phrase, names) or unnamed.description(phrase, names)


def _someone(phrase: Phrase, name: Name) -> Entity:
    """Someone named, whose office the phrase may call past."""
    told = says_past(phrase.lower[: name.start]) and name.entity.sector not in (None, "ELI")
    if told and name.actor is not None and not phrase.gazetteer.in_office(name.actor, phrase.date or "9999"):
        phrase.trace.say("sector", "ELI, former elite: the phrase says so")
        return replace(name.entity, sector="ELI")
    return name.entity


def _government_of(phrase: Phrase, person: Entity) -> Entity | None:
    """The government of a person who heads one: "the Biden administration"; before or after, one of its own."""
    lists, say = phrase.gazetteer, phrase.trace.say
    country = lists.countries.get(person.country or "")
    if country is None or not phrase.is_of("government"):
        return None
    tenures = [t for a in lists.actors(person.name) for t in lists.tenures(a) if t.heads]
    ruling = next((t for t in tenures if not phrase.date or t.covers(phrase.date)), None)
    if ruling is not None:
        say("government", f"{person.name} heads one: {ruling.words} [{ruling.source}]")
        return lists.government(country)
    say("government", f"{person.name} heads none on {phrase.date}: one of its own")
    name = f"{person.name.split(' ')[-1]} {phrase.lower[-1]}"
    return unknown(name, EntityType.GOVERNMENT, country.iso3, "GOV")


def _day(date: str) -> str:
    try:
        if datetime.date.fromisoformat(date).isoformat() == date:
            return date
    except ValueError:
        pass
    raise UsageError(f"date {date!r} is no day of the calendar", way_out="write it as YYYY-MM-DD, such as 2024-12-13")
