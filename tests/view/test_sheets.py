"""What both sheets owe to readers who see, hear or move otherwise, in Chromium."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from kg.view import pages
from kg.view.page import write_html
from tests.analysis.notation import ident
from tests.browser import DESKTOP, PHONE, Visit, file_address
from tests.view.test_article import ARTICLE, found
from tests.view.test_pair import story

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
@pytest.mark.parametrize("sheet", ["pair", "article"])
def test_axe_finds_no_serious_fault(
    visit: Visit, tmp_path: Path, sheet: str, scheme: Literal["light", "dark"], viewport: dict[str, int]
) -> None:
    html = pages.pair(story(), [ident("Ada")], [ident("Ben")]) if sheet == "pair" else pages.article(ARTICLE, found())
    page = visit(file_address(write_html(html, tmp_path / "sheet.html")), color_scheme=scheme, bypass_csp=True,
                 viewport=viewport)
    page.locator(".mark:not(.flag)" if sheet == "pair" else ".note").first.click()
    faults = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults
            if fault["impact"] in ("serious", "critical")] == []
