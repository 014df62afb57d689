"""The command that shows a folder in a browser and answers SPARQL."""

# ruff: noqa: D301 - click keeps the lines below a backspace character, which a raw docstring cannot hold
from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.folder import graph_folder
from kg.cli.output import DONE


@click.command()
@click.argument("folder", type=graph_folder, metavar="DIR")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS",
              help="Listen here; 0.0.0.0 lets other machines ask, who then see all that DIR holds.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Listen at this port, 0 for a free one; by "
              "default 8765, or a free one if it is taken.")
@click.option("--open", "browse", is_flag=True, help="Open a browser.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), default=30, show_default=True,
              metavar="SECONDS", help="How long a query may take.")
def serve(folder: Path, host: str, port: int | None, browse: bool, timeout: float) -> int:
    """Show a folder of any size in the browser, and answer SPARQL, until Ctrl-C.

    The page / holds the actors that occur most, and search leads to all others; /query is a page to write queries on;
    programs ask at /sparql, as the SPARQL 1.1 protocol says. Nothing is changed, and nothing leaves this machine.

    \b
    Examples:
      kg serve out --open
      kg serve out --port 9000
      curl http://127.0.0.1:8765/sparql --data-urlencode 'query=ASK { ?who kg:supports ent:Ukraine }'
    """
    from kg.serve.app import Limits
    from kg.serve.run import serve as run

    def say(address: str) -> None:
        click.echo(f"{folder} is at {address} (queries: {address}query, for programs {address}sparql). Ctrl-C ends it.")
        sys.stdout.flush()

    run(folder, host, port, Limits(seconds=timeout), say, _progress, browse)
    return DONE


def _progress(done: int, total: int) -> None:
    if total > 2000:  # articles; fewer are done at once
        click.echo(f"\rkg: {done:,} of {total:,} articles are indexed for search", err=True, nl=done >= total)


COMMANDS = (serve,)
