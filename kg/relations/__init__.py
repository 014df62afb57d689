"""Who does what to whom: frames over clauses (:mod:`kg.relations.relate`), judgements (:mod:`kg.relations.judge`).

A learned model is heard beside them (:mod:`kg.relations.fusion`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.nlp import clauses, control
from kg.relations import frames, fusion, judge, relate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.nlp.encoder import Heads
    from kg.nlp.times import TimeExpression
    from kg.nlp.tree import Tree
    from kg.records import Clause, Mention, Relation


def read(tree: Tree, text: str, mentions: Sequence[Mention], times: Sequence[TimeExpression] = (),
         windows: Sequence[Heads] = ()) -> list[Relation]:
    """All relations between actors in a parsed text: by rules and, where the encoder has read it, the learned model."""
    found, relations = by_rules(tree, text, mentions, times)
    return fusion.fuse(tree, text, found, mentions, relations, windows) if windows else relations


def by_rules(tree: Tree, text: str, mentions: Sequence[Mention],
             times: Sequence[TimeExpression] = ()) -> tuple[list[Clause], list[Relation]]:
    """The clauses of a parsed text, and the relations that rules find in them."""
    table = frames.load()
    found = clauses.clauses(tree, table.nominals, control.load())
    return found, relate.relate(tree, text, found, mentions, table, times) + judge.judge(tree, text, found, mentions)
