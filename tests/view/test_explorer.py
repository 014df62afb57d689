"""What an analyst does with the page, in Chromium: levels, nearness, time, speakers, outlets, table, pictures."""

from __future__ import annotations

import csv
import io
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from kg.analysis.network import Level
from kg.records import Statement
from kg.view.payload import edges, rolled_up, tables
from playwright.sync_api import Download, Page, expect
from tests.browser import PHONE
from tests.queries.cases import cases
from tests.view.drawn import edges_drawn
from tests.view.statements import HOSTILE, carrying

pytestmark = pytest.mark.slow

Open = Callable[..., Page]
SVG = "{http://www.w3.org/2000/svg}"


def nodes_drawn(page: Page) -> set[str]:
    """Names of the actors that can be seen in the graph."""
    return set(page.evaluate("kg.network.body.data.nodes.get({ filter: (node) => !node.hidden })"
                             ".map((node) => kg.data.actors[node.id].name)"))


def fragment(page: Page) -> str:
    return str(page.evaluate("location.hash"))


def saved(page: Page, what: str) -> bytes:
    """What an entry of the menu saves."""
    with page.expect_download() as download:
        page.locator("#save summary").click()
        page.get_by_role("button", name=what).click()
    return content(download.value)


def content(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


def by_outlet() -> dict[str | None, list[Statement]]:
    found: dict[str | None, list[Statement]] = {}
    for s in cases():
        found.setdefault(s.document.publisher, []).append(s)
    return found


def test_people_roll_up_to_governments_and_countries_and_back(open_page: Open) -> None:
    page = open_page()
    people = nodes_drawn(page)
    assert "Rufus Firefly" in people
    page.locator("#panel .rank", has_text="Rufus Firefly").first.click()
    levels = page.get_by_role("group", name="Level")
    levels.get_by_role("button", name="Countries").click()
    found = tables(cases())
    of = rolled_up(found, Level.COUNTRY)
    names = {found.actors[end]["name"] for edge in edges(found, of) for end in (edge["from"], edge["to"])}
    assert nodes_drawn(page) == names
    title = page.locator("#panel h2")
    expect(title).to_have_text("Freedonia")
    expect(page.locator("#panel")).to_contain_text("Counted as one")
    assert "level=country" in fragment(page)
    page.locator("#panel .rank", has_text="Rufus Firefly").click()
    expect(title).to_have_text("Rufus Firefly")
    expect(levels.get_by_role("button", name="Actors")).to_have_attribute("aria-pressed", "true")
    assert nodes_drawn(page) == people
    levels.get_by_role("button", name="Governments").click()
    assert "level=government" in fragment(page)
    expect(title).to_have_text("Rufus Firefly")


def test_an_edge_stays_selected_when_its_ends_roll_up(open_page: Open) -> None:
    page = open_page(fragment="#statement=a2")
    expect(page.locator("#panel h2")).to_contain_text("Rufus Firefly criticizes Government of Sylvania")
    page.get_by_role("button", name="Countries").click()
    expect(page.locator("#panel h2")).to_contain_text("Freedonia against Sylvania")
    expect(page.locator("#panel")).to_contain_text("This is a crime")


def test_one_and_two_steps_from_an_actor(open_page: Open) -> None:
    page = open_page()
    everyone = nodes_drawn(page)
    page.locator("#panel .rank", has_text="Louis Trentino").first.click()
    near = page.get_by_role("group", name="How far from here")
    near.get_by_role("button", name="One step").click()
    expect(page.locator("#filter-count")).to_have_text("1")
    one = nodes_drawn(page)
    near.get_by_role("button", name="Two steps").click()
    two = nodes_drawn(page)
    assert "Louis Trentino" in one
    assert one < two <= everyone
    address = fragment(page)
    near.get_by_role("button", name="All").click()
    assert nodes_drawn(page) == everyone
    again = open_page(fragment=address)
    assert nodes_drawn(again) == two


def test_one_step_is_what_is_tied(open_page: Open) -> None:
    page = open_page()
    tied = page.evaluate("""() => {
      const actor = kg.data.actors.findIndex(({ name }) => name === 'Ostria');
      const own = kg.graph.edges.filter((edge) => edge.from === actor || edge.to === actor);
      return own.flatMap((edge) => [edge.from, edge.to]).map((end) => kg.data.actors[end].name);
    }""")
    page.locator("#panel .rank", has_text="Ostria").first.click()
    page.get_by_role("button", name="One step").click()
    assert nodes_drawn(page) == set(tied)


def test_a_time_is_chosen_by_dragging_and_by_keys(open_page: Open) -> None:
    page = open_page()
    days = sorted({s.document.published[:10] for s in cases() if s.document.published})
    chart = page.locator("#time svg")
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 6, box["y"] + 20)
    page.mouse.up()
    last = [s for s in cases() if s.document.published and s.document.published[:10] == days[-1]]
    expect(page.locator("#panel")).to_contain_text(f"{len(last)} statements in 1 article")
    assert "from=" in fragment(page)
    again = open_page(fragment=fragment(page))
    expect(again.locator("#panel")).to_contain_text(f"{len(last)} statements in 1 article")
    page.get_by_role("button", name="All dates").click()
    expect(page.locator("#panel")).to_contain_text(f"{len(cases())} statements")
    page.get_by_label("To", exact=True).focus()
    page.keyboard.press("Home")
    first = [s for s in cases() if s.document.published and s.document.published[:10] == days[0]]
    expect(page.locator("#panel")).to_contain_text(f"{len(first)} statements in 1 article")
    span = page.locator("#time-span").inner_text()
    expect(page.get_by_label("To", exact=True)).to_have_attribute("aria-valuetext", span)


def test_only_one_speaker_and_one_outlet(open_page: Open) -> None:
    page = open_page()
    filters, panel = page.locator("#filters"), page.locator("#panel")
    said = [s for s in cases() if s.speaker and s.speaker.name == "Rufus Firefly"]
    filters.get_by_label("Speaker").select_option(label=f"Rufus Firefly ({len(said)})")
    expect(panel).to_contain_text(f"{len(said)} statements")
    outlet, told = max(by_outlet().items(), key=lambda item: len(item[1]))
    both = [s for s in told if s in said]
    filters.get_by_label("Outlet").select_option(label=f"{outlet} ({len(told)})")
    expect(panel).to_contain_text(f"{len(both)} statement")
    again = open_page(fragment=fragment(page))
    expect(again.locator("#panel")).to_contain_text(f"{len(both)} statement")
    filters.get_by_role("button", name="Remove Rufus Firefly").click()
    expect(panel).to_contain_text(f"{len(told)} statements")
    filters.get_by_role("button", name="Show everything").click()
    expect(panel).to_contain_text(f"{len(cases())} statements")
    own = [s for s in cases() if s.speaker is None]
    filters.get_by_label("Speaker").select_option(label=f"the article’s own voice ({len(own)})")
    expect(panel).to_contain_text(f"{len(own)} statements")


def test_what_is_only_claimed_is_told_from_what_an_article_states(open_page: Open) -> None:
    page = open_page()
    panel, filters = page.locator("#panel"), page.locator("#filters")
    claimed = sum(s.speaker is not None for s in cases())
    filters.get_by_label("stated by the article").uncheck()
    expect(panel).to_contain_text(f"{claimed} statements")
    again = open_page(fragment=fragment(page))
    expect(again.locator("#panel")).to_contain_text(f"{claimed} statements")
    filters.get_by_label("stated by the article").check()
    filters.get_by_label("claimed by someone").uncheck()
    expect(panel).to_contain_text(f"{len(cases()) - claimed} statements")
    filters.get_by_role("button", name="Show everything").click()
    expect(panel).to_contain_text(f"{len(cases())} statements")


def test_the_table_has_what_passes_and_is_sorted(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Table").click()
    body = page.locator("#sheet tbody tr")
    expect(body).to_have_count(len(cases()))
    head = page.locator("#sheet thead")
    head.get_by_role("button", name="confidence").click()
    sure = [float(text) for text in page.locator("#sheet td.confidence").all_inner_texts()]
    assert sure == sorted(round(s.confidence, 2) for s in cases())
    head.get_by_role("button", name="confidence").click()
    expect(head.locator("[aria-sort=descending]")).to_contain_text("confidence")
    assert page.locator("#sheet td.confidence").first.inner_text() == f"{max(s.confidence for s in cases()):.2f}"
    page.locator("#filters label", has_text="against").click()
    expect(body).to_have_count(sum(s.polarity != -1 for s in cases()))
    page.locator("#sheet td button", has_text="Ostria backs the president").first.click()
    expect(page.locator("#panel h2")).to_contain_text("Ostria supports Rufus Firefly")
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()


def test_the_table_goes_to_a_file(open_page: Open) -> None:
    page = open_page(fragment="#polarities=-1+0&view=table")
    rows = list(csv.DictReader(io.StringIO(saved(page, "Statements (CSV)").decode("utf-8-sig"))))
    wanted = [s for s in cases() if s.polarity == 1]
    assert [row["id"] for row in rows] == [s.id for s in wanted]
    for row, s in zip(rows, wanted, strict=True):
        assert row["subject"] == (s.subject.name if s.subject else "")
        assert row["speaker"] == (s.speaker.name if s.speaker else "")
        assert row["words"] == (s.evidence.text if s.evidence else "")
        assert row["outlet"] == s.document.publisher
        assert float(row["confidence"]) == round(s.confidence, 3)


def test_no_cell_of_the_file_is_a_formula(open_page: Open) -> None:
    page = open_page(carrying("=HYPERLINK(\"http://example.org\",\"x\")") + carrying("@SUM(1)", 1))
    rows = list(csv.DictReader(io.StringIO(saved(page, "Statements (CSV)").decode("utf-8-sig"))))
    assert rows[0]["outlet"] == "'=HYPERLINK(\"http://example.org\",\"x\")"
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@"))
                and not value.removeprefix("-").isdigit()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_graph_is_saved_as_a_drawing(open_page: Open, scheme: str) -> None:
    page = open_page(fragment=f"#theme={scheme}")
    root = ET.fromstring(saved(page, "Picture (SVG)"))  # noqa: S314 - our own
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == "Freedonia"
    shapes, lines = root.findall(f"{SVG}g")[1], root.findall(f"{SVG}g")[0]
    assert len(shapes) == len(nodes_drawn(page))
    assert len(lines) == edges_drawn(page)
    names = {text.text for text in root.iter(f"{SVG}text")}
    assert {"Rufus Firefly", "Ostria"} <= names
    x, y, width, height = map(float, root.attrib["viewBox"].split())
    for text in root.iter(f"{SVG}text"):
        assert x < float(text.attrib["x"]) < x + width
        assert y < float(text.attrib["y"]) < y + height


def test_the_graph_is_saved_as_an_image(open_page: Open) -> None:
    page = open_page()
    drawing = ET.fromstring(saved(page, "Picture (SVG)"))  # noqa: S314 - our own
    image = saved(page, "Picture (PNG)")
    assert image.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", image[16:24])
    assert (width, height) == (2 * int(drawing.attrib["width"]), 2 * int(drawing.attrib["height"]))


def test_hostile_names_make_well_formed_drawings(open_page: Open) -> None:
    page = open_page([s for number, words in enumerate(HOSTILE) for s in carrying(words, number)], title=HOSTILE[0])
    root = ET.fromstring(saved(page, "Picture (SVG)"))  # noqa: S314 - our own
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "rect", "g", "path", "polygon", "circle", "text"}
    assert saved(page, "Picture (PNG)").startswith(b"\x89PNG")


def test_table_and_time_fit_a_phone(open_page: Open) -> None:
    page = open_page(viewport=PHONE)
    page.get_by_role("button", name="Table").click()
    expect(page.locator("#sheet tbody tr").first).to_be_visible()
    expect(page.locator("#time")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.mark.parametrize("broken", ["#level=planet", "#near=2+nobody", "#near=9+x", "#from=yesterday&to=2024-99-99",
                                    "#view=pair&pair=x", "#view=article&article=none", "#speaker=nobody&outlet=none"])
def test_what_an_address_cannot_name_is_left_out(open_page: Open, broken: str) -> None:
    page = open_page(fragment=broken)
    assert edges_drawn(page) > 0
    expect(page.locator("#sheet")).to_be_hidden()


def test_edges_between_the_same_actors_lie_apart(open_page: Open) -> None:
    page = open_page()
    middles = page.evaluate("""() => {
      const found = {};
      for (const edge of kg.graph.edges.filter((edge) => edge.from !== edge.to)) {
        const { x, y } = kg.network.body.edges[edge.id].edgeType.getPoint(0.5);
        (found[[edge.from, edge.to].sort()] ??= []).push([x, y]);
      }
      return Object.values(found).filter((all) => all.length > 1);
    }""")
    assert middles
    for points in middles:
        assert len({(round(x), round(y)) for x, y in points}) == len(points)
