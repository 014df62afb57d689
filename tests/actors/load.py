# ruff: noqa: T201
"""How long the lists of actors take in a fresh process; run ``python tests/actors/load.py [--rounds N]``.

Prints the median of each part in milliseconds of processor time: reading the names and giving a first answer about a
head of state, then every other table, one after the other.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys

TIMED = """
import json, time
from kg.actors import gazetteer
parts, began = {}, time.process_time()
def done(part):
    global began
    parts[part] = 1000 * (time.process_time() - began)
    began = time.process_time()
lists = gazetteer.load()
lists.entity(lists.actors("Emmanuel Macron")[0], "2022-05-01"); done("first answer")
lists.first_words; done("names in texts")
lists.by_surname("Macron"); lists.by_spelling("Volodimir Zelenskij"); done("surnames, spellings")
lists.places.city("lviv"); lists.places.region("bavaria"); done("places")
lists.holders("FRA", "head of state or government", "2022-05-01"); done("offices")
lists.sectors; lists.gender("Emmanuel"); done("sectors, first names")
print(json.dumps(parts))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = [
        json.loads(subprocess.run([sys.executable, "-c", TIMED], capture_output=True, check=True).stdout)
        for _ in range(parser.parse_args().rounds)
    ]
    medians = {part: statistics.median(r[part] for r in rounds) for part in rounds[0]}
    for part, spent in medians.items():
        print(f"{part:<22}{spent:6.0f} ms")
    print(f"{'all':<22}{sum(medians.values()):6.0f} ms")


if __name__ == "__main__":
    main()
