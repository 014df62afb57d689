"""Files at addresses that fsspec knows: object stores, archives, other machines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from kg.errors import InputError, optional

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


@dataclass(frozen=True, slots=True)
class Stored:
    """A file; ``where`` is its address, ``name`` its path as ids show it."""

    system: Any
    path: str
    where: str
    name: str

    @property
    def suffix(self) -> str:
        """The end of its name, which says what it is."""
        return PurePosixPath(self.name).suffix

    def open(self) -> IO[bytes]:
        """To read from, piece by piece."""
        try:
            file: IO[bytes] = self.system.open(self.path, "rb")
        except Exception as error:
            raise _unreadable(error, self.where) from None
        return file


def files(address: str, suffixes: Collection[str]) -> Iterator[Stored]:
    """The file at an address, or, if a folder is there, its files with these suffixes, by name.

    Raises
    ------
    InputError
        If there is none, or the address cannot be read.
    """
    with optional("parquet", address, InputError):
        from fsspec.core import url_to_fs
    try:
        system, path = url_to_fs(address)
        inside = sorted(system.find(path)) if system.isdir(path) else None
    except Exception as error:  # each store has errors of its own
        raise _unreadable(error, address) from None
    if inside is None:
        yield Stored(system, path, address, PurePosixPath(path).name)
        return
    found = [file for file in inside if PurePosixPath(file).suffix.lower() in suffixes]
    if not found:
        raise InputError("has no article files", address, f"it needs files with {' '.join(suffixes)}")
    for file in found:
        name = file.removeprefix(path).lstrip("/")
        yield Stored(system, file, f"{address.rstrip('/')}/{name}", name)


def _unreadable(error: Exception, address: str) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError("there is no such file or folder", address, "check the address")
    return InputError(f"cannot be read ({error or type(error).__name__})", address,
                      "check the address, the rights to it, and that what fsspec needs for it is installed")
