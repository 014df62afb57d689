"""Train the pairs five times, each time without a fifth of PLV, and score what they make of what they have not seen.

    python -m kg.lab.folds examples.npz --states states [--bench DIR] [--epochs N] [--out DIR]

Each training has a seed of its own. PLV's open part is scored once, every row by the training that has not seen it;
DSE's valid part by each, and the mean is printed. What is scored is the answer of ``kg stance``, rules and model.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from kg import stance
from kg.lab.encoder.export import export_pairs, load
from kg.lab.encoder.model import FOLDS
from kg.lab.encoder.train import Recipe, read, train
from kg.lab.evaluate import BENCH, BENCHMARKS, Benchmark, figure, pairs, scored
from kg.nlp.pairs import MODEL as PAIRS
from kg.nlp.pairs import Pairs

_DSE, _PLV = (next(b for b in BENCHMARKS if b.name == name) for name in ("dse", "plv"))


def trained(examples: Path, states: Path, fold: int, epochs: float, out: Path) -> Pairs:
    """The model without a fold; one that lies in its folder already is taken as it is."""
    folder = out / str(fold)
    if not (folder / PAIRS).exists():
        folder.mkdir(parents=True, exist_ok=True)
        weights = folder / "reader.pt"
        train(read(examples, states), Recipe(weights, "pairs", epochs, fold, fold=fold))
        export_pairs(load(weights), folder, 0)
    return Pairs(folder)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path, help="what kg.lab.encoder.examples wrote")
    parser.add_argument("--states", type=Path, required=True, help="what kg.lab.encoder.states wrote")
    parser.add_argument("--bench", type=Path, default=BENCH, help="the benchmark folder")
    parser.add_argument("--epochs", type=float, default=Recipe.epochs)
    parser.add_argument("--out", type=Path, default=Path("folds"), help="folder for the models")
    args = parser.parse_args()
    dse, plv = pairs(_DSE, args.bench), pairs(_PLV, args.bench)
    answers: dict[int, dict[str, Any]] = {}
    found = []
    for fold in range(FOLDS):
        asked = trained(args.examples, args.states, fold, args.epochs, args.out)
        answers |= zip(range(fold, len(plv), FOLDS), stance.judge(plv[fold::FOLDS], asked=asked), strict=True)
        found.append(_figures(_DSE, args.bench, stance.judge(dse, asked=asked)))
        sys.stdout.write(f"dse, seed {fold}: {_line(found[-1])}\n")
    means = {path: float(np.mean([figures[path] for figures in found])) for path in _DSE.figures}
    sys.stdout.write(f"dse, mean of {FOLDS} seeds: {_line(means)}\n")
    unseen = _figures(_PLV, args.bench, (answers[row] for row in range(len(plv))))
    sys.stdout.write(f"plv, each row unseen: {_line(unseen)}\n")
    return 0


def _figures(benchmark: Benchmark, bench: Path, judged: Iterable[dict[str, Any]]) -> dict[str, float]:
    result = scored(benchmark, bench, (json.dumps(row) + "\n" for row in judged))
    return {path: figure(result, path) or 0.0 for path in benchmark.figures}


def _line(figures: dict[str, float]) -> str:
    return "  ".join(f"{path} {value:.3f}" for path, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
