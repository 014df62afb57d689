"""The ``kg`` command: arguments, formats, exit codes. Each half of the project is imported inside its command.

Exit status: 0 all read; 1 some inputs failed (each named on standard error, the others done); 2 wrong usage.
"""

# ruff: noqa: D301 - click keeps the lines below a backspace character, which a raw docstring cannot hold
from __future__ import annotations

import io
import json
import logging
import os
import shlex
import sys
from contextlib import closing
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from kg.cli import folder as folder_commands
from kg.cli.output import DONE, FAILED, Errors, binary, draw, output, print_json, say, table_of
from kg.errors import InputError, KgError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from kg.queries.results import Result
    from kg.records import Statement

GRAPH_FORMATS = ("nquads", "trig", "turtle", "jsonld")
NETWORK_FORMATS = ("graphml", "gexf", "csv")
STATEMENT_FORMATS = ("parquet", "nanopublications")
MISUSED, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with its exit status, and never with a traceback."""
    logging.basicConfig(format="kg: %(message)s", level=logging.CRITICAL)
    logging.getLogger("kg").setLevel(logging.WARNING)
    try:
        status = cli.main(args=arguments, prog_name="kg", standalone_mode=False) or DONE
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except KgError as error:
        say(str(error))
        status = MISUSED if isinstance(error, UsageError) else FAILED
    except (KeyboardInterrupt, click.Abort):
        say("interrupted")
        status = INTERRUPTED
    except BrokenPipeError:  # the reader of our output has seen enough, as with ``kg extract ... | head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = FAILED
    except Exception as error:
        if os.environ.get("KG_DEBUG"):
            raise
        say(f"{type(error).__name__}: {error}".replace("\n", " ") + "; a fault of kg: set KG_DEBUG=1 to see where")
        status = FAILED
    sys.exit(status)


inputs_argument = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
model_option = click.option("--model", metavar="NAME", help="A spaCy model; by default the best English one installed.")
fast_option = click.option("--fast", is_flag=True, help="Rules only, without the learned model: quicker, less exact.")
actors_option = click.option("--actors", type=click.Path(path_type=Path), metavar="FILE",
                             help="Actors of your own: a CSV file, of columns name, type, aliases, country ...")
graph_folder = click.Path(exists=True, file_okay=False, path_type=Path)


class FolderOrAddress(click.Path):
    """A folder, or the address of an endpoint, which is taken as it is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: D102
        from kg.store import is_address

        return value if is_address(value) else super().convert(value, param, ctx)


@click.group(epilog="INPUT is a file, a folder or an address (https://, s3://): plain text, HTML, JSON Lines or "
                    "Parquet; - is standard input.",
             context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="kg-statements", message="%(prog)s %(version)s")
def cli() -> None:
    """Political news as a knowledge graph of statements: who says what about whom, in which words.

    \b
    Start with:  kg build data/sample --out out
    Then:        kg query --list
    """


@cli.command()
@inputs_argument
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Where the graph goes.")
@model_option
@fast_option
@actors_option
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Read by N processes of this machine.")
@click.option("--cluster", metavar="ADDRESS", help="Read by the workers of a Dask scheduler that runs already.")
@click.option("--store", metavar="URL", help="Keep the graph at this SPARQL endpoint, not in DIR/store; DIR remembers "
              "it. URL answers queries and updates, or, if it has no path or ends with /, URL/query and URL/update do.")
def build(inputs: tuple[str, ...], out: Path, model: str | None, fast: bool, actors: Path | None,
          workers: int | None, cluster: str | None, store: str | None) -> int:
    """Read articles; write statements.jsonl, graph.trig, graph.html and store/ to a folder.

    \b
    Examples:
      kg build data/sample --out out
      kg build https://example.org/article news.jsonl --out out
      kg build articles --out out --actors my-actors.csv
      kg build s3://bucket/2024.parquet --out out --workers 8
      kg build articles --out out --cluster tcp://10.0.0.5:8786
      kg build articles --out out --store http://localhost:7878

    \b
    The user name and password of an endpoint are in the environment, as KG_STORE_USER and KG_STORE_PASSWORD.
    """
    from kg.builder import build as run

    errors = Errors()
    report = run(inputs, out, model=model, fast=fast, actors=actors, workers=workers, cluster=cluster, store=store,
                 on_error=errors, progress=True)
    click.echo(report.summary())
    return errors.status


@cli.command()
@inputs_argument
@model_option
@fast_option
@actors_option
def extract(inputs: tuple[str, ...], model: str | None, fast: bool, actors: Path | None) -> int:
    """Write statement records to standard output, one JSON object a line.

    \b
    Examples:
      kg extract article.txt > statements.jsonl
      curl -s https://example.org/article | kg extract -
    """
    from kg.documents.reader import read
    from kg.reading import Options, Reader

    errors, stream = Errors(), output()
    for _, statements in Reader(Options(model, fast, actors)).read(read(inputs, errors), errors):
        stream.writelines(statement.to_line().encode() for statement in statements)
        stream.flush()
    return errors.status


@cli.command()
@click.argument("input", metavar="INPUT")
@click.option("--id", "wanted", metavar="ID", help="Which document, if INPUT has several.")
def text(input: str, wanted: str | None) -> int:
    """Write the document text that the offsets of statements count in.

    \b
    Examples:
      kg text page.html
      kg text news.jsonl --id a17 > a17.txt
    """
    from kg.documents.reader import read

    errors = Errors()
    found = list(islice((d for d in read([input], errors) if wanted in (None, d.id)), 2))
    if len(found) > 1:
        raise UsageError("has several documents", input, f"name one with --id, such as --id {shlex.quote(found[0].id)}")
    if wanted and not found:
        raise UsageError(f"has no document {wanted!r}", input, "kg extract shows the ids")
    output().write("".join(document.text for document in found).encode())
    return errors.status


@cli.command()
@click.argument("phrase", metavar="TEXT")
@click.option("--date", metavar="YYYY-MM-DD", help="When the phrase is used.")
@click.option("--explain", "explained", is_flag=True, help="Say why, in words, instead of JSON.")
@actors_option
def actor(phrase: str, date: str | None, explained: bool, actors: Path | None) -> int:
    """Write the actor that a phrase names on a date, as JSON; null if it names none that is known.

    \b
    Examples:
      kg actor "Ukraine's president" --date 2024-12-13
      kg actor "President Duterte" --date 2022-11-15 --explain
      kg actor "retired vice president" --actors my-actors.csv
    """
    from dataclasses import asdict

    from kg.actors.phrase import explain

    found = explain(phrase, date, actors)
    if explained:
        from kg.cli.explained import explanation

        draw(*explanation(found))
    else:
        print_json(asdict(found.entity) if found.entity else None)
    return DONE


@cli.command()
@model_option
@fast_option
def stance(model: str | None, fast: bool) -> int:
    """Judge the attitude between two marked mentions, for each line of JSON on standard input.

    \b
    Example:
      echo '{"text": "Ann praised Bob.", "p": [0, 3], "q": [12, 15]}' | kg stance
    """
    from kg.nlp.model import load
    from kg.reading import surviving
    from kg.stance import judge

    errors = Errors()

    def name(item: tuple[int, bytes], error: Exception) -> None:
        reason = error if isinstance(error, KgError) else KgError(f"{type(error).__name__}: {error}")
        errors(InputError(reason.message, f"stdin:{item[0]}", reason.way_out))

    def work(lines: list[tuple[int, bytes]]) -> Iterator[dict[str, Any]]:
        return judge((_json(line) for _, line in lines), load(model, fast=True), fast)

    given = ((number, line) for number, line in enumerate(sys.stdin.buffer, 1) if line.strip())
    for judged in surviving(given, work, name, 64):
        print_json(judged)
    return errors.status


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise InputError("is no JSON", way_out='give {"text": "...", "p": [start, end], "q": [start, end]}') from None


@cli.command()
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


@cli.command()
@click.argument("folder", type=graph_folder, metavar="DIR")
@click.option("--by", type=click.Choice(["actor", "country"]), default="actor", show_default=True, help="The nodes.")
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


@cli.command()
@click.argument("folder", type=graph_folder, metavar="DIR")
def validate(folder: Path) -> int:
    """Check the graph.trig of a folder against the ontology's shapes; each fault in plain words.

    \b
    Example:
      kg validate out
    """
    from kg import store
    from kg.rdf.shapes import validate as check

    dataset = store.open_store()
    store.load_file(dataset, folder / store.FILE, "trig")
    problems = check(dataset)
    output().writelines(f"{problem}\n".encode() for problem in problems)
    say(f"{len(problems)} faults" if problems else "no faults")
    return FAILED if problems else DONE


@cli.command()
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
    result = _only(result, columns.split(",")) if columns else result
    if format_ == "table":
        draw(result.to_table())
    else:
        output().write((result.to_json() + "\n" if format_ == "json" else result.to_csv()).encode())
    return DONE


for command in folder_commands.COMMANDS:
    cli.add_command(command)


def _only(result: Result, columns: list[str]) -> Result:
    if unknown := [name for name in columns if name not in result.variables]:
        raise UsageError(f"the query has no variable {unknown[0]!r}", way_out=f"take of {', '.join(result.variables)}")
    rows = [{name: row[name] for name in columns if name in row} for row in result.rows]
    distinct = {tuple(row.items()): row for row in rows}
    return replace(result, variables=tuple(columns), rows=tuple(distinct.values()))


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
