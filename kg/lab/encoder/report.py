"""What the shipped encoder gets right on annotated articles, as they are and with every person called otherwise.

    python -m kg.lab.encoder.report ../shared/bench/polnear/dev

A model that knew what named people usually say would lose by the second reading. A name's words are exchanged for those
of other people in the folder, the same throughout an article; which, is chance with a seed. Printed are the best F1 of
cue heads over all thresholds and, given the annotators' cues, the share of parts whose first and last token are right.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from spacy.tokens import Doc

from kg.attribution.pointers import PARTS, Pointers
from kg.lab.cues import Gold, by_head, read_docs
from kg.lab.encoder.examples import answer
from kg.lab.encoder.train import best_f1
from kg.nlp.encoder import Encoder

Read = tuple[Doc, dict[int, list[int]]]


def renamed(docs: Sequence[Doc], seed: int = 0) -> list[Doc]:
    """The documents with the words of people's names exchanged."""
    chance = random.Random(seed)  # noqa: S311 - which names
    names = [sorted({token.text for ent in doc.ents if ent.label_ == "PERSON" for token in ent if token.text.istitle()})
             for doc in docs]
    every = sorted({word for words in names for word in words})
    result = []
    for doc, words in zip(docs, names, strict=True):
        other = dict(zip(words, chance.sample(every, len(words)), strict=True))
        result.append(Doc(doc.vocab, [other.get(token.text, token.text) for token in doc],
                          [bool(token.whitespace_) for token in doc], sent_starts=[t.is_sent_start for t in doc]))
    return result


def figures(read: Iterable[Read]) -> dict[str, float]:
    """Figures of the encoder alone, of documents that it has read, each with the annotators' cues and their ends."""
    odds: list[float] = []
    is_cue: list[bool] = []
    right: list[list[bool]] = []
    for doc, answers in read:
        pointers = Pointers.of(doc)
        odds += pointers.odds
        is_cue += [token in answers for token in range(len(doc))]
        for head, ends in answers.items():
            found = [_ends(pointers, head, part) for part in PARTS]
            right.append([pair == tuple(ends[2 * n:2 * n + 2]) for n, pair in enumerate(found)])
    shares = np.mean(right, axis=0).tolist()
    return {"cue heads": best_f1(np.array(odds), np.array(is_cue)), **dict(zip(PARTS, shares, strict=True))}


def _ends(pointers: Pointers, head: int, part: str) -> tuple[int, int]:
    ends = pointers.at(head)[part]
    first, last = (int(column.argmax()) for column in (ends.first, ends.last))
    return tuple(end - 1 + ends.base if end else -1 for end in (first, last))  # type: ignore[return-value]


def main() -> None:
    """Print both readings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder with text/ and attributions/")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    docs, answers = [], []
    for doc, scene, golds in read_docs(args.folder, fast=False):
        gold: dict[int, Gold] = by_head(scene.parse, golds)
        docs.append(doc)
        answers.append({head: answer(one, scene.parse) for head, one in gold.items()})
    for name, texts in (("as they are", docs), ("renamed", map(Encoder(), renamed(docs, args.seed)))):
        found = figures(zip(texts, answers, strict=True))
        sys.stdout.write(f"{name:12}" + "  ".join(f"{key} {value:.3f}" for key, value in found.items()) + "\n")


if __name__ == "__main__":
    main()
