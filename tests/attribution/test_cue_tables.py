"""The tables of this stage: what they hold, and how a faulty row is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from kg import resources
from kg.attribution import acts, cues, loglinear, stretches
from kg.errors import DataError

CUES = "lemma,pos,seen,cues,quote,that,wh,clause,infinitive,object,about,bare,source\n"


def test_shipped_tables_load() -> None:
    assert cues.load()["say", "VERB"].cues > 1000
    assert acts.load()["urge"] == "request"
    assert stretches.load()["these"] == "demonstrative"
    assert all(loglinear.load()[name] for name in loglinear.MODELS)


def test_every_shipped_row_has_a_source() -> None:
    for name in ("cues.csv", "acts.csv", "pointing.csv"):
        header, *rows = resources.data("attribution", name).read_text(encoding="utf-8").splitlines()
        assert header.endswith(",source")
        assert all(row.rsplit(",", 1)[-1] for row in rows)


@pytest.mark.parametrize(("load", "good", "bad"), [
    (cues.load, CUES + "say,VERB,2,1,1/1,,,,,,,0/1,here\n", "tell,VERB,x,1,,,,,,,,,here\n"),
    (cues.load, CUES + "say,VERB,2,1,1/1,,,,,,,0/1,here\n", "tell,VERB,1,2,,,,,,,,,here\n"),
    (cues.load, CUES, "tell,VERB,1,1,3,,,,,,,,here\n"),
    (acts.load, "lemma,act,source\nurge,request,here\n", "urge,request,here\n"),
    (acts.load, "lemma,act,source\nurge,request,here\n", "beg,dance,here\n"),
    (stretches.load, "word,kind,source\nthis,demonstrative,here\n", "this,demonstrative,here\n"),
    (stretches.load, "word,kind,source\nthis,demonstrative,here\n", "remark,verb,here\n"),
    (loglinear.load, "model,feature,weight\ncue,bias,-1.5\n", "cue,rate=1,heavy\n"),
    (loglinear.load, "model,feature,weight\ncue,bias,-1.5\n", "nonsense,rate=1,2\n"),
])
def test_a_faulty_row_is_named(load: Callable[[Path], object], good: str, bad: str, tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole.csv", tmp_path / "broken.csv"
    whole.write_text(good, encoding="utf-8")
    broken.write_text(good + bad, encoding="utf-8")
    load(whole)
    with pytest.raises(DataError, match=rf"^broken.csv:{good.count(chr(10)) + 1}: "):
        load(broken)


def test_rates_fall_back_and_leave_out_what_vouches_for_itself() -> None:
    entry = cues.Sightings(20, 10, {"that": (10, 9), "object": (10, 1)})
    overall, with_that = cues.rates(entry, "that")
    assert with_that > overall > cues.rates(entry, "object")[1]
    assert cues.rates(entry, "wh")[1] == overall
    assert cues.rates(entry, "that", less=entry) == cues.rates(None, "that")


def test_choices_are_softmax_and_answers_logistic() -> None:
    question = loglinear.Question({"a": 1.0, "b": 3.0})
    chosen, sure = question.best([["a"], ["b", "unknown"]], [0.0, 0.0])
    assert chosen == 1
    assert sure == pytest.approx(1 / (1 + 2.718281828 ** -2))
    assert question.best([["a"]], [0.0]) == (0, 1.0)
    assert loglinear.probability(0) == 0.5
    assert loglinear.probability(-1e9) == 0.0
