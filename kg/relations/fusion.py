"""Rules and learned model -> one relation: agreement makes it surer, and the model alone may add one.

The model (:mod:`kg.nlp.pairs`) is asked about every two actors that a sentence names. What it says of a relation that a
rule has found moves the confidence up or down; where no rule has told in a sentence what is done to an actor, its
likeliest relation is added if it is sure enough. It has no say on negation and modality: a relation that is negated,
possible, planned or requested stays as the rules have it, nothing is added to a negated clause, and what is added has
its clause's modality.

``fusion.csv`` holds the weights and the least chance of what is added; ``kg.lab.fusion`` fits them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from kg import ontology, resources
from kg.chances import log_odds, probability
from kg.errors import DataError
from kg.nlp import pairs
from kg.nlp.pairs import Place
from kg.records import Basis, EntityType, Mention, Modality, Relation, Span
from kg.relations.relate import fits, same

if TYPE_CHECKING:
    from kg.nlp.encoder import Heads
    from kg.nlp.tree import Tree
    from kg.records import Clause, Entity

TABLE = "fusion.csv"
#: What the weights belong to. Log-odds of a rule, and of what the model says: this relation, any relation, its sign;
#: then how sure it is who the actors are (a logarithm), whether both are of one country, how many of them are persons
#: or states, and whether the one that something is done to is only a place.
FEATURES = ("rule", "relation", "any", "sign", "mentions", "compatriots", "principals", "place", "bias")
#: The first of them, which can only speak for a relation.
EVIDENCE = 5
PRINCIPALS = frozenset({EntityType.PERSON, EntityType.GOVERNMENT, EntityType.COUNTRY})
#: Questions a sentence; of a list of twenty names, those that stand close together are asked about.
MOST = 60


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """What the model says of an actor towards another that the same sentence names."""

    subject: Mention
    object: Mention
    side: pairs.Side

    @property
    def relation(self) -> str:
        """The likeliest relation, if there is one at all."""
        return pairs.RELATIONS[1 + int(self.side.relations[1:].argmax())] or ""

    @property
    def chance(self) -> float:
        """How likely the model holds its relation."""
        return float(self.side.relations[1:].max())

    def features(self, predicate: str, rule: float = 0.5) -> np.ndarray:
        """What speaks for a relation from the one to the other, as :data:`FEATURES`."""
        relations = self.side.relations
        sign = self.side.attitude[ontology.relations()[predicate].polarity]
        chances = (rule, float(relations[pairs.RELATIONS.index(predicate)]), 1 - float(relations[0]), sign)
        actors = [mention.entity for mention in (self.subject, self.object) if mention.entity is not None]
        return np.array([
            *map(log_odds, chances), math.log(max(self.subject.confidence * self.object.confidence, 0.01)),
            actors[0].country is not None and actors[0].country == actors[-1].country,
            sum(actor.type in PRINCIPALS for actor in actors), actors[-1].type is EntityType.PLACE, 1.0], dtype=float)


@dataclass(frozen=True, slots=True)
class Weights:
    """What :data:`FEATURES` count for a relation that a rule has found, and for one that is added.

    ``least`` is the chance below which nothing is added.
    """

    found: np.ndarray
    added: np.ndarray
    least: float


@cache
def load() -> Weights:
    """Read ``fusion.csv``.

    Raises
    ------
    DataError
        If a row or a number is missing.
    """
    rows: dict[str, list[float]] = {}
    for where, row in resources.table(resources.data("relations", TABLE)):
        try:
            rows[row["case"]] = [float(row[name]) for name in (*FEATURES, "least")]
        except (KeyError, ValueError):
            raise DataError("a weight is no number", where, "run python -m kg.lab.fusion") from None
    if set(rows) != {"found", "added"}:
        raise DataError("needs the rows found and added", TABLE, "run python -m kg.lab.fusion")
    return Weights(np.array(rows["found"][:-1]), np.array(rows["added"][:-1]), rows["added"][-1])


def fuse(tree: Tree, text: str, clauses: Sequence[Clause], mentions: Sequence[Mention], relations: Sequence[Relation],
         windows: Sequence[Heads]) -> list[Relation]:
    """Relations that rules have found, as sure as the model makes them, and those that the model adds, in text order.

    Parameters
    ----------
    tree, text, clauses, mentions
        What the rules read.
    relations
        What they found.
    windows
        What the encoder gives for the text.
    """
    weights, asked = load(), opinions(tree, mentions, windows)
    found = [_heard(relation, opinion_of(relation, asked), weights) for relation in relations]
    above = {clause.root: clause for clause in clauses}
    added = [relation for opinion, clause in news(tree, asked.values(), relations, above)
             if (relation := _added(tree, text, opinion, clause, weights)) is not None]
    return sorted([*found, *added], key=lambda r: r.root)


def opinions(tree: Tree, mentions: Sequence[Mention], windows: Sequence[Heads]) -> dict[tuple[Place, Place], Opinion]:
    """What the model says of every two actors that a sentence names, by their places, in both directions."""
    by_sentence: dict[Place, list[Mention]] = {}
    for mention in mentions:
        if mention.entity is not None:
            by_sentence.setdefault(tree.sentence[mention.root], []).append(mention)
    found = {}
    for stretch, named in by_sentence.items():
        couples = [(a, b) for a, b in combinations(sorted(named, key=_place), 2)
                   if not same(a, b) and a.end_token <= b.start_token]
        couples = sorted(couples, key=lambda c: c[1].start_token - c[0].end_token)[:MOST]
        answers = pairs.shipped().ask(windows, stretch, [(_place(a), _place(b)) for a, b in couples])
        for (a, b), answer in zip(couples, answers, strict=False):
            for subject, target, side in ((a, b, answer.sides[0]), (b, a, answer.sides[1])):
                found[_place(subject), _place(target)] = Opinion(subject, target, side)
    return found


def opinion_of(relation: Relation, asked: Mapping[tuple[Place, Place], Opinion]) -> Opinion | None:
    """What the model says of a rule's two actors; None where it has no say."""
    if relation.subject is None or relation.object is None or relation.negated or (
            relation.modality is not Modality.ACTUAL):
        return None
    return asked.get((_place(relation.subject), _place(relation.object)))


def news(tree: Tree, asked: Iterable[Opinion], relations: Sequence[Relation],
         clauses: Mapping[int, Clause]) -> Iterator[tuple[Opinion, Clause]]:
    """The model's strongest opinion of each two actors in a sentence, with the clause it is about.

    Where a rule has told what is done to an actor, that stands alone. What is only a place does nothing, and a negated
    clause tells what is not so.
    """
    told = {(tree.sentence[r.root], r.object.entity) for r in relations if r.object}
    best: dict[tuple[Place, tuple[Entity | None, ...]], Opinion] = {}
    for opinion in asked:
        key = tree.sentence[opinion.subject.root], _actors(opinion)
        if (key[0], opinion.object.entity) not in told and fits(opinion.subject, subject=True) and (
                key not in best or best[key].chance < opinion.chance):
            best[key] = opinion
    for opinion in best.values():
        clause = _about(tree, opinion, clauses)
        if clause is not None and not clause.negated:
            yield opinion, clause


def _heard(relation: Relation, opinion: Opinion | None, weights: Weights) -> Relation:
    """A rule's relation after the model has been heard."""
    if opinion is None:
        return relation
    basis = Basis.BOTH if opinion.relation == relation.predicate else Basis.RULE
    chance = probability(weights.found @ opinion.features(relation.predicate, relation.confidence))
    return replace(relation, confidence=chance, basis=basis)


def _added(tree: Tree, text: str, opinion: Opinion, clause: Clause, weights: Weights) -> Relation | None:
    """The model's relation, if it is sure enough."""
    chance = probability(weights.added @ opinion.features(opinion.relation))
    if chance < weights.least:
        return None
    trigger = Span.of(text, tree.start[clause.root], tree.end[clause.root])
    return Relation(opinion.subject, opinion.relation, opinion.object, trigger, clause.root,
                    cameo=ontology.relations()[opinion.relation].cameo, modality=clause.modality, confidence=chance,
                    basis=Basis.MODEL)


def _about(tree: Tree, opinion: Opinion, clauses: Mapping[int, Clause]) -> Clause | None:
    """The lowest clause above both actors, else above either."""
    above = [[i for i in (m.root, *tree.ancestors(m.root)) if i in clauses] for m in (opinion.object, opinion.subject)]
    both = [i for i in above[0] if i in above[1]]
    return next((clauses[i] for i in (*both, *above[0], *above[1])), None)


def _actors(pair: Relation | Opinion) -> tuple[Entity | None, ...]:
    return tuple(m.entity if m is not None else None for m in (pair.subject, pair.object))


def _place(mention: Mention) -> Place:
    return mention.start_token, mention.end_token
