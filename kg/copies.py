"""Which articles are nearly the same text: a wire story that outlets cut, reorder, retitle and put their names to.

Texts are compared by their runs of :data:`SIZE` words. MinHash signatures with banding (Broder 1997; datasketch) find
the few that can be alike among many; then the runs themselves are counted: how much of the shorter text stands in the
longer one. Reports of the same event by others share names and quotations, but not sentence after sentence.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from datasketch import MinHash, MinHashLSH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.records import Document, Statement

SIZE = 4  #: words
LEAST = 0.35  #: share of the shorter text's runs that the longer one has
FEWEST = 20  #: runs; what is shorter is no article
_PERMUTATIONS = 128
_BANDS = (64, 2)  # finds 93 of 100 whose runs overlap by a fifth, all whose runs do by a third
_ALIKE = 0.7
_WORD = re.compile(r"\w+")


def shingles(text: str) -> np.ndarray:
    """The runs of words of a text as sorted 32-bit numbers, each once."""
    words = _WORD.findall(text.lower())
    runs = {" ".join(words[i:i + SIZE]) for i in range(len(words) - SIZE + 1)}
    return np.array(sorted({zlib.crc32(run.encode()) for run in runs}), dtype="<u4")


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """The share of the shorter text's runs that the longer one has."""
    shorter = min(len(one), len(other))
    return len(np.intersect1d(one, other, assume_unique=True)) / shorter if shorter else 0.0


def told_once(story: Sequence[tuple[Document, Sequence[Statement]]]) -> list[list[Statement]]:
    """The statements of nearly equal articles, each with the first that has it; the others carry it.

    Statements are the same if they claim the same, by the same speaker, in mostly the same sentence.
    """
    first: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    kept: list[list[Statement]] = [[] for _ in story]
    for number, (document, statements) in enumerate(story):
        for statement in statements:
            places = first.setdefault(_claim(statement), [])
            told = next((at for at in places if _alike(kept[at[0]][at[1]], statement)), None)
            if told is None:
                places.append((number, len(kept[number])))
                kept[number].append(replace(statement, carried_by=()))
            elif told[0] != number:
                one = kept[told[0]][told[1]]
                carriers = sorted({*one.carried_by, document.id})
                kept[told[0]][told[1]] = replace(one, carried_by=tuple(carriers))
    return kept


def _claim(statement: Statement) -> tuple[object, ...]:
    actors = (statement.speaker, statement.subject, statement.object)
    return (*(actor.id if actor else None for actor in actors), statement.predicate, statement.negated,
            statement.modality)


def _alike(one: Statement, other: Statement) -> bool:
    """Whether two statements stand in mostly the same words; an article that says a thing twice, says it twice."""
    if one.document.id == other.document.id:
        return False
    words = [set(_WORD.findall((s.evidence.text if s.evidence else "").lower())) for s in (one, other)]
    return len(words[0] & words[1]) >= _ALIKE * max(map(len, words))


class Index:
    """Articles by number, to be asked which of them are nearly the same as a text."""

    def __init__(self, known: Iterable[tuple[int, np.ndarray]] = ()) -> None:
        self.known: dict[int, np.ndarray] = {}
        self.bands = MinHashLSH(num_perm=_PERMUTATIONS, params=_BANDS)
        for number, runs in known:
            self.add(number, runs)

    def add(self, number: int, runs: np.ndarray) -> None:
        """Take an article in; one that is too short to be compared is passed over."""
        if len(runs) >= FEWEST:
            self.known[number] = runs
            self.bands.insert(number, _signature(runs))

    def near(self, runs: np.ndarray) -> list[int]:
        """Numbers of the articles that are nearly the same."""
        if len(runs) < FEWEST:
            return []
        return sorted(n for n in self.bands.query(_signature(runs)) if overlap(self.known[n], runs) >= LEAST)


def _signature(runs: np.ndarray) -> MinHash:
    signature = MinHash(_PERMUTATIONS, hashfunc=int)
    signature.update_batch(runs.tolist())
    return signature
