"""What a folder holds, in numbers; and what it holds of one article: its text, its versions, and its copies."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from kg import store
from kg.errors import KgError
from kg.ledger import FILE as LEDGER
from kg.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.ledger import Article, Counts
    from kg.records import Document


@dataclass(frozen=True, slots=True)
class Status:
    """What a folder holds; ``size`` in bytes."""

    counts: Counts
    actors: int
    size: int
    failures: tuple[KgError, ...]

    def rows(self) -> list[tuple[str, Any]]:
        """For a table."""
        c = self.counts
        return [("articles", c.articles), ("stories (copies of one count once)", c.stories),
                ("older versions", c.versions), ("statements read", c.statements), ("of these relations", c.related),
                ("actors", self.actors), ("size", f"{self.size / 1e6:.1f} MB"),
                *((f"read by {name}", number) for name, number in c.made_by)]

    def to_json(self) -> dict[str, Any]:
        """For other programs."""
        return {**asdict(self.counts), "made_by": dict(self.counts.made_by), "actors": self.actors, "size": self.size,
                "failures": [{"input": e.where, "message": e.message, "way_out": e.way_out} for e in self.failures]}


def status(folder: Path) -> Status:
    """Read what a folder holds.

    Raises
    ------
    KgError
        If it is no folder that kg build wrote.
    """
    with _ledger_of(folder) as ledger, closing(store.open_graph(folder)) as graph:
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return Status(ledger.counts(), store.count_actors(graph), size, tuple(ledger.failures()))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article; how many statements it had, and how many of them relate two actors."""

    state: str  #: current, superseded or removed
    digest: str
    made_by: str
    statements: int
    related: int
    document: Document

    @classmethod
    def of(cls, article: Article) -> Version:
        """A version as the ledger has it."""
        state = {None: "current", 0: "removed"}.get(article.successor, "superseded")
        related = sum(bool(s.subject and s.object) for s in article.statements)
        return cls(state, article.digest, article.made_by, len(article.statements), related, article.document)


@dataclass(frozen=True, slots=True)
class History:
    """What a folder holds of one article: its versions, the newest first, and the articles that are copies of it."""

    versions: tuple[Version, ...]
    copies: tuple[Document, ...]

    def rows(self) -> list[tuple[Any, ...]]:
        """The versions, for a table."""
        return [(v.state, v.digest[:8], v.made_by, v.statements, v.related, v.document.published, v.document.title)
                for v in self.versions]

    def copied(self) -> list[tuple[Any, ...]]:
        """The copies, for a table."""
        return [(c.id, c.publisher, c.published, c.title) for c in self.copies]

    def to_json(self) -> dict[str, Any]:
        """For other programs."""
        return {"versions": [{"state": v.state, "digest": v.digest, "made_by": v.made_by, "statements": v.statements,
                              "related": v.related, "document": v.document.to_json()} for v in self.versions],
                "copies": [document.to_json() for document in self.copies]}


def history(folder: Path, ident: str) -> History:
    """Read what a folder holds of an article, by its id.

    Raises
    ------
    KgError
        If there never was an article of that id, or it is no folder that kg build wrote.
    """
    with _ledger_of(folder) as ledger:
        found = ledger.versions(ident)[::-1]
        if not found:
            raise unknown(folder, ident)
        story = [a for one in found if one.successor is None for a in ledger.story(one.number)
                 if a.number != one.number]
        return History(tuple(map(Version.of, found)), tuple(article.document for article in story))


def article(folder: Path, ident: str) -> Article:
    """Read an article as it stands, by its id; its document has the text, unless the folder did not keep it.

    Raises
    ------
    KgError
        If there is no article of that id, or it is no folder that kg build wrote.
    """
    with _ledger_of(folder) as ledger:
        found = ledger.named(ident)
    if found is None:
        raise unknown(folder, ident)
    return found


def unknown(folder: Path, ident: str) -> KgError:
    """That no article of a folder has this id."""
    return KgError(f"there is no such article in {folder}", ident,
                   f"kg query --graph {folder} 'SELECT ?id {{ ?article schema:identifier ?id }}' shows the ids")


@contextmanager
def _ledger_of(folder: Path) -> Iterator[Ledger]:
    if not (folder / LEDGER).is_file():
        raise KgError("this is no folder of kg build", str(folder), "make one with kg build INPUT... --out DIR")
    with closing(Ledger(folder / LEDGER, read_only=True)) as ledger:
        yield ledger
