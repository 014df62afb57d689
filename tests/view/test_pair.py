"""What is stated between two actors over time: lanes, places, shifts, cards, keys, filters, on a page in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest
from kg.records import Document, Statement
from playwright.sync_api import Locator, Page, expect
from tests.analysis.notation import ident, parse
from tests.browser import PHONE
from tests.view.statements import HOSTILE, carrying, visible

pytestmark = pytest.mark.slow

Open = Callable[..., Page]
STORY = """
    2024-01-10 Ada supports Ben 0.9
    2024-02-10 Ada: Ada supports Ben 0.5
    2024-02-10 Cid: Ada supports Ben 0.8
    2024-03-10 Ada attacks Ben 0.9
    2024-03-12 Ada consults Ben
    2024-03-14 Ada supports Ben | not
    2024-04-10 Ben attacks Ada 0.7
    2024-05-10 Ben supports Ada 0.6 | planned
    2024-06-10 Ada: Ben supports Cid
    2024-06-10 Ben: Ada supports Cid
    - Ada aids Ben
    2024-07-01 Cid supports Dan
"""


def story(lines: str = STORY) -> list[Statement]:
    rows = [line.split(maxsplit=1) for line in lines.strip().splitlines()]
    found = parse("\n".join(row[1] for row in rows))
    return [replace(s, document=Document(f"d{n}", publisher="Lute", published=None if day == "-" else day))
            for n, (s, (day, _)) in enumerate(zip(found, rows, strict=True))]


def address(*names: str) -> str:
    return "#view=pair" + "".join(f"&pair={quote(ident(name), safe='')}" for name in names)


def mark(page: Page, number: int) -> Locator:
    return page.locator(f".mark[data-statement='{number}']:not(.flag)")


def middle(page: Page, number: int) -> tuple[float, float]:
    box = mark(page, number).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def axis(page: Page, lane: int) -> float:
    box = page.locator(".lane").nth(lane).locator(".zero").bounding_box()
    assert box
    return box["y"] + box["height"] / 2


def test_each_direction_has_its_lane_with_for_above_and_against_below(open_page: Open) -> None:
    page = open_page(story(), address("Ada", "Ben"))
    captions = page.locator("figcaption b")
    expect(captions).to_have_text(["Ada → Ben", "Ben → Ada"])
    assert page.locator(".lane").count() == 2
    for number in (0, 1, 2, 10):
        assert middle(page, number)[1] < axis(page, 0) - 5, "for stands above"
    assert middle(page, 3)[1] > axis(page, 0) + 5, "against stands below"
    for number in (4, 5):
        assert abs(middle(page, number)[1] - axis(page, 0)) < 6, "neither stands on the line"
    assert middle(page, 6)[1] > axis(page, 1) + 5
    assert middle(page, 7)[1] < axis(page, 1) - 5
    assert mark(page, 11).count() == 0, "not between the two"


def test_time_runs_from_left_to_right_and_one_day_is_a_stack(open_page: Open) -> None:
    page = open_page(story(), address("Ada", "Ben"))
    places = [middle(page, number)[0] for number in (10, 0, 1, 3, 6, 7)]
    assert places == sorted(places), "and what has no date stands before all that has"
    assert middle(page, 1)[0] == middle(page, 2)[0]
    tall, short = (mark(page, number).bounding_box() for number in (2, 1))
    assert tall
    assert short
    assert tall["height"] > short["height"]
    assert tall["y"] > short["y"] + 10, "none lies over another, the surer is nearer to the line"
    expect(page.locator(".dates")).to_contain_text("no date")
    expect(page.locator(".dates")).to_contain_text("2024")
    lines = page.locator(".lane").first.locator(".grid").all()
    for line, label in zip(lines, page.locator(".dates text").all(), strict=False):
        at, text = line.bounding_box(), label.bounding_box()
        assert at
        assert text
        assert abs(at["x"] - text["x"] - text["width"] / 2) < 2, "a label stands below its line"


def test_what_the_one_says_of_the_other_stands_apart(open_page: Open) -> None:
    page = open_page(story(), address("Ada", "Ben"))
    first, second = page.locator(".lane").all()
    expect(first.locator(".spoken")).to_have_attribute("data-statement", "8")
    expect(second.locator(".spoken")).to_have_attribute("data-statement", "9")
    assert middle(page, 8)[1] > axis(page, 0) + 20
    page.locator("#filters label", has_text="lines of speech").click()
    expect(page.locator(".spoken")).to_have_count(0)


def test_changes_of_position_are_marked(open_page: Open) -> None:
    page = open_page(story(), address("Ada", "Ben"))
    flag = page.locator(".flag")
    expect(flag).to_have_count(1)
    expect(flag).to_contain_text("turns against")
    expect(flag).to_have_attribute(
        "aria-label", "Ada turns against Ben. From 1.30 on 10 Feb 2024 to -0.90 on 10 Mar 2024")
    flag.locator("text").click()
    expect(page.locator("#pair-3")).to_be_focused()
    page.locator("#filters label").filter(has=page.get_by_text("attacks", exact=True)).click()
    expect(flag).to_have_count(0)


def test_a_mark_tells_its_statement_in_short_and_leads_to_its_card(open_page: Open) -> None:
    page = open_page(story(), address("Ada", "Ben"))
    tip = page.locator("#tip")
    expect(tip).to_be_hidden()
    mark(page, 3).hover()
    expect(tip).to_contain_text("Ada attacks Ben")
    expect(tip).to_contain_text("10 Mar 2024 · Lute · confidence 0.90")
    mark(page, 3).click()
    card = page.locator("#pair-3")
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    expect(card).to_have_class("card picked")
    expect(mark(page, 3)).to_have_class("mark picked")


def test_marks_are_reached_by_keys_in_order_of_time(open_page: Open) -> None:
    page = open_page(story(), address("Ada", "Ben"))
    page.locator(".lane [tabindex='0']").first.focus()
    page.keyboard.press("Home")
    passed = []
    for _ in range(9):
        passed.append(page.evaluate("document.activeElement.dataset.statement"))
        expect(page.locator("#tip")).to_be_visible()
        page.keyboard.press("ArrowRight")
    assert passed[:3] == ["0", "1", "2"]
    assert passed[-1] == "10", "no date comes last"
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator("#pair-0")).to_be_focused()


def test_all_of_it_is_there_to_read_by_month_or_by_direction(open_page: Open) -> None:
    page = open_page(story(), address("Ada", "Ben"))
    expect(page.locator(".said .card")).to_have_count(11)
    expect(page.locator(".said h3")).to_have_text(
        ["January 2024", "February 2024", "March 2024", "April 2024", "May 2024", "June 2024", "No date"])
    expect(page.locator(".said .card").last).to_have_id("pair-10")
    page.get_by_role("button", name="By direction").click()
    expect(page.locator(".said h3")).to_have_text(
        ["Ada → Ben7", "Ada speaks of Ben1", "Ben → Ada2", "Ben speaks of Ada1"])
    mark(page, 7).click()
    expect(page.locator("#pair-7")).to_be_focused()


def test_filters_and_time_apply(open_page: Open) -> None:
    page = open_page(story(), address("Ada", "Ben") + "&to=2024-02-28")
    expect(page.locator(".said .card")).to_have_count(3)
    expect(page.locator("#sheet header")).to_contain_text("The filters leave out 8.")
    page.get_by_role("button", name="All dates").click()
    expect(page.locator(".said .card")).to_have_count(11)
    page.get_by_label("Least confidence").fill("0.95")
    expect(page.locator(".said .card")).to_have_count(5)
    for name in ("for", "against", "neither"):
        page.locator("#filters label").filter(has=page.get_by_text(name, exact=True)).click()
    expect(page.locator("#sheet")).to_contain_text("Nothing between the two passes the filters.")


def test_it_is_reached_from_an_edge_and_from_an_actor_and_left_again(open_page: Open) -> None:
    page = open_page(story())
    panel, sheet = page.locator("#panel"), page.locator("#sheet")
    panel.locator(".line", has_text="Ada attacks Ben").click()
    panel.get_by_role("button", name="Over time").click()
    expect(sheet.locator("h2")).to_have_text("Ada and Ben")
    expect(sheet).to_be_focused()
    assert "view=pair" in page.url
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert "view=pair" not in page.url
    sheet.page.evaluate("kg.select({ actor: kg.data.actors.findIndex(({ name }) => name === 'Cid') })")
    panel.locator("section", has_text="Over time, with").locator(".rank", has_text="Dan").click()
    expect(sheet.locator("h2")).to_have_text("Cid and Dan")
    sheet.get_by_role("button", name="Back to the graph").click()
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Graph", exact=True).click()


def test_a_side_may_be_several_actors(open_page: Open) -> None:
    page = open_page(story(), address("Ada", "Ben") + f"&other={quote(ident('Cid'), safe='')}")
    expect(page.locator("#sheet h2")).to_have_text("Ada and Ben, Cid")
    expect(page.locator(".said .card")).to_have_count(11)
    assert f"other={quote(ident('Cid'), safe='')}" in page.url
    expect(page.locator("figcaption b").first).to_have_text("Ada → Ben, Cid")


def test_an_actor_alone_has_one_lane(open_page: Open) -> None:
    page = open_page(story("2024-01-10 Ada criticizes Ada\n2024-01-11 Ada supports Ben"), address("Ada", "Ada"))
    expect(page.locator("#sheet h2")).to_have_text("Among Ada")
    expect(page.locator(".lane")).to_have_count(1)
    expect(page.locator(".said .card")).to_have_count(1)


@pytest.mark.parametrize("count", [2, 500])
def test_few_and_many_fit(open_page: Open, count: int) -> None:
    claims = ("Ben supports Ada", "Ada attacks Ben", "Ada attacks Ben")
    lines = "\n".join(f"{2015 + n % 9}-{n % 12 + 1:02}-{n % 28 + 1:02} {claims[n % 3]} 0.{n % 9 + 1}"
                      for n in range(count))
    for options in ({}, {"viewport": PHONE, "is_mobile": True, "has_touch": True}):
        page = open_page(story(lines), address("Ada", "Ben"), **options)
        assert page.locator(".mark:not(.flag)").count() == count
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("(() => { const sheet = document.getElementById('sheet'); "
                             "return sheet.scrollWidth <= sheet.clientWidth; })()")
        labels = [box for text in page.locator(".dates text").all() if (box := text.bounding_box())]
        assert len(labels) >= 2
        assert all(a["x"] + a["width"] <= b["x"] for a, b in pairwise(labels))
    last = mark(page, count - 1)
    last.dispatch_event("click")
    expect(page.locator(f"#pair-{count - 1}")).to_be_in_viewport()


def test_it_is_drawn_anew_for_another_width(open_page: Open) -> None:
    page = open_page(story(), address("Ada", "Ben"))
    before: Any = page.locator(".lane").first.bounding_box()
    page.locator("#filter-toggle").click()
    expect(page.locator(".lane").first).not_to_have_attribute("width", str(round(before["width"])))
    after: Any = page.locator(".lane").first.bounding_box()
    assert after["width"] > before["width"] + 50


def test_hostile_words_are_shown_and_never_run(open_page: Open) -> None:
    page = open_page([s for number, words in enumerate(HOSTILE) for s in carrying(words, number)])
    shown = page.evaluate("""() => kg.data.statements.filter(({ predicate }) => predicate)
      .map(({ subject, object, number }) => {
      kg.look('pair', { pair: [subject, object] });
      const found = document.querySelector(`.mark[data-statement="${number}"]`);
      found.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
      const texts = (which) => [...document.querySelectorAll(which)].map((element) => element.textContent);
      const told = [texts('#sheet h2')[0], texts('#sheet blockquote')[0], texts('#tip q')[0], texts('figcaption bdi'),
        document.querySelectorAll('#sheet :is(img, script, iframe, object, base, form, style, link, meta)').length];
      found.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      return told;
    })""")
    for number, (words, (title, quoted, tip, names, markup)) in enumerate(zip(HOSTILE, shown, strict=True)):
        evidence, name = f"Ada said: {words} of Ben.", visible(words or ident(f"a{number}"))
        assert title == f"{name} and Ben {visible(words)}"
        assert names[:2] == [name, f"Ben {visible(words)}"]
        assert quoted == visible(evidence)
        assert tip == visible(evidence if len(evidence) <= 170 else f"{evidence[:170]}…")
        assert markup == 0
    assert page.evaluate("window.hit === undefined")
