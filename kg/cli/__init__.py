"""The ``kg`` command: arguments, formats, exit codes. Each half of the project is imported inside its command.

Exit status: 0 all read; 1 some inputs failed (each named on standard error, the others done); 2 wrong usage.
"""

# ruff: noqa: D301 - click keeps the lines below a backspace character, which a raw docstring cannot hold
from __future__ import annotations

import json
import logging
import os
import shlex
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli import folder, graph, serve, view
from kg.cli.output import DONE, FAILED, Errors, draw, output, print_json, say
from kg.errors import InputError, KgError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
@folder.store_option
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


for command in (*folder.COMMANDS, *graph.COMMANDS, *view.COMMANDS, *serve.COMMANDS):
    cli.add_command(command)
