"""The page in Chromium: every function clicked, nothing fetched, nothing logged, hostile words shown and never run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from kg import ontology
from kg.records import Statement
from kg.view.notebook import StatementGraph
from playwright.sync_api import Page, expect
from tests.browser import PHONE, Visit, file_address
from tests.queries.cases import cases
from tests.view.drawn import click_at, edge_at, edges_drawn, node_at
from tests.view.statements import HOSTILE, HOSTILE_KINDS, carrying, visible

pytestmark = pytest.mark.slow

Open = Callable[..., Page]
OVERVIEW = "Who says what about whom"


def test_it_opens_without_a_request_or_a_complaint(open_page: Open) -> None:
    page = open_page()
    expect(page.get_by_role("heading", level=1)).to_have_text("Freedonia")
    expect(page.locator("#panel")).to_contain_text(f"{len(cases())} statements in 3 articles")
    for number in range(6):
        page.evaluate("(number) => { const all = document.querySelectorAll('#panel button'); "
                      "all[number % all.length].click(); }", number)


def test_a_request_is_forbidden(open_page: Open, visit: Visit) -> None:
    page = open_page()
    blocked = page.evaluate("""() => new Promise((done) => {
      document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective));
      fetch('https://example.org/').catch(() => null);
    })""")
    assert blocked == "connect-src"
    assert "Content Security Policy" in visit.complaints.pop(0)
    visit.complaints.clear()


def test_a_click_on_a_drawn_edge_shows_the_words_behind_it(open_page: Open) -> None:
    page = open_page()
    click_at(page, edge_at(page, statement("a2").id))
    panel = page.locator("#panel")
    for words in ("Rufus Firefly criticizes Government of Sylvania", "This is a crime of the government of Sylvania,",
                  "direct speech", "Sylvania News Agency", "Daily Lute, 5 Mar 2024", "0.90",
                  "a rule and the learned model"):
        expect(panel).to_contain_text(words)
    expect(panel.locator("blockquote mark.content").first).to_have_text(re.compile("^This is a crime"))
    expect(panel.locator("blockquote mark.source").first).to_have_text(re.compile("^President"))
    expect(panel.locator("dl a").first).to_have_attribute("href", "https://lute.example/firefly")
    assert page.evaluate("location.hash") == f"#statement={statement('a2').id}"


def test_a_click_on_a_drawn_node_shows_its_profile(open_page: Open) -> None:
    page = open_page()
    click_at(page, node_at(page, "Ostria"))
    title = page.locator("#panel h2")
    expect(title).to_have_text("Ostria")
    expect(page.get_by_role("link", name="Wikidata")).to_have_attribute("href", "https://www.wikidata.org/wiki/Q900003")
    click_at(page, {"x": 5, "y": 5})
    expect(title).to_have_text(OVERVIEW)


def test_an_actor_has_a_profile_with_all_that_it_says(open_page: Open) -> None:
    page = open_page()
    panel = page.locator("#panel")
    panel.locator(".rank", has_text="Rufus Firefly").first.click()
    expect(panel).to_contain_text("“And,” he added, “we shall not forget it.”")
    assert {"And,", "we shall not forget it."} <= set(panel.locator("blockquote mark.content").all_inner_texts())
    expect(panel).to_contain_text("not: attacks")
    panel.locator(".line", has_text="Ostria supports").first.click()
    expect(panel).to_contain_text("Ostria backs the president.")


def test_search_finds_actors_and_words_by_keyboard(open_page: Open) -> None:
    page = open_page()
    title, hits = page.locator("#panel h2"), page.locator("#hits")
    page.keyboard.press("/")
    page.keyboard.type("trentíno")
    expect(hits.get_by_role("option").first.locator(".what")).to_have_text("Louis Trentino")
    page.keyboard.press("Enter")
    expect(title).to_have_text("Louis Trentino")
    expect(page.locator("#panel")).to_contain_text("too early")
    page.keyboard.press("/")
    page.keyboard.type("backs the")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(title).to_contain_text("Ostria supports Rufus Firefly")
    page.keyboard.press("Escape")
    expect(title).to_have_text(OVERVIEW)
    page.keyboard.press("/")
    page.keyboard.type("no such words")
    expect(hits).to_contain_text("No actor or sentence")


def test_everything_is_reached_by_tab(open_page: Open) -> None:
    page = open_page()
    reached = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.closest('[id]')?.id || document.activeElement.tagName"))
    assert {"query", "filter-toggle", "theme", "filters", "confidence", "legend", "zoom", "panel"} <= reached


def test_filters_hide_what_does_not_pass(open_page: Open) -> None:
    page = open_page()
    everything = edges_drawn(page)
    labels = page.locator("#filters label")
    labels.filter(has_text="against").click()
    assert edges_drawn(page) < everything
    expect(page.locator("#filter-count")).to_have_text("1")
    expect(page.locator("#panel")).not_to_contain_text("Sylvania attacks Freedonia")
    for name in ("for", "neither"):
        labels.filter(has=page.get_by_text(name, exact=True)).click()
    assert edges_drawn(page) == 0
    expect(page.locator("#nothing")).to_contain_text("No statement passes")
    page.get_by_role("button", name="Show everything").click()
    assert edges_drawn(page) == everything
    page.get_by_label("Least confidence").fill("0.9")
    sure = sum(s.confidence >= 0.9 for s in cases())
    expect(page.locator("#panel")).to_contain_text(f"{sure} statements")


def test_a_view_can_be_sent_as_an_address(open_page: Open) -> None:
    page = open_page(fragment=f"#statement={statement('a1').id}&polarities=1&theme=dark")
    expect(page.locator("#panel")).to_contain_text("Sylvania attacks Freedonia")
    expect(page.locator("#filter-count")).to_have_text("1")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("fragment", ["#actor=nobody", "#statement=x&confidence=NaN", "#__proto__", "#%", "#theme=<b>"])
def test_a_broken_address_shows_the_overview(open_page: Open, fragment: str) -> None:
    expect(open_page(fragment=fragment).locator("#panel")).to_contain_text(OVERVIEW)


def test_it_fits_a_phone(open_page: Open) -> None:
    page = open_page(viewport=PHONE, is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    panel, filters = page.locator("#panel"), page.locator("#filters")
    panel.locator(".rank", has_text="Ostria").first.tap()
    expect(panel.locator("h2")).to_have_text("Ostria")
    box = panel.bounding_box()
    assert box
    assert box["height"] > 300
    expect(filters).to_be_hidden()
    page.locator("#filter-toggle").tap()
    expect(filters).to_be_visible()


# What the panel shows of one statement; as JSON, which unlike the way back from the page keeps lone surrogates.
SHOWN = """(number) => {
  kg.select({ edge: kg.graph.edgeOf.get(number).id });
  const panel = document.getElementById('panel');
  const texts = (selector) => [...panel.querySelectorAll(selector)].map((element) => element.textContent);
  return JSON.stringify({ names: texts('h2 bdi'), quote: texts('blockquote')[0],
    facts: Object.fromEntries([...panel.querySelectorAll('dt')].map((term) => [term, term.nextSibling])
      .map((pair) => pair.map((element) => element.textContent))),
    links: [...document.querySelectorAll('a:not(.skip)')].map((link) => link.href) });
}"""
SEARCHED = """(number) => {
  const query = document.getElementById('query');
  query.value = kg.data.actors[kg.data.statements[number].speaker].name;
  query.dispatchEvent(new Event('input'));
  return document.querySelectorAll('#hits .what:not(:empty)').length;
}"""
FOREIGN = ("img, script:not(body > script), iframe, object, embed, base, math, style:not(head > style), #panel form, "
           "foreignObject")
BATCH = 50


@pytest.mark.parametrize("start", range(0, len(HOSTILE), BATCH))
def test_hostile_words_are_shown_and_never_run(open_page: Open, start: int) -> None:
    batch = HOSTILE[start:start + BATCH]
    page = open_page([s for number, words in enumerate(batch) for s in carrying(words, number)], title=HOSTILE[1])
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE[1])
    assert page.title() == HOSTILE[1]
    for number, words in enumerate(batch):
        shown, seen = json.loads(page.evaluate(SHOWN, 2 * number + 1)), visible(words)
        ident = f"{ontology.ENTITY}a{number}{words}"
        assert shown["names"] == [seen or visible(ident), f"Ben {seen}"]
        assert shown["quote"] == f"Ada said: {seen} of Ben."
        assert shown["facts"].get("About", "") == seen
        assert shown["facts"]["Source"].count(seen) >= 1
        assert all(link.startswith(("http://", "https://", "blob:")) for link in shown["links"])
        if words.strip() and not set(words) & set("\r\n"):  # which a field of one line drops
            assert page.evaluate(SEARCHED, 2 * number)
    page.get_by_role("button", name="Table").click()
    table = json.loads(page.evaluate("JSON.stringify(document.getElementById('sheet').textContent)"))
    assert [words for words in batch if visible(words) not in table] == []
    assert page.evaluate("window.hit === undefined")
    assert page.locator(FOREIGN).count() == 0


def test_the_hostile_words_are_many_and_of_many_kinds() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 200
    assert len(HOSTILE_KINDS) >= 20


def test_direction_controls_are_named_not_obeyed(open_page: Open) -> None:
    expect(open_page(carrying("\u202eevil\u202c")).locator("#panel")).to_contain_text("[U+202E]evil[U+202C]")


def test_the_page_works_inside_a_notebook(visit: Visit, tmp_path: Path) -> None:
    notebook = tmp_path / "cell.html"
    cell = StatementGraph(cases())._repr_html_()
    notebook.write_text(f'<!doctype html><html data-ready="yes"><meta charset="utf-8">{cell}', encoding="utf-8")
    inside = visit(file_address(notebook)).frame_locator("iframe")
    inside.locator("#panel .rank", has_text="Ostria").first.click()
    expect(inside.locator("#panel h2")).to_have_text("Ostria")
    assert inside.locator("html").evaluate("() => self.origin") == "null"


def test_a_thousand_actors_open_and_answer_soon(open_page: Open) -> None:
    base = statement("a2")
    assert base.subject
    actors = [replace(base.subject, id=f"{base.subject.id}{n}", name=f"Actor {n}") for n in range(1200)]
    many = [replace(base, id=f"s{n}", speaker=None, subject=actors[n * 7 % 1200], object=actors[n * n % 1200])
            for n in range(3600)]
    page = open_page(many)
    took = page.evaluate("() => { const began = performance.now(); kg.select({ actor: 5 }); "
                         "return performance.now() - began; }")
    assert took < 2000
    later = page.evaluate("kg.graph.nodes.findLast((node) => node.later).id")
    name = page.evaluate("(node) => kg.data.actors[node].name", later)
    hidden = "(node) => kg.network.body.data.nodes.get(node)?.hidden ?? true"
    assert page.evaluate(hidden, later)
    page.locator("#query").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text(name)
    assert not page.evaluate(hidden, later)


def statement(ident: str) -> Statement:
    return next(s for s in cases() if s.id == ident)
