"""The graph as a static picture, drawn from the positions, shapes, colours and line styles of the page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.analysis.network import Level
from kg.view import svg
from kg.view.page import SHAPES, drawing
from kg.view.payload import Tables, rolled_up, standing_for, tables
from kg.view.svg import Box, Picture, Room

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.records import Statement

Json = dict[str, Any]
Point = tuple[float, float]

MOST = 40  #: actors that a picture shows, those with most statements
_WIDE, _HIGH = 920.0, 720.0  # pixels between the outermost actors, at most
_LINE_LABEL = 11.0  # size of what a line says
_POLARITIES = {1: "for", 0: "neither", -1: "against"}


@dataclass(frozen=True, slots=True)
class _Node:
    number: int
    name: str
    type: str
    speaks: bool
    x: float
    y: float
    size: float

    @property
    def box(self) -> Box:
        return Box.around(self.x, self.y, self.size + 2, self.size + 2)


def picture(statements: Iterable[Statement], by: Level | str = Level.ACTOR, most: int = MOST) -> Picture:
    """Draw the graph of statements as a picture that stays in the saved notebook.

    Parameters
    ----------
    statements
        Any iterable; read once, not changed.
    by
        ``"actor"``, ``"government"`` or ``"country"``: what a node stands for.
    most
        How many nodes are drawn, those with most statements.

    Returns
    -------
    Picture
        Equal input gives an equal picture.
    """
    found, level = tables(statements), Level(by)
    of = None if level is Level.ACTOR else rolled_up(found, level)
    net = drawing(found, most, of)
    speakers = {standing_for(row, "speaker", of) for row in found.statements}
    nodes = _placed(found, [node for node in net.nodes if "later" not in node], speakers)
    edges = [edge for edge in net.edges if edge["from"] in nodes and edge["to"] in nodes]
    room, named = Room(node.box for node in nodes.values()), []
    for node in nodes.values():
        named.append(_named(node, room))
    lines = [_line(found, edge, nodes) for edge in sorted(edges, key=lambda edge: not edge.get("voice"))]
    told = [text for edge in sorted(edges, key=lambda edge: -len(edge["statements"]))
            if (text := _told(found, edge, nodes, room))]
    for edge in edges:
        if edge["from"] == edge["to"]:
            node, loop = nodes[edge["from"]], _loop(nodes[edge["from"]], edge)
            room.taken.append(Box(node.x, node.y - 2.2 * loop, node.x + 2 * loop, node.y))
    frame = room.bounds() if room.taken else Box(-200, -40, 200, 40)
    shown = f"{len(nodes)} of {len(net.nodes)}" if len(nodes) < len(net.nodes) else str(len(nodes))
    summary = f"{shown} {_PLURALS[level]}, {len(found.statements)} statements"
    legend, frame = _legend(nodes.values(), frame, shown if len(nodes) < len(net.nodes) else "")
    return svg.picture([*lines, *map(_shape, nodes.values()), *told, *named, *legend], frame, summary)


_PLURALS = {Level.ACTOR: "actors", Level.GOVERNMENT: "actors and governments", Level.COUNTRY: "actors and countries"}


def _placed(found: Tables, drawn: list[Json], speakers: set[int | None]) -> dict[int, _Node]:
    """Bring the positions of the page to the size of the picture, heaviest first."""
    across, down = ([node[axis] for node in drawn] or [0.0] for axis in "xy")
    scale = min(1.4, _WIDE / max(max(across) - min(across), 1.0), _HIGH / max(max(down) - min(down), 1.0))
    return {node["id"]: _Node(
        node["id"], svg.shortened(actor["name"] or actor["id"]), actor["type"], node["id"] in speakers,
        node["x"] * scale, node["y"] * scale, max(node["size"] * scale, 4.0))
        for node in drawn for actor in [found.actors[node["id"]]]}


def _named(node: _Node, room: Room) -> str:
    """Name a node at the first free place around it, with a thin line to one that lies apart.

    A node that finds none is named when pointed at.
    """
    size, ink = round(12.5 + node.size / 9, 1), svg.colours()["ink"]
    forms = dict.fromkeys((node.name, svg.halves(node.name)))
    for gap in (0.0, 0.3, 0.8, 1.6, 2.6, 3.8):
        for text, box in ((form, box) for form in forms for box in _around(node, form, size, gap)):
            if room.take(box):
                dx = min(max(node.x, box.left), box.right) - node.x
                dy = min(max(node.y, box.top), box.bottom) - node.y
                rim = node.size / math.hypot(dx, dy)
                apart = svg.element("path", d=f"M{_at((node.x + dx * rim, node.y + dy * rim))}"
                                              f"L{_at((node.x + dx, node.y + dy))}", stroke=ink, stroke_width=0.7)
                return apart * (gap > 1) + svg.label(text, box, size, ink, 500, svg.anchor(box, node.x))
    return ""


def _around(node: _Node, text: str, size: float, gap: float) -> Iterator[Box]:
    """Give the places for a name below, above and beside a node, at a distance in parts of its size."""
    half, high = svg.width(text, size) / 2 + 1, size * 0.6 * (1 + text.count("\n"))
    away = gap * size
    down, side, slant = node.size + high + 2 + away, node.size + half + 4 + away, node.size * 0.75 + away
    for dx, dy in ((0, down), (0, -down), (side, 0), (-side, 0), (slant + half, slant + high),
                   (-slant - half, slant + high), (slant + half, -slant - high), (-slant - half, -slant - high)):
        yield Box.around(node.x + dx, node.y + dy, half, high)


def _line(found: Tables, edge: Json, nodes: dict[int, _Node]) -> str:
    """Draw an edge as on the page: colour and end by attitude, width by count, dashes by modality, paler if unsure."""
    rows = [found.statements[number] for number in edge["statements"]]
    voice, kind = bool(edge.get("voice")), _kind(edge, rows)
    width = 1.0 if voice else 1.4 + 1.1 * math.log2(len(rows))
    colour, sure = svg.colours()[kind], max(row["confidence"] for row in rows)
    long = 15 * (0.35 if voice else 0.55) + 2 * width
    path, tip, angle = _path(nodes[edge["from"]], nodes[edge["to"]], edge, long * 0.9 if kind == "for" else 0.0)
    about = f"{found.actors[edge['from']]['name']} {_says(edge, rows)} {found.actors[edge['to']]['name']}"
    return svg.element(
        "g", svg.element("title", svg.words(about)),
        svg.element("path", d=path, stroke=colour, stroke_width=width, fill="none",
                    stroke_dasharray=_dashes(edge, rows)),
        _ended(kind, tip, angle, long, width), opacity=0.6 if voice else round(0.35 + 0.65 * sure, 2))


def _kind(edge: Json, rows: list[Json]) -> str:
    if edge.get("voice"):
        return "voice"
    return _POLARITIES[0 if rows[0].get("negated") else rows[0].get("polarity", 0)]


def _shared(rows: list[Json], key: str) -> Any:
    """Give what all statements of an edge share: at higher levels, it merges several relations of one attitude."""
    values = {row.get(key) for row in rows}
    return values.pop() if len(values) == 1 else None


def _dashes(edge: Json, rows: list[Json]) -> str | None:
    if edge.get("voice"):
        return "1 5"
    return "2 4" if _shared(rows, "negated") else "8 5" if _shared(rows, "modality") else None


def _says(edge: Json, rows: list[Json]) -> str:
    if edge.get("voice"):
        return "speaks of"
    said, modality = _shared(rows, "predicate") or _MERGED[_kind(edge, rows)], _shared(rows, "modality")
    return (("not: " if _shared(rows, "negated") else "") + said + (f" ({modality})" if modality else "")
            + (f" ×{len(rows)}" if len(rows) > 1 else ""))


_MERGED = {"for": "for", "against": "against", "neither": "of"}  # what an edge of several relations says


def _told(found: Tables, edge: Json, nodes: dict[int, _Node], room: Room) -> str:
    """Write what an edge says at its middle, if there is room."""
    if edge.get("voice"):
        return ""
    rows = [found.statements[number] for number in edge["statements"]]
    text = _says(edge, rows)
    x, y = _point(nodes[edge["from"]], nodes[edge["to"]], edge, 0.25 if edge["from"] == edge["to"] else 0.5)
    box = Box.around(x, y, svg.width(text, _LINE_LABEL) / 2 + 1, _LINE_LABEL * 0.6)
    return svg.label(text, box, _LINE_LABEL, svg.colours()[_kind(edge, rows)]) if room.take(box) else ""


def _bend(start: _Node, end: _Node, edge: Json) -> Point:
    """Give the control point of an edge: vis-network's ``curvedCW``."""
    roundness = edge.get("bend", 0.0)
    reach = (roundness + 1) / 2
    angle = math.atan2(start.y - end.y, end.x - start.x) + (roundness / 2 + 0.5) * math.pi
    far = math.hypot(end.x - start.x, end.y - start.y) * reach
    return start.x + far * math.sin(angle), start.y + far * math.cos(angle)


def _loop(node: _Node, edge: Json) -> float:
    """Size the loop of an edge that ends where it begins; several on one node are of several sizes."""
    return (node.size * 0.75 + 9) * float(1 + 2 * edge.get("bend", 0.0))


def _point(start: _Node, end: _Node, edge: Json, t: float) -> Point:
    if start is end:
        loop = start.size * 0.75 + 9
        angle = 2 * math.pi * t + math.pi
        return start.x + loop + loop * math.cos(angle), start.y - start.size + loop * math.sin(angle)
    bx, by = _bend(start, end, edge)
    a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
    return a * start.x + b * bx + c * end.x, a * start.y + b * by + c * end.y


def _path(start: _Node, end: _Node, edge: Json, short: float) -> tuple[str, Point, float]:
    """Give the path of an edge, the point where it meets the rim of its end, and its direction there.

    The path stops ``short`` of that point, to leave it to an arrow.
    """
    if start is end:
        loop = _loop(start, edge)
        tip, back = (loop * 0.3, -start.size), (loop * 0.3 + 1, -start.size - max(short, 1))
        path = f"M{_at((start.x, start.y))}c{_at((loop * 3, -loop * 0.4))} {_at((loop * 0.6, -loop * 3.4))} {_at(back)}"
        return path, (start.x + tip[0], start.y + tip[1]), math.atan2(tip[1] - back[1], tip[0] - back[0])

    def until(distance: float) -> Point:
        low, high = 0.0, 1.0
        for _ in range(24):
            middle = (low + high) / 2
            x, y = _point(start, end, edge, middle)
            low, high = (middle, high) if math.hypot(end.x - x, end.y - y) > distance else (low, middle)
        return _point(start, end, edge, low)

    tip, back = until(end.size + 2), until(end.size + 2 + max(short, 6))
    path = f"M{_at((start.x, start.y))}Q{_at(_bend(start, end, edge))} {_at(back if short else tip)}"
    return path, tip, math.atan2(tip[1] - back[1], tip[0] - back[0])


def _ended(kind: str, tip: Point, angle: float, long: float, width: float) -> str:
    """End a line so that attitude is told without colours too: for with an arrow, against with a bar, else open."""
    def beside(turn: float, far: float = long) -> str:
        return _at((tip[0] - far * math.cos(angle + turn), tip[1] - far * math.sin(angle + turn)))

    colour = svg.colours()[kind]
    if kind == "for":
        return svg.element("path", d=f"M{_at(tip)}L{beside(0.34)} {beside(-0.34)}z", fill=colour)
    if kind == "against":
        bar = f"M{beside(math.pi / 2, long * 0.55)}L{beside(-math.pi / 2, long * 0.55)}"
        return svg.element("path", d=bar, stroke=colour, stroke_width=width + 1)
    return svg.element("path", d=f"M{beside(0.5)}L{_at(tip)} {beside(-0.5)}", stroke=colour,
                       stroke_width=max(width * 0.8, 1.0), fill="none")


def _shape(node: _Node) -> str:
    colours = svg.colours()
    colour = colours[f"type-{node.type.lower()}"]
    style = {"fill": colour if node.speaks else colours["ground"], "stroke": colour, "stroke_width": 2}
    return _glyph(SHAPES[node.type], node.x, node.y, node.size, style, svg.element("title", svg.words(node.name)))


def _glyph(shape: str, x: float, y: float, size: float, style: dict[str, Any], *children: str) -> str:
    """Draw a shape of vis-network."""
    if shape == "dot":
        return svg.element("circle", *children, cx=x, cy=y, r=size, **style)
    corners, radius, turn = {"square": (4, math.sqrt(2), 0.125), "diamond": (4, 1.0, 0.0), "hexagon": (6, 1.0, 0.25),
                             "triangle": (3, 1.33, 0.0), "triangleDown": (3, 1.33, 0.5), "star": (10, 1.07, 0.0)}[shape]
    y += {"triangle": 0.28, "triangleDown": -0.28, "star": 0.1}.get(shape, 0.0) * size
    points = []
    for number in range(corners):
        angle = 2 * math.pi * (number / corners + turn)
        far = size * radius * (0.385 if shape == "star" and number % 2 else 1.0)
        points.append((x + far * math.sin(angle), y - far * math.cos(angle)))
    return svg.element("polygon", *children, points=" ".join(map(_at, points)), **style)


def _at(point: Point) -> str:
    return f"{round(point[0], 1):g},{round(point[1], 1):g}"


def _legend(nodes: Iterable[_Node], frame: Box, shown: str) -> tuple[list[str], Box]:
    """Explain shapes and strokes below the picture; give the frame of both."""
    colours, size = svg.colours(), 12.0
    frame = Box(frame.left - 22, frame.top - 18, max(frame.right, frame.left + 520) + 22, frame.bottom + 34)
    types = [kind for kind in SHAPES if kind in {node.type for node in nodes}]
    entries: list[tuple[str, Any]] = [
        *((_TYPE_NAMES.get(kind, kind.lower()), ("glyph", kind)) for kind in types),
        ("not quoted", ("glyph", None)), ("for", ("for", None)), ("against", ("against", None)),
        ("neither", ("neither", None)), ("not actual", ("neither", "8 5")), ("negated", ("neither", "2 4")),
        ("speaks of", ("voice", "1 5")), ("pale: unsure", ("pale", None))]
    if shown:
        entries.append((f"{shown} actors, those with most statements", None))
    content, x, y = [], frame.left + 22, frame.bottom
    for text, sign in entries:
        long = svg.width(text, size) + (30 if sign else 0)
        if x + long > frame.right - 18 and x > frame.left + 22:
            x, y = frame.left + 22, y + 21
        box = Box(x + (30 if sign else 0), y - size / 2, x + long, y + size / 2)
        content += [*_sign(sign, x, y), svg.label(text, box, size, colours["soft"], anchor="start")]
        x += long + 16
    return content, Box(frame.left, frame.top, frame.right, y + 22)


_TYPE_NAMES = {"ArmedGroup": "armed group"}


def _sign(sign: tuple[str, str | None] | None, x: float, y: float) -> list[str]:
    colours = svg.colours()
    if sign is None:
        return []
    kind, style = sign
    if kind == "glyph":
        colour = colours[f"type-{style.lower()}"] if style else colours["soft"]
        fill = {"fill": colour if style else "none", "stroke": colour, "stroke_width": 1.6}
        return [_glyph(SHAPES[style] if style else "dot", x + 11, y, 6.5, fill)]
    pale, kind = kind == "pale", "for" if kind == "pale" else kind
    line = svg.element("path", d=f"M{_at((x, y))}h{20 if kind == 'for' else 23}", stroke=colours[kind],
                       stroke_width=2, stroke_dasharray=style)
    return [svg.element("g", line, _ended(kind, (x + 24, y), 0.0, 8.0, 2.0), opacity=0.45 if pale else None)]
