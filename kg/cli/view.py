"""The command that writes a page to look at: the graph, what is stated between two actors, or an article."""

# ruff: noqa: D301 - click keeps the lines below a backspace character, which a raw docstring cannot hold
from __future__ import annotations

import re
import webbrowser
from contextlib import closing
from pathlib import Path

import click

from kg.cli.folder import graph_folder
from kg.cli.output import DONE, FAILED, say
from kg.errors import KgError, UsageError


@click.command()
@click.argument("folder", type=graph_folder, metavar="DIR")
@click.option("--pair", nargs=2, metavar="A B", help="What is stated between two actors, over time.")
@click.option("--document", metavar="ID", help="An article with its statements marked in place.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Not to a file in DIR.")
@click.option("--no-text", is_flag=True, help="Of an article only the sentences that statements rest on.")
@click.option("--open", "opened", is_flag=True, help="Open the page in the browser.")
def view(folder: Path, pair: tuple[str, str] | None, document: str | None, to: Path | None, no_text: bool,
         opened: bool) -> int:
    """Write a page to look at, one file that needs no network, and say where it is.

    Actors are given by name, as ent:Ukraine, or by Wikidata id, as for kg query.

    \b
    Examples:
      kg view out --open
      kg view out --pair "Donald Trump" Ukraine
      kg view out --document kremlin-backs-trump-2024-12-13 --to article.html
    """
    if pair and document is not None:
        raise UsageError("a page shows either a pair or an article", way_out="give --pair or --document")
    if pair:
        page = _pair(folder, *pair, to or folder / f"pair-{_slug(pair[0])}-{_slug(pair[1])}.html")
    elif document is not None:
        page = _article(folder, document, not no_text, to or folder / f"article-{_slug(document)}.html")
    else:
        page = _graph(folder, to)
    click.echo(str(page))
    if opened and not webbrowser.open(page.absolute().as_uri()):
        say("no browser can be opened here; open the file in one")
        return FAILED
    return DONE


def _pair(folder: Path, one: str, other: str, target: Path) -> Path:
    from kg.home import STATEMENTS, read_statements
    from kg.queries.parameters import actor
    from kg.store import open_graph
    from kg.view import pages
    from kg.view.page import write_html

    with closing(open_graph(folder)) as dataset:
        first, second = ([str(term) for term in actor(dataset, phrase)] for phrase in (one, other))
    chosen = pages.between(read_statements(folder / STATEMENTS), first, second)
    if not chosen:
        raise KgError(f"nothing is stated between {one} and {other}", str(folder),
                      f"kg query --graph {folder} --name actors lists who is")
    return write_html(pages.pair(chosen, first, second), target)


def _article(folder: Path, ident: str, text: bool, target: Path) -> Path:
    from kg.status import article
    from kg.view import pages
    from kg.view.page import write_html

    found = article(folder, ident)
    if text and not found.document.text:
        say(f"{folder} was built before texts were kept: the page has sentences only; build it again with the same "
            "inputs to keep the texts")
    return write_html(pages.article(found.document, found.statements, text), target)


def _graph(folder: Path, to: Path | None) -> Path:
    """The page that the folder has, unless another is wanted."""
    from kg.home import PAGE, STATEMENTS, read_statements
    from kg.view.page import write_page
    from kg.view.selection import best_known

    if to is None and (folder / PAGE).is_file():
        return folder / PAGE
    shown, total = best_known(lambda: read_statements(folder / STATEMENTS))
    return write_page(shown, to or folder / PAGE, total=total)


def _slug(words: str) -> str:
    return re.sub(r"\W+", "-", words).strip("-").lower()[:60] or "x"


COMMANDS = (view,)
