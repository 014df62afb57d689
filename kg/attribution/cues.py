"""Which words signal that someone's words or thoughts follow, and how far the signal reaches.

``cues.csv`` counts how often a lemma was a cue in annotated news, by what carries its content; ``weights.csv`` says
what else speaks for and against. Both are made by ``kg.lab.cues``.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg import resources
from kg.attribution import loglinear, pointers
from kg.attribution.frames import Frame, Scene, frame
from kg.attribution.parse import Parse

CONSTRUCTIONS = ("quote", "that", "wh", "clause", "infinitive", "object", "about", "bare")
_COLUMNS = ("lemma", "pos", "seen", "cues", *CONSTRUCTIONS)
_STRENGTH = 4.0  # how many imagined sightings the wider rate stands for
_PRIOR = 0.03
_LEAST_OVERALL = 0.015  # below these rates nearly nothing is a cue: not worth asking
_LEAST_HERE = 0.0299
#: Parts of speech that a cue's head may have.
PARTS = frozenset({"VERB", "NOUN", "AUX", "ADJ", "ADP", "PROPN"})
_CLAUSES = frozenset({"that", "clause", "quote"})
_MOSTLY = 0.5
_NEARLY_ALWAYS = 0.7
_REACH = 7
_REACH_BACK = 5


@dataclass(frozen=True, slots=True)
class Sightings:
    """How often a lemma was seen, and was a cue; ``by`` gives (seen, cues) for each construction."""

    seen: int
    cues: int
    by: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Cue:
    """Tokens ``first`` to ``last`` (included) around ``frame.head``; ``probability`` that they are a cue."""

    frame: Frame
    first: int
    last: int
    probability: float
    sharpness: float  # probability of the chosen ends
    nested: bool = False  # good only inside another one's content


Lexicon = Mapping[tuple[str, str], Sightings]


@cache
def load(path: Path | None = None) -> dict[tuple[str, str], Sightings]:
    """Read ``cues.csv``.

    Raises
    ------
    kg.errors.DataError
        If a row lacks a count or has more cues than sightings.
    """
    from kg.errors import DataError

    path = path or resources.data("attribution", "cues.csv")
    lexicon: dict[tuple[str, str], Sightings] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            try:
                by = {c: (int(seen), int(cues)) for c in CONSTRUCTIONS if row[c]
                      for cues, seen in [row[c].split("/")]}
                entry = Sightings(int(row["seen"]), int(row["cues"]), by)
            except (KeyError, TypeError, ValueError, AttributeError):
                raise DataError(f"needs the columns {', '.join(_COLUMNS)} with counts", f"{path.name}:{number}",
                                "run python -m kg.lab.cues again") from None
            if entry.cues > entry.seen or any(c > s for s, c in by.values()):
                raise DataError("more cues than sightings", f"{path.name}:{number}", "run python -m kg.lab.cues again")
            lexicon[row["lemma"], row["pos"]] = entry
    return lexicon


def lexeme(p: Parse, token: int) -> tuple[str, str]:
    """Lemma and part of speech under which a word is counted; a copula counts with its predicate (``be aware``)."""
    lemma, pos = p.lemma[token], p.pos[token]
    if lemma == "be" and pos in ("AUX", "VERB"):
        predicate = p.child(token, "acomp", "attr", "oprd")
        return (f"be {p.lemma[predicate]}" if predicate is not None else "be"), "AUX"
    if lemma == "hop" and pos == "VERB":
        lemma = "hope"  # the lemmatizer's slip on "hoped" and "hoping"
    return lemma, "NOUN" if pos == "PROPN" else pos


def rates(entry: Sightings | None, construction: str, less: Sightings | None = None) -> tuple[float, float]:
    """Smoothed rates at which a lemma is a cue: overall, and in a construction.

    ``less`` is taken off first: in fitting, a document must not vouch for itself.
    """
    seen, cues = (entry.seen, entry.cues) if entry else (0, 0)
    seen_by, cues_by = entry.by.get(construction, (0, 0)) if entry else (0, 0)
    if entry and less:
        seen, cues = seen - less.seen, cues - less.cues
        own_seen, own_cues = less.by.get(construction, (0, 0))
        seen_by, cues_by = seen_by - own_seen, cues_by - own_cues
    overall = (cues + _STRENGTH * _PRIOR) / (seen + _STRENGTH)
    return overall, (cues_by + _STRENGTH * overall) / (seen_by + _STRENGTH)


def possible(scene: Scene, lexicon: Lexicon) -> Iterator[tuple[Frame, tuple[str, str]]]:
    """Give the words worth asking about, with their surroundings: by their lexeme, or because the tagger says so."""
    p = scene.parse
    odds = scene.pointers.odds
    for token, pos in enumerate(p.pos):
        pointed = bool(odds) and odds[token] > pointers.LEAST and p.is_word[token]
        if not pointed and (pos not in PARTS or p.dep[token] in ("aux", "auxpass")):
            continue
        key = lexeme(p, token)
        entry = lexicon.get(key)
        if not pointed and ((entry is None and pos != "VERB") or (entry and rates(entry, "")[0] < _LEAST_OVERALL)):
            continue
        f = frame(scene, token)
        if pointed or rates(entry, f.construction)[1] >= _LEAST_HERE:
            yield f, key


def _bucket(rate: float) -> int:
    return round(2 * math.log(rate / (1 - rate)))


def features(scene: Scene, f: Frame, key: tuple[str, str], lexicon: Lexicon,
             less: Sightings | None = None) -> list[str]:
    """Name what speaks for and against ``f.head`` being a cue; ``less`` is what its own document counted."""
    p, h = scene.parse, f.head
    overall, here = rates(lexicon.get(key), f.construction, less)
    lemma, pos = key
    con, dep = f.construction, p.dep[h]
    inside = scene.quoted[h] >= 0
    found = ["bias", f"rate={_bucket(overall)}", f"here={_bucket(here)}", f"con={con}", f"pos={pos}", f"dep={dep}",
             f"tag={p.tag[h]}", f"how={f.how}", f"con={con} pos={pos}", f"con={con} how={f.how}",
             f"lemma={lemma} {pos}", f"lemma={lemma} {con}", f"dep={dep} con={con}", f"inside={inside}",
             f"inside={inside} con={con}"]
    found += _below(p, h, key)
    subject = f.subject
    if subject is not None:
        kind = p.entity[subject] or p.pos[subject]
        found += [f"subject={kind}", f"subject lemma={p.lemma[subject]}", f"subject={kind} con={con}"]
        if p.tag[subject] == "PRP":
            found.append(f"subject={p.lower[subject]} inside={inside}")
    above = p.head[h]
    if above != h:
        rate = _bucket(rates(lexicon.get(lexeme(p, above)), "")[0])
        found += [f"under={p.lemma[above]} {dep}", f"under rate={rate} {dep}", f"under rate={rate} con={con}"]
    end = p.sentences[p.sentence[h]][1]
    question = p.words[end - 1] == "?"
    found += [f"question={question}", f"paragraph={min(p.paragraph[h], 2)}", f"root={dep == 'ROOT'} con={con}"]
    if f.passive:
        found.append(f"passive con={con}")
    if not inside:
        marked = any(scene.quoted[t] >= 0 for t in range(h + 1, min(p.right[h] + 1, end)))
        found += [f"marks={marked} con={con}", f"marks={marked} kind={'NP' if con in ('object', 'about') else con}",
                  f"capitals={p.is_headline[p.sentence[h]]} con={con}"]
    return found


def _below(p: Parse, head: int, key: tuple[str, str]) -> list[str]:
    """Name what depends on a possible cue."""
    lemma, pos = key
    found = [f"kid={d}" for d in sorted({p.dep[c] for c in p.children[head]})]
    for c in p.children[head]:
        dep = p.dep[c]
        if dep == "neg":
            found.append("negated")
        elif dep in ("dobj", "attr"):
            found += [f"{dep}={p.pos[c]}", f"{lemma}+{p.lemma[c]}", f"{dep} lemma={p.lemma[c]}"]
        elif dep in ("prep", "prt"):
            found += [f"{lemma} {p.lower[c]}", f"{pos} prep {p.lower[c]}"]
        elif dep == "aux":
            found.append(f"aux={p.lower[c]}")
        elif dep in ("ccomp", "xcomp"):
            found.append(f"{dep} size={min((p.right[c] - p.left[c]) // 3, 4)}")
    return found


def start_candidates(p: Parse, head: int) -> list[int]:
    """Where the cue of ``head`` may begin."""
    limit = max(p.sentences[p.sentence[head]][0], head - _REACH_BACK)
    return list(range(head, limit - 1, -1))


def start_features(scene: Scene, head: int, first: int) -> list[str]:
    """Name what speaks for a cue that begins at ``first``."""
    p = scene.parse
    taken = " ".join(p.dep[t] if p.head[t] == head else p.dep[t] + "*" for t in range(first, head))
    begin = f"{p.dep[first]} {p.lower[first]}" if first < head else "head"
    before = first - 1
    outside = p.dep[before] if before >= 0 and p.head[before] == head else "-"
    outside_word = p.lower[before] if outside in ("advmod", "aux", "neg", "auxpass", "det", "amod") else ""
    pos = p.pos[head]
    return [f"taken={taken}", f"taken={taken} {pos}", f"begin={begin}", f"outside={outside}",
            f"outside={outside} {outside_word}", f"outside={outside} {pos}",
            f"punct={sum(not p.is_word[t] for t in range(first, head))}", f"dep={p.dep[head]} taken={taken}"]


def end_candidates(scene: Scene, head: int) -> list[int]:
    """Where the cue of ``head`` may end: at the head, or at a word soon after it, but before a quotation."""
    p = scene.parse
    limit = min(p.sentences[p.sentence[head]][1], head + _REACH + 1, len(p))
    found = [head]
    for token in range(head + 1, limit):
        if token in scene.starts or scene.quoted[token] != scene.quoted[head]:
            break
        if p.is_word[token]:
            found.append(token)
        elif p.words[token] in (".", ";", ":", "?", "!"):
            break
    return found


def end_features(scene: Scene, f: Frame, last: int) -> list[str]:
    """Name what speaks for a cue that ends at ``last``."""
    p, head = scene.parse, f.head
    lemma, pos = p.lemma[head], p.pos[head]
    inner = range(head + 1, last + 1)
    taken = " ".join(p.dep[t] for t in inner)
    nxt = scene.next_word(last)
    follows = "end" if nxt >= len(p) or p.sentence[nxt] != p.sentence[head] else p.dep[nxt]
    direct = nxt < len(p) and p.head[nxt] == head
    con = f.construction
    cut = sum(1 for t in inner if p.right[t] > last and t != head)
    found = [f"taken={taken}", f"size={len(inner)}", f"con={con} taken={taken}", f"follows={follows} {direct}",
             f"follows={follows} taken={taken}", f"cut={min(cut, 3)}", f"con={con} some={last > head}",
             f"pos={pos} taken={taken}", f"lemma={lemma} some={last > head}"]
    if nxt < len(p):
        found.append(f"next={p.lower[nxt]}")
        found.append(f"lemma={lemma} next={p.lower[nxt]}")
        if p.dep[nxt] in ("ccomp", "dobj", "pobj") or nxt in scene.starts:
            found.append(f"next starts {nxt in scene.starts}")
    if last > head:
        end = p.dep[last]
        found += [f"last={end} {p.lower[last]}", f"last={end} {p.pos[last]}", f"last={end} con={con}",
                  f"lemma={lemma} last={p.lower[last]}", f"lemma={lemma} words={' '.join(p.lower[t] for t in inner)}",
                  f"words={' '.join(p.lower[t] for t in inner)}", f"entity={p.entity[last]} last={end}",
                  f"after={p.dep[head + 1]} {p.lower[head + 1]}", f"after={p.dep[head + 1]} last={end} con={con}"]
        if last > head + 1:
            found.append(f"pair={p.lower[head + 1]} {p.lemma[last]}")
        found += [f"punct={p.words[t]}" for t in inner if not p.is_word[t]]
    return found


def extent(scene: Scene, f: Frame, ask: Mapping[str, loglinear.Question]) -> tuple[int, int, float]:
    """Choose first and last token of the cue of ``f.head``; also the probability of both choices."""
    pointed = scene.pointers.at(f.head)["cue"]
    starts = start_candidates(scene.parse, f.head)
    a, sure_a = ask["cue_start"].best([start_features(scene, f.head, s) for s in starts], pointed.begins(starts))
    ends = end_candidates(scene, f.head)
    b, sure_b = ask["cue_end"].best([end_features(scene, f, e) for e in ends], pointed.stops(ends))
    return starts[a], ends[b], sure_a * sure_b


def find(scene: Scene, ask: Mapping[str, loglinear.Question], threshold: float,
         within: float | None = None) -> list[Cue]:
    """Find the cues of a document, in text order.

    Parameters
    ----------
    ask
        The questions, as :func:`kg.attribution.loglinear.questions` gives them.
    threshold
        The least probability of a cue.
    within
        The least probability, by rules alone, of one that is only good inside another one's content ("he said they
        claim that ..."): annotators mark few of those, and the tagger has learned it. That they leave them out speaks
        against marking such a cue elsewhere, not against it. It is ``nested``: it stands outside quotations and has a
        clause and a lemma that mostly is a cue. A quarter will do for a lemma that nearly always is one with its object
        ("he accused them of theft, the paper reported").
    """
    lexicon, odds = load(), scene.pointers.odds
    found = []
    for f, key in possible(scene, lexicon):
        speaks = features(scene, f, key, lexicon)
        sure = loglinear.probability(ask["cue"].score(speaks, odds[f.head] if odds else 0.0))
        nested = sure < threshold
        if nested:
            rate = rates(lexicon.get(key), f.construction)[1]
            alone = loglinear.probability(loglinear.total(speaks, ask["cue"].weights))
            if within is None or scene.quoted[f.head] >= 0 or not _is_nested(f.construction, rate, alone / within):
                continue
            sure = max(alone, rate / 2 if f.construction == "object" else 0.0)
        first, last, sharp = extent(scene, f, ask)
        found.append(Cue(f, first, last, sure, sharp, nested))
    return found


def _is_nested(construction: str, rate: float, share: float) -> bool:
    """Whether a cue is good inside another one's content; ``share`` is its probability as a part of that asked for."""
    if construction in _CLAUSES:
        return share >= 1 and rate > _MOSTLY
    return construction == "object" and share >= 1 / 4 and rate > _NEARLY_ALWAYS
