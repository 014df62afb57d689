"""The graph's home: an rdflib ``Dataset`` on Oxigraph, in memory or in a folder; loading and writing files.

Traps of the libraries that are dealt with here and nowhere else: prefixes are not kept on disk, so they are bound on
every open; without ``default_union`` a query over all graphs returns nothing; an Oxigraph folder has one writer at most.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import RDF, Dataset, Namespace, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from kg.errors import KgError, UsageError
from kg.rdf import terms
from kg.rdf.quads import to_quads

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.rdf.quads import Quad
    from kg.records import Statement

FOLDER = "store"  #: the Oxigraph folder under an out folder
FILE = "graph.trig"  #: the same graph as a file


def open_store(where: Path | None = None, read_only: bool = False) -> Dataset:
    """Open a dataset in memory, or in a folder that is made if it is missing.

    Parameters
    ----------
    where
        The Oxigraph folder; None for memory.
    read_only
        Open a folder for reading only: many may, while at most one writes.

    Raises
    ------
    KgError
        If the folder is locked by another process, missing (for reading) or not an Oxigraph store.
    """
    if where is None:
        return _dataset(ox.Store())
    if read_only and not where.is_dir():
        raise KgError("there is no store here", str(where), "build one with kg build ... --out DIR")
    try:
        return _dataset(ox.Store.read_only(str(where)) if read_only else ox.Store(str(where)))
    except (OSError, ValueError) as error:
        if "lock" in str(error).lower():
            raise KgError("another process is writing to this store", str(where),
                          "wait until it is done, or open it read-only") from error
        raise KgError(f"this is not a store that can be opened ({error})", str(where),
                      "delete the folder and build it again") from error


def _dataset(store: ox.Store) -> Dataset:
    dataset = Dataset(store=OxigraphStore(store=store), default_union=True)
    for prefix, namespace in terms.PREFIXES.items():
        dataset.bind(prefix, Namespace(namespace), override=True, replace=True)
    return dataset


def open_graph(directory: Path) -> Dataset:
    """Open the graph of an out folder for reading: its store if there is one, else ``graph.trig``.

    Raises
    ------
    KgError
        If there is neither, or it cannot be read.
    """
    if (directory / FOLDER).is_dir():
        return open_store(directory / FOLDER, read_only=True)
    file = directory / FILE
    if not file.is_file():
        raise KgError(f"there is neither {FOLDER}/ nor {FILE} in this folder", str(directory),
                      "make them with kg build INPUT... --out DIR")
    store = ox.Store()
    try:
        store.load(path=str(file), format=ox.RdfFormat.TRIG)
    except (OSError, SyntaxError, ValueError) as error:
        raise KgError(f"this is not readable TriG ({error})", str(file), "build it again") from error
    return _dataset(store)


def load_statements(dataset: Dataset, statements: Iterable[Statement]) -> int:
    """Put statements into a dataset, an article at a time; what it held of these articles is replaced.

    Loading the same statements again changes nothing. Statements of one article that do not follow one another in
    ``statements`` are merged.

    Returns
    -------
    int
        How many statements were loaded.
    """
    count, seen = 0, set[str]()
    for ident, group in groupby(statements, key=lambda statement: statement.document.id):
        batch = list(group)
        new = dict.fromkeys(to_quads(batch))
        old = set(_quads_of(dataset, terms.document(ident)))
        dataset.addN([(s, p, o, dataset.graph(g)) for s, p, o, g in new if (s, p, o, g) not in old])
        if ident not in seen:
            for s, p, o, g in old.difference(new):
                dataset.remove((s, p, o, dataset.graph(g)))
        seen.add(ident)
        count += len(batch)
    return count


def remove_document(dataset: Dataset, ident: str) -> None:
    """Take all that is known from one article out of a dataset."""
    for s, p, o, g in list(_quads_of(dataset, terms.document(ident))):
        dataset.remove((s, p, o, dataset.graph(g)))


def _quads_of(dataset: Dataset, article: URIRef) -> Iterable[Quad]:
    graph = dataset.graph(article)
    for statement in list(graph.subjects(RDF.type, terms.KG.Statement)):
        yield from ((s, p, o, statement) for s, p, o in dataset.graph(statement))
    yield from ((s, p, o, article) for s, p, o in graph)
