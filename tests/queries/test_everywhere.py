"""Every named query gives the same answer wherever the graph is: in memory, in a folder, at servers of two makers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kg import store
from kg.queries import library
from kg.rdf.quads import article_quads, to_quads
from kg.remote import RemoteDataset
from kg.store import OxigraphDataset, open_graph, open_store
from tests import servers
from tests.queries.cases import cases
from tests.queries.test_library import EXPECTED, cell

PLACES = ("folder", "oxigraph", pytest.param("virtuoso", marks=pytest.mark.virtuoso))
PATTERNS = ("ASK { ent:Ostria kg:supports ?a }", "ASK { ent:Ostria kg:attacks ent:Ostria }",
            "CONSTRUCT { ?a ?p ?b } WHERE { ?a ?p ?b . ?a kg:supports ?b FILTER(?p = kg:supports) }",
            "SELECT ?b WHERE { ent:Gloria_Teasdale kg:criticizes ?b } ORDER BY ?b")


def filled(dataset: OxigraphDataset | RemoteDataset) -> OxigraphDataset | RemoteDataset:
    """Put the cases in, as a folder that grows puts articles in."""
    for document in dict.fromkeys(statement.document for statement in cases()):
        told = [statement for statement in cases() if statement.document == document]
        store.replace_articles(dataset, {document.id: [*article_quads(document, "digest"), *to_quads(told)]})
    return dataset


@pytest.fixture(scope="module")
def memory() -> OxigraphDataset | RemoteDataset:
    return filled(open_store())


@pytest.fixture(scope="module")
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory,
          ) -> Iterator[OxigraphDataset | RemoteDataset]:
    folder: Path = tmp_path_factory.mktemp("place")
    if request.param == "folder":
        yield filled(open_store(folder / "store"))
        return
    with pytest.MonkeyPatch.context() as patch, getattr(servers, request.param)(folder) as address:
        if request.param == "virtuoso":
            servers.log_in(patch)
        dataset = filled(open_graph(address))
        yield dataset
        dataset.close()


@pytest.mark.parametrize("name", library.queries())
@pytest.mark.parametrize("place", PLACES, indirect=True)
def test_every_named_query(memory: OxigraphDataset, place: OxigraphDataset | RemoteDataset, name: str) -> None:
    assert library.run(place, name).to_json() == library.run(memory, name).to_json()


@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: f"{case['query']}: {case.get('reason', '')}")
@pytest.mark.parametrize("place", PLACES, indirect=True)
def test_every_case_with_its_parameters(place: OxigraphDataset | RemoteDataset, case: dict[str, Any]) -> None:
    result = library.run(place, case["query"], case.get("params"))
    assert [[cell(row[column]) for column in case["columns"]] for row in result] == case["rows"]


@pytest.mark.parametrize("text", PATTERNS)
@pytest.mark.parametrize("place", PLACES, indirect=True)
def test_a_query_of_ones_own(memory: OxigraphDataset, place: OxigraphDataset | RemoteDataset, text: str) -> None:
    assert library.run(place, text).to_json() == library.run(memory, text).to_json()


@pytest.mark.parametrize("place", PLACES, indirect=True)
def test_the_graph_is_the_same(memory: OxigraphDataset, place: OxigraphDataset | RemoteDataset, tmp_path: Path) -> None:
    for dataset, name in ((memory, "memory"), (place, "place")):
        store.export(dataset, "trig", tmp_path / name)
    assert (tmp_path / "place").read_bytes() == (tmp_path / "memory").read_bytes()
    assert store.count_actors(place) == store.count_actors(memory)
    assert store.digests(place) == store.digests(memory)
