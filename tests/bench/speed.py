"""How much the stages cost on top of the one spaCy pass, and whether memory stays flat.

``python tests/bench/speed.py [FOLDER] [--rounds N]`` reads every article of FOLDER (by default the 84 dev articles of
PolNeAR, beside the project in ``../shared/bench``) in three ways in the same process: ``nlp.pipe`` alone, the whole
pipeline with rules only (``--fast``), and with the learned model. They take turns, a batch of articles at a time, so
that a busy machine slows all alike. Printed are the seconds of each, by the clock and of CPU (all threads together),
the ratios to the first (the aims, by the clock with two threads: at most 1.5 and 3), and the resident memory after the
first, middle and last batch. spaCy's pass has one thread, the model as many as OMP_NUM_THREADS says, else one a core.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDER = ROOT.parent / "shared" / "bench" / "polnear" / "dev" / "text"
AIMS = {"rules only": 1.5, "with the model": 3.0}


class Seconds(NamedTuple):
    """By the clock, and of CPU."""

    clock: float = 0.0
    cpu: float = 0.0

    def plus(self, work: Callable[[], Iterable[object]]) -> Seconds:
        """With the seconds that it takes to exhaust an iterable."""
        clock, cpu = time.perf_counter(), time.process_time()
        deque(work(), maxlen=0)
        return Seconds(self.clock + time.perf_counter() - clock, self.cpu + time.process_time() - cpu)


def resident() -> float:
    """Resident memory of this process in MB, as of now where /proc is, else its peak."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--rounds", type=int, default=2, help="how often all articles are read (default 2)")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a ratio is above its aim")
    args = parser.parse_args()
    if not args.folder.is_dir():
        sys.stderr.write(f"speed: {args.folder} is not there; give a folder of articles\n")
        return 2

    from kg.documents.reader import read
    from kg.nlp import model
    from kg.reading import BATCH, Options, Reader

    def fail(error: Exception) -> None:
        sys.stderr.write(f"{error}\n")

    nlp = model.load(fast=True)
    ways = {"rules only": Options(fast=True), "with the model": Options()}
    warm = list(islice(read([args.folder]), 2))
    for options in ways.values():
        deque(Reader(options).read(warm, fail), maxlen=0)  # loads tables and model, which a long run pays once
    alone, spent = Seconds(), dict.fromkeys(ways, Seconds())
    words, memory = 0, [resident()]
    for _ in range(args.rounds):
        documents = read([args.folder])
        while batch := list(islice(documents, BATCH)):
            words += sum(len(document.text.split()) for document in batch)
            alone = alone.plus(lambda b=batch: nlp.pipe((d.text for d in b), batch_size=BATCH))  # type: ignore[misc]
            for way, options in ways.items():
                spent[way] = spent[way].plus(lambda b=batch, o=options: Reader(o).read(b, fail))  # type: ignore[misc]
            memory.append(resident())
    sys.stdout.write(f"words {words}; nlp.pipe alone {alone.clock:.1f} s, {alone.cpu:.1f} s of CPU\n")
    sys.stdout.writelines(
        f"{way}: {found.clock:.1f} s, ratio {found.clock / alone.clock:.2f} (aim: at most {AIMS[way]}); "
        f"of CPU {found.cpu:.1f} s, ratio {found.cpu / alone.cpu:.2f}\n" for way, found in spent.items())
    sys.stdout.write(f"resident memory, MB: start {memory[0]:.0f}, middle {memory[len(memory) // 2]:.0f}, "
                     f"end {memory[-1]:.0f}\n")
    return int(args.strict and any(spent[way].clock > aim * alone.clock for way, aim in AIMS.items()))


if __name__ == "__main__":
    sys.exit(main())
