"""Attitudes between marked mentions: direction, negation, and bad input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from kg.errors import InputError
from kg.stance import judge

if TYPE_CHECKING:
    from spacy.language import Language


def pair(text: str, p: str, q: str) -> dict[str, Any]:
    return {"text": text, "p": [text.index(p), text.index(p) + len(p)], "q": [text.index(q), text.index(q) + len(q)]}


@pytest.mark.parametrize(("text", "forth", "back", "predicate"), [
    ("Ayrault condemned Duterte in parliament.", "negative", "neutral", "criticizes"),
    ("Ayrault was condemned by Duterte in parliament.", "neutral", "negative", None),
    ("Ayrault praised Duterte in parliament.", "positive", "neutral", "supports"),
    ("Ayrault did not condemn Duterte in parliament.", "neutral", "neutral", "criticizes"),
    ("Ayrault met Duterte in parliament.", "neutral", "neutral", "consults"),
    ("Ayrault, asked about Duterte, went home.", "neutral", "neutral", "requests"),
])
def test_direction(nlp: Language, text: str, forth: str, back: str, predicate: str | None) -> None:
    by_rules, by_both = (next(judge([pair(text, "Ayrault", "Duterte")], nlp, fast)) for fast in (True, False))
    assert by_rules["p_to_q"]["predicate"] == predicate
    for found in (by_rules, by_both):
        assert (found["p_to_q"]["label"], found["q_to_p"]["label"]) == (forth, back)


def test_what_is_negated_keeps_its_name_and_no_attitude(nlp: Language) -> None:
    (found,) = judge([pair("Ayrault did not condemn Duterte.", "Ayrault", "Duterte")], nlp)
    assert found["p_to_q"]["predicate"] == "criticizes"
    assert found["p_to_q"]["label"] == "neutral"


def test_the_model_sees_what_no_rule_does(nlp: Language) -> None:
    told = pair("Ayrault has run out of patience with Duterte, aides say.", "Ayrault", "Duterte")
    by_rules, by_both = (next(judge([told], nlp, fast)) for fast in (True, False))
    assert by_rules["p_to_q"]["label"] == "neutral"
    assert by_both["p_to_q"]["label"] == "negative"


def test_swapping_the_mentions_swaps_the_answer(nlp: Language) -> None:
    text = "Ayrault condemned Duterte in parliament."
    one, other = judge([pair(text, "Ayrault", "Duterte"), pair(text, "Duterte", "Ayrault")], nlp)
    assert one["p_to_q"] == other["q_to_p"]
    assert one["q_to_p"] == other["p_to_q"]


def test_scores_add_up_and_the_label_has_the_highest(nlp: Language) -> None:
    pairs = [pair(t, "Ayrault", "Duterte") for t in ("Ayrault hailed Duterte.", "Ayrault saw Duterte.")]
    for found in judge(pairs, nlp):
        for side in (found["p_to_q"], found["q_to_p"]):
            assert sum(side["scores"].values()) == pytest.approx(1.0, abs=0.002)
            assert max(side["scores"], key=side["scores"].__getitem__) == side["label"]


@pytest.mark.parametrize("broken", [
    {}, {"text": 1, "p": [0, 1], "q": [0, 1]}, {"text": "ab", "p": [0, 9], "q": [0, 1]},
    {"text": "ab", "p": [1, 1], "q": [0, 1]}, {"text": "ab", "p": [True, 2], "q": [0, 1]},
    {"text": "ab", "p": [0, 1], "q": [0, 1]}, {"text": "ab", "p": "a", "q": [0, 1]}, [],
])
def test_a_broken_pair_is_named(nlp: Language, broken: Any) -> None:
    good = {"text": "A met B.", "p": [0, 1], "q": [6, 7]}
    with pytest.raises(InputError, match="pair 2"):
        list(judge([good, broken], nlp))


def test_other_keys_are_kept(nlp: Language) -> None:
    (found,) = judge([{**pair("Ayrault met Duterte.", "Ayrault", "Duterte"), "id": 7}], nlp)
    assert found["id"] == 7
