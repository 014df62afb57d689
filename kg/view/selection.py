"""Which statements a page shows, when there are more than a browser can hold."""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.records import Statement

MOST = 20_000  #: statements that a page holds


def best_known(read: Callable[[], Iterable[Statement]], most: int = MOST) -> tuple[list[Statement], int]:
    """All statements, or, if they are more, so many of those between the actors that are spoken of or speak most.

    Parameters
    ----------
    read
        Gives the statements; called again if they are too many, so that hardly more than ``most`` are ever held.
    most
        How many to choose.

    Returns
    -------
    tuple of list of Statement, int
        The chosen ones, in their order, and how many there are in all.
    """
    numbers: dict[str, int] = {}
    counts: Counter[int] = Counter()
    roles = array("l")
    held: list[Statement] = []
    for statement in read():
        if len(held) <= most:
            held.append(statement)
        actors = [numbers.setdefault(actor.id, len(numbers)) if actor else -1
                  for actor in (statement.subject, statement.object, statement.speaker)]
        roles.extend(actors)
        counts.update({number for number in actors if number >= 0})
    total = len(roles) // 3
    if total <= most:
        return held, total
    del held
    rank = np.full(len(numbers) + 1, -1)  # the last, for no actor
    for place, number in enumerate(sorted(counts, key=lambda number: (-counts[number], number))):
        rank[number] = place
    least_known = rank[np.array(roles).reshape(-1, 3)].max(axis=1)
    least_known[least_known < 0] = len(numbers)  # between no actors at all
    chosen = set(np.argsort(least_known, kind="stable")[:most].tolist())
    return [statement for number, statement in enumerate(read()) if number in chosen], total
