"""The command that learns the tables, on a corpus of our own; and the figures on PolNeAR where it is at hand."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from kg.attribution import cues, loglinear
from kg.errors import InputError
from kg.lab import cues as lab
from kg.nlp import model
from kg.records import Document, Statement
from tests.attribution.marked import attributed, read_marks

SENTENCES = [
    "<s>Keller</s> <c>said</c> <q>that the bridge was unsafe</q>. Rain fell.",
    "<s>The ministry</s> <c>said</c> <q>that the road was closed</q>. Cars stopped.",
    "“<q>It is late</q>,” <s>Berg</s> <c>said</c>. He left.",
    "<s>Anna Lund</s> <c>has said</c> <q>that she will run</q>. Voters cheered.",
    "<s>Keller</s> <c>told</c> the council <q>that the mine would close</q>. It rained.",
    "<c>According to</c> <s>the ministry</s>, <q>the mine is safe</q>. It snowed.",
]
BENCH = Path(__file__).parents[2].parent / "shared" / "bench"


def write_corpus(folder: Path) -> Path:
    """Write the sentences as texts with brat files."""
    (folder / "text").mkdir(parents=True)
    (folder / "attributions").mkdir()
    for number, sentence in enumerate(SENTENCES):
        marked = read_marks(sentence)
        lines: list[str] = []
        roles: list[str] = []
        for role, name in (("s", "Source"), ("c", "Cue"), ("q", "Content")):
            places = ";".join(f"{s.start} {s.end}" for s in marked.spans[role])
            lines.append(f"T{len(lines) + 1}\t{name} {places}\t{' '.join(s.text for s in marked.spans[role])}")
            roles.append(f"{name}:T{len(lines)}")
        lines.append(f"T9\tAttribution 0 1\t{marked.text[:1]}")
        lines.append(f"E1\tAttribution:T9 {' '.join(roles)}")
        (folder / "text" / f"{number}.txt").write_text(marked.text, encoding="utf-8")
        (folder / "attributions" / f"{number}_abcd.ann").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_it_counts_and_fits(tmp_path: Path) -> None:
    scenes = list(lab.read(write_corpus(tmp_path / "corpus")))
    sizes = lab.learn(scenes, tmp_path, "own sentences")
    assert set(sizes) == set(loglinear.MODELS)
    say = cues.load(tmp_path / "cues.csv")["say", "VERB"]
    assert (say.seen, say.cues) == (4, 4)
    assert say.by["that"] == (3, 3)
    assert say.by["quote"] == (1, 1)
    assert loglinear.load(tmp_path / "weights.csv")["cue"]


def test_it_learns_the_same_twice(tmp_path: Path) -> None:
    scenes = list(lab.read(write_corpus(tmp_path / "corpus")))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        lab.learn(scenes, tmp_path / name, "own sentences")
    for table in ("cues.csv", "weights.csv"):
        assert (tmp_path / "one" / table).read_bytes() == (tmp_path / "two" / table).read_bytes()


def test_a_folder_without_texts_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.txt file"):
        list(lab.read(tmp_path))


@pytest.mark.slow
@pytest.mark.skipif(not (BENCH / "polnear" / "dev").is_dir(), reason="PolNeAR is not beside the checkout")
def test_better_than_the_best_peer_on_polnear(tmp_path: Path) -> None:
    texts = sorted((BENCH / "polnear" / "dev" / "text").glob("*.txt"))
    docs = model.load().pipe(path.read_text(encoding="utf-8") for path in texts)
    with (tmp_path / "said.jsonl").open("w", encoding="utf-8") as out:
        for path, doc in zip(texts, docs, strict=True):
            for a in attributed(doc):
                record = Statement("s", Document(path.stem), speaker_span=a.source, cue=a.cue, content=a.content,
                                   quote=a.quote).to_json()
                out.write(json.dumps({**record, "content": [asdict(c) for c in a.content]}) + "\n")
    command = [sys.executable, str(BENCH / "score_polnear.py"), str(BENCH / "polnear" / "dev"),
               str(tmp_path / "said.jsonl"), "--json"]
    score = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    figures = [score["exact"][role]["f1"] for role in ("source", "cue", "content")]
    assert all(figure >= least for figure, least in zip(figures, (0.74, 0.70, 0.61), strict=True)), figures
    assert not score["span_violations"]
