"""Displays for Jupyter: complete, self-contained, escaped."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from kg import display
from kg.records import Document
from kg.view.notebook import Page, StatementGraph, Statements, graph_of
from tests.queries.cases import cases
from tests.view.statements import HOSTILE, carrying

TAGS = {"div", "span", "b", "bdi", "mark", "a", "table", "thead", "tbody", "tr", "th", "td"}


class Text(HTMLParser):
    """The tags, attributes and text of a fragment; fails on one that leaves an element open."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""
        self.feed(fragment)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_text(words: str) -> None:
    statements = carrying(words)
    document = Document(words or "d", words * 30, words, words, words, words)
    shown = (document._repr_html_(), *(s._repr_html_() for s in statements), Statements(statements)._repr_html_())
    for fragment in shown:
        found = Text(fragment)
        assert found.tags <= TAGS
        assert found.attributes <= {"style", "dir", "href", "target", "rel"}
        assert all(address.startswith(("http://", "https://")) for address in found.addresses)
        assert not set(found.text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b")


@pytest.mark.parametrize("statement", cases(), ids=lambda statement: statement.id)
def test_a_statement_shows_its_words_and_where_they_stand(statement: object) -> None:
    record = statement.to_json()  # type: ignore[attr-defined]
    text = Text(display.statement_html(record)).text
    assert record["evidence"]["text"] in text
    assert f"confidence {record['confidence']:.2f}" in text
    for key in ("subject", "object", "speaker"):
        assert record[key] is None or record[key]["name"] in text
    assert record["predicate"] is None or record["predicate"] in text
    resting = {"rule": "rests on a rule ·", "model": "rests on the learned model ·",
               "both": "rests on a rule and the learned model ·", None: ""}
    assert resting[record["basis"]] in text
    assert record["basis"] or "rests on" not in text


def test_marks_may_overlap_and_reach_beyond_the_sentence() -> None:
    record = carrying("words")[1].to_json()
    record["evidence"] = {"start": 4, "end": 20, "text": "said: words of B"}
    assert "said: words of B" in Text(display.statement_html(record)).text


def test_a_document_shows_how_it_begins() -> None:
    text = Text(Document("d", "word " * 500, publisher="Courier", published="2024-12-13T08:00:00Z")._repr_html_()).text
    assert "Courier · 2024-12-13 · 500 words" in text
    assert text.rstrip().endswith("…")


def test_a_long_table_says_what_it_leaves_out() -> None:
    text = Text(Statements([carrying("w", number)[0] for number in range(25)])._repr_html_()).text
    assert "and 5 more" in text


def test_a_report_shows_its_tables() -> None:
    report = StatementGraph(carrying("<b>Ada</b>")).analyse()
    text = Text(report._repr_html_()).text
    assert all(table.title in text for table in report.tables())
    assert "<b>Ada</b>" in text


def test_the_graph_is_asked_and_measured() -> None:
    graph = StatementGraph(cases())
    assert len(graph) == len(cases()) == len(list(graph))
    assert graph.network().number_of_edges() == graph.analyse().relations
    assert graph[0] == cases()[0]
    assert graph[:2].to_dataframe()["confidence"].tolist() == [s.confidence for s in cases()[:2]]
    rows = graph.query("SELECT ?who WHERE { GRAPH ?s { ?who kg:attacks ?whom } }")
    assert len(rows) == sum(s.is_bare and s.predicate == "attacks" for s in cases())
    assert {s.id for s in StatementGraph.from_dataset(graph.dataset)} == {s.id for s in cases()}
    assert graph_of(graph) is graph
    assert "statements in 3 documents" in repr(graph)


def test_the_cell_holds_the_page_in_a_sandbox() -> None:
    frame = Page("<p title='\"'>&lt;</p>", 300)._repr_html_()
    assert 'srcdoc="&lt;p title=&#x27;&quot;&#x27;&gt;&amp;lt;&lt;/p&gt;"' in frame
    assert 'sandbox="allow-scripts allow-popups"' in frame
    assert frame.count("<") == 2
