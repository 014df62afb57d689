"""axe-core finds no serious fault on what the server shows, and the query page is used by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser import DESKTOP, PHONE, Visit, chromium, faults, visit

pytestmark = pytest.mark.slow
__all__ = ["chromium", "visit"]

ANSWERED = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 3"
WRONG = "SELECT"


@pytest.mark.parametrize("query", ["", ANSWERED, WRONG], ids=["not asked", "answered", "wrong"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_query_page_has_no_serious_fault(
    address: str, visit: Visit, query: str, scheme: str, size: dict[str, int]
) -> None:
    page = visit(f"{address}/query", allow=address, viewport=size, color_scheme=scheme)
    if query:
        page.get_by_label("Query", exact=True).fill(query)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#told")).not_to_be_empty()
        expect(page.get_by_role("button", name="Run")).to_be_enabled()
    assert faults(page) == []
    if query == WRONG:
        assert all("400" in complaint for complaint in visit.complaints)
        visit.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_explorer_that_is_served_has_no_serious_fault(address: str, visit: Visit, scheme: str) -> None:
    page = visit(address, allow=address, color_scheme=scheme)
    page.locator("#panel .line").first.click()
    assert faults(page) == []
    page.locator("#query").fill("a")
    expect(page.locator("#hits .count").first).to_be_visible()
    assert faults(page) == []
