"""Builds that are killed at random moments lose nothing, double nothing, and go on to the same end."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bench.kills import run

KILLS = 50


@pytest.mark.slow
def test_killed_builds_leave_whole_articles_and_end_as_an_undisturbed_one(tmp_path: Path) -> None:
    outcome = run(KILLS, seed=1, folder=tmp_path)
    assert outcome.kills >= KILLS
    assert (outcome.torn, outcome.lost, outcome.unequal) == (0, 0, 0), str(outcome)
    assert outcome.midway >= KILLS / 3, str(outcome)
