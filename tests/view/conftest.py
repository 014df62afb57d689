"""What the tests of the page share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from kg.records import Statement
from kg.view.page import write_page
from playwright.sync_api import Page
from tests.browser import Visit, file_address
from tests.queries.cases import cases


@pytest.fixture
def open_page(visit: Visit, tmp_path: Path) -> Callable[..., Page]:
    """Opens the page of some statements, by default the small graph; ``options`` are those of a visit."""

    def opened(statements: Iterable[Statement] | None = None, fragment: str = "", title: str = "Freedonia",
               **options: Any) -> Page:
        page = write_page(cases() if statements is None else statements, tmp_path / "graph.html", title)
        return visit(file_address(page, fragment), **options)

    return opened
