"""Camps: groups with friends inside and foes outside, found by signed modularity."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.analysis.network import signed_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx

_GAIN = 1e-12  # smaller gains are rounding errors and would make the search run in circles


@dataclass(frozen=True, slots=True)
class Camps:
    """A division of the signed network.

    ``members`` are tuples of node ids, the largest camp first; ``modularity`` is the signed modularity (-1 to 1),
    ``frustration`` the share of the ties' weight that crosses the division (0 to 1): negative within a camp or
    positive between two.
    """

    members: tuple[tuple[str, ...], ...]
    modularity: float
    frustration: float

    def of(self, node: str) -> int | None:
        """Give the number of the camp that a node is in, from 0; None if it has no signed tie."""
        return next((number for number, members in enumerate(self.members) if node in members), None)


def camps(graph: nx.DiGraph) -> Camps:
    r"""Divide the nodes that have a signed tie into camps.

    Maximises signed modularity over divisions :math:`c`, with :math:`w_{ij}` the sum of both directions, split
    into :math:`w^+_{ij}, w^-_{ij} \ge 0`, strengths :math:`s^\pm_i = \sum_j w^\pm_{ij}` and totals :math:`2W^\pm`:

    .. math:: Q = \frac{1}{2W^+ + 2W^-} \sum_{ij} \Big[ w_{ij} -
              \Big( \frac{s^+_i s^+_j}{2W^+} - \frac{s^-_i s^-_j}{2W^-} \Big) \Big] \delta(c_i, c_j)

    by moving single nodes, then merging whole camps, until neither gains (the local search of Doreian and Mrvar,
    without a fixed number of camps). Nodes are visited in a fixed order: equal graphs give equal camps. As every
    local search it may miss the best division; ``frustration`` tells how good the one found is.

    References
    ----------
    Gómez, S., Jensen, P. and Arenas, A. (2009). Analysis of community structure in networks of correlated data.
    *Physical Review E* 80, 016114.
    Doreian, P. and Mrvar, A. (1996). A partitioning approach to structural balance. *Social Networks* 18, 149-168.
    Aref, S. and Wilson, M. C. (2019). Balance and frustration in signed networks. *J. Complex Networks* 7, 163-189.
    """
    pairs = sorted((min(a, b), max(a, b), weight) for a, b, weight in signed_pairs(graph))
    if not pairs:
        return Camps((), 0.0, 0.0)
    division = _Division(pairs)
    while division.move_nodes() or division.merge_camps():
        pass
    groups: dict[int, list[str]] = defaultdict(list)
    for node, camp in division.camp.items():
        groups[camp].append(node)
    members = sorted((tuple(sorted(group)) for group in groups.values()), key=lambda group: (-len(group), group))
    return Camps(tuple(members), division.modularity(), frustration(pairs, division.camp))


def frustration(pairs: Sequence[tuple[str, str, float]], camp: Mapping[str, int]) -> float:
    r"""Share of the weight that a division leaves frustrated.

    .. math:: F = \frac{\sum_{c_i = c_j} w^-_{ij} + \sum_{c_i \ne c_j} w^+_{ij}}{\sum_{i<j} |w_{ij}|}

    References
    ----------
    Harary, F. (1959). On the measurement of structural balance. *Behavioral Science* 4, 316-323.
    """
    total = sum(abs(weight) for _, _, weight in pairs)
    wrong = sum(abs(weight) for a, b, weight in pairs if (camp[a] == camp[b]) != (weight > 0))
    return wrong / total if total else 0.0


class _Division:
    """The state of the search: the camp of each node, and the strengths of nodes and camps, for either sign."""

    def __init__(self, pairs: Sequence[tuple[str, str, float]]) -> None:
        self.around: dict[str, dict[str, float]] = defaultdict(dict)
        self.strength: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        for a, b, weight in pairs:
            self.around[a][b] = self.around[b][a] = weight
            for node in (a, b):
                plus, minus = self.strength[node]
                self.strength[node] = (plus + max(weight, 0.0), minus + max(-weight, 0.0))
        self.order = sorted(self.around, key=lambda node: (-sum(self.strength[node]), node))
        self.camp = {node: number for number, node in enumerate(self.order)}
        self.held = {number: self.strength[node] for number, node in enumerate(self.order)}
        self.size = dict.fromkeys(self.held, 1)
        self.total = (sum(s[0] for s in self.strength.values()), sum(s[1] for s in self.strength.values()))

    def move_nodes(self) -> bool:
        """Move each node to the neighbouring camp, or one of its own, where it gains most; say whether any moved."""
        moved = False
        for node in self.order:
            empty = max(self.held) + 1  # a number that no camp has
            home = self.camp[node]
            ties: dict[int, float] = defaultdict(float)
            for other, weight in self.around[node].items():
                ties[self.camp[other]] += weight
            self._shift(node, home, -1)
            value = {camp: self._value(self.strength[node], camp, ties[camp]) for camp in sorted({home, empty, *ties})}
            best = max(value, key=lambda camp: value[camp])
            if value[best] - value[home] <= _GAIN:
                best = home
            self.camp[node] = best
            self._shift(node, best, 1)
            moved |= best != home
        return moved

    def merge_camps(self) -> bool:
        """Merge the two tied camps that gain most by it; say whether any did."""
        ties: dict[tuple[int, int], float] = defaultdict(float)
        for a, around in self.around.items():
            for b, weight in around.items():
                if self.camp[a] < self.camp[b]:
                    ties[self.camp[a], self.camp[b]] += weight
        gains = {pair: self._value(self.held[pair[0]], pair[1], weight) for pair, weight in sorted(ties.items())}
        pair = max(gains, key=lambda pair: gains[pair], default=None)
        if pair is None or gains[pair] <= _GAIN:
            return False
        for node in self.order:
            if self.camp[node] == pair[1]:
                self._shift(node, pair[1], -1)
                self.camp[node] = pair[0]
                self._shift(node, pair[0], 1)
        return True

    def modularity(self) -> float:
        """Signed modularity of the division."""
        within = sum(weight for a, around in self.around.items() for b, weight in around.items()
                     if self.camp[a] == self.camp[b])
        expected = sum(self._expected(held, held) for held in self.held.values())
        return (within - expected) / sum(self.total)

    def _value(self, strength: tuple[float, float], camp: int, ties: float) -> float:
        """Tell what joining a camp is worth: the weight towards it beyond what chance would give."""
        return ties - self._expected(strength, self.held.get(camp, (0.0, 0.0)))

    def _expected(self, one: tuple[float, float], other: tuple[float, float]) -> float:
        plus, minus = self.total
        return (one[0] * other[0] / plus if plus else 0.0) - (one[1] * other[1] / minus if minus else 0.0)

    def _shift(self, node: str, camp: int, sign: int) -> None:
        plus, minus = self.held.get(camp, (0.0, 0.0))
        more = self.strength[node]
        self.held[camp] = (plus + sign * more[0], minus + sign * more[1])
        self.size[camp] = self.size.get(camp, 0) + sign
        if not self.size[camp]:
            del self.held[camp], self.size[camp]  # an empty camp keeps no rounding errors
