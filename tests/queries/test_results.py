"""Results as table, JSON, CSV, DataFrame and HTML."""

from __future__ import annotations

import csv
import io
import json

import pytest
import rdflib
from kg.errors import UsageError
from kg.queries.library import run
from kg.queries.results import Result, Row
from kg.store import OxigraphDataset, load_statements, open_store
from rich.console import Console
from tests.queries.cases import cases

QUERY = "SELECT ?s ?t ?c ?n { ?s kg:confidence ?c ; kg:negated ?n OPTIONAL { ?s kg:topic ?t } } ORDER BY ?s LIMIT 5"


@pytest.fixture(scope="module")
def graph() -> OxigraphDataset:
    dataset = open_store()
    load_statements(dataset, cases())
    return dataset


def test_json_is_that_of_sparql_and_rdflib_reads_it(graph: OxigraphDataset) -> None:
    result = run(graph, QUERY)
    read = rdflib.query.Result.parse(io.StringIO(result.to_json()), format="json")
    assert [str(variable) for variable in read.vars or ()] == ["s", "t", "c", "n"]
    assert [[str(value) for value in row if value is not None] for row in read] == [  # type: ignore[union-attr]
        [str(row[name]) for name in result.variables if name in row] for row in result.rows]
    assert json.loads(run(graph, "ASK {}").to_json()) == {"head": {}, "boolean": True}


def test_csv_has_a_line_a_row_and_iris_in_full(graph: OxigraphDataset) -> None:
    rows = list(csv.reader(io.StringIO(run(graph, QUERY).to_csv())))
    assert rows[0] == ["s", "t", "c", "n"]
    assert rows[1] == ["https://w3id.org/kg-statements/statement/a1", "shelled", "0.95", "false"]
    assert rows[4][1] == "backs the president"
    assert run(graph, "ASK { ?a kg:loves ?b }").to_csv() == "false\r\n"


def test_the_table_shortens_iris_and_leaves_out_empty_columns(graph: OxigraphDataset) -> None:
    console = Console(width=120, file=io.StringIO())
    console.print(run(graph, "SELECT ?s ?nothing { ?s kg:authorizes ?b }").to_table("who [bold]authorizes"))
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # it is the StringIO given
    assert "ent:League_of_Cities" in shown
    assert "nothing" not in shown


def test_a_dataframe_has_python_values(graph: OxigraphDataset) -> None:
    pd = pytest.importorskip("pandas")
    frame = run(graph, QUERY).to_dataframe()
    assert list(frame.columns) == ["s", "t", "c", "n"]
    assert frame.loc[0].tolist() == ["stmt:a1", "shelled", 0.95, False]
    assert pd.isna(frame["t"]).sum() == 1


def test_markup_in_values_is_text() -> None:
    result = Result(("a",), ({"a": rdflib.Literal("<script>x</script> [red]y")},))
    assert "<script>" not in result._repr_html_()
    console = Console(width=80, file=io.StringIO())
    console.print(result.to_table())
    assert "[red]y" in console.file.getvalue()  # type: ignore[attr-defined]  # it is the StringIO given


def test_the_display_shortens_iris_sets_numbers_right_and_says_what_it_leaves_out(graph: OxigraphDataset) -> None:
    shown = run(graph, "SELECT ?s ?nothing ?c { ?s kg:confidence ?c } LIMIT 3")._repr_html_()
    assert "stmt:" in shown
    assert "w3id.org" not in shown
    assert "nothing" not in shown
    assert shown.count("text-align:right") == 4
    rows: list[Row] = [{"a_b": rdflib.Literal(number / 3), "b": rdflib.Literal("\u202ex")} for number in range(60)]
    shown = Result(("a_b", "b"), tuple(rows))._repr_html_()
    assert ">a b<" in shown
    assert ">0.333<" in shown
    assert "[U+202E]x" in shown
    assert "and 10 more" in shown
    assert shown.count("<tr") == 51
    assert "<a href=\"https://example.org/a\"" in Result(("u",), ({"u": rdflib.URIRef("https://example.org/a")},))._repr_html_()
    assert ">no rows<" in run(graph, "SELECT ?a { ?a kg:loves ?b }")._repr_html_()
    assert ">yes<" in run(graph, "ASK {}")._repr_html_()


def test_some_variables_are_chosen(graph: OxigraphDataset) -> None:
    result = run(graph, "SELECT ?s ?n ?c { ?s kg:negated ?n ; kg:confidence ?c } ORDER BY ?s")
    assert [set(row) for row in result.only("n")] == [{"n"}] * 2
    assert result.only("c", "s").variables == ("c", "s")
    assert [row["s"] for row in result.only("c", "s")] == [row["s"] for row in result]
    with pytest.raises(UsageError, match="no variable 'x'"):
        result.only("s", "x")


def test_triples_are_rows_and_a_graph(graph: OxigraphDataset) -> None:
    result = run(graph, "CONSTRUCT { ?a kg:supports ?b } WHERE { ?a kg:supports ?b }")
    assert result.variables == ("subject", "predicate", "object")
    assert len(result.graph()) == len(result) == 2
    assert "ent:Ostria kg:supports ent:Rufus_Firefly" in result.graph().serialize(format="turtle")
