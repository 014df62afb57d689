"""A store as it stands, to be asked while another process may go on writing to it.

Opening an Oxigraph store for reading while another process writes to it is not safe: files that the reader needs go
when the writer merges them. So what is asked is a picture of the folder: links to its data files, which never change
once they are written, and copies of the few others. Meanwhile a log may grow, and nothing else may change, so that the
picture is what a crash at that moment would leave, which a store recovers from with whole articles only.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from kg.errors import KgError
from kg.store import FOLDER, open_store

if TYPE_CHECKING:
    from pathlib import Path

_NAME, _LOCK = ".serve-", "lock"  # of a server's folder, which it holds while it lives
_TRIES, _PAUSE = 20, 0.1
_LONGEST = 8 * 2**20  # bytes of a log, which all who open the store play back, at some 10 MiB a second

Signature = frozenset[tuple[str, int, int]]


class Snapshots:
    """The pictures of a folder's store; the last one is asked, older ones go when nobody can be asking them.

    Parameters
    ----------
    folder
        The out folder, which has a store.
    kept
        For how many seconds an older one stays.
    every
        How many seconds lie between two, at least.
    """

    def __init__(self, folder: Path, kept: float, every: float) -> None:
        self.store, self.place = folder / FOLDER, folder / f"{_NAME}{os.getpid()}"
        self.kept, self.every = kept, every
        self._taken: list[tuple[float, Path]] = []
        self._signature: Signature = frozenset()
        self._number = 0
        self._lock: FileLock | None = None
        for old in folder.glob(f"{_NAME}*"):  # left by servers that were killed
            with suppress(Timeout, OSError), FileLock(old / _LOCK, timeout=0):
                shutil.rmtree(old, ignore_errors=True)

    def current(self) -> Path | None:
        """The folder to ask, as it was lately; None if none could be taken yet, since a build is at work."""
        if not os.access(self.place.parent, os.W_OK):
            return self.store  # nobody writes to it, and no picture can lie beside it
        now = time.monotonic()
        is_due = not self._taken or now - self._taken[-1][0] >= self.every
        if is_due and self._is_quick(_signature(self.store)) and (fresh := self._take()):
            self._taken.append((time.monotonic(), fresh))
            while len(self._taken) > 1 and now - self._taken[1][0] > self.kept:
                shutil.rmtree(self._taken.pop(0)[1], ignore_errors=True)
        return self._taken[-1][1] if self._taken else None

    def _is_quick(self, signature: Signature) -> bool:
        """Whether the store is another than before, and opens quickly: a build writes the log out at its end."""
        log = sum(size for name, size, _ in signature if name.endswith(".log"))
        return signature != self._signature and (log <= _LONGEST or not _is_held(self.store / "LOCK"))

    def _take(self) -> Path | None:
        if self._lock is None:
            self.place.mkdir(exist_ok=True)
            self._lock = FileLock(self.place / _LOCK)
            self._lock.acquire()
        for _ in range(_TRIES):
            self._number += 1
            fresh, before = self.place / str(self._number), _signature(self.store)
            try:
                fresh.mkdir()
                for name, _, _ in before:
                    _picture(self.store / name, fresh / name)
            except FileNotFoundError:  # merged away
                before = frozenset()
            if before and _settled(_signature(self.store)) == _settled(before) and _opens(fresh):
                self._signature = before
                return fresh
            shutil.rmtree(fresh, ignore_errors=True)
            time.sleep(_PAUSE)
        return None

    def close(self) -> None:
        """Take all of them away."""
        if self._lock is not None:
            self._lock.release()
        shutil.rmtree(self.place, ignore_errors=True)


def _picture(file: Path, target: Path) -> None:
    if file.suffix == ".sst":
        try:
            target.hardlink_to(file)
        except FileNotFoundError:
            raise
        except OSError:  # no links on this file system
            shutil.copyfile(file, target)
    elif file.name != "LOCK" and not file.name.startswith("LOG"):
        shutil.copyfile(file, target)


def _signature(store: Path) -> Signature:
    """Names, sizes and times of the files; the log in words that readers write too is no part of the store."""
    found = set()
    for file in store.iterdir():
        try:
            status = file.stat()
        except FileNotFoundError:
            continue
        if not file.name.startswith("LOG") and file.is_file():
            found.add((file.name, status.st_size, status.st_mtime_ns))
    return frozenset(found)


def _settled(signature: Signature) -> frozenset[tuple[str, int, int]]:
    """What must not change while a picture is taken: all but the sizes and times of logs."""
    return frozenset((name, 0, 0) if name.endswith(".log") else (name, size, time) for name, size, time in signature)


def _opens(picture: Path) -> bool:
    """Whether it is a store; while one is being made, it is none yet."""
    try:
        open_store(picture, read_only=True).close()
    except KgError:
        return False
    return True


def _is_held(lock: Path) -> bool:
    """Whether another process writes to the store; a try takes microseconds, so that none is kept from it."""
    try:
        import fcntl

        with lock.open("r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, FileNotFoundError):
        return False
    except OSError:
        return True
    return False
