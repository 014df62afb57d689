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
        """Read the columns off a parsed Doc; ``sentence`` holds (first, one past last) of each token's sentence."""
        table = doc.to_array(["HEAD", "DEP", "POS", "TAG", "LEMMA", "LOWER", "IDX", "LENGTH"])
        offsets, *words, start, length = (column.tolist() for column in table.T)
        dep, pos, tag, lemma, lower = (_strings(doc, column) for column in words)
        head = [i + (offset - 2**64 if offset >= 2**63 else offset) for i, offset in enumerate(offsets)]
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
        end = [i + n for i, n in zip(start, length, strict=True)]
        return cls(head=head, dep=dep, pos=pos, tag=tag, lemma=[word.lower() for word in lemma], lower=lower,
                   start=start, end=end, sentence=sentence, children=children)

    def kids(self, i: int, *deps: str) -> list[int]:
        """Children of token ``i`` with one of the dependency labels."""
        return [c for c in self.children[i] if self.dep[c] in deps]

    def kid(self, i: int, *deps: str) -> int | None:
        """The first such child."""
        return next((c for c in self.children[i] if self.dep[c] in deps), None)

    def is_infinitive(self, i: int) -> bool:
        """Whether token ``i`` is a verb with "to"."""
        return any(self.lower[c] == "to" for c in self.kids(i, "aux"))

    def conjuncts(self, i: int) -> list[int]:
        """Token ``i`` and everything coordinated with it, to the right.

        The parser takes the second of three ("the UK, the Coalition and Iraq") for an apposition; one that is itself
        coordinated counts as a conjunct.
        """
        found = [i]
        for j in found:
            found.extend(c for c in self.children[j] if c not in found and (
                self.dep[c] == "conj" or (self.dep[c] == "appos" and self.kid(c, "conj") is not None)))
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


def _strings(doc: Doc, column: list[int]) -> list[str]:
    """The strings of a column of spaCy's hashes, each looked up once."""
    names = {key: doc.vocab.strings[key] for key in set(column)}
    return [names[key] for key in column]
