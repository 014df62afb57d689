"""The lines of DSE: news sentences with two marked actors, and who holds which attitude (Park et al. 2021)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from pathlib import Path

import numpy as np

_MARKED = re.compile(r"([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)\[([^\[\]]+)\]([^\[\]]*)")
#: Signs of p towards q and back in the classes.
SIGNS = ((0, 0), (1, 0), (0, 1), (-1, 0), (0, -1))

Place = tuple[int, int]


def read(path: Path, without: Container[str] = ()) -> Iterator[tuple[str, str, Place, Place, int]]:
    """Lines as they stand, their text, places of the two actors in it, and the class.

    A line that was there before, or is in ``without``, is left out.
    """
    seen: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        sentence, _, _, label = line.split("\t")
        marks = _MARKED.fullmatch(sentence)
        if marks is None or sentence in seen or sentence in without:
            continue
        seen.add(sentence)
        before, p, between, q, after = marks.groups()
        at = len(before) + len(p) + len(between)
        yield (sentence, before + p + between + q + after, (len(before), len(before) + len(p)), (at, at + len(q)),
               int(label))


def figures(said: np.ndarray, gold: np.ndarray) -> tuple[float, float]:
    """Micro and macro F1 of classes, as its scorer has them."""
    hits = [((gold == c) & (said == c)).sum() for c in range(len(SIGNS))]
    macro = np.mean([2 * hit / max(1, (gold == c).sum() + (said == c).sum()) for c, hit in enumerate(hits)])
    return float((said == gold).mean()), float(macro)
