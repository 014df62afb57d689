"""Changes of position between dates."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from kg.analysis.change import shifts
from kg.records import Statement
from tests.analysis.notation import parse
from tests.analysis.strategies import networks


def on(date: str | None, lines: str) -> list[Statement]:
    return [replace(s, id=f"{date} {s.id}", document=replace(s.document, published=date)) for s in parse(lines)]


def test_a_change_of_sign_is_a_shift_with_its_premises() -> None:
    found = shifts([
        *on("2024-03-01T08:00:00Z", "Ada criticizes Ben 0.5\nAda supports Ben 0.9"),
        *on("2024-02-01", "Ada attacks Ben"),
        *on("2024-02-15", "Ada consults Ben\nBen supports Ada"),
    ])
    assert [(s.subject_name, s.object_name, s.last, s.first, s.before, s.after) for s in found] == [
        ("Ada", "Ben", "2024-02-01", "2024-03-01", -1.0, 0.4)]
    assert found[0].statements == ("2024-02-01 s0", "2024-03-01T08:00:00Z s0", "2024-03-01T08:00:00Z s1")


def test_what_is_not_so_or_has_no_date_is_no_shift() -> None:
    before = on("2024-01-01", "Ada supports Ben")
    assert not shifts([*before, *on("2024-02-01", "Ada attacks Ben | planned\nAda attacks Ben | not")])
    assert not shifts([*before, *on(None, "Ada attacks Ben")])
    assert not shifts([*before, *on("2024-02-01", "Ada attacks Ben 0.5\nAda supports Ben 0.5")])
    assert len(shifts([*before, *on("2024-02-01", "Ada attacks Ben | planned")], modalities=None)) == 1


@given(networks)
def test_one_date_has_no_shift(statements: list[Statement]) -> None:
    assert shifts(statements) == []
