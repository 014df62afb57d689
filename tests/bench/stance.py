"""How many marked pairs a second ``kg stance`` judges, and whether memory stays flat.

``python -m tests.bench.stance [--rounds N] [--fast]`` judges the pairs of DSE's valid part whose sentences have 20 to
30 words (beside the project in ``../shared/bench``), as a stream. Printed are words a sentence, pairs a
second by the clock, with as many cores as there are, and the resident memory at the start, in the middle, at the end.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import chain, islice, repeat

from kg.lab.evaluate import BENCH, BENCHMARKS, pairs
from kg.stance import judge
from tests.bench.speed import resident

AIM = 100
WORDS = range(20, 31)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often all pairs are judged (default 3)")
    parser.add_argument("--fast", action="store_true", help="rules only")
    args = parser.parse_args()
    if not BENCH.is_dir():
        sys.stderr.write(f"stance: {BENCH} is not there\n")
        return 2
    every = pairs(next(benchmark for benchmark in BENCHMARKS if benchmark.name == "dse"), BENCH)
    given = [pair for pair in every if len(pair["text"].split()) in WORDS]
    list(judge(given[:50], fast=args.fast))  # loads what a long run loads once
    memory, number, began = [resident()], 0, time.perf_counter()
    answers = judge(chain.from_iterable(repeat(given, args.rounds)), fast=args.fast)
    while some := list(islice(answers, len(given) // 2)):
        number += len(some)
        memory.append(resident())
    rate = number / (time.perf_counter() - began)
    words = sum(len(pair["text"].split()) for pair in given) / len(given)
    sys.stdout.write(f"{number} pairs, {words:.0f} words a sentence: {rate:.0f} pairs a second (aim: at least {AIM})\n")
    sys.stdout.write(f"resident memory, MB: start {memory[0]:.0f}, middle {memory[len(memory) // 2]:.0f}, "
                     f"end {memory[-1]:.0f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
