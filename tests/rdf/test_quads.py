"""Statements to quads and back: nothing lost, no node blank, and a plain triple only for what is so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from kg import ontology
from kg.errors import DataError
from kg.rdf import terms
from kg.rdf.quads import from_dataset, part_of, to_quads
from kg.rdf.terms import KG
from kg.records import Basis, Document, Entity, EntityType, Modality, Span, Statement
from kg.store import load_statements, open_store
from rdflib import PROV, RDF, BNode, Literal, URIRef
from tests.strategies import articles, corpora

A, B = Entity(ontology.ENTITY + "A", "A"), Entity(ontology.ENTITY + "B", "B")
PLAIN = Statement("s1", Document("d1"), subject=A, object=B, predicate="criticizes")


def as_json(statements: Iterable[Statement]) -> list[dict[str, Any]]:
    """Records with all their keys, which equality of entities does not compare, in the order of their ids."""
    return sorted((s.to_json() for s in statements), key=lambda record: str(record["id"]))


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_nothing_is_lost(statements: list[Statement]) -> None:
    dataset = open_store()
    assert load_statements(dataset, statements) == len(statements)
    assert as_json(from_dataset(dataset)) == as_json(statements)


@settings(max_examples=20, deadline=None)
@given(articles())
def test_no_node_is_blank_and_articles_share_no_graph(statements: list[Statement]) -> None:
    for subject, predicate, value, graph in to_quads(statements):
        assert not any(isinstance(node, BNode) for node in (subject, predicate, value, graph))
        assert isinstance(value, Literal | URIRef)
        assert str(graph).startswith((ontology.DOCUMENT, ontology.STATEMENT))


@settings(max_examples=20, deadline=None)
@given(articles())
def test_only_what_is_so_stands_as_a_plain_triple(statements: list[Statement]) -> None:
    relations = {KG[name] for name in ontology.relations()}
    plain = [(str(s), str(p), str(o), terms.name_of(ontology.STATEMENT, g))
             for s, p, o, g in to_quads(statements) if p in relations]
    assert sorted(plain) == sorted((s.subject.id, f"{ontology.KG}{s.predicate}", s.object.id, s.id) for s in statements
                                   if s.is_bare and s.subject and s.object)


@pytest.mark.parametrize("change", [
    {"negated": True}, {"object": None}, {"subject": None}, {"predicate": None},
    *({"modality": modality} for modality in Modality if modality is not Modality.ACTUAL)])
def test_what_is_not_so_has_no_graph_of_its_own(change: dict[str, Any]) -> None:
    assert {g for *_, g in to_quads([PLAIN])} == {terms.document("d1"), terms.statement("s1")}
    assert {g for *_, g in to_quads([replace(PLAIN, **change)])} == {terms.document("d1")}


@pytest.mark.parametrize(("predicate", "basis"), [("criticizes", Basis.RULE), (None, None)])
def test_a_graph_that_names_no_basis_is_of_rules_alone(predicate: str | None, basis: Basis | None) -> None:
    dataset = open_store()
    load_statements(dataset, [replace(PLAIN, predicate=predicate)])
    assert [statement.basis for statement in from_dataset(dataset)] == [basis]


def test_statements_are_in_text_order_article_by_article() -> None:
    late, early = (replace(PLAIN, id=i, evidence=Span(start, start + 1, "x")) for i, start in (("a", 9), ("b", 3)))
    dataset = open_store()
    load_statements(dataset, [replace(PLAIN, id="c", document=Document("d2")), late, early])
    assert [statement.id for statement in from_dataset(dataset)] == ["b", "a", "c"]


@pytest.mark.parametrize("ident", ["a b", "ent:A", "", "no-scheme", "http://example.org/<x>"])
def test_an_actor_whose_id_is_no_iri_is_named(ident: str) -> None:
    with pytest.raises(DataError, match="the id of an actor"):
        list(to_quads([replace(PLAIN, subject=Entity(ident, "A"))]))


@pytest.mark.parametrize("name", ["", ".", "..", "a/b?c#d e", "日本", "%41", "https://example.org/x"])
def test_names_in_iris_come_back(name: str) -> None:
    node = terms.document(name)
    assert terms.name_of(ontology.DOCUMENT, node) == name
    assert not set(node.removeprefix(ontology.DOCUMENT)) & set("/?# ")


def test_a_government_leads_to_its_country() -> None:
    kremlin = Entity(ontology.ENTITY + "Government_of_Russia", "Government of Russia", EntityType.GOVERNMENT)
    dataset = open_store()
    load_statements(dataset, [replace(PLAIN, subject=kremlin)])
    article = part_of(dataset, terms.document("d1"))
    assert list(article.objects(URIRef(kremlin.id), KG.governmentOf)) == [URIRef(ontology.ENTITY + "Russia")]


def test_provenance_is_that_of_prov() -> None:
    dataset = open_store()
    load_statements(dataset, [replace(PLAIN, model="m 1.0", speaker=A)])
    node, article = terms.statement("s1"), part_of(dataset, terms.document("d1"))
    assert article.value(node, PROV.wasAttributedTo) == URIRef(A.id)
    assert article.value(node, PROV.wasDerivedFrom) == terms.document("d1")
    activity = article.value(node, PROV.wasGeneratedBy)
    agent = article.value(activity, PROV.wasAssociatedWith)
    assert (agent, RDF.type, PROV.SoftwareAgent) in article
    assert str(agent).endswith("m%201.0")
