"""GraphML, GEXF and CSV: well formed whatever the words, read back equal, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io

import networkx as nx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from kg.analysis.exports import COLUMNS, FORMATS, read_csv, rows
from kg.analysis.network import network
from kg.records import Document, Entity, Span, Statement
from tests.analysis.strategies import networks
from tests.queries.cases import cases

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "=HYPERLINK(\"https://example.org\")", "＝1", "\n=1"]


def written(format_: str, statements: list[Statement]) -> str:
    out = io.StringIO(newline="")
    FORMATS[format_](statements, out)
    return out.getvalue()


def with_words(words: str) -> Statement:
    ada, ben = Entity("https://example.org/a", words), Entity("https://example.org/b", words)
    document = Document("d", title=words, publisher=words, url=words)
    return Statement("s", document, ada, subject=ada, object=ben, predicate="supports", topic=words, polarity=1,
                     evidence=Span(0, len(words), words), confidence=0.5)


@given(networks)
def test_csv_reads_back(statements: list[Statement]) -> None:
    assert list(read_csv(io.StringIO(written("csv", statements), newline=""))) == list(rows(statements))


def test_csv_tells_what_a_relation_rests_on() -> None:
    table = csv.DictReader(io.StringIO(written("csv", list(cases())), newline=""))
    assert {row["id"]: row["basis"] for row in table} == {
        s.id: s.basis for s in cases() if s.subject and s.predicate and s.object}


def test_who_else_carries_a_statement_is_told() -> None:
    table = csv.DictReader(io.StringIO(written("csv", list(cases()))))
    assert {row["id"]: row["carried_by"] for row in table if row["carried_by"]} == {
        "a6": "c; https://post.example/a?b=c"}
    read = nx.parse_graphml(written("graphml", list(cases())), force_multigraph=True)
    assert {data["carried_by"] for *_, data in read.edges(data=True) if "carried_by" in data} == {
        "c; https://post.example/a?b=c"}


@given(st.sampled_from(FORMULAS) | st.text(st.characters(codec="utf-8"), max_size=12))
@example("=cmd|' /C calc'!A0")
def test_no_cell_of_words_is_a_formula(words: str) -> None:
    table = list(csv.reader(io.StringIO(written("csv", [with_words(words)]), newline="")))
    assert table[0] == list(COLUMNS)
    for name, cell in zip(table[0], table[1], strict=True):
        assert name in ("polarity", "confidence") or not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


@given(networks)
def test_graphml_reads_back(statements: list[Statement]) -> None:
    graph, read = network(statements), nx.parse_graphml(written("graphml", statements), force_multigraph=True)
    assert set(read.nodes) == set(graph.nodes)
    assert {(a, b, data["id"]) for a, b, data in read.edges(data=True)} == {
        (a, b, data["id"]) for a, b, data in graph.edges(data=True)}


@pytest.mark.parametrize("format_", FORMATS)
def test_a_format_is_the_same_every_time(format_: str) -> None:
    assert written(format_, list(cases())) == written(format_, list(cases()))


def test_gexf_reads_back_labelled_and_weighted() -> None:
    read = nx.read_gexf(io.BytesIO(written("gexf", list(cases())).encode()))
    graph = network(cases())
    assert {node: data["label"] for node, data in read.nodes(data=True)} == dict(graph.nodes(data="name"))
    found = {data["id"]: (a, b, data["label"], data["weight"]) for a, b, data in read.edges(data=True)}
    assert found == {data["id"]: (a, b, data["predicate"], data["confidence"]) for a, b, data in graph.edges(data=True)}
    assert {data["id"]: data["basis"] for *_, data in read.edges(data=True)} == {
        s.id: s.basis for s in cases() if s.subject and s.predicate and s.object}


@given(networks)
def test_exports_change_nothing(statements: list[Statement]) -> None:
    before = [statement.to_json() for statement in statements]
    for format_ in FORMATS:
        written(format_, statements)
    assert [statement.to_json() for statement in statements] == before


@pytest.mark.parametrize("words", ["a\x00b", "</graphml>", "]]>", "\x1b[31m", "\ufffe", "&amp;"])
@pytest.mark.parametrize("format_", ["graphml", "gexf"])
def test_words_that_xml_cannot_hold(format_: str, words: str) -> None:
    text = written(format_, [with_words(words)])
    read = nx.parse_graphml(text) if format_ == "graphml" else nx.read_gexf(io.BytesIO(text.encode()))
    assert read.number_of_edges() == 1
