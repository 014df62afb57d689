# ruff: noqa: T201
"""Kill a real build at random moments, look at what it leaves, let it go on, and compare the end with another.

    python -m tests.bench.kills [--kills 50] [--seed 0]

A build is a process that runs ``kg build``, forked from one that has the models loaded, and killed with kill -9. Most
kills come between its first new article and its end, as long after the first as chance says within what an undisturbed
build takes. Then the store must open and hold whole articles only, as undisturbed builds have them, and all that it
held before. When a build is through, its graph and statements must be those of the undisturbed one, to the byte.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from kg import store
from kg.errors import KgError
from kg.home import STATEMENTS
from kg.lab.sentences import generate
from kg.ledger import FILE as LEDGER
from kg.ledger import Ledger
from kg.store import FILE, FOLDER

ARTICLES, SENTENCES, STORY = 24, 4, 5  #: every fifth article is a copy of the one before it
_POLL = 0.01  #: seconds

Parts = dict[str, frozenset[object]]


@dataclass
class Outcome:
    """What the kills did, and what was not as it should be."""

    kills: int = 0
    builds: int = 0
    midway: int = 0  #: kills that left some articles and not all
    torn: int = 0  #: articles that were not whole
    lost: int = 0  #: articles that an earlier kill had left and a later one had not
    unequal: int = 0  #: builds that ended with another graph or other statements

    def __str__(self) -> str:
        return (f"{self.kills} kills in {self.builds} builds, {self.midway} of them midway: {self.torn} articles not "
                f"whole, {self.lost} lost, {self.unequal} builds not equal at the end")


def write_articles(folder: Path, seed: int) -> list[Path]:
    """Articles of made sentences; every fifth is a copy of the one before it, shorter and in another order."""
    chance = random.Random(seed)  # noqa: S311 - which paragraphs go
    made = [sentence.text for sentence in generate(ARTICLES * SENTENCES, seed)]
    folder.mkdir()
    files = []
    for number in range(ARTICLES):
        copy = number % STORY == STORY - 1
        first = (number - copy) * SENTENCES
        kept = made[first:first + SENTENCES]
        if copy:
            kept = kept[:-1]
            chance.shuffle(kept)
        files.append(folder / f"article-{number:02}.txt")
        files[-1].write_text("\n\n".join(kept), encoding="utf-8")
    return files


def parts(out: Path) -> Parts:
    """The quads of each article."""
    if not (out / FOLDER).is_dir():
        return {}
    dataset = store.open_store(out / FOLDER, read_only=True)
    try:
        return {ident: frozenset(store.quads_of(dataset, ident)) for ident in store.digests(dataset)}
    finally:
        dataset.close()


def _build(inputs: list[Path], out: Path) -> None:
    from kg.cli import main

    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        main(["build", *map(str, inputs), "--out", str(out), "--fast"])


def _started(inputs: list[Path], out: Path) -> ForkServerProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.bench.warm"])
    process = context.Process(target=_build, args=(inputs, out))
    process.start()
    return process


@dataclass(frozen=True)
class Times:
    """Seconds from the start of a build to its first article, to its last one, and to its end."""

    first: float
    last: float
    end: float


def _through(inputs: list[Path], out: Path) -> Times:
    """Build without disturbance."""
    began, process = time.monotonic(), _started(inputs, out)
    first = last = 0.0
    while process.is_alive():
        there = _articles(out)
        first = first or (time.monotonic() - began if there else 0.0)
        last = last or (time.monotonic() - began if there == len(inputs) else 0.0)
        process.join(_POLL)
    if process.exitcode != 0:
        raise SystemExit(f"a build ended with {process.exitcode}")
    return Times(first, last, time.monotonic() - began)


def _articles(out: Path) -> int:
    """How many articles the folder knows."""
    try:
        ledger = Ledger(out / LEDGER, read_only=True)
        try:
            return ledger.counts().articles
        finally:
            ledger.close()
    except KgError:  # it is not there yet
        return 0


@dataclass
class Killer:
    """Starts builds of the same articles, kills them, and compares what they leave with undisturbed ones."""

    folder: Path
    seed: int
    outcome: Outcome = field(default_factory=Outcome)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - when to kill
        self.articles = write_articles(self.folder / "articles", self.seed)
        self.whole, alone = self.folder / "whole", self.folder / "alone"
        _through([file for n, file in enumerate(self.articles) if n % STORY != STORY - 1], alone)
        self.times = _through(self.articles, self.whole)
        self.expected, self.alone = parts(self.whole), parts(alone)  # an article after and before its copy came
        if not any("carriedBy" in str(quad) for quads in self.expected.values() for quad in quads):
            raise SystemExit("no statement is carried by a copy")

    def build(self) -> None:
        """One build, killed until it comes to its end before the moment that chance has chosen."""
        out, held = self.folder / f"out-{self.outcome.builds}", Parts()
        self.outcome.builds += 1
        while True:
            process = _started(self.articles, out)
            self._wait(process, out)
            if not process.is_alive():
                break
            process.kill()
            process.join()
            held = self._look(out, held)
        if process.exitcode != 0:
            raise SystemExit(f"a build that went on ended with {process.exitcode}")
        same = all((out / name).read_bytes() == (self.whole / name).read_bytes() for name in (FILE, STATEMENTS))
        self.outcome.unequal += not same

    def _wait(self, process: ForkServerProcess, out: Path) -> None:
        """One time in four at any moment of a build, else after an article came: before the last one, or the end."""
        times = self.times
        if self.chance.random() < 0.25:
            process.join(self.chance.uniform(0, times.end))
            return
        before = _articles(out)
        while process.is_alive() and _articles(out) == before:
            process.join(_POLL)
        process.join(self.chance.uniform(0, self.chance.choice((times.last, times.end)) - times.first))

    def _look(self, out: Path, held: Parts) -> Parts:
        found = parts(out)
        self.outcome.kills += 1
        self.outcome.midway += 0 < len(found) < len(self.expected)
        self.outcome.lost += len(held.keys() - found.keys())
        self.outcome.torn += sum(quads not in (self.expected[ident], self.alone.get(ident))
                                 for ident, quads in found.items())
        return found


def run(kills: int, seed: int, folder: Path) -> Outcome:
    """Kill builds until there were enough kills; the last one may go on to its end."""
    killer = Killer(folder, seed)
    while killer.outcome.kills < kills:
        killer.build()
    return killer.outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(args.kills, args.seed, Path(folder))
    print(outcome)
    return 1 if outcome.torn or outcome.lost or outcome.unequal else 0


if __name__ == "__main__":
    sys.exit(main())
