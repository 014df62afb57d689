"""Named queries: what each answers on a small graph, what their parameters stand for, and what goes wrong in words."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from kg import ontology
from kg.errors import DataError, UsageError
from kg.queries import library, parameters
from kg.queries.library import run
from kg.store import OxigraphDataset, load_statements, open_store
from rdflib import Graph, URIRef
from tests.queries.cases import CASES, cases

EXPECTED = tomllib.loads((CASES / "queries.toml").read_text(encoding="utf-8"))["case"]


@pytest.fixture(scope="module")
def graph() -> OxigraphDataset:
    dataset = open_store()
    load_statements(dataset, cases())
    return dataset


@pytest.mark.parametrize(("query", "variable", "expected"), [
    ("for-and-against", "friendly", {name for name, one in ontology.relations().items() if one.polarity == 1}),
    ("for-and-against", "hostile", {name for name, one in ontology.relations().items() if one.polarity == -1})])
def test_relations_that_a_query_lists_are_those_of_the_ontology(query: str, variable: str, expected: set[str]) -> None:
    (listed,) = re.findall(rf"VALUES \?{variable} \{{([^}}]*)\}}", library.named(query).text)
    assert {name.removeprefix("kg:") for name in listed.split()} == expected


def cell(value: Any) -> Any:
    return "" if value is None else value if isinstance(value, bool | int | float) else str(value)


@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: f"{case['query']}: {case.get('reason', '')}")
def test_the_answers_are_those_expected(graph: OxigraphDataset, case: dict[str, Any]) -> None:
    result = run(graph, case["query"], case.get("params"))
    assert [[cell(row[column]) for column in case["columns"]] for row in result] == case["rows"]


def test_every_named_query_has_a_case_with_rows_and_a_head() -> None:
    queries = library.queries()
    assert len(queries) >= 20
    assert {case["query"] for case in EXPECTED if case["rows"]} == set(queries)
    for query in queries.values():
        assert query.summary and query.description
        assert all(parameter.purpose for parameter in query.parameters)


@pytest.mark.parametrize("name", library.queries())
def test_a_query_file_runs_as_it_is(graph: OxigraphDataset, name: str) -> None:
    """The block of a parameter is valid SPARQL by itself and stands for anything."""
    rows = list(graph.query(library.queries()[name].text))
    assert len(rows) == len(run(graph, name))


@pytest.mark.parametrize(("value", "names"), [
    ("Rufus Firefly", {"Rufus_Firefly"}), ("rufus firefly", {"Rufus_Firefly"}), ("Firefly", {"Rufus_Firefly"}),
    ("ent:Rufus_Firefly", {"Rufus_Firefly"}), (f"<{ontology.ENTITY}Rufus_Firefly>", {"Rufus_Firefly"}),
    (f"{ontology.ENTITY}Rufus_Firefly", {"Rufus_Firefly"}), ("Q900005", {"Rufus_Firefly"}),
    ("the president", {"Rufus_Firefly"}), ("Ostria", {"Ostria"}), ("ent:Sylvania", {"Sylvania"}),
    ("sylvania", {"Sylvania", "Government_of_Sylvania"}), ("the Hill Rebels", {"Hill_rebels"}),
    ("cities", {"League_of_Cities"}), ("Söciety", None), ("Sylv", None), ("Q1", None),
    ("news", {"Sylvania_News_Agency"}),
    ("SYL", {"Sylvania", "Government_of_Sylvania", "Louis_Trentino"}), ("XYZ", None), ("of", None)])
def test_what_names_an_actor(graph: OxigraphDataset, value: str, names: set[str] | None) -> None:
    if names is None:
        with pytest.raises(UsageError, match=r"no actor of this graph|may be several actors"):
            parameters.actor(graph, value)
    else:
        assert set(parameters.actor(graph, value)) == {URIRef(ontology.ENTITY + name) for name in names}


def test_a_doubtful_or_unknown_name_is_answered_with_candidates(graph: OxigraphDataset) -> None:
    with pytest.raises(UsageError, match=r"'of' may be several actors .*Government of Sylvania \(ent:Government"):
        run(graph, "who-criticizes", {"subject": "of"})
    with pytest.raises(UsageError, match="no actor of this graph is called 'Ostrai'; near names: Ostria"):
        run(graph, "who-criticizes", {"subject": "Ostrai"})


@pytest.mark.parametrize(("query", "params", "message"), [
    ("who-loves", {}, "no query is called 'who-loves'; take one of: actors, at-odds"),
    ("who-criticizes", {"subjekt": "x"}, "has no parameter 'subjekt'; its parameters are: subject, object, about"),
    ("relations", {"relation": "hates"}, "no relation is called 'hates'; take one of: agrees"),
    ("who-criticizes", {"minimum": "high"}, "'high' is no number; write it as 0.5"),
    ("resting-on", {"basis": "hearsay"}, "no relation rests on 'hearsay'; take one of: rule, model, both"),
    ("relations", {"limit": "none"}, "'none' is no number of rows; write it as 500, or all"),
    ("relations", {"from": "May"}, "'May' is no date; write it as 2024-12-31"),
    ("who-criticizes", {"subject": "ent:a>}"}, "'ent:a>}' is no IRI; write it as ent:Ukraine"),
    ("by-outlet", {"outlet": "Times"}, "published by 'Times'; publishers: Daily Lute, Morning Post"),
    ("SELECT * WHERE { ?a ?b }", {}, "cannot be run: line 1, column 25 near 'SELECT"),
    ("SELECT *\nWHERE {\n ?a ?b ?c .\n ?a foo:bar ?c }", {}, "cannot be run: line 4, column .* near '.a foo:bar"),
    ("SELECT * WHERE { ?a ?b ?c }", {"x": "1"}, r"the query has no variable \?x; its variables are: \?a, \?b, \?c"),
    ("INSERT DATA { <a:a> <a:b> <a:c> }", {}, "not changed, and INSERT changes it"),
    ("PREFIX x: <http://x/> DELETE WHERE { ?a ?b ?c }", {}, "not changed, and DELETE changes it"),
    ("", {}, "no query is called ''")])
def test_what_is_wrong_is_said_in_one_line(graph: OxigraphDataset, query: str, params: dict[str, str],
                                           message: str) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        run(graph, query, params)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("text", "params", "count"), [
    ("SELECT ?b WHERE { ?a kg:criticizes ?b }", {}, 3),
    ("SELECT ?b WHERE { ?a kg:criticizes ?b }", {"a": "ent:Gloria_Teasdale"}, 2),
    ("SELECT ?b WHERE { ?a kg:criticizes ?b }", {"a": "Gloria Teasdale"}, 2),
    ("SELECT ?n { ?a kg:criticizes ?b . ?a rdfs:label ?n } # {", {"n": "gloria teasdale"}, 0),
    ("SELECT ?n { ?a kg:criticizes ?b . ?a rdfs:label ?n }", {"n": "Gloria Teasdale"}, 2),
    ("SELECT ?s { ?s kg:confidence ?c }", {"c": "0.3"}, 0),
    ("SELECT ?s { ?s kg:confidence ?x FILTER(?x = ?c) VALUES ?c { 1 } }", {"c": "0.3"}, 1),
    ("SELECT ?s { ?s kg:negated ?n }", {"n": "true"}, 1),
    ("SELECT ?d { ?d schema:datePublished ?t }", {"t": "2024-05-02"}, 1),
    ("CONSTRUCT { ?a ?p ?b } WHERE { ?a ?p ?b }", {"p": "kg:supports"}, 2),
    ("CONSTRUCT WHERE { ?a kg:supports ?b }", {"b": "ent:Rufus_Firefly"}, 2),
    ("DESCRIBE ent:Hill_rebels", {}, 4),
    ("DESCRIBE ?a WHERE { ?a kg:authorizes ?b }", {"b": "Freedonia"}, 5)])
def test_texts_of_the_users_own(graph: OxigraphDataset, text: str, params: dict[str, str], count: int) -> None:
    assert len(run(graph, text, params)) == count


def test_a_list_ends_at_its_limit_and_says_so(graph: OxigraphDataset) -> None:
    every = run(graph, "relations")
    assert every.limit == 200 > len(every)
    few = run(graph, "relations", {"limit": "3"})
    assert few.limit == len(few) == 3
    assert {row["statement"] for row in few} < {row["statement"] for row in every}
    assert run(graph, "relations", {"limit": "all"}).limit is None
    assert run(graph, "relations", {"limit": "all"}).rows == every.rows
    assert run(graph, "SELECT ?a { ?a kg:criticizes ?b } LIMIT 2").limit is None


def test_yes_and_no(graph: OxigraphDataset) -> None:
    assert run(graph, "ASK { ent:Ostria kg:supports ?a }").answer is True
    assert run(graph, "ASK { ent:Ostria kg:supports ?a }", {"a": "ent:Hill_rebels"}).answer is False


def test_nothing_denied_or_possible_is_a_plain_triple(graph: OxigraphDataset) -> None:
    plain = run(graph, "CONSTRUCT { ?a ?r ?b } WHERE { GRAPH ?s { ?a ?r ?b } GRAPH ?d { ?s a kg:Statement } }").graph()
    assert isinstance(plain, Graph)
    assert len(plain) == len({(s.subject, s.predicate, s.object) for s in cases() if s.is_bare})


def test_a_head_that_is_wrong_is_named() -> None:
    with pytest.raises(DataError, match="parameter 'x' lacks a VALUES"):
        library.parse("#+ summary: a\n#+ parameters:\n#+   - x: actor, someone\nSELECT * {}")
    with pytest.raises(DataError, match="parameter 'limit' lacks a LIMIT 5 block"):
        library.parse("#+ parameters:\n#+   - limit: limit\n#+ defaults:\n#+   - limit: 5\nSELECT * {} LIMIT 6")
    with pytest.raises(DataError, match="unknown kind 'thing'"):
        library.parse("#+ parameters:\n#+   - x: thing\nSELECT * { VALUES ?x { UNDEF } }")
    with pytest.raises(DataError, match="q:1: an item under"):
        library.parse("#+   - x: actor\nSELECT * {}", where="q")
