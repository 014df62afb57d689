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
        """Read a parsed Doc once."""
        tokens = list(doc)
        children: list[list[int]] = [[] for _ in tokens]
        head = [t.head.i for t in tokens]
        for number, parent in enumerate(head):
            if parent != number:
                children[parent].append(number)
        start = [t.idx for t in tokens]
        paragraph = _number(start, paragraphs(doc.text))
        sentences = [piece for s in doc.sents for piece in _cut(s.start, s.end, paragraph)] if tokens else []
        sentence = [k for k, (a, b) in enumerate(sentences) for _ in range(a, b)]
        words = [t.text for t in tokens]
        return cls(
            text=doc.text, words=words, lower=[w.lower() for w in words], lemma=[t.lemma_.lower() for t in tokens],
            pos=[t.pos_ for t in tokens], tag=[t.tag_ for t in tokens], dep=[t.dep_ for t in tokens],
            entity=[t.ent_type_ for t in tokens], head=head,
            left=[t.left_edge.i for t in tokens], right=[t.right_edge.i for t in tokens], children=children,
            start=start, end=[s + len(w) for s, w in zip(start, words, strict=True)],
            sentence=sentence, sentences=sentences, paragraph=paragraph,
        )

    @cached_property
    def is_word(self) -> list[bool]:
        """Whether a token has a letter or digit."""
        return [any(map(str.isalnum, w)) for w in self.words]

    def child(self, token: int, *deps: str) -> int | None:
        """The first child with one of these relations."""
        return next((c for c in self.children[token] if self.dep[c] in deps), None)

    def trim(self, first: int, last: int) -> tuple[int, int]:
        """Narrow a token range (last included) until it begins and ends with a word; may become empty (first > last)."""
        while first <= last and not self.is_word[first]:
            first += 1
        while first <= last and not self.is_word[last]:
            last -= 1
        return first, last


def _cut(first: int, end: int, paragraph: list[int]) -> list[tuple[int, int]]:
    """Cut a sentence of the parser at paragraph ends: headlines without a full stop run into the text."""
    cuts = [t for t in range(first + 1, end) if paragraph[t] != paragraph[t - 1]]
    return list(zip([first, *cuts], [*cuts, end], strict=True))


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Cut a text at its blank lines or, if it has none, at its line breaks: a hard-wrapped paragraph stays one."""
    gap = _BLANK_LINE if _BLANK_LINE.search(text) else _LINE
    found, begin = [], 0
    for match in gap.finditer(text):
        found.append((begin, match.start()))
        begin = match.end()
    return [(a, b) for a, b in [*found, (begin, len(text))] if a < b]


def _number(starts: list[int], bounds: list[tuple[int, int]]) -> list[int]:
    """Number the paragraph of each token."""
    numbers, current = [], 0
    for start in starts:
        while current + 1 < len(bounds) and bounds[current + 1][0] <= start:
            current += 1
        numbers.append(current)
    return numbers
