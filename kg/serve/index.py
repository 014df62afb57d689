"""What the index of a folder is asked: actors by name, sentences by words, and which statements a page shows."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg.ledger import Ledger
    from kg.records import Statement


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor of the folder; ``weight`` is the number of statements that it speaks in or is related in."""

    number: int
    iri: str
    name: str
    type: str
    weight: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with a statement that it carries: its id, whether it relates two actors, and where it is shown."""

    text: str
    statement: str
    related: bool
    actor: str | None  #: the IRI of one in the statement, if there is any
    article: str  #: its id


class Index:
    """The file, open for reading by one thread; :mod:`kg.serve.indexing` writes it."""

    def __init__(self, file: Path) -> None:
        self.sql = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)

    def close(self) -> None:
        """Let go of the file."""
        self.sql.close()

    # ---- search ----------------------------------------------------------------------------------------------------

    def actor(self, iri: str) -> Actor | None:
        """The actor of that IRI."""
        return next(self._actors("WHERE iri = ?", iri), None)

    def named(self, words: str, most: int) -> list[Actor]:
        """Actors whose names have these letters, whatever their case: at the start first, then at a word's."""
        wanted = folded(words).strip()
        if not wanted:
            return []
        return list(self._actors("WHERE instr(folded, ?1) ORDER BY CASE instr(' ' || folded, ' ' || ?1) "
                                 "WHEN 1 THEN 0 WHEN 0 THEN 2 ELSE 1 END, weight DESC, number LIMIT ?2", wanted, most))

    def _actors(self, which: str, *values: object) -> Iterator[Actor]:
        for row in self.sql.execute(f"SELECT number, iri, name, type, weight FROM actor {which}", values):  # noqa: S608
            yield Actor(*row)

    def saying(self, words: str, most: int) -> list[Sentence]:
        """Sentences that have all these words, the last one perhaps unfinished; those read last come first."""
        wanted = words_of(words)
        if not wanted:
            return []
        rows = self.sql.execute(
            "SELECT text, statement.id, related, iri, article.id FROM sentence "
            "JOIN statement ON statement.number = sentence.rowid JOIN article ON article.number = statement.article "
            "LEFT JOIN actor ON actor.number = home WHERE sentence MATCH ? ORDER BY sentence.rowid DESC LIMIT ?",
            (" ".join(f'"{word}"' for word in wanted) + "*", most))
        return [Sentence(text, ident, bool(related), iri, article) for text, ident, related, iri, article in rows]

    def weights(self, iris: Iterable[str]) -> dict[str, int]:
        """How many statements these actors are in."""
        return {iri: actor.weight for iri in iris if (actor := self.actor(iri))}

    # ---- what a page shows -----------------------------------------------------------------------------------------

    def total(self) -> int:
        """How many statements there are."""
        return int(self.sql.execute("SELECT count(*) FROM statement").fetchone()[0])

    def best_known(self, actors: int, most: int) -> list[int]:
        """Statements among the actors that are in most, by number: of each its strongest ties, then what there is."""
        if self.total() <= most:
            return self._numbers("SELECT number FROM statement")
        chosen = self._numbers("SELECT number FROM actor ORDER BY weight DESC, number LIMIT ?", actors)
        found: dict[int, None] = {}
        self._spread(self._ties(chosen), found, most)
        return list(found)

    def around(self, actor: Actor, actors: int, own: int, most: int, keep: str = "") -> list[int]:
        """Statements of one actor, then those among its neighbours, by number.

        Parameters
        ----------
        actor
            In the middle.
        actors
            How many there may be, those it shares most statements with.
        own
            How many of its own statements; if it has more, some of each tie.
        most
            How many statements in all.
        keep
            The id of a statement that must be there.
        """
        found = dict.fromkeys(self._numbers("SELECT number FROM statement WHERE id = ?", keep))
        ties = [(actor.number, other) for other, in self.sql.execute(
            "SELECT other FROM tie WHERE actor = ? ORDER BY count DESC, other LIMIT ?", (actor.number, actors))]
        if actor.weight <= own:
            found |= dict.fromkeys(self._numbers("SELECT statement FROM role WHERE actor = ?", actor.number))
        else:
            self._spread(ties, found, own)
        self._spread(self._ties([other for _, other in ties]), found, most)
        return list(found)

    def between(self, one: Actor, other: Actor, most: int) -> list[int]:
        """Statements in which both actors are, by number, the last ones read."""
        return self._numbers("SELECT statement FROM pair WHERE one = ? AND other = ? ORDER BY statement DESC LIMIT ?",
                             *sorted((one.number, other.number)), most)

    def of_article(self, ident: str) -> list[int]:
        """Statements of an article, by number; none if there is no such article."""
        return self._numbers("SELECT statement.number FROM statement JOIN article ON article = article.number "
                             "WHERE article.id = ?", ident)

    def has_article(self, ident: str) -> bool:
        """Whether there is an article of that id."""
        return bool(self._numbers("SELECT number FROM article WHERE id = ?", ident))

    def statements(self, numbers: Iterable[int], ledger: Ledger) -> list[Statement]:
        """The statements of these numbers, in their order in the folder."""
        rows = [self.sql.execute("SELECT article, place, carried FROM statement WHERE number = ?", (number,)).fetchone()
                for number in sorted(set(numbers))]
        found: list[Statement] = []
        for article, places in groupby(filter(None, rows), key=itemgetter(0)):
            statements = ledger.one(article).statements
            found += [replace(statements[place], carried_by=tuple(json.loads(carried or "[]")))
                      for _, place, carried in places]
        return found

    def _ties(self, actors: Sequence[int]) -> list[tuple[int, int]]:
        """The ties among some actors: the strongest of each, the second of each, and so on."""
        self.sql.execute("CREATE TEMPORARY TABLE IF NOT EXISTS chosen (actor INTEGER PRIMARY KEY)")
        self.sql.execute("DELETE FROM chosen")
        self.sql.executemany("INSERT OR IGNORE INTO chosen VALUES (?)", [(number,) for number in actors])
        return list(dict.fromkeys(
            (min(one, other), max(one, other)) for one, other in self.sql.execute(
                "SELECT actor, other FROM (SELECT tie.actor, other, count, row_number() OVER ("
                "PARTITION BY tie.actor ORDER BY count DESC, other) AS rank FROM chosen "
                "JOIN tie ON tie.actor = chosen.actor WHERE other IN (SELECT actor FROM chosen)) "
                "ORDER BY rank, count DESC, actor, other")))

    def _spread(self, ties: Sequence[tuple[int, int]], found: dict[int, None], most: int) -> None:
        """Add statements of ties until there are so many: the last one read of each, then more of each."""
        quota = 1
        while ties and len(found) < most:
            more = []
            for one, other in ties:
                numbers = self._numbers("SELECT statement FROM pair WHERE one = ? AND other = ? "
                                        "ORDER BY statement DESC LIMIT ?", min(one, other), max(one, other), quota)
                found |= dict.fromkeys([n for n in numbers if n not in found][:most - len(found)])
                if len(found) >= most:
                    return
                if len(numbers) == quota:
                    more.append((one, other))
            ties, quota = more, quota * 4

    def _numbers(self, query: str, *values: object) -> list[int]:
        return [number for number, *_ in self.sql.execute(query, values)]


_NO_LETTERS = ("Mn", "Mc", "Me", "Cs")  # accents, and halves of letters, which are no text to SQLite


def folded(text: str) -> str:
    """The letters of a text whatever their case, accents and width, as the page's own search compares them."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if unicodedata.category(letter) not in _NO_LETTERS).lower()


def words_of(text: str) -> list[str]:
    """The words of a text, folded; signs that SQLite may take for letters, such as controls of direction, are none."""
    return re.findall(r"[^\W_]+", folded(text))
