"""Marked-up sentences: <s>source</s>, <c>cue</c>, <q>content</q>, one attribution a sentence."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.attribution import attribute
from kg.nlp.tree import Tree
from kg.records import Attribution, Entity, EntityType, Mention, MentionKind, Span
from spacy.tokens import Doc

_TAG = re.compile(r"<(/?)([a-z]+)>")
_ROLES = ("s", "c", "q")


@dataclass(frozen=True)
class Marked:
    """A text without its tags, and the spans that they marked, by role."""

    text: str
    spans: dict[str, tuple[Span, ...]]


def read_marks(marked: str) -> Marked:
    """Take the tags out; an unknown, nested, empty or unclosed one is an error."""
    places: dict[str, list[tuple[int, int]]] = {role: [] for role in _ROLES}
    text, at, opened = "", 0, None
    for tag in _TAG.finditer(marked):
        text += marked[at:tag.start()]
        at = tag.end()
        closing, role = tag.group(1) == "/", tag.group(2)
        if role not in _ROLES or (opened is None) == closing or (closing and opened and opened[0] != role):
            raise ValueError(f"tag {tag.group()} does not fit in {marked!r}")
        if closing and opened:
            if opened[1] == len(text):
                raise ValueError(f"empty {tag.group()} in {marked!r}")
            places[role].append((opened[1], len(text)))
            opened = None
        else:
            opened = (role, len(text))
    if opened:
        raise ValueError(f"<{opened[0]}> is not closed in {marked!r}")
    text += marked[at:]
    return Marked(text, {role: tuple(Span.of(text, a, b) for a, b in found) for role, found in places.items()})


def read_cases(name: str) -> list[dict[str, Any]]:
    """Read the cases of a TOML file beside this one."""
    with (Path(__file__).parent / name).open("rb") as lines:
        cases: list[dict[str, Any]] = tomllib.load(lines)["case"]
    return cases


def attributed(doc: Doc, actors: dict[str, str] | None = None) -> list[Attribution]:
    """Who says what in a Doc, with the actors of :func:`mentions`."""
    return attribute(doc, Tree.of(doc), mentions(doc, actors or {}))


def mentions(doc: Doc, actors: dict[str, str]) -> list[Mention]:
    """Make a mention of each place where an actor's name stands; "he=Name" lets a pronoun stand for one."""
    found = []
    for words, kind in actors.items():
        form, _, name = words.partition("=")
        for match in re.finditer(rf"\b{re.escape(form)}\b", doc.text):
            tokens = doc.char_span(*match.span(), alignment_mode="expand")
            assert tokens is not None
            span = Span.of(doc.text, *match.span())
            entity = Entity(f"urn:{name or form}", name or form, EntityType(kind))
            form_kind = MentionKind.PRONOUN if name else MentionKind.NAME
            found.append(Mention(span, span, form_kind, tokens.start, tokens.end, tokens.root.i, entity))
    return sorted(found, key=lambda m: m.span)
