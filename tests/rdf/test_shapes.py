"""The shapes: each fault gives its sentence, and what the mapping makes has none."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase

import pyshacl
import pytest
from kg import ontology
from kg.rdf import shapes, terms
from kg.rdf.quads import part_of
from kg.rdf.shapes import Problem, validate
from kg.store import OxigraphDataset, load_statements, open_store
from rdflib import SH, Graph
from tests.queries.cases import CASES, cases

FAULTS = tomllib.loads((CASES / "shapes.toml").read_text(encoding="utf-8"))["case"]
KEPT = ("a1", "a2", "a5", "a7")
SENTENCES = {str(message) for message in shapes._shapes().objects(None, SH.message)}


@pytest.fixture
def graph() -> OxigraphDataset:
    dataset = open_store()
    load_statements(dataset, (statement for statement in cases() if statement.id in KEPT))
    return dataset


def test_what_the_mapping_makes_is_valid() -> None:
    dataset = open_store()
    load_statements(dataset, cases())
    assert validate(dataset) == []
    assert validate(open_store()) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["says"])
def test_a_fault_gives_its_sentence(graph: OxigraphDataset, fault: dict[str, str]) -> None:
    article = terms.document(cases()[0].document.id)
    before = set(graph.oxigraph)
    graph.oxigraph.update(fault["update"].replace("doc:", f"<{article}>"), prefixes=dict(terms.PREFIXES))
    assert set(graph.oxigraph) != before, "the update changed nothing"
    found = [problem for problem in validate(graph) if problem.message == fault["says"]]
    assert found, [str(problem) for problem in validate(graph)]
    assert all(fnmatchcase(problem.where, fault["where"]) and problem.way_out for problem in found)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["says"])
def test_another_validator_finds_the_same_faults(graph: OxigraphDataset, fault: dict[str, str]) -> None:
    article = terms.document(cases()[0].document.id)
    graph.oxigraph.update(fault["update"].replace("doc:", f"<{article}>"), prefixes=dict(terms.PREFIXES))
    data = Graph()
    for triple in (*part_of(graph, article), *shapes._vocabulary()):
        data.add(triple)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes._shapes(), inplace=True)
    assert isinstance(report, Graph)
    messages = {problem.message for problem in shapes._broken_shapes(part_of(graph, article))}
    assert messages == {str(message) for message in report.objects(None, SH.resultMessage)} & SENTENCES


def test_every_sentence_of_the_shapes_has_a_fault() -> None:
    assert {fault["says"] for fault in FAULTS} == SENTENCES
    for shape in shapes._shapes().subjects(SH.message, None):
        assert shapes._shapes().value(shape, SH.description)


def test_a_problem_is_one_line() -> None:
    assert str(Problem("stmt:s1", "it has no words", "add them")) == "stmt:s1: it has no words; add them"
    assert ontology.STATEMENT.startswith(ontology.BASE)
