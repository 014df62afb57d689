"""What static pictures are made of: the page's colours, the width of words, room for labels, elements as text.

A picture is one SVG element that shows alike as an image, inside a page and in a viewer: it has its own ground, so that
it reads on light and dark, no script, style sheet, id or address, and words only as escaped text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from kg import display, resources
from kg.view.page import save

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FONT = "'Helvetica Neue',Helvetica,Arial,'Liberation Sans','Noto Sans',sans-serif"
LONGEST = 32  #: signs of a label

# Widths in DejaVu Sans, the widest of the fonts that browsers fall back to, in parts of the size.
_WIDTHS = {sign: width for signs, width in (
    ("ijl'|` .,:;!/\\()[]-I", 0.36), ("frtJ", 0.42), ("ckszvxy\"*{}", 0.59), ("mMW%@", 1.0), ("w&+<=>OQ", 0.84),
    ("ABCDEFGHKLNPRSTUVXYZ", 0.73)) for sign in signs}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Picture:
    """A static picture: Jupyter, GitHub and exported notebooks show it, and it stays in the saved file."""

    svg: str = field(repr=False)
    summary: str

    def save(self, target: Path | str) -> Path:
        """Write the picture to an SVG file.

        Raises
        ------
        UsageError
            If the folder does not exist or cannot be written to.
        """
        return save(self.svg + "\n", target, "picture")

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<Picture: {self.summary}; trust the notebook, or run the cell, to see it>"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a picture, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, half: float, high: float) -> Box:
        """Give the box of a middle, half a width and half a height."""
        return cls(x - half, y - high, x + half, y + high)

    def meets(self, other: Box) -> bool:
        """Say whether two boxes have a point in common."""
        return (self.left < other.right and other.left < self.right
                and self.top < other.bottom and other.top < self.bottom)


class Room:
    """The places of a picture that are taken."""

    def __init__(self, taken: Iterable[Box] = ()) -> None:
        self.taken = list(taken)

    def take(self, box: Box) -> bool:
        """Take a place, and say whether it was free."""
        free = not any(box.meets(other) for other in self.taken)
        if free:
            self.taken.append(box)
        return free

    def bounds(self) -> Box:
        """Give the box of all that is taken."""
        return Box(min(b.left for b in self.taken), min(b.top for b in self.taken),
                   max(b.right for b in self.taken), max(b.bottom for b in self.taken))


@cache
def colours() -> dict[str, str]:
    """Read the page's colours for light ground from its style sheet: ``for``, ``against``, ``type-person``, ..."""
    sheet = (resources.data("view", "web") / "page.css").read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+): (#\w+);", sheet[:sheet.index("}")]))


def shortened(text: str, longest: int = LONGEST) -> str:
    """Cut a label that is too long, on one line, hidden controls by their number."""
    signs = " ".join(_NOT_XML.sub("\ufffd", display.visible(text)).split())
    return f"{signs[:longest - 1]}…" if len(signs) > longest else signs


def width(text: str, size: float) -> float:
    """Tell how wide a text, or its longest line, is at most in the usual fonts."""
    return size * max(sum(map(_width, line)) for line in text.split("\n"))


def _width(sign: str) -> float:
    if sign in _WIDTHS:
        return _WIDTHS[sign]
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.05
    return 0.64 if sign.isascii() else 0.75 if sign.islower() or sign.isdigit() else 0.9


def element(tag: str, *children: str, **attributes: str | float | None) -> str:
    """Write an element; ``_`` in names of attributes stands for ``-``, None leaves one out."""
    given = "".join(f' {name.replace("_", "-")}="{_written(value)}"' for name, value in attributes.items()
                    if value is not None)
    return f"<{tag}{given}>{''.join(children)}</{tag}>" if children else f"<{tag}{given}/>"


def words(text: str) -> str:
    """Write text inside an element."""
    return escape(_NOT_XML.sub("\ufffd", display.visible(text)))


def label(text: str, box: Box, size: float, colour: str, weight: int = 400, anchor: str = "middle") -> str:
    """Write a label, in as many lines as it has, into its place, with the ground around its letters."""
    x = {"start": box.left, "middle": (box.left + box.right) / 2, "end": box.right}[anchor]
    lines = text.split("\n")
    high = (box.bottom - box.top) / len(lines)
    rows = [element("tspan", words(line), x=x, y=box.top + high * (at + 0.5) + size * 0.35)
            for at, line in enumerate(lines)]
    return element("text", *rows, font_size=size, font_weight=weight, fill=colour, text_anchor=anchor,
                   stroke=colours()["ground"], stroke_width=round(size / 3.2, 1), stroke_linejoin="round",
                   paint_order="stroke")


def halves(text: str) -> str:
    """Break a label into two lines at the space next to its middle, if it has one."""
    spaces = [at for at, sign in enumerate(text) if sign == " "]
    if not spaces:
        return text
    at = min(spaces, key=lambda at: abs(at - len(text) / 2))
    return f"{text[:at]}\n{text[at + 1:]}"


def anchor(box: Box, x: float) -> str:
    """Say where a label begins that names what is at ``x``: beside it, or above or below it."""
    return "start" if box.left > x else "end" if box.right < x else "middle"


def picture(content: Iterable[str], frame: Box, summary: str) -> Picture:
    """Put elements on a ground of their own.

    A width and height of its own would make JupyterLab cut the picture off where its cell ends.
    """
    wide, high = round(frame.right - frame.left), round(frame.bottom - frame.top)
    ground = element("rect", x=frame.left, y=frame.top, width=wide, height=high, rx=10, fill=colours()["ground"])
    lines = "\n".join((element("title", words(summary)), ground, *filter(None, content)))
    svg = element(
        "svg", lines, xmlns="http://www.w3.org/2000/svg", role="img",
        viewBox=f"{_written(frame.left)} {_written(frame.top)} {wide} {high}", font_family=FONT,
        style=f"max-width:{wide}px")
    return Picture(svg, summary)


def _written(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else f"{round(value, 2):g}"
