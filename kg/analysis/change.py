"""Change over time: who turned from for to against, or from against to for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.analysis.network import ACTUAL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kg.records import Modality, Statement


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of one actor's position towards another between two dates on which articles tell of it.

    ``before`` and ``after`` are the signed weights of these dates; ``statements`` are the ids that they rest on.
    """

    subject: str
    subject_name: str
    object: str
    object_name: str
    last: str
    first: str
    before: float
    after: float
    statements: tuple[str, ...]


def shifts(statements: Iterable[Statement], modalities: Collection[Modality] | None = ACTUAL) -> list[Shift]:
    r"""Find the changes of sign in what is published about each ordered pair.

    On each date *t* on which statements from *i* to *j* are published,

    .. math:: w_{ij}(t) = \sum_{s: i \to j,\ t_s = t} p_s c_s

    with polarity :math:`p_s` and confidence :math:`c_s`. Dates without weight are passed over; a shift is a pair of
    successive dates whose weights have opposite signs. The date is the article's, not that of the events it tells of.

    Parameters
    ----------
    statements
        Any iterable; read once, not changed. Those without a date or without two actors are left out.
    modalities
        The statements that count; only those that are ``actual`` unless told otherwise, None for all.

    Returns
    -------
    list of Shift
        By date, then by name.
    """
    dated: dict[tuple[str, str], dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for statement in statements:
        published = statement.document.published
        if statement.subject and statement.object and published and statement.polarity and (
                modalities is None or statement.modality in modalities):
            dated[statement.subject.id, statement.object.id][published[:10]].append(statement)
    found = [shift for days in dated.values() for shift in _turns(days)]
    return sorted(found, key=lambda s: (s.first, s.subject_name, s.object_name, s.subject, s.object))


def _turns(days: dict[str, list[Statement]]) -> Iterable[Shift]:
    weights = [(day, weight) for day in sorted(days) if (weight := _weight(days[day]))]
    for (last, before), (first, after) in pairwise(weights):
        if before * after < 0:
            premises = [*days[last], *days[first]]
            subject, target = premises[-1].subject, premises[-1].object
            if subject and target:
                yield Shift(subject.id, subject.name, target.id, target.name, last, first, before, after,
                            tuple(statement.id for statement in premises))


def _weight(statements: list[Statement]) -> float:
    return round(sum((statement.polarity or 0) * statement.confidence for statement in statements), 9)
