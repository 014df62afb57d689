"""A spaCy Doc as plain lists: what the other modules of this stage read, many times and fast."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

_BLANK_LINE = re.compile(r"\n\s*\n\s*")
_LINE = re.compile(r"\n\s*")


@dataclass(frozen=True)
class Parse:
    """Tokens, tree and paragraphs of a document; all lists run over token numbers.

    ``left`` and ``right`` are the first and last token of the subtree; ``start`` and ``end`` are character offsets;
    ``sentence`` and ``paragraph`` number the sentence and paragraph that a token stands in.
    """

    text: str
    words: list[str]
    lower: list[str]
    lemma: list[str]
    pos: list[str]
    tag: list[str]
    dep: list[str]
    entity: list[str]
    head: list[int]
    left: list[int]
    right: list[int]
    children: list[list[int]]
    start: list[int]
    end: list[int]
    sentence: list[int]
    sentences: list[tuple[int, int]]
    paragraph: list[int]

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def of(cls, doc: Doc) -> Parse:
        """Read a parsed Doc once, by columns: Token objects would cost ten times as much."""
        columns = doc.to_array(["ORTH", "LEMMA", "POS", "TAG", "DEP", "ENT_TYPE", "HEAD", "SENT_START", "IDX"])
        orth, lemma, pos, tag, dep, entity = (_strings(doc, columns[:, k].tolist()) for k in range(6))
        head = [i + offset for i, offset in enumerate(columns[:, 6].astype("int64").tolist())]
        start = columns[:, 8].tolist()
        text = doc.text  # spaCy joins it anew each time
        paragraph = _number(start, paragraphs(text))
        begins = [i for i, mark in enumerate(columns[:, 7].astype("int64").tolist()) if mark == 1 or i == 0
                  or paragraph[i] != paragraph[i - 1]]  # a headline without a full stop does not run into the text
        sentences = list(zip(begins, [*begins[1:], len(head)], strict=True)) if head else []
        children: list[list[int]] = [[] for _ in head]
        for number, parent in enumerate(head):
            if parent != number:
                children[parent].append(number)
        left, right = _edges(head)
        return cls(
            text=text, words=orth, lower=[w.lower() for w in orth], lemma=[w.lower() for w in lemma], pos=pos,
            tag=tag, dep=dep, entity=entity, head=head, left=left, right=right, children=children, start=start,
            end=[s + len(w) for s, w in zip(start, orth, strict=True)], paragraph=paragraph,
            sentence=[k for k, (a, b) in enumerate(sentences) for _ in range(a, b)], sentences=sentences,
        )

    @cached_property
    def is_word(self) -> list[bool]:
        """Whether a token has a letter or digit."""
        return [any(map(str.isalnum, w)) for w in self.words]

    def child(self, token: int, *deps: str) -> int | None:
        """Give the first child with one of these relations."""
        return next((c for c in self.children[token] if self.dep[c] in deps), None)

    def trim(self, first: int, last: int) -> tuple[int, int]:
        """Narrow a token range (last included) until it begins and ends with a word; it may become empty."""
        while first <= last and not self.is_word[first]:
            first += 1
        while first <= last and not self.is_word[last]:
            last -= 1
        return first, last


def _strings(doc: Doc, keys: list[int]) -> list[str]:
    """Look hashes up, each once."""
    strings = doc.vocab.strings
    known = {key: strings[key] for key in set(keys)}
    return [known[key] for key in keys]


def _edges(head: list[int]) -> tuple[list[int], list[int]]:
    """First and last token of each subtree."""
    left, right = list(range(len(head))), list(range(len(head)))
    for token in left.copy():
        above = head[token]
        while left[above] > token:  # an ancestor that knows a smaller one has told those above it
            left[above] = token
            above = head[above]
    for token in reversed(right.copy()):
        above = head[token]
        while right[above] < token:
            right[above] = token
            above = head[above]
    return left, right


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Cut a text at its blank lines or, if it has none, at its line breaks: a hard-wrapped paragraph stays one."""
    gap = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE
    found, begin = [], 0
    for match in gap.finditer(text):
        found.append((begin, match.start()))
        begin = match.end()
    return [(a, b) for a, b in [*found, (begin, len(text))] if a < b]


def _number(starts: list[int], bounds: list[tuple[int, int]]) -> list[int]:
    """Give each token the number of its paragraph."""
    numbers, current = [], 0
    for start in starts:
        while current + 1 < len(bounds) and bounds[current + 1][0] <= start:
            current += 1
        numbers.append(current)
    return numbers
