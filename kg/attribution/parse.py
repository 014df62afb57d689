"""A parse with what this stage asks of it on top of :class:`kg.nlp.tree.Tree`: words, edges and paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg.nlp.layout import numbered, paragraphs, sentences

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.nlp.tree import Tree


@dataclass(frozen=True)
class Parse:
    """Tokens, tree and paragraphs of a document; all lists run over token numbers.

    Most are the tree's own columns. ``left`` and ``right`` are the first and last token of the subtree; ``start`` and
    ``end`` are character offsets; ``sentence`` and ``paragraph`` number the sentence and paragraph that a token stands
    in.
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
    def of(cls, doc: Doc, tree: Tree) -> Parse:
        """Lay words, entities and paragraphs of a Doc beside its tree."""
        text, start, head = doc.text, tree.start, tree.head
        types = doc.to_array("ENT_TYPE").tolist()
        names = {key: doc.vocab.strings[key] for key in set(types)}
        paragraph = numbered(start, paragraphs(text))
        bounds = sentences([first for first, _ in tree.sentence], paragraph)
        left, right = _edges(head)
        return cls(
            text=text, words=[text[a:b] for a, b in zip(start, tree.end, strict=True)], lower=tree.lower,
            lemma=tree.lemma, pos=tree.pos, tag=tree.tag, dep=tree.dep, entity=[names[key] for key in types],
            head=head, left=left, right=right, children=tree.children, start=start, end=tree.end, paragraph=paragraph,
            sentence=[k for k, (a, b) in enumerate(bounds) for _ in range(a, b)], sentences=bounds,
        )

    @cached_property
    def is_word(self) -> list[bool]:
        """Whether a token has a letter or digit."""
        known = {word: any(map(str.isalnum, word)) for word in set(self.words)}
        return [known[word] for word in self.words]

    @cached_property
    def is_headline(self) -> list[bool]:
        """Whether most words of a sentence have capitals, for each sentence."""
        alphabetic = ([w for w in self.words[a:b] if w[0].isalpha()] for a, b in self.sentences)
        return [2 * sum(w[0].isupper() for w in words) > len(words) for words in alphabetic]

    def child(self, token: int, *deps: str) -> int | None:
        """Give the first child with one of these relations."""
        return next((c for c in self.children[token] if self.dep[c] in deps), None)

    def root(self, first: int, last: int) -> int:
        """Give the token of a range (last included) that depends on one outside it, the first of several."""
        outer = (t for t in range(first, last + 1) if not first <= self.head[t] <= last or self.head[t] == t)
        return next(outer, first)

    def trim(self, first: int, last: int) -> tuple[int, int]:
        """Narrow a token range (last included) until it begins and ends with a word; it may become empty."""
        while first <= last and not self.is_word[first]:
            first += 1
        while first <= last and not self.is_word[last]:
            last -= 1
        return first, last


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
