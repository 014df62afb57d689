"""Where the shipped files are, in a checkout and in a wheel, and how tables are read and written."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PACKAGE = Path(__file__).parent


def data(*parts: str) -> Path:
    """A data file of the package: ``data("actors", "people.csv")`` lies beside the module that reads it."""
    return PACKAGE.joinpath(*parts)


def ontology(name: str) -> Path:
    """A file of ``ontology/``, which a wheel carries as ``kg/_ontology``."""
    shipped = PACKAGE / "_ontology" / name
    return shipped if shipped.exists() else PACKAGE.parent / "ontology" / name


def table(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of a CSV table with a header, each with its ``file:line``.

    Raises
    ------
    DataError
        If a row has more or fewer fields than the header.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                raise DataError(f"needs {len(reader.fieldnames or ())} fields", where, "see the header line")
            yield where, row


def kinds(path: Path, key: str, column: str, allowed: Sequence[str]) -> dict[str, str]:
    """A table that sorts words: what stands in ``key`` to the kind in ``column``.

    Raises
    ------
    DataError
        If a row names no kind of those allowed, or a word stands twice.
    """
    found: dict[str, str] = {}
    for where, row in table(path):
        if row[column] not in allowed or row[key] in found:
            raise DataError(f"needs a new {key} and one of {', '.join(allowed)}", where, "mend the row")
        found[row[key]] = row[column]
    return found


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table that :func:`table` reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
