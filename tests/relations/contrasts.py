# ruff: noqa: T201
"""Minimal pairs for directed attitudes, and how many are judged right; ``contrasts.toml`` says how they are written.

``python -m tests.relations.contrasts [--misses]`` prints, by phenomenon, how many of the pairs have both labels right,
how many of the relations named are found, and with ``--misses`` the sentences that are not.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from kg import ontology, stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SOURCE = Path(__file__).with_suffix(".toml")
SIGNS = {"+": "positive", "0": "neutral", "-": "negative"}

_SLOT = re.compile(r"\$([A-C])")
_MARK = re.compile(r"([A-C])(?!\1)([A-C]) ([+0-]) ([+0-])(?: (\w+))?")

Place = tuple[int, int]


@dataclass(frozen=True)
class Contrast:
    """Two names in a sentence, the attitude of each towards the other, and the relation of the first to the second."""

    phenomenon: str
    case: str
    text: str
    places: tuple[Place, Place]
    labels: tuple[str, str]
    relation: str | None


@dataclass(frozen=True)
class Outcome:
    """What was judged of a contrast, in its order."""

    contrast: Contrast
    labels: tuple[str, str]
    relation: str | None

    @property
    def right(self) -> bool:
        return self.labels == self.contrast.labels

    @property
    def related(self) -> bool:
        return self.relation == self.contrast.relation


def contrasts(source: Path = SOURCE) -> list[Contrast]:
    """All pairs of all sentences, each case with every choice of kinds that its group states."""
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    return [contrast for group in data["group"] for case in filter(None, group["cases"].splitlines())
            for turn, kinds in enumerate(group["actors"])
            for contrast in _expand(group["phenomenon"], case, kinds.split(), data["names"], turn)]


def _expand(phenomenon: str, case: str, kinds: Sequence[str], names: dict[str, list[str]],
            turn: int) -> Iterator[Contrast]:
    """The pairs of a case with names for its letters; which names, depends on the words of the case alone."""
    template, *marks = (part.strip() for part in case.split("|"))
    start = crc32(template.encode()) + turn
    chosen = {letter: names[kind][(start + i) % len(names[kind])]
              for i, (letter, kind) in enumerate(zip("ABC", kinds, strict=False))}
    text, places = _fill(template, chosen)
    if not marks:
        raise ValueError(f"no mark in {case!r}")
    for mark in marks:
        found = _MARK.fullmatch(mark)
        if not found or (found[5] and found[5] not in ontology.relations()):
            raise ValueError(f"{mark!r} is no mark, in {case!r}")
        yield Contrast(phenomenon, template, text, (places[found[1]], places[found[2]]),
                       (SIGNS[found[3]], SIGNS[found[4]]), found[5])


def _fill(template: str, chosen: dict[str, str]) -> tuple[str, dict[str, Place]]:
    """A template with the names put in, and where they stand."""
    text, at = "", 0
    places: dict[str, Place] = {}
    for slot in _SLOT.finditer(template):
        if slot[1] in places:
            raise ValueError(f"${slot[1]} stands twice in {template!r}")
        text += template[at:slot.start()]
        places[slot[1]] = (len(text), len(text) + len(chosen[slot[1]]))
        text += chosen[slot[1]]
        at = slot.end()
    return text + template[at:], places


def judged(asked: Sequence[Contrast], fast: bool = False) -> list[Outcome]:
    """What ``kg.stance`` says of each; about half are asked with their names the other way round."""
    turned = [bool(crc32(c.text.encode()) % 2) for c in asked]
    pairs = [{"text": c.text, "p": list(c.places[turn]), "q": list(c.places[not turn])}
             for c, turn in zip(asked, turned, strict=True)]
    outcomes = []
    for contrast, turn, found in zip(asked, turned, stance.judge(pairs, fast=fast), strict=True):
        first, second = (found[key] for key in (("q_to_p", "p_to_q") if turn else ("p_to_q", "q_to_p")))
        outcomes.append(Outcome(contrast, (first["label"], second["label"]), first["predicate"]))
    return outcomes


def share(hits: Iterable[bool]) -> float:
    """How many in a hundred are hits."""
    all_hits = list(hits)
    return 100 * sum(all_hits) / len(all_hits)


def by_phenomenon(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """Outcomes by phenomenon, in the order of the file."""
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.contrast.phenomenon].append(outcome)
    return dict(groups)


def table(outcomes: Sequence[Outcome]) -> str:
    """A line for each phenomenon and one for all: labels right, of how many; relations found, of how many named."""
    lines = [f"{'phenomenon':<32}{'right':>7}{'of':>6}{'%':>5}   {'relation':>8}{'of':>6}{'%':>5}"]
    for name, some in [*by_phenomenon(outcomes).items(), ("all", outcomes)]:
        right = [o.right for o in some]
        related = [o.related for o in some if o.contrast.relation]
        counts = [f"{sum(hits):>{width}}{len(hits):>6}{share(hits):>5.0f}" if hits else ""
                  for hits, width in ((right, 7), (related, 8))]
        lines.append(f"{name:<32}{counts[0]}   {counts[1]}".rstrip())
    return "\n".join(lines)


def misses(outcomes: Iterable[Outcome]) -> str:
    """The sentences with a label or relation amiss, by phenomenon: what was found, and what should have been."""
    sign = {label: sign for sign, label in SIGNS.items()}
    lines = []
    for name, some in by_phenomenon(outcomes).items():
        missed = [o for o in some if not o.right or (o.contrast.relation and not o.related)]
        lines += [f"\n{name}"] if missed else []
        for o in missed:
            first, second = (o.contrast.text[start:end] for start, end in o.contrast.places)
            found, wanted = (f"{sign[x.labels[0]]} {sign[x.labels[1]]} {x.relation or '.'}" for x in (o, o.contrast))
            fault = "label   " if not o.right else "relation"
            lines.append(f"  {fault}  {o.contrast.text}\n            {first} / {second}: {found}, not {wanted}")
    return "\n".join(lines).lstrip("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="print the sentences that are judged wrong, too")
    parser.add_argument("--fast", action="store_true", help="rules only, without the learned model")
    args = parser.parse_args()
    outcomes = judged(contrasts(), args.fast)
    print(table(outcomes))
    if args.misses:
        print(f"\n{misses(outcomes)}")


if __name__ == "__main__":
    main()
