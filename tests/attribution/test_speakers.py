"""Who says what: marked-up sentences, and what must hold for any text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kg.nlp import model
from kg.records import Attribution, Span
from tests.attribution.marked import Marked, attributed, read_cases, read_marks

CASES = read_cases("attributions.toml")
KEYS = {"reason", "text", "quote", "actors", "speaker", "speakers", "via", "narrated", "xfail"}
PIECES = ["Keller", " said", " told TASS", " that", " it is over", ",", ".", " “", "”", ' "', '"', "''", " ‘", "’", ":",
          "\n\n", " according to", " the ministry", " we", " (", ")", "\u00a0", "é", " 𝔸", " who", " and",
          " urged Norway to leave"]


def bare(span: Span | None) -> str | None:
    """The words of a span without punctuation at its edges: annotators differ there."""
    return span.text.strip(" .,;:!?“”\"'\n") if span else None


def at_cue(found: list[Attribution], marked: Marked) -> list[Attribution]:
    (cue,) = marked.spans["c"]
    return [a for a in found if a.cue == cue]


@pytest.mark.parametrize("case", [
    pytest.param(c, marks=[pytest.mark.xfail(strict=True, reason=c["xfail"])] if "xfail" in c else [], id=c["reason"])
    for c in CASES])
def test_cases(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    marked = read_marks(case["text"])
    doc = model.load()(marked.text)
    found = at_cue(attributed(doc, case.get("actors", {})), marked)
    wanted = case.get("speakers", [case["speaker"]] if "speaker" in case else [None])
    assert [a.speaker.name if a.speaker else None for a in found] == wanted
    for a in found:
        assert bare(a.source) == (bare(marked.spans["s"][0]) if marked.spans["s"] else None)
        assert [bare(c) for c in a.content] == [bare(c) for c in marked.spans["q"]]
        assert a.quote == case["quote"]
        assert [v.name for v in a.via] == case.get("via", [])
        assert a.narrated == case.get("narrated", False)


@pytest.mark.parametrize("text", [
    "The bridge was built in 1931 and painted green.", "Rain fell on the valley for three days.", "", "\n\n", "”", "?"])
def test_no_one_speaks(text: str) -> None:
    assert attributed(model.load()(text)) == []


def test_enclosing_marks_stay_outside_and_inner_ones_stay() -> None:
    doc = model.load()("“It is ‘over’ now,” Keller said. Berg called the plan “a mess” and left.")
    contents = [c.text for a in attributed(doc) for c in a.content]
    assert contents[0] == "It is ‘over’ now"
    assert "the plan “a mess”" in contents


def test_first_person_in_a_quotation_is_its_speaker() -> None:
    doc = model.load()("“I believe that the treaty will hold,” Keller said.")
    found = attributed(doc, {"Keller": "Person"})
    assert {a.speaker.name for a in found if a.speaker} == {"Keller"}
    assert all(a.via == () for a in found)


@pytest.mark.parametrize("text", [
    "x said " * 1200, "he said that " * 400, "“He said “" * 200, '"' * 3000, "'a' " * 500])
def test_deep_nesting_and_many_marks_end(text: str) -> None:
    attributed(model.load()(text))


def test_doubt_lowers_confidence() -> None:
    nlp = model.load()
    sure, doubtful = (attributed(nlp(text))[0].confidence for text in (
        "Keller said that the treaty will hold.", "Keller embraced the treaty."))
    assert 0 < doubtful < sure <= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80))
def test_any_text(text: str) -> None:
    doc = model.load()(text)
    before = doc.to_bytes()
    for a in attributed(doc, {"Keller": "Person", "TASS": "Media"}):
        spans = [s for s in (a.source, a.cue, *a.content) if s]
        assert a.content and all(0 <= s.start < s.end <= len(text) for s in spans)
        assert all(s.text == text[s.start:s.end] for s in spans)
        assert 0 < a.confidence <= 1 and a.root is not None and a.root < len(doc)
        assert len(set(a.via)) == len(a.via) and a.speaker not in a.via
    assert doc.to_bytes() == before


@pytest.mark.parametrize("broken", [
    "<s>Keller said", "Keller</s> said", "<x>Keller</x> said", "<s></s>", "<s><c>a</c></s>"])
def test_broken_markup_is_an_error(broken: str) -> None:
    with pytest.raises(ValueError):
        read_marks(broken)
