"""The ontology: every term that the mapping writes is defined, and the relation table fits the code schemes."""

from __future__ import annotations

import json
import re

import pytest
from kg import ontology, resources
from kg.queries.library import run
from kg.rdf import terms
from kg.rdf.jsonld import Context
from kg.rdf.quads import to_quads
from kg.rdf.terms import KG
from kg.records import Basis, EntityType, Modality, QuoteType
from kg.store import load_statements, open_store
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef
from tests.queries.cases import cases


@pytest.fixture(scope="module")
def kg_ttl() -> Graph:
    return Graph().parse(resources.ontology("kg.ttl"), format="turtle")


@pytest.fixture(scope="module")
def codes() -> Graph:
    return Graph().parse(resources.ontology("codes.ttl"), format="turtle")


def test_every_term_is_labelled_and_defined(kg_ttl: Graph) -> None:
    own = {node for node in kg_ttl.subjects() if isinstance(node, URIRef) and node.startswith(ontology.KG)}
    assert len(own) > 60
    for node in own:
        assert kg_ttl.value(node, RDFS.label) or kg_ttl.value(node, SKOS.prefLabel), node
        if (node, RDF.type, SKOS.ConceptScheme) not in kg_ttl:
            assert kg_ttl.value(node, SKOS.definition), node


def test_what_the_mapping_writes_is_defined(kg_ttl: Graph) -> None:
    written = {str(term) for quad in to_quads(cases()) for term in quad if term.startswith(ontology.KG)}
    written |= {KG[kind.value] for kinds in (EntityType, Modality, QuoteType, Basis) for kind in kinds}
    assert {term for term in written if (URIRef(term), None, None) not in kg_ttl} == set()


def test_actors_are_of_schema_and_prov(kg_ttl: Graph) -> None:
    for kind in EntityType:
        assert KG.Actor in set(kg_ttl.transitive_objects(KG[kind.value], RDFS.subClassOf)), kind
    for name in ("Person", "Organization", "Government", "Media", "Party", "Country"):
        parents = {str(parent) for parent in kg_ttl.objects(KG[name], RDFS.subClassOf)}
        assert any(parent.startswith(str(terms.SCHEMA)) for parent in parents), name


def test_relations_have_types_and_codes_of_the_schemes(codes: Graph) -> None:
    types = {str(code).removeprefix(ontology.PLOVER) for code in codes.subjects(RDF.type, SKOS.Concept)
             if str(code).startswith(ontology.PLOVER)}
    assert len(types) == 16
    assert {relation.plover for relation in ontology.relations().values()} == types
    for relation in ontology.relations().values():
        code = URIRef(ontology.CAMEO + relation.cameo)
        assert codes.value(code, SKOS.prefLabel), relation
        assert codes.value(code, SKOS.relatedMatch) == URIRef(ontology.PLOVER + relation.plover), relation


def test_codes_are_a_tree_of_labelled_concepts(codes: Graph) -> None:
    schemes = list(codes.subjects(RDF.type, SKOS.ConceptScheme))
    assert all(codes.value(scheme, DCTERMS.source) for scheme in schemes)
    for concept in codes.subjects(RDF.type, SKOS.Concept):
        assert codes.value(concept, SKOS.prefLabel)
        assert codes.value(concept, SKOS.inScheme) in schemes
        assert concept in codes.subjects(SKOS.topConceptOf) or codes.value(concept, SKOS.broader)
        for parent in codes.objects(concept, SKOS.broader):
            assert (parent, RDF.type, SKOS.Concept) in codes
            assert str(concept).startswith(str(parent))


def test_the_context_has_a_term_for_all_that_is_written(kg_ttl: Graph) -> None:
    context = Context.shipped()
    assert {KG[name] for name in ontology.relations()} <= set(map(URIRef, context.properties))
    for _, key, value, _ in to_quads(cases()):
        if key == RDF.type:
            continue
        _, expected, _ = context.properties[str(key)]
        if isinstance(value, Literal) and key not in (terms.SCHEMA.startDate, terms.SCHEMA.endDate):
            assert expected == str(value.datatype or XSD.string), key
        assert (expected == "@id") == isinstance(value, URIRef), key


def test_prefixes_are_the_same_everywhere(kg_ttl: Graph) -> None:
    context = json.loads(resources.ontology("context.jsonld").read_text(encoding="utf-8"))["@context"]
    assert {name: context.get(name) for name in terms.PREFIXES} == dict(terms.PREFIXES)
    for prefix, namespace in kg_ttl.namespaces():
        assert terms.PREFIXES.get(prefix, str(namespace)) == str(namespace)
    assert kg_ttl.value(URIRef(ontology.BASE + "ontology"), OWL.versionInfo)


README = resources.ontology("README.md")


@pytest.mark.skipif(not README.is_file(), reason="an installed package has no README of the ontology")
def test_the_readme_names_terms_that_exist_and_its_queries_run(kg_ttl: Graph) -> None:
    text = README.read_text(encoding="utf-8")
    written = {str(term) for quad in to_quads(cases()) for term in quad}
    for prefix, name in re.findall(r"`(\w+):(\w+)`", text):
        if prefix == "kg":
            assert (KG[name], None, None) in kg_ttl, name
        else:
            assert terms.PREFIXES[prefix] + name in written, name
    dataset = open_store()
    load_statements(dataset, cases())
    queries = re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)
    here = [query.replace("Donald_Trump", "Gloria_Teasdale").replace("Ukraine", "Freedonia") for query in queries]
    assert [len(run(dataset, query)) for query in here] == [2, 1, 3]
