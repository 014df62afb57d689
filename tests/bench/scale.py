# ruff: noqa: T201
"""How the store bears growth: loading and every named query at 10 thousand, 100 thousand and a million statements.

    python -m tests.bench.scale [--sizes 10000 100000 1000000] [--out DIR] [--repeat 5]

Statements are made, a dozen an article. The actors of an article follow the law of Zipf and Mandelbrot, 1 / (rank + 6),
so that the busiest is in about 4 % of all statements: in the news of a year no one is in a fifth of them, as Zipf's own
law with its steep head would have it. Outlets follow Zipf's law, days have bursts.

Printed are, by size: the rate of loading beside that of pyoxigraph's own ``extend`` on the same quads in batches as
large, each in a process of its own, with memory and disk; the time of ``kg validate``, up to 100,000 statements; p50
and p95 of each named query on the warm store; and the exponent of growth between the first and the last size. Queries
of an ``actor`` or a ``pair`` are asked for 20 that are drawn as often as they are spoken of; ``whole`` ones know no
actor; ``open`` ones do, but are asked for none.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import accumulate, groupby, islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyoxigraph as ox
from kg import ontology, store
from kg.queries import library
from kg.rdf import shapes
from kg.rdf.quads import to_quads
from kg.records import Basis, Document, Entity, EntityType, Modality, QuoteType, Span, Statement, TimeInterval

SIZES = (10_000, 100_000, 1_000_000)
_A_DOCUMENT, _CAST = 12, 6  # statements, actors
_HEAD = 5  # of Zipf-Mandelbrot's law
_ASKED = 20
_CHECKED = 100_000  # statements; SHACL takes a time that is linear in them
_SYLLABLES = [a + b for a in "bdfghjklmnprstvwyz" for b in "aeio"]


@dataclass(frozen=True)
class World:
    """Who and what statements are made of."""

    actors: list[Entity]
    outlets: list[str]
    days: list[str]
    words: list[str]

    @classmethod
    def of(cls, size: int, rng: random.Random) -> World:
        """A world for so many statements."""
        names = sorted({" ".join("".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 4))).title()
                                 for _ in range(2)) for _ in range(max(200, size // 40))})
        rng.shuffle(names)
        start = date(2022, 1, 1)
        days = [start + timedelta(days=rng.randrange(1000)) for _ in range(2000)]
        days += [start + timedelta(days=burst + rng.randrange(5)) for burst in rng.sample(range(1000), 20)
                 for _ in range(100)]
        words = ["".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(1, 4))) for _ in range(20_000)]
        return cls([_actor(name, rng) for name in names], [f"{name} Times" for name in names[:60]],
                   [day.isoformat() for day in days], words)


def _actor(name: str, rng: random.Random) -> Entity:
    kinds = [EntityType.PERSON] * 5 + [EntityType.GOVERNMENT, EntityType.COUNTRY, EntityType.ORGANIZATION] * 2
    country = rng.choice("ABCDEFGHIKLMNOPRSTUVZ") + rng.choice("AEIOU") + rng.choice("NRT")
    linked = rng.random() < 0.6
    ident = ("" if linked or rng.random() < 0.5 else "x-") + name.replace(" ", "_")
    return Entity(ontology.ENTITY + ident, name, rng.choice(kinds), f"Q{rng.randrange(10**7)}" if linked else None,
                  country, rng.choice(("GOV", "GOV", "MIL", "LEG", "OPP")))


def statements(size: int, seed: int = 0) -> Iterator[Statement]:
    """So many statements, article by article."""
    rng = random.Random(seed)  # noqa: S311 - a made world
    world = World.of(size, rng)
    ranks = list(accumulate(1 / (rank + 1 + _HEAD) for rank in range(len(world.actors))))
    outlets = list(accumulate(1 / (rank + 1) for rank in range(len(world.outlets))))
    for number in range(math.ceil(size / _A_DOCUMENT)):
        document = Document(f"made-{number:07}", "", f"Article {number}",
                            rng.choices(world.outlets, cum_weights=outlets)[0], rng.choice(world.days),
                            f"https://example.org/{number}")
        cast, at = rng.choices(world.actors, cum_weights=ranks, k=_CAST), 0
        for _ in range(min(_A_DOCUMENT, size - number * _A_DOCUMENT)):
            text = " ".join(rng.choices(world.words, k=22))
            yield made_statement(document, cast, Span(at, at + len(text), text), rng)
            at += len(text) + 1


def made_statement(document: Document, cast: list[Entity], evidence: Span, rng: random.Random) -> Statement:
    """One that these words may carry: most relate two actors, most are somebody's words."""
    places = [Span(evidence.start + n, evidence.start + n + 7, evidence.text[n:n + 7]) for n in (0, 9, 18, 27)]
    subject, target, other, outlet = (rng.choice(cast).at(place) for place in places)
    relations = list(ontology.relations().values())
    relation = rng.choices(relations, [1 / (n + 1) for n in range(len(relations))])[0]
    related = subject != target and rng.random() < 0.7
    spoken = not related or rng.random() < 0.6
    negated = related and rng.random() < 0.05
    day = rng.choice(("2021", "2022-05", document.published)) if related and rng.random() < 0.1 else None
    return Statement(
        "", document, speaker=(subject if rng.random() < 0.5 else other) if spoken else None,
        via=(outlet,) if spoken and rng.random() < 0.1 else (), cue=places[2] if spoken else None,
        content=(evidence,) if spoken else (), quote=rng.choice(list(QuoteType)) if spoken else None,
        subject=subject if related else None, object=target if related else None,
        predicate=relation.name if related else None,
        topic=evidence.text[:40] if not related or rng.random() < 0.5 else None,
        plover=relation.plover if related else None, cameo=relation.cameo if related else None,
        polarity=(0 if negated else relation.polarity) if related else None, negated=negated,
        modality=rng.choice(list(Modality)) if rng.random() < 0.2 else Modality.ACTUAL,
        time=TimeInterval(f"in {day}", day, day) if day else None, evidence=evidence,
        confidence=round(rng.uniform(0.3, 0.99), 3), basis=rng.choice(list(Basis)) if related else None,
        model="made 1").identified()


@dataclass(frozen=True)
class Loaded:
    """What loading took: quads, seconds, MiB of memory and on disk."""

    quads: int
    seconds: float
    memory: float
    disk: float


def load(size: int, folder: Path) -> Loaded:
    """Load the statements into a store of ours, article by article."""
    dataset = store.open_store(folder)
    quads, seconds = 0, 0.0
    for ident, group in groupby(statements(size), key=lambda s: s.document.id):
        article = list(group)
        began = time.perf_counter()
        store.replace_articles(dataset, {ident: to_quads(article)})
        seconds += time.perf_counter() - began
    quads, held = len(dataset.oxigraph), memory()
    dataset.oxigraph.optimize()
    dataset.close()
    return Loaded(quads, seconds, held, disk(folder))


def extend(size: int, folder: Path) -> Loaded:
    """Give the same quads to pyoxigraph's own ``extend``, in batches as large."""
    plain = ox.Store(str(folder))
    seconds = 0.0
    for _, group in groupby(statements(size), key=lambda s: s.document.id):
        batch = [store._to_oxigraph(quad) for quad in to_quads(group)]
        began = time.perf_counter()
        plain.extend(batch)
        seconds += time.perf_counter() - began
    found = Loaded(len(plain), seconds, memory(), 0)
    del plain
    shutil.rmtree(folder)
    return found


def loaded(size: int, folder: Path) -> tuple[Loaded, Loaded]:
    """What loading took, ours and plainly, each in a process of its own; what a folder has already is not loaded."""
    kept, found = folder / "loaded.json", []
    if kept.is_file():
        ours, plain = json.loads(kept.read_text(encoding="utf-8"))
        return Loaded(**ours), Loaded(**plain)
    for work, name in ((load, "ours"), (extend, "plain")):
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            found.append(process.submit(work, size, folder / name).result())
    kept.write_text(json.dumps([asdict(one) for one in found]), encoding="utf-8")
    return found[0], found[1]


def disk(folder: Path) -> float:
    """The MiB of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def memory() -> float:
    """The most that this process has held so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def asked(size: int) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each named query with parameters: of one actor, of the actors of one statement, or of the whole graph.

    The actors are those of the first statements made that have them in the query's roles, so they come as often as they
    are spoken of, and pairs do have statements.
    """
    roles = {"one": "subject", "other": "object", "actor": "subject", "attacker": "subject"}
    for name, query in library.queries().items():
        actors = [p.name for p in query.parameters if p.kind == "actor"]
        yield name, "open" if actors else "whole", {}
        for count, kind in ((1, "actor"), (2, "pair")):
            drawn = ({key: _id(getattr(made, roles.get(key, key))) for key in actors[:count]}
                     for made in statements(size))
            whole = (params for params in drawn if all(params.values()))
            for params in islice(whole, _ASKED if len(actors) >= count else 0):
                yield name, kind, params


def _id(entity: Entity | tuple[Entity, ...] | None) -> str:
    """The id of an actor, or of the first."""
    first = entity[0] if isinstance(entity, tuple) and entity else entity
    return first.id if isinstance(first, Entity) else ""


def times(folder: Path, size: int, repeat: int) -> dict[tuple[str, str], list[float]]:
    """Seconds that each query takes, with answers read to the end, on a store that has answered it before."""
    dataset = store.open_store(folder / "ours", read_only=True)
    found: dict[tuple[str, str], list[float]] = {}
    for name, kind, params in asked(size):
        for turn in range((1 if kind in ("actor", "pair") else repeat) + 1):
            began = time.perf_counter()
            len(library.run(dataset, name, params).rows)
            if turn:
                found.setdefault((name, kind), []).append(time.perf_counter() - began)
    return found


def measure(size: int, folder: Path, repeat: int) -> dict[tuple[str, str], list[float]]:
    """Load, ask and tell what it took, in a process of its own, so that its memory is known."""
    folder.mkdir(parents=True, exist_ok=True)
    ours, plain = loaded(size, folder)
    print(f"{size} statements, {ours.quads} quads: loaded at {size / ours.seconds:.0f} statements a second, "
          f"{plain.seconds / ours.seconds:.2f} of the rate of pyoxigraph's extend, in {ours.memory:.0f} MiB of memory "
          f"(extend: {plain.memory:.0f}); {ours.disk:.0f} MiB on disk", flush=True)
    with ProcessPoolExecutor(1, get_context("spawn")) as asking:
        spent = asking.submit(times, folder, size, repeat).result()
        print(f"{size} statements: asked in {asking.submit(memory).result():.0f} MiB of memory", flush=True)
    if size <= _CHECKED:
        with ProcessPoolExecutor(1, get_context("spawn")) as checking:
            print(f"{size} statements: checked against the shapes in {checking.submit(check, folder).result():.0f} s",
                  flush=True)
    return spent


def check(folder: Path) -> float:
    """Seconds that the check of all articles against the shapes takes."""
    dataset = store.open_store(folder / "ours", read_only=True)
    began = time.perf_counter()
    if problems := shapes.validate(dataset):
        raise SystemExit(f"the made statements do not fit the shapes: {problems[0]}")
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--out", type=Path, help="where the stores go, and stay")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        tables = {size: measure(size, (args.out or Path(place)) / str(size), args.repeat) for size in args.sizes}
    first, last = min(tables), max(tables)
    print("milliseconds, p50 / p95".ljust(32) + "".join(f"{size:>20}" for size in tables) + "  exponent")
    for key in sorted(tables[first], key=lambda key: (key[1], key[0])):
        cells = [np.quantile(tables[size][key], (0.5, 0.95)) * 1000 for size in tables]
        growth = math.log(cells[-1][0] / cells[0][0]) / math.log(last / first) if last > first else math.nan
        print(f"{key[1]:<6}{key[0]:<26}" + "".join(f"{a:>10.1f} /{b:>8.1f}" for a, b in cells) + f"{growth:>10.2f}")
    for kind in ("actor", "pair"):
        for size, table in tables.items():
            every = [one for key, spent in table.items() if key[1] == kind for one in spent]
            print(f"{size} statements, all queries of one {kind}: p95 {np.quantile(every, 0.95) * 1000:.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
