"""Statements as a table in Apache Parquet, a row each, for data frames, DuckDB, Spark and the like."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from kg.analysis.exports import COLUMNS
from kg.analysis.network import edge_attributes
from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.records import Statement

BATCH = 10_000  #: rows that are held and written together


def write_parquet(statements: Iterable[Statement], out: BinaryIO) -> None:
    """Write a row for each statement, whether or not it relates two actors.

    The columns are those of the CSV, with lists where that joins names (``via``, ``carried_by``), then
    ``evidence_start``, ``evidence_end``, the lists ``content``, ``content_start``, ``content_end``, and ``model``.
    Offsets count code points of the article's text, as everywhere.

    Parameters
    ----------
    statements
        Read once, a batch at a time.
    out
        A binary stream; it need not be seekable.

    Raises
    ------
    KgError
        If pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise KgError("Parquet needs the package pyarrow", way_out="pip install pyarrow") from None
    schema, rest = _schema(pa), map(row, statements)
    with parquet.ParquetWriter(pa.PythonFile(_Counted(out), mode="w"), schema, compression="zstd") as writer:
        while batch := list(islice(rest, BATCH)):
            writer.write_batch(pa.RecordBatch.from_pylist(batch, schema=schema))


def row(statement: Statement) -> dict[str, Any]:
    """Give a statement as a flat row; unknown values are left out."""
    related = {role: actor for role in ("subject", "object") if (actor := getattr(statement, role))}
    evidence, content = statement.evidence, statement.content
    return {
        **{role: actor.id for role, actor in related.items()},
        **{f"{role}_name": actor.name for role, actor in related.items()},
        **edge_attributes(statement),
        "via": [entity.name for entity in statement.via], "carried_by": list(statement.carried_by),
        "evidence_start": evidence.start if evidence else None, "evidence_end": evidence.end if evidence else None,
        "content": [words.text for words in content], "content_start": [words.start for words in content],
        "content_end": [words.end for words in content], "model": statement.model,
    }


def _schema(pa: Any) -> Any:
    names, offsets = pa.list_(pa.string()), pa.list_(pa.int32())
    types = {"polarity": pa.int8(), "negated": pa.bool_(), "confidence": pa.float64(), "via": names,
             "carried_by": names}
    more = {"evidence_start": pa.int32(), "evidence_end": pa.int32(), "content": names, "content_start": offsets,
            "content_end": offsets, "model": pa.string()}
    return pa.schema([*((name, types.get(name, pa.string())) for name in COLUMNS), *more.items()])


class _Counted:
    """A stream that knows where it is, which a pipe does not."""

    closed = False

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.place = stream, 0

    def write(self, data: bytes) -> int:
        self.stream.write(data)
        self.place += len(data)
        return len(data)

    def tell(self) -> int:
        return self.place

    def flush(self) -> None:
        self.stream.flush()

    def close(self) -> None:
        self.flush()
