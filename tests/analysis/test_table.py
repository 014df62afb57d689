"""The Parquet file: a row a statement, read back with its types, offsets and lists."""

from __future__ import annotations

import io
import sys

import pyarrow as pa
import pytest
from hypothesis import given, settings
from kg.analysis import table
from kg.analysis.exports import COLUMNS
from kg.analysis.table import write_parquet
from kg.errors import KgError
from kg.records import Statement
from pyarrow import parquet
from tests.queries.cases import cases
from tests.strategies import corpora


def written(statements: list[Statement]) -> pa.Table:
    stream = io.BytesIO()
    write_parquet(statements, stream)
    return parquet.read_table(io.BytesIO(stream.getvalue()))


@settings(max_examples=30, deadline=None)
@given(corpora())
def test_every_statement_reads_back(statements: list[Statement]) -> None:
    for statement, row in zip(statements, written(statements).to_pylist(), strict=True):
        content = list(zip(row["content_start"], row["content_end"], row["content"], strict=True))
        assert content == [(words.start, words.end, words.text) for words in statement.content]
        assert row["evidence_start"] == (statement.evidence.start if statement.evidence else None)
        assert (row["id"], row["predicate"], row["polarity"], row["negated"], row["confidence"]) == (
            statement.id, statement.predicate, statement.polarity, statement.negated, statement.confidence)
        assert row["subject"] == (statement.subject.id if statement.subject else None)
        assert row["via"] == [entity.name for entity in statement.via]
        assert tuple(row["carried_by"]) == statement.carried_by


def test_offsets_are_of_the_words() -> None:
    row = next(row for row in written(list(cases())).to_pylist() if row["id"] == "a3")
    assert row["content"] == ["And,", "we shall not forget it."]
    for start, end, words in zip(row["content_start"], row["content_end"], row["content"], strict=True):
        assert end - start == len(words)


def test_columns_are_those_of_the_csv_and_more_whatever_the_rows() -> None:
    none, some = written([]), written(list(cases()))
    assert none.schema == some.schema
    assert tuple(none.schema.names[:len(COLUMNS)]) == COLUMNS
    assert none.schema.field("confidence").type == pa.float64()


def test_batches_are_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "BATCH", 4)
    assert [row["id"] for row in written(list(cases())).to_pylist()] == [s.id for s in cases()]


def test_without_pyarrow_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(KgError, match="needs the package pyarrow") as told:
        write_parquet([], io.BytesIO())
    assert "pip install" in told.value.way_out
