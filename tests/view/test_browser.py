"""The page in Chromium: every function clicked, nothing fetched, nothing logged, hostile words shown and never run."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kg.records import Statement
from kg.view.notebook import StatementGraph
from kg.view.page import write_page
from tests.queries.cases import cases
from tests.view.statements import HOSTILE, carrying

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
ActionChains, Keys = webdriver.ActionChains, webdriver.Keys
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="needs Chromium (Debian: chromium chromium-driver)"),
]
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1400,900")

POINT_OF_EDGE = """
  const edge = kg.data.edges.find((edge) => !edge.voice && kg.data.statements[edge.statements[0]].id === arguments[0]);
  return kg.network.canvasToDOM(kg.network.body.edges[edge.id].edgeType.getPoint(0.5));
"""
POINT_OF_NODE = """
  const node = kg.data.nodes.find((node) => kg.data.actors[node.id].name === arguments[0]);
  return kg.network.canvasToDOM(kg.network.getPosition(node.id));
"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    driver.set_page_load_timeout(60)
    yield driver
    driver.quit()


class Tab:
    """A page that is open, and what can be done with it."""

    def __init__(self, driver: Any, address: str) -> None:
        self.driver = driver
        driver.get("about:blank")
        driver.get_log("browser")
        driver.get_log("performance")
        driver.get(address)
        assert self.js("return document.documentElement.dataset.ready") == "yes"

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def one(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def all(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements("css selector", selector))

    def keys(self, *keys: str) -> None:
        actions = ActionChains(self.driver)
        for key in keys:
            actions.send_keys(key)
        actions.perform()

    def click_at(self, point: dict[str, float]) -> None:
        """Click in the graph, at a point counted from its upper left corner."""
        graph = self.one("#graph")
        left, top = point["x"] - graph.size["width"] / 2, point["y"] - graph.size["height"] / 2
        mouse = ActionChains(self.driver).move_to_element_with_offset(graph, round(left), round(top))
        mouse.pause(0.1).click().perform()
        self.driver.execute_async_script("setTimeout(arguments[0], 450)")  # a click counts when no second one follows

    def panel(self) -> str:
        return str(self.one("#panel").text)

    def click(self, selector: str, text: str = "") -> None:
        next(element for element in self.all(selector) if text in element.text).click()

    def requests(self) -> list[str]:
        events = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        sent = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
        return [address for address in sent if not address.startswith(("data:", "about:", "chrome:"))]

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Callable[..., Tab]:
    def opened(statements: Any = None, fragment: str = "", title: str = "Freedonia") -> Tab:
        page = write_page(cases() if statements is None else statements, tmp_path / "graph.html", title)
        return Tab(chromium, page.as_uri() + fragment)

    return opened


def test_it_opens_without_a_request_or_a_complaint(open_page: Callable[..., Tab]) -> None:
    tab = open_page()
    assert tab.one("h1").text == "Freedonia"
    assert f"{len(cases())} statements in 3 articles" in tab.panel()
    for number in range(6):
        tab.js("const all = document.querySelectorAll('#panel button'); all[arguments[0] % all.length].click()", number)
    (only,) = tab.requests()
    assert only.startswith("file:")
    assert tab.complaints() == []


def test_a_request_is_forbidden(open_page: Callable[..., Tab]) -> None:
    tab = open_page()
    blocked = tab.driver.execute_async_script("""
      const done = arguments[0];
      document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective));
      fetch('https://example.org/').catch(() => null);
    """)
    assert blocked == "connect-src"


def test_a_click_on_a_drawn_edge_shows_the_words_behind_it(open_page: Callable[..., Tab]) -> None:
    tab = open_page()
    tab.click_at(tab.js(POINT_OF_EDGE, statement("a2").id))
    shown = tab.panel()
    for words in ("Rufus Firefly criticizes Government of Sylvania", "This is a crime of the government of Sylvania,",
                  "direct speech", "Sylvania News Agency", "Daily Lute, 5 Mar 2024", "0.90",
                  "a rule and the learned model"):
        assert words in shown
    assert tab.one("#panel mark.content").text.startswith("This is a crime")
    assert tab.one("#panel mark.source").text.startswith("President")
    assert tab.one("#panel dl a").get_attribute("href") == "https://lute.example/firefly"
    assert tab.js("return location.hash") == f"#statement={statement('a2').id}"


def test_a_click_on_a_drawn_node_shows_its_profile(open_page: Callable[..., Tab]) -> None:
    tab = open_page()
    tab.click_at(tab.js(POINT_OF_NODE, "Ostria"))
    assert tab.one("#panel h2").text == "Ostria"
    assert tab.one("#panel .heading a").get_attribute("href") == "https://www.wikidata.org/wiki/Q900003"
    tab.click_at({"x": 5, "y": 5})
    assert tab.one("#panel h2").text == "Who says what about whom"


def test_an_actor_has_a_profile_with_all_that_it_says(open_page: Callable[..., Tab]) -> None:
    tab = open_page()
    tab.click("#panel .rank", "Rufus Firefly")
    shown = tab.panel()
    assert "“And,” he added, “we shall not forget it.”" in shown
    assert {"And,", "we shall not forget it."} <= {mark.text for mark in tab.all("#panel mark.content")}
    assert "not: attacks" in shown
    tab.click("#panel .line", "Ostria supports")
    assert "Ostria backs the president." in tab.panel()


def test_search_finds_actors_and_words_by_keyboard(open_page: Callable[..., Tab]) -> None:
    tab = open_page()
    tab.keys("/")
    tab.keys("trentíno")
    assert tab.one("#hits li .what").text == "Louis Trentino"
    tab.keys(Keys.ENTER)
    assert tab.one("#panel h2").text == "Louis Trentino"
    assert "too early" in tab.panel()
    tab.keys("/", "backs the", Keys.ARROW_DOWN, Keys.ENTER)
    assert "Ostria supports Rufus Firefly" in tab.one("#panel h2").text
    tab.keys(Keys.ESCAPE)
    assert tab.one("#panel h2").text == "Who says what about whom"
    tab.keys("/", "no such words")
    assert "No actor or sentence" in tab.one("#hits").text


def test_everything_is_reached_by_tab(open_page: Callable[..., Tab]) -> None:
    tab = open_page()
    reached = set()
    for _ in range(120):
        tab.keys(Keys.TAB)
        reached.add(tab.js("const at = document.activeElement; return at.closest('[id]')?.id || at.tagName"))
    assert {"query", "filter-toggle", "theme", "filters", "confidence", "legend", "zoom", "panel"} <= reached


def test_filters_hide_what_does_not_pass(open_page: Callable[..., Tab]) -> None:
    tab = open_page()
    drawn = "return kg.network.body.data.edges.get({ filter: (edge) => !edge.hidden }).length"
    everything = tab.js(drawn)
    tab.click("#filters label", "against")
    assert tab.js(drawn) < everything
    assert tab.one("#filter-count").text == "1"
    assert "Sylvania attacks Freedonia" not in tab.panel()
    for name in ("for", "neither"):
        next(label for label in tab.all("#filters label") if label.text.split("\n")[0] == name).click()
    assert tab.js(drawn) == 0
    assert "No statement passes" in tab.one("#nothing").text
    tab.click("#filters .more")
    assert tab.js(drawn) == everything
    tab.js("const at = document.getElementById('confidence'); at.value = 0.9; at.dispatchEvent(new Event('input'))")
    sure = sum(s.confidence >= 0.9 for s in cases())
    assert f"{sure} statements" in tab.panel()


def test_a_view_can_be_sent_as_an_address(open_page: Callable[..., Tab]) -> None:
    tab = open_page(fragment=f"#statement={statement('a1').id}&polarities=1&theme=dark")
    assert "Sylvania attacks Freedonia" in tab.panel().replace("\n", " ")
    assert tab.one("#filter-count").text == "1"
    assert tab.js("return document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("fragment", ["#actor=nobody", "#statement=x&confidence=NaN", "#__proto__", "#%", "#theme=<b>"])
def test_a_broken_address_shows_the_overview(open_page: Callable[..., Tab], fragment: str) -> None:
    tab = open_page(fragment=fragment)
    assert "Who says what about whom" in tab.panel()
    assert tab.complaints() == []


def test_it_fits_a_phone(open_page: Callable[..., Tab]) -> None:
    tab = open_page()
    tab.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True})
    try:
        tab.driver.refresh()
        assert tab.js("return document.documentElement.scrollWidth") <= 390
        tab.click("#panel .rank", "Ostria")
        assert tab.js("return document.getElementById('panel').getBoundingClientRect().height") > 300
        assert not tab.one("#filters").is_displayed()
        tab.click("#filter-toggle")
        assert tab.one("#filters").is_displayed()
    finally:
        tab.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_hostile_words_are_shown_and_never_run(open_page: Callable[..., Tab]) -> None:
    statements = [s for number, words in enumerate(HOSTILE) for s in carrying(words, number)]
    tab = open_page(statements, title=HOSTILE[1])
    assert tab.one("h1").text == HOSTILE[1]
    assert tab.driver.title == HOSTILE[1]
    for number, words in enumerate(HOSTILE):
        tab.js("const wanted = 2 * arguments[0] + 1; "
               "kg.select({ edge: kg.data.edges.find((edge) => edge.statements[0] === wanted).id })", number)
        shown = tab.js("return document.querySelector('#panel blockquote').textContent")
        assert shown == f"Ada said: {visible(words)} of Ben."
        addresses = tab.js("return [...document.querySelectorAll('#panel a')].map((link) => link.href)")
        assert all(address.startswith(("http://", "https://")) for address in addresses)
        tab.js("kg.select({ actor: kg.data.statements[2 * arguments[0]].speaker })", number)
        tab.js("document.getElementById('query').value = arguments[0]; "
               "document.getElementById('query').dispatchEvent(new Event('input'))", words)
    assert tab.js("return window.hit") is None
    assert tab.js("return document.querySelectorAll('img, #panel script, iframe, object, base, form').length") == 1
    assert len(tab.requests()) == 1
    assert tab.complaints() == []


def test_direction_controls_are_named_not_obeyed(open_page: Callable[..., Tab]) -> None:
    tab = open_page(carrying("\u202eevil\u202c"))
    assert "[U+202E]evil[U+202C]" in tab.panel()


def test_the_page_works_inside_a_notebook(chromium: Any, tmp_path: Path) -> None:
    notebook = tmp_path / "cell.html"
    cell = StatementGraph(cases())._repr_html_()
    notebook.write_text(f'<!doctype html><html data-ready="yes"><meta charset="utf-8">{cell}', encoding="utf-8")
    tab = Tab(chromium, notebook.as_uri())
    tab.driver.switch_to.frame(tab.one("iframe"))
    try:
        tab.click("#panel .rank", "Ostria")
        assert tab.one("#panel h2").text == "Ostria"
        assert "null" in str(tab.js("return self.origin"))
    finally:
        tab.driver.switch_to.default_content()
    assert tab.complaints() == []


def test_a_thousand_actors_open_and_answer_soon(open_page: Callable[..., Tab]) -> None:
    base = statement("a2")
    assert base.subject
    actors = [replace(base.subject, id=f"{base.subject.id}{n}", name=f"Actor {n}") for n in range(1200)]
    many = [replace(base, id=f"s{n}", speaker=None, subject=actors[n * 7 % 1200], object=actors[n * n % 1200])
            for n in range(3600)]
    tab = open_page(many)
    took = tab.js("const began = performance.now(); kg.select({ actor: 5 }); return performance.now() - began")
    assert took < 2000
    later = "const node = kg.data.nodes.findLast((node) => node.later); "
    name = tab.js(later + "return kg.data.actors[node.id].name")
    hidden = later + "return kg.network.body.data.nodes.get(node.id).hidden"
    assert tab.js(hidden)
    tab.js("document.getElementById('query').focus()")
    tab.keys(name, Keys.ENTER)
    assert tab.one("#panel h2").text == name
    assert not tab.js(hidden)


def statement(ident: str) -> Statement:
    return next(s for s in cases() if s.id == ident)


def visible(words: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]",
                  lambda found: f"[U+{ord(found[0]):04X}]", words)
