"""The folder: versions, copies, what follows what, moving it, and what happens when it cannot be read or written."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from kg import store
from kg.errors import KgError
from kg.home import FILES, Home, imported, read_statements, restored
from kg.ledger import FILE as LEDGER
from kg.ledger import Ledger
from kg.queries import library
from kg.rdf.quads import article_quads
from kg.rdf.shapes import validate
from kg.records import Document, Statement
from kg.status import article, status
from tests.queries.cases import cases

WORDS = ("The minister said on Friday that talks with the neighbours had failed because nobody would pay for the "
         "bridge, that trains would run again in spring, and that the capital was ready to host whoever came in good "
         "faith. ")


def articles() -> Iterator[tuple[Document, list[Statement]]]:
    """The cases by article, each with a text of its own."""
    found: dict[str, list[Statement]] = {}
    for statement in cases():
        found.setdefault(statement.document.id, []).append(statement)
    for ident, statements in found.items():
        yield replace(statements[0].document, text=f"{ident} has a text of its own."), statements


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path / "out") as opened:
        for document, statements in articles():
            opened.put(document, statements, "kg")
        opened.write()
        yield opened


def idents(statements: Sequence[Statement]) -> set[str]:
    return {statement.document.id for statement in statements}


def moved(statements: Sequence[Statement], ident: str) -> list[Statement]:
    """The statements as another article's."""
    return [replace(s, document=replace(s.document, id=ident, url=None), carried_by=()).identified()
            for s in statements]


def graph_of(home: Home) -> bytes:
    stream = io.BytesIO()
    store.export(home.graph, "trig", stream)
    return stream.getvalue()


def copies_in(home: Home, *names: str) -> list[Statement]:
    """Put the first case's statements in as articles with nearly the same text."""
    _, statements = next(articles())
    for number, name in enumerate(names):
        text = " ".join((WORDS * 3).split()[number:])
        home.put(Document(name, text, publisher=f"Outlet {name}", published=f"2024-01-0{number + 1}"),
                 moved(statements, name), "kg")
    return list(statements)


def test_graph_and_files_say_what_was_put(home: Home) -> None:
    assert list(read_statements(home.folder / "statements.jsonl")) == list(home.statements())
    assert {s.id for s in home.statements()} == {s.id for s in cases()}
    assert set(store.digests(home.graph)) == idents(cases())


def test_a_removed_article_leaves_no_trace_in_the_graph(home: Home) -> None:
    gone = cases()[0].document.id
    assert home.remove(gone)
    assert not home.remove(gone)
    home.write()
    assert isinstance(home.graph, store.OxigraphDataset)
    assert not list(store.quads_of(home.graph, gone))
    assert idents(list(read_statements(home.folder / "statements.jsonl"))) == idents(cases()) - {gone}
    assert [v.document.id for v in home.ledger.versions(gone)] == [gone]


def test_another_address_with_the_same_id_is_another_article(home: Home) -> None:
    one, other = Document("story", "One.", url="https://a.org"), Document("story", "Two.", url="https://b.org")
    for document in (one, other):
        due = home.ledger.due(document, "kg")
        assert due is not None
        home.put(due, [], "kg")
    assert home.ledger.has("story")
    assert home.ledger.due(other, "kg") is None
    assert sum(ident.startswith("story-") for ident in store.digests(home.graph)) == 1


def test_other_software_reads_again(home: Home) -> None:
    document, _ = next(articles())
    assert home.ledger.due(document, "kg") is None
    assert home.ledger.due(document, "kg 2") is not None


def test_a_story_is_told_once_and_names_all_who_carry_it(home: Home) -> None:
    told = copies_in(home, "wire", "daily", "evening")
    found = [s for s in home.statements() if s.document.id in ("wire", "daily", "evening")]
    assert len(found) == len(told)
    assert {(s.document.id, s.carried_by) for s in found} == {("wire", ("daily", "evening"))}
    assert home.ledger.counts().articles - home.ledger.counts().stories == 2


def test_the_order_of_arrival_does_not_matter(tmp_path: Path) -> None:
    graphs = []
    for turn, names in enumerate((("wire", "daily", "evening"), ("evening", "wire", "daily"))):
        with Home(tmp_path / str(turn)) as opened:
            _, statements = next(articles())
            for name in names:
                day = 1 + ("wire", "daily", "evening").index(name)
                opened.put(Document(name, WORDS * 3, published=f"2024-01-0{day}"), moved(statements, name), "kg")
            opened.write()
            graphs.append((opened.folder / "graph.trig").read_bytes())
    assert graphs[0] == graphs[1]


def test_a_story_loses_its_first_article(home: Home) -> None:
    copies_in(home, "wire", "daily", "evening")
    home.remove("wire")
    assert {(s.document.id, s.carried_by) for s in home.statements() if s.document.id in ("daily", "evening")} == {
        ("daily", ("evening",))}


def test_a_corrected_copy_that_is_none_any_more(home: Home) -> None:
    told = copies_in(home, "wire", "daily")
    home.put(Document("daily", "Something else altogether, in a few words."), moved(told, "daily"), "kg")
    assert {(s.document.id, s.carried_by) for s in home.statements() if s.document.id in ("wire", "daily")} == {
        ("wire", ()), ("daily", ())}


def test_outlets_that_carry_a_statement_can_be_asked_for(home: Home) -> None:
    copies_in(home, "wire", "daily")
    rows = library.run(home.graph, """SELECT ?outlet {
        ?s prov:wasDerivedFrom doc:wire ; kg:carriedBy/schema:publisher/rdfs:label ?outlet }""").rows
    assert {str(row["outlet"]) for row in rows} == {"Outlet daily"}


def test_what_is_in_the_ledger_and_not_in_the_graph_is_shown_by_the_next(tmp_path: Path) -> None:
    document, statements = next(articles())
    with Home(tmp_path / "out") as opened:
        opened.write()
    ledger = Ledger(tmp_path / "out" / LEDGER)
    ledger.put(document, statements, "kg")
    ledger.close()
    with Home(tmp_path / "out") as opened:
        opened.write()
        assert set(store.digests(opened.graph)) == {document.id}
    assert list(read_statements(tmp_path / "out" / "statements.jsonl")) == statements


def test_a_lost_store_is_made_again(home: Home, tmp_path: Path) -> None:
    before = (home.folder / "graph.trig").read_bytes()
    home.close()
    shutil.rmtree(home.folder / store.FOLDER)
    with Home(home.folder) as opened:
        opened.write()
    assert (home.folder / "graph.trig").read_bytes() == before


def test_a_closed_folder_leaves_nothing_in_the_log_of_its_store(home: Home) -> None:
    """Everyone who opens it for reading would play the log back, which takes seconds after a large build."""
    before = set(store.digests(home.graph))
    home.close()
    for log in (home.folder / store.FOLDER).glob("*.log"):
        log.unlink()
    with closing(store.open_graph(home.folder)) as graph:
        assert set(store.digests(graph)) == before


def test_what_the_graph_has_lost_or_gained_by_itself_is_put_right(home: Home) -> None:
    before, ident = graph_of(home), cases()[0].document.id
    store.replace_articles(home.graph, {ident: [], "stray": article_quads(Document("stray"), "0")})
    assert graph_of(home) != before
    home.close()
    with Home(home.folder) as again:
        assert graph_of(again) == before


def test_dump_and_restore_give_an_equal_folder(home: Home, tmp_path: Path) -> None:
    copies_in(home, "wire", "daily")
    home.put(Document("daily", "Corrected."), [], "kg")
    home.ledger.fail(["x"], [KgError("is no text", "x")])
    home.write()
    lines = list(home.ledger.dump())
    restored(iter(lines), tmp_path / "again", "dump")
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (home.folder / name).read_bytes()
    with Home(tmp_path / "again") as again:
        assert list(again.ledger.dump()) == lines


def test_the_text_of_every_version_is_kept_once(home: Home) -> None:
    (document, statements), *others = articles()
    home.put(replace(document, text="Corrected. 🇺🇦\r\n"), statements, "kg")
    home.put(replace(document, text="Corrected. 🇺🇦\r\n"), statements, "kg 2")
    texts = [document.text, "Corrected. 🇺🇦\r\n", *(other.text for other, _ in others)]
    assert sorted(home.ledger.texts) == sorted(texts)
    assert [home.ledger.texts[version.digest] for version in home.ledger.versions(document.id)] == [
        document.text, "Corrected. 🇺🇦\r\n", "Corrected. 🇺🇦\r\n"]
    assert article(home.folder, document.id).document == replace(document, text="Corrected. 🇺🇦\r\n")


def test_a_folder_made_before_texts_were_kept_has_them_once_its_articles_are_read_again(home: Home) -> None:
    home.close()
    with closing(sqlite3.connect(home.folder / LEDGER)) as sql:
        sql.execute("DROP TABLE text")
    (document, statements), *_ = articles()
    found = article(home.folder, document.id)
    assert (found.document.text, found.statements) == ("", tuple(statements))
    with closing(Ledger(home.folder / LEDGER, read_only=True)) as ledger:
        assert not any(line.startswith('{"text"') for line in ledger.dump())
    with Home(home.folder) as again:
        assert again.ledger.due(document, "kg") is None
        assert list(again.ledger.texts) == [document.text]
    assert article(home.folder, document.id).document.text == document.text


def test_an_article_that_is_not_there_is_told(home: Home) -> None:
    ident = cases()[0].document.id
    home.remove(ident)
    for wanted in (ident, "nowhere"):
        with pytest.raises(KgError, match="there is no such article"):
            article(home.folder, wanted)


@pytest.mark.parametrize("lines", [
    ["{}"], ['{"kg dump": 2}'], ['{"kg dump": 1}', "nonsense"], ['{"kg dump": 1}', '{"x": 1}'],
    ['{"kg dump": 1}', '{"text": 5}'], ['{"kg dump": 1}', '{"article": {"number": 1}}']])
def test_what_is_no_dump_is_told_with_its_line(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(KgError, match=rf"dump:{len(lines)}: is no line of a dump"):
        restored(iter(lines), tmp_path / "again", "dump")


@pytest.mark.parametrize("name", ["statements.jsonl", "graph.trig"])
def test_what_others_have_built_comes_in(home: Home, tmp_path: Path, name: str) -> None:
    with Home(tmp_path / "mine") as mine:
        imported(mine, home.folder / name)
        mine.write()
        assert sorted(map(Statement.to_line, mine.statements())) == sorted(map(Statement.to_line, home.statements()))


@pytest.mark.parametrize(("name", "outlet"), [("statements.jsonl", None), ("graph.trig", "Outlet daily")])
def test_an_article_that_only_carries_comes_in_too(home: Home, tmp_path: Path, name: str, outlet: str | None) -> None:
    copies_in(home, "wire", "daily")
    home.write()
    with Home(tmp_path / "mine") as mine:
        for _ in range(2):
            imported(mine, home.folder / name)
        assert validate(mine.graph) == []
        assert [v.document.publisher for v in mine.ledger.versions("daily")][-1] == outlet
        assert mine.ledger.counts().articles == home.ledger.counts().articles


def test_status_tells_what_there_is(home: Home) -> None:
    home.ledger.fail(["x"], [KgError("is no text", "x/1", "give text")])
    found = status(home.folder)
    assert (found.counts.articles, found.counts.statements) == (len(idents(cases())), len(cases()))
    assert found.size > 0
    assert json.loads(json.dumps(found.to_json()))["failures"] == [
        {"input": "x/1", "message": "is no text", "way_out": "give text"}]


def test_a_folder_that_kg_did_not_write(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="no folder of kg build"):
        status(tmp_path)


def test_one_writer_at_a_time(home: Home) -> None:
    with pytest.raises(KgError, match="another process is writing"):
        Home(home.folder)


def test_a_damaged_ledger_is_told(tmp_path: Path) -> None:
    (tmp_path / LEDGER).write_bytes(b"no database, but long enough to look like one" * 40)
    with pytest.raises(KgError, match="this file is damaged"):
        Home(tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_what_was_done_before_the_disk_was_full_is_kept(small_disk: Path, tmp_path: Path) -> None:
    done = 0
    with pytest.raises(KgError, match="the disk is full; make room"), Home(small_disk / "out") as full:
        for done in range(1000):
            full.put(Document(f"a{done}", f"Text {done}."), moved(cases(), f"a{done}"), "kg")
    shutil.copytree(small_disk / "out", tmp_path / "larger")
    with Home(tmp_path / "larger") as opened:
        opened.write()
        found = idents(list(opened.statements()))
        assert set(store.digests(opened.graph)) == found
    assert done > 0
    assert {f"a{number}" for number in range(done)} <= found


def test_a_full_ledger_takes_nothing_in(home: Home) -> None:
    before = list(home.statements())
    pages, = home.ledger.sql.execute("PRAGMA page_count").fetchone()
    home.ledger.sql.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(KgError, match="the disk is full"):
        home.put(Document("big", "Text."), moved(cases() * 50, "big"), "kg")
    home.ledger.sql.execute("PRAGMA max_page_count = 1000000")
    assert list(home.statements()) == before
    home.put(Document("small", "Text."), [], "kg")
    assert isinstance(home.ledger.sql, sqlite3.Connection)
