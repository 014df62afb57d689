"""The pictures in the README: the sample's pages, and a cell of a notebook, as Chromium shows them.

    python -m tests.screenshots [NAME ...] [--to data]

They look as in the README where Noto's fonts are installed (Debian: fonts-noto-core).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli import cli
from tests.browser import READY, file_address, launched
from tests.readme import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCALE = 1.3
MOST = 350_000  # bytes, which a README can bear


def page_of(*arguments: str) -> Callable[[Path], Path]:
    """Have ``kg view`` write a page of the built sample."""

    def written(out: Path) -> Path:
        target = out / "picture.html"
        cli.main(["view", str(out), *arguments, "--to", str(target)], standalone_mode=False)
        return target

    return written


def cells_of(notebook: str, *beginnings: str) -> Callable[[Path], Path]:
    """Export the cells of a notebook that begin so, with the outputs that are in its file."""

    def written(out: Path) -> Path:
        import nbformat
        from nbconvert import HTMLExporter

        book = nbformat.read(ROOT / "notebooks" / notebook, as_version=4)
        book.cells = [cell for cell in book.cells if cell.source.startswith(beginnings)]
        if len(book.cells) != len(beginnings) or not all(cell.outputs for cell in book.cells):
            raise SystemExit(f"{notebook}: not all of these cells are there, with outputs: {', '.join(beginnings)}")
        target = out / "cells.html"
        target.write_text(HTMLExporter().from_notebook_node(book)[0], encoding="utf-8")
        return target

    return written


def close_filters(page: Page) -> None:
    """Leave the room to what is shown."""
    if page.locator("#filters").is_visible():
        page.locator("#filter-toggle").click()


def select_an_edge(page: Page) -> None:
    """Open what Zelenskyy has against Trump, among those who are tied to him."""
    close_filters(page)
    page.locator("#panel .rank", has_text="Volodymyr Zelenskyy").first.click()
    page.get_by_role("button", name="One step").click()
    page.locator("#panel .line", has_text="criticizes Donald Trump").first.click()


@dataclass(frozen=True)
class Picture:
    """What is shown, at which size, after which steps."""

    page: Callable[[Path], Path]
    width: int
    height: int
    steps: Callable[[Page], None] = lambda page: None
    ready: str = READY


PICTURES = {
    "graph": Picture(page_of(), 1120, 740, select_an_edge),
    "pair": Picture(page_of("--pair", "Donald Trump", "Volodymyr Zelenskyy"), 1000, 760, close_filters),
    "article": Picture(page_of("--document", "greenland-rejects-claim-2025-03-30"), 1120, 740, close_filters),
    "cell": Picture(cells_of("01_read_an_article.ipynb", "graph = kg.StatementGraph", "next(s for s in agreed"),
                    1000, 740, ready=".jp-OutputArea-output"),
}


def take(browser: Browser, picture: Picture, out: Path, target: Path) -> None:
    """Write a picture of a page of the sample that was built in ``out``."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height}, device_scale_factor=SCALE, color_scheme="light",
        reduced_motion="reduce", offline=True)
    page = context.new_page()
    page.goto(file_address(picture.page(out)))
    page.locator(picture.ready).first.wait_for(state="attached")
    picture.steps(page)
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)
    page.locator("body").screenshot(path=target)
    context.close()
    if target.stat().st_size > MOST:
        raise SystemExit(f"{target}: {target.stat().st_size} bytes are too many for a README; make the picture smaller")


def main() -> None:
    """Build the sample and write the pictures asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ({', '.join(PICTURES)}); by default all")
    parser.add_argument("--to", type=Path, default=ROOT / "data", help="folder for the pictures")
    args = parser.parse_args()
    if unknown := set(args.names) - set(PICTURES):
        parser.error(f"no picture is called {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as place, launched() as browser:
        out = Path(place) / "out"
        cli.main(["build", str(ROOT / "data" / "sample"), "--out", str(out)], standalone_mode=False)
        for name in args.names or PICTURES:
            take(browser, PICTURES[name], out, args.to / f"{name}.png")


if __name__ == "__main__":
    main()
