"""Pages and search of a real server: each page has what its view needs, and faults are told in plain words."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from kg.home import Home
from kg.ledger import FILE as LEDGER
from kg.ledger import Ledger
from kg.queries import library
from kg.rdf.terms import PREFIXES
from kg.records import Document, Entity, Span
from kg.serve.indexing import FILE, follow
from kg.serve.pages import View, draw
from tests.queries.cases import cases

ENT = PREFIXES["ent"]
FIREFLY = f"{ENT}Rufus_Firefly"


def data_of(page: httpx.Response) -> dict[str, Any]:
    assert page.status_code == 200, page.text
    return data_in(page.text)


def data_in(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def ids_of(page: httpx.Response) -> set[str]:
    return set(data_of(page)["statements"]["id"])


def actors_of(*roles: str) -> dict[str, set[str]]:
    """The statements by their ids, with the actors in them."""
    return {s.id: {actor.id for actor in (s.speaker, s.subject, s.object) if actor} for s in cases()}


def test_the_first_page_has_all_of_a_small_folder(web: httpx.Client) -> None:
    data = data_of(web.get("/"))
    assert set(data["statements"]["id"]) == {s.id for s in cases()}
    weights = {actor["id"]: weight for actor, weight in zip(data["actors"], data["served"], strict=True)}
    assert weights[FIREFLY] == sum(FIREFLY in actors for actors in actors_of().values())


def test_the_page_of_an_actor_has_all_that_it_is_in(web: httpx.Client) -> None:
    page = web.get("/", params={"actor": FIREFLY})
    data = data_of(page)
    assert data["title"] == "Rufus Firefly"
    mine = {ident for ident, actors in actors_of().items() if FIREFLY in actors}
    near = set().union(*(actors for actors in actors_of().values() if FIREFLY in actors))
    assert mine <= set(data["statements"]["id"]) == {
        ident for ident, actors in actors_of().items() if actors and (ident in mine or actors <= near)}


def test_the_page_of_two_actors_has_the_statements_of_both(web: httpx.Client) -> None:
    pair = {FIREFLY, f"{ENT}Freedonia"}
    both = {ident for ident, actors in actors_of().items() if pair <= actors}
    assert both
    for one, other in (sorted(pair), sorted(pair, reverse=True)):
        assert ids_of(web.get("/pair", params={"a": one, "b": other})) == both


def test_the_page_of_an_article_has_its_statements(web: httpx.Client) -> None:
    for article in {s.document.id for s in cases()}:
        data = data_of(web.get("/article", params={"id": article}))
        assert set(data["statements"]["id"]) == {s.id for s in cases() if s.document.id == article}


@pytest.mark.parametrize(("path", "status", "reason"), [
    ("/?actor=https://example.org/nobody", 404, "no actor of this folder"), ("/pair?a=x", 400, "lacks b="),
    ("/pair?a=x&b=y", 404, "no actor"), ("/article", 400, "lacks id="), ("/article?id=x", 404, "no article"),
    ("/nowhere", 404, "Not Found"), ("/?actor=<script>alert(1)</script>", 404, "no actor"),
])
def test_faults_are_told_on_a_short_page(web: httpx.Client, path: str, status: int, reason: str) -> None:
    answer = web.get(path)
    assert answer.status_code == status
    assert reason in answer.text
    assert "<script" not in answer.text
    assert "Traceback" not in answer.text


def test_search_leads_to_pages_that_hold_what_was_found(web: httpx.Client) -> None:
    found = web.get("/search", params={"q": "trentíno"}).json()
    (actor,) = found["actors"]
    assert actor["name"] == "Louis Trentino"
    assert actor["id"] in {one["id"] for one in data_of(web.get(actor["address"]))["actors"]}
    for words in ("backs the", "too early", "the"):
        sentences = web.get("/search", params={"q": words}).json()["sentences"]
        assert sentences
        for hit in sentences:
            data = data_of(web.get(hit["address"].partition("#")[0]))
            assert hit["statement"] in set(data["statements"]["id"])
            assert hit["text"] in {text for _, text in data["sentences"]}


@pytest.mark.parametrize("words", ["", "  ", "%", "_", '"', "NEAR(", "text:a", "*", "no such words", "x" * 100_000])
def test_search_of_anything_is_answered(web: httpx.Client, words: str) -> None:
    answer = web.get("/search", params={"q": words[:60_000]})
    assert answer.json() == {"actors": [], "sentences": []}


def test_the_query_page_offers_every_named_query(web: httpx.Client) -> None:
    data = data_of(web.get("/query"))
    assert {query["name"] for query in data["queries"]} == set(library.queries())
    for query in [data["first"], *(query["text"] for query in data["queries"])]:
        answer = web.post("/sparql", data={"query": query})
        assert answer.status_code == 200, (query, answer.text)
    assert web.post("/sparql", data={"query": data["first"]}).json()["results"]["bindings"]
    for file in re.findall(r'(?:src|href)="(/assets/[^"]+)"', web.get("/query").text):
        assert web.get(file).status_code == 200


def test_pages_open_at_the_pair_and_at_the_article_with_its_text(tmp_path: Path) -> None:
    text = "Ada praised Ben."
    ada = Entity(f"{ENT}Ada", "Ada", mention=Span(0, 3, "Ada"))
    ben = Entity(f"{ENT}Ben", "Ben", mention=Span(12, 15, "Ben"))
    document = Document("short", text, published="2025-01-02")
    praise = replace(cases()[0], document=document.reference(), subject=ada, object=ben, predicate="supports",
                     speaker=None, evidence=Span.of(text, 0, len(text))).identified()
    with Home(tmp_path / "out") as home:
        home.put(document, [praise], "made 1")
    index = tmp_path / "out" / FILE
    with closing(Ledger(tmp_path / "out" / LEDGER, read_only=True)) as ledger:
        follow(ledger, index)
    whole = data_in(draw(tmp_path / "out", index, View(article="short")).decode())
    assert parse_qs(whole["start"]) == {"view": ["article"], "article": ["short"]}
    assert whole["documents"][0]["text"] == text
    pair = data_in(draw(tmp_path / "out", index, View(actor=ada.id, other=ben.id)).decode())
    assert parse_qs(pair["start"]) == {"view": ["pair"], "pair": [ada.id, ben.id]}
    assert "text" not in pair["documents"][0]
