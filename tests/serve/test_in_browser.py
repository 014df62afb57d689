"""The served pages in Chromium: search reaches what a page does not hold, nobody but the server is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from kg import ontology
from kg.ledger import FILE as LEDGER
from kg.ledger import Ledger
from kg.records import Entity, Statement
from kg.serve.pages import ACTORS, MOST
from tests.bench.scale import statements as made
from tests.browser import Visit, chromium, visit
from tests.queries.cases import cases
from tests.serve.serving import folder_of, serving
from tests.view.statements import HOSTILE, carrying

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
__all__ = ["chromium", "visit"]
RARE = "Zbigniew Óżański"
#: Hostile words that a folder takes: the reader refuses halves of letters.
TEXTS = [(number, words) for number, words in enumerate(HOSTILE) if words == words.encode(errors="replace").decode()]


def rare() -> Statement:
    """A statement between two actors that are in no other."""
    first = next(s for s in made(30, seed=7) if s.subject and s.object and s.evidence and not s.speaker)
    ada, ben = (replace(first.subject, id=f"{ontology.ENTITY}{name.replace(' ', '_')}", name=name)
                for name in (RARE, "Rarely Named") if first.subject)
    evidence = replace(first.evidence, text="Quokkas were never mentioned again.") if first.evidence else None
    document = replace(first.document, id="rare", url="https://example.org/rare")
    return replace(first, document=document, subject=ada, object=ben, evidence=evidence).identified()


def populous(size: int) -> Iterator[Statement]:
    """Made statements among four times as many actors: articles by turns have other namesakes."""
    for statement in made(size):
        turn = "ABCD"[int(statement.document.id[-7:]) % 4]

        def namesake(actor: Entity | None, turn: str = turn) -> Entity | None:
            return replace(actor, id=f"{actor.id}_{turn}", name=f"{actor.name} {turn}") if actor else None

        yield replace(statement, speaker=namesake(statement.speaker), subject=namesake(statement.subject),
                      object=namesake(statement.object)).identified()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of 20,000 statements, and one between actors that are in no other."""
    with serving(folder_of([rare(), *populous(20_000)], tmp_path_factory.mktemp("large") / "out")) as address:
        yield address


def hits(page: Page, words: str) -> list[str]:
    """Search, and wait until the server has answered."""
    page.locator("#query").fill(words)
    page.locator("#hits li").first.wait_for()
    page.locator("#hits .none", has_text="Searching").wait_for(state="detached")
    return page.locator("#hits li").all_inner_texts()


def test_a_name_that_the_page_does_not_hold_is_one_search_away(large: str, visit: Visit) -> None:
    page = visit(large, allow=large)
    assert page.evaluate("kg.data.statements.length") == MOST
    assert page.evaluate("kg.graph.nodes.filter(node => !node.later).length") <= ACTORS
    assert not page.evaluate("name => kg.data.actors.some(actor => actor.name === name)", RARE)
    assert "Search reaches the others." in page.locator("#part").inner_text()
    (hit,) = hits(page, "ozansk")
    assert RARE in hit
    assert "elsewhere · 1" in hit
    page.keyboard.press("Enter")
    page.wait_for_url("**actor=**")
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    assert page.locator("#panel h2").inner_text() == RARE
    assert "Quokkas were never mentioned again." in page.locator("#panel").inner_text() or page.locator(
        "#panel .line").count() == 1


def test_a_sentence_that_the_page_does_not_hold_is_one_search_away(large: str, visit: Visit) -> None:
    page = visit(large, allow=large)
    (hit,) = hits(page, "quokkas NEVER")
    assert "Quokkas were never mentioned again." in hit
    page.locator("#hits .far").click()
    page.wait_for_url("**statement=**")
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    assert "Quokkas were never mentioned again." in page.locator("#panel").inner_text()


def test_what_is_on_the_page_comes_first_and_is_offered_once(large: str, visit: Visit) -> None:
    page = visit(large, allow=large)
    name = page.evaluate("kg.data.actors[0].name")
    offered = hits(page, name[:3])
    assert len(offered) == len(set(offered))
    marks = page.evaluate("[...document.querySelectorAll('#hits li')].map(item => item.classList.contains('far'))")
    assert marks == sorted(marks)
    assert hits(page, "no such words anywhere") == ["No actor or sentence has these words."]


def test_an_actor_leads_to_all_around_it_and_an_edge_to_all_of_both(large: str, visit: Visit) -> None:
    page = visit(large, allow=large)
    page.locator("#panel .rank").first.click()
    name = page.locator("#panel h2").inner_text()
    page.locator("#panel .elsewhere a").click()
    page.wait_for_url("**/?actor=**")
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    assert page.locator("h1").inner_text() == page.locator("#panel h2").inner_text() == name
    page.locator("#panel .line").first.click()
    page.locator("#panel .elsewhere a").click()
    page.wait_for_url("**/pair?**")
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    assert name in page.locator("#sheet h2").inner_text()
    assert page.locator("#sheet article.card").count()
    page.locator(".actions a", has_text="Overview").click()
    page.wait_for_url(f"{large}/")


def test_a_server_that_is_gone_is_told(tmp_path: Path, visit: Visit) -> None:
    with serving(folder_of(cases(), tmp_path / "out")) as address:
        page = visit(address, allow=address)
    offered = hits(page, "trentino")
    assert "Louis Trentino" in offered[0]
    assert offered[-1] == "The server does not answer: only this page is searched."
    assert all("ERR_CONNECTION_REFUSED" in complaint for complaint in visit.complaints)
    visit.complaints.clear()


def test_hostile_words_are_shown_and_never_run(tmp_path: Path, visit: Visit) -> None:
    out = folder_of(cases(), tmp_path / "out")
    with closing(Ledger(out / LEDGER)) as ledger:
        for number, words in TEXTS:
            told = carrying(words, number)
            ledger.put(replace(told[0].document, url=None), told, "made 1")
    with serving(out) as address:
        page = visit(address, allow=address)
        for _, words in TEXTS[::12]:
            hits(page, words)
            assert page.evaluate("window.hit") is None
        for number, words in TEXTS[::40]:
            ident = carrying(words, number)[0].document.id
            page.goto(f"{address}/article?id={quote(ident, safe='')}")
            page.locator("html[data-ready=yes]").wait_for(state="attached")
            assert page.evaluate("kg.data.statements.length") == 2
            assert page.evaluate("window.hit") is None


def test_the_query_page_asks_and_shows(large: str, visit: Visit) -> None:
    page = visit(f"{large}/query", allow=large)
    page.locator("#run").click()
    page.locator("#answer tbody tr").first.wait_for()
    assert "50 rows" in page.locator("#told").inner_text()
    page.locator("#named").select_option("who-supports")
    assert "kg:supports" in page.locator("#text").input_value()
    page.locator("#text").fill("SELECT ?a WHERE { ?a kg:supports ?b } LIMIT 3")
    page.keyboard.press("Control+Enter")
    page.locator("#told", has_text="3 rows").wait_for()
    with page.expect_download() as saved:
        page.locator("#csv").click()
    assert Path(saved.value.path()).read_text(encoding="utf-8").splitlines()[0] == "a"
    page.locator("#answer a").first.click()
    page.wait_for_url("**/?actor=**")
    page.locator("html[data-ready=yes]").wait_for(state="attached")
    page.go_back()
    page.locator("#text").fill("SELECT ?a WHERE {")
    page.locator("#run").click()
    page.locator("#told.wrong", has_text="line 1").wait_for()
    assert all("400" in complaint for complaint in visit.complaints)
    visit.complaints.clear()
