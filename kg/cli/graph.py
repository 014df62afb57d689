"""The commands that use a built graph: asking it, analysing it, writing it in other formats, checking it."""

# ruff: noqa: D301 - click keeps the lines below a backspace character, which a raw docstring cannot hold
from __future__ import annotations

import io
import sys
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from kg.cli.folder import graph_folder
from kg.cli.output import DONE, FAILED, binary, draw, output, print_json, say, table_of
from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Dataset
    from rich.table import Table

    from kg.records import Statement

GRAPH_FORMATS = ("nquads", "trig", "turtle", "jsonld")
NETWORK_FORMATS = ("graphml", "gexf", "csv")
STATEMENT_FORMATS = ("parquet", "nanopublications")


@click.command()
@click.argument("folder", type=graph_folder, metavar="DIR")
@click.option("--format", "format_", type=click.Choice([*GRAPH_FORMATS, *NETWORK_FORMATS, *STATEMENT_FORMATS]),
              required=True)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Not to standard output.")
def export(folder: Path, format_: str, to: Path | None) -> int:
    """Write a built graph as RDF, as a network of actors (graphml, gexf, csv), or its statements one by one.

    Of these, parquet is a table with a row each, nanopublications are TriG with four graphs for each bare relation.

    \b
    Examples:
      kg export out --format turtle > graph.ttl
      kg export out --format gexf --to graph.gexf
      kg export out --format parquet --to statements.parquet
    """
    from kg import store
    from kg.analysis import exports

    if format_ in GRAPH_FORMATS:
        with closing(store.open_graph(folder)) as dataset, binary(to) as stream:
            store.export(dataset, format_, cast("BinaryIO", stream))
        return DONE
    if format_ == "parquet" and to is None and sys.stdout.isatty():
        raise UsageError("Parquet is nothing for a terminal", way_out="write it with --to FILE")
    statements = _statements(folder)
    with binary(to) as stream:
        if format_ in STATEMENT_FORMATS:
            _export_statements(statements, format_, cast("BinaryIO", stream))
            return DONE
        words = io.TextIOWrapper(cast("BinaryIO", stream), encoding="utf-8", newline="", write_through=True)
        exports.FORMATS[format_](statements, words)
        words.detach()
    return DONE


def _export_statements(statements: Iterator[Statement], format_: str, stream: BinaryIO) -> None:
    from datetime import UTC, datetime

    from kg.analysis.table import write_parquet
    from kg.store import write_nanopublications

    if format_ == "parquet":
        write_parquet(statements, stream)
    else:
        write_nanopublications(statements, stream, datetime.now(UTC).replace(microsecond=0))


def _statements(folder: Path) -> Iterator[Statement]:
    from kg.home import STATEMENTS, read_statements

    found = read_statements(folder / STATEMENTS)
    first = next(found, None)  # what is wrong with the file shows before another is written
    return chain([first] if first else [], found)


@click.command()
@click.argument("folder", type=graph_folder, metavar="DIR")
@click.option("--by", type=click.Choice(["actor", "government", "country"]), default="actor",
              show_default=True, help="The nodes.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--top", type=click.IntRange(min=1), default=10, show_default=True, help="Rows of each table.")
def analyse(folder: Path, by: str, format_: str, top: int) -> int:
    """Report who speaks, whom others speak about, who is with and against whom, who stands between.

    \b
    Examples:
      kg analyse out
      kg analyse out --by country --format json
    """
    from kg.analysis.report import report

    found = report(_statements(folder), by)
    if format_ == "json":
        print_json(found.to_json())
        return DONE
    for table in found.tables(top):
        click.echo(f"{table.title}: {table.note}")
        draw(table_of(table.columns, table.rows))
    return DONE


@click.command()
@click.argument("folder", type=graph_folder, metavar="DIR")
def validate(folder: Path) -> int:
    """Check the graph of a folder against the ontology's shapes; each fault in plain words.

    \b
    Example:
      kg validate out
    """
    from kg import store
    from kg.rdf.shapes import validate as check

    if store.address_of(folder):  # SHACL reads graph by graph, which an endpoint is slow at
        dataset: Dataset = (copy := store.open_store())
        store.load_file(copy, folder / store.FILE, "trig")
    else:
        dataset = store.open_graph(folder)
    with closing(dataset):
        problems = check(dataset)
    output().writelines(f"{problem}\n".encode() for problem in problems)
    say(f"{len(problems)} faults" if problems else "no faults")
    return FAILED if problems else DONE


class FolderOrAddress(click.Path):
    """A folder, or the address of an endpoint, which is taken as it is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: D102
        from kg.store import is_address

        return value if is_address(value) else super().convert(value, param, ctx)


@click.command()
@click.argument("sparql", required=False, metavar="[FILE.rq | 'SPARQL']")
@click.option("--graph", type=FolderOrAddress(exists=True, file_okay=False, path_type=Path), metavar="DIR|URL",
              help="A folder that kg build wrote, or a SPARQL endpoint.")
@click.option("--name", metavar="NAME", help="A query of the library.")
@click.option("--param", "given", multiple=True, metavar="NAME=VALUE", help="Binds a variable; may be repeated.")
@click.option("--columns", metavar="A,B,...", help="Only these variables, in this order.")
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.option("--list", "listed", is_flag=True, help="Show the named queries, or with --name one's parameters.")
def query(
    sparql: str | None, graph: Path | str | None, name: str | None, given: tuple[str, ...], columns: str | None,
    format_: str, listed: bool,
) -> int:
    """Ask a built graph in SPARQL or with a named query; prefixes such as kg: and ent: need no declaration.

    \b
    Examples:
      kg query --list
      kg query --graph out --name who-criticizes --param subject="Donald Trump" --columns whom,words
      kg query --graph out 'SELECT ?who { ?who kg:supports ent:Ukraine }' --format csv
      kg query --graph http://localhost:7878 --name who-criticizes
    """
    from kg.queries import library

    if listed:
        draw(_listing(name))
        return DONE
    if (sparql is None) == (name is None):
        raise UsageError("give either --name NAME, a FILE.rq or SPARQL text", way_out="kg query --list shows the names")
    if graph is None:
        raise UsageError("no graph is given", way_out="add --graph DIR, a folder that kg build wrote")
    from kg.store import open_graph

    params = dict(_binding(item) for item in given)
    is_file = sparql is not None and (sparql.endswith(".rq") or (len(sparql) < 256 and Path(sparql).is_file()))
    asked = library.named(name) if name else library.read(Path(sparql or "")) if is_file else sparql or ""
    with closing(open_graph(graph)) as dataset:
        result = library.run(dataset, asked, params)
    if result.limit and len(result) >= result.limit:
        say(f"{len(result)} rows, as many as limit allows; there may be more (--param limit=all)")
    result = result.only(*columns.split(",")) if columns else result
    if format_ == "table":
        draw(result.to_table())
    else:
        output().write((result.to_json() + "\n" if format_ == "json" else result.to_csv()).encode())
    return DONE


def _binding(item: str) -> tuple[str, str]:
    name, equals, value = item.partition("=")
    if not (equals and name):
        raise UsageError(f"--param {item!r} has no name or no value", way_out="write it as --param subject=Ukraine")
    return name, value


def _listing(name: str | None) -> Table:
    from kg.queries import library

    if name:
        return table_of(("parameter", "kind", "purpose", "default"), [
            (p.name, p.kind, p.purpose, p.default) for p in library.named(name).parameters])
    return table_of(("name", "answers", "parameters"), [
        (q.name, q.summary, " ".join(p.name for p in q.parameters)) for q in library.queries().values()])


COMMANDS = (export, analyse, validate, query)
