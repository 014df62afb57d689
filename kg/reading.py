"""Reading: what turns articles into statements, batch by batch; an article that fails costs only itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from kg.errors import InputError, KgError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from kg.records import Document, Statement

    Report = Callable[[KgError], None]
    Read = tuple[Document, list[Statement]]

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


class Reads(Protocol):
    """What a build reads with: :class:`Reader` in this process, :class:`kg.cluster.Cluster` in others."""

    @property
    def version(self) -> str:
        """What its statements say that they were read by."""

    def read(self, documents: Iterable[Document], on_error: Report) -> Generator[Read]:
        """Yield each document with its statements, in any order; report and leave out what fails."""


class Reader:
    """What turns articles into statements; models are loaded when they are first needed."""

    def __init__(self, options: Options) -> None:
        self.options = options

    @cached_property
    def nlp(self) -> Any:
        """The spaCy pipeline."""
        from kg.nlp.model import load

        return load(self.options.model, self.options.fast)

    @cached_property
    def version(self) -> str:
        """What its statements say that they were read by."""
        from kg.pipeline import made_by

        return made_by(self.nlp, self.options.actors)

    def read(self, documents: Iterable[Document], on_error: Report) -> Generator[Read]:
        """Yield each document with its statements; one that cannot be understood is reported and left out."""
        from kg.pipeline import extract_many

        yield from surviving(documents, lambda batch: extract_many(batch, self.nlp, self.options.actors),
                             lambda document, error: on_error(_failure(document, error)), BATCH)


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
    for batch in batches(items, size):
        try:
            results = list(work(batch))
        except Exception as error:  # a fault that one article meets must not cost the others
            if isinstance(error, KgError) and not isinstance(error, InputError):
                raise
            results = list(_one_by_one(batch, work, on_error))
        yield from results


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Cut into lists of ``size``; the last may be shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _one_by_one(
    batch: list[Item], work: Callable[[list[Item]], Iterator[Result]], on_error: Callable[[Item, Exception], None],
) -> Iterator[Result]:
    for item in batch:
        try:
            yield from list(work([item]))
        except Exception as error:
            on_error(item, error)


def _failure(document: Document, error: Exception) -> KgError:
    if isinstance(error, KgError):
        return error
    return InputError(f"cannot be understood ({type(error).__name__}: {error})", document.id,
                      "please report it with the text; the other articles are done")
