"""The command line as users run it: real processes, their output, exit status and manners."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from kg.cli import cli, main
from pyarrow import parquet

ENTITY_KEYS = {"id", "name", "type", "wikidata", "country", "sector", "mention"}
RECORD_KEYS = ["id", "document", "speaker", "speaker_span", "via", "cue", "content", "quote", "subject", "object",
               "predicate", "topic", "plover", "cameo", "polarity", "negated", "modality", "time", "evidence",
               "confidence"]
ARTICLE = ("Visit to Kyiv\r\n\r\nFrance criticized Russia on Friday. "
           "\u201cWe support Ukraine,\u201d Emmanuel Macron said.")
PAIR = {"text": "Ann praised Bob.", "p": [0, 3], "q": [12, 15]}


@dataclass(frozen=True)
class Run:
    """What a run of the command line left."""

    returncode: int
    stdout: bytes
    stderr: bytes


def process(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> Run:
    """Run ``kg`` in a process of its own."""
    run = subprocess.run([sys.executable, "-m", "kg.cli", *map(str, arguments)], input=stdin, capture_output=True,
                         env={**os.environ, **environment}, timeout=120, check=False)
    return Run(run.returncode, run.stdout, run.stderr)


def kg(*arguments: str | Path, stdin: bytes = b"") -> Run:
    """Run ``kg`` in this process, which has the models loaded, with streams that can hold ASCII only."""
    streams = [io.TextIOWrapper(io.BytesIO(content), encoding="ascii") for content in (stdin, b"", b"")]
    with pytest.MonkeyPatch.context() as patch:
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            patch.setattr(sys, name, stream)
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
    for stream in streams:
        stream.flush()
    _, out, err = (stream.buffer.getvalue() for stream in streams)
    assert isinstance(end.value.code, int)
    return Run(end.value.code, out, err)


def lines(out: bytes) -> list[Any]:
    return [json.loads(line) for line in out.decode("utf-8").splitlines()]


def complaint(run: Run) -> str:
    """The one line that a failure says."""
    text = run.stderr.decode()
    assert "Traceback" not in text
    assert text.count("\n") == 1
    return text


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("articles") / "visit-2024-12-13.txt"
    file.write_bytes(ARTICLE.encode())
    return file


@pytest.fixture(scope="module")
def built(article: Path) -> Path:
    run = process("build", article, "--out", article.parent / "out")
    assert run.returncode == 0, run.stderr
    assert b"Next:" in run.stdout
    assert run.stderr == b""  # no progress bar where no terminal is
    return article.parent / "out"


def test_extract_keeps_the_contract(article: Path) -> None:
    run = process("extract", article, LC_ALL="C", PYTHONIOENCODING="ascii")
    assert run.returncode == 0, run.stderr
    records = lines(run.stdout)
    assert records
    for record in records:
        assert list(record)[:len(RECORD_KEYS)] == RECORD_KEYS
        assert record["document"] == {"id": "visit-2024-12-13", "title": "Visit to Kyiv", "publisher": None,
                                      "published": "2024-12-13", "url": None}
        for span in spans(record):
            assert ARTICLE[span["start"]:span["end"]] == span["text"]
    assert any("\u201c" in record["evidence"]["text"] for record in records)


def spans(value: Any) -> list[dict[str, Any]]:
    """Every Span in a record."""
    if isinstance(value, list):
        return [span for item in value for span in spans(item)]
    if isinstance(value, dict):
        return [value] if set(value) == {"start", "end", "text"} and isinstance(value["start"], int) else spans(
            list(value.values()))
    return []


def test_extract_is_the_same_twice_and_from_standard_input(article: Path) -> None:
    once, again, piped = kg("extract", article), kg("extract", article), kg("extract", "-", stdin=ARTICLE.encode())
    assert once.stdout == again.stdout
    assert lines(piped.stdout)[0]["document"]["id"] == "stdin"
    assert [r["evidence"] for r in lines(piped.stdout)] == [r["evidence"] for r in lines(once.stdout)]


def test_extract_names_what_failed_and_does_the_rest(article: Path, tmp_path: Path) -> None:
    bad = tmp_path / "news.jsonl"
    bad.write_text('{"text": "cut\n', encoding="utf-8")
    run = kg("extract", tmp_path / "missing.txt", bad, article)
    assert run.returncode == 1
    assert {r["document"]["id"] for r in lines(run.stdout)} == {"visit-2024-12-13"}
    missing, broken = run.stderr.decode().splitlines()
    assert missing.startswith(f"kg: {tmp_path / 'missing.txt'}: there is no such file or folder; ")
    assert broken.startswith(f"kg: {bad}:1: is no JSON")


def test_text_is_as_given(article: Path) -> None:
    run = kg("text", article)
    assert run.returncode == 0
    assert run.stdout == ARTICLE.encode()


def test_text_of_several_documents(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    file.write_text('{"id": "a", "text": "one"}\n{"id": "b", "text": "two"}\n', encoding="utf-8")
    assert "--id a" in complaint(kg("text", file))
    assert kg("text", file, "--id", "b").stdout == b"two"
    assert kg("text", file, "--id", "c").returncode == 2


@pytest.mark.parametrize("arguments", [
    [], ["extract"], ["build", "x"], ["nonsense"], ["actor"], ["actor", "x", "--date", "soon"], ["query"],
    ["query", "--name", "who-criticizes"], ["query", "--name", "a", "ASK {}"], ["extract", "--no-such-option", "x"],
    ["export", "nowhere", "--format", "trig"], ["extract", "--model", "no_such_model", "x"], ["text", "a", "b"],
])
def test_wrong_usage_is_2(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_text("text", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run = kg(*arguments)
    assert run.returncode == 2
    assert run.stderr
    assert b"Traceback" not in run.stderr
    assert run.stdout == b""


@pytest.mark.parametrize("name", ["", *cli.commands])
def test_help_keeps_the_lines_of_its_examples(name: str) -> None:
    shown = kg(*name.split(), "--help").stdout.decode()
    examples = [line for line in shown.splitlines() if "kg " in line and not line.startswith("Usage")]
    assert "\\b" not in shown
    assert name == "" or any(line.startswith("  ") and f"kg {name}" in line for line in examples)
    assert all(line.count("kg ") <= 2 for line in examples)


def test_version() -> None:
    assert kg("--version").stdout.startswith(b"kg ")


@pytest.mark.parametrize("name", ["Ukraine", "Wolodymyr \u2033 nobody of that name"])
def test_actor(name: str) -> None:
    run = kg("actor", name, "--date", "2024-12-13")
    assert run.returncode == 0
    found = json.loads(run.stdout)
    if name == "Ukraine":
        assert set(found) == ENTITY_KEYS
        assert found["country"] == "UKR"
        assert found["mention"] == {"start": 0, "end": 7, "text": "Ukraine"}


def test_actor_explained() -> None:
    run = kg("actor", "President Duterte", "--date", "2022-11-15", "--explain")
    assert run.returncode == 0
    shown = run.stdout.decode()
    answer, why, lost = shown.split("\nWhy")[0], shown.split("\nWhy")[1], shown.split("\nNot")[1]
    assert "Rodrigo Duterte" in answer
    assert "PHL \u00b7 ELI \u00b7 Q457786" in answer
    assert "the surname of Rodrigo Duterte" in why
    assert "never president" in lost
    assert all(len(line) <= 160 for line in shown.splitlines())


def test_actor_explained_where_there_is_none_or_more_than_one() -> None:
    assert kg("actor", "yesterday", "--explain").stdout.decode().strip() == "\u201cyesterday\u201d names no actor."
    assert "Left open between" in kg("actor", "David Johnston", "--date", "2015-05-01", "--explain").stdout.decode()


def test_a_date_that_is_none_is_one_error() -> None:
    run = kg("actor", "Ukraine", "--date", "nope")
    assert run.returncode == 2
    assert complaint(run) == "kg: date 'nope' is no day of the calendar; write it as YYYY-MM-DD, such as 2024-12-13\n"


def test_actors_of_the_users_own(article: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("name,type,aliases,country,sector\nRepublic of Examples,Country,France,FRA,\n", encoding="utf-8")
    assert json.loads(kg("actor", "France", "--actors", mine).stdout)["name"] == "Republic of Examples"
    run = kg("extract", article, "--actors", mine)
    assert run.returncode == 0, run.stderr
    told = lines(run.stdout)
    assert "Republic of Examples" in {record["subject"]["name"] for record in told if record["subject"]}
    assert all("; actors " in record["model"] for record in told)
    assert run.stdout == kg("extract", article, "--actors", mine).stdout
    built = kg("build", article, "--out", tmp_path / "out", "--actors", mine)
    assert built.returncode == 0, built.stderr
    assert [r["id"] for r in lines((tmp_path / "out" / "statements.jsonl").read_bytes())] == [r["id"] for r in told]


@pytest.mark.parametrize("command", ["actor", "extract", "build"])
def test_a_fault_in_the_users_actors_is_one_error(command: str, article: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("name,type\nAnn,Human\n", encoding="utf-8")
    out = ("--out", tmp_path / "out") if command == "build" else ()
    run = kg(command, article, *out, "--actors", mine)
    assert run.returncode == 2
    assert complaint(run).startswith(f"kg: {mine}:2: has type 'Human'; take one of Person")
    assert run.stdout == b""
    assert not (tmp_path / "out").exists()


def test_stance_one_line_for_one() -> None:
    given = [PAIR, {**PAIR, "id": "caf\u00e9"}]
    run = kg("stance", stdin="".join(json.dumps(p, ensure_ascii=False) + "\n" for p in given).encode())
    assert run.returncode == 0, run.stderr
    for before, after in zip(given, lines(run.stdout), strict=True):
        assert before.items() <= after.items()
        for direction in ("p_to_q", "q_to_p"):
            assert set(after[direction]) == {"label", "scores", "predicate"}
            assert sum(after[direction]["scores"].values()) == pytest.approx(1, abs=0.01)
    assert lines(run.stdout)[0]["p_to_q"]["label"] == "positive"


def test_stance_names_bad_lines_and_does_the_rest() -> None:
    good = json.dumps(PAIR).encode()
    run = kg("stance", stdin=good + b'\nno json\n{"text": "x", "p": [0, 9], "q": [0, 1]}\n' + good)
    assert run.returncode == 1
    assert len(lines(run.stdout)) == 2
    assert [line.split(": ")[1] for line in run.stderr.decode().splitlines()] == ["stdin:2", "stdin:3"]


@pytest.mark.parametrize(("name", "check"), [
    ("nquads", lambda text: text.count(" .\n")), ("trig", lambda text: "{" in text),
    ("turtle", lambda text: "@prefix" in text), ("jsonld", json.loads),
    ("graphml", lambda text: "<graphml" in text), ("gexf", lambda text: "<gexf" in text),
    ("csv", lambda text: next(csv.DictReader(io.StringIO(text)))["subject"]),
    ("nanopublications", lambda text: "np:hasAssertion" in text),
])
def test_export(built: Path, tmp_path: Path, name: str, check: Callable[[str], Any]) -> None:
    run = kg("export", built, "--format", name)
    assert run.returncode == 0, run.stderr
    assert check(run.stdout.decode())
    kg("export", built, "--format", name, "--to", tmp_path / "graph")
    assert dateless((tmp_path / "graph").read_text(encoding="utf-8")) == dateless(run.stdout.decode())


def dateless(text: str) -> str:
    """Without the time at which nanopublications were made."""
    return re.sub(r'dcterms:created "[^"]+"', "", text)


def test_export_of_a_table_through_a_pipe(built: Path, tmp_path: Path) -> None:
    run = process("export", built, "--format", "parquet")
    assert run.returncode == 0, run.stderr
    found = parquet.read_table(io.BytesIO(run.stdout)).to_pylist()
    assert "criticizes" in {row["predicate"] for row in found}
    kg("export", built, "--format", "parquet", "--to", tmp_path / "table")
    assert (tmp_path / "table").read_bytes() == run.stdout


@pytest.mark.parametrize("name", ["csv", "parquet", "nanopublications"])
def test_export_of_statements_that_are_missing_writes_nothing(tmp_path: Path, name: str) -> None:
    run = kg("export", tmp_path, "--format", name, "--to", tmp_path / "file")
    assert run.returncode == 1
    assert "kg build" in complaint(run)
    assert not (tmp_path / "file").exists()


def test_export_of_a_folder_without_a_graph(tmp_path: Path) -> None:
    run = kg("export", tmp_path, "--format", "trig", "--to", tmp_path / "g")
    assert run.returncode == 1
    assert "kg build" in complaint(run)
    assert not (tmp_path / "g").exists()


def test_query_by_name_and_by_text(built: Path, tmp_path: Path) -> None:
    named = kg("query", "--graph", built, "--name", "who-criticizes", "--param", "object=Russia", "--format", "json")
    assert named.returncode == 0, named.stderr
    rows = json.loads(named.stdout)["results"]["bindings"]
    assert [row["who"]["value"] for row in rows] == ["France"]
    text = "SELECT ?who { ?who kg:criticizes ent:Russia }"
    (tmp_path / "q.rq").write_text(text, encoding="utf-8")
    for asked in (text, tmp_path / "q.rq"):
        run = kg("query", "--graph", built, asked, "--format", "csv")
        assert run.stdout.splitlines()[1].endswith(b"/France"), run.stderr
    everyone = ("query", "--graph", built, "SELECT ?a ?b { ?a kg:criticizes ?b }", "--format", "csv")
    assert len(kg(*everyone, "--param", "a=France").stdout.splitlines()) == 2
    assert len(kg(*everyone, "--param", "a=Russia").stdout.splitlines()) == 1
    assert "France" in kg("query", "--graph", built, "--name", "who-criticizes").stdout.decode()


def test_query_says_when_its_limit_is_reached(built: Path) -> None:
    named = ("query", "--graph", built, "--name", "who-criticizes", "--format", "csv")
    cut = kg(*named, "--param", "limit=1")
    assert len(cut.stdout.splitlines()) == 2
    assert "1 rows, as many as limit allows; there may be more (--param limit=all)" in cut.stderr.decode()
    assert b"limit" not in kg(*named, "--param", "limit=all").stderr


def test_query_list() -> None:
    run = kg("query", "--list")
    assert run.returncode == 0
    assert b"who-criticizes" in run.stdout
    assert b"minimum" in kg("query", "--list", "--name", "who-criticizes").stdout


@pytest.mark.parametrize("arguments", [
    ["--name", "no-such-query"], ["SELECT nonsense"], ["--name", "who-criticizes", "--param", "object"],
    ["--name", "who-criticizes", "--param", "colour=blue"], ["missing.rq"],
])
def test_wrong_questions_are_2(built: Path, arguments: list[str]) -> None:
    run = kg("query", "--graph", built, *arguments)
    assert run.returncode == 2
    complaint(run)


def test_analyse(built: Path) -> None:
    assert json.loads(kg("analyse", built, "--format", "json", "--by", "country").stdout)["by"] == "country"
    assert b"Who speaks" in kg("analyse", built).stdout


def test_validate(built: Path) -> None:
    run = kg("validate", built)
    assert run.returncode == 0, run.stdout
    assert run.stdout == b""


def test_validate_without_a_graph(tmp_path: Path) -> None:
    run = kg("validate", tmp_path)
    assert run.returncode == 1
    assert b"there is neither store/ nor graph.trig in this folder; make them with kg build" in run.stderr


def test_a_reader_that_goes_away(article: Path) -> None:
    with subprocess.Popen([sys.executable, "-m", "kg.cli", "extract", *[str(article)] * 3], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as writing:
        assert writing.stdout is not None
        assert writing.stderr is not None
        writing.stdout.close()
        assert writing.stderr.read() == b""
        writing.stderr.close()


def heed_interrupts() -> None:
    """Undo the deafness that a shell gives to what it runs in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_interrupt() -> None:
    with subprocess.Popen([sys.executable, "-m", "kg.cli", "text", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, preexec_fn=heed_interrupts) as reading:
        time.sleep(3)
        reading.send_signal(signal.SIGINT)
        _, said = reading.communicate(timeout=30)
    assert said.strip() == b"kg: interrupted"
    assert reading.returncode == 130


def test_a_fault_of_ours_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "dumps", None)
    run = kg("actor", "Ukraine")
    assert run.returncode == 1
    assert "KG_DEBUG" in complaint(run)
