"""Political news as a knowledge graph of statements: who says what about whom, in which words, reported by whom, when.

One verb a stage, in reading order; each is loaded when it is first used, so that ``import kg`` is quick::

    document = next(kg.read("article.txt"))      # files, folders, URLs, JSON Lines -> Document
    statements = kg.extract(document)            # Document -> list of Statement
    kg.build(["articles/"], out="out")           # all of it, on disk: statements.jsonl, store/, graph.trig, graph.html
    dataset = kg.open_graph("out")               # the folder, or an endpoint's URL, as an rdflib Dataset
    kg.query(dataset, "who-criticizes")          # a named query or SPARQL text -> rows
    graph = kg.network(statements)               # -> networkx MultiDiGraph, an edge a statement
    kg.analyse(statements)                       # who speaks, brokers, camps, balance
    kg.show(statements)                          # the interactive page, in Jupyter
    kg.actor("the Kremlin", date="2024-12-12")   # the Entity that a phrase names on a date
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

#: Public name -> (module, name there).
_HOMES = {
    "Document": ("kg.records", "Document"),
    "Entity": ("kg.records", "Entity"),
    "Span": ("kg.records", "Span"),
    "Statement": ("kg.records", "Statement"),
    "StatementGraph": ("kg.view.notebook", "StatementGraph"),
    "KgError": ("kg.errors", "KgError"),
    "read": ("kg.documents.reader", "read"),
    "extract": ("kg.pipeline", "extract"),
    "extract_many": ("kg.pipeline", "extract_many"),
    "actor": ("kg.actors.phrase", "actor"),
    "judge": ("kg.stance", "judge"),
    "build": ("kg.builder", "build"),
    "open_graph": ("kg.store", "open_graph"),
    "query": ("kg.queries.library", "run"),
    "named_queries": ("kg.queries.library", "queries"),
    "validate": ("kg.rdf.shapes", "validate"),
    "network": ("kg.analysis.network", "network"),
    "analyse": ("kg.analysis.report", "report"),
    "show": ("kg.view.notebook", "show"),
}

if TYPE_CHECKING:
    from kg.actors.phrase import actor as actor
    from kg.analysis.network import network as network
    from kg.analysis.report import report as analyse
    from kg.builder import build as build
    from kg.documents.reader import read as read
    from kg.errors import KgError as KgError
    from kg.pipeline import extract as extract
    from kg.pipeline import extract_many as extract_many
    from kg.queries.library import queries as named_queries
    from kg.queries.library import run as query
    from kg.rdf.shapes import validate as validate
    from kg.records import Document as Document
    from kg.records import Entity as Entity
    from kg.records import Span as Span
    from kg.records import Statement as Statement
    from kg.stance import judge as judge
    from kg.store import open_graph as open_graph
    from kg.view.notebook import StatementGraph as StatementGraph
    from kg.view.notebook import show as show

__all__ = [
    "Document", "Entity", "KgError", "Span", "Statement", "StatementGraph", "actor", "analyse",
    "build", "extract", "extract_many", "judge", "named_queries", "network", "open_graph", "query",
    "read", "show", "validate",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    """List the public names without loading them."""
    return sorted([*__all__, "__version__"])
