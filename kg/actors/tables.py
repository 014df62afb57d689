"""The tables of ``kg/actors/data``: lines without quoting, cut at commas, checked as they are read."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING

from kg import resources
from kg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator


def lines(name: str, header: str) -> list[str]:
    """The rows of a shipped table, uncut; its header must be the one expected.

    Raises
    ------
    DataError
        If the file is missing or has other columns.
    """
    path = resources.data("actors", "data", f"{name}.csv")
    try:
        head, *rows = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})", str(path), "install the package again") from None
    if head != header:
        raise DataError(f"has the columns {head!r}, not {header!r}", f"{path}:1", "build it with kg.lab.gazetteer")
    return rows


def rows(name: str, header: str) -> Iterator[list[str]]:
    """The rows of a small shipped table, cut into fields."""
    width = header.count(",") + 1
    for number, line in enumerate(lines(name, header), 2):
        if line.startswith("#"):
            continue
        fields = line.split(",")
        if len(fields) != width:
            where = f"{resources.data('actors', 'data', name)}.csv:{number}"
            raise DataError(
                f"has {len(fields)} fields, not {width}", where, "give every column a value without commas"
            )
        yield fields


class Sorted:
    """A large shipped table whose rows are sorted by their first field: found by bisection, not indexed when read."""

    def __init__(self, name: str, header: str) -> None:
        self.lines = lines(name, header)

    def find(self, first: str) -> list[str]:
        """The rows, uncut, that begin with that field."""
        start = end = bisect_left(self.lines, first, key=_first)
        while end < len(self.lines) and _first(self.lines[end]) == first:
            end += 1
        return self.lines[start:end]


def _first(line: str) -> str:
    return line[: line.index(",")]


@cache
def scripts() -> dict[str, str]:
    """Countries to how their names come into Latin letters: ``transliterated``, ``surname first``, ``either order``."""
    return {iso3: names for iso3, names, _ in rows("scripts", "iso3,names,source")}
