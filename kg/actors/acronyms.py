"""Acronyms that a text defines: ``Committee to Protect Journalists (CPJ)``, ``the Civic Union, or CU,``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.actors.sorts import NameSpan, Sort

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.actors.context import Context

_BEFORE = frozenset(("or", "known", "as", "by", "its", "the", "acronym", "initials", "also", '"', "“"))
_CLOSING = frozenset((")", ",", ".", '"', "”", ";"))
_REACH = 6  # tokens behind the name


def read(context: Context) -> None:
    """Take note of the acronyms of a document's names, and of each place where one stands unrecognised."""
    doc = context.doc
    for span in context.spans:
        if span.sort is not Sort.PERSON and (at := _after(doc, span)) is not None:
            context.acronyms.setdefault(doc[at].text, span)
    missed = [t.i for t in doc if t.text in context.acronyms and t.i not in context.at] if context.acronyms else []
    for at in missed:
        context.at[at] = NameSpan(at, at + 1, Sort.ORGANIZATION, False)
        context.spans.append(context.at[at])
    context.spans.sort(key=lambda s: s.start)


def _after(doc: Doc, span: NameSpan) -> int | None:
    """The token of the acronym behind a name, in brackets or after ", or"."""
    at = span.end
    bracket = at < len(doc) and doc[at].text == "("
    if not bracket and not (at + 2 < len(doc) and doc[at].text == "," and doc[at + 1].lower_ in ("or", "known")):
        return None
    at += 1
    while at < min(len(doc), span.end + _REACH) and doc[at].lower_ in _BEFORE:
        at += 1
    if at + 1 >= len(doc) or not doc[at].text.isupper() or len(doc[at].text) < 2 or doc[at + 1].text not in _CLOSING:
        return None
    initials = {t.text[0] for t in doc[span.start : span.end] if t.text[0].isupper()}
    acronym = doc[at].text
    return at if acronym[0] == doc[span.start].text[0].upper() and len(set(acronym) & initials) >= 2 else None
