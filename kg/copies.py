"""Which articles are nearly the same text: a wire story that outlets cut, reorder, retitle and put their names to.

Texts are compared by their runs of :data:`SIZE` words. MinHash signatures with banding (Broder 1997; datasketch) find
the few that can be alike among many; then the runs themselves are counted: how much of the shorter text stands in the
longer one. Reports of the same event by others share names and quotations, but not sentence after sentence.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from datasketch import MinHash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.records import Document, Statement

SIZE = 4  #: words
LEAST = 0.35  #: share of the shorter text's runs that the longer one has
FEWEST = 20  #: runs; what is shorter is no article
_BANDS = 64
_TABLES = ("CREATE TABLE runs (number INTEGER PRIMARY KEY, runs BLOB NOT NULL)",
           "CREATE TABLE band (key INTEGER, number INTEGER, PRIMARY KEY (key, number)) WITHOUT ROWID")
_ALIKE = 0.7
_WORD = re.compile(r"\w+")


def shingles(text: str) -> np.ndarray:
    """The runs of words of a text as sorted 32-bit numbers, each once."""
    words = _WORD.findall(text.lower())
    runs = {" ".join(words[i:i + SIZE]) for i in range(len(words) - SIZE + 1)}
    return np.array(sorted({zlib.crc32(run.encode()) for run in runs}), dtype="<u4")


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """The share of the shorter text's runs that the longer one has."""
    shorter = min(len(one), len(other))
    return len(np.intersect1d(one, other, assume_unique=True)) / shorter if shorter else 0.0


def told_once(story: Sequence[tuple[Document, Sequence[Statement]]]) -> list[list[Statement]]:
    """The statements of nearly equal articles, each with the first that has it; the others carry it.

    Statements are the same if they claim the same, by the same speaker, in mostly the same sentence.
    """
    first: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    kept: list[list[Statement]] = [[] for _ in story]
    for number, (document, statements) in enumerate(story):
        for statement in statements:
            places = first.setdefault(_claim(statement), [])
            told = next((at for at in places if _alike(kept[at[0]][at[1]], statement)), None)
            if told is None:
                places.append((number, len(kept[number])))
                kept[number].append(replace(statement, carried_by=()))
            elif told[0] != number:
                one = kept[told[0]][told[1]]
                carriers = sorted({*one.carried_by, document.id})
                kept[told[0]][told[1]] = replace(one, carried_by=tuple(carriers))
    return kept


def _claim(statement: Statement) -> tuple[object, ...]:
    actors = (statement.speaker, statement.subject, statement.object)
    return (*(actor.id if actor else None for actor in actors), statement.predicate, statement.negated,
            statement.modality)


def _alike(one: Statement, other: Statement) -> bool:
    """Whether two statements stand in mostly the same words; an article that says a thing twice, says it twice."""
    if one.document.id == other.document.id:
        return False
    words = [set(_WORD.findall((s.evidence.text if s.evidence else "").lower())) for s in (one, other)]
    return len(words[0] & words[1]) >= _ALIKE * max(map(len, words))


class Index:
    """Articles by number, to be asked which of them are nearly the same as a text: tables in an SQLite database.

    Two texts are compared if two neighbouring numbers of their signatures agree anywhere: so are 93 of 100 pairs whose
    runs overlap by a fifth, and nearly all whose runs do by a third (Jaccard).
    """

    def __init__(self, known: Iterable[tuple[int, np.ndarray]] = (), sql: sqlite3.Connection | None = None) -> None:
        self.sql = sql or sqlite3.connect(":memory:")
        if not self.sql.execute("SELECT 1 FROM sqlite_master WHERE name = 'band'").fetchone():
            for table in _TABLES:
                self.sql.execute(table)
        for number, runs in known:
            self.add(number, runs)

    def add(self, number: int, runs: np.ndarray) -> None:
        """Take an article in; one that is too short to be compared is passed over."""
        self.sql.execute("INSERT INTO runs VALUES (?, ?)", (number, runs.astype("<u4").tobytes()))
        self.sql.executemany("INSERT INTO band VALUES (?, ?)", [(band, number) for band in _bands(runs)])

    def drop(self, number: int) -> None:
        """Take an article out."""
        bands = [(band, number) for band in _bands(self[number])]
        self.sql.executemany("DELETE FROM band WHERE key = ? AND number = ?", bands)
        self.sql.execute("DELETE FROM runs WHERE number = ?", (number,))

    def __getitem__(self, number: int) -> np.ndarray:
        found = self.sql.execute("SELECT runs FROM runs WHERE number = ?", (number,)).fetchone()
        return np.frombuffer(found[0] if found else b"", dtype="<u4")

    def near(self, runs: np.ndarray) -> list[int]:
        """Numbers of the articles that are nearly the same."""
        bands = _bands(runs)
        marks = ", ".join("?" * len(bands))
        alike = self.sql.execute(f"SELECT DISTINCT number FROM band WHERE key IN ({marks})", bands)  # noqa: S608
        return sorted(n for n, in alike.fetchall() if overlap(self[n], runs) >= LEAST)


def _bands(runs: np.ndarray) -> list[int]:
    """Neighbouring numbers of the signature as keys, each with its place."""
    if len(runs) < FEWEST:
        return []
    signature = MinHash(2 * _BANDS, hashfunc=int)
    signature.update_batch(runs.tolist())
    pairs = signature.hashvalues.reshape(_BANDS, 2).astype("<u8")
    return [int.from_bytes(blake2b(bytes([place]) + pair.tobytes(), digest_size=8).digest(), "big", signed=True)
            for place, pair in enumerate(pairs)]
