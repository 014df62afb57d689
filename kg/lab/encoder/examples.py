"""Cut the corpora into what the encoder learns from, as plain arrays: training then needs neither spaCy nor texts.

    python -m kg.lab.encoder.examples ../shared/bench sentences.jsonl --out examples.npz

Attribution: the windows of PolNeAR's documents, with the first annotator's cues. Pairs: sentences with two marked
actors from DSE (directed attitude), PLV (relation types) and our own generator (:mod:`kg.lab.sentences`; both).
Lines that stand in DSE's valid part, and repeated ones, are left out of its training part.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import spacy
from spacy.tokens import Doc

from kg import ontology
from kg.attribution.pointers import PARTS
from kg.lab import dse
from kg.lab.cues import Gold, by_head, merged, read_docs
from kg.lab.encoder.model import NONE, UNKNOWN, vocabulary
from kg.nlp.encoder import Windows

_ATTITUDES = {("neutral", "neutral"): 0, ("positive", "neutral"): 1, ("neutral", "positive"): 2,
              ("negative", "neutral"): 3, ("neutral", "negative"): 4}


class Pair(NamedTuple):
    """Two marked actors in a sentence: token ranges (last included), and what is known of them.

    ``attitude`` is DSE's class, -1 if unknown; ``forth`` and ``back`` are sets of relations that may hold, as bits
    (bit 0: none holds), 0 if nothing is known.
    """

    ids: list[int]
    places: list[int]
    p: tuple[int, int]
    q: tuple[int, int]
    attitude: int
    forth: int
    back: int


@dataclass(frozen=True, slots=True)
class Window:
    """A window with, for each cue, its head and its parts' first and last tokens, counted from the window's start."""

    ids: list[int]
    places: list[int]
    cues: list[tuple[int, list[int]]]


# ---- attribution -----------------------------------------------------------------------------------------------------

def windows(folder: Path, cutter: Windows) -> Iterator[Window]:
    """Cut the documents of a folder into windows; the first annotator's attributions count."""
    for doc, scene, golds in read_docs(folder):
        answers = {head: answer(gold, scene.parse) for head, gold in by_head(scene.parse, golds).items()}
        for window in cutter.of(doc):
            cues = [(head - window.first, [_within(end, window.first, window.end) for end in ends])
                    for head, ends in answers.items() if window.first <= head < window.end]
            yield Window(window.ids, window.places, cues)


def answer(gold: Gold, parse: Any) -> list[int]:
    """First and last token of cue, source, and the nearest pieces of content after and before the cue."""
    first, last = gold.cue[0]
    pieces = merged(parse, gold.content)
    parts = [(first, last), next(iter(gold.source), None),
             next((piece for piece in pieces if piece[0] > last), None),
             next((piece for piece in reversed(pieces) if piece[1] < first), None)]
    return [end for part in parts for end in (part or (NONE, NONE))]


def _within(token: int, first: int, end: int) -> int:
    return NONE if token == NONE else token - first if first <= token < end else UNKNOWN


# ---- pairs -----------------------------------------------------------------------------------------------------------

class Pairs:
    """Makes examples of marked sentences."""

    def __init__(self, cutter: Windows) -> None:
        self.cutter = cutter
        self.words = spacy.blank("en")
        self.relations = {name: number for number, name in enumerate(sorted(ontology.relations()), 1)}
        self.roots: dict[str, int] = {}
        for name, kind in ontology.relations().items():
            root = "YIELD" if kind.plover in ("CONCEDE", "RETREAT") else kind.plover
            self.roots[root] = self.roots.get(root, 0) | 1 << self.relations[name]
        self.signs = {sign: sum(1 << self.relations[name] for name, kind in ontology.relations().items()
                                if kind.polarity == sign) | (sign == 0) for sign in (-1, 0, 1)}

    def of(self, text: str, p: Sequence[int], q: Sequence[int], attitude: int, forth: int, back: int) -> Pair:
        """One sentence; ``p`` and ``q`` are character ranges."""
        doc = self.words(text)
        ids, places = self.cutter.enclosed(self.cutter.pieces([token.text for token in doc]))
        return Pair(ids, places, _tokens(doc, p), _tokens(doc, q), attitude, forth, back)

    def dse(self, path: Path, without: frozenset[str] = frozenset()) -> Iterator[Pair]:
        """Directed attitudes, which narrow relations down too; lines as :func:`kg.lab.dse.read` has them."""
        for _, text, p, q, label in dse.read(path, without):
            forth, back = dse.SIGNS[label]
            yield self.of(text, p, q, label, self.signs[forth], self.signs[back])

    def plv(self, path: Path) -> Iterator[Pair]:
        """Relation types of p to q."""
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield self.of(row["text"], row["p"], row["q"], -1, self.roots[row["root"]], 0)

    def made(self, path: Path) -> Iterator[Pair]:
        """Sentences of our own, which say all."""
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            forth, back = row["p_to_q"], row["q_to_p"]
            yield self.of(row["text"], row["p"], row["q"], _ATTITUDES.get((forth["label"], back["label"]), -1),
                          1 << self.relations.get(forth["predicate"], 0), 1 << self.relations.get(back["predicate"], 0))


def _tokens(doc: Doc, place: Sequence[int]) -> tuple[int, int]:
    found = [token.i for token in doc if token.idx < place[1] and token.idx + len(token) > place[0]]
    return (found[0], found[-1]) if found else (0, 0)


# ---- arrays ----------------------------------------------------------------------------------------------------------

def of_windows(name: str, found: Sequence[Window]) -> dict[str, np.ndarray]:
    """Windows as flat arrays, with their cues: number of the window, head, ends."""
    cues = [(number, head, *ends) for number, row in enumerate(found) for head, ends in row.cues]
    return {**_flat(name, found), f"{name}.cues": np.array(cues, dtype=np.int32).reshape(-1, 2 + 2 * len(PARTS))}


def of_pairs(name: str, found: Sequence[Pair]) -> dict[str, np.ndarray]:
    """Pairs as flat arrays, with what is known of them: ends of p and q, attitude, relations forth and back."""
    marks = [(*row.p, *row.q, row.attitude, row.forth, row.back) for row in found]
    return {**_flat(name, found), f"{name}.marks": np.array(marks, dtype=np.int32).reshape(-1, 7)}


def _flat(name: str, found: Sequence[Window] | Sequence[Pair]) -> dict[str, np.ndarray]:
    """Pieces and places one after the other, with the lengths beside them."""
    arrays = {}
    for key, lists in (("ids", [row.ids for row in found]), ("places", [row.places for row in found])):
        arrays[f"{name}.{key}"] = np.array([n for row in lists for n in row], dtype=np.int32)
        arrays[f"{name}.{key}.lengths"] = np.array([len(row) for row in lists], dtype=np.int32)
    return arrays


def main() -> None:
    """Write the examples."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path, help="folder with polnear/, dse/ and plv/")
    parser.add_argument("sentences", type=Path, help="what kg.lab.sentences wrote")
    parser.add_argument("--out", type=Path, default=Path("examples.npz"))
    args = parser.parse_args()
    pairs = Pairs(Windows(vocabulary()))
    folder, valid = args.bench / "dse", args.bench / "dse" / "valid.tsv"
    held = frozenset(line.split("\t")[0] for line in valid.read_text(encoding="utf-8").splitlines())
    seen = frozenset(line.split("\t")[0] for line in (folder / "train.tsv").read_text(encoding="utf-8").splitlines())
    sets = {"dse": pairs.dse(folder / "train.tsv", held), "valid": pairs.dse(valid), "unseen": pairs.dse(valid, seen),
            "plv": pairs.plv(args.bench / "plv" / "open.jsonl"), "made": pairs.made(args.sentences)}
    arrays = {key: array for name, found in sets.items() for key, array in of_pairs(name, list(found)).items()}
    for name in ("train", "dev"):
        arrays |= of_windows(name, list(windows(args.bench / "polnear" / name, pairs.cutter)))
    np.savez_compressed(args.out, **arrays)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
