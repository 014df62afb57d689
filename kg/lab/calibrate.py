"""What ``confidence`` is worth: a reliability table on annotated texts, and the numbers that make it honest.

    python -m kg.lab.calibrate [--bench DIR] [--fast] [--fit]

Of the statements at 0.8, about 80 % should be right. A statement that relates two actors is right if a hand-made gold
file has its triple, and the same speaker where it has one; one that only tells who spoke is right if the gold accepts
the speaker at that place; one whose speaker is unknown, if an annotator of PolNeAR marked an attribution that touches
it in every part. The gold files are not complete, so that confidence errs on the low side.

Printed are, for statements of like confidence, how many were right, and the expected calibration error: the mean
distance of the two, weighted by number (Naeini et al., AAAI 2015, ten bins). ``--fit`` writes ``kg/calibration.csv``:
a slope and an intercept on the log-odds for each kind of statement (Platt scaling); what is printed then was computed
across ten folds of documents, each judged by the numbers fitted on the others.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from kg import resources, statements
from kg.chances import log_odds
from kg.lab.evaluate import BENCH, scorer
from kg.records import Statement

_FOLDS = _BINS = 10
_PENALTY = 0.5  # on the distance from leaving the log-odds as they are
_GOLD = ("gold/open", "gold/train")
_SPEECH = "polnear/dev"


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement's kind and confidence, and whether the annotators agree."""

    document: str
    kind: str
    confidence: float
    right: bool


def judged(bench: Path, fast: bool = False) -> list[Judged]:
    """Read the annotated texts and judge each statement that the annotation can judge."""
    return [*_by_gold(bench, fast), *_by_annotators(bench, fast)]


def _by_gold(bench: Path, fast: bool) -> Iterator[Judged]:
    """Statements with an actor, by the gold files."""
    gold_scorer = scorer(bench, "score_gold")
    paths = [str(path) for folder in _GOLD for path in sorted((bench / folder).glob("*-*.json"))]
    for gold in gold_scorer.read_gold(paths):
        for statement in _read(Path(gold.path), fast):
            said = gold_scorer.flat(statement.to_json(), gold, gold.key)
            if gold.limit is not None and said["evidence"] and said["evidence"][0] >= gold.limit:
                continue
            kind = statements.kind(statement)
            if statement.predicate:
                right = any(gold.fits(g, said) and (said["speaker"] is None or gold.voiced(g, said))
                            for g in gold.statements)
            elif statement.speaker:
                right = any(gold.voiced(g, said) for g in gold.statements)
            else:
                continue
            yield Judged(gold.key, kind, statement.confidence, right)


def _by_annotators(bench: Path, fast: bool) -> Iterator[Judged]:
    """Statements of unknown speakers, by PolNeAR."""
    polnear = scorer(bench, "score_polnear")
    for path in sorted((bench / _SPEECH / "text").glob("*.txt")):
        tokens = polnear.Tokens(path.read_text(encoding="utf-8"), False)
        golds = [gold for file in sorted((bench / _SPEECH / "attributions").glob(f"{path.stem}_????.ann"))
                 for gold in polnear.read_brat(file, tokens)]
        for statement in _read(path, fast):
            if statement.predicate or statement.speaker or not statement.content:
                continue
            parts = polnear.predicted_attributions([statement.to_json()], tokens, path.stem)
            right = any(polnear.overlapping(gold, part) for gold in golds for part in parts)
            yield Judged(path.stem, statements.kind(statement), statement.confidence, right)


def _read(path: Path, fast: bool) -> Iterator[Statement]:
    from kg.documents.reader import read
    from kg.reading import Options, Reader

    def fail(error: Exception) -> None:
        raise error

    for _, found in Reader(Options(fast=fast)).read(read([path], fail), fail):
        yield from found


# ---- fitting ---------------------------------------------------------------------------------------------------------

def fit(found: Sequence[Judged]) -> statements.Scale:
    """Slope and intercept on the log-odds that make the judged statements likeliest."""
    odds = np.array([log_odds(j.confidence) for j in found])
    right = np.array([j.right for j in found], dtype=float)

    def loss(numbers: np.ndarray) -> float:
        scores = numbers[0] * odds + numbers[1]
        off = (numbers[0] - 1) ** 2 + numbers[1] ** 2
        return float(np.sum(np.logaddexp(0, scores)) - right @ scores + _PENALTY * off)

    slope, intercept = minimize(loss, np.array([1.0, 0.0]), bounds=[(0.05, None), (None, None)]).x
    return statements.Scale(float(slope), float(intercept))


def fit_kinds(found: Sequence[Judged]) -> dict[str, statements.Scale]:
    """The same for each kind."""
    return {kind: fit([j for j in found if j.kind == kind]) for kind in statements.KINDS}


def across_folds(found: Sequence[Judged]) -> list[Judged]:
    """Each statement with the confidence that numbers fitted on other documents give it."""
    fold = {name: n % _FOLDS for n, name in enumerate(sorted({j.document for j in found}))}
    result = []
    for number in range(_FOLDS):
        scales = fit_kinds([j for j in found if fold[j.document] != number])
        result += [Judged(j.document, j.kind, scales[j.kind].of(j.confidence), j.right)
                   for j in found if fold[j.document] == number]
    return result


def bins(sure: np.ndarray, right: np.ndarray) -> list[tuple[float, float, int]]:
    """Mean confidence, share of right ones and number, for those of like confidence."""
    places = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    return [(float(sure[own].mean()), float(right[own].mean()), int(own.sum()))
            for own in (places == place for place in np.unique(places))]


def error(sure: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error."""
    return sum(abs(said - true) * number for said, true, number in bins(sure, right)) / max(1, len(sure))


def columns(found: Sequence[Judged]) -> tuple[np.ndarray, np.ndarray]:
    """Confidences, and whether each is right."""
    return np.array([j.confidence for j in found], dtype=float), np.array([j.right for j in found], dtype=float)


def report(found: Sequence[Judged], write: Callable[[str], object]) -> None:
    """Print the table and the errors."""
    write("said   right  statements\n")
    for said, true, number in bins(*columns(found)):
        write(f"{said:.2f}   {true:.2f}   {number}\n")
    for kind in statements.KINDS:
        own = [j for j in found if j.kind == kind]
        write(f"{kind}: {len(own)} statements, {np.mean([j.right for j in own]) if own else 0:.2f} right, "
              f"calibration error {error(*columns(own)):.3f}\n")
    write(f"all: {len(found)} statements, expected calibration error {error(*columns(found)):.3f}\n")


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=BENCH, help="the benchmark folder")
    parser.add_argument("--fast", action="store_true", help="rules only, without the learned model")
    parser.add_argument("--fit", action="store_true", help="write kg/calibration.csv")
    args = parser.parse_args()
    if not args.bench.is_dir():
        parser.error(f"there are no benchmarks in {args.bench}; give their folder with --bench")
    found: Sequence[Judged] = judged(args.bench, args.fast)
    if args.fit:
        now = statements.scales()
        path = resources.data(statements.SCALES)
        _write(path, {kind: scale.after(now[kind]) for kind, scale in fit_kinds(found).items()})
        found = across_folds(found)
    report(found, sys.stdout.write)
    return 0


def _write(path: Path, scales: dict[str, Any]) -> None:
    rows = ((kind, f"{s.slope:.3f}", f"{s.intercept:.3f}", "kg.lab.calibrate") for kind, s in scales.items())
    resources.write(path, ("kind", "slope", "intercept", "source"), rows)


if __name__ == "__main__":
    sys.exit(main())
