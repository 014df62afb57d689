"""Fetching from a server on this machine: what is taken, and what is refused in one line."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from kg.documents import fetch
from kg.documents.reader import read
from kg.errors import InputError

PAGE = (b"<html><head><title>A vote</title></head><body><article><p>The assembly condemned the attack on Friday and "
        b"asked both countries to return to the negotiating table without any delay.</p></article></body></html>")
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "/2024/12/13/vote": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE),
    "/plain.txt": (200, {"Content-Type": "text/plain"}, b"Title\r\n\r\nText."),
    "/latin": (200, {"Content-Type": "text/html; charset=iso-8859-1"}, PAGE.replace(b"Friday", b"Friday, caf\xe9,")),
    "/lines.jsonl": (200, {"Content-Type": "application/octet-stream"}, b'{"text": "one"}\n{"text": 2}\n'),
    "/packed": (200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, gzip.compress(b"packed text")),
    "/bomb": (200, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}, gzip.compress(bytes(fetch.LARGEST + 1))),
    "/moved": (302, {"Location": "/plain.txt"}, b""),
    "/loop": (302, {"Location": "/loop"}, b""),
    "/file": (302, {"Location": "file:///etc/hostname"}, b""),
    "/image": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    "/gone": (410, {"Content-Type": "text/html"}, b"gone"),
    "/lies": (200, {"Content-Type": "text/plain"}, b"\x89PNG\0\0"),
    "/badcharset": (200, {"Content-Type": "text/html; charset=klingon"}, PAGE),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/slow":
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            time.sleep(1.5)
            return
        status, headers, body = ANSWERS.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):  # the reader may hang up
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_page(site: str) -> None:
    (document,) = read([f"{site}/2024/12/13/vote"])
    assert document.id == document.url == f"{site}/2024/12/13/vote"
    assert document.title == "A vote"
    assert document.published == "2024-12-13"
    assert "condemned" in document.text


@pytest.mark.parametrize(("path", "text"), [
    ("/plain.txt", "Title\r\n\r\nText."), ("/packed", "packed text"), ("/moved", "Title\r\n\r\nText."),
])
def test_text(site: str, path: str, text: str) -> None:
    (document,) = read([site + path])
    assert document.text == text


def test_charset_of_the_header(site: str) -> None:
    (document,) = read([f"{site}/latin"])
    assert "caf\u00e9" in document.text


def test_json_lines(site: str) -> None:
    errors: list[InputError] = []
    (document,) = read([f"{site}/lines.jsonl"], errors.append)
    assert document.text == "one"
    assert [e.where for e in errors] == [f"{site}/lines.jsonl:2"]


@pytest.mark.parametrize(("path", "message"), [
    ("/missing", "404 Not Found"), ("/gone", "410 Gone"), ("/image", "is image/png"), ("/lies", "is binary"),
    ("/bomb", "is larger than 16 MB"), ("/loop", "redirects"), ("/file", "http"), ("/badcharset", "encoding"),
])
def test_refusals(site: str, path: str, message: str) -> None:
    errors: list[InputError] = []
    assert list(read([site + path], errors.append)) == []
    assert message in str(errors[0])
    assert str(errors[0]).startswith(site + path)


def test_slow_server(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "TIMEOUT", 0.3)
    with pytest.raises(InputError, match="cannot be fetched"):
        fetch.fetch(f"{site}/slow")


def test_no_server(unused_tcp_port: int) -> None:
    with pytest.raises(InputError, match="cannot be fetched"):
        fetch.fetch(f"http://127.0.0.1:{unused_tcp_port}/")


@pytest.fixture
def unused_tcp_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("address", ["http://", "https://exa mple.org/", "http://[::1", "http://127.0.0.1:99999/"])
def test_no_address(address: str) -> None:
    with pytest.raises(InputError):
        list(read([address]))
