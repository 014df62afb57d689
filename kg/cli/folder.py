"""The commands that look after a folder: what is in it, taking articles out, moving it, checking it."""

# ruff: noqa: D301 - click keeps the lines below a backspace character, which a raw docstring cannot hold
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.output import DONE, FAILED, binary, draw, print_json, say, table_of

if TYPE_CHECKING:
    from kg.status import History

graph_folder = click.Path(exists=True, file_okay=False, path_type=Path)
store_option = click.option(
    "--store", metavar="URL", help="Keep the graph at this SPARQL endpoint, not in DIR/store; DIR remembers it. URL "
    "answers queries and updates, or, if it has no path or ends with /, URL/query and URL/update do.")


@click.command()
@click.argument("folder", type=graph_folder, metavar="DIR")
@click.option("--document", metavar="ID", help="Say what it holds of one article: its versions, and its copies.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def status(folder: Path, document: str | None, format_: str) -> int:
    """Say what a folder holds: articles, statements, actors, size, what read them, and what failed and why.

    \b
    Examples:
      kg status out
      kg status out --format json
      kg status out --document wire-2024-11-20
    """
    from kg.status import history
    from kg.status import status as read

    if document is not None:
        _tell(history(folder, document), format_)
        return DONE
    found = read(folder)
    if format_ == "json":
        print_json(found.to_json())
        return DONE
    draw(table_of(("", ""), found.rows()))
    if found.failures:
        draw(table_of(("not read", "why", "what to do"), [(e.where, e.message, e.way_out) for e in found.failures]))
    return DONE


def _tell(found: History, format_: str) -> None:
    if format_ == "json":
        print_json(found.to_json())
        return
    draw(table_of(("version", "text", "read by", "statements", "relations", "date", "title"), found.rows()))
    if found.copies:
        draw(table_of(("copy", "outlet", "date", "title"), found.copied()))


@click.command()
@click.argument("folder", type=graph_folder, metavar="DIR")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
def remove(folder: Path, documents: tuple[str, ...]) -> int:
    """Take articles out of a folder, by their ids (as the statements name them); graph and files follow.

    \b
    Example:
      kg remove out wire-2024-11-20
    """
    from kg.home import Home
    from kg.status import unknown

    with Home(folder) as home:
        missing = [ident for ident in documents if not home.remove(ident)]
        home.write()
    for ident in missing:
        say(str(unknown(folder, ident)))
    return FAILED if missing else DONE


@click.command()
@click.argument("folder", type=graph_folder, metavar="DIR")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Not to standard output.")
def dump(folder: Path, to: Path | None) -> int:
    """Write all that a folder knows, older versions of articles too, as JSON Lines that kg restore reads.

    \b
    Example:
      kg dump out | gzip > out.jsonl.gz
    """
    from kg.ledger import FILE, Ledger

    with binary(to) as stream:
        for line in Ledger(folder / FILE, read_only=True).dump():
            stream.write(line.encode())
    return DONE


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path), metavar="FILE")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="A folder that is new.")
@store_option
def restore(file: Path, out: Path, store: str | None) -> int:
    """Make a folder of what kg dump wrote; its graph is the same.

    \b
    Examples:
      gunzip -c out.jsonl.gz | kg restore - --out again
      kg restore out.jsonl --out again --store http://localhost:7878
    """
    from kg.home import restored

    with click.open_file(str(file), encoding="utf-8", errors="surrogateescape") as lines:  # told with its line
        restored(lines, out, str(file), store)
    return DONE


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
                metavar="FILE...")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Where they go.")
def import_(files: tuple[Path, ...], out: Path) -> int:
    """Take in statements that others have built: statement records (.jsonl), TriG, N-Quads or JSON-LD of ours.

    \b
    Example:
      kg import theirs/graph.trig --out out
    """
    from kg.home import Home, imported

    with Home(out) as home:
        for file in files:
            imported(home, file)
        home.write()
    return DONE


COMMANDS = (status, remove, dump, restore, import_)
