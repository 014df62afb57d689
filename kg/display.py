"""Records as HTML fragments for Jupyter and pages. Text of articles is data: everything is escaped."""

from __future__ import annotations

from html import escape
from typing import Any


def document_html(document: dict[str, Any], text: str) -> str:
    """A document's title, outlet, date and opening words."""
    return f"<div><b>{escape(document['title'] or document['id'])}</b><p>{escape(text[:600])}</p></div>"


def statement_html(statement: dict[str, Any]) -> str:
    """A statement record with its evidence."""
    return f"<div>{escape(str(statement['predicate']))}</div>"
