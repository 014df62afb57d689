"""The multigraph of statements and its projection."""

from __future__ import annotations

import copy

import networkx as nx
import pytest
from hypothesis import given
from kg.analysis.network import Tie, from_dataset, network, projection, tie
from kg.records import Statement
from kg.store import load_statements, open_store
from tests.analysis.notation import ident, parse
from tests.analysis.strategies import networks
from tests.queries.cases import cases


@given(networks)
def test_an_edge_for_each_statement_that_relates_two_actors(statements: list[Statement]) -> None:
    graph = network(statements)
    related = {s.id: s for s in statements if s.subject and s.predicate and s.object}
    assert {key for *_, key in graph.edges(keys=True)} == set(related)
    for source, target, data in graph.edges(data=True):
        statement = related[data["id"]]
        assert statement.subject and statement.object
        assert (source, target) == (statement.subject.id, statement.object.id)
        assert data["confidence"] == statement.confidence
        assert all(isinstance(value, str | int | float) for value in data.values())
    assert sum(said for _, said in graph.nodes(data="said")) == sum(s.speaker is not None for s in statements)


@given(networks)
def test_projection_changes_nothing_and_counts_everything(statements: list[Statement]) -> None:
    graph = network(statements)
    before = copy.deepcopy(nx.to_dict_of_dicts(graph))
    result = projection(graph, modalities=None)
    assert nx.to_dict_of_dicts(graph) == before
    loops = sum(1 for a, b in graph.edges() if a == b)
    assert sum(count for *_, count in result.edges(data="count")) == graph.number_of_edges() - loops
    assert set(result) == set(graph)
    for _, _, data in result.edges(data=True):
        assert data["count"] == data["positive"] + data["negative"] + data["neutral"]
        assert abs(data["weight"]) <= data["positive"] + data["negative"] + 1e-9


def test_modalities_can_be_chosen() -> None:
    graph = network(parse("Ada supports Ben | planned"))
    assert tie(projection(graph), ident("Ada"), ident("Ben")) == Tie(0.0, 0, 0, 0)
    assert tie(projection(graph, modalities=None), ident("Ada"), ident("Ben")) == Tie(1.0, 1, 0, 0)


def test_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="village"):
        projection(network([]), "village")


def test_the_same_network_from_a_dataset() -> None:
    dataset = open_store()
    load_statements(dataset, cases())
    direct, stored = network(cases()), from_dataset(dataset)
    assert nx.utils.graphs_equal(stored, direct)
