"""The page as a file: one, complete, with no address to fetch, and words as data only."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg import ontology
from kg.analysis.network import Level
from kg.errors import UsageError
from kg.records import Entity, EntityType, Statement
from kg.view import layout
from kg.view.page import SHAPES, drawing, page_html, write_page
from kg.view.payload import edges, rolled_up, script_json, tables, turns
from tests.analysis.notation import parse
from tests.analysis.strategies import networks
from tests.bench.page import made
from tests.queries.cases import cases
from tests.view.statements import HOSTILE, carrying


class Elements(HTMLParser):
    """Collects the elements of a page with their attributes, and the texts of its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] == "script" and self.scripts:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.found.append(("end of script", {}))


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    data["statements"] = rows_of(data["statements"])
    return data


def rows_of(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in zip(columns, row, strict=True) if value is not None}
            for row in zip(*columns.values(), strict=True)]


@pytest.fixture(scope="module")
def page() -> str:
    return page_html(cases(), "Freedonia")


def test_one_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert write_page(cases(), tmp_path / "graph.html") == tmp_path / "graph.html"
    assert [path.name for path in tmp_path.rglob("*")] == ["graph.html"]


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"graph\.html: cannot write the page"):
        write_page(cases(), tmp_path / "none" / "graph.html")


def test_nothing_to_fetch(page: str) -> None:
    for tag, attributes in Elements(page).found:
        assert tag not in ("iframe", "object", "embed", "base", "img")
        assert not attributes.keys() & {"src", "srcset", "action", "integrity"}
        assert (attributes.get("href") or "data:,").startswith(("data:", "#"))
    assert "sourceMappingURL" not in page
    assert "cdn" not in page.lower()


def test_the_policy_allows_exactly_the_scripts_of_the_page(page: str) -> None:
    elements = Elements(page)
    policy = next(attributes["content"] for tag, attributes in elements.found
                  if attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "connect-src" not in policy
    data, *scripts = elements.scripts
    assert data.startswith("{")
    wanted = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == wanted
    assert len(wanted) == 2


def test_the_same_statements_give_the_same_page(page: str) -> None:
    assert page_html(list(cases()), "Freedonia") == page


def test_everything_said_is_in_the_page(page: str) -> None:
    data = data_of(page)
    assert [row["id"] for row in data["statements"]] == [statement.id for statement in cases()]
    for row, statement in zip(data["statements"], cases(), strict=True):
        assert statement.evidence
        assert data["sentences"][row["evidence"]] == [statement.evidence.start, statement.evidence.text]
        assert data["documents"][row["document"]]["publisher"] == statement.document.publisher
        via = [data["actors"][number]["name"] for number in row.get("via", [])]
        assert via == [entity.name for entity in statement.via]


def test_edges_merge_equal_claims_only() -> None:
    found = tables(parse("""
        Ada: Ada supports Ben
        Cid: Ada supports Ben
        Ada supports Ben | planned
        Ada supports Ben | not
        Ben supports Ada
        Ada attacks Ben
    """))
    drawn = edges(found)
    assert [edge["statements"] for edge in drawn if "voice" not in edge] == [[0, 1], [2], [3], [4], [5]]
    assert [(found.actors[edge["from"]]["name"], found.actors[edge["to"]]["name"], edge["statements"])
            for edge in drawn if "voice" in edge] == [("Cid", "Ada", [1])]


def entity(name: str, type: str, country: str | None = None, sector: str | None = None) -> Entity:
    return Entity(f"{ontology.ENTITY}{name}", name, EntityType(type), country=country, sector=sector)


def test_levels_roll_people_up_to_governments_and_countries() -> None:
    president, minister = entity("Ada", "Person", "AUT", "GOV"), entity("Ben", "Person", "BEL", "GOV")
    rebel, cabinet = entity("Cid", "Person", "AUT", "REB"), entity("Government of Austria", "Government", "AUT", "GOV")
    body, country = entity("League", "Organization", "IGO", "GOV"), entity("Belgium", "Country", "BEL")
    whole = [president, minister, rebel, cabinet, body, country]
    base = parse("Ada supports Ben")[0]
    found = tables(replace(base, id=f"{a.name} {b.name}", subject=a, object=b) for a in whole for b in whole)
    numbers = {actor["name"]: number for number, actor in enumerate(found.actors)}

    def groups(by: Level) -> dict[str, str]:
        of = rolled_up(found, by)
        return {name: found.actors[of[number]]["name"] for name, number in numbers.items()}

    assert groups(Level.GOVERNMENT) == {
        "Ada": "Government of Austria", "Government of Austria": "Government of Austria", "Cid": "Cid",
        "Ben": "Belgium (government)", "Belgium": "Belgium", "League": "League"}
    assert groups(Level.COUNTRY) == {
        "Ada": "Austria", "Government of Austria": "Austria", "Cid": "Austria", "Ben": "Belgium",
        "Belgium": "Belgium", "League": "League"}
    # A country's statements towards another are one edge for each attitude.
    of = rolled_up(found, Level.COUNTRY)
    drawn = [edge for edge in edges(found, of) if "voice" not in edge]
    assert all(edge["from"] != edge["to"] for edge in drawn)
    assert sum(len(edge["statements"]) for edge in drawn) == 6 * 6 - 3 * 3 - 2 * 2 - 1
    assert len(drawn) == 3 * 2


def test_changes_of_position_are_those_of_the_analysis() -> None:
    base = parse("Ada supports Ben\nAda attacks Ben\nAda supports Cid\nAda attacks Ben | planned",
                 {"Ben": "BEL", "Cid": "BEL"})
    days = ("2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01")
    statements = [replace(s, document=replace(s.document, published=day)) for s, day in zip(base, days, strict=True)]
    found = tables([*statements, statements[0]])
    assert turns(found, [*statements, statements[0]]) == [
        {"from": 0, "to": 1, "days": ["2024-01-01", "2024-02-01"], "weights": [1.0, -1.0], "statements": [0, 1]}]
    country = turns(found, statements, rolled_up(found, Level.COUNTRY))
    assert [turn["days"] for turn in country] == [list(days[:2]), list(days[1:3])]
    assert [turn["statements"] for turn in country] == [[0, 1], [1, 2]]
    levels = data_of(page_html(statements))["levels"]
    assert [len(levels[level]["shifts"]) for level in ("actor", "government", "country")] == [1, 1, 2]


def test_parallel_edges_are_bent_apart() -> None:
    drawn = drawing(tables(parse("Ada supports Ben\nAda attacks Ben\nBen attacks Ada\nCid supports Dan"))).edges
    bends = [edge.get("bend") for edge in drawn]
    assert bends == [0.12, 0.25, 0.12, None]


def test_nodes_beyond_the_limit_wait_for_a_search() -> None:
    statements = parse("Ada supports Ben\nAda supports Ben 0.5\nBen supports Cid\nCid supports Dan")
    nodes = drawing(tables(statements), limit=2).nodes
    assert ["later" in node for node in nodes] == [False, False, True, True]
    assert all(isinstance(node["x"], float) for node in nodes)


def test_an_empty_graph_is_a_page_too() -> None:
    assert all(rows_of(level["nodes"]) == [] for level in data_of(page_html([]))["levels"].values())


def test_every_type_has_a_shape() -> None:
    assert set(SHAPES) == {kind.value for kind in EntityType}


@settings(max_examples=25, deadline=None)
@given(networks)
def test_statements_are_not_changed(statements: list[Statement]) -> None:
    before = [statement.to_json() for statement in statements]
    found = tables(statements)
    drawing(found)
    assert [statement.to_json() for statement in statements] == before
    assert len(found.statements) == len(statements)


@given(st.text() | st.sampled_from(HOSTILE))
def test_json_in_a_script_has_no_markup_and_reads_back(words: str) -> None:
    written = script_json({"words": words})
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == {"words": words}


def test_hostile_words_add_no_element(page: str) -> None:
    hostile = page_html([s for number, words in enumerate(HOSTILE) for s in carrying(words, number)], HOSTILE[1])
    assert [tag for tag, _ in Elements(hostile).found] == [tag for tag, _ in Elements(page).found]
    assert data_of(hostile)["documents"][0]["title"] == HOSTILE[0]


def test_a_lone_surrogate_does_not_stop_the_page(tmp_path: Path) -> None:
    page = write_page(carrying("broken \ud800 sign"), tmp_path / "graph.html").read_text(encoding="utf-8")
    assert data_of(page)["documents"][0]["title"] == "broken \ud800 sign"


ties = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.sampled_from([-1.0, 0.0, 1.0])), max_size=25)


@settings(max_examples=40, deadline=None)
@given(ties)
def test_no_two_nodes_lie_on_each_other(edges: list[tuple[int, int, float]]) -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from(edges)
    sizes = dict.fromkeys(graph, 10.0)
    found = layout.positions(graph, sizes)
    assert found == layout.positions(graph, sizes)
    assert set(found) == set(graph)
    for a in found:
        for b in found:
            apart = max(abs(found[a][0] - found[b][0]), abs(found[a][1] - found[b][1]))
            assert a == b or apart > 20


def test_friends_lie_nearer_than_foes() -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from([(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (3, 4, 1.0), (4, 5, 1.0), (3, 5, 1.0),
                                   (0, 3, -1.0), (1, 4, -1.0), (2, 5, -1.0)])
    at = layout.positions(graph, dict.fromkeys(graph, 10.0))

    def apart(a: int, b: int) -> float:
        return float(sum((x - y) ** 2 for x, y in zip(at[a], at[b], strict=True)) ** 0.5)

    assert max(apart(0, 1), apart(3, 4)) < min(apart(0, 3), apart(1, 4), apart(2, 5))


@pytest.mark.slow
def test_a_thousand_actors_and_three_thousand_edges_fit_in_three_megabytes(tmp_path: Path) -> None:
    statements = made()
    found = tables(statements)
    assert (len(found.actors), len(edges(found))) == (1000, 3000)
    assert write_page(statements, tmp_path / "graph.html").stat().st_size <= 3_000_000
