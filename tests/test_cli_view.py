"""``kg view`` as users run it: which page it writes, what it says, and what it refuses."""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sqlite3 import connect
from typing import Any
from urllib.parse import parse_qsl

import pytest
from kg import ontology
from kg.home import Home
from kg.ledger import FILE as LEDGER
from tests.queries.cases import cases
from tests.test_cli import complaint, kg
from tests.test_home import articles
from tests.view.test_page import data_of

FIREFLY, TRENTINO, SYLVANIA, GOVERNMENT = (
    f"{ontology.ENTITY}{name}" for name in ("Rufus_Firefly", "Louis_Trentino", "Sylvania", "Government_of_Sylvania"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the cases, with a text of its own for each article; tests that change it take a copy."""
    folder = tmp_path_factory.mktemp("made") / "out"
    with Home(folder) as home:
        for document, statements in articles():
            home.put(replace(document, text=f"Secret text of {document.id}."), statements, "kg 1")
        home.write()
    return folder


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "out"))


def data_in(path: Path) -> dict[str, Any]:
    return data_of(path.read_text(encoding="utf-8"))


def shown(*arguments: str | Path) -> Path:
    run = kg("view", *arguments)
    assert (run.returncode, run.stderr) == (0, b"")
    return Path(run.stdout.decode().strip())


def test_the_graph_of_a_folder_is_the_page_that_it_has(out: Path, tmp_path: Path) -> None:
    assert shown(out) == out / "graph.html"
    before = (out / "graph.html").read_bytes()
    assert shown(out, "--to", tmp_path / "mine.html") == tmp_path / "mine.html"
    assert (tmp_path / "mine.html").read_bytes() == before
    (out / "graph.html").unlink()
    assert shown(out).read_bytes() == before


def test_a_pair_has_what_is_stated_between_the_two_and_no_more(out: Path) -> None:
    path = shown(out, "--pair", "Louis Trentino", "Q900005")
    assert path == out / "pair-louis-trentino-q900005.html"
    found = data_in(path)
    assert sorted(row["id"] for row in found["statements"]) == ["a8", "c1"]
    assert parse_qsl(found["start"]) == [("view", "pair"), ("pair", TRENTINO), ("pair", FIREFLY)]
    assert found["title"] == "Louis Trentino and Rufus Firefly"


def test_a_country_counts_together_with_its_government(out: Path, tmp_path: Path) -> None:
    found = data_in(shown(out, "--pair", "Firefly", "Sylvania", "--to", tmp_path / "pair.html"))
    assert sorted(row["id"] for row in found["statements"]) == ["a2", "a5"], "criticizes the one, speaks of the other"
    (_, *start) = parse_qsl(found["start"])
    assert start[0] == ("pair", FIREFLY)
    assert {start[1][1], start[2][1]} == {SYLVANIA, GOVERNMENT}
    assert [key for key, _ in start] == ["pair", "pair", "other"]


@pytest.mark.parametrize(("pair", "told"), [
    (("Fire", "Sylvania"), "no actor of this graph is called 'Fire'"),
    (("Rufus Firefli", "Sylvania"), "near names: Rufus Firefly"),
    (("Q1", "Sylvania"), "no actor of this graph is linked to Q1"),
])
def test_an_actor_that_is_not_there_is_told_with_what_is_near(out: Path, pair: tuple[str, str], told: str) -> None:
    run = kg("view", out, "--pair", *pair)
    assert (run.returncode, run.stdout) == (2, b"")
    assert told in complaint(run)


def test_two_between_whom_nothing_is_stated_are_told(out: Path) -> None:
    run = kg("view", out, "--pair", "ent:Nobody", "ent:Sylvania")
    assert (run.returncode, run.stdout) == (1, b"")
    assert "nothing is stated between ent:Nobody and ent:Sylvania" in complaint(run)
    assert not list(out.glob("pair-*"))


def test_an_article_has_its_text_unless_it_may_not(out: Path) -> None:
    ident = cases()[0].document.id
    path = shown(out, "--document", ident)
    assert path.parent == out
    found = data_in(path)
    assert [document["text"] for document in found["documents"]] == [f"Secret text of {ident}."]
    assert [row["id"] for row in found["statements"]] == [s.id for s in cases() if s.document.id == ident]
    assert parse_qsl(found["start"]) == [("view", "article"), ("article", ident)]
    for arguments in (["--document", ident, "--no-text"], ["--pair", "Firefly", "ent:Sylvania"], []):
        assert "Secret text" not in shown(out, *arguments).read_text(encoding="utf-8")


def test_a_folder_made_before_texts_were_kept_gives_sentences_and_says_so(out: Path) -> None:
    with closing(connect(out / LEDGER)) as sql:
        sql.execute("DROP TABLE text")
    run = kg("view", out, "--document", cases()[0].document.id)
    assert run.returncode == 0
    assert "was built before texts were kept" in complaint(run)
    assert "text" not in data_in(Path(run.stdout.decode().strip()))["documents"][0]


@pytest.mark.parametrize(("arguments", "status", "told"), [
    (["--document", "nowhere"], 1, "nowhere: there is no such article"),
    (["--document", "x", "--pair", "a", "b"], 2, "a page shows either a pair or an article"),
    (["--pair", "Firefly", "ent:Sylvania", "--to", "none/p.html"], 2, "cannot write the page"),
])
def test_what_cannot_be_shown_is_told_in_one_line(out: Path, arguments: list[str], status: int, told: str) -> None:
    run = kg("view", out, *arguments)
    assert (run.returncode, run.stdout) == (status, b"")
    assert told in complaint(run)


def test_it_opens_in_the_browser_of_the_environment(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "browser.py"
    browser.write_text("import sys, pathlib\n"
                       f"pathlib.Path({str(tmp_path / 'asked')!r}).write_text(sys.argv[1])\n", encoding="utf-8")
    monkeypatch.setenv("BROWSER", f"{sys.executable} {browser} %s")
    assert shown(out, "--open") == out / "graph.html"
    assert (tmp_path / "asked").read_text(encoding="utf-8") == (out / "graph.html").as_uri()
