"""Joining: who says a relation, what is left without one, what stands once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kg import statements
from kg.errors import DataError
from kg.records import (
    Attribution,
    Basis,
    Document,
    Entity,
    EntityType,
    Mention,
    MentionKind,
    Modality,
    QuoteType,
    Relation,
    Span,
    Statement,
)
from kg.statements import assemble

TEXT = "Rubio said that Xi bombed Fiji and that it rained. Xi left. “Xi is mad,” Rubio added."
RUBIO, XI, FIJI = (Entity(f"test:{n}", n, EntityType.PERSON) for n in ("Rubio", "Xi", "Fiji"))


def span(words: str, nth: int = 0) -> Span:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return Span.of(TEXT, start, start + len(words))


def mention(entity: Entity, nth: int = 0) -> Mention:
    words = span(entity.name, nth)
    return Mention(words, words, MentionKind.NAME, 0, 1, 0, entity, 0.9)


SENTENCES = [span("Rubio said that Xi bombed Fiji and that it rained."), span("Xi left."),
             span("“Xi is mad,” Rubio added.")]
SAID = Attribution(RUBIO, span("Rubio"), span("said"), (span("that Xi bombed Fiji and that it rained"),),
                   QuoteType.INDIRECT, root=1, confidence=0.9)
ADDED = Attribution(RUBIO, span("Rubio", 1), span("added"), (span("Xi is mad"),), QuoteType.DIRECT, root=21,
                    confidence=0.9)
BOMBED = Relation(mention(XI), "attacks", mention(FIJI), span("bombed"), 4, confidence=0.8)
MAD = Relation(None, "criticizes", mention(XI, 2), span("is"), 15, confidence=0.7)
DOCUMENT = Document("d", TEXT, title="T", published="2024-12-12")


def joined(attributions: list[Attribution], relations: list[Relation]) -> list[Statement]:
    return assemble(DOCUMENT, SENTENCES, attributions, relations, "test")


def test_what_is_inside_attributed_words_is_said_by_their_speaker() -> None:
    (told,) = joined([SAID], [BOMBED])
    assert (told.speaker, told.subject, told.predicate, told.object) == (RUBIO, XI, "attacks", FIJI)
    assert told.quote is QuoteType.INDIRECT
    assert told.evidence == SENTENCES[0]
    assert told.polarity == -1
    assert told.plover == "ASSAULT"
    assert told.document.text == ""


def test_outside_it_is_the_articles_own_voice() -> None:
    (told,) = joined([], [BOMBED])
    assert (told.speaker, told.cue, told.content, told.quote) == (None, None, (), None)


def test_an_attitude_without_subject_is_the_speakers() -> None:
    (told,) = joined([ADDED], [MAD])
    assert (told.speaker, told.subject, told.predicate, told.object) == (RUBIO, RUBIO, "criticizes", XI)
    assert told.subject is not None
    assert told.subject.mention == span("Rubio", 1)


def test_an_attitude_that_nobody_voices_is_dropped() -> None:
    assert joined([], [MAD]) == []


def test_nobody_judges_themselves() -> None:
    own = replace(ADDED, speaker=XI)
    assert [s.predicate for s in joined([own], [MAD])] == [None]


def test_words_without_a_relation_are_a_statement_too() -> None:
    (told,) = joined([ADDED], [])
    assert (told.predicate, told.polarity, told.speaker) == (None, None, RUBIO)
    assert told.content == (span("Xi is mad"),)


def test_a_cue_that_is_a_relation_is_said_by_its_own_speaker() -> None:
    outer = Attribution(FIJI, None, None, (SENTENCES[0],), QuoteType.INDIRECT)
    accused = Relation(mention(RUBIO), "criticizes", mention(XI), span("said"), 1)
    told = [s for s in joined([outer, SAID], [accused]) if s.predicate]
    assert [s.speaker for s in told] == [RUBIO]


def test_a_narrated_act_stands_in_the_articles_own_voice() -> None:
    (told,) = joined([replace(SAID, speaker=None, narrated=True)], [BOMBED])
    assert (told.speaker, told.quote, told.cue) == (None, None, SAID.cue)


def test_the_same_claim_in_a_sentence_stands_once_and_surest() -> None:
    told = joined([], [BOMBED, replace(BOMBED, confidence=0.3)])
    assert told == joined([], [BOMBED])


def test_a_negated_relation_has_no_polarity_and_no_bare_triple() -> None:
    (told,) = joined([], [replace(BOMBED, negated=True)])
    assert told.polarity == 0
    assert not told.is_bare
    (possible,) = joined([], [replace(BOMBED, modality=Modality.POSSIBLE)])
    assert not possible.is_bare


def test_confidence_falls_with_each_doubtful_step() -> None:
    (plain,) = joined([], [BOMBED])
    (said,) = joined([SAID], [BOMBED])
    (by_someone,) = joined([replace(SAID, speaker=None)], [BOMBED])
    assert plain.confidence > said.confidence > by_someone.confidence > 0


def test_ids_are_those_of_the_claim() -> None:
    first, again = joined([SAID, ADDED], [BOMBED, MAD]), joined([SAID, ADDED], [BOMBED, MAD])
    assert [s.id for s in first] == [s.id for s in again]
    assert len({s.id for s in first}) == len(first)
    (negated,) = joined([], [replace(BOMBED, negated=True)])
    assert negated.id not in {s.id for s in first}


def test_a_statement_rests_on_what_its_relation_rests_on_and_has_the_same_id() -> None:
    (plain,), (learned,) = joined([], [BOMBED]), joined([], [replace(BOMBED, basis=Basis.MODEL)])
    assert (plain.basis, learned.basis) == (Basis.RULE, Basis.MODEL)
    assert plain.id == learned.id
    assert [s.basis for s in joined([ADDED], [])] == [None]


@pytest.mark.parametrize("confidence", [0.6, 0.9])
def test_what_two_have_found_rests_on_both(confidence: float) -> None:
    (told,) = joined([], [BOMBED, replace(BOMBED, basis=Basis.MODEL, confidence=confidence)])
    assert told.basis is Basis.BOTH


@pytest.mark.parametrize(("relations", "basis"), [([BOMBED], Basis.RULE), ([], None)])
def test_a_record_that_names_no_basis_is_of_rules_alone(relations: list[Relation], basis: Basis | None) -> None:
    (told,) = joined([SAID], relations)
    record = told.to_json()
    assert record.pop("basis") == basis
    assert Statement.from_json(record).basis is basis


@pytest.mark.parametrize("basis", Basis)
def test_a_record_keeps_its_basis(basis: Basis) -> None:
    (told,) = joined([], [replace(BOMBED, basis=basis)])
    assert Statement.from_json(told.to_json()) == told


@given(confidence=st.floats(0.01, 0.99), slope=st.floats(0.1, 3), intercept=st.floats(-2, 2))
def test_a_scale_keeps_the_order_and_can_follow_another(confidence: float, slope: float, intercept: float) -> None:
    scale, same = statements.Scale(slope, intercept), statements.Scale(1, 0)
    assert same.of(confidence) == pytest.approx(confidence)
    assert scale.of(confidence) < scale.of(confidence + 0.005)
    assert scale.after(same) == scale
    again = scale.after(statements.Scale(0.5, 0.1)).of(confidence)
    assert again == pytest.approx(scale.of(statements.Scale(0.5, 0.1).of(confidence)), abs=0.01)


def test_a_scale_table_that_lacks_a_kind_is_named(tmp_path: Path) -> None:
    path = tmp_path / "calibration.csv"
    path.write_text("kind,slope,intercept,source\nspeech,1,0,me\n", encoding="utf-8")
    with pytest.raises(DataError, match="lacks relation"):
        statements.scales(path)
