"""Points of the drawn graph, which has no elements to click: lines and nodes of a canvas."""

from __future__ import annotations

from typing import cast

from playwright.sync_api import Page

_EDGE = """(id) => {
  const holds = (edge) => !edge.voice && edge.statements.some((number) => kg.data.statements[number].id === id);
  const edge = kg.graph.edges.find(holds);
  return kg.network.canvasToDOM(kg.network.body.edges[edge.id].edgeType.getPoint(0.5));
}"""
_NODE = """(name) => {
  const node = kg.graph.nodes.find((node) => kg.data.actors[node.id].name === name);
  return kg.network.canvasToDOM(kg.network.getPosition(node.id));
}"""
_COUNT = "() => kg.network.body.data.edges.get({ filter: (edge) => !edge.hidden }).length"

Point = dict[str, float]


def edge_at(page: Page, statement: str) -> Point:
    """Find the middle of the edge that a statement, given by its id, stands behind."""
    return cast("Point", page.evaluate(_EDGE, statement))


def node_at(page: Page, name: str) -> Point:
    """Find the actor of a name."""
    return cast("Point", page.evaluate(_NODE, name))


def click_at(page: Page, point: Point) -> None:
    """Click in the graph, at a point counted from its upper left corner."""
    page.locator("#graph").click(position={"x": point["x"], "y": point["y"]})


def edges_drawn(page: Page) -> int:
    """Count the edges that are to be seen."""
    return int(page.evaluate(_COUNT))
