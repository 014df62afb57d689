"""Answers of a query: rows, yes or no, or triples; as a table, SPARQL 1.1 JSON, CSV or a DataFrame."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rdflib import Graph, Literal, URIRef

from kg import display
from kg.errors import UsageError
from kg.rdf.terms import PREFIXES, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import rdflib.query
    from rich.table import Table

Term = URIRef | Literal
Row = dict[str, Term]

_LISTED = 50  # rows that a display shows


@dataclass(frozen=True)
class Result:
    """What a query gives.

    ``rows`` of a SELECT have the variables that are bound; those of a CONSTRUCT or DESCRIBE are its triples, as the
    variables subject, predicate and object. ``answer`` is that of an ASK, else None; ``limit`` the most statements that
    the query would list.
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    answer: bool | None = None
    limit: int | None = None

    @classmethod
    def of(cls, result: rdflib.query.Result, kind: str) -> Result:
        """Take over an rdflib result, whole."""
        if kind == "ASK":
            return cls((), (), bool(result.askAnswer))
        if kind in ("CONSTRUCT", "DESCRIBE"):
            names = ("subject", "predicate", "object")
            triples: Any = sorted(result.graph or ())
            return cls(names, tuple(dict(zip(names, triple, strict=True)) for triple in triples))
        bindings: Any = result.bindings
        rows = tuple({str(key): value for key, value in row.items() if value is not None} for row in bindings)
        return cls(tuple(str(variable) for variable in result.vars or ()), rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Go through the rows as plain values: text, numbers, truth values, dates; IRIs shortened."""
        for row in self.rows:
            yield {name: plain(row.get(name)) for name in self.variables}

    def __repr__(self) -> str:
        return (f"<Result: {'yes' if self.answer else 'no'}>" if self.answer is not None
                else f"<Result: {len(self)} rows of {', '.join(self.variables)}>")

    def only(self, *names: str) -> Result:
        """Choose variables, in this order; rows that are then equal stand once.

        Raises
        ------
        UsageError
            If the query has no variable of a name.
        """
        if unknown := [name for name in names if name not in self.variables]:
            raise UsageError(f"the query has no variable {unknown[0]!r}",
                             way_out=f"take of {', '.join(self.variables)}")
        rows = [{name: row[name] for name in names if name in row} for row in self.rows]
        return replace(self, variables=names, rows=tuple({tuple(row.items()): row for row in rows}.values()))

    def graph(self) -> Graph:
        """Give the triples of a CONSTRUCT or DESCRIBE as an rdflib graph."""
        graph = Graph()
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace, override=True, replace=True)
        for row in self.rows:
            graph.add((row["subject"], row["predicate"], row["object"]))
        return graph

    def to_dataframe(self) -> pd.DataFrame:
        """Give the rows as a pandas DataFrame with a column for each variable."""
        import pandas as pd

        return pd.DataFrame(list(self), columns=list(self.variables))

    def to_table(self, title: str | None = None) -> Table:
        """Give a table for the terminal; columns without any value are left out, IRIs are shortened."""
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title, title_justify="left")
        if self.answer is not None:
            table.add_column("answer")
            table.add_row("yes" if self.answer else "no")
            return table
        shown = self._shown()
        for name in shown:
            table.add_column(name.replace("_", " "), overflow="fold")
        for row in self.rows:
            table.add_row(*(Text(_shown(row.get(name))) for name in shown))
        return table

    def to_json(self) -> str:
        """Give SPARQL 1.1 Query Results JSON (W3C Recommendation of 2013)."""
        if self.answer is not None:
            return json.dumps({"head": {}, "boolean": self.answer})
        bindings = [{name: _json(value) for name, value in row.items()} for row in self.rows]
        return json.dumps({"head": {"vars": list(self.variables)}, "results": {"bindings": bindings}},
                          ensure_ascii=False, indent=1)

    def to_csv(self) -> str:
        """Give SPARQL 1.1 Query Results CSV (W3C Recommendation of 2013): values without datatype, IRIs in full."""
        if self.answer is not None:
            return f"{str(self.answer).lower()}\r\n"
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.variables)
        writer.writerows([str(row.get(name, "")) for name in self.variables] for row in self.rows)
        return out.getvalue()

    def _repr_html_(self) -> str:
        if self.answer is not None:
            return display.line_html("yes" if self.answer else "no")
        if not self.rows:
            return display.line_html("no rows")
        shown = self._shown()
        rows = [[plain(row.get(name)) for name in shown] for row in self.rows]
        return display.table_html("", "", [name.replace("_", " ") for name in shown], rows, _LISTED)

    def _shown(self) -> list[str]:
        """Name the columns that have a value, all if there are no rows."""
        return [name for name in self.variables if not self.rows or any(name in row for row in self.rows)]


def plain(value: Term | None) -> Any:
    """Turn a term into a Python value; IRIs are shortened."""
    if value is None:
        return None
    return value.toPython() if isinstance(value, Literal) else shorten(value)


def _shown(value: Term | None) -> str:
    if value is None:
        return ""
    return " ".join(str(value).split()) if isinstance(value, Literal) else shorten(value)


def _json(value: Term) -> dict[str, str]:
    if not isinstance(value, Literal):
        return {"type": "uri", "value": str(value)}
    cell = {"type": "literal", "value": str(value)}
    if value.language:
        return cell | {"xml:lang": value.language}
    datatype = str(value.datatype or "")
    is_text = datatype in ("", PREFIXES["xsd"] + "string")
    return cell if is_text else cell | {"datatype": datatype}
