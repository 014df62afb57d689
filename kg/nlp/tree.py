"""A dependency parse as plain lists: one pass over the Doc, then no spaCy objects in the inner loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

#: Dependency labels (ClearNLP, as in spaCy's English models) of conjuncts and appositions.
NOUNS = frozenset({"NOUN", "PROPN", "PRON", "NUM"})


@dataclass(frozen=True, slots=True)
class Tree:
    """Columns over the tokens of a Doc, all of the same length; ``head[i] == i`` for a sentence root."""

    head: list[int]
    dep: list[str]
    pos: list[str]
    tag: list[str]
    lemma: list[str]
    lower: list[str]
    start: list[int]
    end: list[int]
    sentence: list[tuple[int, int]]
    children: list[list[int]]

    @classmethod
    def of(cls, doc: Doc) -> Tree:
        """Read the columns off a parsed Doc; ``sentence`` holds the (first, one past last) token of each token's own."""
        head = [t.head.i for t in doc]
        dep = [t.dep_ for t in doc]
        for i, h in enumerate(head):  # the parser at times hangs a subject on "has" instead of on the verb
            if dep[h] in ("aux", "auxpass") and dep[i] not in ("aux", "auxpass", "punct", "conj", "cc"):
                head[i] = head[h]
        children: list[list[int]] = [[] for _ in head]
        for i, h in enumerate(head):
            if h != i:
                children[h].append(i)
        sentence: list[tuple[int, int]] = []
        for sent in doc.sents:
            sentence.extend([(sent.start, sent.end)] * (sent.end - sent.start))
        return cls(
            head=head, dep=dep, pos=[t.pos_ for t in doc], tag=[t.tag_ for t in doc],
            lemma=[t.lemma_.lower() for t in doc], lower=[t.lower_ for t in doc],
            start=[t.idx for t in doc], end=[t.idx + len(t) for t in doc], sentence=sentence, children=children,
        )

    def kids(self, i: int, *deps: str) -> list[int]:
        """Children of token ``i`` with one of the dependency labels."""
        return [c for c in self.children[i] if self.dep[c] in deps]

    def kid(self, i: int, *deps: str) -> int | None:
        """The first such child."""
        return next((c for c in self.children[i] if self.dep[c] in deps), None)

    def conjuncts(self, i: int) -> list[int]:
        """Token ``i`` and everything coordinated with it, to the right."""
        found = [i]
        for j in found:
            found.extend(c for c in self.children[j] if self.dep[c] == "conj" and c not in found)
        return found

    def first_conjunct(self, i: int) -> int:
        """The head of the coordination that ``i`` stands in."""
        while self.dep[i] == "conj":
            i = self.head[i]
        return i

    def subtree(self, i: int) -> list[int]:
        """Token ``i`` and all it dominates, in text order."""
        found = [i]
        for j in found:
            found.extend(self.children[j])
        return sorted(found)

    def ancestors(self, i: int) -> Iterator[int]:
        """The heads above ``i``, nearest first."""
        while self.head[i] != i:
            i = self.head[i]
            yield i

    def root_of(self, i: int) -> int:
        """The root of the sentence of token ``i``."""
        while self.head[i] != i:
            i = self.head[i]
        return i
