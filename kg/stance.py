"""Attitude between two marked mentions, both directions, by the rules that read articles and the learned model.

In each direction the three signs of an attitude are weighed log-linearly: what the model says of attitude and of
relation, and what a rule has found. The weights are in ``stance.csv``, fitted by ``kg.lab.stance``. What a rule has
found to be negated, possible or asked for is no attitude, whatever the model says.

By rules alone, where they find nothing in either direction, the frame of the predicate that governs both still names
the likeliest relation from the first to the second, but no attitude.
"""

from __future__ import annotations

import math
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from kg import attribution, ontology, relations, resources
from kg.actors import coref
from kg.chances import log_odds
from kg.errors import DataError, InputError
from kg.nlp import clauses, control, encoder, model, pairs
from kg.nlp.tree import Tree
from kg.records import Entity, Mention, MentionKind, Modality, Relation, Span
from kg.relations import frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc

    from kg.nlp.pairs import Pairs, Side
    from kg.records import Attribution

Pair = dict[str, Any]
LABELS = {1: "positive", 0: "neutral", -1: "negative"}
#: Share of the labels where the rules find nothing: directions of the pairs in the training part of DSE.
PRIOR = {"positive": 0.05, "neutral": 0.88, "negative": 0.07}
PRONOUNS = frozenset({"he", "she", "it", "they", "his", "her", "its", "their"})
FIRST_PERSONS = frozenset({"i", "me", "my", "we", "us", "our"})
SECOND_PERSONS = frozenset({"you", "your", "yours", "yourself"})
#: How sure it is that whoever is told something is neither praised nor blamed by it.
SPOKEN_TO = 0.8
BATCH = 64
WORKERS = 2
TABLE = "stance.csv"
SIGNS = (-1, 0, 1)
#: What the weights belong to: the model's attitude and relation, a rule, and that no rule has found anything.
FEATURES = ("attitude", "relation", "rule", "silent")
#: What it counts, as log-odds, that a rule names a relation; and how much likelier than any relation "none" has to be:
#: two actors that somebody asks about are rarely beside each other by chance.
NAMED, NONE = "named", "none"
UNREAL = frozenset({Modality.POSSIBLE, Modality.CONDITIONAL, Modality.REQUESTED})
#: Log-odds of no attitude where a rule has found that there is none.
HELD = 2.0
LEAST = 1e-4


def judge(marked: Iterable[Pair], nlp: Language | None = None, fast: bool = False,
          asked: Pairs | None = None) -> Iterator[Pair]:
    """Each pair with ``p_to_q`` and ``q_to_p`` added, one for one and in order.

    Parameters
    ----------
    marked
        Objects with ``text``, ``p`` and ``q``; the latter are [start, end] offsets into the text.
    nlp
        The spaCy pipeline; by default the best installed English one.
    fast
        Whether rules stand alone, without the learned model.
    asked
        The learned model; by default the one that comes with the package.

    Raises
    ------
    InputError
        For an object that lacks a key or whose offsets lie outside its text; ``where`` is its number.
    """
    heard = None if fast else asked or pairs.shipped()
    waiting: deque[tuple[Pair, Future[tuple[Pair, Pair]]]] = deque()
    broken = None
    with ThreadPoolExecutor(WORKERS) as pool:  # the model reads pairs while spaCy parses others
        try:
            for doc, pair in parsed(marked, nlp or model.load(fast=True)):
                waiting.append((pair, pool.submit(_between, doc, pair, heard)))
                if len(waiting) > BATCH:
                    yield _told(*waiting.popleft())
        except InputError as error:
            broken = error  # those before it are answered first
        while waiting:
            yield _told(*waiting.popleft())
    if broken is not None:
        raise broken


def _told(pair: Pair, answer: Future[tuple[Pair, Pair]]) -> Pair:
    forth, back = answer.result()
    return {**pair, "p_to_q": forth, "q_to_p": back}


def parsed(marked: Iterable[Pair], nlp: Language) -> Iterator[tuple[Doc, Pair]]:
    """Each pair with its parsed text."""
    checked = ((_check(pair, number)["text"], pair) for number, pair in enumerate(marked, 1))
    yield from nlp.pipe(checked, as_tuples=True, batch_size=BATCH, disable=["ner"])


def _check(pair: Pair, number: int) -> Pair:
    where = f"pair {number}"
    if not isinstance(pair, dict) or not isinstance(pair.get("text"), str):
        raise InputError("has no text", where, 'give {"text": "...", "p": [start, end], "q": [start, end]}')
    for key in ("p", "q"):
        span = pair.get(key)
        if not (isinstance(span, list) and len(span) == 2 and all(type(n) is int for n in span)
                and 0 <= span[0] < span[1] <= len(pair["text"])):
            raise InputError(f"{key!r} is {span!r}, which is no place in its text", where, "give [start, end]")
    if pair["p"] == pair["q"]:
        raise InputError("'p' and 'q' are the same place", where, "mark two mentions")
    return pair


def _between(doc: Doc, pair: Pair, asked: Pairs | None) -> tuple[Pair, Pair]:
    tree = Tree.of(doc)
    mentions = marked(doc, tree, pair)
    rules = by_rules(doc, tree, mentions)
    if asked and (sides := by_model(doc, mentions, asked)):
        forth, back = (_joined(rule, side) for rule, side in zip(rules, sides, strict=True))
        return forth, back
    if rules == (None, None):
        return _neutral(_likeliest(mentions[0], mentions[1], tree)), _neutral(None)
    return _attitude(rules[0]), _attitude(rules[1])


def marked(doc: Doc, tree: Tree, pair: Pair) -> tuple[Mention, Mention]:
    """The two mentions of a pair."""
    return _mention(doc, tree, pair["p"], "p"), _mention(doc, tree, pair["q"], "q")


def by_rules(doc: Doc, tree: Tree, mentions: tuple[Mention, Mention]) -> tuple[Relation | None, Relation | None]:
    """The surest relation that rules find, each way."""
    said = attribution.attribute(doc, tree, [*mentions])
    named = coref.first_person([*mentions, *_pronouns(doc, tree, mentions)], said, doc)
    found = [_voiced(relation, said, mentions, tree) for relation in relations.read(tree, doc.text, named)]
    found += _addressed(doc, tree, mentions, said)
    return _surest(found, mentions[0], mentions[1]), _surest(found, mentions[1], mentions[0])


def by_model(doc: Doc, mentions: tuple[Mention, Mention], asked: Pairs) -> tuple[Side, Side] | None:
    """What the model says, each way: it looks at the whole text, or else at the sentences that hold both."""
    p, q = ((m.start_token, m.end_token) for m in mentions)
    windows = encoder.shipped().run(doc, encoder.MIDDLE)
    first, last = doc[min(p + q)].sent.start, doc[max(p + q) - 1].sent.end
    answers = asked.ask(windows, (0, len(doc)), [(p, q)]) or asked.ask(windows, (first, last), [(p, q)])
    return answers[0].sides if answers else None


# ---- joined ----------------------------------------------------------------------------------------------------------

@cache
def weights() -> tuple[np.ndarray, float, float]:
    """What :data:`FEATURES` count, and what :data:`NAMED` and :data:`NONE` do; from ``stance.csv``.

    Raises
    ------
    DataError
        If one is missing or no number.
    """
    found = {}
    for where, row in resources.table(resources.data(TABLE)):
        try:
            found[row["feature"]] = float(row["weight"])
        except (KeyError, ValueError):
            raise DataError("needs a feature and a weight", where, "run python -m kg.lab.stance") from None
    if missing := {*FEATURES, NAMED, NONE} - set(found):
        raise DataError(f"lacks {', '.join(sorted(missing))}", TABLE, "run python -m kg.lab.stance")
    return np.array([found[name] for name in FEATURES]), found[NAMED], found[NONE]


def features(rule: Relation | None, side: Side) -> np.ndarray:
    """What speaks for each of :data:`SIGNS`: a row a sign, a column each of :data:`FEATURES`."""
    polarities = np.array([ontology.relations()[name].polarity if name else 0 for name in pairs.RELATIONS])
    found = _polarity(rule) if rule else None
    rows = [(math.log(max(side.attitude[sign], LEAST)),
             math.log(max(float(side.relations[polarities == sign].sum()), LEAST)),
             log_odds(rule.confidence) if rule and sign == found else 0.0,
             float(rule is None and sign == 0)) for sign in SIGNS]
    return np.array(rows)


def held(rule: Relation | None) -> bool:
    """Whether a rule has found that a relation is no fact."""
    return rule is not None and (rule.negated or rule.modality in UNREAL)


def settled(odds: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Odds of :data:`SIGNS` (last axis), where rules that hold (the axes before) leave no attitude likely."""
    none = odds[..., SIGNS.index(0), None]
    return np.where(held[..., None] & (np.array(SIGNS) != 0), np.minimum(odds, none - HELD), odds)


def _polarity(rule: Relation) -> int:
    return 0 if held(rule) else ontology.relations()[rule.predicate].polarity


def _joined(rule: Relation | None, side: Side) -> Pair:
    """Label, scores and predicate of one direction."""
    counts, named, none = weights()
    odds = settled(features(rule, side) @ counts, np.array(held(rule)))
    chances = np.exp(odds - odds.max())
    chances /= chances.sum()
    scores = {LABELS[sign]: round(float(chance), 3) for sign, chance in zip(SIGNS, chances, strict=True)}
    return {"label": LABELS[SIGNS[int(odds.argmax())]], "scores": {name: scores[name] for name in PRIOR},
            "predicate": _predicate(rule, side, named, none)}


def _predicate(rule: Relation | None, side: Side, named: float, none: float) -> str | None:
    """The likeliest relation, unless there is clearly none; what a rule has found to be no fact keeps its name."""
    if rule is not None and held(rule):
        return _event(rule)
    odds = np.log(np.maximum(side.relations, LEAST))
    odds[pairs.RELATIONS.index(None)] -= none
    if rule is not None:
        odds[pairs.RELATIONS.index(_event(rule))] += named
    return pairs.RELATIONS[int(odds.argmax())]


def _mention(doc: Doc, tree: Tree, place: list[int], name: str) -> Mention:
    """The marked words as a mention of an actor of their own."""
    tokens = [i for i in range(len(tree.start)) if tree.start[i] < place[1] and tree.end[i] > place[0]] or [0]
    root = next((i for i in tokens if tree.head[i] not in tokens or tree.head[i] == i), tokens[-1])
    span = Span.of(doc.text, *place)
    return Mention(span, span, MentionKind.NAME, tokens[0], tokens[-1] + 1, root, Entity(name, span.text))


def _pronouns(doc: Doc, tree: Tree, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """First persons, and pronouns that take up the subject of a verb above them: "*Farc* said *it* will release"."""
    for i, word in enumerate(tree.lower):
        if word in PRONOUNS:
            own = tree.head[i]
            above = (own, *tree.ancestors(own)) if tree.dep[i] == "poss" else tree.ancestors(own)
            subjects = {s for a in above for s in tree.kids(a, "nsubj", "nsubjpass")} - {i}
            taken_up = next((m for m in mentions if any(m.start_token <= s < m.end_token for s in subjects)), None)
            if taken_up is not None:
                yield _pronoun(doc, tree, i, taken_up.entity)
        elif word in FIRST_PERSONS:
            yield _pronoun(doc, tree, i, None)


def _pronoun(doc: Doc, tree: Tree, i: int, entity: Entity | None) -> Mention:
    span = Span.of(doc.text, tree.start[i], tree.end[i])
    return Mention(span, span, MentionKind.PRONOUN, i, i + 1, i, entity, 0.8)


def _voiced(relation: Relation, said: Sequence[Attribution], mentions: Sequence[Mention], tree: Tree) -> Relation:
    """A judgement without a subject as that of who says it, or else of the subject of the nearest verb above it."""
    if relation.subject is not None:
        return relation
    around = [a for a in said if any(part.contains(relation.trigger) for part in a.content)]
    inner = min(around, key=lambda a: sum(part.end - part.start for part in a.content), default=None)
    if inner is not None and inner.speaker is not None:
        subject = next((m for m in mentions if m.entity == inner.speaker), None)
    else:
        above = [s for i in tree.ancestors(relation.root) for s in tree.kids(i, "nsubj", "nsubjpass")]
        subject = next((m for s in above for m in mentions if m.start_token <= s < m.end_token), None)
        if subject is None:  # a headline: "Rome: Paris lied"
            subject = next((m for m in mentions if tree.lower[m.end_token:m.end_token + 1] == [":"]
                            and m.end_token < relation.root), None)
    return replace(relation, subject=subject)


def _addressed(doc: Doc, tree: Tree, mentions: Sequence[Mention], said: Sequence[Attribution]) -> Iterator[Relation]:
    """Who is told something that is not about them is spoken to: "*We stand by our decision*, Rome told *Paris*"."""
    for one in said:
        speaker = next((m for m in mentions if m.entity == one.speaker), None)
        if speaker is None or one.root is None or one.cue is None:
            continue
        told = [*tree.kids(one.root, "dobj", "dative", "iobj"),
                *(o for p in tree.kids(one.root, "prep", "dative") if tree.lower[p] == "to"
                  for o in tree.kids(p, "pobj"))]
        inside = [i for i in range(len(tree.start)) for part in one.content
                  if part.start <= tree.start[i] < part.end]
        if any(tree.lower[i] in SECOND_PERSONS for i in inside):
            continue
        for hearer in mentions:
            heard = hearer is not speaker and any(hearer.start_token <= i < hearer.end_token for i in told)
            if heard and hearer.root not in inside:
                yield Relation(speaker, "consults", hearer, one.cue, one.root, confidence=SPOKEN_TO)


def _surest(found: Sequence[Relation], subject: Mention, target: Mention) -> Relation | None:
    """The surest relation from one to the other; an attitude outweighs what is none."""
    own = [r for r in found if r.subject and r.subject.entity == subject.entity
           and r.object and r.object.entity == target.entity]
    return max(own, key=lambda r: (_polarity(r) != 0, r.confidence), default=None)


def _neutral(predicate: str | None) -> Pair:
    return {"label": "neutral", "scores": dict(PRIOR), "predicate": predicate}


def _attitude(best: Relation | None) -> Pair:
    """A relation as label, scores and predicate."""
    if best is None:
        return _neutral(None)
    label = LABELS[_polarity(best)]
    left = round(1.0 - best.confidence * 0.9, 3)
    scores = {name: round(left * (0.8 if name == "neutral" else 0.2), 3) for name in PRIOR if name != label}
    scores[label] = round(1.0 - sum(scores.values()), 3)
    return {"label": label, "scores": {name: scores[name] for name in PRIOR}, "predicate": _event(best)}


def _event(relation: Relation) -> str:
    """The event that a relation amounts to: refusing a good turn is rejecting, announcing harm is threatening."""
    polarity = ontology.relations()[relation.predicate].polarity
    if relation.negated:
        return "rejects" if polarity > 0 or relation.predicate == "consults" else relation.predicate
    if relation.modality is Modality.REQUESTED:
        return "requests"
    if relation.modality is Modality.PLANNED and relation.predicate not in ("rejects", "criticizes", "requests"):
        return "agrees" if polarity >= 0 else "threatens"
    return relation.predicate


def _likeliest(subject: Mention, target: Mention, tree: Tree) -> str | None:
    """The relation of the nearest predicate above the target, else above the subject, that a frame knows."""
    table = frames.load()
    found = {c.root: c for c in clauses.clauses(tree, table.nominals, control.load())}
    for mention in (target, subject):
        for i in tree.ancestors(mention.root):
            if i in found and (frame := next(table.of(found[i], tree), None)):
                return frame.predicate
    return None
