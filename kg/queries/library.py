"""Named queries: ``*.rq`` files with a head in the manner of grlc [1]_, and how any query is run.

A query file is valid SPARQL by itself. Its head, in ``#+`` comments, has a summary, a description, the parameters (each
with its kind and purpose) and their defaults; a parameter ``subject`` is the block ``VALUES ?subject { ... }``, and the
parameter ``limit`` the number of each ``LIMIT``.

References
----------
.. [1] Meroño-Peñuela, Hoekstra, "grlc makes GitHub taste like linked data APIs", ESWC 2016 satellite events.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg import resources
from kg.errors import DataError, UsageError
from kg.queries import parameters, sparql
from kg.queries.parameters import KINDS, Parameter
from kg.queries.results import Result
from kg.rdf.terms import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rdflib import Dataset

_HEAD = re.compile(r"#\+ ?(.*)")
_ITEM = re.compile(r"\s*- (\w+): (.*)")
_LIMIT = "limit"  # the parameter's name and kind


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query with its head."""

    name: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str

    @property
    def limit(self) -> int | None:
        """How many rows it gives at most, by default; None if it does not say."""
        return next((int(p.default) for p in self.parameters if p.kind == _LIMIT and p.default), None)


def parse(text: str, name: str = "", where: str = "") -> NamedQuery:
    """Read a query with or without a head.

    Raises
    ------
    DataError
        If the head is malformed, or names a parameter that has no ``VALUES`` block or ``LIMIT``.
    """
    fields: dict[str, str] = {}
    items: dict[str, dict[str, str]] = {"parameters": {}, "defaults": {}}
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not (head := _HEAD.fullmatch(line)):
            break
        if item := _ITEM.fullmatch(head[1]):
            if current not in items:
                raise DataError(f"an item under {current or 'nothing'!r}", f"{where}:{number}",
                                "items stand under parameters or defaults")
            items[current][item[1]] = item[2].strip()
        elif head[1].startswith(" "):
            fields[current] = f"{fields.get(current, '')} {head[1].strip()}".strip()
        else:
            current, _, value = head[1].partition(":")
            fields[current] = value.strip()
    found = tuple(_parameter(key, value, items["defaults"].get(key), where)
                  for key, value in items["parameters"].items())
    for key in dict.fromkeys([*items["parameters"], *items["defaults"]]):
        block = "LIMIT " + items["defaults"].get(key, "") if key == _LIMIT else f"VALUES ?{key}"
        if not re.search(rf"{re.escape(block)}\b", text) or key not in items["parameters"]:
            raise DataError(f"parameter {key!r} lacks a {block} block or a line under parameters", where)
    return NamedQuery(name, fields.get("summary", ""), fields.get("description", ""), found, text)


def _parameter(name: str, value: str, default: str | None, where: str) -> Parameter:
    kind, _, purpose = value.partition(",")
    if kind not in KINDS or (kind == _LIMIT) != (name == _LIMIT):
        raise DataError(f"parameter {name!r} is of the unknown kind {kind!r}", where, f"take one of {', '.join(KINDS)}")
    return Parameter(name, kind, purpose.strip(), default)


@cache
def queries() -> Mapping[str, NamedQuery]:
    """Give the named queries by name, in alphabetical order.

    Raises
    ------
    DataError
        If a file's head is malformed or has no summary.
    """
    found: dict[str, NamedQuery] = {}
    for path in sorted(resources.data("queries").glob("*.rq")):
        query = parse(path.read_text(encoding="utf-8"), path.stem, str(path))
        if not query.summary or not query.description:
            raise DataError("the query has no summary or no description", str(path), "start it with #+ summary: ...")
        found[path.stem] = query
    return MappingProxyType(found)


def read(path: Path) -> NamedQuery:
    """Read a query file of the user's own.

    Raises
    ------
    UsageError
        If it cannot be read.
    """
    try:
        return parse(path.read_text(encoding="utf-8"), path.stem, str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the query cannot be read ({error.__class__.__name__})", str(path),
                         "give a file of SPARQL in UTF-8") from error


def named(name: str) -> NamedQuery:
    """Give a query of the library.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    if name not in queries():
        raise UsageError(f"no query is called {name!r}", way_out=f"take one of: {', '.join(queries())}")
    return queries()[name]


def run(dataset: Dataset, query: str | NamedQuery, params: Mapping[str, str] | None = None) -> Result:
    """Ask the graph.

    Parameters
    ----------
    dataset
        What :func:`kg.store.open_store` or :func:`kg.store.open_graph` gives.
    query
        A name of the library, SPARQL text (our prefixes need no declaration), or a query that was read.
    params
        Values of the parameters; in a query without a head, of any of its variables. See
        :mod:`kg.queries.parameters` for what a value may be.

    Raises
    ------
    UsageError
        If the query or a parameter is wrong.
    """
    if isinstance(query, str):
        query = named(query) if re.fullmatch(r"[\w-]*", query) else parse(query, where="the query")
    given = {key: value for key, value in (params or {}).items() if value != ""}
    kind = sparql.kind(query.text)
    values = _values(dataset, query, given)
    text, most = query.text, None
    if (default := query.limit) is not None:
        most = next((int(term) for term in values.pop(_LIMIT) or ()), None) if _LIMIT in given else default
        text = sparql.limit(text, most)
    text = sparql.bind(text, values)
    for parameter in query.parameters:
        if parameter.kind in parameters.CONSTANT:
            text = sparql.inline(text, parameter.name)
    try:
        return replace(Result.of(dataset.query(text, initNs=PREFIXES), kind), limit=most)
    except (SyntaxError, ValueError, OSError, NotImplementedError) as error:
        raise UsageError(f"the query cannot be run: {reason(error, text)}", f"query {query.name}".strip(),
                         "kg query --list shows queries that can") from error


def _values(dataset: Dataset, query: NamedQuery, given: Mapping[str, str]) -> dict[str, list[parameters.Term] | None]:
    declared = {parameter.name: parameter for parameter in query.parameters}
    known = sparql.variables(query.text).union(declared)
    if declared and (extra := [key for key in given if key not in known]):
        raise UsageError(f"query {query.name} has no parameter {extra[0]!r}",
                         way_out=f"its parameters are: {parameters.described(query.parameters)}")
    values: dict[str, list[parameters.Term] | None] = {}
    for key, value in given.items():
        values[key] = parameters.resolve(dataset, declared[key].kind, value) if key in declared else parameters.guess(
            dataset, value)
    for key, parameter in declared.items():
        if key not in values and parameter.default is None and parameter.kind in parameters.OF_ANY:
            values[key] = None
    return values


def reason(error: Exception, query: str) -> str:
    """What is wrong with a query, in the words of Oxigraph or an endpoint as far as they help."""
    text = " ".join(str(error).split())
    found = re.search(r"error at (\d+):(\d+): (.*)", text)
    if found is None:
        return text
    line, column, detail = int(found[1]), int(found[2]), found[3]
    rest = query.splitlines()[line - 1:line]
    near = f" near {rest[0].strip()[:60]!r}" if rest else ""
    # a long detail lists the characters that the grammar allows, which helps nobody
    return f"line {line}, column {column}{near}" + (f": {detail}" if len(detail) <= 80 else "")
