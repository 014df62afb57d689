"""The folder that is served: its index and the picture of its graph, brought up to date when the folder has grown."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from kg import store
from kg.errors import KgError
from kg.ledger import FILE as LEDGER
from kg.ledger import Ledger
from kg.serve import indexing
from kg.serve.snapshot import Snapshots

if TYPE_CHECKING:
    from collections.abc import Callable

_EVERY = 2.0  # seconds between two looks at the folder


class Folder:
    """A folder of kg build, for many threads.

    Parameters
    ----------
    path
        The folder.
    seconds
        How long a query may take.
    progress
        Told how many of how many articles are indexed.

    Raises
    ------
    KgError
        If it is no such folder, has no graph, or its index cannot be written.
    """

    def __init__(self, path: Path, seconds: float, progress: Callable[[int, int], None]) -> None:
        if not (path / LEDGER).is_file():
            raise KgError("this is no folder of kg build", str(path), "make one with kg build INPUT... --out DIR")
        self.path, self.address = path, store.address_of(path)
        if self.address is None and not (path / store.FOLDER).is_dir():
            raise KgError(f"there is no {store.FOLDER}/ in this folder", str(path),
                          "make it with kg build INPUT... --out DIR")
        self._own = None if os.access(path, os.W_OK) else Path(tempfile.mkdtemp(prefix="kg-serve-"))
        self.index = (self._own or path) / indexing.FILE
        self.generation = 0  #: grows with what the index has
        self._snapshots = None if self.address else Snapshots(path, kept=seconds * 2, every=_EVERY)
        self._following, self._picturing = threading.Lock(), threading.Lock()
        self._seen, self._looked = self._state(), time.monotonic()
        self._follow(progress)

    def follow(self) -> None:
        """Bring the index up to date, unless another thread is at it already."""
        if time.monotonic() - self._looked < _EVERY or not self._following.acquire(blocking=False):
            return
        try:
            state = self._state()
            if state != self._seen:
                self._follow(lambda done, total: None)
                self._seen = state
            self._looked = time.monotonic()
        finally:
            self._following.release()

    def _follow(self, progress: Callable[[int, int], None]) -> None:
        with closing(Ledger(self.path / LEDGER, read_only=True)) as ledger:
            if indexing.follow(ledger, self.index, progress):
                self.generation += 1

    def _state(self) -> tuple[tuple[int, int], ...]:
        files = (self.path / LEDGER, self.path / f"{LEDGER}-wal")
        return tuple((s.st_size, s.st_mtime_ns) for s in (file.stat() for file in files if file.exists()))

    def graph(self) -> Path | str | None:
        """What to ask: a folder, or the address of an endpoint; None while a build lets no picture be taken."""
        if self._snapshots is None:
            return self.address
        with self._picturing:
            return self._snapshots.current()

    def close(self) -> None:
        """Take away what was made for this server alone."""
        if self._snapshots:
            self._snapshots.close()
        if self._own:
            shutil.rmtree(self._own, ignore_errors=True)
