"""Fit what attitude, relation and rules count in :mod:`kg.stance`.

    python -m kg.lab.stance sentences.jsonl [--bench DIR] [--out FILE]

Fitted by maximum likelihood on the lines of DSE's valid part that do not stand in its training part, and on sentences
that :mod:`kg.lab.sentences` has made with another seed than those of the training. Each direction is a case; one that a
rule has found to be no fact is left out, since the weights have no say there. The weight of a rule is set, not fitted:
in made sentences the model, which has learned from such, needs no rules, and where DSE speaks of deeds it often sees
no attitude. Printed are, across five folds of the lines of DSE, micro and macro F1 as its scorer has them, and the
expected calibration error of the label's score; and the same with the two actors of every line called by the names of
others, drawn with a seed: a model that knew who likes whom would lose by it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from kg import resources, stance
from kg.lab import dse
from kg.lab.calibrate import error
from kg.lab.evaluate import BENCH
from kg.nlp import model, pairs
from kg.nlp.tree import Tree

_FOLDS = 5
_PENALTY = 0.1
#: The weight of a rule.
RULE = 2.0
_MADE = 1000


@dataclass(frozen=True, slots=True)
class Cases:
    """Features (pairs x 2 directions x signs x features), where a rule holds, and the places of the true signs."""

    features: np.ndarray
    held: np.ndarray
    truth: np.ndarray

    def part(self, rows: Sequence[int] | np.ndarray) -> Cases:
        """Some of the pairs."""
        return Cases(self.features[rows], self.held[rows], self.truth[rows])

    def odds(self, weights: np.ndarray) -> np.ndarray:
        """What the weights make of them: pairs x 2 x signs."""
        return stance.settled(self.features @ weights, self.held)


def read(asked: pairs.Pairs, given: Iterable[dict[str, Any]], truth: Sequence[tuple[int, int]]) -> Cases:
    """Ask rules and model about marked pairs whose signs, both ways, are known."""
    features, held = [], []
    for doc, pair in stance.parsed(given, model.load(fast=True)):
        tree = Tree.of(doc)
        mentions = stance.marked(doc, tree, pair)
        rules, sides = stance.by_rules(doc, tree, mentions), stance.by_model(doc, mentions, asked)
        if sides is None:
            raise ValueError(f"the model cannot read {pair['text']!r}")
        features.append([stance.features(rule, side) for rule, side in zip(rules, sides, strict=True)])
        held.append([stance.held(rule) for rule in rules])
    return Cases(np.array(features), np.array(held), np.array(truth) + 1)


def fit(*sets: Cases) -> np.ndarray:
    """The weights that make the true signs likeliest; each set counts as one."""
    def loss(weights: np.ndarray) -> float:
        total = _PENALTY / 100 * float(weights @ weights)
        for cases in sets:
            odds = cases.features @ weights
            right = np.take_along_axis(odds, cases.truth[..., None], -1)[..., 0]
            total += float(np.mean((np.logaddexp.reduce(odds, axis=-1) - right)[~cases.held]))
        return total

    rule = stance.FEATURES.index("rule")
    bounds = [(RULE, RULE) if n == rule else (None, None) for n in range(len(stance.FEATURES))]
    return np.asarray(minimize(loss, np.zeros(len(stance.FEATURES)), bounds=bounds).x)


def renamed(pairs: Sequence[dict[str, Any]], seed: int = 0) -> list[dict[str, Any]]:
    """The pairs with names of others in place of both actors."""
    chance = random.Random(seed)  # noqa: S311 - which names
    names = sorted({pair["text"][slice(*pair[key])] for pair in pairs for key in ("p", "q")})
    found = []
    for pair in pairs:
        text, at, places = "", 0, []
        (first, second), new = sorted([pair["p"], pair["q"]]), chance.sample(names, 2)
        for (start, end), name in ((first, new[0]), (second, new[1])):
            text += pair["text"][at:start]
            places.append([len(text), len(text) + len(name)])
            text, at = text + name, end
        found.append({"text": text + pair["text"][at:], "p": places[pair["p"] > pair["q"]],
                      "q": places[pair["p"] < pair["q"]]})
    return found


def classes(odds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Signs of both directions as DSE has them: at most one is no zero, the likelier; with the label's score."""
    chances = np.exp(odds - np.logaddexp.reduce(odds, axis=-1)[..., None])
    signs, sure = chances.argmax(-1) - 1, chances.max(-1)
    both = signs.all(-1)
    signs[both, sure[both].argmin(-1)] = 0
    return signs, sure


def figures(signs: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Micro and macro F1 over DSE's five classes."""
    said, gold = (np.array([dse.SIGNS.index(tuple(row)) for row in part.tolist()]) for part in (signs, truth - 1))
    return dse.figures(said, gold)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path, help="what kg.lab.sentences wrote")
    parser.add_argument("--bench", type=Path, default=BENCH, help="the benchmark folder")
    parser.add_argument("--out", type=Path, default=resources.data(stance.TABLE), help="the table")
    args = parser.parse_args()
    folder = args.bench / "dse"
    if not folder.is_dir():
        parser.error(f"there is no DSE in {folder}; give the benchmarks' folder with --bench")
    asked = pairs.shipped()
    lines = list(dse.read(folder / "valid.tsv", {line for line, *_ in dse.read(folder / "train.tsv")}))
    pairs_of_news = [{"text": text, "p": list(p), "q": list(q)} for _, text, p, q, _ in lines]
    truth = [dse.SIGNS[label] for *_, label in lines]
    news, others = read(asked, pairs_of_news, truth), read(asked, renamed(pairs_of_news), truth)
    with args.sentences.open(encoding="utf-8") as file:
        made = [json.loads(line) for line in islice(file, _MADE)]
    values = {"negative": -1, "neutral": 0, "positive": 1}
    plain = read(asked, made, [(values[row["p_to_q"]["label"]], values[row["q_to_p"]["label"]]) for row in made])
    rows = np.arange(len(lines))
    odds = {name: np.empty(news.features.shape[:3]) for name in ("as they are", "renamed")}
    for fold in range(_FOLDS):
        held_out = rows % _FOLDS == fold
        weights = fit(news.part(~held_out), plain)
        for name, cases in zip(odds, (news, others), strict=True):
            odds[name][held_out] = cases.part(held_out).odds(weights)
    for name, found in odds.items():
        signs, sure = classes(found)
        micro, macro = figures(signs, news.truth)
        ece = error(sure.ravel(), (found.argmax(-1) == news.truth).ravel())
        held = (news.truth != 1).any(-1)
        attitudes = (signs == news.truth - 1).all(-1)[held].mean()
        sys.stdout.write(f"DSE, unseen lines, {name}: micro {micro:.3f} macro {macro:.3f} calibration error {ece:.3f}; "
                         f"of {held.sum()} with an attitude {attitudes:.2f} right\n")
    _write(args.out, fit(news, plain))
    return 0


def _write(path: Path, weights: np.ndarray) -> None:
    set_by_hand = stance.weights()[1:]
    rows = zip((*stance.FEATURES, stance.NAMED, stance.NONE), (*weights, *set_by_hand), strict=True)
    resources.write(path, ("feature", "weight"), ((name, f"{weight:.3f}") for name, weight in rows))


if __name__ == "__main__":
    sys.exit(main())
