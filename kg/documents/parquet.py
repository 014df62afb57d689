"""Rows of a Parquet file, a few at a time."""

from __future__ import annotations

from datetime import date
from typing import IO, TYPE_CHECKING, Any

from kg.errors import InputError, optional

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ROWS = 64  #: articles that are in memory


def rows(file: IO[bytes], where: str, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows, with those of the columns that there are; the first is needed. Dates become strings of ISO 8601.

    Raises
    ------
    InputError
        If it is no Parquet file, or the first column is missing.
    """
    with optional("parquet", where, InputError):
        import pyarrow
        from pyarrow.parquet import ParquetFile
    try:
        table = ParquetFile(file)
        there = [column for column in columns if column in table.schema_arrow.names]
        if columns[0] not in there:
            raise InputError(f"has no column {columns[0]!r}", where, f"the columns are {', '.join(columns)}")
        for batch in table.iter_batches(_ROWS, columns=there):
            for row in batch.to_pylist():
                yield {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}
    except pyarrow.ArrowException as error:
        raise InputError(f"is no whole Parquet file ({error})", where, "write it again") from None
