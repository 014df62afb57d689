"""The twenty questions of ``kg/queries/QUESTIONS.md``, asked of a graph made from the seed article's annotation."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from kg import ontology, resources
from kg.queries.library import run
from kg.rdf.shapes import validate
from kg.records import Basis, Document, Entity, EntityType, Modality, QuoteType, Span, Statement, TimeInterval
from kg.store import OxigraphDataset, load_statements, open_store

GOLD = Path(__file__).parents[3] / "shared" / "bench" / "gold" / "open"
SEED = "seed-kremlin-backs-trump"
pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="the annotated articles (../shared/bench/gold) are not here")

COUNTRIES = {"Russia": "RUS", "Ukraine": "UKR", "United States": "USA", "North Korea": "PRK"}
OFFICES = {"Donald Trump": ("USA", None), "Joe Biden": ("USA", "GOV"), "Vladimir Putin": ("RUS", "GOV"),
           "Dmitry Peskov": ("RUS", "GOV"), "Volodymyr Zelenskyy": ("UKR", "GOV")}

#: For each question, the column of the query that holds each part of an answer; what is not named is not compared.
COLUMNS = {
    "q01": {"actor": "who", "via": "through"}, "q02": {"actor": "who", "object": "whom"},
    "q03": {"subject": "who", "relation": "relation", "object": "whom", "claimed_by": "claimed_by"},
    "q04": {"actor": "said_by"}, "q05": {"actor": "backer", "backs": "critic"},
    "q06": {"subject": "who", "object": "whom"}, "q07": {"subject": "who", "object": "whom"},
    "q08": {"statement": "statement"}, "q09": {"via": "through"}, "q10": {"object": "whom"},
    "q11": {"actor": "critic", "object": "whom"}, "q12": {"subject": "who", "relation": "relation", "object": "whom"},
    "q13": {"subject": "who", "object": "whom", "pressed_by": "pressed_by"},
    "q14": {"subject": "who", "relation": "relation", "claimed_by": "said_by"}, "q15": {"actor": "third"},
    "q16": {"statement": "statement"}, "q17": {"actor": "who"}, "q18": {"actor": "said_by", "words": "quoted"},
    "q19": {"time": "start"}, "q20": {"subject": "who", "relation": "relation", "object": "whom"},
}
#: Questions whose query gives more rows than the answer by its nature, or a wider answer than "also accepted" has.
WIDER = {"q01", "q02", "q14"}


def table() -> dict[str, tuple[str, dict[str, str]]]:
    """Question id to query and parameters, from the documented table."""
    found = {}
    for line in resources.data("queries", "QUESTIONS.md").read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"\| (q\d\d) \| .* \| ([\w-]+) \| (.*)\|", line):
            pairs = [pair.replace("_", " ").partition("=")[::2] for pair in match[3].split()]
            found[match[1]] = (match[2], dict(pairs))
    return found


@pytest.fixture(scope="module")
def graph() -> OxigraphDataset:
    gold = json.loads((GOLD / f"{SEED}.json").read_text(encoding="utf-8"))
    text = (GOLD / f"{SEED}.txt").read_bytes().decode()
    dataset = open_store()
    load_statements(dataset, (statement(row, gold, text) for row in gold["statements"]))
    return dataset


def statement(row: dict[str, Any], gold: dict[str, Any], text: str) -> Statement:
    evidence = Span.of(text, *row["evidence"])
    relation = ontology.relations().get(row["predicate"] or "")
    since = re.search(r"since (February) (\d{4})", row["topic"] or "")

    def actor(name: str | None) -> Entity | None:
        return entity(name, gold["aliases"], evidence) if name else None

    return Statement(
        id=row["id"], document=Document(gold["document"], publisher="HuffPost UK", published="2024-12-13"),
        speaker=actor(row["speaker"]), via=(via,) if (via := actor(row["via"])) else (),
        content=(evidence,) if row["speaker"] else (), quote=QuoteType(row["quote"]) if row["quote"] else None,
        subject=actor(row["subject"]), object=actor(row["object"]), predicate=row["predicate"], topic=row["topic"],
        plover=relation.plover if relation else None, cameo=relation.cameo if relation else None,
        polarity=row["polarity"], negated=row["negated"], modality=Modality(row["modality"]),
        time=TimeInterval(since[0], f"{since[2]}-02-01") if since else None, evidence=evidence, confidence=0.9,
        basis=Basis.RULE if relation else None)


def entity(name: str, aliases: dict[str, list[str]], sentence: Span) -> Entity:
    ident = ontology.ENTITY + name.replace(" ", "_")
    at = next((match for alias in sorted(aliases.get(name, ()), key=len, reverse=True)
               if (match := re.search(rf"\b{re.escape(alias)}\b", sentence.text))), None)
    mention = Span(sentence.start + at.start(), sentence.start + at.end(), at[0]) if at else None
    if name in COUNTRIES:
        return Entity(ident, name, EntityType.COUNTRY, None, COUNTRIES[name], None, mention)
    if name.startswith("Government of ") or name.endswith(" administration"):
        country = COUNTRIES.get(name.removeprefix("Government of "), "USA")
        return Entity(ident, name, EntityType.GOVERNMENT, None, country, "GOV", mention)
    if name not in OFFICES:
        return Entity(ident, name, EntityType.MEDIA, None, None, "JRN", mention)
    return Entity(ident, name, EntityType.PERSON, None, *OFFICES[name], mention)


def questions() -> list[dict[str, Any]]:
    if not GOLD.is_dir():
        return []
    found: list[dict[str, Any]] = json.loads((GOLD / "seed_questions.json").read_text(encoding="utf-8"))["questions"]
    return found


def fits(answer: dict[str, Any], row: dict[str, Any], columns: dict[str, str]) -> bool:
    for part, column in columns.items():
        if part not in answer:
            continue
        given, want = str(row[column] or ""), str(answer[part])
        is_right = want in given.removeprefix("stmt:") if part in ("words", "time") else given in (want, f"stmt:{want}")
        if not is_right:
            return False
    return any(part in answer for part in columns)


@pytest.mark.parametrize("question", questions(), ids=lambda question: question["id"])
def test_a_question_has_its_answers(graph: OxigraphDataset, question: dict[str, Any]) -> None:
    name, params = table()[question["id"]]
    rows, columns = list(run(graph, name, params)), COLUMNS[question["id"]]
    for answer in question["answers"]:
        assert any(fits(answer, row, columns) for row in rows), f"not among {len(rows)} rows of {name}: {answer}"
    if question["id"] not in WIDER:
        right = [*question["answers"], *question["also_accepted"]]
        assert [row for row in rows if not any(fits(answer, row, columns) for answer in right)] == []


def test_every_question_is_in_the_table() -> None:
    assert set(table()) == set(COLUMNS) == {question["id"] for question in questions()}


def test_the_annotated_article_is_a_valid_graph(graph: OxigraphDataset) -> None:
    assert validate(graph) == []
