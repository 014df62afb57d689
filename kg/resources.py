"""Where the shipped files are, in a checkout and in a wheel, and how tables are read."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

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
