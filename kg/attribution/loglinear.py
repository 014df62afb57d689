"""Log-linear choices: named features, their weights in a table that one can read, and no more than a sum.

Each question of the stage ("is this word a cue?", "where does the source end?") has one model: the sum of the weights
of the features that hold. Yes-or-no models pass it through the logistic function; choices take the softmax over their
candidates. ``kg.lab.cues`` fits the weights and writes ``weights.csv``.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from kg import resources
from kg.errors import DataError

Weights = Mapping[str, float]

#: The questions, in the order in which they are asked.
MODELS = ("cue", "cue_start", "cue_end", "source", "before", "after", "content_end")


def total(features: Iterable[str], weights: Weights) -> float:
    """Sum the weights of the features that hold; unknown ones weigh nothing."""
    get = weights.get
    return sum([get(f, 0.0) for f in features])


def probability(score: float) -> float:
    """Logistic function, safe at both ends."""
    if score < -500:
        return 0.0
    return 1 / (1 + math.exp(-score))


def best(candidates: Sequence[Iterable[str]], weights: Weights) -> tuple[int, float]:
    """Choose among candidates.

    Parameters
    ----------
    candidates
        The features of each, at least one candidate.

    Returns
    -------
    tuple of int and float
        The index of the best candidate and its softmax probability.
    """
    scores = [total(c, weights) for c in candidates]
    top = max(range(len(scores)), key=scores.__getitem__)
    return top, 1 / sum(math.exp(max(s - scores[top], -500)) for s in scores)


@cache
def load(path: Path | None = None) -> dict[str, dict[str, float]]:
    """Read ``weights.csv``: one row a model and feature.

    Raises
    ------
    DataError
        If a row is malformed or names a model that does not exist.
    """
    path = path or resources.data("attribution", "weights.csv")
    models: dict[str, dict[str, float]] = {name: {} for name in MODELS}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            try:
                models[row["model"]][row["feature"]] = float(row["weight"])
            except (KeyError, TypeError, ValueError):
                raise DataError("no weight of a known model", f"{path.name}:{number}",
                                "run python -m kg.lab.cues again") from None
    return models
