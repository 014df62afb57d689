"""Learn from annotated attributions: which words are cues, and where the spans of each part end.

    python -m kg.lab.cues FOLDER [--out DIR]

``FOLDER`` has ``text/*.txt`` and ``attributions/*.ann`` (brat, the format of PolNeAR: Newell, Margolin and Ruths,
LREC 2018). It counts, for each lemma and construction, how often it is an annotated cue (``cues.csv``) and fits the
log-linear models of ``kg.attribution`` (``weights.csv``). Only counts and weights leave the folder, no text.
"""

from __future__ import annotations

import argparse
import re
import sys
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from spacy.tokens import Doc

from kg import resources
from kg.attribution import contents, cues, sources
from kg.attribution.frames import Frame, Scene
from kg.attribution.loglinear import MODELS
from kg.attribution.parse import Parse
from kg.attribution.pointers import Pointers
from kg.attribution.quotes import find as find_quotations
from kg.errors import InputError
from kg.nlp import model
from kg.nlp.tree import Tree

Tokens = tuple[int, int]
_SPAN = re.compile(r"(T\d+)\t\S+ ([\d ;]+)\t")
_PLAIN_PENALTY = 1.0  # on the weights' sizes: makes most of them 0
_SQUARE_PENALTY = 0.2
_STEPS = 300
_RARE = 5
_FAINT = 0.05


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated attribution as token ranges (last included)."""

    source: tuple[Tokens, ...]
    cue: tuple[Tokens, ...]
    content: tuple[Tokens, ...]


@dataclass(slots=True)
class Examples:
    """What one model learns from: candidates as feature lists, in groups of which one is right (or yes-no labels).

    ``hints`` are what the tagger says of each candidate, zeros where it has not read the text.
    """

    rows: list[list[str]] = field(default_factory=list)
    hints: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)  # first row of each group

    def choice(self, candidates: Iterable[list[str]], hints: list[float], right: int) -> None:
        """Add one choice."""
        self.groups.append(len(self.rows))
        for number, features in enumerate(candidates):
            self.rows.append(features)
            self.right.append(number == right)
        self.hints += hints

    def answer(self, features: list[str], hint: float, right: bool) -> None:
        """Add one yes-or-no question."""
        self.rows.append(features)
        self.hints.append(hint)
        self.right.append(right)


# ---- reading ---------------------------------------------------------------------------------------------------------

def read_brat(path: Path, p: Parse) -> list[Gold]:
    """Read the attributions of a brat file, as token ranges of the parse."""
    spans: dict[str, list[Tokens]] = {}
    events: list[list[tuple[str, str]]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if match := _SPAN.match(line + "\t"):
            places = [tuple(map(int, piece.split())) for piece in match.group(2).split(";")]
            spans[match.group(1)] = [t for a, b in places if (t := tokens(p, a, b))]
        elif re.match(r"E\d+\t", line):
            events.append([(name.rstrip("0123456789"), ident) for name, _, ident in
                           (pair.partition(":") for pair in line.split("\t")[1].split()[1:])])
    found = []
    for event in events:
        part = {role: tuple(sorted(t for name, ident in event if name == role for t in spans.get(ident, [])))
                for role in ("Source", "Cue", "Content")}
        if part["Content"] and part["Cue"]:
            found.append(Gold(part["Source"], part["Cue"], part["Content"]))
    return found


def tokens(p: Parse, start: int, end: int) -> Tokens | None:
    """Give the words under a character span."""
    first, last = p.trim(bisect_right(p.end, start), bisect_left(p.start, end) - 1)
    return (first, last) if first <= last else None


def read_docs(folder: Path, fast: bool = True) -> Iterator[tuple[Doc, Scene, list[Gold]]]:
    """Parse each text of the folder and read its first annotation file; ``fast`` leaves the tagger out."""
    paths = sorted((folder / "text").glob("*.txt"))
    if not paths:
        raise InputError("no .txt file", str(folder / "text"), "name a folder with text/ and attributions/")
    docs = model.load(fast=fast).pipe(path.read_text(encoding="utf-8") for path in paths)
    for path, doc in zip(paths, docs, strict=True):
        annotated = sorted((folder / "attributions").glob(f"{path.stem}_????.ann"))
        scene = Scene(Parse.of(doc, Tree.of(doc)), find_quotations(doc.text), Pointers.of(doc))
        yield doc, scene, read_brat(annotated[0], scene.parse) if annotated else []


def read(folder: Path) -> Iterator[tuple[Scene, list[Gold]]]:
    """Parse each text of the folder and read its first annotation file."""
    for _, scene, golds in read_docs(folder):
        yield scene, golds


# ---- examples --------------------------------------------------------------------------------------------------------

def cue_head(p: Parse, span: Tokens) -> int:
    """Give the syntactic head of a cue span, a verb if there are several."""
    roots = [t for t in range(span[0], span[1] + 1) if not span[0] <= p.head[t] <= span[1] or p.head[t] == t]
    words = [t for t in roots if p.is_word[t]] or roots
    return next((t for t in words if p.pos[t] in ("VERB", "AUX")), words[0])


def by_head(p: Parse, golds: list[Gold]) -> dict[int, Gold]:
    """Attributions by the head of their cue."""
    found: dict[int, Gold] = {}
    for gold in golds:
        found.setdefault(cue_head(p, gold.cue[0]), gold)
    return found


def count(scene: Scene, golds: dict[int, Gold]) -> dict[tuple[str, str], cues.Sightings]:
    """Count the sightings of each lemma in one document."""
    from kg.attribution.frames import frame

    p = scene.parse
    table: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for token, pos in enumerate(p.pos):
        if pos in cues.PARTS and p.dep[token] not in ("aux", "auxpass"):
            tally = table[cues.lexeme(p, token)][frame(scene, token).construction]
            tally[0] += 1
            tally[1] += token in golds
    return {key: cues.Sightings(sum(s for s, _ in by.values()), sum(c for _, c in by.values()),
                                {con: (s, c) for con, (s, c) in by.items()}) for key, by in table.items()}


def merge(counts: Iterable[dict[tuple[str, str], cues.Sightings]]) -> dict[tuple[str, str], cues.Sightings]:
    """Add up the documents; keep lemmas that were a cue, and common verbs that never were."""
    sums: dict[tuple[str, str], Counter[tuple[str, int]]] = defaultdict(Counter)
    for one in counts:
        for key, entry in one.items():
            for con, (seen, hit) in entry.by.items():
                sums[key][con, 0] += seen
                sums[key][con, 1] += hit
    table = {}
    for key, tally in sums.items():
        by = {con: (tally[con, 0], tally[con, 1]) for con in cues.CONSTRUCTIONS if tally[con, 0]}
        seen, hit = sum(s for s, _ in by.values()), sum(c for _, c in by.values())
        if hit or (key[1] == "VERB" and seen >= 8):
            table[key] = cues.Sightings(seen, hit, by)
    return table


def nearest(gold: Tokens | None, options: list[Tokens | None]) -> int | None:
    """Choose the candidate that overlaps best, at least by half; index 0 stands for none."""
    if gold is None:
        return 0
    best, at = 0.5, None
    for number, option in enumerate(options):
        if option:
            shared = min(gold[1], option[1]) - max(gold[0], option[0]) + 1
            score = shared / (max(gold[1], option[1]) - min(gold[0], option[0]) + 1)
            if score >= best:
                best, at = score, number
    return at


def learn_extent(scene: Scene, f: Frame, gold: Gold, found: dict[str, Examples]) -> None:
    """Examples of where a cue begins and ends."""
    first, last = gold.cue[0]
    begin, stop = cues.start_candidates(scene.parse, f.head), cues.end_candidates(scene, f.head)
    pointed = scene.pointers.at(f.head)["cue"]
    if first in begin:
        found["cue_start"].choice((cues.start_features(scene, f.head, c) for c in begin), pointed.begins(begin),
                                  begin.index(first))
    if last in stop:
        found["cue_end"].choice((cues.end_features(scene, f, c) for c in stop), pointed.stops(stop), stop.index(last))


def learn_source(scene: Scene, head: int, gold: Gold, found: dict[str, Examples]) -> sources.Source | None:
    """Examples of the source; gives the one that the content questions should see."""
    first, last = gold.cue[0]
    options: list[sources.Source | None] = [None, *sources.candidates(scene, head, first, last)]
    spans = [(s.first, s.last) if s else None for s in options]
    at = nearest(gold.source[0] if gold.source else None, spans)
    if at is None:
        return None
    found["source"].choice((sources.features(scene, head, first, last, s) for s in options),
                           scene.pointers.at(head)["source"].whole(spans), at)
    return options[at]


def learn_content(s: contents.Setting, gold: Gold, found: dict[str, Examples]) -> None:
    """Examples of the pieces of content before and after the cue."""
    p = s.scene.parse
    low, high = s.bounds
    pieces = merged(p, gold.content)
    if s.cue.frame.quote_before >= 0:
        low = min(low, s.scene.marks[s.cue.frame.quote_before][0])
    left = [t for t in pieces if t[1] < s.cue.first and t[1] >= low]
    right = [t for t in pieces if t[0] > s.cue.last]
    options: list[int | None] = [None, *contents.starts(s)]
    near = [t for t in right if t[0] in options or t[0] <= high]
    after = near[0] if near else None
    pointed = s.scene.pointers.at(s.head)
    if after is None or after[0] in options:
        at = options.index(after[0]) if after else 0
        found["after"].choice((contents.start_features(s, o) for o in options), pointed["after"].begins(options), at)
        if after:
            stops = contents.ends(s, after[0])
            if after[1] in stops:
                found["content_end"].choice((contents.end_features(s, after[0], e) for e in stops),
                                            pointed["after"].stops(stops), stops.index(after[1]))
    spans: list[tuple[int, int, str] | None] = [None, *contents.before(s)]
    at_before = nearest(left[-1] if left else None, [x[:2] if x else None for x in spans])
    if at_before is not None:
        found["before"].choice((contents.before_features(s, x, after) for x in spans),
                               pointed["before"].whole([x[:2] if x else None for x in spans]), at_before)


def merged(p: Parse, pieces: tuple[Tokens, ...]) -> list[Tokens]:
    """Join ranges with no word between them."""
    found: list[Tokens] = []
    for first, last in pieces:
        if found and not any(p.is_word[t] for t in range(found[-1][1] + 1, first)):
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def examples(scenes: list[tuple[Scene, list[Gold]]], lexicon: dict[tuple[str, str], cues.Sightings],
             counted: bool = True) -> dict[str, Examples]:
    """Ask every question of the stage at every place, with the annotators' answers.

    ``counted`` says that the lexicon counts these very documents: a document must not vouch for itself.
    """
    found = {name: Examples() for name in MODELS}
    for scene, golds in scenes:
        known = by_head(scene.parse, golds)
        own = count(scene, known) if counted else {}
        for f, key in cues.possible(scene, lexicon):
            gold = known.get(f.head)
            hint = scene.pointers.odds[f.head] if scene.pointers.odds else 0.0
            found["cue"].answer(cues.features(scene, f, key, lexicon, own.get(key)), hint, gold is not None)
            if gold is None:
                continue
            learn_extent(scene, f, gold, found)
            source = learn_source(scene, f.head, gold, found)
            first, last = gold.cue[0]
            learn_content(contents.Setting(scene, cues.Cue(f, first, last, 1.0, 1.0), source), gold, found)
    return found


# ---- fitting ---------------------------------------------------------------------------------------------------------

def fit(data: Examples) -> dict[str, float]:
    """Fit one model by penalised maximum likelihood: logistic without groups, else conditional on each group."""
    tally = Counter(f for row in data.rows for f in row)
    names = sorted(f for f, n in tally.items() if n >= _RARE)
    index = {f: i for i, f in enumerate(names)}
    columns = [[index[f] for f in dict.fromkeys(row) if f in index] for row in data.rows]
    pointers = np.cumsum([0, *map(len, columns)])
    flat = np.array([c for row in columns for c in row], dtype=np.int32)
    matrix = csr_matrix((np.ones(len(flat)), flat, pointers), shape=(len(columns), len(names)))
    right = np.array(data.right, dtype=float)
    groups = np.array(data.groups, dtype=np.int64)
    transposed = matrix.T.tocsr()

    def loss(halves: np.ndarray) -> tuple[float, np.ndarray]:
        w = halves[:len(names)] - halves[len(names):]  # both parts are kept positive, so that many weights become 0
        scores = matrix @ w
        if len(groups):
            top = np.maximum.reduceat(scores, groups)
            sizes = np.diff([*groups, len(scores)])
            odds = np.exp(scores - np.repeat(top, sizes))
            sums = np.add.reduceat(odds, groups)
            chance = odds / np.repeat(sums, sizes)
            value = float(np.sum(np.log(sums) + top) - right @ scores)
        else:
            chance = 1 / (1 + np.exp(-np.clip(scores, -500, 500)))
            value = float(np.sum(np.logaddexp(0, scores)) - right @ scores)
        gradient = transposed @ (chance - right)
        gradient += _SQUARE_PENALTY * w
        value += _SQUARE_PENALTY * float(w @ w) / 2 + _PLAIN_PENALTY * float(halves.sum())
        return value, np.concatenate([gradient, -gradient]) + _PLAIN_PENALTY

    size = 2 * len(names)
    result = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", bounds=[(0, None)] * size,
                      options={"maxiter": _STEPS})
    fitted = result.x[:len(names)] - result.x[len(names):]
    return {f: round(float(w), 2) for f, w in zip(names, fitted, strict=True) if abs(w) >= _FAINT}


# ---- writing ---------------------------------------------------------------------------------------------------------

def write_lexicon(path: Path, lexicon: dict[tuple[str, str], cues.Sightings], source: str) -> None:
    """Write ``cues.csv``: counts as ``cues/seen`` a construction."""
    rows = ((lemma, pos, entry.seen, entry.cues,
             *(f"{entry.by[c][1]}/{entry.by[c][0]}" if c in entry.by else "" for c in cues.CONSTRUCTIONS), source)
            for (lemma, pos), entry in sorted(lexicon.items()))
    resources.write(path, ("lemma", "pos", "seen", "cues", *cues.CONSTRUCTIONS, "source"), rows)


def write_weights(path: Path, models: dict[str, dict[str, float]]) -> None:
    """Write ``weights.csv``."""
    rows = ((name, feature, weight) for name in MODELS for feature, weight in sorted(models[name].items()))
    resources.write(path, ("model", "feature", "weight"), rows)


def learn(scenes: list[tuple[Scene, list[Gold]]], out: Path, source: str) -> dict[str, int]:
    """Count, fit and write both tables; gives the number of weights of each model."""
    lexicon = merge(count(scene, by_head(scene.parse, golds)) for scene, golds in scenes)
    data = examples(scenes, lexicon)
    models = {name: fit(data[name]) for name in MODELS}
    write_lexicon(out / "cues.csv", lexicon, source)
    write_weights(out / "weights.csv", models)
    return {name: len(weights) for name, weights in models.items()}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder with text/ and attributions/")
    parser.add_argument("--out", type=Path, default=resources.data("attribution"), help="where the tables go")
    parser.add_argument("--source", default="PolNeAR train, counted", help="the tables' source column")
    args = parser.parse_args()
    sizes = learn(list(read(args.folder)), args.out, args.source)
    sys.stderr.write(", ".join(f"{name} {size}" for name, size in sizes.items()) + " weights\n")


if __name__ == "__main__":
    main()
