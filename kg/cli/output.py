"""What commands write: UTF-8 whatever the locale, tables, files, and one line on standard error for each fault."""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import click

from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import RenderableType
    from rich.table import Table

DONE, FAILED = 0, 1


class Errors:
    r"""Names each input that failed on standard error, one line each, and remembers that there was one."""

    status = DONE

    def __call__(self, error: KgError) -> None:  # noqa: D102 - the class says it
        self.status = FAILED
        say(str(error))


def say(line: str) -> None:
    """Write one line to standard error."""
    click.echo(f"kg: {line}", err=True)


def output() -> IO[bytes]:
    """Give standard output for UTF-8, whatever the locale is."""
    return sys.stdout.buffer


def print_json(value: Any) -> None:
    """Write one JSON value as a line of UTF-8."""
    output().write(json.dumps(value, ensure_ascii=False).encode() + b"\n")


@contextmanager
def binary(file: Path | None) -> Iterator[IO[bytes]]:
    """Give a file open for writing, or standard output."""
    if file is None:
        yield output()
        return
    try:
        with file.open("wb") as stream:
            yield stream
    except OSError as error:
        raise KgError(f"cannot be written ({error.strerror})", str(file), "choose another file with --to") from None


def table_of(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """Make a table for the terminal; cells are data, never markup."""
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns)
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return table


def draw(*renderables: RenderableType) -> None:
    """Draw tables and texts on standard output, as wide as the terminal or ``COLUMNS``, else 160 characters."""
    from rich.console import Console

    stream = io.TextIOWrapper(output(), encoding="utf-8", newline="\n")
    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else 160
    Console(file=stream, width=width, force_terminal=sys.stdout.isatty() or None).print(*renderables)
    stream.flush()
    stream.detach()
