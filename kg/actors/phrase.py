"""The actor that one phrase names on a date, read without a parser: what ``kg actor`` prints."""

from __future__ import annotations

from kg.actors.gazetteer import load
from kg.records import Entity, Span


def actor(text: str, date: str | None = None) -> Entity | None:
    """The entity that a phrase names.

    Parameters
    ----------
    text
        "Ukraine's president Volodymyr Zelenskyy", "retired vice president", "two Chinese warplanes".
    date
        ISO 8601 date on which the phrase is used; offices depend on it.
    """
    gazetteer = load()
    span = Span(0, len(text), text)
    if country := gazetteer.country(text):
        return gazetteer.country_entity(country).at(span)
    found = gazetteer.actors(text)
    return gazetteer.entity(found[0], date).at(span) if len(found) == 1 else None
