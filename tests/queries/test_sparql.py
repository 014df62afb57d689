"""Where values go into a SPARQL text, and what its kind is."""

from __future__ import annotations

import pytest
from kg.errors import UsageError
from kg.queries import sparql
from rdflib import Literal, URIRef

A = URIRef("http://a/")


@pytest.mark.parametrize(("text", "kind"), [
    ("SELECT * {}", "SELECT"), ("prefix select: <http://x/#> ask {}", "ASK"),
    ("# DELETE\nCONSTRUCT {} WHERE {}", "CONSTRUCT"),
    ("BASE <http://insert/> DESCRIBE <a>", "DESCRIBE"), ("{}", ""), ("", "")])
def test_kind(text: str, kind: str) -> None:
    assert sparql.kind(text) == kind


def test_variables_leave_out_strings_comments_and_iris() -> None:
    text = "SELECT ?a $b { ?a <http://x/?c> '?d' ; <p> \"\"\"?e \"?f\" \"\"\" . # ?g\n FILTER(?a < ?h && ?h > ?i) }"
    assert sparql.variables(text) == {"a", "b", "h", "i"}


@pytest.mark.parametrize(("text", "bound"), [
    ("SELECT ?x { ?x ?y ?z }", "SELECT ?x { VALUES ?x { <http://a/> } ?x ?y ?z }"),
    ("SELECT (COUNT(*) AS ?n) { ?x ?y ?z }", "SELECT (COUNT(*) AS ?n) { VALUES ?x { <http://a/> } ?x ?y ?z }"),
    ("CONSTRUCT { ?x a <b> } WHERE { ?x ?y ?z }",
     "CONSTRUCT { ?x a <b> } WHERE { VALUES ?x { <http://a/> } ?x ?y ?z }"),
    ("CONSTRUCT WHERE { ?x ?y ?z } # }", "CONSTRUCT WHERE { ?x ?y ?z } # }\nVALUES ?x { <http://a/> }"),
    ("CONSTRUCT { ?x a <b> } { ?x ?y ?z }", "CONSTRUCT { ?x a <b> } { VALUES ?x { <http://a/> } ?x ?y ?z }"),
    ("SELECT * { VALUES ?x { UNDEF } ?x ?y ?z }", "SELECT * { VALUES ?x { <http://a/> } ?x ?y ?z }"),
    ("SELECT * { ?x ?y ?z VALUES ?x { <b> <c> } }", "SELECT * { ?x ?y ?z VALUES ?x { <http://a/> } }"),
    ("SELECT * # {\n{ ?x ?y '{' }", "SELECT * # {\n{ VALUES ?x { <http://a/> } ?x ?y '{' }")])
def test_a_value_is_put_in(text: str, bound: str) -> None:
    assert sparql.bind(text, {"x": [A]}) == bound


def test_none_frees_a_variable() -> None:
    assert sparql.bind("SELECT * { VALUES ?x { UNDEF } ?x ?y ?z }", {"x": None}) == "SELECT * {  ?x ?y ?z }"


def test_each_block_of_a_variable_is_replaced() -> None:
    twice = "SELECT * { { VALUES ?x { 1 } ?x ?y ?z } UNION { VALUES ?x { 1 } ?z ?y ?x } }"
    bound = twice.replace("{ 1 }", f"{{ {A.n3()} }}")
    assert sparql.bind(twice, {"x": [A]}) == bound


def test_a_constant_stands_where_its_variable_stood() -> None:
    text = 'SELECT ?a { VALUES ?x { "}" } ?a ?b ?c FILTER(REGEX(?c, ?x)) } # ?x'
    assert sparql.inline(text, "x") == 'SELECT ?a {  ?a ?b ?c FILTER(REGEX(?c, "}")) } # ?x'


@pytest.mark.parametrize(("count", "end"), [(7, "LIMIT 7"), (None, "")])
def test_each_limit_is_replaced(count: int | None, end: str) -> None:
    text = 'SELECT * { { SELECT ?x { ?x ?y "LIMIT 5" } LIMIT 5 } } LIMIT 5'
    assert sparql.limit(text, count) == f'SELECT * {{ {{ SELECT ?x {{ ?x ?y "LIMIT 5" }} {end} }} }} {end}'


def test_values_cannot_break_out_of_the_query() -> None:
    bound = sparql.bind("SELECT * { ?x ?y ?z }", {"z": [Literal('" } ; DROP ALL #')]})
    assert bound == 'SELECT * { VALUES ?z { "\\" } ; DROP ALL #" } ?x ?y ?z }'


def test_a_query_without_a_pattern_or_variable_is_refused() -> None:
    with pytest.raises(UsageError, match="no variable"):
        sparql.bind("ASK {}", {"x": [A]})
    with pytest.raises(UsageError, match="no pattern"):
        sparql.bind("DESCRIBE ?x", {"x": [A]})
