"""What ``kg actor`` answers, without a parser."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.actors.phrase import actor

ROWS = list(csv.DictReader((Path(__file__).parent / "phrases.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=[f"{r['phrase']} {r['date'][:4]}" for r in ROWS])
def test_phrase(row: dict[str, str]) -> None:
    entity = actor(row["phrase"], row["date"])
    assert entity is not None
    assert (entity.country or "", entity.sector or "") == (row["country"], row["sector"])
    if row["name"]:
        assert entity.name == row["name"]
    if row["type"]:
        assert entity.type == row["type"]


@pytest.mark.parametrize("text", ["", " ", "yesterday", "he", "They", "coronavirus", "was expected"])
def test_no_actor(text: str) -> None:
    assert actor(text, "2022-11-15") is None


def test_no_wikidata_id_is_invented() -> None:
    for text in ("four Saudi men", "Oslo police", "Governor Ann Exampleton", "the Obama administration"):
        entity = actor(text, "2019-01-01")
        assert entity is not None
        assert entity.wikidata is None


def test_an_unknown_name_has_one_id_in_every_spelling() -> None:
    first, second = actor("Mr Jörg Beispiel"), actor("Mr. Jorg  Beispiel")
    assert first is not None
    assert second is not None
    assert first.id == second.id


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_answered_and_the_mention_covers_it(text: str) -> None:
    entity = actor(text, "2020-02-29")
    if entity is not None:
        assert entity.mention is not None
        assert (entity.mention.start, entity.mention.end, entity.mention.text) == (0, len(text), text)
        assert entity.id
        assert entity.name


def test_no_parser_is_loaded() -> None:
    code = (
        "import sys; from kg.actors.phrase import actor; actor('the Kremlin', '2022-01-01'); "
        "print([m for m in ('spacy', 'rdflib', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
