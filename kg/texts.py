"""The texts of articles, each once however many versions have it, compressed: a table in an SQLite database."""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_TABLE = "CREATE TABLE IF NOT EXISTS text (digest TEXT PRIMARY KEY, words BLOB NOT NULL) WITHOUT ROWID"


def digest(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


class Texts:
    """Texts by their digest; a database that was made before they were kept has none until it is written to.

    Parameters
    ----------
    sql
        The database; transactions are the caller's.
    read_only
        Do not make the table.
    """

    def __init__(self, sql: sqlite3.Connection, read_only: bool = False) -> None:
        self.sql = sql
        if not read_only:
            sql.execute(_TABLE)
        self._there = bool(sql.execute("SELECT 1 FROM sqlite_master WHERE name = 'text'").fetchone())

    def add(self, text: str) -> None:
        """Keep a text, if it is not kept already; an empty one is none."""
        if text and not self[key := digest(text)]:
            self.sql.execute("INSERT INTO text VALUES (?, ?)", (key, zlib.compress(text.encode())))

    def __getitem__(self, key: str) -> str:
        """The text of a digest, empty if it is not kept."""
        found = self._there and self.sql.execute("SELECT words FROM text WHERE digest = ?", (key,)).fetchone()
        return zlib.decompress(found[0]).decode() if found else ""

    def __iter__(self) -> Iterator[str]:
        """All texts, by their digests."""
        if self._there:
            for words, in self.sql.execute("SELECT words FROM text ORDER BY digest"):
                yield zlib.decompress(words).decode()

