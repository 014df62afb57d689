"""The main job: many inputs into a folder that grows, with the statements, the graph and the page.

One bad input does not stop the rest. An article is on disk and in the graph as soon as it is done; what the folder has
already, read by the same software, is not read again.
"""

from __future__ import annotations

import shlex
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError, UsageError
from kg.reading import Options, Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.home import Home
    from kg.reading import Reads, Report
    from kg.records import Document


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, and what the folder holds now.

    ``read`` articles were new or have changed, ``known`` were there already, ``failed`` inputs could not be read;
    ``relations`` counts the statements that relate two actors.
    """

    out: Path
    read: int
    known: int
    failed: int
    documents: int
    statements: int
    relations: int
    actors: int
    seconds: float

    def summary(self) -> str:
        """Say what was done, and what to do next."""
        failed = f"; {_counted(self.failed, 'input')} failed" if self.failed else ""
        if not self.documents:
            return f"No article was read{failed}; nothing is written."
        from kg.home import PAGE

        out = shlex.quote(str(self.out))
        known = f", {self.known} known already" if self.known else ""
        done = f"{_counted(self.read, 'article')} read{known} in {self.seconds:.0f} s{failed}."
        counts = (f"{out} holds {_counted(self.documents, 'article')}, {_counted(self.statements, 'statement')}, "
                  f"{_counted(self.relations, 'relation')} among {_counted(self.actors, 'actor')}.")
        return "\n".join((
            done, counts, "", "Next:",
            f"  kg query --graph {out} --name who-criticizes",
            "  kg query --list",
            f"  kg analyse {out}",
            f"  open {shlex.quote(str(self.out / PAGE))} in a browser",
        ))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def build(
    inputs: Iterable[str | Path], out: str | Path, *,
    model: str | None = None, fast: bool = False, actors: str | Path | None = None,
    workers: int | None = None, cluster: str | None = None, store: str | None = None,
    on_error: Report | None = None, progress: bool = False,
) -> BuildReport:
    """Read articles into a folder: its ``store/`` grows, ``statements.jsonl``, ``graph.trig``, ``graph.html`` follow.

    Parameters
    ----------
    inputs
        Files, folders, http(s) addresses, ``-``.
    out
        The folder; made if missing, but not before an article could be read. A new text of an article that is there
        (by its address, or else its id) supersedes the old one, which is kept; files of others are left alone.
    model
        A spaCy model; by default the best installed.
    fast
        Whether to leave the project's own learned model out: quicker, and less exact about who said what.
    actors
        A CSV file with actors of your own (see :mod:`kg.actors.supplied`); each statement names its version.
    workers
        How many processes of this machine read, instead of this one (see :mod:`kg.cluster`). They begin by importing
        the main module, so a script must call this below ``if __name__ == "__main__":``.
    cluster
        The address of a Dask scheduler whose workers read, such as ``tcp://10.0.0.5:8786``.
    store
        The address of a SPARQL 1.1 endpoint (see :class:`kg.remote.RemoteDataset`) that the graph is at from now on,
        instead of ``store/``; the folder remembers it.
    on_error
        Called with each input that fails; the default goes on in silence, and the report counts them.
    progress
        Whether to draw a progress bar on standard error, if that is a terminal.

    Raises
    ------
    KgError
        If the folder cannot be written, another process writes to it, or the endpoint fails; if the workers cannot
        read, or do not have the software that this process has.
    """
    from kg.documents.reader import read
    from kg.home import Home
    from kg.ledger import FILE as LEDGER

    began, folder, given = time.monotonic(), Path(out), [str(item) for item in inputs]
    failures: list[KgError] = []

    def failed(error: KgError) -> None:
        failures.append(error)
        if on_error is not None:
            on_error(error)

    reader = _reader(Options(model, fast, actors), workers, cluster)
    documents = _distinct(read(given, failed))
    first = next(documents, None)
    if first is None and not (folder / LEDGER).exists():
        return BuildReport(folder, 0, 0, len(failures), 0, 0, 0, 0, time.monotonic() - began)
    if first is not None:
        _ = reader.version  # what is wrong with model, actors or cluster shows before the folder is touched
    with _ticking(progress) as tick, Home(folder, store) as home:
        done, known = _grow(home, chain([first] if first else [], documents), reader, failed, tick)
        home.ledger.fail(given, failures)
        home.write()
        counts = home.ledger.counts()
        return BuildReport(folder, done, known, len(failures), counts.articles, counts.statements, counts.related,
                           home.actors(), time.monotonic() - began)


def _reader(options: Options, workers: int | None, cluster: str | None) -> Reads:
    if workers is None and cluster is None:
        return Reader(options)
    if workers is not None and cluster is not None:
        raise UsageError("workers and a cluster exclude each other", way_out="a cluster has workers of its own")
    from kg.cluster import Cluster

    return Cluster(options, workers or 1, cluster)


def _grow(home: Home, documents: Iterable[Document], reader: Reads, failed: Report,
          tick: Callable[[int, int], None]) -> tuple[int, int]:
    """Read what a folder has not; gives how many articles were read, and how many were there.

    A new text of an article that is being read waits until that is done, whatever order readers keep.
    """
    from kg.ledger import key_of

    done = known = 0
    later: list[Document] = []

    def due(documents: Iterable[Document]) -> Iterator[Document]:
        nonlocal known
        keys: set[str] = set()
        for document in documents:
            if (key := key_of(document)) in keys:
                later.append(document)
                continue
            keys.add(key)
            if (wanted := home.ledger.due(document, reader.version)) is not None:
                yield wanted
            else:
                known += 1
            tick(done, known)

    while documents:
        with closing(reader.read(due(documents), failed)) as articles:
            for document, statements in articles:
                home.put(document, statements, reader.version)
                done += 1
                tick(done, known)
        documents, later = later, []
    return done, known


def _distinct(documents: Iterable[Document]) -> Iterator[Document]:
    """Leave out what was read before in the same run: the reader gives equal ids to equal texts only."""
    seen: set[str] = set()
    for document in documents:
        if document.id not in seen:
            seen.add(document.id)
            yield document


@contextmanager
def _ticking(wanted: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that draws how many articles were read and how many known, or one that does nothing."""
    import sys

    if not (wanted and sys.stderr.isatty()):
        yield lambda done, known: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} articles read, {task.fields[known]} known already"),
               TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("build", total=None, known=0)
        yield lambda done, known: bar.update(task, completed=done, known=known)
