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

    def add(self, digest: str, text: str) -> None:
        """Keep a text; an empty one is none."""
        if text:
            self.sql.execute("INSERT OR IGNORE INTO text VALUES (?, ?)", (digest, zlib.compress(text.encode())))

    def __contains__(self, digest: str) -> bool:
        return self._there and bool(self.sql.execute("SELECT 1 FROM text WHERE digest = ?", (digest,)).fetchone())

    def __getitem__(self, digest: str) -> str:
        """The text, empty if it is not kept."""
        found = self._there and self.sql.execute("SELECT words FROM text WHERE digest = ?", (digest,)).fetchone()
        return zlib.decompress(found[0]).decode() if found else ""

    def all(self) -> Iterator[tuple[str, str]]:
        """Digests and texts."""
        if self._there:
            for digest, words in self.sql.execute("SELECT digest, words FROM text ORDER BY digest"):
                yield digest, zlib.decompress(words).decode()

