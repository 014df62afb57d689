"""The SPARQL 1.1 protocol, asked of a real server by plain requests and by rdflib's own client."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from io import StringIO

import httpx
import pytest
from kg.queries import library
from kg.rdf.terms import PREFIXES
from kg.remote import RemoteDataset
from kg.store import load_statements, open_store
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from tests.queries.cases import cases

ENT = PREFIXES["ent"]
SUPPORTS = "SELECT ?who ?whom WHERE { ?who kg:supports ?whom } ORDER BY ?who ?whom"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def expected() -> list[tuple[str, str]]:
    dataset = open_store()
    load_statements(dataset, cases())
    return [(row["who"], row["whom"]) for row in library.run(dataset, SUPPORTS).rows]


def rows(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.text
    return [(row["who"]["value"], row["whom"]["value"]) for row in answer.json()["results"]["bindings"]]


def test_three_ways_to_ask_give_the_same_answer(web: httpx.Client, expected: list[tuple[str, str]]) -> None:
    short = [(who.replace("ent:", ENT), whom.replace("ent:", ENT)) for who, whom in expected]
    assert short
    assert rows(web.get("/sparql", params={"query": SUPPORTS})) == short
    assert rows(web.post("/sparql", data={"query": SUPPORTS})) == short
    assert rows(web.post("/sparql", content=SUPPORTS, headers={"Content-Type": "application/sparql-query"})) == short


@pytest.mark.parametrize(("accept", "given"), [
    ("*/*", "application/sparql-results+json"), ("", "application/sparql-results+json"),
    ("application/json", "application/json"), ("application/sparql-results+xml", "application/sparql-results+xml"),
    ("text/csv", "text/csv; charset=utf-8"), ("text/*", "text/csv; charset=utf-8"),
    ("text/csv;q=0.3, text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ("text/html, application/sparql-results+xml;q=0.9, */*;q=0.1", "application/sparql-results+xml"),
])
def test_the_answer_is_of_the_type_that_is_liked_best(web: httpx.Client, accept: str, given: str) -> None:
    answer = web.post("/sparql", data={"query": "ASK { ?who kg:supports ?whom }"}, headers={"Accept": accept})
    assert answer.headers["Content-Type"] == given
    assert "true" in answer.text


def test_tables_come_as_csv_and_tsv(web: httpx.Client) -> None:
    given = web.get("/sparql", params={"query": SUPPORTS}, headers={"Accept": "text/csv"})
    table = list(csv.reader(StringIO(given.text)))
    assert table[0] == ["who", "whom"]
    assert all(cell.startswith(ENT) for row in table[1:] for cell in row)
    tabs = web.get("/sparql", params={"query": SUPPORTS}, headers={"Accept": "text/tab-separated-values"})
    assert tabs.text.splitlines()[0] == "?who\t?whom"
    assert len(tabs.text.splitlines()) == len(table)


@pytest.mark.parametrize(("accept", "format"), [
    ("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml"),
    ("application/ld+json", "json-ld"),
])
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # of rdflib itself
def test_a_graph_comes_in_each_notation(web: httpx.Client, accept: str, format: str) -> None:
    asked = {"query": "CONSTRUCT { ?who kg:supports ?whom } WHERE { ?who kg:supports ?whom }"}
    answer = web.post("/sparql", data=asked, headers={"Accept": accept})
    assert answer.headers["Content-Type"].partition(";")[0] == accept
    found = Graph().parse(data=answer.text, format=format)
    table = rows(web.get("/sparql", params={"query": SUPPORTS}))
    assert sorted((str(s), str(o)) for s, _, o in found) == sorted(table)


def test_describe_tells_of_an_actor(web: httpx.Client) -> None:
    who = rows(web.get("/sparql", params={"query": SUPPORTS}))[0][0]
    answer = web.post("/sparql", data={"query": f"DESCRIBE <{who}>"})
    assert (URIRef(who), None, None) in Graph().parse(data=answer.text, format="turtle")


def test_a_dataset_of_the_request_goes_before_the_union_of_all(web: httpx.Client) -> None:
    counted = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    graphs = web.get("/sparql", params={"query": "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s a kg:Statement } }"})
    one = graphs.json()["results"]["bindings"][0]["g"]["value"]

    def count(query: str, **fields: str) -> int:
        answer = web.post("/sparql", data={"query": query, **fields})
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    alone = count(counted, **{"default-graph-uri": one})
    assert 0 < alone < count(counted)
    assert count(counted.replace("WHERE", f"FROM <{one}> WHERE")) == alone
    named = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert count(named, **{"named-graph-uri": one}) == alone
    assert web.post("/sparql", data={"query": counted, "default-graph-uri": "no IRI"}).status_code == 400


def test_prefixes_need_no_declaration_and_may_be_declared(web: httpx.Client) -> None:
    declared = f"PREFIX kg: <{PREFIXES['kg']}> {SUPPORTS}"
    assert rows(web.get("/sparql", params={"query": declared})) == rows(web.get("/sparql", params={"query": SUPPORTS}))
    other = "PREFIX kg: <https://example.org/> ASK { ?who kg:supports ?whom }"
    assert web.get("/sparql", params={"query": other}).json()["boolean"] is False


@pytest.mark.parametrize("request_", [
    {"data": {"update": "CLEAR ALL"}},
    {"content": "CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}},
    {"data": {"query": "ASK {}", "update": "CLEAR ALL"}},
])
def test_updates_are_refused(web: httpx.Client, request_: dict[str, object]) -> None:
    answer = web.post("/sparql", **request_)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert "for reading" in answer.text


def test_an_update_in_place_of_a_query_is_refused(web: httpx.Client) -> None:
    answer = web.post("/sparql", data={"query": "INSERT DATA { ent:A kg:supports ent:B }"})
    assert answer.status_code == 400
    assert "INSERT changes it" in answer.text


@pytest.mark.parametrize(("query", "reason"), [
    ("SELECT ?a WHERE {\n ?a ?b }", "line 2, column 9"), ("SELECT ?a WHERE { ?a no:thing ?b }", "line 1"),
    ("nonsense", "line 1"), ("", "line 1"),
])
def test_a_wrong_query_is_told_where_it_is_wrong(web: httpx.Client, query: str, reason: str) -> None:
    answer = web.get("/sparql", params={"query": query})
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert reason in answer.text
    assert answer.text.count("\n") == 1


def test_a_request_has_one_query(web: httpx.Client) -> None:
    assert web.get("/sparql", params={"query": ["ASK {}", "ASK {}"]}).status_code == 400
    assert web.post("/sparql", data={"question": "ASK {}"}).status_code == 400
    assert web.post("/sparql", content=b"query=%FF", headers={"Content-Type": FORM}).status_code == 400
    assert web.post("/sparql", content="{}", headers={"Content-Type": "application/json"}).status_code == 415
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
        assert web.request(method, "/sparql").status_code == 405


def test_a_type_that_cannot_be_had_is_refused(web: httpx.Client) -> None:
    answer = web.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": "image/png, text/csv;q=0"})
    assert answer.status_code == 406
    assert "application/sparql-results+json" in answer.text


@pytest.mark.parametrize("call", [
    "SERVICE <{0}> {{ ?s ?p ?o }}", "?s ?p 1SERVICE<{0}>{{}}", "SERVICE SILENT <{0}> {{}}", "serviceSilent<{0}>{{}}",
    "SERVICE # {{\n <{0}> # of\n {{}}", "VALUES ?e {{ <{0}> }} SERVICE ?e {{}}", "ent:x\\#a kg:b 1 . SERVICE<{0}> {{}}",
])
def test_no_other_endpoint_is_asked(web: httpx.Client, call: str) -> None:
    answer = web.post("/sparql", data={"query": f"SELECT * {{ {call.format('http://127.0.0.1:9999/sparql')} }}"})
    assert answer.status_code == 403
    assert "SERVICE is refused" in answer.text


@pytest.mark.parametrize("pattern", [
    "?who rdfs:label ?service OPTIONAL { ?who kg:supports ?webservice }", "?s ent:my-service ?o . { ?s a ?o }",
    'FILTER(CONTAINS("the secret service <x>", "service"))',
])
def test_the_word_service_is_no_call(web: httpx.Client, pattern: str) -> None:
    assert web.post("/sparql", data={"query": f"SELECT * {{ {pattern} }}"}).status_code == 200


def test_a_query_that_takes_too_long_is_stopped_and_others_go_on(web: httpx.Client) -> None:
    endless = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(6))
    answer = web.post("/sparql", data={"query": f"SELECT (COUNT(*) AS ?n) {{ {endless} }}"})
    assert answer.status_code == 422
    assert "more than 2 seconds" in answer.text
    assert answer.elapsed.total_seconds() < 15
    for _ in range(3):
        assert rows(web.get("/sparql", params={"query": SUPPORTS}))


def test_an_answer_that_is_too_large_is_refused(web: httpx.Client) -> None:
    many = " ".join(f"({n})" for n in range(200))
    long = f"CONCAT({', '.join(['STR(?a)'] * 300)})"
    query = f"SELECT * {{ VALUES (?a) {{ {many} }} VALUES (?b) {{ {many} }} BIND({long} AS ?c) }}"
    answer = web.post("/sparql", data={"query": query})
    assert answer.status_code == 422
    assert "larger than 32 MiB" in answer.text or "more than 2 seconds" in answer.text


def test_a_query_that_is_too_long_is_refused(web: httpx.Client) -> None:
    long = f"ASK {{ }} # {'x' * 70_000}"
    assert web.post("/sparql", data={"query": long}).status_code == 413
    assert web.post("/sparql", content=long, headers={"Content-Type": "application/sparql-query"}).status_code == 413
    assert web.post("/sparql", content=b"x" * 10**6, headers={"Content-Type": FORM}).status_code == 413


def test_without_a_query_it_says_what_it_is_or_leads_to_the_page(web: httpx.Client) -> None:
    described = Graph().parse(data=web.get("/sparql").text, format="turtle")
    endpoint = URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    assert [str(o) for o in described.objects(None, endpoint)] == [str(web.base_url.join("/sparql"))]
    led = web.get("/sparql", headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["Location"]) == (303, "/query")


def test_rdflib_asks_it_as_any_endpoint(address: str) -> None:
    graph = Graph(SPARQLStore(f"{address}/sparql", method="POST"))
    asked = f"SELECT ?who ?whom WHERE {{ ?who <{PREFIXES['kg']}supports> ?whom }}"
    table = json.loads(httpx.get(f"{address}/sparql", params={"query": SUPPORTS}).text)["results"]["bindings"]
    assert len(list(graph.query(asked))) == len(table) > 0


def test_kg_query_asks_it_as_any_endpoint(address: str) -> None:
    local = open_store()
    load_statements(local, cases())
    with closing(RemoteDataset(f"{address}/sparql")) as remote:
        for name in ("who-criticizes", "for-and-against", "direct-quotations"):
            assert library.run(remote, name).to_csv() == library.run(local, name).to_csv()
