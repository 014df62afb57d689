"""The check of a graph against ``ontology/shapes.ttl``: each fault in plain words, with what to do about it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from rdflib import RDF, RDFS, SH, Dataset, Graph, URIRef

from kg import resources
from kg.rdf.quads import part_of
from kg.rdf.terms import KG, PREFIXES, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    import shifty
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
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # the store and the validator work outside Python
        found.update(*threads.map(lambda article: list(_broken_shapes(part_of(dataset, article))), articles))
    return sorted(found)


def _broken_rules(dataset: Dataset) -> Iterator[Problem]:
    for rule, message, way_out in _rules():
        rows: Any = dataset.query(rule, initNs=PREFIXES)
        yield from (Problem(_name(row[0]), message, way_out) for row in rows)


def _broken_shapes(graph: Graph) -> Iterator[Problem]:
    triples = graph.serialize(format="ox-nt", encoding="utf-8")  # which Oxigraph writes itself, without rdflib's terms
    validator = _validator()
    if validator.validate_algebra(triples, infer=False).conforms:  # without a report, in half the time
        return
    _, report, _ = validator.validate(triples, infer=False)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        message = str(report.value(result, SH.resultMessage))
        yield Problem(_name(report.value(result, SH.focusNode)), message, _ways_out().get(message, ""))


@cache
def _validator() -> shifty.PreparedValidator:
    """Shapes see the classes and relations of the ontology beside each article's graph."""
    import shifty

    known = Graph()
    for triple in (*_shapes(), *_vocabulary()):
        known.add(triple)
    return shifty.PreparedValidator(known)


@cache
def _ways_out() -> dict[str, str]:
    """What to do about each fault, by what is wrong."""
    shapes = _shapes()
    return {str(message): str(shapes.value(shape, SH.description)) for shape, message in shapes[:SH.message]}


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
