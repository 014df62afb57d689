"""Paragraphs and sentences: how a text is laid out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

_BLANK_LINE = re.compile(r"\n\s*\n\s*")
_LINE = re.compile(r"\n\s*")


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Cut a text at its blank lines or, if it has none, at its line breaks: a hard-wrapped paragraph stays one.

    Returns
    -------
    list of tuple of int
        Character offsets of each.
    """
    gap = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE
    found, begin = [], 0
    for match in gap.finditer(text):
        found.append((begin, match.start()))
        begin = match.end()
    return [(a, b) for a, b in [*found, (begin, len(text))] if a < b]


def numbered(starts: Sequence[int], bounds: Sequence[tuple[int, int]]) -> list[int]:
    """Give each token, by the offset it starts at, the number of its paragraph."""
    numbers, current = [], 0
    for start in starts:
        while current + 1 < len(bounds) and bounds[current + 1][0] <= start:
            current += 1
        numbers.append(current)
    return numbers


def sentences(begins: Sequence[int], paragraph: Sequence[int]) -> list[tuple[int, int]]:
    """Sentences as first token and one past the last, given where the parser begins some and each token's paragraph.

    A headline without a full stop does not run into the text: a paragraph ends a sentence.
    """
    known = set(begins)
    first = [i for i, number in enumerate(paragraph) if i in known or number != paragraph[i - 1]]
    return list(zip(first, [*first[1:], len(paragraph)], strict=True)) if first else []


def blocks(doc: Doc) -> list[list[tuple[int, int]]]:
    """Sentences of a Doc by paragraph."""
    paragraph = numbered([token.idx for token in doc], paragraphs(doc.text))
    found: list[list[tuple[int, int]]] = []
    for first, end in sentences([sent.start for sent in doc.sents], paragraph):
        if found and paragraph[found[-1][-1][0]] == paragraph[first]:
            found[-1].append((first, end))
        else:
            found.append([(first, end)])
    return found
