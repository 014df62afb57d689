"""Static pictures: well-formed, escaped, equal each time, every actor once, no label over another."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.analysis.change import shifts
from kg.analysis.network import Level
from kg.display import visible
from kg.errors import UsageError
from kg.records import Entity, Statement
from kg.view import svg
from kg.view.page import drawing
from kg.view.payload import rolled_up, tables
from kg.view.picture import picture
from kg.view.svg import Box, Picture, Room
from kg.view.timeline import Side, timeline
from tests.analysis.notation import parse
from tests.analysis.strategies import networks
from tests.browser import Visit, file_address
from tests.queries.cases import cases
from tests.view.statements import HOSTILE, carrying

SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"circle", "polygon", "rect"}
TAGS = SHAPES | {"svg", "title", "text", "tspan", "g", "path"}


def elements(picture: Picture) -> list[ElementTree.Element]:
    """All elements of a picture; fails on one that is not well-formed, or that could load or run anything."""
    found = list(ElementTree.fromstring(picture.svg).iter())  # noqa: S314 - our own picture
    assert {element.tag.removeprefix(SVG) for element in found} <= TAGS
    for element in found:
        assert not {name for name in element.attrib if name in ("id", "class", "href") or name.startswith(("on", "{"))}
        assert not any("url(" in value for value in element.attrib.values())
    return found


def titled(picture: Picture, tags: set[str]) -> list[ElementTree.Element]:
    """The elements of some kinds that are named when one points at them."""
    return [e for e in elements(picture) if e.tag.removeprefix(SVG) in tags and e.find(f"{SVG}title") is not None]


def name_of(element: ElementTree.Element) -> str:
    return element.findtext(f"{SVG}title") or ""


def texts(picture: Picture) -> list[str]:
    """The labels, in one line each."""
    return [" ".join(row.text or "" for row in e) for e in elements(picture) if e.tag == f"{SVG}text"]


@pytest.mark.parametrize("level", list(Level))
def test_every_actor_of_the_page_is_drawn_and_named_once(level: Level) -> None:
    found = tables(cases())
    of = None if level is Level.ACTOR else rolled_up(found, level)
    net = drawing(found, of=of)
    names = Counter(found.actors[node["id"]]["name"] for node in net.nodes)
    shown = picture(cases(), level)
    assert Counter(map(name_of, titled(shown, SHAPES))) == names
    assert not names - Counter(texts(shown))
    assert len(titled(shown, {"g"})) == len(net.edges)


def test_only_the_heaviest_are_drawn_and_the_picture_says_so() -> None:
    shown = picture(cases(), most=4)
    assert len(titled(shown, SHAPES)) == 4
    assert any(text.startswith("4 of ") for text in texts(shown))
    assert "4 of " in repr(shown)


def test_lines_are_those_of_the_page() -> None:
    colours = svg.colours()
    styles = {}
    for line in titled(picture(cases()), {"g"}):
        path, arrow = line.findall(f"{SVG}path")
        styles[name_of(line)] = path.attrib["stroke"], path.attrib.get("stroke-dasharray"), ended(arrow)
    for statement in cases():
        if not (statement.subject and statement.object and statement.predicate):
            continue
        modality = "" if statement.modality == "actual" else f" ({statement.modality})"
        name = (f"{statement.subject.name} {'not: ' if statement.negated else ''}{statement.predicate}{modality} "
                f"{statement.object.name}")
        kind = "neither" if statement.negated else {1: "for", -1: "against"}.get(statement.polarity or 0, "neither")
        dashes = "2 4" if statement.negated else None if statement.modality == "actual" else "8 5"
        assert [style for key, style in styles.items() if name in key] == [
            (colours[kind], dashes, (kind, colours[kind]))]


def ended(arrow: ElementTree.Element) -> tuple[str, str]:
    """How a line ends, which tells its attitude without colours, and the colour of that."""
    if arrow.attrib["d"].endswith("z"):
        return "for", arrow.attrib["fill"]
    return ("neither" if arrow.attrib.get("fill") == "none" else "against"), arrow.attrib["stroke"]


def test_colours_are_those_of_the_page_on_light_ground() -> None:
    assert svg.colours()["ground"] == "#f7f5f1"
    assert {"for", "against", "neither", "voice", "ink", "type-person", "type-other"} <= svg.colours().keys()


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_text(words: str) -> None:
    statements = carrying(words)
    shown = picture(statements)
    assert len(titled(shown, SHAPES)) == 2
    ada, ben = (actor for actor in (statements[1].subject, statements[1].object) if actor)
    two = timeline([replace(s, document=replace(s.document, published="2025-01-02")) for s in statements],
                   Side(ada.name, frozenset({ada.id})), Side(ben.name, frozenset({ben.id})))
    for drawn in (shown, two):
        seen = "".join(element.text or "" for element in elements(drawn))
        plain = " ".join(visible(words).split())[:20]
        assert plain.encode(errors="ignore").decode() in " ".join(seen.split()) or "\ufffd" in seen


@settings(max_examples=25, deadline=None)
@given(networks, st.sampled_from(Level))
def test_equal_input_gives_an_equal_picture(statements: list[Statement], level: Level) -> None:
    first = picture(statements, level)
    assert first == picture(list(statements), level)
    elements(first)


def test_nothing_is_a_picture_too() -> None:
    assert "0 actors" in repr(picture(()))
    elements(picture(()))
    side = Side("Ada", frozenset({"ada"}))
    assert texts(timeline((), side, side)) == ["nothing is stated between Ada and Ada"]


def test_a_picture_is_written(tmp_path: Path) -> None:
    shown = picture(cases())
    assert shown.save(tmp_path / "a.svg").read_text(encoding="utf-8") == shown._repr_svg_() + "\n"
    with pytest.raises(UsageError, match="cannot write the picture"):
        shown.save(tmp_path / "none" / "a.svg")


def test_room_is_taken_once() -> None:
    room = Room([Box(0, 0, 10, 10)])
    assert not room.take(Box(9, 9, 20, 20))
    assert room.take(Box(10, 0, 20, 10))
    assert not room.take(Box(12, 2, 13, 3))
    assert room.bounds() == Box(0, 0, 20, 10)


def sides(statements: list[Statement], *names: str) -> list[Side]:
    actors = {actor.name: actor.id for s in statements for actor in (s.subject, s.object) if actor}
    return [Side(name, frozenset({actors[name]})) for name in names]


def turned() -> list[Statement]:
    """Ada for Ben, then against him; he neither, and planned to be for her."""
    stated = parse("Ada supports Ben\nAda criticizes Ben\nBen requests Ada\nBen aids Ada | planned")
    days = ["2025-01-10", "2025-03-20", "2025-02-01", "2025-04-05"]
    return [replace(s, document=replace(s.document, published=day)) for s, day in zip(stated, days, strict=True)]


def test_a_timeline_has_a_mark_for_each_statement_and_flags_for_changes() -> None:
    statements = turned()
    shown = timeline(statements, *sides(statements, "Ada", "Ben"))
    marks = titled(shown, {"rect", "circle"})
    assert len(marks) == 4
    above = {name_of(mark): float(mark.attrib["y"]) for mark in marks if "y" in mark.attrib}
    first, second = (next(y for name, y in above.items() if name.startswith(f"Ada {kind}"))
                     for kind in (statements[0].predicate, statements[1].predicate))
    assert first < second
    assert [mark.tag for mark in marks].count(f"{SVG}circle") == 1
    assert len(shifts(statements)) == texts(shown).count("turns against") == 1
    assert "Ada → Ben" in texts(shown)
    assert {"Feb 2025", "Mar", "Apr"} <= set(texts(shown))


def test_a_timeline_leaves_out_what_has_no_date_and_what_is_no_date() -> None:
    statements = turned()
    odd = [replace(statements[0], document=replace(statements[0].document, published=day)) for day in (None, "soon")]
    shown = timeline([*odd, statements[1]], *sides(statements, "Ada", "Ben"))
    assert len(titled(shown, {"rect", "circle"})) == 1


@pytest.mark.slow
@pytest.mark.parametrize("level", list(Level))
def test_no_label_covers_another_in_a_browser(visit: Visit, tmp_path: Path, level: Level) -> None:
    for number, statements in enumerate((cases(), crowd())):
        target = tmp_path / f"{number}.html"
        target.write_text(f"<!doctype html><meta charset=utf-8>{picture(statements, level).svg}", encoding="utf-8")
        page = visit(file_address(target), ready="svg")
        boxes: list[dict[str, Any]] = page.evaluate(_BOXES)
        assert len(boxes) > 8
        assert [(a["text"], b["text"]) for a, b in combinations(boxes, 2) if meet(a, b)] == []
        assert all(box["inside"] for box in boxes)


def crowd() -> list[Statement]:
    """Sixty actors with names of many lengths, close together."""
    chance = random.Random(7)  # noqa: S311 - a test
    names = ["Minister_of_Foreign_Affairs_"[:chance.randint(3, 28)] + str(number) for number in range(60)]
    pairs = [chance.sample(names, 2) for _ in range(150)]
    return [replace(s, subject=spaced(s.subject), object=spaced(s.object)) for s in parse("\n".join(
        f"{a} {chance.choice(['supports', 'criticizes', 'requests'])} {b}" for a, b in pairs))]


def spaced(actor: Entity | None) -> Entity | None:
    return actor and replace(actor, name=actor.name.replace("_", " "))


def meet(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether letters of two labels have a point in common."""
    return bool(a["x"] < b["x"] + b["width"] and b["x"] < a["x"] + a["width"]
                and a["y"] < b["y"] + b["height"] and b["y"] < a["y"] + a["height"])


# Where the letters of each label stand: as wide as drawn, as high as letters without accents are.
_BOXES = """() => [...document.querySelectorAll('text')].map((text) => {
  const { x, y, width, height } = text.getBBox();
  const frame = text.ownerSVGElement.viewBox.baseVal;
  return { text: text.textContent, x, width, y: y + height * 0.12, height: height * 0.76,
    inside: x >= frame.x && x + width <= frame.x + frame.width && y + height <= frame.y + frame.height };
})"""
