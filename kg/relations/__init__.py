"""Who does what to whom: frames over clauses (:mod:`kg.relations.relate`), judgements (:mod:`kg.relations.judge`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.nlp import clauses, control
from kg.relations import frames, judge, relate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.nlp.times import TimeExpression
    from kg.nlp.tree import Tree
    from kg.records import Mention, Relation


def read(tree: Tree, text: str, mentions: Sequence[Mention], times: Sequence[TimeExpression] = ()) -> list[Relation]:
    """All relations between actors in a parsed text, in text order."""
    table = frames.load()
    found = clauses.clauses(tree, table.nominals, control.load())
    return relate.relate(tree, text, found, mentions, table, times) + judge.judge(tree, text, found, mentions)
