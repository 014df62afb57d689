"""The page without a mouse or without sight: axe-core finds no serious fault, and the keyboard leads everywhere."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from kg.records import Statement
from kg.view import pages
from kg.view.page import save
from playwright.sync_api import Page, expect
from tests.analysis.notation import ident
from tests.browser import DESKTOP, PHONE, Visit, faults, file_address
from tests.queries.cases import cases
from tests.view.statements import HOSTILE, carrying
from tests.view.test_article import ARTICLE, found
from tests.view.test_pair import story

pytestmark = pytest.mark.slow

Open = Callable[..., Page]

#: What is looked at, by the address that leads there.
VIEWS = {
    "nothing selected": "",
    "an actor": "#actor={actor}",
    "an edge": "#statement={statement}",
    "an actor and what lies near": "#actor={actor}&near=1+{actor}",
    "countries": "#level=country",
    "filters": "#polarities=1&confidence=0.5&speaker=own",
    "nothing passes": "#polarities=1+0+-1",
    "the table": "#view=table",
    "the table and an edge": "#view=table&statement={statement}",
    "a pair": "#view=pair&pair={actor}&pair={object}",
    "a pair and an edge": "#view=pair&pair={actor}&pair={object}&statement={statement}",
    "an article": "#view=article&article={article}",
    "an article and an edge": "#view=article&article={article}&statement={statement}",
}
HEADINGS = """[...document.querySelectorAll('h1, h2, h3, h4')].filter((heading) => heading.checkVisibility())
  .map((heading) => Number(heading.tagName[1]))"""


def chosen() -> Statement:
    return next(s for s in cases() if s.id == "a2")


def address(view: str) -> str:
    statement = chosen()
    assert statement.subject
    assert statement.object
    return VIEWS[view].format(actor=statement.subject.id, object=statement.object.id, statement=statement.id,
                              article=statement.document.id)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_serious_fault(open_page: Open, view: str, scheme: str, size: dict[str, int]) -> None:
    page = open_page(fragment=address(view), viewport=size, color_scheme=scheme)
    assert page.locator("#sheet").is_hidden() == ("view=" not in VIEWS[view])
    if view == "filters" and page.locator("#filters").is_hidden():
        page.locator("#filter-toggle").click()
    assert faults(page) == []


@pytest.mark.parametrize(("harm", "fault"), [
    ("document.querySelector('#theme').removeAttribute('aria-label')", "button-name"),
    ("document.querySelector('#panel h2').style.color = '#cccccc'", "color-contrast"),
    ("document.querySelector('#views').setAttribute('role', 'list')", "aria-required-children"),
])
def test_axe_finds_a_fault_that_is_there(open_page: Open, harm: str, fault: str) -> None:
    page = open_page()
    page.evaluate(harm)
    assert {found.split(":")[0] for found in faults(page)} == {fault}


def test_axe_finds_no_serious_fault_with_hostile_words(open_page: Open) -> None:
    assert faults(open_page([s for number, words in enumerate(HOSTILE[::25]) for s in carrying(words, number)])) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("sheet", ["pair", "article"])
def test_axe_finds_no_serious_fault_where_a_statement_is_picked(
    visit: Visit, tmp_path: Path, sheet: str, scheme: str, size: dict[str, int]
) -> None:
    html = pages.pair(story(), [ident("Ada")], [ident("Ben")]) if sheet == "pair" else pages.article(ARTICLE, found())
    page = visit(file_address(save(html, tmp_path / "sheet.html", "page")), color_scheme=scheme, viewport=size)
    page.locator(".mark:not(.flag)" if sheet == "pair" else ".note").first.click()
    assert faults(page) == []


@pytest.mark.parametrize("view", VIEWS)
def test_headings_are_in_order(open_page: Open, view: str) -> None:
    levels = open_page(fragment=address(view)).evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("view", ["nothing selected", "an edge", "the table", "a pair", "an article and an edge"])
def test_each_stop_of_the_keyboard_is_seen(open_page: Open, view: str) -> None:
    page = open_page(fragment=address(view))
    stops = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        stop, seen = page.evaluate("""() => {
          const stop = document.activeElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(stop);
          const outlined = outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2;
          const stroked = stop.matches('.mark') && getComputedStyle(stop).strokeWidth === '3px';
          return [stop.outerHTML.slice(0, 200), stop.checkVisibility({ visibilityProperty: true })
            && (outlined || stroked || stop.matches('body, .brush input'))];
        }""")
        assert seen, stop
        stops.add(stop)
    assert len(stops) > 20


def test_the_handle_that_the_keyboard_moves_is_seen(open_page: Open) -> None:
    page = open_page()
    time = page.locator("#time")
    seen = [time.screenshot()]
    page.locator("[data-zoom=fit]").focus()
    for _ in range(2):
        page.keyboard.press("Tab")
        seen.append(time.screenshot())
    assert len(set(seen)) == 3


def test_the_graph_is_moved_by_arrows(open_page: Open) -> None:
    page = open_page()
    graph = page.get_by_role("application")
    graph.focus()
    for key, what in (("ArrowLeft", "getViewPosition().x"), ("ArrowUp", "getViewPosition().y"), ("-", "getScale()")):
        before = page.evaluate(f"kg.network.{what}")
        page.keyboard.press(key, delay=100)
        assert page.evaluate(f"kg.network.{what}") < before
    page.get_by_role("button", name="Countries").focus()
    before = page.evaluate("kg.network.getViewPosition().x")
    page.keyboard.press("ArrowLeft", delay=100)
    assert page.evaluate("kg.network.getViewPosition().x") == before


def test_focus_follows_what_is_opened_and_closed(open_page: Open) -> None:
    page = open_page()
    panel = page.locator("#panel")
    panel.locator(".rank", has_text="Rufus Firefly").first.press("Enter")
    expect(panel).to_be_focused()
    page.get_by_role("button", name="Two steps").press("Enter")
    expect(page.get_by_role("button", name="Two steps")).to_be_focused()
    panel.locator(".line").first.press("Enter")
    expect(panel).to_be_focused()
    page.get_by_role("button", name="Close").press("Enter")
    expect(panel).to_be_focused()
    expect(panel.locator("h2")).to_have_text("Who says what about whom")


def test_a_list_that_grows_goes_on_where_it_was(open_page: Open) -> None:
    page = open_page([s for number in range(20) for s in carrying(f"Actor {number}", number)])
    lists = page.locator("#panel section")
    lists.first.get_by_role("button", name="more").press("Enter")
    expect(lists.first.locator(".rank").nth(12)).to_be_focused()


@pytest.mark.parametrize(("opener", "sheet"), [
    ("#views [data-view=table]", "statements"), ("#panel .heading .way", "Rufus Firefly and Government of Sylvania"),
    ("#panel .card .way", "Firefly speaks of a crime")])
def test_focus_goes_to_a_sheet_and_back(open_page: Open, opener: str, sheet: str) -> None:
    page = open_page(fragment=address("an edge"))
    page.locator(opener).first.press("Enter")
    expect(page.get_by_role("region", name=sheet)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator(opener).first).to_be_focused()


def test_focus_goes_to_the_panel_from_a_sheet_that_nothing_opened(open_page: Open) -> None:
    page = open_page(fragment=address("an article"))
    page.get_by_role("button", name="Back to the graph").press("Enter")
    expect(page.locator("#panel")).to_be_focused()


def test_focus_stays_in_the_filters(open_page: Open) -> None:
    page = open_page(viewport=PHONE)
    toggle = page.locator("#filter-toggle")
    toggle.press("Enter")
    speaker = page.get_by_label("Speaker", exact=True)
    speaker.focus()
    speaker.select_option(index=1)
    expect(speaker).to_be_focused()
    page.get_by_role("button", name="Remove").press("Enter")
    expect(speaker).to_be_focused()
    everything = page.get_by_role("button", name="Show everything")
    everything.press("Enter")
    expect(everything).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#filters")).to_be_hidden()
    expect(toggle).to_be_focused()


def test_the_menu_closes_and_gives_the_focus_back(open_page: Open) -> None:
    page = open_page()
    summary, menu = page.locator("#save summary"), page.locator("#save")
    summary.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_one_skips_to_the_panel_and_keeps_the_address(open_page: Open) -> None:
    page = open_page(fragment=address("an actor"))
    before = page.evaluate("location.hash")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_focused()
    assert page.evaluate("location.hash") == before


def test_what_a_sheet_covers_is_out_of_reach(open_page: Open) -> None:
    page = open_page(fragment=address("the table"))
    expect(page.get_by_role("region", name="statements")).to_be_visible()
    for hidden in ("#levels", "#zoom", "#legend", "#graph"):
        expect(page.locator(hidden)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#zoom")).to_be_visible()


def test_the_panel_is_told_in_a_sentence_and_once(open_page: Open) -> None:
    page = open_page()
    page.evaluate("""() => {
      window.told = [];
      new MutationObserver(() => told.push(document.getElementById('told').textContent))
        .observe(document.getElementById('told'), { childList: true, characterData: true, subtree: true });
    }""")
    page.wait_for_timeout(700)
    assert page.evaluate("told") == []
    page.get_by_label("Least confidence").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(900)
    assert len(page.evaluate("told")) == 1
    page.evaluate("kg.select({ actor: kg.graph.nodes[0].id })")
    page.wait_for_timeout(900)
    name = page.locator("#panel h2").inner_text()
    said = page.evaluate("told[1]")
    assert said.startswith(f"{name}. ")
    assert len(said) < len(name) + 40
    assert page.locator("[aria-live], [role=status], [role=alert]").count() == 1


def test_nothing_moves_for_who_wants_no_motion(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    before = page.evaluate("kg.network.getScale()")
    assert page.evaluate("""() => {
      document.querySelector('[data-zoom=in]').click();
      return kg.network.getScale();
    }""") > 1.3 * before


@pytest.mark.parametrize("view", ["an edge", "the table", "a pair", "an article"])
def test_all_can_be_read_when_enlarged_four_times(open_page: Open, view: str) -> None:
    page = open_page(fragment=address(view), viewport={"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    last = page.locator("#sheet" if "view=" in VIEWS[view] else "#panel .card").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    box = last.bounding_box()
    assert box
    assert box["height"] > 250


@pytest.mark.parametrize(("scheme", "theme"), [("light", "dark"), ("dark", "light")])
def test_forced_colours_leave_the_signs(open_page: Open, scheme: str, theme: str) -> None:
    page = open_page(fragment=f"{address('an edge')}&theme={theme}", forced_colors="active", color_scheme=scheme)
    pressed, other = (colour(page, f"#levels [aria-pressed={is_it}]", "backgroundColor") for is_it in ("true", "false"))
    assert pressed != other
    good, bad = (colour(page, f"#legend .stroke[data-polarity='{sign}']", "borderTopColor") for sign in (1, -1))
    assert good != bad
    content, panel = (colour(page, selector, "backgroundColor") for selector in ("#panel mark.content", "#panel"))
    assert content != panel
    assert page.locator("#theme").is_hidden()
    assert page.locator("html").get_attribute("data-theme") is None
    assert faults(page) == []


def colour(page: Page, selector: str, name: str) -> str:
    return str(page.locator(selector).first.evaluate(f"(element) => getComputedStyle(element).{name}"))
