"""The marked-up sentences of ``sentences.toml``: which words are mentions, and of whom."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kg.actors import resolve
from kg.actors.gazetteer import load
from kg.nlp import model
from kg.records import Document

if TYPE_CHECKING:
    from kg.records import Mention

CASES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))["case"]


def mentions_of(text: str, date: str | None) -> list[Mention]:
    return resolve(model.load()(text), Document("case", text, published=date), load())


@pytest.mark.parametrize("case", CASES, ids=[c["about"] for c in CASES])
def test_actors(case: dict[str, Any]) -> None:
    found = mentions_of(case["text"], case.get("date"))
    for words, name in case["actors"].items():
        surface, _, number = words.partition("#")
        same = [m for m in found if surface in (m.span.text, m.full.text)]
        mention = same[int(number or 1) - 1] if len(same) >= int(number or 1) else None
        if not name:
            assert mention is None, f"{words!r} is no actor, but was linked to {mention}"
            continue
        assert mention is not None, f"no mention {words!r} in {[m.span.text for m in found]}"
        got = mention.entity.name if mention.entity else "-"
        assert got == name, f"{words!r} is {name}, not {got}"


@pytest.mark.parametrize("text", [
    "British Prime Minister Keir Starmer met Vladimir Putin in London on Monday.",
    "Ukrainian President Volodymyr Zelenskyy thanked Donald Trump on Monday.",
    "Then French President Emmanuel Macron praised Friedrich Merz.",
])
def test_the_title_of_one_person_is_not_that_of_the_next(text: str) -> None:
    people = [m.entity for m in mentions_of(text, "2025-06-04") if m.entity and m.entity.type == "Person"]
    assert len(people) == 2
    assert all(person.wikidata for person in people)
