"""Every answer has safe headers, and other sites get none."""

from __future__ import annotations

import re

import httpx
import pytest

ADDRESSES = ("/", "/query", "/search?q=a", "/sparql", "/sparql?query=ASK%20%7B%7D", "/assets/query.js", "/nowhere",
             "/sparql?query=wrong", "/article?id=none", "/pair")


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_has_safe_headers(web: httpx.Client, path: str) -> None:
    headers = web.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "connect-src 'self'" in headers["Content-Security-Policy"]
    assert not [name for name in headers if name.startswith("access-control")]
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/query", "/nowhere", "/search?q=a"])
def test_no_script_runs_that_is_no_file_of_the_server(web: httpx.Client, path: str) -> None:
    policy = web.get(path).headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_page_of_the_graph_allows_its_own_scripts_and_this_server_only(web: httpx.Client) -> None:
    inner = re.search(r'Content-Security-Policy" content="([^"]+)"', web.get("/").text)
    assert inner
    assert re.match(r"default-src (?:'|&#39;)none", inner[1])
    assert "connect-src &#39;self&#39;;" in inner[1]
    assert "script-src &#39;sha256-" in inner[1]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil", "", "[::2]"])
def test_other_names_are_refused_that_lead_here(web: httpx.Client, host: str) -> None:
    answer = web.get("/sparql?query=ASK%20%7B%7D", headers={"Host": host})
    assert answer.status_code == 403
    assert "localhost" in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:99", "[::1]:80", "[::1]"])
def test_the_names_of_this_machine_are_answered(web: httpx.Client, host: str) -> None:
    assert web.get("/query", headers={"Host": host}).status_code == 200


def test_pages_of_other_sites_may_lead_here_and_not_ask(web: httpx.Client) -> None:
    other = {"Sec-Fetch-Site": "cross-site"}
    assert web.get("/query", headers={**other, "Sec-Fetch-Mode": "navigate"}).status_code == 200
    for mode in ("no-cors", "cors"):
        assert web.get("/search?q=a", headers={**other, "Sec-Fetch-Mode": mode}).status_code == 403
    asked = {"query": "ASK {}"}
    assert web.post("/sparql", data=asked, headers={**other, "Sec-Fetch-Mode": "navigate"}).status_code == 403
    assert web.post("/sparql", data=asked, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/search?q=a", "/query", "/pair", "/article", "/assets/query.js"])
def test_everything_is_for_reading(web: httpx.Client, path: str) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert web.request(method, path).status_code == 405


@pytest.mark.parametrize("name", ["nothing.js", "..%2f..%2fapp.py", "../app.py", "query.html.jinja", ""])
def test_only_the_files_of_the_query_page_are_served(web: httpx.Client, name: str) -> None:
    assert web.get(f"/assets/{name}").status_code == 404
