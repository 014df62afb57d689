# ruff: noqa: T201
"""Kill a real build at random moments, look at what it leaves, let it go on, and compare the end with another.

    python -m tests.bench.kills [--kills 50] [--seed 0]

After each kill -9 the store must open and hold whole articles only: what it has of an article is what an undisturbed
build has of it. When a build is through, its graph and statements must be those of the undisturbed one, to the byte.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from kg import store
from kg.home import STATEMENTS
from kg.lab.sentences import generate
from kg.store import FILE, FOLDER

ARTICLES, SENTENCES = 40, 8
_LONGEST = 12.0  #: seconds until a kill


@dataclass(frozen=True)
class Outcome:
    """What the kills did: builds, kills before the first article and midway, and what was not as it should be."""

    builds: int = 0
    kills: int = 0
    midway: int = 0
    torn: int = 0
    unequal: int = 0

    def __str__(self) -> str:
        return (f"{self.kills} kills in {self.builds} builds, {self.midway} of them midway: "
                f"{self.torn} articles not whole, {self.unequal} builds not equal at the end")


def write_articles(folder: Path, seed: int) -> None:
    """Articles of made sentences; every fifth is a copy of the one before it, shorter and in another order."""
    chance = random.Random(seed)  # noqa: S311 - which paragraphs go
    made = [sentence.text for sentence in generate(ARTICLES * SENTENCES, seed)]
    folder.mkdir()
    for number in range(ARTICLES):
        copy = number % 5 == 4
        first = (number - copy) * SENTENCES
        kept = made[first:first + SENTENCES]
        if copy:
            kept = kept[:-2]
            chance.shuffle(kept)
        (folder / f"article-{number:02}.txt").write_text("\n\n".join(kept), encoding="utf-8")


def parts(out: Path) -> dict[str, frozenset[object]]:
    """The quads of each article."""
    if not (out / FOLDER).is_dir():
        return {}
    dataset = store.open_store(out / FOLDER, read_only=True)
    try:
        return {ident: frozenset(store.quads_of(dataset, ident)) for ident in store.digests(dataset)}
    finally:
        dataset.close()


def run(kills: int, seed: int, folder: Path) -> Outcome:
    """Kill builds until there were enough kills."""
    articles, whole = folder / "articles", folder / "whole"
    chance = random.Random(seed)  # noqa: S311 - when to kill
    write_articles(articles, seed)

    def start(out: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "kg.cli", "build", str(articles), "--out", str(out), "--fast"],
                                stdout=subprocess.DEVNULL)

    if start(whole).wait() != 0:
        raise SystemExit("the undisturbed build failed")
    expected, outcome = parts(whole), Outcome()
    while outcome.kills < kills:
        out = folder / f"out-{outcome.builds}"
        outcome = replace(outcome, builds=outcome.builds + 1)
        while True:
            process = start(out)
            try:
                code = process.wait(chance.uniform(0.5, _LONGEST))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                found = parts(out)
                torn = sum(quads != expected[ident] for ident, quads in found.items())
                outcome = replace(outcome, kills=outcome.kills + 1, torn=outcome.torn + torn,
                                  midway=outcome.midway + (0 < len(found) < len(expected)))
                continue
            if code != 0:
                raise SystemExit(f"a build that went on ended with {code}")
            break
        same = all((out / name).read_bytes() == (whole / name).read_bytes() for name in (FILE, STATEMENTS))
        outcome = replace(outcome, unequal=outcome.unequal + (not same))
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(args.kills, args.seed, Path(folder))
    print(outcome)
    return 1 if outcome.torn or outcome.unequal else 0


if __name__ == "__main__":
    sys.exit(main())
