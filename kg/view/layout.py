"""Places the nodes of a picture before it is drawn: friends near, foes far, components apart, nodes off each other."""

from __future__ import annotations

import math
from itertools import count
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Position = tuple[float, float]

EDGE = 120.0  #: usual length of an edge, in pixels at zoom 1
GAP = 90.0  #: between components
_SMALL = 150  # above, minimising stress takes too long and a force-directed layout is drawn instead
_ROOM = 44.0  # between the rims of two nodes, for labels
_LENGTHS = {1: 1.0, 0: 1.2, -1: 1.6}  # of an edge, by the sign of its weight


def positions(graph: nx.Graph, sizes: Mapping[int, float]) -> dict[int, Position]:
    """Compute a position for each node of a signed network.

    A component of up to 150 nodes is laid out by stress (Kamada and Kawai), with pairs that are for each other one
    edge length apart, and pairs that are against each other 1.6; a larger one by forces (Fruchterman and Reingold)
    whose edges pull in the same proportion. Its long side is turned level, its outskirts are drawn in, and nodes are
    pushed off each other. Equal input gives equal output.

    Parameters
    ----------
    graph
        Undirected, edges with a signed ``weight``.
    sizes
        Radius of each node, in pixels at zoom 1.

    Returns
    -------
    dict
        x and y in pixels at zoom 1, y downwards, centred on 0.

    References
    ----------
    Kamada, T. and Kawai, S. (1989). An algorithm for drawing general undirected graphs.
    *Information Processing Letters* 31, 7-15.
    Fruchterman, T. and Reingold, E. (1991). Graph drawing by force-directed placement.
    *Software: Practice and Experience* 21, 1129-1164.
    """
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    return _packed([_spread(_level(_component(graph.subgraph(sorted(part)))), sizes) for part in parts])


def beside(placed: Mapping[int, Position], neighbours: list[int], number: int) -> Position:
    """Place a node that is not in the layout near the middle of its neighbours, each number at its own angle."""
    known = [placed[node] for node in neighbours if node in placed] or [(0.0, 0.0)]
    angle = number * 2.399963  # the golden angle: successive numbers never meet
    return (sum(x for x, _ in known) / len(known) + EDGE * math.cos(angle),
            sum(y for _, y in known) / len(known) + EDGE * math.sin(angle))


def _component(part: nx.Graph) -> dict[int, Position]:
    if part.number_of_nodes() == 1:
        return dict.fromkeys(part, (0.0, 0.0))
    span = nx.Graph()
    span.add_nodes_from(sorted(part))
    for a, b, weight in sorted(part.edges(data="weight")):
        if a != b:
            length = _LENGTHS[(weight > 0) - (weight < 0)]
            span.add_edge(a, b, length=length)
    found = nx.kamada_kawai_layout(span, weight="length") if len(span) <= _SMALL else _forced(span)
    lengths = [math.dist(found[a], found[b]) / data["length"] for a, b, data in span.edges(data=True)]
    scale = EDGE / (sum(lengths) / len(lengths) or 1.0)
    return {node: (float(x) * scale, float(y) * scale) for node, (x, y) in found.items()}


def _forced(span: nx.Graph, rounds: int = 90) -> dict[int, Position]:
    """Let nodes push each other off and edges pull towards their length, with steps that shorten."""
    nodes = {node: number for number, node in enumerate(span)}
    ends = np.array([(nodes[a], nodes[b]) for a, b in span.edges])
    lengths = np.array([length for *_, length in span.edges(data="length")])[:, None]
    at = np.random.default_rng(7).normal(size=(len(nodes), 2)) * math.sqrt(len(nodes)) / 2
    for step in np.linspace(math.sqrt(len(nodes)) / 8, 0.02, rounds):
        square = (at**2).sum(axis=1)
        near = 1 / np.maximum(square[:, None] + square[None, :] - 2 * at @ at.T, 0.01)
        np.fill_diagonal(near, 0.0)
        force = at * near.sum(axis=1)[:, None] - near @ at
        along = at[ends[:, 0]] - at[ends[:, 1]]
        pull = along * np.linalg.norm(along, axis=1)[:, None] / lengths
        np.add.at(force, ends[:, 0], -pull)
        np.add.at(force, ends[:, 1], pull)
        at += force * (np.minimum(np.linalg.norm(force, axis=1), step) / np.linalg.norm(force, axis=1))[:, None]
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, at, strict=True)}


def _level(placed: dict[int, Position]) -> dict[int, Position]:
    """Turn the longest side level and draw in what lies far out, so that the picture fills a screen."""
    nodes = list(placed)
    at = np.array([placed[node] for node in nodes])
    at -= at.mean(axis=0)
    if len(nodes) > 2:
        _, axes = np.linalg.eigh(at.T @ at)
        at = at @ axes[:, ::-1]
        at *= np.where(at[np.abs(at).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)  # eigenvectors come with either sign
    far = np.hypot(at[:, 0], at[:, 1])
    middle = float(np.median(far)) or 1.0
    at *= ((np.maximum(far, 1e-9) / middle) ** -0.35)[:, None]
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, at, strict=True)}


def _spread(placed: dict[int, Position], sizes: Mapping[int, float]) -> dict[int, Position]:
    """Push apart what overlaps, along the direction in which less movement is needed."""
    nodes = list(placed)
    at = np.array([placed[node] for node in nodes])
    half = np.array([sizes.get(node, 8.0) for node in nodes]) + _ROOM / 2
    for _ in range(120):
        if not _push(at, half):
            break
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, at, strict=True)}


def _push(at: NDArray[np.float64], half: NDArray[np.float64]) -> bool:
    """Move the centres of overlapping squares apart, in place; say whether any overlapped."""
    from scipy.spatial import cKDTree

    pairs = cKDTree(at).query_pairs(2 * float(half.max()), p=np.inf, output_type="ndarray")
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    delta = at[pairs[:, 0]] - at[pairs[:, 1]]
    overlap = (half[pairs[:, 0]] + half[pairs[:, 1]])[:, None] - np.abs(delta)
    hit = (overlap > 0).all(axis=1)
    pairs, delta, overlap = pairs[hit], delta[hit], overlap[hit]
    axis = overlap.argmin(axis=1)
    row = np.arange(len(pairs))
    move = np.zeros_like(delta)
    move[row, axis] = 0.4 * overlap[row, axis] * np.where(delta[row, axis] < 0, -1.0, 1.0)
    np.add.at(at, pairs[:, 0], move)
    np.add.at(at, pairs[:, 1], -move)
    return bool(len(pairs))


def _packed(parts: list[dict[int, Position]]) -> dict[int, Position]:
    """Set components around the largest, each at a near place where it is clear of all others."""
    from scipy.spatial import cKDTree

    result: dict[int, Position] = {}
    ring = 1
    for part in parts:
        at = np.array(list(part.values()))
        at -= (at.min(axis=0) + at.max(axis=0)) / 2
        if result:
            taken = cKDTree(np.array(list(result.values())))
            for number in count(max(1, 2 * ring // 3)):  # smaller components may fit further in, though seldom much
                places = _ring(number) + at
                clear = taken.query(places, p=np.inf)[0].min(axis=1) > GAP
                if clear.any():
                    at, ring = places[clear.argmax()], number
                    break
        result |= {node: (float(x), float(y)) for node, (x, y) in zip(part, at, strict=True)}
    if not result:
        return {}
    everything = np.array(list(result.values()))
    cx, cy = (everything.min(axis=0) + everything.max(axis=0)) / 2
    return {node: (round(x - cx, 1), round(y - cy, 1)) for node, (x, y) in result.items()}


def _ring(number: int) -> NDArray[np.float64]:
    """Give the places of a ring around the middle, a little further sideways than up and down; shape (24, 1, 2)."""
    angles = np.linspace(0, 2 * math.pi, 24, endpoint=False)
    return (np.stack([1.1 * np.cos(angles), np.sin(angles)], axis=1) * number * GAP / 3)[:, None, :]
