"""The commands that look after a folder, as users run them: what they print, write and refuse."""

from __future__ import annotations

import gzip
import json
import os
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kg.errors import KgError
from kg.home import FILES, Home
from kg.ledger import FILE as LEDGER
from kg.records import Document
from kg.store import FOLDER
from kg.texts import digest
from tests.queries.cases import cases
from tests.test_cli import complaint, kg, lines, process
from tests.test_home import articles, copies_in

NAMES = sorted({statement.document.id for statement in cases()})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three articles by hand, and a failure; tests that change it take a copy."""
    folder = tmp_path_factory.mktemp("made") / "out"
    with Home(folder) as home:
        for document, statements in articles():
            home.put(document, statements, "kg 1")
        home.ledger.fail(["news.jsonl"], [KgError("is no JSON", "news.jsonl:3", "write it again")])
        home.write()
    return folder


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "out"))


def files(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in FILES]


def test_status_is_a_table_and_json(made: Path) -> None:
    shown = kg("status", made)
    assert (shown.returncode, shown.stderr) == (0, b"")
    table = shown.stdout.decode()
    assert all(words in table for words in ("articles", "stories", "actors", "read by kg 1", "MB"))
    assert all(words in table for words in ("news.jsonl:3", "is no JSON", "write it again"))
    found = json.loads(kg("status", made, "--format", "json").stdout)
    assert (found["articles"], found["stories"], found["versions"], found["statements"]) == (3, 3, 0, len(cases()))
    assert found["made_by"] == {"kg 1": 3}
    assert found["failures"] == [{"input": "news.jsonl:3", "message": "is no JSON", "way_out": "write it again"}]


def test_status_of_a_document_tells_its_versions_and_its_copies(out: Path) -> None:
    document, statements = next(articles())
    with Home(out) as home:
        home.put(Document(document.id, "Corrected.", "A better title", published="2024-05-05"), statements[:1], "kg 2")
        copies_in(home, "wire", "daily", "evening")
        home.remove(NAMES[1])
    shown = kg("status", out, "--document", document.id).stdout.decode()
    newer, older = (line for line in shown.splitlines() if "kg " in line)
    assert all(words in newer for words in ("current", digest("Corrected.")[:8], "kg 2", "2024-05-05", "A better"))
    assert all(words in older for words in ("superseded", digest(document.text)[:8], "kg 1"))
    assert "copy" not in shown

    found = json.loads(kg("status", out, "--document", document.id, "--format", "json").stdout)
    assert [(v["state"], v["digest"], v["made_by"], v["statements"]) for v in found["versions"]] == [
        ("current", digest("Corrected."), "kg 2", 1), ("superseded", digest(document.text), "kg 1", len(statements))]
    assert found["versions"][1]["related"] == sum(bool(s.subject and s.object) for s in statements)
    assert found["versions"][1]["document"] == document.to_json()
    assert found["copies"] == []

    story = kg("status", out, "--document", "daily").stdout.decode()
    assert story.index("Outlet wire") < story.index("Outlet evening")
    assert "Outlet daily" not in story
    removed = json.loads(kg("status", out, "--document", NAMES[1], "--format", "json").stdout)
    assert [v["state"] for v in removed["versions"]] == ["removed"]


def test_status_of_an_unknown_document_is_told_in_one_line(made: Path) -> None:
    run = kg("status", made, "--document", "nowhere")
    assert (run.returncode, run.stdout) == (1, b"")
    told = complaint(run).strip()
    assert told.startswith(f"kg: nowhere: there is no such article in {made}; ")
    command = shlex.split(told.partition("; ")[2].removesuffix(" shows the ids"))
    assert set(kg(*command[1:], "--format", "csv").stdout.decode().split()) == {"id", *NAMES}


@pytest.mark.parametrize("command", [["status"], ["status", "--document", "x"], ["dump"]])
def test_a_folder_that_kg_did_not_write_is_told_in_one_line(tmp_path: Path, command: list[str]) -> None:
    run = kg(*command, tmp_path)
    assert (run.returncode, run.stdout) == (1, b"")
    complaint(run)


def test_remove_takes_articles_out_of_graph_and_files(out: Path) -> None:
    assert kg("remove", out, NAMES[0], NAMES[1]).returncode == 0
    assert {record["document"]["id"] for record in lines((out / "statements.jsonl").read_bytes())} == {NAMES[2]}
    asked = kg("query", "--graph", out, "SELECT DISTINCT ?id { ?article schema:identifier ?id }", "--format", "csv")
    assert asked.stdout.decode().split() == ["id", NAMES[2]]


def test_remove_names_an_article_that_is_not_there_and_does_the_rest(out: Path) -> None:
    run = kg("remove", out, "nowhere", NAMES[0])
    assert run.returncode == 1
    assert complaint(run).startswith(f"kg: nowhere: there is no such article in {out}; ")
    assert NAMES[0] not in {record["document"]["id"] for record in lines((out / "statements.jsonl").read_bytes())}


def test_what_is_dumped_is_restored_to_an_equal_folder(out: Path, tmp_path: Path) -> None:
    kg("remove", out, NAMES[0])  # which stays on record
    dumped = kg("dump", out)
    assert dumped.returncode == 0
    assert kg("restore", "-", "--out", tmp_path / "piped", stdin=dumped.stdout).returncode == 0
    kg("dump", out, "--to", tmp_path / "dump.jsonl")
    assert kg("restore", tmp_path / "dump.jsonl", "--out", tmp_path / "again").returncode == 0
    for name in ("piped", "again"):
        assert files(tmp_path / name) == files(out)
        assert kg("dump", tmp_path / name).stdout == dumped.stdout


def test_restore_goes_to_a_new_folder_only(out: Path, tmp_path: Path) -> None:
    kg("dump", out, "--to", tmp_path / "dump.jsonl")
    run = kg("restore", tmp_path / "dump.jsonl", "--out", out)
    assert run.returncode == 1
    assert "give a new folder with --out" in complaint(run)


@pytest.mark.parametrize("change", [
    lambda dump: dump[:-40], gzip.compress, lambda dump: dump.replace(b"Sylvania", b"Sylv\xe4nia", 1)])
def test_a_damaged_dump_is_told_with_its_line(made: Path, tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    (tmp_path / "dump.jsonl").write_bytes(change(kg("dump", made).stdout))
    run = kg("restore", tmp_path / "dump.jsonl", "--out", tmp_path / "again")
    assert run.returncode == 1
    assert "dump.jsonl:" in complaint(run)
    assert kg("restore", tmp_path / "missing", "--out", tmp_path / "again").returncode == 2


@pytest.mark.parametrize("format_", ["trig", "nquads", "jsonld", "jsonl"])
def test_what_is_exported_is_imported(made: Path, tmp_path: Path, format_: str) -> None:
    file = made / "statements.jsonl"
    if format_ != "jsonl":
        file = tmp_path / f"graph.{format_}"
        kg("export", made, "--format", format_, "--to", file)
    run = kg("import", file, "--out", tmp_path / "mine")
    assert (run.returncode, run.stderr) == (0, b"")
    assert sorted(lines((tmp_path / "mine" / "statements.jsonl").read_bytes()), key=str) == sorted(
        lines((made / "statements.jsonl").read_bytes()), key=str)


@pytest.mark.parametrize(("name", "content"), [
    ("x.trig", b"nonsense"), ("x.jsonl", b"{}\n"), ("x.jsonl", b"\xff\xfe"), ("x.csv", b"a,b")])
def test_what_is_no_graph_is_not_imported(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    run = kg("import", tmp_path / name, "--out", tmp_path / "mine")
    assert run.returncode in (1, 2)
    assert name in complaint(run)


@pytest.mark.parametrize("command", [["remove", "{out}", NAMES[0]], ["build", "{article}", "--out", "{out}", "--fast"],
                                     ["import", "{article}.jsonl", "--out", "{out}"]])
def test_a_second_writer_is_told_to_wait_and_readers_are_not(out: Path, tmp_path: Path, command: list[str]) -> None:
    article = tmp_path / "a.txt"
    article.write_text("France criticized Russia.", encoding="utf-8")
    (tmp_path / "a.txt.jsonl").touch()
    before = files(out)
    with Home(out):
        run = process(*(word.format(out=out, article=article) for word in command))
        assert run.returncode == 1
        assert "another process is writing" in complaint(run)
        assert kg("status", out).returncode == 0
        assert kg("query", "--graph", out, "--name", "by-basis").returncode == 0
    assert files(out) == before


@pytest.fixture
def locked(out: Path) -> Iterator[Path]:
    """The folder, read-only."""
    everything = [out, *out.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield out
    for path in everything:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_read_only_folder_is_told_in_one_line(locked: Path) -> None:
    if os.access(locked, os.W_OK):
        pytest.skip("permissions do not bind this user")
    for command in (f"remove {locked} {NAMES[0]}", f"import {locked / 'statements.jsonl'} --out {locked}"):
        run = kg(*command.split())
        assert run.returncode == 1
        assert "cannot be written to" in complaint(run)
    assert kg("query", "--graph", locked, "--name", "by-basis").returncode == 0
    assert kg("status", locked).returncode == 0
    assert kg("dump", locked).returncode == 0


def test_a_folder_that_cannot_be_made_is_told_in_one_line(made: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    run = kg("import", made / "statements.jsonl", "--out", tmp_path / "file" / "out")
    assert run.returncode == 1
    assert "choose another folder with --out" in complaint(run)


def overwrite(store: Path, pattern: str) -> None:
    for path in store.glob(pattern):
        path.write_bytes(b"damaged " * 20)


def remove(store: Path, pattern: str) -> None:
    for path in store.glob(pattern):
        path.unlink()


@pytest.mark.parametrize(("damage", "pattern"), [
    (overwrite, "MANIFEST-*"), (overwrite, "CURRENT"), (remove, "CURRENT"), (overwrite, "*.sst"), (remove, "*.sst")])
def test_a_damaged_store_is_told_and_made_again(out: Path, damage: Callable[[Path, str], None], pattern: str) -> None:
    before = files(out)
    damage(out / FOLDER, pattern)
    for command in (f"status {out}", f"query --graph {out} --name by-basis", f"remove {out} nowhere"):
        run = kg(*command.split())
        assert (run.returncode, run.stdout) == (1, b"")
        assert "delete this folder and run kg build again" in complaint(run)
    shutil.rmtree(out / FOLDER)
    assert kg("remove", out, "nowhere").returncode == 1  # as any command that opens the folder for writing
    assert files(out) == before
    assert kg("status", out).returncode == 0


def test_a_damaged_ledger_is_told_in_one_line(out: Path) -> None:
    (out / LEDGER).write_bytes(b"damaged " * 2000)
    for command in ("status", "dump"):
        assert "this file is damaged" in complaint(kg(command, out))
