"""What an explanation says: the steps that led to an actor, and the candidates that lost."""

from __future__ import annotations

import pytest
from kg.actors.phrase import actor, explain
from kg.errors import UsageError


@pytest.mark.parametrize(("text", "date", "steps"), [
    ("Angela Merkel", "2015-05-01", {"name": "the name of Angela Merkel", "office": "Chancellor"}),
    ("Angela Merkel", "2022-05-01", {"sector": "ELI, former elite: the last office was"}),
    ("Minister Juan Carlos Jobet", "2022-03-20", {"office": "ended within the month before 2022-03-20"}),
    ("President Macron", "2022-05-01", {"name": "the surname of Emmanuel Macron"}),
    ("Volodymyr Zelenskij", "2022-05-01", {"name": "another spelling of the name of Volodymyr Zelenskyy"}),
    ("the Kremlin", None, {"name": "stands for: presidency and government of Russia (metonyms.csv)"}),
    ("Nairobi", None, {"name": "the capital of Kenya, whose government it stands for"}),
    ("Lviv", None, {"name": "a place (UKR; cities.csv or regions.csv)"}),
    ("Peruvian nurses", None, {"country": "PER, from Peru", "sector": "MED, from “nurse” (sectors.csv)"}),
    ("a Catalan separatist", None, {"country": "ESP, where Catalan is a people or a region"}),
    ("Governor Ann Exampleton", None, {"name": "no list has “Ann Exampleton”", "sector": "GOV, from the title"}),
    ("Canada's prime minister", "2016-05-01", {"office": "prime minister of Canada on 2016-05-01: Justin Trudeau"}),
    ("the NATO chief", "2022-05-01", {"office": "Secretary General of NATO"}),
    ("the Obama administration", "2012-05-01", {"government": "Barack Obama heads one"}),
    ("members of Hamas", None, {"read as": "Hamas itself"}),
    ("a former White House official", None, {"sector": "ELI, former elite: the phrase says so"}),
])
def test_steps(text: str, date: str | None, steps: dict[str, str]) -> None:
    found = explain(text, date)
    assert found.entity == actor(text, date)
    said = [(step.about, step.found) for step in found.steps]
    for about, words in steps.items():
        assert any(a == about and words in f for a, f in said), said


def test_sources_stand_beside_rows_and_offices() -> None:
    name, office = explain("Angela Merkel", "2015-05-01").steps[:2]
    assert "of people.csv; sources: eps" in name.found
    assert "from 2005-11-22 to 2021-12-08 [" in office.found


def test_candidates_that_lost_have_a_reason() -> None:
    lost = {r.name: r.reason for r in explain("President Duterte", "2020-05-01").rejected}
    assert lost == {"Sara Duterte": "not president on 2020-05-01"}


def test_candidates_that_are_left_have_none() -> None:
    found = explain("David Johnston", "2015-05-01")
    assert found.entity is not None
    assert found.entity.wikidata is None
    assert len([r for r in found.rejected if r.is_open]) > 1
    assert any(step.about == "left open" for step in found.steps)


def test_nothing_is_said_of_nothing() -> None:
    found = explain("yesterday")
    assert (found.entity, found.steps, found.rejected) == (None, (), ())


@pytest.mark.parametrize("date", ["nope", "2024", "2024-13-01", "2024-02-30", "13.12.2024", "20241213", ""])
def test_a_date_that_is_none_is_an_error(date: str) -> None:
    with pytest.raises(UsageError, match="YYYY-MM-DD"):
        actor("Ukraine", date)
