"""Reading by many processes or machines: the workers of a Dask scheduler, one of our own or one that runs already.

Workers only read. Batches of articles go out, a bounded number ahead of what the folder has taken in, and their
statements come back, in whatever order they are ready; this process alone touches the folder. A batch whose worker dies
is read by another; where workers die again and again, it goes out in single articles, and the culprit is reported.
"""

from __future__ import annotations

import gc
import logging
import signal
import subprocess
import sys
import time
import warnings
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from hashlib import sha256
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from threading import Lock
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, KgError, UsageError, optional
from kg.reading import BATCH, Options, Reader, batches

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from kg.reading import Read, Report
    from kg.records import Document, Statement

    Found = tuple[dict[str, list[Statement]], list[KgError]]

AHEAD = 3  #: batches that are out for each thread of the workers
PATIENCE = 60.0  #: seconds to wait for a worker when there is none
_TIMEOUT = 10.0  #: seconds for the scheduler to answer
_ALONE = Lock()  # spaCy is for one thread at a time
_SWEEPER = "import shutil, sys; sys.stdin.read(); shutil.rmtree(sys.argv[1], ignore_errors=True)"


@dataclass(frozen=True, slots=True)
class Task:
    """How workers read: the options, the content of a file with actors, and what their software must be."""

    options: Options
    actors: bytes | None
    version: str


class Cluster:
    """Reads as :class:`kg.reading.Reader` does, by the workers at an address, or else by so many of its own."""

    def __init__(self, options: Options, workers: int = 1, address: str | None = None) -> None:
        self.options, self.workers, self.address = options, workers, address
        with optional("cluster"):
            import distributed  # noqa: F401 - which sets up the loggers below
        for name in ("distributed", "distributed.client"):  # what a person must know comes as an error of ours
            logging.getLogger(name).setLevel(logging.CRITICAL)

    @cached_property
    def version(self) -> str:
        """What its statements say that they were read by; all workers at an address are asked for the same.

        Raises
        ------
        KgError
            If nothing answers at the address, or a worker has other software.
        """
        version = Reader(self.options).version
        if self.address:
            with _joined(self.address) as client, _told(self.address):
                for worker, other in client.run(_version, self._task(version)).items():
                    _check(version, other, worker)
        return version

    def read(self, documents: Iterable[Document], on_error: Report) -> Generator[Read]:
        """Yield each document with its statements; one that cannot be read is reported and left out.

        Processes start when there is something to read, and end with the generator.
        """
        waiting = batches(documents, BATCH)
        if (first := next(waiting, None)) is None:
            return
        with _joined(self.address) if self.address else _started(self.workers) as client:
            desk = _Desk(client, self._task(self.version), on_error, self.address or "")
            yield from desk.through(chain([first], waiting))

    def _task(self, version: str) -> Task:
        """Machines of others have no file of ours, so its content goes with the task."""
        file = self.options.actors
        return Task(replace(self.options, actors=None), Path(file).read_bytes() if file else None, version)


@contextmanager
def _started(workers: int) -> Iterator[Any]:
    """A client of so many processes here, which leave nothing behind."""
    import dask
    import distributed

    with _scratch() as folder, dask.config.set({
            "distributed.scheduler.allowed-failures": 1,  # the second death is no chance
            "distributed.admin.large-graph-warning-threshold": "1GB",  # the articles of a batch may be long
            "distributed.worker.preload": [*dask.config.get("distributed.worker.preload"), __name__],
            "temporary-directory": folder,
    }):
        try:
            cluster = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, memory_limit=1 / workers, host="127.0.0.1",
                dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False}, silence_logs=logging.CRITICAL)
        except (OSError, RuntimeError) as error:
            raise KgError(f"worker processes cannot start ({error})",
                          way_out='a script that starts some must do so below: if __name__ == "__main__":') from None
        with cluster, distributed.Client(cluster, set_as_default=False) as client:
            yield client


@contextmanager
def _scratch() -> Iterator[str]:
    """A folder that another process removes when this one is done with it or dead, even if it was killed."""
    folder = mkdtemp(prefix="kg-")
    with subprocess.Popen([sys.executable, "-I", "-c", _SWEEPER, folder], stdin=subprocess.PIPE,  # noqa: S603
                          start_new_session=True):  # out of reach of Ctrl-C
        yield folder


@contextmanager
def _joined(address: str) -> Iterator[Any]:
    """A client of a scheduler that runs already."""
    import distributed

    client, reason = None, ""
    try:
        with warnings.catch_warnings(action="ignore"):  # of other versions of packages that do not matter
            client = distributed.Client(address, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error) or type(error).__name__
    if client is None:
        gc.collect()  # now, since a client that failed waits for itself if it is collected while another one starts
        raise KgError(f"no Dask scheduler answers ({reason})", address,
                      "start one with: dask scheduler, and on each machine: dask worker ADDRESS")
    with client:
        yield client


@dataclass(frozen=True)
class _Desk:
    """Where batches go out and come back."""

    client: Any
    task: Task
    on_error: Report
    where: str
    out: dict[Any, list[Document]] = field(default_factory=dict)  #: by the future of what is found in them

    def through(self, waiting: Iterable[list[Document]]) -> Iterator[Read]:
        """Send batches ahead, and hand on what is found in them as it comes; at the end, those at which workers died.

        Their articles then go out one by one, with nothing beside them that could be blamed for another's fault.
        """
        suspects: list[Document] = []
        for batch in waiting:
            self._send(batch)
            while len(self.out) >= AHEAD * max(1, self._threads()):
                yield from self._back(suspects.extend)
        while self.out:
            yield from self._back(suspects.extend)
        for document in suspects:
            self._send([document])
            while self.out:
                yield from self._back(self._blame)

    def _blame(self, batch: list[Document]) -> None:
        self.on_error(InputError("workers die when they read it", batch[0].id, "give it in shorter pieces"))

    def _send(self, batch: list[Document]) -> None:
        with _told(self.where):
            self.out[self.client.submit(_read, self.task, batch, pure=False)] = batch

    def _threads(self) -> int:
        with _told(self.where):
            return sum(self.client.nthreads().values())

    def _back(self, killed: Callable[[list[Document]], None]) -> Iterator[Read]:
        """What is found in the batches that are back; those that kill workers are handed to ``killed``."""
        from distributed import KilledWorker

        for future in self._done():
            batch = self.out.pop(future)
            try:
                with _told(self.where):
                    found, errors = future.result()
            except KilledWorker:
                killed(batch)
                continue
            for error in errors:
                self.on_error(error)
            yield from ((document, found[document.id]) for document in batch if document.id in found)

    def _done(self) -> Iterable[Any]:
        """Wait for some of the batches, as long as there are workers."""
        from distributed import wait

        seen = time.monotonic()
        while time.monotonic() - seen < PATIENCE:
            with _told(self.where), suppress(TimeoutError), self.client.as_current():
                return list(wait(list(self.out), timeout=1, return_when="FIRST_COMPLETED").done)
            if self._threads():
                seen = time.monotonic()
        raise KgError("there are no workers", self.where, "start some, as with: dask worker ADDRESS")


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Faults of the cluster in the project's words."""
    from distributed import KilledWorker

    try:
        yield
    except (KgError, KilledWorker):
        raise
    except (OSError, CancelledError):
        raise KgError("the scheduler is gone", where, "run the command again: what was done is kept") from None
    except Exception as error:
        raise KgError(f"the workers cannot read ({type(error).__name__}: {error})", where,
                      "install the same kg-statements on every machine") from error


# ---- what runs in a worker ---------------------------------------------------------------------------------------


def dask_setup(worker: object) -> None:
    """Leave Ctrl-C to the process that started this one; Dask calls it in workers of our own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read(task: Task, batch: list[Document]) -> Found:
    """Statements by the ids of their documents, and what failed."""
    from distributed import get_worker

    errors: list[KgError] = []
    with _ALONE:
        reader = _reader(task.options, task.actors)
        _check(task.version, reader.version, get_worker().address)
        found = {document.id: statements for document, statements in reader.read(batch, errors.append)}
    return found, errors


def _version(task: Task) -> str:
    with _ALONE:
        return _reader(task.options, task.actors).version


def _check(version: str, other: str, worker: str) -> None:
    if other != version:
        raise UsageError(f"this worker reads by other software: {other}, not {version}", worker,
                         "install the same on every machine")


@cache
def _reader(options: Options, actors: bytes | None) -> Reader:
    """One a process, as models are slow to load."""
    if actors is None:
        return Reader(options)
    file = Path(_folder().name, f"{sha256(actors).hexdigest()[:16]}.csv")
    file.write_bytes(actors)
    return Reader(replace(options, actors=file))


@cache
def _folder() -> TemporaryDirectory[str]:
    import dask

    return TemporaryDirectory(prefix="kg-", dir=dask.config.get("temporary-directory"))
