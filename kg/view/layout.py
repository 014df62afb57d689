"""Places the nodes of a picture before it is drawn: friends near, foes far, components apart, labels off each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Position = tuple[float, float]

EDGE = 190.0  #: usual length of an edge, in pixels at zoom 1
GAP = 110.0  #: between components
_SMALL = 150  # above, stress majorisation takes too long and a force-directed layout is drawn instead
_LETTER = 7.2  # width of a letter of a label
_LINE = 46.0  # height of a node with its label below


def positions(graph: nx.Graph, labels: Mapping[int, str]) -> dict[int, Position]:
    """Compute a position for each node of a signed network.

    A component of up to 150 nodes is laid out by stress (Kamada and Kawai), with pairs that are for each other one
    edge length apart, and pairs that are against each other two; a larger one by forces (Fruchterman and Reingold)
    with attraction in the same proportion. Then labels are pushed off each other. Equal input gives equal output.

    Parameters
    ----------
    graph
        Undirected, edges with a signed ``weight``.
    labels
        The text under each node.

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
    return _packed([_spread(_component(graph.subgraph(sorted(part))), labels) for part in parts])


def beside(placed: Mapping[int, Position], neighbours: list[int], number: int) -> Position:
    """Place a node that is not in the layout near the middle of its neighbours, each number at its own angle."""
    known = [placed[node] for node in neighbours if node in placed] or [(0.0, 0.0)]
    angle = number * 2.399963  # the golden angle: successive numbers never meet
    return (sum(x for x, _ in known) / len(known) + EDGE * math.cos(angle),
            sum(y for _, y in known) / len(known) + EDGE * math.sin(angle))


def _component(part: nx.Graph) -> dict[int, Position]:
    count = part.number_of_nodes()
    if count == 1:
        return {node: (0.0, 0.0) for node in part}
    span = nx.Graph()
    span.add_nodes_from(sorted(part))
    for a, b, weight in sorted(part.edges(data="weight")):
        if a != b:
            length = 1.0 if weight > 0 else 2.0 if weight < 0 else 1.4
            span.add_edge(a, b, length=length, pull=1 / length)
    if count <= _SMALL:
        found = nx.kamada_kawai_layout(span, weight="length")
    else:
        found = nx.spring_layout(span, weight="pull", seed=7, iterations=80)
    lengths = [math.dist(found[a], found[b]) / data["length"] for a, b, data in span.edges(data=True)]
    scale = EDGE / (sum(lengths) / len(lengths) or 1.0)
    return {node: (float(x) * scale, float(y) * scale) for node, (x, y) in found.items()}


def _spread(placed: dict[int, Position], labels: Mapping[int, str]) -> dict[int, Position]:
    """Push apart what overlaps, along the direction in which less movement is needed."""
    nodes = list(placed)
    at = np.array([placed[node] for node in nodes])
    half = np.array([[max(len(labels.get(node, "")) * _LETTER, 34.0) / 2 + 8, _LINE / 2 + 6] for node in nodes])
    for _ in range(60):
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
    """Set components in rows, the largest first, about one and a half times as wide as high."""
    if not parts:
        return {}
    sizes = [tuple(np.ptp(np.array(list(part.values())), axis=0) + GAP) for part in parts]
    wide = max(max(width for width, _ in sizes), math.sqrt(1.5 * sum(width * height for width, height in sizes)))
    result: dict[int, Position] = {}
    left = top = row = 0.0
    for part, (width, height) in zip(parts, sizes, strict=True):
        if left and left + width > wide:
            left, top, row = 0.0, top + row, 0.0
        x0, y0 = min(x for x, _ in part.values()), min(y for _, y in part.values())
        result |= {node: (x - x0 + left, y - y0 + top) for node, (x, y) in part.items()}
        left, row = left + width, max(row, height)
    middle = np.array(list(result.values()))
    cx, cy = (middle.min(axis=0) + middle.max(axis=0)) / 2
    return {node: (round(x - cx, 1), round(y - cy, 1)) for node, (x, y) in result.items()}
