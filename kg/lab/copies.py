"""How well edited copies of wire stories are found among independent reports: made copies of real articles.

    python -m kg.lab.copies [--bench DIR] [--number N] [--misses]

Articles of the benchmarks are copied as outlets copy them: cut from below, paragraphs moved, another title, another
agency's name, words changed to house style, own sentences put in; how many of these and how far, is chance with a seed.
Each copy must be found among all articles. The hard cases on the other side are the articles that share most words with
another: reports of the same event by other hands. Pairs in the corpora that are copies of each other already are named
in :data:`NATURAL`, after reading them, and count on neither side.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kg import copies
from kg.lab.evaluate import BENCH

#: Articles that stand in the corpora twice, under other titles or on the next day.
NATURAL = (
    ("wash-post_2015-12-22_as-spotlight-shines-on-trump-and",
     "wash-post_2015-12-23_as-spotlight-shines-on-trump-and"),
    ("wash-post_2015-12-12_misinformation-enters-mainstream",
     "wash-post_2015-12-13_misinformation-enters-mainstream"),
    ("nyt_2016-03-04_republicans-have-stake-in-a-deal", "nyt_2016-03-05_polls-suggest-possibility-of-dea"),
    ("nyt_2015-11-25_golf-courses-forced-to-reach-int", "nyt_2015-11-26_with-fewer-golfers-in-u-s-course"),
    ("nyt_2016-03-15_sanders-advances-agenda-via-side", "nyt_2016-03-16_via-legislative-side-doors-sande"),
    ("breitbart_2016-03-15_the-latest-kasich-scores-all-del",
     "breitbart_2016-03-15_the-latest-sanders-declares-revo"),
    ("usa-today_2016-04-06_sanders-says-he-s-riding-momentu",
     "usa-today_2016-04-06_sanders-winning-streak-continues"),
)
_STYLE = {
    "said": "told reporters", "percent": "per cent", "president": "leader", "says": "claims", "will": "is going to",
    "over": "more than", "about": "around", "but": "however", "also": "too", "who": "that", "many": "a lot of",
    "officials": "authorities", "according": "as", "on": "last", "people": "persons", "would": "could"}
_AGENCIES = ("AP", "Reuters", "AFP", "Bloomberg", "UPI", "dpa", "TASS", "Xinhua")
_FOOTERS = ("All rights reserved. This material may not be published, rewritten or redistributed.",
            "Follow us on social media for more like this.", "Our correspondents contributed to this report.",
            "This story has been updated.", "Sign up for our morning letter.")


def articles(bench: Path) -> dict[str, str]:
    """The articles of PolNeAR and re3d, by name."""
    found = {path.stem: path.read_text(encoding="utf-8") for part in ("train", "dev")
             for path in sorted((bench / "polnear" / part / "text").glob("*.txt"))}
    rows = map(json.loads, (bench / "re3d" / "open.jsonl").read_text(encoding="utf-8").splitlines())
    return found | {row["id"]: row["text"] for row in rows}


def copied(text: str, others: list[str], chance: random.Random) -> str:
    """The text as another outlet prints it."""
    paragraphs = [p.strip() for p in re.split(r"\n\s*\n|\n", text) if p.strip()]
    paragraphs = [s for p in paragraphs for s in (re.split(r"(?<=[.!?”\"]) (?=[A-Z“\"])", p) if len(p) > 900 else [p])]
    title, body = paragraphs[0], paragraphs[1:] or paragraphs
    if chance.random() < 0.7:  # cut from below
        body = body[:max(3, int(len(body) * chance.uniform(0.3, 0.9)))]
    if chance.random() < 0.4:  # moved
        at = chance.randrange(len(body))
        body = [*body[at:], *body[:at]]
    if chance.random() < 0.6:
        title = " ".join(chance.sample(title.split(), min(len(title.split()), 4))) + " as tensions rise"
    if chance.random() < 0.5:
        body[0] = f"({chance.choice(_AGENCIES)}) — {body[0]}"
    if chance.random() < 0.6:
        rate = chance.uniform(0.0, 0.12)
        body = [" ".join(_changed(word, rate, chance) for word in p.split()) for p in body]
    if chance.random() < 0.4:
        strange = [s for s in re.split(r"(?<=[.!?]) ", chance.choice(others)) if 40 < len(s) < 300]
        most = sum(map(len, body)) / 6  # characters
        for sentence in chance.sample(strange, min(len(strange), 4)):
            if (most := most - len(sentence)) > 0:
                body.insert(chance.randrange(len(body) + 1), sentence)
    if chance.random() < 0.4:
        body.append(chance.choice(_FOOTERS))
    return "\n\n".join([title, *(p for p in body if p)])


def _changed(word: str, rate: float, chance: random.Random) -> str:
    if word.lower() in _STYLE and chance.random() < 0.3:
        return _STYLE[word.lower()]
    return "" if chance.random() < rate / 2 else word.lower()[::-1] if chance.random() < rate / 2 else word


def likest(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Each article with the one that shares most of its words, weighed by how rare they are (TF-IDF, cosine)."""
    names = list(texts)
    bags = [Counter(re.findall(r"[a-z]{3,}", texts[name].lower())) for name in names]
    spread = Counter(word for bag in bags for word in bag)
    words = {word: n for n, word in enumerate(w for w, count in spread.items() if 1 < count < len(names) / 4)}
    rows = np.zeros((len(names), len(words)), dtype=np.float32)
    for row, bag in zip(rows, bags, strict=True):
        for word, count in bag.items():
            if word in words:
                row[words[word]] = (1 + np.log(count)) * np.log(len(names) / spread[word])
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    same = rows @ rows.T
    np.fill_diagonal(same, -1)
    return [(name, names[int(same[n].argmax())]) for n, name in enumerate(names)]


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of it: copies made, those not found, pairs of independent reports, pairs wrongly taken for copies."""

    copies: int
    missed: tuple[str, ...]
    reports: int
    wrong: tuple[tuple[str, str], ...]

    @property
    def precision(self) -> float:
        """The share of what was taken for a copy that is one."""
        found = self.copies - len(self.missed)
        return found / max(1, found + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of the copies that was found."""
        return 1 - len(self.missed) / max(1, self.copies)

    def __str__(self) -> str:
        return (f"{self.copies} copies and {self.reports} pairs of independent reports that share most words: "
                f"precision {self.precision:.3f}, recall {self.recall:.3f}")


def measure(texts: dict[str, str], number: int, seed: int) -> Figures:
    """Look for so many made copies, and for pairs of independent reports, among all articles."""
    names, chance = list(texts), random.Random(seed)  # noqa: S311 - which edits
    index = copies.Index((n, copies.shingles(text)) for n, text in enumerate(texts.values()))
    natural = {frozenset(pair) for pair in NATURAL}
    missed: list[str] = []
    wrong: list[tuple[str, str]] = []
    for name in chance.sample([n for n in names if len(texts[n]) > 900], number):
        near = {names[n] for n in index.near(copies.shingles(copied(texts[name], [*texts.values()], chance)))}
        missed += [name] if name not in near else []
        wrong += [(name, other) for other in sorted(near - {name}) if frozenset((name, other)) not in natural]
    hard = sorted({(min(pair), max(pair)) for pair in likest(texts) if frozenset(pair) not in natural})
    for one, other in hard:
        if names.index(one) in index.near(copies.shingles(texts[other])):
            wrong.append((one, other))
    return Figures(number, tuple(missed), len(hard), tuple(wrong))


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=BENCH, help="the benchmark folder")
    parser.add_argument("--number", type=int, default=600, help="copies that are made")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--misses", action="store_true", help="name what was not found, and what was found wrongly")
    args = parser.parse_args()
    if not args.bench.is_dir():
        parser.error(f"there are no benchmarks in {args.bench}; give their folder with --bench")
    figures = measure(articles(args.bench), args.number, args.seed)
    if args.misses:
        sys.stdout.writelines(f"{name}: missed\n" for name in figures.missed)
        sys.stdout.writelines(f"{one} and {other}: not copies\n" for one, other in figures.wrong)
    sys.stdout.write(f"{figures}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
