# ruff: noqa: T201
"""What worker processes are worth: the same articles by one process, by workers, and by workers of which one is killed.

    python -m tests.bench.workers [--articles 400] [--workers 2] [--fast] [--seed 0]

Articles are made of made sentences. Each build is a run of ``kg build`` of its own, timed from its start to its end;
one worker is killed (kill -9) when a third of the articles are in the folder. All graphs and statements must be equal.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from kg.home import STATEMENTS
from kg.lab.sentences import generate
from kg.ledger import FILE as LEDGER
from kg.store import FILE

SENTENCES = 20  #: an article


def write_articles(file: Path, number: int, seed: int) -> None:
    """So many articles, as JSON Lines."""
    made = [sentence.text for sentence in generate(number * SENTENCES, seed)]
    with file.open("w", encoding="utf-8") as lines:
        for start in range(0, len(made), SENTENCES):
            record = {"id": f"made-{start // SENTENCES:05}", "text": "\n\n".join(made[start:start + SENTENCES])}
            lines.write(json.dumps(record) + "\n")


def articles_in(out: Path) -> int:
    """How many articles a folder has that another process writes to."""
    try:
        ledger = sqlite3.connect(f"{(out / LEDGER).absolute().as_uri()}?mode=ro", uri=True)
        return int(ledger.execute("SELECT count(*) FROM article").fetchone()[0])
    except sqlite3.OperationalError:  # not yet
        return 0


def build(arguments: Sequence[str], out: Path, kill_at: int | None = None) -> float:
    """Seconds of a build; once it has so many articles, one of its workers is killed."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "kg.cli", "build", *arguments, "--out", str(out)],
                               stdout=subprocess.DEVNULL)
    while kill_at is not None and process.poll() is None:
        if articles_in(out) >= kill_at:
            workers = [child for child in psutil.Process(process.pid).children(recursive=True)
                       if "spawn_main" in " ".join(child.cmdline())]
            workers[0].kill()
            kill_at = None
        time.sleep(0.05)
    if process.wait() != 0:
        raise SystemExit(f"a build ended with {process.returncode}")
    if kill_at is not None:
        raise SystemExit("the build was over before a worker could be killed")
    return time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--fast", action="store_true", help="without the learned model")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_articles(folder / "made.jsonl", args.articles, args.seed)
        given = [str(folder / "made.jsonl"), *(["--fast"] if args.fast else [])]
        shared = [*given, "--workers", str(args.workers)]
        runs = {"one": (given, None), "many": (shared, None), "killed": (shared, args.articles // 3)}
        spent = {name: build(arguments, folder / name, kill_at) for name, (arguments, kill_at) in runs.items()}
        written = {name: [(folder / name / file).read_bytes() for file in (STATEMENTS, FILE)] for name in runs}
    same = {name: written[name] == written["one"] for name in ("many", "killed")}
    print(f"{args.articles} articles: one process {spent['one']:.1f} s")
    for name, told in (("many", ""), ("killed", ", one killed")):
        print(f"{args.workers} workers{told}: {spent[name]:.1f} s, {spent['one'] / spent[name]:.2f} times as fast; "
              f"graph and statements {'equal' if same[name] else 'NOT EQUAL'}")
    return 0 if all(same.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
