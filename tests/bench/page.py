# ruff: noqa: T201
"""How soon the page is usable, how smoothly it is dragged, and how large it is.

    python -m tests.bench.page [--pairs 9]

The measure of time is an empty page of pyvis in the same browser, opened in turn with ours: the machine's speed and
what else it does fall on both. Ours is usable when the graph is drawn, the search has answered a letter and the answer
is drawn too. Of dragging the longest task of the page's thread is told: so long the page does not answer.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from kg.records import Document, Entity, Span, Statement
from kg.view.page import write_page
from kg.view.payload import edges, tables
from tests.bench import scale
from tests.browser import DESKTOP, READY, file_address, launched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ACTORS, EDGES, ARTICLES = 1_000, 3_000, 40
MANY = 20_000  # statements

# Runs in the page before all else: marks the time at which it answers, or, if it has no search, is drawn; and the time
# at which the graph is shown, which comes after.
_USABLE = """
addEventListener('DOMContentLoaded', () => {
  const drawn = () => requestAnimationFrame(() => setTimeout(() => {
    window.usable = performance.now();
    document.documentElement.dataset.usable = 'yes';
  }));
  const query = document.getElementById('query');
  if (!query) return addEventListener('load', drawn);
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => { window.shown = performance.now(); })))
    .observe(document.documentElement, { attributeFilter: ['data-ready'] });
  const hits = document.getElementById('hits');
  const answered = () => hits.querySelector('[role=option]') && drawn();
  new MutationObserver(answered).observe(hits, { childList: true });
  query.value = 'a';
  query.dispatchEvent(new Event('input'));
});
"""
_LONG_TASKS = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((task) => task.duration)))
    .observe({ type: 'longtask' });
}"""
_NODE = """() => {
  const places = kg.graph.nodes.map(({ id }) => kg.network.canvasToDOM(kg.network.getPosition(id)));
  const { clientWidth, clientHeight } = document.getElementById('graph');
  return places.find(({ x, y }) => Math.hypot(x - clientWidth / 2, y - clientHeight / 2) < 80);
}"""


def made(actors: int = ACTORS, edge_count: int = EDGES, articles: int = ARTICLES) -> list[Statement]:
    """Statements between so many actors that make so many edges, lines of speech among them."""
    rng = random.Random(0)  # noqa: S311 - a made world
    world = scale.World.of(60 * actors, rng)
    known, documents = world.actors[:actors], [
        Document(f"made-{number:03}", "", f"Article {number}", world.outlets[number % 12], world.days[number],
                 f"https://example.org/{number}") for number in range(articles)]
    ranks = list(accumulate(1 / (rank + 6) for rank in range(actors)))
    pairs = [known[at:at + 2] for at in range(0, actors, 2)]  # so that each is in some edge
    found: list[Statement] = []
    while len(edges(tables(found))) < edge_count:
        missing = edge_count - len(edges(tables(found)))
        for _ in range(-(-missing // 2)):
            cast = pairs.pop() if pairs else rng.choices(known, cum_weights=ranks, k=3)
            found.append(_between(cast, documents[len(found) % articles], 200 * len(found), world, rng))
    return found


def _between(cast: list[Entity], document: Document, at: int, world: scale.World, rng: random.Random) -> Statement:
    text = " ".join(rng.choices(world.words, k=22))
    statement = scale.made_statement(document, cast, Span(at, at + len(text), text), rng)
    if len(cast) > 2 or statement.predicate:
        return statement
    return replace(statement, subject=cast[0], object=cast[1], predicate="criticizes", polarity=-1).identified()


def empty_page(target: Path) -> Path:
    """Write what pyvis writes of nothing, without the links to other sites that it has."""
    from pyvis.network import Network

    html = Network(cdn_resources="in_line").generate_html()
    target.write_text(re.sub(r'<(script|link)[^>]*(?:src|href)="https?:[^>]*>(</script>)?', "", html), encoding="utf-8")
    return target


def usable(browser: Browser, page: Path) -> tuple[float, float]:
    """Milliseconds until a page answers, and until its graph is shown, in a context of its own."""
    context = browser.new_context(viewport=DESKTOP, offline=True)
    context.add_init_script(_USABLE)
    tab = context.new_page()
    tab.goto(file_address(page), wait_until="commit")
    tab.locator("html[data-usable]").wait_for(state="attached")
    tab.wait_for_function("window.shown || !document.getElementById('query')")
    answered, shown = tab.evaluate("[window.usable, window.shown ?? window.usable]")
    context.close()
    return float(answered), float(shown)


@dataclass(frozen=True)
class Opening:
    """Milliseconds until pages were usable, each time beside the empty page."""

    ours: list[float]
    shown: list[float]
    empty: list[float]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ours) / statistics.median(self.empty)

    def __str__(self) -> str:
        return (f"usable in {self.ratio:.2f} times the time of an empty pyvis page (medians of {len(self.ours)}: "
                f"{statistics.median(self.ours):.0f} and {statistics.median(self.empty):.0f} ms), its graph shown in "
                f"{statistics.median(self.shown) / statistics.median(self.empty):.2f}")


def opening(browser: Browser, page: Path, empty: Path, pairs: int) -> Opening:
    """Open both in turn."""
    usable(browser, empty)
    times = [(*usable(browser, page), usable(browser, empty)[0]) for _ in range(pairs)]
    return Opening(*map(list, zip(*times, strict=True)))


@contextmanager
def opened(browser: Browser, page: Path) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP, offline=True)
    tab = context.new_page()
    tab.goto(file_address(page))
    tab.locator(READY).wait_for(state="attached")
    yield tab
    context.close()


def longest_task(tab: Page, what: str) -> float:
    """Milliseconds of the longest task while the ``canvas`` or a ``node`` is dragged, 0 if none was over 50."""
    box = tab.locator("#graph").bounding_box()
    at = tab.evaluate(_NODE) if what == "node" else {"x": 6, "y": box["height"] / 2 if box else 0}
    if not box or not at:
        raise SystemExit(f"there is no {what} to drag")
    x, y = box["x"] + at["x"], box["y"] + at["y"]
    before = tab.evaluate("[kg.network.getViewPosition(), kg.network.getPositions()]")
    tab.mouse.move(x, y)
    tab.evaluate(_LONG_TASKS)
    tab.mouse.down()
    for step in range(60):
        tab.mouse.move(x + 3 * step, y + step)
    tab.mouse.up()
    tab.wait_for_timeout(400)
    if (tab.evaluate("[kg.network.getViewPosition(), kg.network.getPositions()]")[what == "node"]
            == before[what == "node"]):
        raise SystemExit(f"the {what} was not dragged")
    return float(tab.evaluate("Math.max(0, ...window.longTasks)"))


def megabytes(page: Path) -> float:
    return page.stat().st_size / 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=9, help="how often each page is opened")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, launched() as browser:
        folder = Path(place)
        empty, statements = empty_page(folder / "empty.html"), made()
        page = write_page(statements, folder / "page.html")
        print(f"{ACTORS} actors, {EDGES} edges, {len(statements)} statements: {megabytes(page):.2f} MB, "
              f"{opening(browser, page, empty, args.pairs)}", flush=True)
        with opened(browser, page) as tab:
            for what in ("canvas", "node"):
                print(f"dragging the {what}: no task over {max(50, longest_task(tab, what)):.0f} ms", flush=True)
        many = write_page(scale.statements(MANY), folder / "many.html")
        print(f"{MANY} statements: {megabytes(many):.1f} MB, {opening(browser, many, empty, args.pairs)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
