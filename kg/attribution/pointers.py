"""What the learned model says about attribution: how likely a word is a cue, and where the parts of one lie.

Heads on the encoder's token states (``kg.nlp.encoder``) give each token the log-odds that it heads a cue, and let each
cue point at the first and last token of its own extent, of its source, and of its content after and before it:
bilinear attention as in dependency parsing (Dozat and Manning, ICLR 2017), here from cue to span ends. Without the
model everything here is silent: odds and hints are zero, and no span is proposed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kg.nlp.encoder import Encoder, Heads

if TYPE_CHECKING:
    from spacy.tokens import Doc

Tokens = tuple[int, int]  # first and last, both included

#: What a cue points at; each with a first and a last token, in this order among the heads.
PARTS = ("cue", "source", "after", "before")
#: Log-odds of a cue below which a word is not worth asking about.
LEAST = -2.5
_FAR = -12.0  # log-probability of what stands in another window
_TOP = 4


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Log-probabilities of the first and last token of one part of an attribution.

    ``first`` and ``last`` run over the tokens from ``base`` on, after the probability that there is no such part; empty
    columns say nothing.
    """

    base: int
    first: np.ndarray
    last: np.ndarray

    def begins(self, tokens: Sequence[int | None]) -> list[float]:
        """Log-probability that the part begins at each of these tokens (None: that there is none)."""
        return [self._of(self.first, token) for token in tokens]

    def stops(self, tokens: Sequence[int | None]) -> list[float]:
        """Log-probability that the part ends at each of these tokens (None: that there is none)."""
        return [self._of(self.last, token) for token in tokens]

    def whole(self, spans: Sequence[Tokens | None]) -> list[float]:
        """Log-probability of both ends of each span, as if one said nothing of the other."""
        begins = self.begins([span[0] if span else None for span in spans])
        return [a + b for a, b in zip(begins, self.stops([span[1] if span else None for span in spans]), strict=True)]

    def firsts(self, low: int, high: int) -> list[int]:
        """The likeliest first tokens, of those between two tokens (both included)."""
        return self._best(self.first, low, high)

    def lasts(self, low: int, high: int) -> list[int]:
        """The likeliest last tokens, of those between two tokens (both included)."""
        return self._best(self.last, low, high)

    def spans(self, low: int, high: int) -> list[Tokens]:
        """The likeliest spans, of those between two tokens (both included)."""
        found = [(a, b) for a in self.firsts(low, high) for b in self.lasts(low, high) if a <= b]
        ranked = sorted(zip(self.whole(found), found, strict=True), reverse=True)
        return [span for _, span in ranked[:_TOP]]

    def _of(self, column: np.ndarray, token: int | None) -> float:
        if not len(column):
            return 0.0
        place = 0 if token is None else token - self.base + 1
        inside = token is None or 0 < place < len(column)
        return max(_FAR, float(column[place])) if inside else _FAR

    def _best(self, column: np.ndarray, low: int, high: int) -> list[int]:
        order = column[1:].argsort(kind="stable")[::-1][:_TOP].tolist()
        return [self.base + n for n in order if low <= self.base + n <= high and column[n + 1] > _FAR]


_SILENT = dict.fromkeys(PARTS, Ends(0, np.empty(0), np.empty(0)))


@dataclass(frozen=True, eq=False)
class Pointers:
    """The heads' numbers for one document; without windows, silent."""

    windows: Sequence[Heads] = ()
    _known: dict[int, Mapping[str, Ends]] = field(default_factory=dict)

    @classmethod
    def of(cls, doc: Doc) -> Pointers:
        """Read what the encoder left in a Doc, if it passed there."""
        return cls(Encoder.read(doc))

    @cached_property
    def odds(self) -> list[float]:
        """Log-odds of each token that it heads a cue; empty without the model."""
        return [odds for window in self.windows for odds in window.arrays["cue"].tolist()]

    def at(self, head: int) -> Mapping[str, Ends]:
        """Where the cue headed by a token has its parts."""
        if head not in self._known:
            window = next((w for w in reversed(self.windows) if w.first <= head), None)
            self._known[head] = _point(window, head) if window else _SILENT
        return self._known[head]


def _point(window: Heads, head: int) -> dict[str, Ends]:
    """Softmax of the scores of every token of the window, and of none, for each end of each part."""
    key, none, distance = (window.arrays[name] for name in ("key", "none", "distance"))
    query = window.arrays["query"][head - window.first]  # ends x size
    size = query.shape[-1]
    scores = np.einsum("kd,tkd->kt", query, key[..., :size]) / size ** 0.5 + key[..., size].T
    radius = distance.shape[1] // 2
    scores += distance[:, np.clip(np.arange(len(key)) - (head - window.first), -radius, radius) + radius]
    scores = np.concatenate([none[head - window.first][:, None], scores], axis=1)
    scores -= scores.max(axis=1, keepdims=True)
    scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return {part: Ends(window.first, scores[2 * n], scores[2 * n + 1]) for n, part in enumerate(PARTS)}
