"""The browser of the tests sees what a page asks for and complains of: else the other tests could not fail."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from tests.browser import Visit, file_address

pytestmark = pytest.mark.slow
BEGIN = '<!doctype html><html data-ready="yes"><meta charset="utf-8"><link rel="icon" href="data:,">'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "beside.css").write_text("html { color: red }", encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def written(folder: Path, body: str) -> Path:
    page = folder / "page.html"
    page.write_text(BEGIN + body, encoding="utf-8")
    return page


@pytest.mark.parametrize(("body", "asked"), [
    ('<img src="https://example.org/a.png">', "https://example.org/a.png"),
    ('<link rel="stylesheet" href="//example.org/a.css">', "file://example.org/a.css"),
    ('<iframe src="http://127.0.0.1:9/"></iframe>', "http://127.0.0.1:9/"),
    ("<script>fetch('https://example.org/').catch(() => null)</script>", "https://example.org/"),
    ("<script>navigator.sendBeacon('https://example.org/')</script>", "https://example.org/"),
    ('<img src="beside.png">', "beside.png"),
])
def test_a_request_is_seen_and_fails(visit: Visit, tmp_path: Path, body: str, asked: str) -> None:
    page = visit(file_address(written(tmp_path, body)))
    page.wait_for_load_state("networkidle")
    (only,) = visit.requests
    assert only.endswith(asked)
    visit.requests.clear()
    visit.complaints.clear()


@pytest.mark.parametrize(("script", "complaint"), [
    ("console.error('a complaint')", "a complaint"), ("console.warn('a warning')", "a warning"),
    ("throw new Error('not caught')", "not caught"), ("Promise.reject(new Error('refused'))", "refused"),
    ("new WebSocket('wss://example.org/')", "wss://example.org/"),
])
def test_a_complaint_is_seen(visit: Visit, tmp_path: Path, script: str, complaint: str) -> None:
    page = visit(file_address(written(tmp_path, f"<script>{script}</script>")))
    page.wait_for_timeout(200)
    (only,) = visit.complaints
    assert complaint in only
    visit.complaints.clear()


def test_a_server_that_is_allowed_is_reached_and_no_other(visit: Visit, server: str, tmp_path: Path) -> None:
    written(tmp_path, '<link rel="stylesheet" href="beside.css"><p>Here')
    page = visit(server + "page.html", allow=server)
    assert page.locator("p").evaluate("(p) => getComputedStyle(p).color") == "rgb(255, 0, 0)"
    assert page.evaluate("fetch('https://example.org/').then(() => 'reached', () => 'refused')") == "refused"
    assert visit.requests == ["https://example.org/"]
    visit.requests.clear()
    visit.complaints.clear()
