"""Log-linear choices: named features, their weights in a table that one can read, and no more than a sum.

Each question of the stage ("is this word a cue?", "where does the source end?") has one model: the sum of the weights
of the features that hold. Yes-or-no questions pass it through the logistic function; choices take the softmax over
their candidates. ``kg.lab.cues`` fits the weights and writes ``weights.csv``.

Where the learned tagger has read the text, its log-probability of each candidate (the *hint*) joins the sum. How much
rules and tagger then count in each question is the one thing that decides between them: ``mix.csv``, fitted on texts
that neither was trained on by ``kg.lab.mix``.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Question:
    """One question: weights of the features, and what their sum (``rules``) and the hint (``tagger``) count."""

    weights: Weights
    rules: float = 1.0
    tagger: float = 0.0
    bias: float = 0.0

    def score(self, features: Iterable[str], hint: float = 0.0) -> float:
        """Add up what speaks for a candidate, in log-odds."""
        return self.rules * total(features, self.weights) + self.tagger * hint + self.bias

    def best(self, candidates: Sequence[Iterable[str]], hints: Sequence[float]) -> tuple[int, float]:
        """Choose among candidates.

        Parameters
        ----------
        candidates
            The features of each, at least one candidate.
        hints
            The tagger's log-probability of each; zeros without it.

        Returns
        -------
        tuple of int and float
            The index of the best candidate and its softmax probability.
        """
        odds = self.odds(candidates, hints)
        top = max(range(len(odds)), key=odds.__getitem__)
        return top, math.exp(odds[top])

    def odds(self, candidates: Sequence[Iterable[str]], hints: Sequence[float]) -> list[float]:
        """Log-probability of each candidate, one of which is right."""
        scores = [self.score(c, hint) for c, hint in zip(candidates, hints, strict=True)]
        top = max(scores)
        norm = top + math.log(sum(math.exp(max(s - top, -500)) for s in scores))
        return [s - norm for s in scores]


def questions(tagged: bool) -> dict[str, Question]:
    """The questions, as they are asked with the tagger's hints or without."""
    return {name: Question(weights, *(mix()[name] if tagged else ())) for name, weights in load().items()}


@cache
def mix(path: Path | None = None) -> dict[str, tuple[float, float, float]]:
    """Read ``mix.csv``: what rules and tagger count in each question, and a bias.

    Raises
    ------
    DataError
        If a row is malformed or a question has none.
    """
    path = path or resources.data("attribution", "mix.csv")
    found = {}
    for where, row in resources.table(path):
        try:
            found[row["question"]] = float(row["rules"]), float(row["tagger"]), float(row["bias"])
        except (KeyError, ValueError):
            raise DataError("needs a question and three numbers", where, "run python -m kg.lab.mix again") from None
    if missing := set(MODELS) - set(found):
        raise DataError(f"lacks {', '.join(sorted(missing))}", path.name, "run python -m kg.lab.mix again")
    return found


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
