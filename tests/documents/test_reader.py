"""Reading INPUTs: what comes out, and what is said of each kind of bad input."""

from __future__ import annotations

import io
import json
import os
import sys
import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.documents import reader
from kg.documents.reader import read
from kg.errors import InputError
from kg.records import Document


def outcome(*inputs: str | Path) -> tuple[list[Document], list[str]]:
    """Documents and errors of a run that goes on after errors."""
    errors: list[str] = []
    documents = list(read(inputs, lambda error: errors.append(str(error))))
    return documents, errors


def only(*inputs: str | Path) -> Document:
    documents, errors = outcome(*inputs)
    assert errors == []
    assert len(documents) == 1
    return documents[0]


def jsonl(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.mark.parametrize("raw", [
    "Title\r\n\r\nText of two\r\nlines.\r\n", "one\rtwo\r", "\n\n  Indented.\n",
    "nb\u00a0sp \u2033 \U0001f1eb\U0001f1ee \u2028 end",
    "\ufeffTitle\n\nText.", "cafe\u0301 and caf\u00e9", "tab\tand form feed\f.", "a stray \x13 control",
])
def test_plain_text_is_taken_as_given(tmp_path: Path, raw: str) -> None:
    (tmp_path / "a.txt").write_bytes(raw.encode())
    assert only(tmp_path / "a.txt").text == raw


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


@given(TEXTS.filter(lambda text: any(c.isalpha() for c in text)))
def test_any_text_keeps_its_offsets(tmp_path_factory: pytest.TempPathFactory, raw: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.txt").write_bytes(raw.encode())
    jsonl(folder / "b.jsonl", {"text": raw})
    assert only(folder / "a.txt").text == raw
    assert only(folder / "b.jsonl").text == raw


@pytest.mark.parametrize(("raw", "title"), [
    ("Headline\n\nText.", "Headline"),
    ("Headline\r\n\r\nText.", "Headline"),
    ("\ufeffHeadline \n \t\nText.", "Headline"),
    ("Headline\rText.", None),
    ("First line\nsecond line\n\nText.", None),
    ("\nHeadline\n\nText.", None),
    ("Only a line", None),
    ("Only a line\n\n", "Only a line"),
])
def test_title_of_plain_text(tmp_path: Path, raw: str, title: str | None) -> None:
    (tmp_path / "a.txt").write_bytes(raw.encode())
    document = only(tmp_path / "a.txt")
    assert document.title == title
    assert document.text == raw


def test_folder_is_recursive_and_sorted_with_paths_as_ids(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "sub/a.txt", "sub/deep.er/c.v2.txt", ".hidden.txt", ".git/x.txt", "notes.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}", encoding="utf-8")
    documents, errors = outcome(tmp_path)
    assert [d.id for d in documents] == ["a", "b", "sub/a", "sub/deep.er/c.v2"]
    assert errors == []


def test_folder_notes_what_it_leaves_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.txt").write_text("text", encoding="utf-8")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\0")
    only(tmp_path)
    assert "photo.jpg" in caplog.text


def test_folder_does_not_follow_a_loop(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text", encoding="utf-8")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    only(tmp_path)


def test_ids(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.txt").write_text("one", encoding="utf-8")
    (tmp_path / "a.txt").write_text("two", encoding="utf-8")
    records = jsonl(tmp_path / "r.jsonl", {"text": "t1", "id": "own"}, {"text": "t2", "url": "https://example.org/2"},
                    {"text": "t3"}, {"text": "t4", "id": 7})
    documents, errors = outcome(tmp_path / "a.txt", tmp_path / "x" / "a.txt", tmp_path / "a.txt", records)
    assert errors == []
    first, second, third, *rest = (d.id for d in documents)
    assert (first, third) == ("a", "a")  # the same text again is the same document
    assert second.startswith("a-")
    assert len(second) == len("a-") + 8
    assert rest == ["own", "https://example.org/2", "r-3", "7"]


def test_the_same_run_gives_the_same_ids(tmp_path: Path) -> None:
    jsonl(tmp_path / "r.jsonl", {"text": "t1", "id": "a"}, {"text": "t2", "id": "a"}, {"text": "t3", "id": "a"})
    one, two = outcome(tmp_path)[0], outcome(tmp_path)[0]
    assert [d.id for d in one] == [d.id for d in two]
    assert len({d.id for d in one}) == 3


@pytest.mark.parametrize(("name", "published"), [
    ("nyt_2016-09-12_visit.txt", "2016-09-12"), ("20240229.txt", "2024-02-29"), ("2016-13-12.txt", None),
    ("1234567890.txt", None), ("visit.txt", None),
])
def test_date_in_file_name(tmp_path: Path, name: str, published: str | None) -> None:
    (tmp_path / name).write_text("text", encoding="utf-8")
    assert only(tmp_path / name).published == published


@pytest.mark.parametrize(("given_date", "published"), [
    ("2024-12-13", "2024-12-13"), ("2024-12-13T23:30:00-05:00", "2024-12-13"), ("2024-12-13T10:00:00Z", "2024-12-13"),
    ("Fri, 13 Dec 2024 09:30:00 GMT", "2024-12-13"), ("last Friday", "2020-01-01"), (None, "2020-01-01"),
    ("", "2020-01-01"),
])
def test_published_of_a_record(tmp_path: Path, given_date: str | None, published: str) -> None:
    assert only(jsonl(tmp_path / "2020-01-01.jsonl", {"text": "t", "published": given_date})).published == published


def test_record_fields(tmp_path: Path) -> None:
    record = {"text": "Body", "id": "i", "title": "T", "publisher": "P", "published": "2024-01-02",
              "url": "https://example.org"}
    document = only(jsonl(tmp_path / "a.jsonl", record | {"author": "not ours"}))
    assert document == Document("i", "Body", "T", "P", "2024-01-02", "https://example.org")


def test_byte_order_mark_before_json(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + b'{"text": "t"}\r\n\r\n')
    assert only(tmp_path / "a.jsonl").text == "t"


def test_unknown_suffix_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a.article").write_text("plain", encoding="utf-8")
    (tmp_path / "b.data").write_text('{"text": "in JSON"}\n', encoding="utf-8")
    (tmp_path / "c").write_text("plain, no suffix", encoding="utf-8")
    documents, errors = outcome(tmp_path / "a.article", tmp_path / "b.data", tmp_path / "c")
    assert [d.text for d in documents] == ["plain", "in JSON", "plain, no suffix"]
    assert errors == []


@pytest.mark.parametrize(("raw", "text"), [
    ("Some text.\r\n", "Some text.\r\n"), ('{"text": "t", "id": "x"}\n', "t"), ("\n\nSome text.", "\n\nSome text."),
])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, raw: str, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw.encode())))
    document = only("-")
    assert document.text == text
    assert document.id in ("stdin", "x")


BAD = {
    "empty.txt": (b"", "is empty"),
    "blank.txt": (b" \r\n\t\xc2\xa0", "is empty"),
    "mark.txt": (b"\xef\xbb\xbf", "is empty"),
    "binary.txt": (b"%PDF-1.7\0\x01", "is binary"),
    "picture.jpg": (b"\xff\xd8\xff\xe0\0", "is binary"),
    "latin.txt": ("first line\ncaf\u00e9".encode("latin-1"), "is not UTF-8 (byte 0xe9 in line 2)"),
    "utf16.txt": ("text".encode("utf-16"), "is UTF-16"),
    "long.txt": (b"word " * 200_001, "is longer than"),
    "huge.txt": (b"word " * 4_000_000, "is larger than"),
    "empty.jsonl": (b"\n\n", "is empty"),
    "empty.html": (b"  ", "has no article text"),
    "menu.html": (b"<html><body><nav><a href='/'>Home</a> <a href='/b'>News</a></nav></body></html>", "no article"),
    "binary.html": (b"<html>\0\0\xff", "is not utf-8"),
    "charset.html": (b"<html><meta charset=klingon>", "unknown encoding"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_with_the_way_out(tmp_path: Path, name: str) -> None:
    raw, message = BAD[name]
    (tmp_path / name).write_bytes(raw)
    (tmp_path / "good.txt").write_text("good", encoding="utf-8")
    documents, errors = outcome(tmp_path / name, tmp_path / "good.txt")
    assert [d.id for d in documents] == ["good"]
    assert len(errors) == 1
    assert errors[0].startswith(str(tmp_path / name))
    assert message in errors[0]
    assert "; " in errors[0]
    assert "\n" not in errors[0]


@pytest.mark.parametrize(("line", "message"), [
    ('{"text": "cut', "is no JSON"), ('["text"]', "is no JSON object"), ("not json", "is no JSON"),
    ("[" * 100_000, "is no JSON"), ("{}", "has no text"), ('{"text": 3}', "has no text"), ('{"text": ""}', "is empty"),
    ('{"text": "\\ud83d"}', "half a surrogate"), ('{"text": "t", "title": "\\ud83d"}', "half a surrogate"),
    ('{"text": "t", "title": ["x"]}', "title"),
])
def test_bad_line_is_named_and_the_others_read(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(f'{{"text": "one"}}\n\n{line}\n{{"text": "two"}}', encoding="utf-8")
    documents, errors = outcome(file)
    assert [d.text for d in documents] == ["one", "two"]
    assert len(errors) == 1
    assert errors[0].startswith(f"{file}:3")
    assert message in errors[0]


def test_wrong_encoding_costs_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "one"}\n{"text": "caf\xe9"}\n{"text": "two"}\n')
    documents, errors = outcome(tmp_path / "a.jsonl")
    assert [d.text for d in documents] == ["one", "two"]
    assert "a.jsonl:2: is not UTF-8" in errors[0]


@pytest.mark.parametrize("name", ["missing.txt", "missing/", "https//example.org", "a\nb"])
def test_missing(name: str) -> None:
    documents, errors = outcome(name)
    assert documents == []
    assert "there is no such file or folder" in errors[0]
    assert "\n" not in errors[0]


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "\0", ""])
def test_names_that_no_file_can_have(name: str) -> None:
    documents, errors = outcome(name)
    assert documents == []
    assert len(errors) == 1
    assert "check the path" in errors[0]


def test_folder_without_articles(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b", encoding="utf-8")
    assert "has no article files" in outcome(tmp_path)[1][0]


def test_bad_files_of_a_folder_do_not_stop_it(tmp_path: Path) -> None:
    for name, (raw, _) in BAD.items():
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "good.txt").write_text("good", encoding="utf-8")
    documents, errors = outcome(tmp_path)
    assert [d.id for d in documents] == ["good"]
    assert len(errors) == sum(Path(name).suffix in reader.SUFFIXES for name in BAD)


def test_without_a_handler_the_first_error_is_raised(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read([tmp_path / "missing.txt"]))


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
def test_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(path)).write_text("text", encoding="utf-8")
    document = only(tmp_path)
    assert document.id == "caf\ufffd"
    document.id.encode()


def test_json_lines_stream_in_flat_memory(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number in range(2000):
            out.write(json.dumps({"id": number, "text": f"{number} " + "word " * 2000}) + "\n")
    tracemalloc.start()
    count = sum(1 for _ in read([file]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2000
    assert peak < 3_000_000  # the file has 20 MB


RECORDS = [{"text": f"Text {n}.", "id": None if n % 3 else f"own{n}", "title": f"T{n}", "publisher": None,
            "published": "2024-12-13", "url": None if n % 5 else f"https://example.org/{n}"} for n in range(1, 200)]


def parquet(path: Path, records: list[dict[str, Any]], rows: int = 50) -> Path:
    pq.write_table(pa.Table.from_pylist(records), path, row_group_size=rows)
    return path


@pytest.mark.parametrize("address", ["{local}.parquet", "memory://news/a.parquet", "memory://news/a.jsonl",
                                     "file://{local}.jsonl", "file://{local}.parquet", "memory://all"])
def test_storage_and_parquet_read_as_json_lines_do(tmp_path: Path, address: str) -> None:
    expected = [*read([jsonl(tmp_path / "a.jsonl", *RECORDS)])]
    parquet(tmp_path / "a.parquet", RECORDS)
    for source, there in (("a.jsonl", "news/a.jsonl"), ("a.parquet", "news/a.parquet"), ("a.parquet", "all/a.parquet")):
        with fsspec.open(f"memory://{there}", "wb") as file:
            file.write((tmp_path / source).read_bytes())
    documents, errors = outcome(address.format(local=tmp_path / "a"))
    assert errors == []
    assert documents == expected


def test_parquet_of_dates_and_numbers(tmp_path: Path) -> None:
    day = datetime(2024, 12, 13, 9, 30)
    file = parquet(tmp_path / "a.parquet", [{"text": "t", "id": 7, "published": day.date(), "views": [1]}])
    assert only(file) == Document("7", "t", published="2024-12-13")
    assert only(parquet(tmp_path / "b.parquet", [{"text": "t", "published": day}])).published == "2024-12-13"


def test_rows_without_text_are_named_and_the_others_read(tmp_path: Path) -> None:
    file = parquet(tmp_path / "a.parquet", [{"text": "one"}, {"text": None}, {"text": " "}, {"text": "two"}])
    documents, errors = outcome(file)
    assert [d.text for d in documents] == ["one", "two"]
    assert errors[0].startswith(f"{file}:2: has no text; ")
    assert errors[1].startswith(f"{file}:3: is empty; ")


@pytest.mark.parametrize(("raw", "message"), [
    (b"", "is no whole Parquet file"), (b"PAR1 and no more", "is no whole Parquet file"), (None, "no column 'text'")])
def test_files_that_are_no_articles_in_parquet(tmp_path: Path, raw: bytes | None, message: str) -> None:
    file = parquet(tmp_path / "a.parquet", [{"body": "t"}])
    if raw is not None:
        file.write_bytes(raw)
    documents, errors = outcome(file)
    assert documents == []
    assert len(errors) == 1
    assert errors[0].startswith(f"{file}: ")
    assert message in errors[0]
    assert "\n" not in errors[0]


@pytest.mark.parametrize(("address", "message"), [
    ("memory://nowhere/a.jsonl", "there is no such file or folder"), ("nosuch://a/b.jsonl", "cannot be read"),
    ("memory://others", "has no article files")])
def test_addresses_that_cannot_be_read(address: str, message: str) -> None:
    with fsspec.open("memory://others/a.csv", "wb") as file:
        file.write(b"a,b")
    documents, errors = outcome(address)
    assert documents == []
    assert len(errors) == 1
    assert errors[0].startswith(f"{address}: ")
    assert message in errors[0]


@pytest.mark.parametrize(("package", "name"), [("pyarrow", "a.parquet"), ("fsspec.core", "memory://a.jsonl")])
def test_what_an_extra_brings_is_named(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, name: str) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.chdir(tmp_path)
    documents, errors = outcome(name)
    assert documents == []
    assert errors[0].startswith(f"{name}: this needs a package that is not installed")
    assert "pip install 'kg-statements[parquet]'" in errors[0]
