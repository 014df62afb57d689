"""The generator of training sentences: what it promises of every row, of their balance, and of some forms."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest
from kg import ontology
from kg.lab import sentences
from kg.lab.sentences import LABELS, Attitude, Sentence


@pytest.fixture(scope="module")
def rows() -> list[Sentence]:
    return list(sentences.generate(3000, seed=1))


def test_the_same_seed_gives_the_same_sentences() -> None:
    assert list(sentences.generate(30, seed=7)) == list(sentences.generate(30, seed=7))
    assert list(sentences.generate(30, seed=7)) != list(sentences.generate(30, seed=8))


def test_rows_are_well_formed(rows: list[Sentence]) -> None:
    for row in rows:
        for start, end in (row.p, row.q):
            marked = row.text[start:end]
            assert marked == marked.strip() != ""
        assert row.p[1] <= row.q[0] or row.q[1] <= row.p[0]
        assert not re.search(r"[{}\x00\x01|]|  | [,.;?]|\bNone\b", row.text), row.text
        assert row.text[0].isupper() or not row.text[0].isalpha()


def test_labels_are_the_polarity_of_the_relation(rows: list[Sentence]) -> None:
    relations = ontology.relations()
    for row in rows:
        for attitude in (row.p_to_q, row.q_to_p):
            expected = LABELS[relations[attitude.predicate].polarity] if attitude.predicate else "neutral"
            assert attitude.label == expected


def test_directions_orders_and_relations_are_balanced(rows: list[Sentence]) -> None:
    directions = Counter((row.p_to_q.predicate is not None, row.q_to_p.predicate is not None) for row in rows)
    shares = {direction: count / len(rows) for direction, count in directions.items()}
    assert shares[True, False] == pytest.approx(1 / 3, abs=0.04)
    assert shares[False, True] == pytest.approx(1 / 6, abs=0.04)
    assert shares[True, True] == pytest.approx(1 / 12, abs=0.03)
    assert sum(row.p < row.q for row in rows) / len(rows) == pytest.approx(0.5, abs=0.05)
    found = Counter(attitude.predicate for row in rows for attitude in (row.p_to_q, row.q_to_p))
    assert all(found[relation] > 40 for relation in ontology.relations())


def test_names_tell_nothing(rows: list[Sentence]) -> None:
    labels: dict[str, set[str]] = {}
    for row in rows:
        if row.p_to_q.predicate:
            labels.setdefault(row.text[slice(*row.p)].removeprefix("the "), set()).add(row.p_to_q.label)
    common = Counter(row.text[slice(*row.p)].removeprefix("the ") for row in rows if row.p_to_q.predicate)
    assert all(len(labels[name]) > 1 for name, count in common.items() if count > 9)


def test_every_text_can_be_made() -> None:
    maker = sentences.Maker(seed=2)
    for construction in maker.words.constructions:
        for text in construction.texts:
            one = dataclasses.replace(construction, texts=(text,))
            assert any(maker.make(one, "", "criticizes") for _ in range(60)), text


@pytest.mark.parametrize(("verb", "forms"), [
    ("condemn", ("condemns", "condemned", "condemned", "condemning")),
    ("deny", ("denies", "denied", "denied", "denying")),
    ("ban", ("bans", "banned", "banned", "banning")),
    ("meet", ("meets", "met", "met", "meeting")),
    ("take", ("takes", "took", "taken", "taking")),
    ("free", ("frees", "freed", "freed", "freeing")),
    ("attack", ("attacks", "attacked", "attacked", "attacking")),
    ("veto", ("vetoes", "vetoed", "vetoed", "vetoing")),
    ("expel", ("expels", "expelled", "expelled", "expelling")),
    ("visit", ("visits", "visited", "visited", "visiting")),
])
def test_conjugation(verb: str, forms: tuple[str, ...]) -> None:
    assert sentences.words().conjugate(verb) == forms


def _made(text: str, *acts: str, relation: str = "criticizes", **facts: str) -> sentences.Made:
    maker = sentences.Maker(seed=3)
    construction = sentences.Construction("test", 1, facts, (text,), acts, {}, "plain")
    made = maker.make(construction, "XY", relation)
    assert made
    return made


def test_facts_follow_the_letters() -> None:
    made = _made("{Z} said {X} {XY did}.", XY="1")
    assert made.facts == {"XY": ("criticizes", -1)}
    assert made.places.keys() == {"X", "Y", "Z"}
    assert made.places["Z"] < made.places["X"] < made.places["Y"]


def test_a_passive_turns_the_order_not_the_relation() -> None:
    made = _made("{Y} was {XY passive}.", XY="1")
    assert made.facts == {"XY": ("criticizes", -1)}
    assert made.places["Y"] < made.places["X"]


@pytest.mark.parametrize("text", ["{Y} was {XY passive}.", "{X} will {XY do}.", "{Y}, whom {X} {XY gapped}, left."])
@pytest.mark.parametrize(("words", "expected"), [
    ("look_down_on {Y}", r"look(ed)? down on\b"),
    ("refer_to {Y} as a fool", r"refer(red)? to .*as a fool"),
])
def test_an_underscore_joins_words_to_a_verb(text: str, words: str, expected: str) -> None:
    maker = sentences.Maker(seed=4)
    act = sentences.Act("criticizes", "speech", "verb", words)
    made = sentences.Draft(maker.rng, maker.cast, maker.words.constructions[0], {1: act}, {}).fill(text)
    assert re.search(expected, made)
    assert "  " not in made


def test_what_is_done_together_holds_both_ways() -> None:
    made = _made("{X} and {Y} {XY together}.", XY="1")
    assert made.facts == {"XY": ("criticizes", -1), "YX": ("criticizes", -1)}
    assert " with " not in made.text


def test_a_construction_may_ask_for_tags() -> None:
    idioms = sentences.words().pool("do", "idiom+good", "supports")
    assert idioms and all("idiom" in act.tags and act.polarity > 0 for act in idioms)
    assert "throw {X his} weight behind {Y}" in {act.words for act in idioms}


def test_the_first_person_is_who_speaks() -> None:
    made = _made("“I {IY did},” {X} said.", "bad", XY="1")
    assert made.facts == {"XY": ("criticizes", -1)}
    assert made.places.keys() == {"X", "Y"}


def test_stopping_what_lasts_names_another_relation() -> None:
    made = _made("{X} stopped {XY doing}.", "lasting+harm", relation="attacks", XY="retreats")
    assert made.facts == {"XY": ("retreats", 1)}


def test_open_pairs_are_never_marked() -> None:
    made = _made("{X} said {Y} left.", XY="?")
    assert made.facts == {}
    assert made.open == {"XY"}


def test_the_command_writes_json_lines(tmp_path: Path) -> None:
    out = tmp_path / "sentences.jsonl"
    subprocess.run([sys.executable, "-m", "kg.lab.sentences", "--number", "5", "--out", str(out)], check=True)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows == [json.loads(json.dumps(asdict(row))) for row in sentences.generate(5, seed=0)]
    assert rows[0].keys() == {"text", "p", "q", "p_to_q", "q_to_p", "construction"}
    assert Attitude(**rows[0]["p_to_q"]).label in LABELS.values()
