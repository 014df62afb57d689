"""The main job: many inputs to one folder with the statements, the graph and the page.

One bad input does not stop the rest, and an article's lines are on disk as soon as it is done.
"""

from __future__ import annotations

import json
import shlex
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kg.errors import InputError, KgError
from kg.records import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.records import Document

    Report = Callable[[KgError], None]

STATEMENTS, PAGE = "statements.jsonl", "graph.html"
BATCH = 16  #: articles that are parsed together, and at most these are done again if one of them fails

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Options:
    """How articles are read.

    ``model`` names a spaCy model (by default the best installed), ``fast`` leaves the project's own learned model out,
    ``actors`` is a CSV file with actors of one's own (see :mod:`kg.actors.supplied`).
    """

    model: str | None = None
    fast: bool = False
    actors: str | Path | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``relations`` counts the statements that relate two actors, ``failed`` the inputs not read."""

    out: Path
    documents: int
    statements: int
    relations: int
    actors: int
    failed: int
    seconds: float

    def summary(self) -> str:
        """Say what was done, and what to do next."""
        failed = f"; {_counted(self.failed, 'input')} failed" if self.failed else ""
        if not self.documents:
            return f"No article was read{failed}; nothing is written."
        out = shlex.quote(str(self.out))
        counts = (f"{_counted(self.documents, 'article')}, {_counted(self.statements, 'statement')}, "
                  f"{_counted(self.relations, 'relation')} among {_counted(self.actors, 'actor')} "
                  f"in {self.seconds:.0f} s{failed}.")
        return "\n".join((
            counts, "", "Next:",
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
    on_error: Report | None = None, progress: bool = False,
) -> BuildReport:
    """Read articles and write ``statements.jsonl``, ``store/``, ``graph.trig`` and ``graph.html`` under a folder.

    Parameters
    ----------
    inputs
        Files, folders, http(s) addresses, ``-``.
    out
        The folder; made if missing. These four are replaced, other files are left alone; nothing is written if no
        article could be read.
    model
        A spaCy model; by default the best installed.
    fast
        Whether to leave the project's own learned model out: quicker, and less exact about who said what.
    actors
        A CSV file with actors of your own (see :mod:`kg.actors.supplied`); each statement names its version.
    on_error
        Called with each input that fails; the default goes on in silence, and the report counts them.
    progress
        Whether to draw a progress bar on standard error, if that is a terminal.

    Raises
    ------
    KgError
        If the folder cannot be written.
    """
    from kg.documents.reader import read

    began, counts = time.monotonic(), _Counts()

    def failed(error: KgError) -> None:
        counts.failed += 1
        if on_error is not None:
            on_error(error)

    folder = Path(out)
    with _ticking(progress) as tick:
        articles = extracted(_distinct(read(inputs, failed)), Options(model, fast, actors), failed)
        first = next(articles, None)
        if first is not None:
            _write(folder, _chained(first, articles), counts, tick)
    return BuildReport(folder, counts.documents, counts.statements, counts.relations, len(counts.actors), counts.failed,
                       time.monotonic() - began)


def extracted(
    documents: Iterable[Document], options: Options, on_error: Report,
) -> Iterator[tuple[Document, list[Statement]]]:
    """Yield each document with its statements; one that cannot be understood is reported and left out."""
    from kg.nlp.model import load
    from kg.pipeline import extract_many

    nlp = None

    def extract(batch: list[Document]) -> Iterator[tuple[Document, list[Statement]]]:
        nonlocal nlp
        nlp = nlp or load(options.model, options.fast)
        return extract_many(batch, nlp, options.actors)

    yield from surviving(documents, extract, lambda document, error: on_error(_failure(document, error)), BATCH)


def surviving(
    items: Iterable[Item], work: Callable[[list[Item]], Iterator[Result]],
    on_error: Callable[[Item, Exception], None], size: int,
) -> Iterator[Result]:
    """Do batches of ``size``; where one fails, do its items one by one and report those that fail alone.

    Raises
    ------
    KgError
        If it is not about an input, such as a model that is not installed.
    """
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        try:
            results = list(work(batch))
        except Exception as error:  # a fault that one article meets must not cost the others
            if isinstance(error, KgError) and not isinstance(error, InputError):
                raise
            results = list(_one_by_one(batch, work, on_error))
        yield from results


def _one_by_one(
    batch: list[Item], work: Callable[[list[Item]], Iterator[Result]], on_error: Callable[[Item, Exception], None],
) -> Iterator[Result]:
    for item in batch:
        try:
            yield from list(work([item]))
        except Exception as error:
            on_error(item, error)


def read_statements(path: Path) -> Iterator[Statement]:
    """Read statement records, a line at a time.

    Raises
    ------
    KgError
        If there is no such file, or a line is no statement record.
    """
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield Statement.from_json(json.loads(line))
                except (ValueError, KeyError, TypeError) as error:
                    raise KgError(f"is no statement record ({type(error).__name__}: {error})", f"{path}:{number}",
                                  "build the folder again") from None
    except OSError as error:
        raise KgError(f"cannot be read ({error.strerror})", str(path),
                      "make it with: kg build INPUT... --out DIR") from None


def line(statement: Statement) -> str:
    """Write a statement as one line of JSON."""
    return json.dumps(statement.to_json(), ensure_ascii=False) + "\n"


class _Counts:
    def __init__(self) -> None:
        self.documents = self.statements = self.relations = self.failed = 0
        self.actors: set[str] = set()

    def add(self, statements: list[Statement]) -> None:
        self.documents += 1
        self.statements += len(statements)
        self.relations += sum(bool(s.predicate and s.subject and s.object) for s in statements)
        self.actors.update(actor.id for s in statements for actor in (s.speaker, *s.via, s.subject, s.object) if actor)


def _write(
    folder: Path, articles: Iterator[tuple[Document, list[Statement]]], counts: _Counts,
    tick: Callable[[_Counts], None],
) -> None:
    from kg.store import FILE, FOLDER, export, load_statements, open_store
    from kg.view.page import write_page

    try:
        folder.mkdir(parents=True, exist_ok=True)
        dataset = open_store(folder / FOLDER)
        dataset.oxigraph.clear()
        for derived in (FILE, PAGE):  # an interrupted build must not leave those of the one before beside its store
            (folder / derived).unlink(missing_ok=True)
        with (folder / STATEMENTS).open("w", encoding="utf-8", newline="\n") as file:
            for _, statements in articles:
                file.writelines(map(line, statements))
                file.flush()
                load_statements(dataset, statements)
                counts.add(statements)
                tick(counts)
        export(dataset, "trig", folder / FILE)
        dataset.close()
        write_page(read_statements(folder / STATEMENTS), folder / PAGE)
    except OSError as error:
        raise KgError(f"cannot be written ({error.strerror})", str(error.filename or folder),
                      "choose another folder with --out") from None


def _failure(document: Document, error: Exception) -> KgError:
    if isinstance(error, KgError):
        return error
    return InputError(f"cannot be understood ({type(error).__name__}: {error})", document.id,
                      "please report it with the text; the other articles are done")


def _distinct(documents: Iterable[Document]) -> Iterator[Document]:
    """Leave out what was read before in the same run: the reader gives equal ids to equal texts only."""
    seen: set[str] = set()
    for document in documents:
        if document.id not in seen:
            seen.add(document.id)
            yield document


def _chained(first: Item, rest: Iterator[Item]) -> Iterator[Item]:
    yield first
    yield from rest


@contextmanager
def _ticking(wanted: bool) -> Iterator[Callable[[_Counts], None]]:
    """Give a function that draws the counts so far, or one that does nothing."""
    import sys

    if not (wanted and sys.stderr.isatty()):
        yield lambda counts: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed:.0f} articles, {task.fields[statements]} statements"),
               TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("build", total=None, statements=0)
        yield lambda counts: bar.update(task, completed=counts.documents, statements=counts.statements)
