"""Displays for Jupyter: complete, self-contained, escaped."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from kg import display, ontology
from kg.errors import UsageError
from kg.queries import library
from kg.records import Document
from kg.view.notebook import Page, StatementGraph, Statements, graph_of
from playwright.sync_api import expect
from tests.browser import Visit, file_address
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
    assert graph[:3][1:]._repr_html_() == graph[1:3]._repr_html_()
    assert graph[:3][0] == graph[0]
    assert graph[:2].to_dataframe()["confidence"].tolist() == [s.confidence for s in cases()[:2]]
    rows = graph.query("SELECT ?who WHERE { GRAPH ?s { ?who kg:attacks ?whom } }")
    assert len(rows) == sum(s.is_bare and s.predicate == "attacks" for s in cases())
    assert {s.id for s in StatementGraph.from_dataset(graph.dataset)} == {s.id for s in cases()}
    assert graph_of(graph) is graph
    assert "statements in 3 documents" in repr(graph)


def test_the_cell_holds_the_page_in_a_sandbox() -> None:
    frame = Page("<p title='\"'>&lt;</p>", 300)._repr_html_()
    assert 'srcdoc="&lt;p title=&#x27;&quot;&#x27;&gt;&amp;lt;&lt;/p&gt;"' in frame
    sandbox = re.search('sandbox="(.*?)"', frame)
    assert sandbox
    assert sandbox[1].split() == ["allow-scripts", "allow-downloads", "allow-popups", "allow-popups-to-escape-sandbox"]
    assert frame.count("<") == 2
    assert Text(frame).text == "The graph is to be seen where the notebook is run or trusted."


def test_a_fragment_styles_only_itself() -> None:
    graph = StatementGraph(cases())
    document = Document("d", "words", "Title", "Courier", "2024-12-13", "https://example.org/")
    table = graph[:3]._repr_html_()
    for fragment in (document._repr_html_(), graph[0]._repr_html_(), table, graph.analyse()._repr_html_()):
        found = Text(fragment)
        assert found.tags <= TAGS
        assert not found.attributes & {"class", "id"}
    # What notebooks do to tables is undone on each of their elements.
    for tag, count in (("table", 1), ("thead", 1), ("tbody", 1), ("tr", 4), ("th", 8), ("td", 24)):
        styles = re.findall(f'<{tag} style="(.*?)"', table)
        assert len(styles) == count
        assert all("background:none" in style for style in styles)
    assert all("text-align" in style for style in re.findall('<t[dh] style="(.*?)"', table))


@pytest.mark.parametrize(("value", "shown"), [
    (2, "2"), (0.5, "0.5"), (1 / 3, "0.333"), (100.0, "100"), (Decimal("0.7500"), "0.75"), (True, "yes"), (None, ""),
    ("a < b", "a &lt; b"), ("javascript:x", "javascript:x"),
])
def test_values_of_a_table(value: object, shown: str) -> None:
    table = display.table_html("", "", ("a",), [(value,)])
    assert re.findall("<td style=.*?>(.*?)</td>", table) == [shown]
    numeric = isinstance(value, int | float | Decimal) and value is not True
    assert ("text-align:right" in table) is numeric


def start_of(page: Page) -> dict[str, list[str]]:
    """What the page of a cell opens with."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.html, re.DOTALL)
    assert found
    return parse_qs(json.loads(found[1])["start"])


def test_actors_are_found_by_name() -> None:
    graph = StatementGraph(cases())
    firefly = f"{ontology.ENTITY}Rufus_Firefly"
    about = graph.about("Firefly")
    assert [s.id for s in about] == [s.id for s in cases() if any(
        actor and actor.id == firefly for actor in (s.speaker, s.subject, s.object))]
    assert 0 < len(graph.about("Firefly", "Ostria")) < len(about) < len(graph)
    with pytest.raises(UsageError, match="no actor of this graph is called"):
        graph.about("Zeppo")
    view = graph.view(around="Firefly")
    assert isinstance(view, Page)
    assert start_of(view) == {"near": [f"1 {firefly}"]}
    pair = graph.pair("Firefly", "Ostria")
    assert "<title>Rufus Firefly and Ostria</title>" in pair.html
    assert start_of(pair)["pair"][0] == firefly
    assert start_of(pair)["view"] == ["pair"]


def test_an_article_is_shown_by_its_text_or_id() -> None:
    graph = StatementGraph(cases())
    ident = graph[0].document.id
    page = graph.article(ident)
    assert start_of(page) == {"view": ["article"], "article": [ident]}
    whole = graph.article(Document(ident, "All of the words of it.", "A title"))
    assert "All of the words of it." in whole.html
    with pytest.raises(UsageError, match="no statement here is of an article 'x'"):
        graph.article("x")


def test_a_page_of_a_cell_is_written(tmp_path: Path) -> None:
    graph = StatementGraph(cases())
    assert graph.view(tmp_path / "a.html", "Freedonia") == tmp_path / "a.html"
    assert "<title>Freedonia</title>" in (tmp_path / "a.html").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="cannot write the page"):
        graph.view(tmp_path / "none" / "a.html")


def notebook(*things: object) -> Any:
    """A notebook whose cells give these things, as Jupyter saves it."""
    from IPython.core.formatters import DisplayFormatter
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    found = (DisplayFormatter().format(thing) for thing in things)
    return new_notebook(cells=[new_code_cell("", execution_count=1, outputs=[
        new_output("execute_result", data, metadata=metadata, execution_count=1)]) for data, metadata in found])


def exported(book: Any, theme: str) -> str:
    """The page that nbconvert makes of a notebook, in JupyterLab's own style, without what it loads from elsewhere."""
    from nbconvert import HTMLExporter

    nothing = "data:text/javascript,export default {}"
    exporter = HTMLExporter(theme=theme, require_js_url="data:,", mathjax_url="data:,", mermaid_js_url=nothing)
    return str(exporter.from_notebook_node(book)[0])


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_exported_notebook_shows_all_displays(visit: Visit, tmp_path: Path, theme: str) -> None:
    graph = StatementGraph(cases())
    statement = next(s for s in graph if s.speaker and s.object and s.evidence)
    document = Document("d", "Words of it.", "Freedonia goes to war", "Courier", "2024-12-13", "https://example.org/")
    result = library.run(graph.dataset, "who-criticizes")
    two = "Freedonia", "Sylvania"
    book = notebook(document, statement, graph[:4], result, graph.query("who-criticizes"), graph.analyse(),
                    graph.picture(), graph.timeline(*two), graph.pair(*two), graph)
    target = tmp_path / "notebook.html"
    target.write_text(exported(book, theme), encoding="utf-8")
    page = visit(file_address(target), ready="body")
    outputs = page.locator(".jp-OutputArea-output")
    shown = [outputs.nth(number) for number in range(outputs.count())]
    assert len(shown) == 10
    expect(shown[0]).to_contain_text("Freedonia goes to war")
    assert statement.evidence
    expect(shown[1]).to_contain_text(statement.evidence.text)
    expect(shown[2]).to_contain_text("speaker")
    expect(shown[3]).to_contain_text(str(result.rows[0]["who"]))
    expect(shown[5]).to_contain_text("Who speaks")
    for picture in (shown[6], shown[7]):
        image = picture.locator("img")
        expect(image).to_be_visible()
        assert image.evaluate("image => image.naturalWidth > 0 && image.clientWidth > 300")
    pair = shown[8].frame_locator("iframe")
    expect(pair.locator("#sheet h2")).to_contain_text("Sylvania")
    whole = shown[9].frame_locator("iframe")
    expect(whole.locator("#panel")).to_contain_text("Who says what about whom")
    # Ours looks as it should in the notebook's style, and reads on its ground.
    assert shown[3].locator("td").first.evaluate(_LOOK) == ["left", "rgba(0, 0, 0, 0)", "rgba(0, 0, 0, 0)"]
    for where in (shown[1], shown[2], shown[3]):
        assert where.evaluate(_FAINTEST) >= 3
    # The style of the notebook is as it was: a DataFrame's numbers stand to the right.
    assert shown[4].locator("td").first.evaluate(_LOOK)[0] == "right"


_LOOK = """(cell) => [getComputedStyle(cell).textAlign, getComputedStyle(cell).backgroundColor,
  getComputedStyle(cell.parentElement).backgroundColor]"""
# The least contrast of a text with the page, of those without a ground of their own (WCAG 2, 1.4.3).
_FAINTEST = """(output) => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).map((part) => part / (colour.startsWith('color(') ? 1 : 255));
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(getComputedStyle(document.body).backgroundColor);
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const texts = [...output.querySelectorAll('*')].filter(hasText).map((found) => light(getComputedStyle(found).color));
  return Math.min(...texts.map((text) => (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05)));
}"""
