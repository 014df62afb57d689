"""What a folder has read: articles in all their versions with their statements, and what could not be read and why.

An SQLite file, and the truth of the folder: the graph in its store, ``statements.jsonl`` and the page are made of it.
An article is known by its address, or else by its id. The same text read by the same software is the same version; a
new text, or new software, supersedes the old one, which is kept. Each version is one transaction: after a crash it is
there or it is not. Versions that the graph does not show yet are marked, so that the next run can go on.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from kg import copies
from kg.errors import KgError
from kg.records import Document, Statement
from kg.texts import Texts, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

FILE = "articles.sqlite"

_TABLES = """
CREATE TABLE IF NOT EXISTS article (
    number INTEGER PRIMARY KEY,              -- in the order of arrival
    key TEXT NOT NULL,                       -- what makes it the same article: its address, or else its id
    id TEXT NOT NULL,
    digest TEXT NOT NULL,                    -- of the text, SHA-256
    made_by TEXT NOT NULL,
    document TEXT NOT NULL,                  -- JSON
    statements BLOB NOT NULL,                -- JSON, compressed
    said INTEGER NOT NULL,                   -- how many
    related INTEGER NOT NULL,                -- how many of them relate two actors
    successor INTEGER,                       -- the version that superseded it, 0 if it was removed
    shown INTEGER NOT NULL DEFAULT 0         -- whether the graph shows it as it stands here
);
CREATE UNIQUE INDEX IF NOT EXISTS article_key ON article (key) WHERE successor IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS article_id ON article (id) WHERE successor IS NULL;
CREATE INDEX IF NOT EXISTS article_versions ON article (key);
CREATE INDEX IF NOT EXISTS article_names ON article (id);
CREATE INDEX IF NOT EXISTS article_unshown ON article (number) WHERE NOT shown;
CREATE TABLE IF NOT EXISTS copy (one INTEGER, other INTEGER, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (behind INTEGER NOT NULL);  -- a row: the files do not show what the graph does
CREATE TABLE IF NOT EXISTS failure (input TEXT PRIMARY KEY, message TEXT NOT NULL, way_out TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an article: what was read, and by what."""

    number: int
    document: Document
    digest: str
    made_by: str
    statements: tuple[Statement, ...]
    successor: int | None = None  #: the number of the version that superseded it, 0 if it was removed


@dataclass(frozen=True, slots=True)
class Counts:
    """What a ledger holds: current articles and their statements, older versions, and software by name."""

    articles: int
    stories: int
    statements: int
    related: int
    versions: int
    made_by: tuple[tuple[str, int], ...]


class Ledger:
    """The file; one process may write to it at a time.

    Raises
    ------
    KgError
        From every method, if the file cannot be read or written.
    """

    sql: sqlite3.Connection
    texts: Texts

    def __init__(self, file: Path, read_only: bool = False) -> None:
        self.file = file
        with self._told():
            mode = "mode=rwc" if not read_only else "mode=ro&immutable=1" if _is_sealed(file) else "mode=ro"
            self.sql = sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True, isolation_level=None)
            if not read_only:
                self.sql.execute("PRAGMA journal_mode = WAL")
                self.sql.executescript(_TABLES)
            self.index = copies.Index(sql=self.sql)
            self.texts = Texts(self.sql, read_only)

    def close(self) -> None:
        """Let go of the file."""
        self.sql.close()

    # ---- articles --------------------------------------------------------------------------------------------------

    def due(self, document: Document, made_by: str) -> Document | None:
        """The document, under the id that it has here, if it must be read; None if the same software has read it."""
        key, text = key_of(document), digest(document.text)
        with self._told():
            known = self.sql.execute("SELECT id, digest, made_by FROM article WHERE key = ? AND successor IS NULL",
                                     (key,)).fetchone()
            if known and known[1:] == (text, made_by):
                self.texts.add(document.text)  # for it may have been read before texts were kept
                return None
            ident = known[0] if known else document.id
            if not known and self.has(ident):
                ident = f"{ident}-{text[:8]}"  # another article goes by that id
        return Document(ident, document.text, document.title, document.publisher, document.published, document.url)

    def put(self, document: Document, statements: Sequence[Statement], made_by: str, text: str | None = None) -> int:
        """Keep a version of an article, which supersedes the one before; gives its number.

        Parameters
        ----------
        document, statements, made_by
            What was read, and by what.
        text
            The digest of the text, where the document comes without it.
        """
        row = (key_of(document), document.id, digest(document.text) if text is None else text, made_by,
               json.dumps(document.to_json()), _packed(statements), len(statements),
               sum(bool(s.subject and s.object) for s in statements))
        runs = copies.shingles(document.text)
        with self._changed() as sql:
            old = sql.execute("SELECT number FROM article WHERE (key = ? OR id = ?) AND successor IS NULL",
                              row[:2]).fetchall()
            for before, in old:
                self._retire(before)
            number = int(sql.execute(
                "INSERT INTO article (key, id, digest, made_by, document, statements, said, related) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row).lastrowid or 0)
            sql.executemany("UPDATE article SET successor = ? WHERE number = ?", [(number, before) for before, in old])
            sql.executemany("INSERT INTO copy VALUES (?1, ?2), (?2, ?1)", [(number, n) for n in self.index.near(runs)])
            self.index.add(number, runs)
            self.texts.add(document.text)
            self._hide(number)
        return number

    def remove(self, ident: str) -> bool:
        """Take an article out, by its id; its versions stay on record. Gives whether there was one."""
        with self._changed() as sql:
            found = sql.execute("SELECT number FROM article WHERE id = ? AND successor IS NULL", (ident,)).fetchone()
            if found:
                self._retire(found[0])
        return found is not None

    def _retire(self, number: int) -> None:
        """An article is no longer current; the rest of its story must be shown anew."""
        self._hide(number)
        self.sql.execute("UPDATE article SET successor = 0 WHERE number = ?", (number,))
        self.sql.execute("DELETE FROM copy WHERE one = ? OR other = ?", (number, number))
        self.index.drop(number)

    def _hide(self, number: int) -> None:
        self.sql.executemany("UPDATE article SET shown = 0 WHERE number = ?", [(n,) for n in self._story(number)])

    def _story(self, number: int) -> list[int]:
        """The numbers of all articles that are copies of one, of its copies, and so on."""
        return [n for n, in self.sql.execute(
            "WITH RECURSIVE story (number) AS (SELECT ? UNION SELECT other FROM copy JOIN story ON one = number) "
            "SELECT number FROM story ORDER BY number", (number,))]

    def story(self, number: int) -> list[Article]:
        """The articles that tell what one of them tells, in mostly the same words: the first to appear comes first."""
        with self._told():
            found = list(self._read(f"number IN ({','.join(map(str, self._story(number)))})"))
        return sorted(found, key=lambda a: (a.document.published or "9999", a.document.id))

    def has(self, ident: str) -> bool:
        """Whether there is an article of that id."""
        with self._told():
            return bool(self.sql.execute("SELECT 1 FROM article WHERE id = ? AND successor IS NULL",
                                         (ident,)).fetchone())

    def current(self) -> Iterator[Article]:
        """All articles as they stand, by id."""
        yield from self._read("successor IS NULL", "id")

    def versions(self, ident: str) -> list[Article]:
        """All versions of an article, the oldest first."""
        with self._told():
            return list(self._read("key IN (SELECT key FROM article WHERE id = ?)", values=(ident,)))

    def named(self, ident: str) -> Article | None:
        """An article as it stands, by an id that it has or had; with its text, if that was kept."""
        with self._told():
            found = next(self._read("key IN (SELECT key FROM article WHERE id = ?) AND successor IS NULL",
                                    values=(ident,)), None)
            return found and replace(found, document=replace(found.document, text=self.texts[found.digest]))

    def one(self, number: int) -> Article:
        """A version of an article, by its number."""
        with self._told():
            return next(self._read("number = ?", values=(number,)))

    def earlier(self, document: Document) -> set[str]:
        """The digests of the texts that an article had before."""
        with self._told():
            return {text for text, in self.sql.execute(
                "SELECT digest FROM article WHERE key = ? AND successor IS NOT NULL", (key_of(document),))}

    def _read(self, which: str, order: str = "number", values: tuple[Any, ...] = ()) -> Iterator[Article]:
        rows = self.sql.execute(
            "SELECT number, document, digest, made_by, statements, successor "  # noqa: S608
            f"FROM article WHERE {which} ORDER BY {order}", values)
        for number, document, text, made_by, packed, successor in rows:
            yield Article(number, Document(**json.loads(document)), text, made_by, _unpacked(packed), successor)

    # ---- the graph -------------------------------------------------------------------------------------------------

    def unshown(self) -> list[tuple[int, str, bool]]:
        """What the graph does not show as it stands here: numbers, ids, and whether they are current."""
        with self._told():
            return [(number, ident, successor is None) for number, ident, successor in self.sql.execute(
                "SELECT number, id, successor FROM article WHERE NOT shown ORDER BY number")]

    def shown(self, numbers: Iterable[int]) -> None:
        """Note that the graph shows these as they stand here, and that the files of it are behind."""
        with self._changed() as sql:
            if not self.behind:
                sql.execute("INSERT INTO files VALUES (1)")
            sql.executemany("UPDATE article SET shown = 1 WHERE number = ?", [(n,) for n in numbers])

    @property
    def behind(self) -> bool:
        """Whether the files do not show what the graph does."""
        return bool(self.sql.execute("SELECT 1 FROM files").fetchone())

    def written(self) -> None:
        """Note that the files show what the graph does."""
        with self._changed() as sql:
            sql.execute("DELETE FROM files")

    def digests(self) -> dict[str, str]:
        """The digests of the texts of all articles as they stand, by id."""
        with self._told():
            return dict(self.sql.execute("SELECT id, digest FROM article WHERE successor IS NULL").fetchall())

    def hide(self, idents: Iterable[str]) -> None:
        """Note that the graph does not show these articles, by id, as they stand here."""
        with self._changed() as sql:
            sql.executemany("UPDATE article SET shown = 0 WHERE id = ? AND successor IS NULL", [(i,) for i in idents])

    def show_again(self) -> None:
        """Note that the graph has been lost, or is another one now, which may show anything."""
        with self._changed() as sql:
            sql.execute("UPDATE article SET shown = 0")

    # ---- failures --------------------------------------------------------------------------------------------------

    def fail(self, inputs: Iterable[str], errors: Iterable[KgError]) -> None:
        """Keep what of the inputs could not be read this time, and why."""
        with self._changed() as sql:
            for given in inputs:  # a folder's files and a file's lines begin with its name
                sql.execute("DELETE FROM failure WHERE substr(input, 1, length(?1)) = ?1", (given,))
            sql.executemany("INSERT OR REPLACE INTO failure VALUES (?, ?, ?)",
                            [(e.where, e.message, e.way_out) for e in errors])

    def failures(self) -> list[KgError]:
        """What could not be read, by input."""
        with self._told():
            return [KgError(message, where, way_out) for where, message, way_out in self.sql.execute(
                "SELECT input, message, way_out FROM failure ORDER BY input")]

    # ---- dump ------------------------------------------------------------------------------------------------------

    def dump(self) -> Iterator[str]:
        """All of it as lines of JSON."""
        yield json.dumps(_HEAD) + "\n"
        with self._told():
            for row in self.sql.execute(f"SELECT {', '.join(_COLUMNS)} FROM article ORDER BY number"):  # noqa: S608
                fields = dict(zip(_COLUMNS, row, strict=True))
                fields["document"] = json.loads(fields["document"])
                fields["statements"] = json.loads(zlib.decompress(fields["statements"]))
                fields["runs"] = self.index[fields["number"]].tolist()
                yield json.dumps({"article": fields}, ensure_ascii=False) + "\n"
            for text in self.texts:
                yield json.dumps({"text": text}, ensure_ascii=False) + "\n"
            for pair in self.sql.execute("SELECT one, other FROM copy ORDER BY one, other"):
                yield json.dumps({"copy": pair}) + "\n"
            for failure in self.sql.execute("SELECT input, message, way_out FROM failure ORDER BY input"):
                yield json.dumps({"failure": failure}, ensure_ascii=False) + "\n"

    def load(self, lines: Iterable[str], where: str) -> None:
        """Take in what :meth:`dump` wrote; the ledger must be empty.

        Raises
        ------
        KgError
            If it is not empty, or a line is none of a dump; nothing is taken in then.
        """
        self.must_be_empty()
        with self._changed():
            for number, line in enumerate(lines, 1):
                try:
                    (kind, value), = json.loads(line).items()
                    if number == 1 and {kind: value} != _HEAD:
                        raise ValueError("no dump")
                    _TAKEN_IN[kind](self, value)
                except (ValueError, KeyError, TypeError, AttributeError, sqlite3.IntegrityError) as error:
                    raise KgError(f"is no line of a dump ({type(error).__name__}: {error})", f"{where}:{number}",
                                  "write the file again with kg dump") from None

    def must_be_empty(self) -> None:
        """Refuse to go on, with a :class:`KgError`, if there is an article, or was one."""
        if self.counts() != Counts(0, 0, 0, 0, 0, ()):
            raise KgError("this folder has articles already", str(self.file.parent), "give a new folder with --out")

    # ---- counts ----------------------------------------------------------------------------------------------------

    def counts(self) -> Counts:
        """How much there is."""
        with self._told():
            articles, said, related = self.sql.execute(
                "SELECT count(*), total(said), total(related) FROM article WHERE successor IS NULL").fetchone()
            versions, = self.sql.execute("SELECT count(*) FROM article").fetchone()
            made_by = self.sql.execute("SELECT made_by, count(*) FROM article WHERE successor IS NULL "
                                       "GROUP BY made_by ORDER BY made_by").fetchall()
            copied = nx.Graph(self.sql.execute("SELECT one, other FROM copy").fetchall())
        stories = articles - len(copied) + nx.number_connected_components(copied)
        return Counts(articles, stories, int(said), int(related), versions - articles, tuple(made_by))

    # ---- SQLite ----------------------------------------------------------------------------------------------------

    @contextmanager
    def _changed(self) -> Iterator[sqlite3.Connection]:
        """One transaction, kept whole or not at all."""
        with self._told():
            self.sql.execute("BEGIN IMMEDIATE")
            try:
                yield self.sql
            except BaseException:
                if self.sql.in_transaction:  # a full disk has ended it already
                    self.sql.execute("ROLLBACK")
                raise
            self.sql.execute("COMMIT")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Faults of SQLite in the project's words."""
        try:
            yield
        except sqlite3.Error as error:
            reason, way_out = next((told for sign, told in _FAULTS.items() if sign in str(error)),
                                   (str(error), "make room, or check the folder's rights"))
            raise KgError(reason, str(self.file), way_out) from error


_HEAD = {"kg dump": 1}
_COLUMNS = ("number", "key", "id", "digest", "made_by", "document", "statements", "said", "related", "successor")


def _take_article(ledger: Ledger, fields: dict[str, Any]) -> None:
    packed = {**fields, "document": json.dumps(fields["document"]), "shown": fields["successor"] is not None,
              "statements": zlib.compress(json.dumps(fields["statements"], ensure_ascii=False).encode())}
    ledger.sql.execute(f"INSERT INTO article ({', '.join(_COLUMNS)}, shown) "  # noqa: S608
                       f"VALUES ({', '.join(':' + name for name in _COLUMNS)}, :shown)", packed)
    if fields["successor"] is None:
        ledger.index.add(fields["number"], np.array(fields["runs"], dtype="<u4"))


_TAKEN_IN: dict[str, Callable[[Ledger, Any], object]] = {
    "kg dump": lambda ledger, version: None,
    "article": _take_article,
    "text": lambda ledger, text: ledger.texts.add(text),
    "copy": lambda ledger, pair: ledger.sql.execute("INSERT INTO copy VALUES (?, ?)", pair),
    "failure": lambda ledger, row: ledger.sql.execute("INSERT INTO failure VALUES (?, ?, ?)", row),
}
_FAULTS = {
    "full": ("the disk is full", "make room and run the command again: what was done is kept"),
    "locked": ("another process is writing to this folder", "wait until it is done"),
    "readonly": ("the folder cannot be written to", "choose another folder with --out"),
    "unable to open": ("the folder cannot be written to", "choose another folder with --out"),
    "malformed": ("this file is damaged", "make the folder again from a dump, with kg restore"),
    "not a database": ("this file is damaged", "make the folder again from a dump, with kg restore"),
}


def _is_sealed(file: Path) -> bool:
    """Whether nobody can be writing to it, nor make the files beside it that SQLite reads changes from."""
    return not os.access(file.parent, os.W_OK) and not file.with_name(f"{file.name}-wal").exists()


def key_of(document: Document) -> str:
    """What makes an article the same: its address, or else its id."""
    return document.url or document.id


def _packed(statements: Sequence[Statement]) -> bytes:
    return zlib.compress(json.dumps([s.to_json() for s in statements], ensure_ascii=False).encode())


def _unpacked(blob: bytes) -> tuple[Statement, ...]:
    return tuple(map(Statement.from_json, json.loads(zlib.decompress(blob))))
