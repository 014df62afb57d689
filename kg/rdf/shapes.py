"""The check of a graph against ``ontology/shapes.ttl``: each fault in plain words, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from rdflib import RDF, RDFS, SH, Dataset, Graph, URIRef

from kg import resources
from kg.rdf.quads import part_of
from kg.rdf.terms import KG, PREFIXES, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A fault: the node it is about (``stmt:s1`` ...), what is wrong with it, and what to do."""

    where: str
    message: str
    way_out: str

    def __str__(self) -> str:
        """``where: message; way out``, on one line."""
        return f"{self.where}: {self.message}; {self.way_out}"


def validate(dataset: Dataset) -> list[Problem]:
    """Check a dataset against the shapes and the rules over several graphs.

    SHACL knows one graph only, so each article's graph is checked by itself: an actor may rightly have another sector
    in another article. The rules over the whole dataset, such as that nothing negated stands as a plain triple, are
    queries.

    Returns
    -------
    list of Problem
        In the order of the nodes' names; empty if all is well.
    """
    found = set(_broken_rules(dataset))
    articles = {graph for *_, graph in dataset.quads((None, RDF.type, KG.Statement, None))}
    for article in articles:
        found.update(_broken_shapes(part_of(dataset, article)))
    return sorted(found)


def _broken_rules(dataset: Dataset) -> Iterator[Problem]:
    for rule, message, way_out in _rules():
        rows: Any = dataset.query(rule, initNs=PREFIXES)
        yield from (Problem(_name(row[0]), message, way_out) for row in rows)


def _broken_shapes(graph: Graph) -> Iterator[Problem]:
    import pyshacl

    data = Graph()
    for triple in (*graph, *_vocabulary()):
        data.add(triple)
    _, report, _ = pyshacl.validate(data, shacl_graph=_shapes(), inplace=True)
    assert isinstance(report, Graph)  # noqa: S101 - narrows for mypy: a report in text has no graph
    for result in report.subjects(RDF.type, SH.ValidationResult):
        shape = report.value(result, SH.sourceShape)
        node, message = report.value(result, SH.focusNode), report.value(result, SH.resultMessage)
        yield Problem(_name(node), str(message), str(_shapes().value(shape, SH.description)))


@cache
def _shapes() -> Graph:
    return Graph().parse(resources.ontology("shapes.ttl"), format="turtle")


@cache
def _rules() -> tuple[tuple[str, str, str], ...]:
    shapes = _shapes()
    rules = sorted(shapes.subjects(RDF.type, KG.DatasetRule), key=str)
    return tuple((str(shapes.value(rule, SH.select)), str(shapes.value(rule, SH.message)),
                  str(shapes.value(rule, SH.description))) for rule in rules)


@cache
def _vocabulary() -> tuple[tuple[Node, Node, Node], ...]:
    ontology = Graph().parse(resources.ontology("kg.ttl"), format="turtle")
    keys = (RDFS.subClassOf, RDFS.subPropertyOf, KG.polarityOf, KG.plover)
    return tuple(triple for key in keys for triple in ontology.triples((None, key, None)))


def _name(node: Node | None) -> str:
    return shorten(node) if isinstance(node, URIRef) else str(node)
