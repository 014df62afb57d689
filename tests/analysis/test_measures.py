"""Measures against values worked out by hand (``networks.toml``), and what must hold of any network."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg.analysis import measures
from kg.analysis.camps import camps, frustration
from kg.analysis.network import network, projection, signed_pairs
from kg.analysis.report import report
from kg.records import Statement
from tests.analysis.notation import ident, parse
from tests.analysis.strategies import networks

CASES = tomllib.loads(Path(__file__).with_name("networks.toml").read_text(encoding="utf-8"))["network"]
KEYS = {"reason", "statements", "by", "countries", "ties", "no_ties", "reciprocity", "camps", "frustration",
        "balance", "betweenness", "constraint", "names"}


def drawn(case: dict[str, Any]) -> nx.DiGraph:
    return projection(network(parse(case["statements"], case.get("countries"))), case.get("by", "actor"))


def node(name: str) -> str:
    return name if name.isupper() else ident(name)


def having(key: str) -> list[Any]:
    return [pytest.param(case, id=case["reason"]) for case in CASES if key in case]


def test_cases_have_no_unknown_keys() -> None:
    assert len(CASES) == 10
    assert not {key for case in CASES for key in case} - KEYS


@pytest.mark.parametrize("case", having("ties"))
def test_ties(case: dict[str, Any]) -> None:
    graph = drawn(case)
    for pair, weight in case["ties"].items():
        source, target = pair.split(">")
        assert graph.edges[node(source), node(target)]["weight"] == pytest.approx(weight)
    for pair in case.get("no_ties", ()):
        source, target = pair.split(">")
        assert not graph.has_edge(node(source), node(target))
    assert {name: graph.nodes[node(name)]["name"] for name in case.get("names", {})} == case.get("names", {})


@pytest.mark.parametrize("case", having("reciprocity"))
def test_reciprocity(case: dict[str, Any]) -> None:
    found = measures.reciprocity(drawn(case))
    assert found.answered == case["reciprocity"]["answered"]
    assert found.concordant == case["reciprocity"].get("concordant")


@pytest.mark.parametrize("case", having("balance"))
def test_balance(case: dict[str, Any]) -> None:
    found, wanted = measures.balance(drawn(case)), case["balance"]
    assert (found.ppp, found.ppn, found.pnn, found.nnn) == tuple(wanted[key] for key in ("ppp", "ppn", "pnn", "nnn"))
    for key in ("degree", "weak_degree"):
        assert getattr(found, key) == (pytest.approx(wanted[key]) if key in wanted else None)


@pytest.mark.parametrize("case", having("camps"))
def test_camps(case: dict[str, Any]) -> None:
    found = camps(drawn(case))
    assert [sorted(group) for group in found.members] == [[ident(name) for name in group] for group in case["camps"]]
    if "frustration" in case:
        assert found.frustration == pytest.approx(case["frustration"])
    for number, group in enumerate(case["camps"]):
        assert found.of(ident(group[0])) == number
    assert found.of("nobody") is None


@pytest.mark.parametrize("case", having("betweenness"))
def test_brokers(case: dict[str, Any]) -> None:
    found = measures.brokers(drawn(case))
    assert {broker.name: broker.betweenness for broker in found} == pytest.approx(case["betweenness"])
    assert {broker.name: broker.constraint for broker in found} == pytest.approx(case["constraint"])
    assert [broker.name for broker in found] == ["Ben", "Cid", "Ada", "Dan"]


def test_standing_counts_ties_by_sign_and_direction() -> None:
    graph = projection(network(parse("""
        Ada supports Ben
        Ada attacks Cid 0.5
        Cid attacks Ada
        Dan consults Ada
        Ada consults Dan
    """)))
    ada = next(one for one in measures.standing(graph) if one.name == "Ada")
    assert (ada.out_positive, ada.out_negative, ada.in_positive, ada.in_negative) == (1, 1, 0, 1)
    assert (ada.out_weight, ada.in_weight) == (0.5, -1.0)
    assert next(one.name for one in measures.standing(graph)) == "Ada"


def test_voices_count_all_that_is_said_and_whom_it_is_about() -> None:
    found = measures.voices(parse("""
        Ada says
        Ada: Ben attacks Cid
        Ada: Ada supports Ben
        Dan: Ada attacks Ben
        Ben attacks Cid
    """))
    assert [(voice.name, voice.statements, voice.documents, voice.about) for voice in found] == [
        ("Ada", 3, 1, 2), ("Dan", 1, 1, 2)]


def test_prominence_leaves_out_what_actors_say_of_themselves() -> None:
    found = measures.prominence(parse("""
        Ada: Ada supports Ben
        Cid: Ada supports Ben
        Cid: Ben attacks Ada
        Ada attacks Ben
    """, publisher="Sample Courier"))
    assert [(one.name, one.statements, one.voices) for one in found] == [("Ben", 4, 3), ("Ada", 3, 2)]


weights = st.sampled_from([-1.0, -0.5, 0.25, 1.0])
signed = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), weights), max_size=30)


def graph_of(edges: list[tuple[int, int, float]]) -> nx.DiGraph:
    graph = nx.DiGraph()
    for a, b, weight in edges:
        graph.add_edge(f"n{a}", f"n{b}", weight=weight, count=1)
    return graph


@given(signed, st.randoms(use_true_random=False))
def test_camps_do_not_depend_on_the_order_of_ties(edges: list[tuple[int, int, float]], random: Any) -> None:
    edges = list({(a, b): (a, b, weight) for a, b, weight in edges}.values())
    shuffled = random.sample(edges, len(edges))
    assert camps(graph_of(edges)).members == camps(graph_of(shuffled)).members


@given(signed)
def test_camps_divide_the_nodes_with_signed_ties(edges: list[tuple[int, int, float]]) -> None:
    graph = graph_of(edges)
    found = camps(graph)
    tied = {end for a, b, _ in signed_pairs(graph) for end in (a, b)}
    assert Counter(member for group in found.members for member in group) == Counter(tied)
    pairs = list(signed_pairs(graph))
    for division in (dict.fromkeys(tied, 0), {node: number for number, node in enumerate(tied)}):
        assert found.frustration <= frustration(pairs, division) + 1e-9  # no worse than all together, or each alone


@given(signed)
def test_triangles_agree_with_networkx(edges: list[tuple[int, int, float]]) -> None:
    graph = graph_of(edges)
    found = measures.balance(graph)
    plain = nx.Graph((a, b) for a, b, _ in signed_pairs(graph))
    assert found.ppp + found.ppn + found.pnn + found.nnn == sum(nx.triangles(plain).values()) // 3


@given(st.lists(st.booleans(), min_size=4, max_size=8))
def test_two_camps_at_war_are_fully_balanced(sides: list[bool]) -> None:
    graph = nx.DiGraph()
    for a in range(len(sides)):
        for b in range(a):
            graph.add_edge(f"n{a}", f"n{b}", weight=1.0 if sides[a] == sides[b] else -1.0, count=1)
    found = camps(graph)
    assert measures.balance(graph).degree == 1.0
    assert found.frustration == 0.0
    if len(set(sides)) == 2:
        assert {frozenset(group) for group in found.members} == {
            frozenset(f"n{a}" for a, side in enumerate(sides) if side is wanted) for wanted in (True, False)}


@given(networks, st.sampled_from(["actor", "country"]))
def test_report_is_the_same_for_equal_input_and_changes_none(statements: list[Statement], by: str) -> None:
    before = [statement.to_json() for statement in statements]
    found = report(statements, by)
    assert report(iter(statements), by) == found
    assert [statement.to_json() for statement in statements] == before
    assert found.statements == len(statements)
    for table in found.tables():
        assert all(len(row) == len(table.columns) for row in table.rows)
