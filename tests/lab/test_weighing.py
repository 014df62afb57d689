"""What fits the weights of rules and model: names exchanged in place, DSE's classes, weights of the right sign."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.chances import probability
from kg.lab import fusion as fusing
from kg.lab import stance as weighing
from kg.lab.calibrate import error
from kg.lab.fusion import Judged
from kg.lab.stance import Cases, classes, figures, fit, renamed
from kg.relations import fusion
from kg.stance import FEATURES, SIGNS

NAMES = st.sampled_from(["Anna", "Bo", "the Kremlin", "Côte d'Ivoire"])
WORDS = st.text(alphabet="ab ,", max_size=12)


@given(before=WORDS, first=NAMES, between=WORDS, second=NAMES, after=WORDS, turned=st.booleans(),
       seed=st.integers(0, 9))
def test_others_names_stand_where_the_marks_say(before: str, first: str, between: str, second: str, after: str,
                                                turned: bool, seed: int) -> None:
    text = f"{before}{first} {between}{second}{after}"
    start = len(before) + len(first) + 1 + len(between)
    places = [[len(before), len(before) + len(first)], [start, start + len(second)]]
    asked: dict[str, Any] = {"text": text, "p": places[turned], "q": places[not turned]}
    others = {"text": "Lund met Berg.", "p": [0, 4], "q": [9, 13]}
    found, _ = renamed([asked, others], seed)
    names = [found["text"][slice(*found[key])] for key in ("p", "q")]
    assert set(names) <= {first, second, "Lund", "Berg"}
    assert (found["p"] < found["q"]) == (asked["p"] < asked["q"])
    left, right = sorted([found["p"], found["q"]])
    assert (found["text"][:left[0]], found["text"][left[1]:right[0]], found["text"][right[1]:]) == (
        before, f" {between}", after)


def test_at_most_one_of_two_holds_an_attitude_in_dse() -> None:
    odds = np.array([[[2.0, 0, 0], [0, 0, 3]], [[0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 1, 0]]])
    signs, sure = classes(odds)
    assert signs.tolist() == [[0, 1], [0, 1], [0, 0]]
    assert sure.shape == (3, 2)


def test_figures_are_those_of_the_scorer() -> None:
    truth = np.array([[1, 1], [2, 1], [1, 0], [1, 1]])  # places of the signs: neutral, p for q, q against p, neutral
    micro, macro = figures(np.array([[0, 0], [1, 0], [0, 0], [0, 0]]), truth)
    assert micro == pytest.approx(3 / 4)
    assert macro == pytest.approx((2 * 2 / 5 + 1 + 0 + 0 + 0) / 5)


def test_weights_follow_what_is_right() -> None:
    chance = np.random.default_rng(0)
    truth = chance.integers(0, 3, (200, 2))
    features = chance.normal(size=(200, 2, len(SIGNS), len(FEATURES)))
    features[..., 0] += 3 * (np.arange(3) == truth[..., None])
    weights = fit(Cases(features, np.zeros((200, 2), dtype=bool), truth))
    named = dict(zip(FEATURES, weights, strict=True))
    assert named["attitude"] > 1
    assert named["rule"] == weighing.RULE
    assert abs(named["relation"]) < named["attitude"]


def test_calibration_error() -> None:
    sure, right = np.array([0.95, 0.95, 0.55, 0.55]), np.array([True, True, True, False])
    assert error(sure, right) == pytest.approx(0.05)


def test_evidence_never_speaks_against_what_it_is_evidence_for() -> None:
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(300, len(fusion.FEATURES)))
    rows[:, -1] = 1
    judged = [Judged("added", {}, row, bool(row[1] > 0)) for row in rows] + [
        Judged("added", {}, row, bool(row[2] < 0)) for row in rows]
    weights = fusing.fit(judged)
    assert weights[1] > 0
    assert weights[:fusion.EVIDENCE].min() >= 0
    likely = [probability(float(weights @ (np.eye(len(row))[1] * x + np.eye(len(row))[-1])))
              for row, x in zip(rows, (-2, 0, 2), strict=False)]
    assert all(a < b for a, b in pairwise(likely))
