"""Who speaks, who is spoken of, who stands how to whom: each measure with its formula and reference.

Measures of speech read statements; measures of the network read a projection
(:func:`kg.analysis.network.projection`). Results are sorted by value, largest first, then by name and id, so
that equal input gives equal output.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from kg.analysis.network import signed_pairs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.records import Entity, Statement


@dataclass(frozen=True, slots=True)
class Voice:
    """How much an actor says: statements, the documents that carry them, the actors they are about."""

    id: str
    name: str
    statements: int
    documents: int
    about: int


@dataclass(frozen=True, slots=True)
class Prominence:
    """How much an actor is spoken of: statements, and the distinct voices (speakers, or outlets) behind them."""

    id: str
    name: str
    statements: int
    voices: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Signed degree: how many ties and how much weight go out and come in, for and against."""

    id: str
    name: str
    out_positive: int
    out_negative: int
    in_positive: int
    in_negative: int
    out_weight: float
    in_weight: float


@dataclass(frozen=True, slots=True)
class Broker:
    """How far an actor stands between others: betweenness (0 to 1) and Burt's constraint (low: many gaps bridged)."""

    id: str
    name: str
    betweenness: float
    constraint: float | None


@dataclass(frozen=True, slots=True)
class Balance:
    """Signed triangles by their number of negative ties, and the share that is balanced (None: no triangle).

    ``degree`` counts ``+++`` and ``+--`` (Cartwright and Harary), ``weak_degree`` also ``---`` (Davis).
    """

    ppp: int
    ppn: int
    pnn: int
    nnn: int
    degree: float | None
    weak_degree: float | None


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """Share of ties that are answered (0 to 1), and of the answered pairs the share with equal sign (None: none)."""

    answered: float | None
    concordant: float | None


def voices(statements: Iterable[Statement]) -> list[Voice]:
    """Rank speakers by the number of their statements, with or without a relation.

    The article's own voice (no speaker) is left out. ``about`` counts the distinct other actors that the statements
    name as subject or object.
    """
    said: dict[str, list[Statement]] = defaultdict(list)
    names: dict[str, str] = {}
    for statement in statements:
        if statement.speaker:
            names.setdefault(statement.speaker.id, statement.speaker.name)
            said[statement.speaker.id].append(statement)
    ranked = [
        Voice(id, names[id], len(own), len({s.document.id for s in own}),
              len({actor.id for s in own for actor in _related(s)} - {id}))
        for id, own in said.items()
    ]
    return sorted(ranked, key=lambda v: (-v.statements, -v.documents, v.name, v.id))


def prominence(statements: Iterable[Statement]) -> list[Prominence]:
    """Rank actors by the number of statements that others make about them (as subject or object).

    What an actor says of itself does not count. Distinct voices are speakers; the article's own voice counts as its
    publisher (or, without one, its document).
    """
    counts: dict[str, int] = defaultdict(int)
    sources: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for statement in statements:
        speaker = statement.speaker.id if statement.speaker else None
        voice = speaker or f"outlet:{statement.document.publisher or statement.document.id}"
        for actor in {actor.id: actor for actor in _related(statement)}.values():
            if actor.id != speaker:
                names.setdefault(actor.id, actor.name)
                counts[actor.id] += 1
                sources[actor.id].add(voice)
    ranked = [Prominence(id, names[id], count, len(sources[id])) for id, count in counts.items()]
    return sorted(ranked, key=lambda p: (-p.voices, -p.statements, p.name, p.id))


def standing(graph: nx.DiGraph) -> list[Standing]:
    r"""Signed in- and out-degree of each node that has a tie.

    .. math:: d^+_{out}(i) = |\{j : w_{ij} > 0\}|, \quad d^-_{in}(i) = |\{j : w_{ji} < 0\}|, \quad
              s_{out}(i) = \sum_j w_{ij}, \quad s_{in}(i) = \sum_j w_{ji}

    Sorted by total number of signed ties.

    References
    ----------
    Wasserman, S. and Faust, K. (1994). *Social Network Analysis*, ch. 4.3. Cambridge University Press.
    """
    ranked = []
    for node in graph:
        sent = [weight for _, _, weight in graph.out_edges(node, data="weight")]
        received = [weight for _, _, weight in graph.in_edges(node, data="weight")]
        if sent or received:
            ranked.append(Standing(node, _name(graph, node), _above(sent), _below(sent), _above(received),
                                   _below(received), sum(sent), sum(received)))
    return sorted(ranked, key=lambda s: (-(s.out_positive + s.out_negative + s.in_positive + s.in_negative),
                                         s.name, s.id))


def brokers(graph: nx.DiGraph) -> list[Broker]:
    r"""Rank nodes by betweenness on the ties that are not hostile, with Burt's constraint beside it.

    Two nodes are tied when statements run between them in either direction and their weights do not add up to less
    than zero: a conversation, a meeting, support. With :math:`\sigma_{st}` shortest paths between *s* and *t*,
    :math:`\sigma_{st}(v)` of them through *v*, and *n* nodes,

    .. math:: c_B(v) = \frac{2}{(n-1)(n-2)} \sum_{s < t} \frac{\sigma_{st}(v)}{\sigma_{st}}, \qquad
              c(v) = \sum_{w \in N(v)} \Big(p_{vw} + \sum_u p_{vu} p_{uw}\Big)^2

    where :math:`p_{vw}` is the share of *v*'s ties (counted in statements) that it has with *w*. Nodes without a
    tie are left out; betweenness is measured within the network of those that have one.

    References
    ----------
    Freeman, L. C. (1977). A set of measures of centrality based on betweenness. *Sociometry* 40, 35-41.
    Brandes, U. (2001). A faster algorithm for betweenness centrality. *J. Mathematical Sociology* 25, 163-177.
    Burt, R. S. (2004). Structural holes and good ideas. *American Journal of Sociology* 110, 349-399.
    """
    contact = _contact(graph)
    if not contact:
        return []
    between = nx.betweenness_centrality(contact)
    constraint = nx.constraint(contact, weight="count")
    ranked = [Broker(node, _name(graph, node), between[node], float(constraint[node])) for node in contact]
    return sorted(ranked, key=lambda b: (-b.betweenness, b.constraint, b.name, b.id))


def balance(graph: nx.DiGraph) -> Balance:
    r"""Count balanced triangles of the undirected signed network.

    The sign of a pair is that of :math:`w_{ij} + w_{ji}`. A triangle is balanced when the product of its signs is
    positive; with :math:`T_k` triangles of *k* negative ties,

    .. math:: \beta = \frac{T_0 + T_2}{T_0 + T_1 + T_2 + T_3}, \qquad
              \beta_{weak} = \frac{T_0 + T_2 + T_3}{T_0 + T_1 + T_2 + T_3}

    References
    ----------
    Cartwright, D. and Harary, F. (1956). Structural balance. *Psychological Review* 63, 277-293.
    Davis, J. A. (1967). Clustering and structural balance in graphs. *Human Relations* 20, 181-187.
    """
    signs: dict[str, dict[str, bool]] = defaultdict(dict)
    for a, b, weight in signed_pairs(graph):
        signs[a][b] = signs[b][a] = weight > 0
    counts = [0, 0, 0, 0]
    for a, around in signs.items():
        for b in around:
            if b <= a:
                continue
            for c in around.keys() & signs[b].keys():
                if c > b:
                    counts[3 - (around[b] + around[c] + signs[b][c])] += 1
    total = sum(counts)
    ppp, ppn, pnn, nnn = counts
    return Balance(ppp, ppn, pnn, nnn, (ppp + pnn) / total if total else None,
                   (total - ppn) / total if total else None)


def reciprocity(graph: nx.DiGraph) -> Reciprocity:
    r"""Share of ties that run both ways, and how often both directions have one sign.

    With *L* directed ties, :math:`L^{\leftrightarrow}` of them answered, and *M* answered pairs whose both weights
    are not zero,

    .. math:: r = \frac{L^{\leftrightarrow}}{L}, \qquad
              c = \frac{|\{\{i, j\} : w_{ij} w_{ji} > 0\}|}{M}

    References
    ----------
    Garlaschelli, D. and Loffredo, M. I. (2004). Patterns of link reciprocity in directed networks.
    *Physical Review Letters* 93, 268701.
    """
    ties = [(a, b) for a, b in graph.edges if a != b]
    if not ties:
        return Reciprocity(None, None)
    mutual = [(a, b) for a, b in ties if graph.has_edge(b, a)]
    products = [graph.edges[a, b]["weight"] * graph.edges[b, a]["weight"] for a, b in mutual if a < b]
    signed = [product for product in products if product]
    return Reciprocity(len(mutual) / len(ties), _above(signed) / len(signed) if signed else None)


def _contact(graph: nx.DiGraph) -> nx.Graph:
    """Ties without hostility, undirected, weighted by statements, in an order that does not depend on the input's."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for a, b, data in graph.edges(data=True):
        if a != b:
            pair = (min(a, b), max(a, b))
            counts[pair] += data["count"]
            weights[pair] += data["weight"]
    contact = nx.Graph()
    contact.add_weighted_edges_from(
        ((a, b, counts[a, b]) for a, b in sorted(counts) if weights[a, b] >= 0), weight="count")
    return contact


def _related(statement: Statement) -> list[Entity]:
    return [actor for actor in (statement.subject, statement.object) if actor]


def _name(graph: nx.DiGraph, node: str) -> str:
    return str(graph.nodes[node].get("name", node))


def _above(weights: list[float]) -> int:
    return sum(weight > 0 for weight in weights)


def _below(weights: list[float]) -> int:
    return sum(weight < 0 for weight in weights)
