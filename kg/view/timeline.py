"""What is stated between two actors over time, as a static picture: a lane for each direction, as on the page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kg.analysis.change import shifts
from kg.view import svg
from kg.view.svg import Box, Picture, Room

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from kg.analysis.change import Shift
    from kg.records import Statement

_WIDE, _LEFT, _BAR, _UNIT = 900.0, 70.0, 10.0, 30.0  # pixels: chart, names of its sides, a bar, one of confidence 1
_SIZE = 11.5
_SIGNS = {1: "for", 0: "neither", -1: "against"}


@dataclass(frozen=True, slots=True)
class Side:
    """One of two sides: what it is called, and the ids of its actors, as a country and its government."""

    name: str
    actors: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Lane:
    start: Side
    end: Side
    days: dict[date, list[Statement]]
    turns: list[Shift]


def timeline(statements: Iterable[Statement], one: Side, other: Side) -> Picture:
    """Draw the statements that relate two sides, by the dates of their articles.

    For stands above the line of its lane and against below it, the taller the surer; dots are neither, hollow ones not
    actual or negated. Flags mark changes of position (:func:`kg.analysis.change.shifts`).

    Parameters
    ----------
    statements
        Any iterable; read once, not changed. Those without a date are left out.
    one, other
        The two sides.

    Returns
    -------
    Picture
        Equal input gives an equal picture.
    """
    held = list(statements)
    lanes = [_lane(held, start, end) for start, end in ((one, other), (other, one))]
    days = sorted({day for lane in lanes for day in lane.days})
    if not days:
        summary = f"nothing is stated between {one.name} and {other.name}"
        box = Box(0, 0, svg.width(summary, 14) + 40, 44)
        return svg.picture([svg.label(summary, box, 14, svg.colours()["soft"])], box, summary)
    axis = _Axis(days[0], days[-1])
    content, top = [], 26.0
    for lane in lanes:
        drawn, top = _drawn(lane, axis, top)
        content += drawn
    content = [*axis.lines(26.0, top), *content, *_key(top + 32)]
    count = sum(len(column) for lane in lanes for column in lane.days.values())
    return svg.picture(content, Box(0, 0, _LEFT + _WIDE + 40, top + 50),
                       f"{one.name} and {other.name}, {count} statements from {days[0]} to {days[-1]}")


def _lane(statements: Iterable[Statement], start: Side, end: Side) -> _Lane:
    days: dict[date, list[Statement]] = defaultdict(list)
    for statement in statements:
        day = _day(statement)
        if day and statement.predicate and _is_of(statement, start.actors, end.actors):
            days[day].append(statement)
    return _Lane(start, end, days, shifts(s for column in days.values() for s in column))


def _is_of(statement: Statement, start: AbstractSet[str], end: AbstractSet[str]) -> bool:
    return bool(statement.subject and statement.object and statement.subject.id in start and statement.object.id in end)


def _day(statement: Statement) -> date | None:
    try:
        return date.fromisoformat((statement.document.published or "")[:10])
    except ValueError:
        return None


def _sign(statement: Statement) -> int:
    return 0 if statement.negated else statement.polarity or 0


@dataclass(frozen=True, slots=True)
class _Axis:
    """Days from left to right, and the months that it names."""

    first: date
    last: date

    def at(self, day: date) -> float:
        span = (self.last - self.first).days
        return _LEFT + 20 + (_WIDE - 40) * ((day - self.first).days / span if span else 0.5)

    def lines(self, top: float, bottom: float) -> list[str]:
        colours, room = svg.colours(), Room()
        result: list[str] = []
        for day in self.named():
            form = "%d %b %Y" if day.day > 1 else "%b %Y" if not result or day.month == 1 else "%b"
            x, text = self.at(day), f"{day:{form}}".lstrip("0")
            box = Box.around(x, bottom + 10, svg.width(text, _SIZE) / 2 + 4, 8)
            if room.take(box):
                result += [svg.element("path", d=f"M{x:.1f} {top}V{bottom}", stroke=colours["line"]),
                           svg.label(text, box, _SIZE, colours["soft"])]
        return result

    def named(self) -> Sequence[date]:
        """The first days of months; where they are not several, the first and the last day."""
        begin, end = self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month - 1
        found = [date(month // 12, month % 12 + 1, 1) for month in range(begin, end + 1)]
        within = [day for day in found if self.first <= day <= self.last]
        return within if len(within) > 1 else sorted({self.first, self.last})


def _drawn(lane: _Lane, axis: _Axis, top: float) -> tuple[list[str], float]:
    """Draw a lane below ``top``; give its elements and where it ends."""
    colours = svg.colours()
    title = Box(0, top, _LEFT + _WIDE, top + 18)
    head = svg.label(f"{lane.start.name} → {lane.end.name}", Box(14, title.top, title.right, title.bottom), 13.5,
                     colours["ink"], 600, "start")
    columns, flags = _columns(lane, axis), 20 if lane.turns else 4
    tallest = {sign: max((sum(s.confidence for s in column if _sign(s) == sign) for _, column in columns), default=0.0)
               for sign in (1, -1)}
    zero = top + 22 + flags + max(tallest[1] * _UNIT, 24) + 8
    end = zero + 8 + max(tallest[-1] * _UNIT, 24) + 14
    content = [head, svg.element("path", d=f"M{_LEFT} {zero:.1f}h{_WIDE}", stroke=colours["soft"], stroke_width=1)]
    content += [svg.label(text, Box(14, y - 8, _LEFT, y + 8), _SIZE, colours[sign], anchor="start")
                for sign, text, y in (("for", "for", zero - 18), ("against", "against", zero + 18))]
    for turn in lane.turns:
        content += _flag(turn, axis, top + 26, end - 14)
    for x, column in columns:
        content += _stacked(x, zero, column)
    return content, end


def _columns(lane: _Lane, axis: _Axis) -> list[tuple[float, list[Statement]]]:
    """Let days that lie too near to be drawn beside each other share a column."""
    columns: list[tuple[float, list[Statement]]] = []
    for day, statements in sorted(lane.days.items()):
        x = axis.at(day)
        if columns and x - columns[-1][0] < _BAR + 1:
            columns[-1][1].extend(statements)
        else:
            columns.append((x, list(statements)))
    return columns


def _flag(turn: Shift, axis: _Axis, top: float, end: float) -> list[str]:
    sign = "for" if turn.after > 0 else "against"
    x, colour, text = axis.at(date.fromisoformat(turn.first)), svg.colours()[sign], f"turns {sign}"
    wide = svg.width(text, _SIZE)
    left = x + 4 if x + wide < _LEFT + _WIDE else x - 4 - wide
    box = Box(left, top, left + wide, top + 14)
    return [svg.element("path", d=f"M{x:.1f} {top}V{end:.1f}", stroke=colour, stroke_dasharray="3 3"),
            svg.label(text, box, _SIZE, colour, 600, svg.anchor(box, x))]


def _stacked(x: float, zero: float, column: list[Statement]) -> list[str]:
    content, heights = [], {1: 8.0, -1: 8.0}
    neither = [s for s in column if not _sign(s)]
    for at, statement in enumerate(neither):
        dx = (at - (len(neither) - 1) / 2) * 8
        content.append(svg.element("circle", _told(statement), cx=x + dx, cy=zero, r=3.6,
                                   **_painted(statement, "neither")))
    for statement in sorted(column, key=lambda s: -s.confidence):
        if sign := _sign(statement):
            tall = statement.confidence * _UNIT
            y = zero - heights[sign] - tall if sign > 0 else zero + heights[sign]
            heights[sign] += tall
            content.append(svg.element(
                "rect", _told(statement), x=x - _BAR / 2, y=y + 0.5, width=_BAR,
                height=max(tall - 1, 1), rx=2, **_painted(statement, _SIGNS[sign])))
    return content


def _painted(statement: Statement, sign: str) -> dict[str, str | float | None]:
    colours = svg.colours()
    real = statement.modality == "actual" and not statement.negated
    return {"fill": colours[sign] if real else colours["ground"], "stroke": colours[sign], "stroke_width": 1.4}


def _told(statement: Statement) -> str:
    modality = "" if statement.modality == "actual" else f" ({statement.modality})"
    names = [actor.name if actor else "" for actor in (statement.subject, statement.object)]
    said = f"{names[0]} {'not: ' if statement.negated else ''}{statement.predicate}{modality} {names[1]}"
    text = f"{said}. {statement.evidence.text}" if statement.evidence else said
    return svg.element("title", svg.words(text))


def _key(y: float) -> list[str]:
    colours, x, content = svg.colours(), 14.0, []
    hollow = {"fill": colours["ground"], "stroke_width": 1.4}
    for text, sign in (
            ("the taller, the surer", {"fill": colours["for"], "stroke": colours["for"]}),
            ("not actual, or negated", {"stroke": colours["for"], **hollow}),
            ("neither for nor against", None)):
        content.append(svg.element("circle", cx=x + 5, cy=y, r=3.6, fill=colours["neither"]) if sign is None
                       else svg.element("rect", x=x, y=y - 7, width=_BAR, height=14, rx=2, **sign))
        box = Box(x + 16, y - 8, x + 16 + svg.width(text, _SIZE), y + 8)
        content.append(svg.label(text, box, _SIZE, colours["soft"], anchor="start"))
        x = box.right + 18
    return content
