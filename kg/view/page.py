"""The graph as one self-contained HTML page: drawn by pyvis, readable without a network, every edge open to its words.

Text of articles reaches the page as JSON data and is set as text there, never as markup; a Content-Security-Policy
allows the page's own scripts (by their hash) and nothing else, no connection of any kind.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg import resources
from kg.analysis.network import Level
from kg.errors import UsageError
from kg.view import layout
from kg.view.payload import (
    Tables,
    code_names,
    columns,
    edges,
    relation_table,
    rolled_up,
    script_json,
    standing_for,
    tables,
    turns,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pyvis.network import Network

    from kg.records import Document, Statement

Json = dict[str, Any]

#: How an actor's type is drawn; shapes are those of vis-network.
SHAPES = {
    "Person": "dot", "Government": "square", "Country": "hexagon", "Organization": "diamond", "Military": "triangle",
    "ArmedGroup": "triangleDown", "Media": "star", "Party": "diamond", "Place": "dot", "Group": "dot", "Other": "dot",
}
LIMIT = 1000  #: nodes drawn at first; the others appear when they are searched for

_SERVED = "served.js"  # only in a page that a server gives
_SCRIPTS = ("model.js", "canvas.js", "panel.js", "controls.js", "time.js", "table.js", "save.js", "pair.js",
            "article.js", "page.js")
_STYLES = ("page.css", "sheets.css")
_OPTIONS: Json = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "keyboard": {"enabled": True, "bindToWindow": False}, "selectable": False,
                    "hoverConnectedEdges": False},
    "edges": {"smooth": False, "hoverWidth": 0.6, "selfReference": {"size": 22},
              "arrows": {"to": {"enabled": True, "scaleFactor": 0.55}}},
}


@dataclass(frozen=True, slots=True)
class Served:
    """What a page is told by the server that gives it, which it may ask for more.

    ``note`` says what the page shows, if not all; ``weights`` how many statements each actor is in, by IRI.
    """

    note: str
    weights: Mapping[str, int]


def write_page(
    statements: Iterable[Statement], target: Path | str, title: str = "Graph of statements", limit: int = LIMIT,
    total: int = 0, start: str = "", documents: Iterable[Document] = (),
) -> Path:
    """Write the page.

    Parameters
    ----------
    statements
        Any iterable; read once, not changed.
    target
        The file to write; its folder must exist. Nothing else is written.
    title
        Heading of the page.
    limit
        How many actors are drawn at first, those with most statements; the others appear when searched for.
    total
        Of how many statements these were chosen, if of more (:func:`kg.view.selection.best_known`); the page says so.
    start
        The fragment that the page opens with, where its address has none: what it shows.
    documents
        Articles to hold whole, with their text; of the others the page has the sentences that statements rest on.

    Returns
    -------
    pathlib.Path
        ``target``.

    Raises
    ------
    UsageError
        If the folder does not exist or cannot be written to.
    """
    return save(page_html(statements, title, limit, total, start, documents), target, "page")


def save(text: str, target: Path | str, what: str) -> Path:
    """Write a page or picture to a file, and give its path; fails as :func:`write_page` does."""
    target = Path(target)
    try:
        # A lone surrogate becomes its JSON escape, which is what it was in the input.
        target.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write the {what} ({error.strerror})", str(target),
                         "name a file in a folder that exists") from error
    return target


def page_html(
    statements: Iterable[Statement], title: str = "Graph of statements", limit: int = LIMIT, total: int = 0,
    start: str = "", documents: Iterable[Document] = (), served: Served | None = None,
) -> str:
    """Give the page as a string; see :func:`write_page`. One that is ``served`` may ask its server, and no other."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    statements = list(statements)
    found = tables(statements, documents)
    net = drawing(found, limit)
    levels = {Level.ACTOR.value: _packed(net) | {"shifts": turns(found, statements)}}
    for by in (Level.GOVERNMENT, Level.COUNTRY):
        of = rolled_up(found, by)
        levels[by.value] = _packed(drawing(found, limit, of)) | {"of": of, "shifts": turns(found, statements, of)}
    web = resources.data("view", "web")
    scripts = [_vis_network(net), _script(web, served is not None)]
    data = script_json(_data(found, levels, net.options, title, start, served))
    environment = Environment(loader=FileSystemLoader(web), autoescape=True)
    environment.globals.update(
        title=title,
        shown=len(found.statements),
        total=total,
        note=served.note if served else "",
        policy=_policy(scripts, served is not None),
        style=Markup("\n".join((web / name).read_text(encoding="utf-8") for name in _STYLES)),  # noqa: S704 - our own
        scripts=[Markup(script) for script in scripts],  # noqa: S704 - files of pyvis and our own
        data=Markup(data),  # noqa: S704 - script_json leaves no markup
    )
    net.templateEnv, net.path = environment, "page.html.jinja"
    return str(net.generate_html())


def drawing(found: Tables, limit: int = LIMIT, of: Sequence[int] | None = None) -> Network:
    """Draw the tables with pyvis: nodes and edges with their positions, sizes and shapes; colours are the page's.

    ``of`` has the actor that stands for each, if they are rolled up.
    """
    from pyvis.network import Network

    drawn = edges(found, of)
    said, about = _tallies(found, of)
    linked = {end for edge in drawn for end in (edge["from"], edge["to"])}
    order = sorted(linked, key=lambda node: (-said[node] - about[node], node))
    sizes = {node: round(min(7 + 3.4 * math.sqrt(said[node] + about[node]), 34), 1) for node in order}
    places = _places(found, drawn, sizes, limit)
    net = Network(directed=True, cdn_resources="in_line")
    many = len(drawn) > 1500
    net.options = _OPTIONS | {
        "interaction": _OPTIONS["interaction"] | {"hideEdgesOnDrag": many, "hideEdgesOnZoom": many}}
    for rank, node in enumerate(order):
        kind, (x, y) = found.actors[node]["type"], places[node]
        # Appended, since add_node and add_edge compare each with all before.
        drawn_node: Json = {"id": node, "shape": SHAPES[kind], "size": sizes[node], "x": x, "y": y}
        net.nodes.append(drawn_node | ({"later": True} if rank >= limit else {}))
    net.edges.extend(_curved(drawn))
    return net


def _tallies(found: Tables, of: Sequence[int] | None) -> tuple[dict[int, int], dict[int, int]]:
    """How many statements each actor makes, and how many are about it."""
    said: dict[int, int] = defaultdict(int)
    about: dict[int, int] = defaultdict(int)
    for row in found.statements:
        speaker, *ends = (standing_for(row, role, of) for role in ("speaker", "subject", "object"))
        if speaker is not None:
            said[speaker] += 1
        for actor in {end for end in ends if end is not None and end != speaker}:
            about[actor] += 1
    return said, about


def _places(found: Tables, drawn: list[Json], sizes: dict[int, float], limit: int) -> dict[int, layout.Position]:
    order = list(sizes)
    first = set(order[:limit])
    ties, around = nx.Graph(), defaultdict(list)
    ties.add_nodes_from(sorted(first))
    for edge in drawn:
        a, b = edge["from"], edge["to"]
        around[a].append(b)
        around[b].append(a)
        if a in first and b in first and a != b:
            rows = [] if edge.get("voice") else [found.statements[number] for number in edge["statements"]]
            weight = sum(row.get("polarity", 0) * row["confidence"] for row in rows)
            ties.add_edge(a, b, weight=weight + ties.get_edge_data(a, b, {"weight": 0.0})["weight"])
    places = layout.positions(ties, sizes)
    later = {node: layout.beside(places, around[node], rank) for rank, node in enumerate(order[limit:])}
    return places | later


def _curved(drawn: list[Json]) -> list[Json]:
    """Bend edges that share a pair of nodes away from each other."""
    pairs: dict[tuple[int, int], int] = defaultdict(int)
    for edge in drawn:
        pairs[min(edge["from"], edge["to"]), max(edge["from"], edge["to"])] += 1
    rank: dict[tuple[int, int], int] = defaultdict(int)
    result = []
    for edge in drawn:
        a, b = edge["from"], edge["to"]
        many = pairs[min(a, b), max(a, b)]
        bend = 0.12 + min(0.13, 0.6 / many) * rank[a, b] if many > 1 else 0.0
        rank[a, b] += 1
        result.append(edge | ({"bend": round(bend, 2)} if bend else {}))
    return result


def _packed(net: Network) -> Json:
    return {"nodes": columns(net.nodes), "edges": columns(net.edges)}


def _data(found: Tables, levels: dict[str, Json], options: Json, title: str, start: str, served: Served | None) -> Json:
    more = {"served": [served.weights.get(actor["id"], 0) for actor in found.actors]} if served else {}
    return more | {
        "title": title, "actors": found.actors, "documents": found.documents, "sentences": found.sentences,
        "statements": columns(found.statements), "relations": relation_table(), "names": code_names(found.actors),
        "levels": levels, "options": options, "start": start,
    }


def _vis_network(net: Network) -> str:
    """Read the drawing library that pyvis ships, without the comment that lets browsers look for its source map."""
    versions = sorted(Path(net.template_dir).glob("lib/vis-*/vis-network.min.js"))
    return re.sub(r"^//# sourceMappingURL=.*$", "", versions[-1].read_text(encoding="utf-8"), flags=re.MULTILINE)


def _script(web: Path, is_served: bool) -> str:
    names = (*_SCRIPTS[:-1], _SERVED, _SCRIPTS[-1]) if is_served else _SCRIPTS
    parts = [(web / name).read_text(encoding="utf-8") for name in names]
    return "(() => {\n'use strict';\n" + "\n".join(parts) + "})();"


def _policy(scripts: list[str], is_served: bool) -> str:
    """Allow these scripts and inline styles and, in a page that a server gives, to ask this server; nothing else."""
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{value}'" for value in hashes)
    asked = "connect-src 'self'; " if is_served else ""
    return (f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
            f"{asked}base-uri 'none'; form-action 'none'")
