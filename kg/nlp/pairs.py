"""A learned model asked about two actors in a sentence: who holds what attitude, and does what, to whom.

It reads on from what :mod:`kg.nlp.encoder` has made of the text halfway through. ``kg.lab.encoder`` trains both;
swapping the actors swaps the answer, by the way it is built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from kg import ontology, resources
from kg.nlp.encoder import MIDDLE, PLACES, Heads, session, version

MODEL = "pairs.onnx"
#: What the model tells of a direction: no relation, then those of the ontology by name.
RELATIONS = (None, *sorted(ontology.relations()))
#: The classes of attitude between p and q (Park et al., Findings of ACL 2021): whose, and its sign.
ATTITUDES = ((None, 0), ("p", 1), ("q", 1), ("p", -1), ("q", -1))

Place = tuple[int, int]  #: First token, and one past the last.


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Probabilities of what one actor holds of the other (by sign), and does to it (as in :data:`RELATIONS`)."""

    attitude: Mapping[int, float]
    relations: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Probabilities of the classes in :data:`ATTITUDES`, and of :data:`RELATIONS` from p to q and back."""

    attitude: np.ndarray
    forth: np.ndarray
    back: np.ndarray

    @property
    def sides(self) -> tuple[Side, Side]:
        """P towards q, and q towards p."""
        _, *chances = map(float, self.attitude)
        return tuple(Side({1: chances[n], -1: chances[n + 2], 0: 1 - chances[n] - chances[n + 2]}, relations)
                     for n, relations in enumerate((self.forth, self.back)))  # type: ignore[return-value]


class Pairs:
    """The model."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or resources.data("nlp", "data")

    @cached_property
    def session(self) -> Any:
        """The model, on first use."""
        return session(self.folder / MODEL, threads=1)  # a sentence is too little to be shared

    @property
    def version(self) -> str:
        """Name and version of the model."""
        return version(self.session)

    def ask(self, windows: Sequence[Heads], stretch: Place, pairs: Sequence[tuple[Place, Place]]) -> list[Answer]:
        """Ask about pairs of actors in a stretch of text, as a rule a sentence.

        Parameters
        ----------
        windows
            What the encoder gives for the Doc.
        stretch
            The tokens that are looked at.
        pairs
            Places of p and q, tokens of the Doc within the stretch.

        Returns
        -------
        list of Answer
            One a pair; none if the stretch is split between two windows (a sentence of more than 498 word pieces).
        """
        heads = next((w for w in windows if w.first <= stretch[0] < stretch[1] - 1 < w.first + len(w.arrays[PLACES])),
                     None)
        if heads is None or not pairs:
            return []
        first, end = stretch[0] - heads.first, stretch[1] - heads.first
        places = heads.arrays[PLACES]
        begin = int(places[first])
        stop = int(places[end]) if end < len(places) else len(heads.arrays[MIDDLE]) - 1
        marks = np.array([[(start - stretch[0], last - 1 - stretch[0]) for start, last in pair] for pair in pairs])
        attitude, forth, back = self.session.run(None, {
            "pieces": heads.arrays[MIDDLE][begin:max(stop, begin + 2)],
            "places": np.maximum(places[first:end] - begin, 0), "p": marks[:, 0], "q": marks[:, 1]})
        return [Answer(*row) for row in zip(attitude, forth, back, strict=True)]


@cache
def shipped() -> Pairs:
    """The model that comes with the package."""
    return Pairs()
