"""Minimal pairs of attitudes (``contrasts.toml``): how many are judged right, and that the file says what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.relations.contrasts import contrasts, judged, misses, share, table

if TYPE_CHECKING:
    from pathlib import Path

# Percent of labels and relations reached. Floors: they rise with what is understood, and never sink.
FLOORS = {"rules and model": (92, 93), "rules": (90, 90)}

GROUP = """
[names]
man = ["Lula", "Obama", "Erdogan"]
[[group]]
phenomenon = "voice"
actors = ["man man", "man man"]
cases = '''
%s
'''
"""


@pytest.mark.parametrize("by", FLOORS)
def test_as_many_are_right_as_were(by: str) -> None:
    labels, relations = FLOORS[by]
    outcomes = judged(contrasts(), fast=by == "rules")
    assert share(o.right for o in outcomes) >= labels, f"\n{misses(outcomes)}\n\n{table(outcomes)}"
    assert share(o.related for o in outcomes if o.contrast.relation) >= relations, f"\n{table(outcomes)}"


def test_the_file_is_broad_and_repeats_nothing() -> None:
    found = contrasts()
    assert len({c.case for c in found}) >= 150
    assert len({c.text for c in found}) >= 2 * len({c.case for c in found})
    assert len({(c.text, *sorted(c.places)) for c in found}) == len(found)
    assert len({c.phenomenon for c in found}) >= 18
    assert all(c.text[slice(*c.places[0])] != c.text[slice(*c.places[1])] for c in found)


def test_a_case_is_read(tmp_path: Path) -> None:
    (tmp_path / "some.toml").write_text(GROUP % "$A was helped by $B. | BA + 0 aids", encoding="utf-8")
    first, second = contrasts(tmp_path / "some.toml")
    helper, helped = (first.text[start:end] for start, end in first.places)
    assert first.text == f"{helped} was helped by {helper}."
    assert (first.phenomenon, first.labels, first.relation) == ("voice", ("positive", "neutral"), "aids")
    assert first.text != second.text


@pytest.mark.parametrize("case", [
    "$A met $B.", "$A met $B. | AB", "$A met $B. | AA 0 0", "$A met $B. | AB 0 0 greets", "$A met $B, $A. | AB 0 0",
])
def test_a_case_that_does_not_fit_is_named(tmp_path: Path, case: str) -> None:
    (tmp_path / "some.toml").write_text(GROUP % case, encoding="utf-8")
    with pytest.raises(ValueError, match=r"\$A met \$B"):
        contrasts(tmp_path / "some.toml")
