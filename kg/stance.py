"""Attitude between two marked mentions, both directions, by the same rules that read articles.

What the rules find between the two decides. Where they find nothing in either direction, the frame of the predicate
that governs both still names the likeliest relation from the first to the second, but no attitude.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kg import ontology, relations
from kg.errors import InputError
from kg.nlp import clauses, control, model
from kg.nlp.tree import Tree
from kg.records import Entity, Mention, MentionKind, Modality, Span
from kg.relations import frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

    from kg.records import Relation

Pair = dict[str, Any]
LABELS = {1: "positive", 0: "neutral", -1: "negative"}
#: Share of the labels where the rules find nothing: directions of the pairs in the training part of DSE.
PRIOR = {"positive": 0.05, "neutral": 0.88, "negative": 0.07}
PRONOUNS = frozenset({"he", "she", "it", "they", "his", "her", "its", "their"})
BATCH = 64


def judge(pairs: Iterable[Pair], nlp: Language | None = None) -> Iterator[Pair]:
    """Each pair with ``p_to_q`` and ``q_to_p`` added, one for one and in order.

    Parameters
    ----------
    pairs
        Objects with ``text``, ``p`` and ``q``; the latter are [start, end] offsets into the text.
    nlp
        The spaCy pipeline; by default the best installed English one.

    Raises
    ------
    InputError
        For an object that lacks a key or whose offsets lie outside its text; ``where`` is its number.
    """
    nlp = nlp or model.load(fast=True)
    checked = ((_check(pair, number)["text"], pair) for number, pair in enumerate(pairs, 1))
    for doc, pair in nlp.pipe(checked, as_tuples=True, batch_size=BATCH):
        forth, back = _between(doc, pair["p"], pair["q"])
        yield {**pair, "p_to_q": forth, "q_to_p": back}


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


def _between(doc: Doc, p: list[int], q: list[int]) -> tuple[Pair, Pair]:
    tree = Tree.of(doc)
    mentions = [_mention(doc, tree, p, "p"), _mention(doc, tree, q, "q")]
    found = relations.read(tree, doc.text, [*mentions, *_pronouns(doc, tree, mentions)])
    forth = _surest(found, mentions[0], mentions[1], tree)
    back = _surest(found, mentions[1], mentions[0], tree)
    if forth is None and back is None:
        return _neutral(_likeliest(mentions[0], mentions[1], tree)), _neutral(None)
    return _attitude(forth), _attitude(back)


def _mention(doc: Doc, tree: Tree, place: list[int], name: str) -> Mention:
    """The marked words as a mention of an actor of their own."""
    tokens = [i for i in range(len(tree.start)) if tree.start[i] < place[1] and tree.end[i] > place[0]] or [0]
    root = next((i for i in tokens if tree.head[i] not in tokens or tree.head[i] == i), tokens[-1])
    span = Span.of(doc.text, *place)
    return Mention(span, span, MentionKind.NAME, tokens[0], tokens[-1] + 1, root, Entity(name, span.text))


def _pronouns(doc: Doc, tree: Tree, mentions: list[Mention]) -> Iterator[Mention]:
    """Pronouns that take up the subject of a verb above them: "*Farc* said *it* will release ..."."""
    for i, word in enumerate(tree.lower):
        if word in PRONOUNS:
            own = tree.head[i]
            above = (own, *tree.ancestors(own)) if tree.dep[i] == "poss" else tree.ancestors(own)
            subjects = {s for a in above for s in tree.kids(a, "nsubj", "nsubjpass")} - {i}
            for mention in mentions:
                if any(mention.start_token <= s < mention.end_token for s in subjects):
                    span = Span.of(doc.text, tree.start[i], tree.end[i])
                    yield Mention(span, span, MentionKind.PRONOUN, i, i + 1, i, mention.entity, 0.8)
                    break


def _surest(found: list[Relation], subject: Mention, target: Mention, tree: Tree) -> Relation | None:
    """The surest relation from one to the other."""
    own = [r for r in found if r.object and r.object.entity == target.entity
           and (r.subject or _voice(r.root, (subject, target), tree) or target).entity == subject.entity]
    return max(own, key=lambda r: r.confidence, default=None)


def _neutral(predicate: str | None) -> Pair:
    return {"label": "neutral", "scores": dict(PRIOR), "predicate": predicate}


def _attitude(best: Relation | None) -> Pair:
    """A relation as label, scores and predicate."""
    if best is None:
        return _neutral(None)
    kind = ontology.relations()[best.predicate]
    label = LABELS[0 if best.negated else kind.polarity]
    left = round(1.0 - best.confidence * 0.9, 3)
    scores = {name: round(left * (0.8 if name == "neutral" else 0.2), 3) for name in PRIOR if name != label}
    scores[label] = round(1.0 - sum(scores.values()), 3)
    return {"label": label, "scores": {name: scores[name] for name in PRIOR}, "predicate": _event(best)}


def _voice(root: int, mentions: tuple[Mention, ...], tree: Tree) -> Mention | None:
    """Which of the mentions says the words at ``root``: the subject of the nearest verb above them."""
    for i in tree.ancestors(root):
        for subject in tree.kids(i, "nsubj"):
            for mention in mentions:
                if mention.start_token <= subject < mention.end_token:
                    return mention
    return None


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
