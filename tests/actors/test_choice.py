"""Who is meant where a name has several bearers, and that the spellings of a name mean one."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

import pytest
from kg.actors.phrase import actor
from tests.actors.test_sentences import mentions_of

HERE = Path(__file__).parent
COLLISIONS = tomllib.loads((HERE / "collisions.toml").read_text(encoding="utf-8"))["case"]
SPELLINGS = list(csv.DictReader((HERE / "spellings.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("case", COLLISIONS, ids=[c["about"] for c in COLLISIONS])
def test_collision(case: dict[str, Any]) -> None:
    found = mentions_of(case["text"], case.get("date"))
    for words, wanted in case["actors"].items():
        surface, _, number = words.partition("#")
        mention = [m for m in found if surface in (m.span.text, m.full.text)][int(number or 1) - 1]
        assert mention.entity is not None
        assert {key: getattr(mention.entity, key) or "" for key in wanted} == wanted, words


@pytest.mark.parametrize("row", SPELLINGS, ids=[r["spelling"] for r in SPELLINGS])
def test_spelling(row: dict[str, str]) -> None:
    one, other = actor(row["name"]), actor(row["spelling"])
    assert one is not None
    assert other is not None
    assert one.id == other.id
    assert not one.id.rsplit("/", 1)[1].startswith("x-") or one.type == "Place"


@pytest.mark.parametrize(("one", "other"), [
    ("Mark Carney", "Marc Garneau"), ("Kim Jong Un", "Kim Yong-jin"), ("Tina Smith", "Tony Smith"),
    ("Li Qiang", "Li Guoying"), ("Kim Jong Il", "Kim Yong-il"), ("Mamadou Touré", "Mamadi Touré"),
])
def test_what_is_only_alike_stays_apart(one: str, other: str) -> None:
    first, second = actor(one), actor(other)
    assert first is not None
    assert second is not None
    assert first.id != second.id


@pytest.mark.parametrize(("one", "other"), [
    ("Tarja Beispielova", "Ms. Tarja Beispielova's"), ("Beispiel Foundation", "the Beispiel Foundation"),
    ("Jörg Beispiel", "Jorg Beispiel"), ("BEISPIEL FOUNDATION", "Beispiel Foundation’s"),
    ("Governor Ann Exampleton", "Ann Exampleton"), ("former President Ann Exampleton", "Dr Ann Exampleton"),
])
def test_an_unknown_actor_has_one_id(one: str, other: str) -> None:
    first, second = actor(one), actor(other)
    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert first.id.rsplit("/", 1)[1].startswith("x-")


def test_an_unknown_actor_has_one_id_in_every_text() -> None:
    texts = ("Governor Tarja Beispielova left.", "They met Tarja Beispielova.", "Tarja Beispielova’s aides left.",
             "Ms Tarja Beispielova, the governor, said she would resign.")
    named = (m for text in texts for m in mentions_of(text, None) if m.span.text == "Tarja Beispielova")
    ids = {m.entity.id for m in named if m.entity}
    assert ids == {actor("Tarja Beispielova").id}  # type: ignore[union-attr]
