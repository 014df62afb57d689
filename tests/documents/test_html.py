"""Pages: the article's text, and what the page says of itself."""

from __future__ import annotations

import json

import pytest
from kg.documents import html
from kg.errors import InputError

PARAGRAPHS = (
    "The minister rejected the plan on Tuesday, and said that her government would never accept it.",
    "“We have been clear about this from the start,” she told reporters after the meeting in the capital.",
    "Opposition leaders criticized her decision and demanded a debate in parliament before the end of the week.",
)


def page(head: str = "", body: str | None = None) -> str:
    text = body or "<article>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</article>"
    menu = "<nav><a href='/'>Home</a><a href='/news'>News</a></nav>"
    return f"<!DOCTYPE html><html><head>{head}</head><body>{menu}{text}<footer>Imprint</footer></body></html>"


def ld(**facts: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(facts)}</script>'


def test_text_has_title_and_paragraphs_and_no_menu() -> None:
    found = html.read_page(page("<meta property='og:title' content='Minister rejects plan'>"), "p")
    assert found.text == "\n\n".join(("Minister rejects plan", *PARAGRAPHS))


def test_headline_stands_once() -> None:
    body = "<article><h1>Minister rejects plan</h1>" + "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "</article>"
    assert html.read_page(page(body=body), "p").text.count("Minister rejects plan") == 1


def test_json_ld_first() -> None:
    head = ld(**{"@type": "NewsArticle", "headline": "From JSON-LD", "datePublished": "2024-12-13T08:00:00+00:00",
                 "publisher": {"@type": "Organization", "name": "The Outlet"}, "url": "https://example.org/a"})
    head += "<meta property='og:site_name' content='Other'><meta name='date' content='2020-01-01'>"
    found = html.read_page(page(head), "p")
    assert (found.title, found.publisher, found.published, found.url) == (
        "From JSON-LD", "The Outlet", "2024-12-13", "https://example.org/a")


def test_json_ld_in_a_graph_with_references() -> None:
    head = ld(**{"@graph": [
        {"@type": "Organization", "@id": "#org", "name": "The Outlet"},
        {"@type": "WebPage", "name": "not the article", "datePublished": "1999-01-01"},
        {"@type": ["Article", "Thing"], "headline": "H", "datePublished": "2024-12-13", "publisher": {"@id": "#org"}},
    ]})
    found = html.read_page(page(head), "p")
    assert (found.title, found.publisher, found.published) == ("H", "The Outlet", "2024-12-13")


def test_meta_tags() -> None:
    head = ("<meta property='og:site_name' content=' The  Outlet '><meta property='og:title' content='T'>"
            "<meta name='date' content='no date'><meta property='article:published_time' content='2024-12-13T08:00Z'>"
            "<link rel='canonical' href='https://example.org/c'>")
    found = html.read_page(page(head), "p")
    assert (found.title, found.publisher, found.published, found.url) == (
        "T", "The Outlet", "2024-12-13", "https://example.org/c")


@pytest.mark.parametrize("broken", [
    "{", "[1, null, \"x\"]", '{"@type": "NewsArticle", "headline": {"a": 1}, "publisher": [5]}', "[" * 100_000,
    '{"@graph": "x"}', "",
])
def test_broken_json_ld_costs_nothing_else(broken: str) -> None:
    head = f'<script type="application/ld+json">{broken}</script><meta property="og:site_name" content="The Outlet">'
    assert html.read_page(page(head), "p").publisher == "The Outlet"


def test_address_given_wins() -> None:
    head = "<link rel='canonical' href='https://example.org/c'>"
    assert html.read_page(page(head), "p", "https://example.org/given").url == "https://example.org/given"


@pytest.mark.parametrize("hostile", [
    "<div>" * 3000, "<" * 5000, "<!--", "<html><body><p></p></body></html>", "<p>&#0;&#xffff;</p>",
    "<svg><script>x</script></svg>", "<table>" * 500,
])
def test_hostile_markup_is_an_input_error(hostile: str) -> None:
    with pytest.raises(InputError, match="no article text"):
        html.read_page(hostile, "p")


@pytest.mark.parametrize(("raw", "declared", "text"), [
    ("caf\u00e9".encode(), None, "caf\u00e9"),
    ("caf\u00e9".encode("latin-1"), "iso-8859-1", "caf\u00e9"),
    (b'<meta charset="windows-1252">caf\xe9', None, '<meta charset="windows-1252">caf\u00e9'),
    ("\ufeffcaf\u00e9".encode("utf-16"), None, "caf\u00e9"),
    (b"\xef\xbb\xbfcaf\xc3\xa9", "iso-8859-1", "caf\u00e9"),
])
def test_encodings(raw: bytes, declared: str | None, text: str) -> None:
    assert html.decode(raw, "p", declared).removeprefix("\ufeff") == text
