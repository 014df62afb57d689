"""The index: it follows the ledger, finds names and words whatever they are, and chooses what a page shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from kg.copies import told_once
from kg.errors import KgError
from kg.ledger import Ledger
from kg.records import Document, Statement
from kg.serve.index import Index
from kg.serve.indexing import FILE, follow
from tests.analysis.notation import parse
from tests.bench.scale import statements as made
from tests.queries.cases import cases
from tests.view.statements import HOSTILE, carrying


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "articles.sqlite")) as ledger:
        yield ledger


@pytest.fixture
def index(ledger: Ledger, tmp_path: Path) -> Iterator[Callable[..., Index]]:
    opened = []

    def indexed(statements: list[Statement] | None = None) -> Index:
        for _, group in groupby(statements or [], key=lambda statement: statement.document.id):
            told = list(group)
            ledger.put(told[0].document, told, "made 1")
        follow(ledger, tmp_path / FILE)
        opened.append(Index(tmp_path / FILE))
        return opened[-1]

    yield indexed
    for one in opened:
        one.close()


def contents(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """What an index says, whatever the numbers in it."""
    asked = {
        "articles": "SELECT id, story FROM article",
        "actors": "SELECT iri, name, folded, type, weight FROM actor",
        "statements": "SELECT statement.id, article.id, place, iri, related, carried FROM statement "
                      "JOIN article ON article.number = article LEFT JOIN actor ON actor.number = home",
        "roles": "SELECT iri, id FROM role JOIN actor ON actor.number = role.actor "
                 "JOIN statement ON statement.number = statement",
        "ties": "SELECT a.iri, b.iri, count FROM tie JOIN actor a ON a.number = actor JOIN actor b ON b.number = other",
        "pairs": "SELECT min(a.iri, b.iri), max(a.iri, b.iri), id FROM pair JOIN actor a ON a.number = one "
                 "JOIN actor b ON b.number = other JOIN statement ON statement.number = statement",
        "sentences": "SELECT text, id FROM sentence JOIN statement ON statement.number = sentence.rowid",
    }
    with closing(sqlite3.connect(file)) as sql:
        return {name: sorted(sql.execute(query), key=repr) for name, query in asked.items()}


def test_it_holds_who_is_in_which_statement(index: Callable[..., Index], tmp_path: Path) -> None:
    index(list(cases()))
    found = contents(tmp_path / FILE)
    roles = {(actor.id, s.id) for s in cases() for actor in (s.speaker, s.subject, s.object) if actor}
    assert set(found["roles"]) == roles
    assert {(iri, weight) for iri, *_, weight in found["actors"]} == {
        (iri, sum(one == iri for one, _ in roles)) for iri, _ in roles}
    together = {(a, b, s) for a, s in roles for b, t in roles if s == t and a != b}
    assert {(a, b): n for a, b, n in found["ties"] if a != b} == {
        (a, b): sum((a, b) == (c, d) for c, d, _ in together) for a, b, _ in together}
    in_order = sorted(found["statements"], key=lambda row: (row[1], row[2]))
    assert [row[0] for row in in_order] == [s.id for s in sorted(cases(), key=lambda s: s.document.id)]


def test_it_follows_the_ledger_as_if_made_anew(index: Callable[..., Index], ledger: Ledger, tmp_path: Path) -> None:
    """Articles come, go and come in new versions, and copies of one story are told once."""
    story = " ".join(f"word{n}" for n in range(200))
    index(list(made(300)))
    one = Document("first", story, published="2024-01-01")
    other = Document("copy", story, published="2024-01-02")
    told = parse("Ada supports Ben\nCid attacks Ada")
    for document in (other, one):
        ledger.put(document, [replace(s, document=document.reference()).identified() for s in told], "made 1")
        follow(ledger, tmp_path / FILE)
    ledger.remove("made-0000003")
    ledger.put(Document("made-0000005", "another text"), list(made(5, seed=1)), "made 2")
    assert follow(ledger, tmp_path / FILE) == 3  # one is gone, one is gone and has come
    assert follow(ledger, tmp_path / FILE) == 0
    grown = contents(tmp_path / FILE)
    follow(ledger, tmp_path / "anew.sqlite")
    assert grown == contents(tmp_path / "anew.sqlite")
    carried = {row[1]: row[5] for row in grown["statements"] if row[1] in ("first", "copy")}
    assert carried == {"first": '["copy"]'}
    ledger.remove("first")
    follow(ledger, tmp_path / FILE)
    assert [row[5] for row in contents(tmp_path / FILE)["statements"] if row[1] == "copy"] == [None, None]


def test_statements_come_back_as_the_folder_tells_them(index: Callable[..., Index], ledger: Ledger) -> None:
    story = " ".join(f"word{n}" for n in range(200))
    documents = [Document(name, story, published=day) for name, day in (("a", "2024-01-01"), ("b", "2024-01-02"))]
    told = [[replace(s, document=d.reference()).identified() for s in cases()[:5]] for d in documents]
    for document, statements in zip(documents, told, strict=True):
        ledger.put(document, statements, "made 1")
    found = index()
    expected = [s for one in told_once(list(zip(documents, told, strict=True))) for s in one]
    assert found.statements(found.best_known(10, 100), ledger) == expected
    assert all(statement.carried_by == ("b",) for statement in expected)


@pytest.mark.parametrize("content", [b"no database at all", b""])
def test_a_damaged_index_is_made_anew(content: bytes, index: Callable[..., Index], tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert index(list(cases())).total() == len(cases())


def test_an_index_of_another_version_is_made_anew(index: Callable[..., Index], ledger: Ledger, tmp_path: Path) -> None:
    index(list(cases()))
    with closing(sqlite3.connect(tmp_path / FILE)) as sql:
        sql.execute("DROP TABLE pair")
        sql.execute("PRAGMA user_version = 999")
        sql.commit()
    assert follow(ledger, tmp_path / FILE) == 3


def test_an_index_that_cannot_be_written_is_told(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"search\.sqlite: the index for searching cannot be written"):
        follow(ledger, ledger.file / FILE)


def test_names_are_found_whatever_case_and_accents(index: Callable[..., Index]) -> None:
    called = {"Ada": "Recep Tayyip Erdoğan", "Eve": "Erdogan Foundation", "Dan": "Nerdogan"}
    found = index([replace(s, subject=replace(s.subject, name=called.get(s.subject.name, "Ben"))) for s in parse(
        "Ada supports Ben\nEve attacks Ben\nDan attacks Ben\nDan supports Ben\nAda attacks Cid") if s.subject])
    names = [actor.name for actor in found.named("ERDOGAN", 10)]
    assert names == ["Erdogan Foundation", "Recep Tayyip Erdoğan", "Nerdogan"]
    assert [actor.name for actor in found.named(" erdoğan f", 10)] == ["Erdogan Foundation"]
    assert found.named(" ", 10) == found.named("%", 10) == found.named("_", 10) == []


@pytest.mark.parametrize("words", [
    '"', "'", "*", "-", "text:", "NEAR(", "a AND", "OR", "NOT x", "^a", "{", "}", "(", ")", "a + b", "%", "_", "\\",
    ";", "\x00", "a\x00b", "  ", "𝕬", "\u202e", *HOSTILE,
])
def test_what_is_typed_is_words_and_never_syntax(words: str, index: Callable[..., Index]) -> None:
    found = index(list(cases()))
    found.named(words, 5)
    assert all(isinstance(hit.text, str) for hit in found.saying(words, 5))


def is_text(words: str) -> bool:
    return words == words.encode(errors="replace").decode()


def test_hostile_names_and_sentences_are_found_by_their_own_words(index: Callable[..., Index]) -> None:
    # What the ledger takes: a half of a letter is told by the reader.
    kept = [words for words in HOSTILE if "\x00" not in words and words.strip() and is_text(words)]
    found = index([s for number, words in enumerate(kept) for s in carrying(words, number)])
    for number, words in enumerate(kept):
        iris = {s.subject.id for s in carrying(words, number) if s.subject}
        assert iris <= {actor.iri for actor in found.named(words, 1000)}, words
        if any(sign.isalnum() for sign in words):
            assert f"Ada said: {words} of Ben." in [hit.text for hit in found.saying(words, 1000)], words


def test_sentences_have_all_the_words_the_last_perhaps_unfinished(index: Callable[..., Index]) -> None:
    found = index(list(cases()))
    (hit,) = found.saying("PRESIDENT ostría bac", 10)
    assert hit.text == "Ostria backs the president."
    assert hit.related
    assert found.saying("president nowhere", 10) == []


def test_a_page_of_the_best_known_has_each_of_them(index: Callable[..., Index], ledger: Ledger) -> None:
    statements = list(made(2000))
    found = index(statements)
    numbers = found.best_known(40, 300)
    assert len(numbers) == len(set(numbers)) == 300
    chosen = found.statements(numbers, ledger)
    known = [actor.iri for actor in found._actors("ORDER BY weight DESC, number LIMIT 40")]
    inside = {actor.id for s in chosen for actor in (s.speaker, s.subject, s.object) if actor}
    assert set(known) <= inside
    assert found.best_known(40, 5000) == sorted(found.best_known(40, 5000))
    assert len(found.best_known(40, 5000)) == 2000


def test_a_page_of_an_actor_has_all_its_statements_then_those_among_its_neighbours(
    index: Callable[..., Index], ledger: Ledger
) -> None:
    statements = parse("Ada supports Ben\nBen attacks Cid\nCid: Ada attacks Dan\nDan supports Eve\nEve attacks Fay\n"
                       "Cid supports Dan")
    found = index(statements)
    ada = next(actor for actor in found.named("Ada", 1))
    shown = found.statements(found.around(ada, 100, 100, 100), ledger)
    told = {s.id for s in shown}
    assert told == {statements[number].id for number in (0, 1, 2, 5)}
    few = found.statements(found.around(ada, 100, 1, 2, keep=statements[4].id), ledger)
    assert len(few) == 2
    assert statements[4].id in {s.id for s in few}


def test_a_page_of_two_has_the_statements_that_both_are_in(index: Callable[..., Index], ledger: Ledger) -> None:
    statements = parse("Ada supports Ben\nBen attacks Ada\nAda: Ben attacks Cid\nAda supports Cid")
    found = index(statements)
    ada, ben = (next(iter(found.named(name, 1))) for name in ("Ada", "Ben"))
    for pair in ((ada, ben), (ben, ada)):
        assert {s.id for s in found.statements(found.between(*pair, 10), ledger)} == {s.id for s in statements[:3]}
