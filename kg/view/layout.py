"""Places the nodes of a picture before it is drawn: friends near, foes far, components apart, nodes off each other."""

from __future__ import annotations

import math
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
    with attraction in the same proportion. Its long side is turned level, its outskirts are drawn in, and nodes are
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
    count = part.number_of_nodes()
    if count == 1:
        return dict.fromkeys(part, (0.0, 0.0))
    span = nx.Graph()
    span.add_nodes_from(sorted(part))
    for a, b, weight in sorted(part.edges(data="weight")):
        if a != b:
            length = _LENGTHS[(weight > 0) - (weight < 0)]
            span.add_edge(a, b, length=length, pull=1 / length)
    if count <= _SMALL:
        found = nx.kamada_kawai_layout(span, weight="length")
    else:
        found = nx.spring_layout(span, weight="pull", seed=7, iterations=80)
    lengths = [math.dist(found[a], found[b]) / data["length"] for a, b, data in span.edges(data=True)]
    scale = EDGE / (sum(lengths) / len(lengths) or 1.0)
    return {node: (float(x) * scale, float(y) * scale) for node, (x, y) in found.items()}


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
    radius = np.array([sizes.get(node, 8.0) for node in nodes])
    half = np.stack([radius + _ROOM / 2, radius + _ROOM / 2 - 4], axis=1)
    for _ in range(80):
        if not _push(at, half):
            break
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, at, strict=True)}


def _push(at: NDArray[np.float64], half: NDArray[np.float64]) -> bool:
    """Move the centres of overlapping boxes apart, in place; say whether any overlapped."""
    delta = at[:, None, :] - at[None, :, :]
    overlap = half[:, None, :] + half[None, :, :] - np.abs(delta)
    index = np.arange(len(at))
    overlap[index, index] = -1.0
    hit = (overlap > 0).all(axis=2)
    if not hit.any():
        return False
    sideways = overlap[:, :, 0] < overlap[:, :, 1]
    sign = np.where(delta == 0, np.sign(index[:, None] - index[None, :])[:, :, None], np.sign(delta))
    at[:, 0] += (np.where(hit & sideways, overlap[:, :, 0], 0.0) * sign[:, :, 0]).sum(axis=1) * 0.3
    at[:, 1] += (np.where(hit & ~sideways, overlap[:, :, 1], 0.0) * sign[:, :, 1]).sum(axis=1) * 0.3
    return True


def _packed(parts: list[dict[int, Position]]) -> dict[int, Position]:
    """Set components in centred rows, the largest first, in the width that leaves the picture largest on a screen."""
    if not parts:
        return {}
    boxes = [np.array(list(part.values())) for part in parts]
    sizes = [(float(width) + GAP, float(height) + GAP) for width, height in (np.ptp(box, axis=0) for box in boxes)]
    widths = np.cumsum([width for width, _ in sizes])[:12]
    choices = [_rows(sizes, max(float(wide), max(sizes)[0])) for wide in widths]
    rows = min(choices, key=lambda rows: _extent(rows, sizes))
    result: dict[int, Position] = {}
    top = 0.0
    for row in rows:
        left = -sum(sizes[number][0] for number in row) / 2
        for number in row:
            x0, y0 = boxes[number].min(axis=0)
            result |= {node: (x - x0 + left, y - y0 + top) for node, (x, y) in parts[number].items()}
            left += sizes[number][0]
        top += max(sizes[number][1] for number in row)
    at = np.array(list(result.values()))
    cx, cy = (at.min(axis=0) + at.max(axis=0)) / 2
    return {node: (round(x - cx, 1), round(y - cy, 1)) for node, (x, y) in result.items()}


def _rows(sizes: list[tuple[float, float]], wide: float) -> list[list[int]]:
    rows: list[list[int]] = [[]]
    for number, (width, _) in enumerate(sizes):
        if rows[-1] and sum(sizes[other][0] for other in rows[-1]) + width > wide:
            rows.append([])
        rows[-1].append(number)
    return rows


def _extent(rows: list[list[int]], sizes: list[tuple[float, float]]) -> float:
    """How far the picture must be shrunk to fit a stage a little wider than high."""
    width = max(sum(sizes[number][0] for number in row) for row in rows)
    return max(width / 1.15, sum(max(sizes[number][1] for number in row) for row in rows))
