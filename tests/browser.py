"""Pages in a real browser that reaches no network: what a page asks of it, or logs, fails the test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Route, ViewportSize

#: Debian's, or another that is installed; none is downloaded.
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ("--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
DESKTOP: ViewportSize = {"width": 1400, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
READY = "html[data-ready=yes]"


@dataclass(slots=True)
class Visit:
    """Opens pages and keeps what they ask for and complain of; both must be empty when the test ends.

    A test that provokes either asserts it and then clears the list.

    >>> page = visit(path.as_uri() + "#theme=dark", viewport=PHONE)        # doctest: +SKIP
    >>> page = visit("http://127.0.0.1:8000/", allow="http://127.0.0.1:8000/")  # doctest: +SKIP
    """

    chromium: Browser
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(self, address: str, allow: str | None = None, ready: str = READY, **options: Any) -> Page:
        """Open an address in a new context and wait until it is ready.

        Parameters
        ----------
        address
            Of the page; itself no request that counts.
        allow
            What addresses that may be asked for begin with: a server on this machine, if the page has one.
        ready
            A selector that matches once the page is ready.
        options
            Of Playwright's ``new_context``: ``viewport``, ``color_scheme``, ...
        """
        usual: dict[str, Any] = {"viewport": DESKTOP, "offline": allow is None, "service_workers": "block"}
        context = self.chromium.new_context(**usual | options)
        self._contexts.append(context)

        def may(request: Request) -> bool:
            asked = request.url
            return (asked.startswith(("data:", "blob:", "about:")) or (allow is not None and asked.startswith(allow))
                    or (request.is_navigation_request() and urldefrag(asked).url == urldefrag(address).url))

        def answer(route: Route, request: Request) -> None:
            if may(request):
                route.continue_()
            else:
                route.abort()

        def keep(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning", "assert"}:
                self.complaints.append(message.text)

        context.route("**/*", answer)
        context.on("request", lambda request: None if may(request) else self.requests.append(request.url))
        context.on("console", keep)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        page = context.new_page()
        page.goto(address)
        page.locator(ready).wait_for(state="attached")
        return page

    def close(self) -> None:
        """Close all that was opened."""
        for context in self._contexts:
            context.close()


@contextmanager
def launched() -> Iterator[Browser]:
    """Chromium without a window."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, chromium_sandbox=False)
        yield browser
        browser.close()


# Not for the session: while Playwright runs, no other test of this thread could start an event loop.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, for the tests of a module."""
    if not CHROMIUM:
        pytest.skip("needs Chromium (Debian: chromium)")
    with launched() as browser:
        yield browser


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """Opens pages; at the end none may have asked for anything or complained."""
    visit = Visit(chromium)
    yield visit
    visit.close()
    assert not visit.requests
    assert not visit.complaints


def faults(page: Page) -> list[str]:
    """What axe-core finds that is serious or critical, each with the element that has it."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[dict[str, Any]] = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}: {node['failureSummary']}" for fault in found
            if fault["impact"] in {"serious", "critical"} for node in fault["nodes"]]


def file_address(page: Path, fragment: str = "") -> str:
    """Give the address of a file, with what stands after its '#'."""
    return page.absolute().as_uri() + fragment
