"""The errors that users see: one sentence, the place, the way out."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class KgError(Exception):
    """Something a person can mend.

    Parameters
    ----------
    message
        What is wrong, in one clause without a full stop.
    where
        The file, URL or file:line that it is about; empty if there is none.
    way_out
        What to do instead, in one clause; empty if there is nothing to do.
    """

    def __init__(self, message: str, where: str = "", way_out: str = "") -> None:
        super().__init__(message)
        self.message, self.where, self.way_out = message, where, way_out

    def __str__(self) -> str:
        """``where: message; way out``, always on one line."""
        line = f"{self.where}: {self.message}" if self.where else self.message
        return " ".join((f"{line}; {self.way_out}" if self.way_out else line).split())


class InputError(KgError):
    """One input cannot be read; the others still can."""


class DataError(KgError):
    """A file of the project (lexicon, ontology, gazetteer, query) is malformed."""


class UsageError(KgError):
    """A command or function was called in a way that cannot work."""


@contextmanager
def optional(extra: str, where: str = "", kind: type[KgError] = UsageError) -> Iterator[None]:
    """Import packages that only an extra of the project brings; if one is missing, say which extra.

    Raises
    ------
    KgError
        Of that kind.
    """
    try:
        yield
    except ImportError as error:
        raise kind(f"this needs a package that is not installed ({error})", where,
                   f"run: pip install 'kg-statements[{extra}]'") from None
