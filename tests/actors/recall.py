# ruff: noqa: T201
"""How many actors of the gold statements the linker finds; run ``python tests/actors/recall.py [--misses]``.

For every core statement's subject, object and speaker: is there a mention in the evidence sentence whose entity has a
name that the gold accepts? Pronouns count once first person is resolved, so they are a lower bound for speakers.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

FIRST = frozenset(["i", "me", "my", "we", "us", "our"])
BENCH = Path(__file__).resolve().parents[2].parent / "shared" / "bench"


def scorer() -> Any:
    """The benchmark's own gold reader, so that names compare as they do there."""
    sys.path.insert(0, str(BENCH))
    spec = importlib.util.spec_from_file_location("score_gold", BENCH / "score_gold.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def parsed(text: str, cache: Path | None) -> Any:
    """The spaCy Doc of a text, kept in a folder if one is given."""
    from kg.nlp import model
    from kg.records import content_id
    from spacy.tokens import Doc

    nlp = model.load()
    if cache is None:
        return nlp(text)
    kept = cache / content_id("doc", {"text": text})
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        nlp(text).to_disk(kept)
    return Doc(nlp.vocab).from_disk(kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="*", help="gold files (default: all)")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--cache", type=Path, help="folder for parsed documents")
    args = parser.parse_args()
    from kg.actors import resolve
    from kg.actors.gazetteer import load
    from kg.records import Document

    gazetteer = load()
    files = args.gold or sorted(map(str, [*BENCH.glob("gold/open/*-*.json"), *BENCH.glob("gold/train/p*.json")]))
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    missed: Counter[tuple[str, str, str]] = Counter()
    spent = 0.0
    for gold in scorer().read_gold(files):
        text = Path(gold.path).read_bytes().decode("utf-8")
        doc = parsed(text, args.cache)
        began = time.perf_counter()
        mentions = resolve(doc, Document(gold.key, text), gazetteer)
        spent += time.perf_counter() - began
        seen = set()
        for statement in gold.statements:
            for part in ("subject", "object", "speaker"):
                name, evidence = statement[part], statement.get("evidence")
                ident = (part, name, tuple(evidence or ()), gold.key)
                if not name or not evidence or not statement["core"] or ident in seen:
                    continue
                seen.add(ident)
                accepted = gold.choices(statement, part) - {None}
                before, after = (500, 300) if part == "speaker" else (0, 0)
                here = [
                    m for m in mentions if m.span.start < evidence[1] + after and evidence[0] - before < m.span.end
                ]
                total[part] += 1
                names = {gold.name(m.entity.name) for m in here if m.entity}
                if any(m.span.text.lower() in FIRST and evidence[0] <= m.span.start < evidence[1] for m in here):
                    names |= gold.choices(statement, "speaker") - {None}
                if names & accepted:
                    right[part] += 1
                    right["exact " + part] += gold.name(name) in names
                else:
                    missed[gold.key, part, name] += 1
                    if args.misses:
                        print(
                            f"{gold.key} {part}: {name} <- {text[evidence[0] : evidence[1]]!r}\n    "
                            + "; ".join(f"{m.span.text}={m.entity.name if m.entity else None}" for m in here)
                        )
    for part in ("subject", "object", "speaker"):
        share, exact = right[part] / total[part], right["exact " + part] / total[part]
        print(f"{part:8} {share:.3f} of {total[part]} (exact {exact:.3f})")
    print(
        f"all      {sum(right[p] for p in total) / sum(total.values()):.3f} of {sum(total.values())}; {spent:.2f} s"
    )


if __name__ == "__main__":
    main()
