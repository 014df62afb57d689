"""HTML to the text that ``kg text`` prints, with title, outlet, date and address.

The text is trafilatura's; what it drops (the outlet's name) or guesses (the date) comes from the page's own
JSON-LD and meta tags first, as publishers write them for search engines (https://schema.org/NewsArticle, https://ogp.me).
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.documents.dates import iso_date
from kg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Shorter than this, what is left of a page without an article mark-up is a menu or a notice.
SHORTEST_ARTICLE = 60

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ARTICLE_TYPE = re.compile(r"(Article|Posting|Report)$")
_TITLE_TAGS = ("og:title", "twitter:title", "dc.title", "headline")
_PUBLISHER_TAGS = ("og:site_name", "article:publisher_name", "dc.publisher", "application-name", "publisher")
_DATE_TAGS = ("article:published_time", "og:article:published_time", "datepublished", "date", "dc.date",
              "dc.date.issued", "dcterms.date", "parsely-pub-date", "pubdate", "publish-date")
_URL_TAGS = ("og:url",)


@dataclass(frozen=True, slots=True)
class Page:
    """What a web page says; ``text`` starts with the title, a blank line after it, and has one between paragraphs."""

    text: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None


def decode(raw: bytes, where: str, declared: str | None = None) -> str:
    """Decode a page as its byte order mark, ``declared`` (the HTTP header) or its meta tag say, else as UTF-8.

    Raises
    ------
    InputError
        If the bytes do not fit.
    """
    declared = next((name for mark, name in _MARKS.items() if raw.startswith(mark)), declared)
    if declared is None:
        found = _META_CHARSET.search(raw[:4096])
        declared = found[1].decode("ascii") if found else "utf-8"
    try:
        return raw.decode(declared)
    except LookupError:
        raise InputError(f"declares the unknown encoding {declared!r}", where, "save the page as UTF-8") from None
    except UnicodeDecodeError as error:
        raise InputError(f"is not {declared}, which it should be (byte {error.start})", where,
                         "save the page as UTF-8") from None


def read_page(html: str, where: str, url: str | None = None) -> Page:
    """Find the article in a page.

    Parameters
    ----------
    html
        The whole page.
    where
        File or URL, for the error.
    url
        The address that the page came from, if known; else its canonical link is taken.

    Raises
    ------
    InputError
        If there is no article text.
    """
    import trafilatura
    from trafilatura.utils import load_html

    tree = load_html(html) if html.strip() else None
    if tree is None:
        raise _no_article(where)
    facts = _facts(tree)
    found = trafilatura.bare_extraction(
        html, url=url, include_comments=False, include_tables=False, with_metadata=True)
    body = getattr(found, "text", None) or ""
    if len(body.strip()) < SHORTEST_ARTICLE:
        raise _no_article(where)
    title = facts.get("title") or _line(getattr(found, "title", None))
    return Page(
        text=_with_title(title, body),
        title=title,
        publisher=facts.get("publisher") or _line(getattr(found, "sitename", None)),
        published=iso_date(facts.get("published")) or iso_date(getattr(found, "date", None)),
        url=url or facts.get("url") or _line(getattr(found, "url", None)),
    )


def _no_article(where: str) -> InputError:
    return InputError("has no article text", where, "give the address of one article, or its text as a .txt file")


def _with_title(title: str | None, body: str) -> str:
    paragraphs = [p.strip() for p in body.split("\n") if p.strip()]
    if title and _plain(paragraphs[0]) == _plain(title):
        paragraphs = paragraphs[1:]
    return "\n\n".join([*([title] if title else []), *paragraphs])


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _line(value: Any) -> str | None:
    """Put a string on one line; None for anything else and for the empty string."""
    return (" ".join(value.split()) or None) if isinstance(value, str) else None


def _facts(tree: Any) -> dict[str, str]:
    """Title, publisher, date and address: from JSON-LD, then meta tags, then the page's own elements."""
    facts: dict[str, str] = {}
    for key, value in (*_from_json_ld(tree), *_from_tags(tree)):
        line = _line(value)
        if line and key not in facts and not (key == "published" and iso_date(line) is None):
            facts[key] = line
    return facts


def _from_json_ld(tree: Any) -> Iterator[tuple[str, Any]]:
    for script in tree.iterfind(".//script[@type]"):
        if not script.get("type", "").lower().startswith("application/ld+json"):
            continue
        try:
            nodes = list(_nodes(json.loads(script.text or "", strict=False)))
        except (ValueError, RecursionError):
            continue  # the page's text is still good; its meta tags remain
        by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
        for node in nodes:
            if not any(_ARTICLE_TYPE.search(str(t)) for t in _listed(node.get("@type"))):
                continue
            publisher = next(iter(_listed(node.get("publisher"))), None)
            if isinstance(publisher, dict):
                publisher = {**by_id.get(str(publisher.get("@id")), {}), **publisher}.get("name")
            yield from (("title", node.get("headline")), ("publisher", publisher),
                        ("published", node.get("datePublished")), ("url", node.get("url")))


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-LD document, and those of lists and of ``@graph``."""
    for node in _listed(value):
        if isinstance(node, dict):
            yield node
            yield from _nodes(node.get("@graph"))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _from_tags(tree: Any) -> Iterator[tuple[str, Any]]:
    tags: dict[str, str] = {}
    for meta in tree.iterfind(".//meta[@content]"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        tags.setdefault(name.lower(), meta.get("content", ""))
    named = {"title": _TITLE_TAGS, "publisher": _PUBLISHER_TAGS, "published": _DATE_TAGS, "url": _URL_TAGS}
    for key, names in named.items():
        yield from ((key, tags.get(name)) for name in names)
    yield from (("published", time.get("datetime")) for time in tree.iterfind(".//time[@datetime]"))
    yield from (("url", link.get("href")) for link in tree.iterfind(".//link[@rel='canonical']"))
    yield from (("title", h1.text_content()) for h1 in tree.iterfind(".//h1"))
