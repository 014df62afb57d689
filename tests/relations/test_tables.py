"""The tables of frames and judgements: what is shipped agrees with the ontology, and a fault names its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kg import ontology, resources
from kg.errors import DataError
from kg.nlp import control
from kg.relations import frames, judge
from rdflib import SKOS, Graph, URIRef

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "lemma,pos,particle,when,predicate,subject,object,cameo,source\n"


def test_all_relations_have_frames() -> None:
    told = {frame.predicate for row in frames.load().by_word.values() for frame in row}
    assert told == set(ontology.relations())


def test_codes_are_of_the_relations_own_event_type() -> None:
    graph = Graph().parse(resources.ontology("codes.ttl"))
    table = ontology.relations()
    for row in frames.load().by_word.values():
        for frame in row:
            types = set(graph.objects(URIRef(ontology.CAMEO + frame.cameo), SKOS.relatedMatch))
            assert types == {URIRef(ontology.PLOVER + table[frame.predicate].plover)}, frame


def test_shipped_tables_load() -> None:
    assert control.load().infinitives["urge"].controller == "patient"
    assert judge.load().value["reckless"] == -1


@pytest.mark.parametrize(("row", "fault"), [
    ("nod,VERB,,,approves,agent,patient,,own", "'approves' is no relation"),
    ("nod,ADV,,,supports,agent,patient,,own", "'ADV' is no part of speech"),
    ("nod,VERB,,patient=@heads,supports,agent,patient,,own", "'@heads' is no word class"),
    ("nod,VERB,,,supports,,patient,,own", "need a role"),
    ("nod,VERB,supports", "needs 9 fields"),
])
def test_a_faulty_row_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, fault: str) -> None:
    (tmp_path / "frames.csv").write_text(f"{HEADER}{row}\n", encoding="utf-8")
    shipped = resources.data
    monkeypatch.setattr(resources, "data", lambda *parts: (
        tmp_path / "frames.csv" if parts[-1] == "frames.csv" else shipped(*parts)))
    frames.load.cache_clear()
    try:
        with pytest.raises(DataError, match=fault) as error:
            frames.load()
        assert error.value.where == "frames.csv:2"
    finally:
        frames.load.cache_clear()
