"""Every quality figure: the benchmarks' inputs in, their scorers' figures out.

Run it as ``python -m kg.lab.evaluate [SET...] [--fast] [--bench DIR] [--save FILE] [--against FILE]``; the benchmarks
are not part of the project and lie beside its folder, in ``../shared/bench``. The exit status is 1 if a scorer fails or
a Span does not say what the document says at its place.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.errors import KgError

BENCH = Path(__file__).parents[2].parent / "shared" / "bench"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A set and its scorer.

    ``inputs`` and ``gold`` are glob patterns under the benchmark folder; ``command`` is the kind of output that is
    scored (extract, stance, actor); ``figures`` are dotted paths into the scorer's JSON, in the order of printing.
    """

    name: str
    command: str
    inputs: str
    gold: str
    scorer: str
    figures: tuple[str, ...]
    options: tuple[str, ...] = ()


_GOLD = ("triples.f1", "core", "speakers.f1", "attitudes.f1", "via.f1", "attributes.negated",
         "attributes.modality", "attributes.quote")
BENCHMARKS = (
    Benchmark("seed", "extract", "gold/open/seed-*.txt", "gold/open/seed-kremlin*.json", "gold", _GOLD),
    Benchmark("gold-open", "extract", "gold/open/*.txt", "gold/open/*-*.json", "gold", _GOLD),
    Benchmark("gold-train", "extract", "gold/train/*.txt", "gold/train/p*.json", "gold", _GOLD),
    Benchmark("polnear", "extract", "polnear/dev/text", "polnear/dev", "polnear", (
        "exact.source.f1", "exact.cue.f1", "exact.content.f1", "whole attributions.overlap.f1",
        "begin.source.f1", "begin.cue.f1", "begin.content.f1",
        "jaccard.source", "jaccard.cue", "jaccard.content")),
    Benchmark("gsr", "extract", "gsr/open.jsonl", "gsr/open.jsonl", "gsr", (
        "type", "type+source", "type+source+target", "precision", "micro.f1", "macro_f1")),
    Benchmark("re3d", "extract", "re3d/open.jsonl", "re3d/open.jsonl", "re3d", ("pairs.f1", "pairs.p", "pairs.r")),
    Benchmark("actors", "actor", "actors/open.jsonl", "actors/open.jsonl", "actors", (
        "all_keys", "country", "sector", "name", "new_name")),
    Benchmark("dse", "stance", "dse/valid.tsv", "dse/valid.tsv", "dse", (
        "unseen.micro_f1", "unseen.macro_f1", "unseen.map", "all.micro_f1", "all.macro_f1"),
        ("--seen", "dse/train.tsv")),
    Benchmark("plv", "stance", "plv/open.jsonl", "plv/open.jsonl", "plv", (
        "all.root.macro_f1", "all.quad.macro_f1", "all.binary.macro_f1", "all.root.accuracy")),
)


def evaluate(benchmark: Benchmark, bench: Path, fast: bool = False) -> dict[str, Any]:
    """Run one set.

    Parameters
    ----------
    benchmark
        What to run.
    bench
        The folder with the scorers and the sets.
    fast
        Whether articles are read by rules alone.

    Returns
    -------
    dict
        What the scorer's ``--json`` prints, and ``failed_inputs``: the documents that gave an error instead.

    Raises
    ------
    RuntimeError
        If the scorer fails; with its message.
    """
    failed: list[str] = []
    return {**scored(benchmark, bench, _predictions(benchmark, bench, fast, failed)), "failed_inputs": failed}


def scored(benchmark: Benchmark, bench: Path, predictions: Iterable[str]) -> dict[str, Any]:
    """What the set's scorer has to say, as its ``--json`` prints it, of lines of predictions.

    Raises
    ------
    RuntimeError
        If it fails; with its message.
    """
    with tempfile.TemporaryDirectory() as folder:
        predicted = Path(folder) / "predicted.jsonl"
        with predicted.open("w", encoding="utf-8") as file:
            file.writelines(predictions)
        gold = [str(path) for path in sorted(bench.glob(benchmark.gold))]
        options = [str(bench / option) if "/" in option else option for option in benchmark.options]
        return dict(json.loads(_score(benchmark, bench, [*gold, str(predicted), *options, "--json"])))


def pairs(benchmark: Benchmark, bench: Path) -> list[dict[str, Any]]:
    """The marked pairs of a set, as its scorer gives them to ``kg stance``."""
    return [json.loads(line) for line in
            _score(benchmark, bench, ["--make-input", str(bench / benchmark.inputs)]).splitlines()]


def scorer(bench: Path, name: str) -> ModuleType:
    """A benchmark's own scorer, as a module.

    Raises
    ------
    FileNotFoundError
        If there is none of that name.
    """
    if str(bench) not in sys.path:
        sys.path.append(str(bench))
    spec = importlib.util.spec_from_file_location(name, bench / f"{name}.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(bench / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _score(benchmark: Benchmark, bench: Path, arguments: list[str]) -> str:
    run = subprocess.run(  # noqa: S603 - the benchmark's own scorer
        [sys.executable, str(bench / f"score_{benchmark.scorer}.py"), *arguments], capture_output=True, check=False)
    if run.returncode:
        raise RuntimeError(run.stderr.decode().strip() or f"the scorer ended with {run.returncode}")
    return run.stdout.decode()


def _predictions(benchmark: Benchmark, bench: Path, fast: bool, failed: list[str]) -> Iterator[str]:
    inputs = sorted(bench.glob(benchmark.inputs))
    if benchmark.command == "extract":
        return _extract(inputs, fast, failed)
    if benchmark.command == "actor":
        return _actors(inputs[0])
    return _stance(pairs(benchmark, bench), fast)


def _extract(inputs: Iterable[Path], fast: bool, failed: list[str]) -> Iterator[str]:
    from kg.documents.reader import read
    from kg.reading import Options, Reader

    def fail(error: KgError) -> None:
        failed.append(str(error))

    for _, statements in Reader(Options(fast=fast)).read(read(inputs, fail), fail):
        yield from (statement.to_line() for statement in statements)


def _stance(given: list[dict[str, Any]], fast: bool) -> Iterator[str]:
    from kg.stance import judge

    for judged in judge(given, fast=fast):
        yield json.dumps(judged) + "\n"


def _actors(gold: Path) -> Iterator[str]:
    from kg.actors.phrase import actor

    for line in gold.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        found = actor(case["text"], case.get("date") if case.get("date") not in (None, "today") else "2022-11-15")
        yield json.dumps(asdict(found) if found else None) + "\n"


def figure(result: dict[str, Any], path: str) -> float | None:
    """Look a dotted path up, where "3 of 4" is a share; None if the scorer gives none."""
    value: Any = result
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, str) and " of " in value:
        part, whole = map(int, value.split(" of "))
        return part / whole if whole else None
    return float(value) if isinstance(value, int | float) else None


def main() -> int:
    """Run the sets that are named, or all, and print their figures."""
    parser = argparse.ArgumentParser(prog="python -m kg.lab.evaluate", description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(b.name for b in BENCHMARKS))
    parser.add_argument("--bench", type=Path, default=BENCH, help="the benchmark folder")
    parser.add_argument("--fast", action="store_true", help="rules only, without the learned model")
    parser.add_argument("--save", type=Path, help="write the figures to this JSON file")
    parser.add_argument("--against", type=Path, help="show gains and losses against a file that --save wrote")
    args = parser.parse_args()
    if unknown := set(args.sets) - {b.name for b in BENCHMARKS}:
        parser.error(f"there is no set {', '.join(sorted(unknown))}")
    if not args.bench.is_dir():
        parser.error(f"there are no benchmarks in {args.bench}; give their folder with --bench")
    before = json.loads(args.against.read_text(encoding="utf-8")) if args.against else {}
    found: dict[str, dict[str, float | None]] = {}
    failed = False
    for benchmark in BENCHMARKS:
        if args.sets and benchmark.name not in args.sets:
            continue
        began = time.monotonic()
        try:
            result = evaluate(benchmark, args.bench, args.fast)
        except RuntimeError as error:
            print(f"{benchmark.name}: {error}", file=sys.stderr)  # noqa: T201 - a command
            failed = True
            continue
        violations, errors = result.get("span_violations") or [], result["failed_inputs"]
        failed = failed or bool(violations or errors)
        sys.stderr.writelines(f"{error}\n" for error in errors)
        found[benchmark.name] = {path: figure(result, path) for path in benchmark.figures}
        then = before.get(benchmark.name, {})
        cells = " ".join(_cell(path, value, then) for path, value in found[benchmark.name].items())
        print(f"{benchmark.name:<11}{cells} | {len(violations)} span violations, "  # noqa: T201
              f"{time.monotonic() - began:.0f} s", flush=True)
    if args.save:
        args.save.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return int(failed)


def _cell(path: str, value: float | None, before: dict[str, float | None]) -> str:
    now = "-" if value is None else f"{value:.3f}"
    then = before.get(path)
    change = "" if value is None or then is None else f" ({value - then:+.3f})"
    return f"{path} {now}{change} "


if __name__ == "__main__":
    sys.exit(main())
