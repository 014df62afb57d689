"""Fit what rules and learned tagger count in each question of attribution.

    python -m kg.lab.mix FOLDER [--out FILE]

Both were trained on one part of a corpus (:mod:`kg.lab.cues`, :mod:`kg.lab.encoder`) and have seen its answers; how far
each may be trusted shows on another part, ``FOLDER``. Two numbers a question (three for the yes-or-no one) are fitted
by maximum likelihood and written to ``mix.csv``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from kg import resources
from kg.attribution import cues, loglinear
from kg.lab.cues import Examples, examples, read_docs

_PENALTY = 0.05


def fit(data: Examples, weights: loglinear.Weights) -> tuple[float, float, float]:
    """What the rules' sum and the tagger's hint count, and a bias where the question is yes or no."""
    columns = np.array([[loglinear.total(row, weights) for row in data.rows], data.hints, np.ones(len(data.rows))]).T
    right, groups = np.array(data.right, dtype=float), np.array(data.groups, dtype=np.int64)
    if len(groups):
        columns[:, 2] = 0
    sizes = np.diff([*groups, len(right)])

    def loss(factors: np.ndarray) -> float:
        scores = columns @ factors
        if len(groups):
            top = np.maximum.reduceat(scores, groups)
            norm = float(np.sum(np.log(np.add.reduceat(np.exp(scores - np.repeat(top, sizes)), groups)) + top))
        else:
            norm = float(np.sum(np.logaddexp(0, scores)))
        return norm - float(right @ scores) + _PENALTY * float(factors @ factors)

    rules, tagger, bias = minimize(loss, np.array([0.5, 0.5, 0.0]), method="Nelder-Mead").x
    return float(rules), float(tagger), float(bias) if not len(groups) else 0.0


def write(path: Path, found: dict[str, tuple[float, float, float]], source: str) -> None:
    """Write ``mix.csv``."""
    rows = ((name, *(f"{number:.3f}" for number in numbers), source) for name, numbers in found.items())
    resources.write(path, ("question", "rules", "tagger", "bias", "source"), rows)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder with text/ and attributions/")
    parser.add_argument("--out", type=Path, default=resources.data("attribution", "mix.csv"), help="the table")
    parser.add_argument("--source", default="PolNeAR dev, fitted", help="the table's source column")
    args = parser.parse_args()
    scenes = [(scene, golds) for _, scene, golds in read_docs(args.folder, fast=False)]
    data, weights = examples(scenes, cues.load(), counted=False), loglinear.load()
    found = {name: fit(data[name], weights[name]) for name in loglinear.MODELS}
    write(args.out, found, args.source)
    sys.stderr.write(", ".join(f"{name} {r:.2f} + {t:.2f}" for name, (r, t, _) in found.items()) + "\n")


if __name__ == "__main__":
    main()
