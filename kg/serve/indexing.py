"""The index of a folder: a file with its actors, who is in which statement, and the sentences, made for questions.

It holds numbers, names and sentences; the statements themselves stay in ``articles.sqlite`` (:mod:`kg.ledger`) and are
read from there when a page needs them. It follows the ledger article by article, and is made anew if it is lost.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from itertools import combinations
from typing import TYPE_CHECKING

import networkx as nx
from filelock import FileLock

from kg.errors import KgError
from kg.home import once
from kg.serve.index import folded, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kg.ledger import Article, Ledger
    from kg.records import Entity, Statement

FILE = "search.sqlite"
_VERSION = 1  # of the tables; a file with others is made anew
_BATCH = 500  # articles in a transaction

_TABLES = f"""
PRAGMA user_version = {_VERSION};
CREATE TABLE article (number INTEGER PRIMARY KEY, id TEXT NOT NULL, story TEXT NOT NULL);
CREATE INDEX article_names ON article (id);
CREATE TABLE actor (
    number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, name TEXT NOT NULL, folded TEXT NOT NULL, type TEXT NOT NULL,
    described TEXT NOT NULL,                 -- the date of the article that describes it so
    weight INTEGER NOT NULL                  -- statements that it speaks in or is related in
);
CREATE INDEX actor_weights ON actor (weight);
CREATE INDEX actor_names ON actor (folded, weight);
CREATE TABLE statement (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, article INTEGER NOT NULL,
    place INTEGER NOT NULL,                  -- among the statements that the ledger has of the article
    home INTEGER,                            -- the actor whose page shows it
    related INTEGER NOT NULL,                -- whether it relates two actors
    carried TEXT                             -- JSON: the articles that carry it too
);
CREATE INDEX statement_ids ON statement (id);
CREATE INDEX statement_articles ON statement (article);
CREATE TABLE role (actor INTEGER, statement INTEGER, PRIMARY KEY (actor, statement)) WITHOUT ROWID;
CREATE INDEX role_statements ON role (statement);
CREATE TABLE pair (one INTEGER, other INTEGER, statement INTEGER, PRIMARY KEY (one, other, statement)) WITHOUT ROWID;
CREATE INDEX pair_statements ON pair (statement);
CREATE TABLE tie (actor INTEGER, other INTEGER, count INTEGER NOT NULL, PRIMARY KEY (actor, other)) WITHOUT ROWID;
CREATE VIRTUAL TABLE sentence USING fts5 (words, text UNINDEXED);
"""  # a sentence has the number of the first statement that it carries; its words are those of words_of


def follow(ledger: Ledger, file: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Bring the index up to what a ledger has; gives how many articles changed.

    Parameters
    ----------
    ledger
        Open for reading.
    file
        The index; made if it is missing, damaged or of another version.
    progress
        Told how many of how many articles are done, from time to time.

    Raises
    ------
    KgError
        If the file cannot be written.
    """
    with _told(file), FileLock(file.with_suffix(".lock")):  # two servers may start at once
        try:
            return _followed(ledger, file, progress)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            for suffix in ("", "-wal", "-shm"):  # it is damaged, and can be made anew
                file.with_name(file.name + suffix).unlink(missing_ok=True)
            return _followed(ledger, file, progress)


def _followed(ledger: Ledger, file: Path, progress: Callable[[int, int], None]) -> int:
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as sql:
        sql.execute("PRAGMA journal_mode = WAL")
        sql.execute("PRAGMA synchronous = NORMAL")  # what a power failure takes is indexed again
        if sql.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            _emptied(sql)
        wanted = _stories(ledger)
        known = dict(sql.execute("SELECT number, story FROM article").fetchall())
        gone = [number for number in known if known[number] != wanted.get(number)]
        come = [number for number in wanted if known.get(number) != wanted[number]]
        changes = [(number, False) for number in gone] + [(number, True) for number in come]
        for start in range(0, len(changes), _BATCH):
            sql.execute("BEGIN IMMEDIATE")
            for number, is_new in changes[start:start + _BATCH]:
                _take_out(sql, number)
                if is_new:
                    _take_in(sql, ledger.story(number), number, wanted[number])
            sql.execute("COMMIT")
            progress(min(start + _BATCH, len(changes)), len(changes))
        return len({*gone, *come})


def _emptied(sql: sqlite3.Connection) -> None:
    names = [name for name, in sql.execute("SELECT name FROM sqlite_master WHERE type = 'table' "
                                           "AND name NOT LIKE 'sentence!_%' ESCAPE '!'")]
    sql.executescript("".join(f"DROP TABLE {name};" for name in names) + _TABLES)


def _stories(ledger: Ledger) -> dict[int, str]:
    """The current articles, each with the copies of its story: what an article tells depends on them."""
    current = [number for number, in ledger.sql.execute("SELECT number FROM article WHERE successor IS NULL "
                                                        "ORDER BY number")]
    copied = nx.Graph(ledger.sql.execute("SELECT one, other FROM copy").fetchall())
    told = {number: ",".join(map(str, sorted(story)))
            for story in nx.connected_components(copied) for number in story}
    return {number: told.get(number, "") for number in current}


def _take_out(sql: sqlite3.Connection, number: int) -> None:
    inside = "(SELECT number FROM statement WHERE article = ?)"
    for actor, count in sql.execute(f"SELECT actor, count(*) FROM role WHERE statement IN {inside} "  # noqa: S608
                                    "GROUP BY actor", (number,)).fetchall():
        sql.execute("UPDATE actor SET weight = weight - ? WHERE number = ?", (count, actor))
        sql.execute("DELETE FROM actor WHERE number = ? AND weight = 0", (actor,))
    for one, other, count in sql.execute(f"SELECT one, other, count(*) FROM pair WHERE statement IN {inside} "  # noqa: S608
                                         "GROUP BY one, other", (number,)).fetchall():
        for tie in {(one, other), (other, one)}:
            sql.execute("UPDATE tie SET count = count - ? WHERE actor = ? AND other = ?", (count, *tie))
            sql.execute("DELETE FROM tie WHERE actor = ? AND other = ? AND count = 0", tie)
    for table in ("role", "pair"):
        sql.execute(f"DELETE FROM {table} WHERE statement IN {inside}", (number,))  # noqa: S608
    sql.execute(f"DELETE FROM sentence WHERE rowid IN {inside}", (number,))  # noqa: S608
    sql.execute("DELETE FROM statement WHERE article = ?", (number,))
    sql.execute("DELETE FROM article WHERE number = ?", (number,))


def _take_in(sql: sqlite3.Connection, story: Sequence[Article], number: int, copies: str) -> None:
    article, told = next((article, told) for article, told in once(story) if article.number == number)
    sql.execute("INSERT INTO article VALUES (?, ?, ?)", (number, article.document.id, copies))
    places = {statement.id: place for place, statement in reversed(list(enumerate(article.statements)))}
    sentences: set[tuple[int, str]] = set()
    for statement in dict(zip((one.id for one in told), told, strict=True)).values():  # a repeated id counts once
        roles = _roles(sql, statement)
        carried = json.dumps(statement.carried_by) if statement.carried_by else None
        home = next(iter(roles), None)
        related = bool(statement.subject and statement.object and statement.predicate)
        values = (statement.id, number, places[statement.id], home, related, carried)
        row = sql.execute("INSERT INTO statement (id, article, place, home, related, carried) "
                          "VALUES (?, ?, ?, ?, ?, ?)", values).lastrowid or 0
        _tie(sql, row, sorted(roles))
        if (span := statement.evidence) and (span.start, span.text) not in sentences:
            sentences.add((span.start, span.text))
            sql.execute("INSERT INTO sentence (rowid, words, text) VALUES (?, ?, ?)",
                        (row, " ".join(words_of(span.text)), span.text))


def _roles(sql: sqlite3.Connection, statement: Statement) -> list[int]:
    """The actors in a statement, by number; first the one whose page shows it."""
    actors = [statement.speaker, statement.subject, statement.object]
    if statement.subject and statement.object:
        actors = [statement.subject, statement.object, statement.speaker]
    named = {actor.id: actor for actor in actors if actor}
    return [_number(sql, actor, statement.document.published or "") for actor in named.values()]


def _number(sql: sqlite3.Connection, actor: Entity, date: str) -> int:
    """The number of an actor, which is in one more statement; its name is that of the latest article."""
    return int(sql.execute(
        "INSERT INTO actor (iri, name, folded, type, described, weight) VALUES (?, ?, ?, ?, ?, 1) "
        "ON CONFLICT (iri) DO UPDATE SET weight = weight + 1, "
        "name = iif(excluded.described > described, excluded.name, name), "
        "folded = iif(excluded.described > described, excluded.folded, folded), "
        "type = iif(excluded.described > described, excluded.type, type), "
        "described = max(excluded.described, described) RETURNING number",
        (actor.id, actor.name, folded(actor.name), actor.type.value, date)).fetchone()[0])


def _tie(sql: sqlite3.Connection, statement: int, actors: Sequence[int]) -> None:
    """Note who is in a statement, and who are in it together; one alone is with itself."""
    sql.executemany("INSERT INTO role VALUES (?, ?)", [(actor, statement) for actor in actors])
    pairs = list(combinations(actors, 2)) or [(actor, actor) for actor in actors]
    sql.executemany("INSERT INTO pair VALUES (?, ?, ?)", [(*pair, statement) for pair in pairs])
    sql.executemany("INSERT INTO tie VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1",
                    sorted({ends for one, other in pairs for ends in ((one, other), (other, one))}))


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Faults of the index in the project's words."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise KgError(f"the index for searching cannot be written ({error})", str(file),
                      "make room, or check the folder's rights") from error
