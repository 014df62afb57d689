"""Probabilities as log-odds, and back."""

from __future__ import annotations

import math


def log_odds(chance: float) -> float:
    """The logarithm of p / (1 - p), kept finite at both ends."""
    inside = min(0.999, max(0.001, chance))
    return math.log(inside / (1 - inside))


def probability(odds: float) -> float:
    """The chance that log-odds stand for."""
    return 1 / (1 + math.exp(-odds))
