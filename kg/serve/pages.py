"""Pages of the explorer: each holds the statements that one view needs, whatever the folder holds."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kg.ledger import FILE as LEDGER
from kg.ledger import Ledger
from kg.serve.index import Index
from kg.view.page import Served, page_html

if TYPE_CHECKING:
    from pathlib import Path

    from kg.serve.index import Actor, Sentence

ACTORS = 1_000  #: on a page
MOST = 4_000  #: statements on a page
_OWN = 2_000  # statements of the actor in the middle
TITLE = "Graph of statements"


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows: an actor and who is around it, two actors, an article, or else the best known."""

    actor: str = ""
    other: str = ""
    article: str = ""
    statement: str = ""  #: the id of one that must be there


class NoSuchThingError(Exception):
    """What a view is about is not in the folder."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A page's title, what it says of what it shows, its statements by number, and where it opens."""

    title: str
    note: str
    numbers: list[int]
    start: str = ""


def draw(folder: Path, file: Path, view: View) -> bytes:
    """Draw a view of a folder whose index is this file, as a page in UTF-8.

    Raises
    ------
    NoSuchThingError
        If what it is about is not there.
    """
    with closing(Index(file)) as index, closing(Ledger(folder / LEDGER, read_only=True)) as ledger:
        chosen = _chosen(index, view)
        found = index.statements(chosen.numbers, ledger)
        iris = {actor.id for s in found for actor in (s.speaker, s.subject, s.object, *s.via) if actor}
        article = ledger.named(view.article) if view.article else None
        documents = [article.document] if article else []
        title = next((document.title for document in documents if document.title), chosen.title)
        page = page_html(found, title, ACTORS, start=chosen.start, documents=documents,
                         served=Served(chosen.note, index.weights(iris)))
    return page.encode("utf-8", "backslashreplace")


def _chosen(index: Index, view: View) -> Chosen:
    total = index.total()
    if view.article:
        if not index.has_article(view.article):
            raise NoSuchThingError("no article of this folder has this id")
        return Chosen(f"Article {view.article}", "The statements of one article.", index.of_article(view.article),
                      urlencode({"view": "article", "article": view.article}))
    if not view.actor:
        numbers = index.best_known(ACTORS, MOST)
        return Chosen(TITLE, "" if len(numbers) == total else (
            f"{len(numbers):,} of {total:,} statements, between the actors that occur most. "
            "Search reaches the others."), numbers)
    actor = _actor(index, view.actor)
    if view.other:
        other = _actor(index, view.other)
        return Chosen(f"{actor.name} and {other.name}", "The statements that both are in.",
                      index.between(actor, other, MOST),
                      urlencode([("view", "pair"), ("pair", actor.iri), ("pair", other.iri)]))
    numbers = index.around(actor, ACTORS, _OWN, MOST, view.statement)
    own = f"{_OWN:,} of its {actor.weight:,}" if actor.weight > _OWN else f"all {actor.weight:,}"
    note = f"{own} statements, and some among those in them: {len(numbers):,} of {total:,}."
    return Chosen(actor.name, note, numbers)


def _actor(index: Index, iri: str) -> Actor:
    actor = index.actor(iri)
    if actor is None:
        raise NoSuchThingError("no actor of this folder has this address")
    return actor


def search(file: Path, words: str, most: int) -> dict[str, list[dict[str, object]]]:
    """Actors by name and sentences by words, each with the address of a page that shows it."""
    with closing(Index(file)) as index:
        return {
            "actors": [{"id": actor.iri, "name": actor.name, "type": actor.type, "weight": actor.weight,
                        "address": f"/?{urlencode({'actor': actor.iri})}#{urlencode({'actor': actor.iri})}"}
                       for actor in index.named(words, most)],
            "sentences": [{"statement": found.statement, "text": found.text, "address": _address(found)}
                          for found in index.saying(words, most)]}


def _address(found: Sentence) -> str:
    if found.actor is None:
        return f"/article?{urlencode({'id': found.article})}"
    shown = {"statement": found.statement} if found.related else {"actor": found.actor}
    return f"/?{urlencode({'actor': found.actor, 'statement': found.statement})}#{urlencode(shown)}"
