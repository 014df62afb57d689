"""A name in a text: its place, and what it is a name of before it is linked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sort(StrEnum):
    """What a name is a name of, before it is linked."""

    PERSON = "person"
    ORGANIZATION = "organization"
    COUNTRY = "country"
    DEMONYM = "demonym"
    PEOPLE = "people"
    METONYM = "metonym"
    CAPITAL = "capital"
    PLACE = "place"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class NameSpan:
    """Tokens ``start`` to ``end`` (one past the last) are a name; ``listed``: the gazetteer has it."""

    start: int
    end: int
    sort: Sort
    listed: bool
