"""Fit what rules and learned model count where they judge the same two actors.

    python -m kg.lab.fusion [--bench DIR] [--out FILE]

In the annotated articles of ``gold/train``, each relation that a rule has found, and each that the model would add, is
judged by the gold file. Weights are fitted by maximum likelihood with a ridge; what is added has to be likelier than
the chance that gives the best F1 of distinct triples. Both are written to ``fusion.csv``. Printed is that F1 without
the model, with it, and on articles that weights and threshold were not fitted on (five folds).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from kg import relations, resources
from kg.actors import gazetteer
from kg.chances import probability
from kg.documents.reader import read
from kg.lab.evaluate import BENCH, scorer
from kg.nlp import model, times
from kg.nlp.encoder import Encoder
from kg.pipeline import readable, understand
from kg.records import Mention
from kg.relations import fusion

_FOLDS = 5
_PENALTY = 0.5
_GRID = np.linspace(0.1, 0.95, 35)


@dataclass(frozen=True, slots=True)
class Judged:
    """A relation of an article as the scorer reads it, what speaks for it, and whether the gold file accepts it.

    ``case`` is "found" or "added", or "kept" for a rule's relation on which the model has no say.
    """

    case: str
    said: dict[str, Any]
    features: np.ndarray
    right: bool


@dataclass(frozen=True, slots=True)
class Article:
    """A gold file and what was judged by it."""

    gold: Any
    relations: list[Judged]


def articles(bench: Path) -> Iterator[Article]:
    """Read the annotated articles."""
    gold_scorer = scorer(bench, "score_gold")
    nlp, lists = model.load(), gazetteer.load(None)

    def fail(error: Exception) -> None:
        raise error

    for gold in gold_scorer.read_gold([str(path) for path in sorted((bench / "gold" / "train").glob("p*.json"))]):
        for document in read([Path(gold.path)], fail):
            doc = nlp(readable(document.text))
            scene = understand(doc, document, lists)
            yield Article(gold, [j for j in _judged(doc, scene, document.text, gold)
                                 if gold.limit is None or j.said["evidence"][0] < gold.limit])


def _judged(doc: Any, scene: Any, text: str, gold: Any) -> Iterator[Judged]:
    tree = scene.tree
    clauses, found = relations.by_rules(tree, text, scene.mentions, times.times(doc, scene.published))
    asked = fusion.opinions(tree, scene.mentions, Encoder.read(doc))

    def judge(case: str, subject: Mention, predicate: str, target: Mention | None, negated: bool,
              features: np.ndarray) -> Judged:
        first, end = tree.sentence[subject.root]
        said = {"subject": _name(subject, gold), "predicate": predicate, "object": _name(target, gold),
                "negated": negated, "evidence": (tree.start[first], tree.end[end - 1])}
        return Judged(case, said, features, any(gold.fits(g, said) for g in gold.statements))

    for relation in found:
        if relation.subject is None:
            continue
        opinion = fusion.opinion_of(relation, asked)
        if opinion is None:
            yield judge("kept", relation.subject, relation.predicate, relation.object, relation.negated,
                        np.zeros(len(fusion.FEATURES)))
        else:
            yield judge("found", relation.subject, relation.predicate, relation.object, False,
                        opinion.features(relation.predicate, relation.confidence))
    for opinion, _ in fusion.news(tree, asked.values(), found, {c.root: c for c in clauses}):
        yield judge("added", opinion.subject, opinion.relation, opinion.object, False,
                    opinion.features(opinion.relation))


def _name(mention: Mention | None, gold: Any) -> str | None:
    return gold.name(mention.entity.name) if mention is not None and mention.entity is not None else None


# ---- fitting ---------------------------------------------------------------------------------------------------------

def fit(judged: Sequence[Judged]) -> np.ndarray:
    """The weights that make what was judged likeliest."""
    rows, right = np.array([j.features for j in judged]), np.array([j.right for j in judged], dtype=float)

    def loss(weights: np.ndarray) -> float:
        scores = rows @ weights
        return float(np.sum(np.logaddexp(0, scores)) - right @ scores + _PENALTY * float(weights[:-1] @ weights[:-1]))

    bounds = [(0.0 if n < fusion.EVIDENCE else None, None) for n in range(rows.shape[1])]
    return np.asarray(minimize(loss, np.zeros(rows.shape[1]), bounds=bounds).x)


def fitted(some: Sequence[Article], tally: Any) -> fusion.Weights:
    """Weights and threshold."""
    judged = [j for article in some for j in article.relations]
    found, added = (fit([j for j in judged if j.case == case]) for case in ("found", "added"))
    trial = [fusion.Weights(found, added, float(least)) for least in _GRID]
    return max(trial, key=lambda weights: f1(some, weights, tally))


def likely(judged: Judged, weights: fusion.Weights) -> bool:
    """Whether the model would add a relation."""
    return probability(weights.added @ judged.features) >= weights.least


def f1(some: Sequence[Article], weights: fusion.Weights | None, tally: Any) -> float:
    """F1 of distinct triples; without weights, of the rules alone."""
    counts = np.zeros(4)
    for article in some:
        said = [j.said for j in article.relations if j.case != "added" or (weights and likely(j, weights))]
        counts += tally(article.gold, said, "predicate")[0]
    hits, told, core, found = counts
    return float(2 / (told / hits + core / found)) if hits and found else 0.0


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=BENCH, help="the benchmark folder")
    parser.add_argument("--out", type=Path, default=resources.data("relations", fusion.TABLE), help="the table")
    args = parser.parse_args()
    if not args.bench.is_dir():
        parser.error(f"there are no benchmarks in {args.bench}; give their folder with --bench")
    found, tally = list(articles(args.bench)), scorer(args.bench, "score_gold").tally
    folds = [[a for n, a in enumerate(found) if n % _FOLDS == fold] for fold in range(_FOLDS)]
    counts = [(f1(fold, None, tally), f1(fold, fitted([a for a in found if a not in fold], tally), tally))
              for fold in folds]
    weights = fitted(found, tally)
    sys.stdout.write(f"F1 of triples: rules {f1(found, None, tally):.3f}, "
                     f"with the model {f1(found, weights, tally):.3f}; "
                     f"mean of {_FOLDS} folds {np.mean(counts, axis=0).round(3)}\n")
    added = [j.right for article in found for j in article.relations if j.case == "added" and likely(j, weights)]
    sys.stdout.write(f"of {len(added)} that the model alone adds {np.mean(added):.2f} are right\n")
    rows = (("found", *weights.found, 0.0), ("added", *weights.added, weights.least))
    resources.write(args.out, ("case", *fusion.FEATURES, "least", "source"),
                    ((case, *(f"{number:.3f}" for number in numbers), "kg.lab.fusion") for case, *numbers in rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
