"""The build: what stands in the folder, and what happens when something fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kg import pipeline
from kg.builder import BuildReport, build
from kg.errors import InputError, KgError, UsageError
from kg.home import Home, read_statements
from kg.queries import library
from kg.reading import Options, Reader, surviving
from kg.records import Document, Statement


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("A vote\n\nFrance criticized Russia on Friday.", encoding="utf-8")
    (folder / "b.txt").write_text("Germany supports Ukraine. “We back Kyiv,” Olaf Scholz said.", encoding="utf-8")
    return folder


def test_everything_is_written(articles: Path, tmp_path: Path) -> None:
    report = build([articles], tmp_path / "deep" / "out")
    out = tmp_path / "deep" / "out"
    assert {path.name for path in out.iterdir()} == {
        "articles.sqlite", "statements.jsonl", "store", "graph.trig", "graph.html"}
    statements = list(read_statements(out / "statements.jsonl"))
    assert report.documents == 2
    assert report.statements == len(statements) > 0
    assert report.failed == 0
    assert {s.document.id for s in statements} == {"a", "b"}
    assert "<html" in (out / "graph.html").read_text(encoding="utf-8")


def test_the_same_again_changes_nothing(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([articles], out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    report = build([articles], out)
    assert (report.read, report.known, report.documents) == (0, 2, 2)
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before


def test_it_grows(articles: Path, tmp_path: Path) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    build([articles / "b.txt"], out)
    assert build([articles / "a.txt"], out).documents == 2
    build([articles], whole)
    for name in ("statements.jsonl", "graph.trig"):
        assert (out / name).read_bytes() == (whole / name).read_bytes()


def test_a_corrected_article_supersedes_the_old_one(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    build([articles], out)
    (articles / "a.txt").write_text("A vote\n\nFrance praised Russia on Friday.", encoding="utf-8")
    report = build([articles], out)
    assert (report.read, report.known, report.documents) == (1, 1, 2)
    assert {s.predicate for s in read_statements(out / "statements.jsonl") if s.document.id == "a"} == {"supports"}
    with Home(out) as home:
        versions = home.ledger.versions("a")
        assert [v.statements[0].predicate for v in versions] == ["criticizes", "supports"]
        old, = library.run(home.graph, "SELECT ?old { doc:a prov:wasRevisionOf ?old }").rows
        assert str(old["old"]).endswith(f"#sha256={versions[0].digest}")


def test_texts_of_one_article_in_one_run_supersede_each_other_in_their_order(tmp_path: Path) -> None:
    texts = ("France criticized Russia.", "France praised Russia.", "France warned Russia.")
    records = [{"id": f"v{n}", "url": "https://example.org/a", "text": text} for n, text in enumerate(texts)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    report = build([tmp_path / "a.jsonl"], tmp_path / "out", fast=True)
    assert (report.read, report.documents) == (3, 1)
    with Home(tmp_path / "out") as home:
        found = [version.statements[0].predicate for version in home.ledger.versions("v0")]
    assert found == ["criticizes", "supports", "threatens"]


def test_what_failed_is_remembered_until_it_is_read(articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (articles / "c.txt").write_bytes(b"\0")
    build([articles, tmp_path / "missing"], out)
    (articles / "c.txt").write_text("Iran praised Oman.", encoding="utf-8")
    build([articles], out)
    with Home(out) as home:
        assert [Path(error.where).name for error in home.ledger.failures()] == ["missing"]


def test_an_interrupted_build_goes_on_where_it_stopped(
        articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    build([articles], whole)

    def interrupted(self: Reader, *given: Any) -> Iterator[tuple[Document, list[Statement]]]:
        yield next(read(self, *given))
        raise KeyboardInterrupt

    read = Reader.read
    with monkeypatch.context() as patched:
        patched.setattr(Reader, "read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build([articles], out)
    report = build([articles], out)
    assert (report.read, report.known) == (1, 1)
    assert (out / "graph.trig").read_bytes() == (whole / "graph.trig").read_bytes()


def test_bad_inputs_do_not_stop_it(articles: Path, tmp_path: Path) -> None:
    (articles / "c.txt").write_bytes(b"\0")
    errors: list[KgError] = []
    report = build([articles, tmp_path / "missing"], tmp_path / "out", on_error=errors.append)
    assert (report.documents, report.failed) == (2, 2)
    assert [Path(error.where).name for error in errors] == ["c.txt", "missing"]


def test_nothing_read_nothing_written(tmp_path: Path) -> None:
    report = build([tmp_path / "missing"], tmp_path / "out")
    assert (report.documents, report.failed) == (0, 1)
    assert not (tmp_path / "out").exists()
    assert "No article was read" in report.summary()


def test_the_same_text_counts_once(articles: Path, tmp_path: Path) -> None:
    assert build([articles / "a.txt", articles / "a.txt"], tmp_path / "out").documents == 1


def test_an_article_that_cannot_be_understood_costs_only_itself(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = pipeline.read

    def read(doc: Any, document: Document, *rest: Any) -> list[Statement]:
        if document.id == "a":
            raise IndexError("no such token")
        return real(doc, document, *rest)

    monkeypatch.setattr(pipeline, "read", read)
    errors: list[KgError] = []
    report = build([articles], tmp_path / "out", on_error=errors.append)
    assert (report.documents, report.failed) == (1, 1)
    assert str(errors[0]).startswith("a: cannot be understood (IndexError: no such token)")


def test_out_that_is_a_file(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(KgError, match="cannot be written"):
        build([articles], tmp_path / "out")


def test_a_missing_model_is_wrong_usage(articles: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no_such_model"):
        build([articles], tmp_path / "out", model="no_such_model")


def test_summary_names_the_next_commands() -> None:
    text = BuildReport(Path("my out"), 1, 7, 1, 8, 9, 5, 3, 0.4).summary()
    assert text.startswith("1 article read, 7 known already in 0 s; 1 input failed.\n"
                           "'my out' holds 8 articles, 9 statements, 5 relations among 3 actors.")
    assert "kg query --graph 'my out' --name who-criticizes" in text


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"id": "s1"}', "null"])
def test_statements_that_cannot_be_read(tmp_path: Path, line: str) -> None:
    (tmp_path / "s.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(KgError, match=r"s.jsonl:1: is no statement record"):
        list(read_statements(tmp_path / "s.jsonl"))


def test_statements_read_back_equal(articles: Path) -> None:
    documents = [Document("x", (articles / "b.txt").read_text(encoding="utf-8"))]
    for _, statements in Reader(Options()).read(documents, lambda error: None):
        assert [Statement.from_json(json.loads(s.to_line())) for s in statements] == statements


def test_surviving_keeps_order_and_reports_by_item() -> None:
    def work(batch: list[int]) -> Iterator[int]:
        for item in batch:
            if item % 4 == 3:
                raise ValueError(item)
            yield item * 10

    failed: list[int] = []
    assert list(surviving(range(10), work, lambda item, error: failed.append(item), 4)) == [
        0, 10, 20, 40, 50, 60, 80, 90]
    assert failed == [3, 7]


def test_surviving_raises_what_is_not_about_an_input() -> None:
    def work(batch: list[int]) -> Iterator[int]:
        raise UsageError("wrong") if batch == [1] else InputError("bad")

    failed: list[int] = []
    assert list(surviving([0], work, lambda item, error: failed.append(item), 1)) == []
    with pytest.raises(UsageError):
        list(surviving([1], work, lambda item, error: failed.append(item), 1))
    assert failed == [0]
