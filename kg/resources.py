"""Where the shipped files are: beside the code in a checkout, inside the package in a wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def data(*parts: str) -> Path:
    """A data file of the package: ``data("actors", "people.csv")`` lies beside the module that reads it."""
    return PACKAGE.joinpath(*parts)


def ontology(name: str) -> Path:
    """A file of ``ontology/``, which a wheel carries as ``kg/_ontology``."""
    shipped = PACKAGE / "_ontology" / name
    return shipped if shipped.exists() else PACKAGE.parent / "ontology" / name
