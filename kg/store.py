"""The graph's home: an rdflib ``Dataset`` on Oxigraph, in memory or in a folder; loading it, and writing it to files.

What a folder that grows asks of its graph, a graph at an endpoint (:mod:`kg.remote`) does too.

Traps of the libraries that are dealt with here and nowhere else: prefixes are not kept on disk, so they are bound on
every open; without ``default_union`` a query over all graphs returns nothing; an Oxigraph folder has one writer at
most.
"""

from __future__ import annotations

import re
from contextlib import closing
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, cast

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import RDF, XSD, Dataset, Literal, Namespace, URIRef

from kg import ontology
from kg.errors import KgError, UsageError
from kg.rdf import nanopubs, terms
from kg.rdf.jsonld import to_jsonld
from kg.rdf.quads import to_quads
from kg.records import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from typing import BinaryIO

    from kg.rdf.quads import Object, Quad
    from kg.records import Statement
    from kg.remote import RemoteDataset

FOLDER = "store"  #: the Oxigraph folder under an out folder
ADDRESS = "store.url"  #: in its place, if the graph is at an endpoint: the endpoint's address
FILE = "graph.trig"  #: the same graph as a file

_OXIGRAPH = {"nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "turtle": ox.RdfFormat.TURTLE}
_FAULTS = (  # what opening may meet in a store that is whole: a sign in Oxigraph's words, the reason, the way out
    (r"lock hold by|temporarily unavailable|being used by another", "another process is writing to this store",
     "wait until it is done, or open it read-only"),
    (r"permission denied|read-only file", "the store cannot be written to", "choose another folder with --out"),
    (r"no space left", "the disk is full", "make room and run the command again: what was done is kept"))
FORMATS = (*_OXIGRAPH, "jsonld")  #: what :func:`export` writes
_HELD = 1_000_000  # quads written that Oxigraph may hold in memory, some 0.3 GB; by itself it holds several GB


class OxigraphDataset(Dataset):
    """An rdflib dataset whose graphs are in Oxigraph; ``default_union`` is set and our prefixes are bound."""

    def __init__(self, oxigraph: ox.Store) -> None:
        super().__init__(store=OxigraphStore(store=oxigraph), default_union=True)
        self.oxigraph = oxigraph
        self._held = 0
        for prefix, namespace in terms.PREFIXES.items():
            self.bind(prefix, Namespace(namespace), override=True, replace=True)

    def wrote(self, quads: int) -> None:
        """Take note of so many quads written, and have them leave memory for the disk when they are many."""
        self._held += quads
        if self._held >= _HELD:
            self.oxigraph.flush()
            self._held = 0

    def close(self, commit_pending_transaction: bool = False) -> None:
        """Let go of the folder, so that another process may open it."""
        if hasattr(self, "oxigraph"):
            del self.oxigraph
            super().close(commit_pending_transaction)


def open_store(where: Path | None = None, read_only: bool = False) -> OxigraphDataset:
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
        return OxigraphDataset(ox.Store())
    if read_only and not where.is_dir():
        raise KgError("there is no store here", str(where), "build one with kg build INPUT... --out DIR")
    try:
        return OxigraphDataset(ox.Store.read_only(str(where)) if read_only else ox.Store(str(where)))
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError is how a corrupt store shows
        for sign, reason, way_out in _FAULTS:
            if re.search(sign, str(error), re.IGNORECASE):
                raise KgError(reason, str(where), way_out) from error
        raise KgError(f"this is not a store that can be opened ({error})", str(where),
                      "delete this folder and run kg build again, which makes it of articles.sqlite") from error


def open_graph(place: Path | str) -> OxigraphDataset | RemoteDataset:
    """Open the graph of an out folder for reading, its store if there is one, else ``graph.trig``; or an endpoint.

    Raises
    ------
    KgError
        If there is no graph, or it cannot be read.
    """
    directory = Path(place)
    if address := str(place) if is_address(place) else address_of(directory):
        from kg.remote import RemoteDataset  # costs as much to import as half of this module

        return RemoteDataset(address)
    if (directory / FOLDER).is_dir():
        return open_store(directory / FOLDER, read_only=True)
    file = directory / FILE
    if not file.is_file():
        raise KgError(f"there is neither {FOLDER}/ nor {FILE} in this folder", str(directory),
                      "make them with kg build INPUT... --out DIR")
    dataset = open_store()
    load_file(dataset, file, "trig")
    return dataset


def is_address(place: Path | str) -> bool:
    """Whether this is the http(s) address of an endpoint, and no folder."""
    return re.match("https?://", str(place), re.IGNORECASE) is not None


def address_of(directory: Path) -> str | None:
    """The endpoint that the graph of an out folder is at, if it is at one."""
    file = directory / ADDRESS
    return file.read_text(encoding="utf-8").strip() if file.is_file() else None


def load_file(dataset: OxigraphDataset, file: Path, format: str) -> None:
    """Add a TriG, N-Quads, Turtle or JSON-LD file to a dataset; the quads of Turtle go to the default graph.

    Raises
    ------
    KgError
        If the file cannot be read or is malformed.
    """
    known = {**_OXIGRAPH, "jsonld": ox.RdfFormat.JSON_LD}
    try:
        dataset.oxigraph.load(path=str(file), format=known[_known(format)])
    except FileNotFoundError as error:
        raise KgError("there is no such file", str(file), "make it with kg build INPUT... --out DIR") from error
    except (OSError, RuntimeError, SyntaxError, ValueError) as error:
        raise KgError(f"this is not readable as {format} ({error})", str(file), "write it again") from error


def load_statements(dataset: OxigraphDataset, statements: Iterable[Statement]) -> int:
    """Put statements into a dataset, an article at a time; what it held of these articles is replaced.

    Loading the same statements again changes nothing. What an article lost is taken out only after what it gained is
    in, so that a process killed in between leaves no gap. Statements of one article that do not follow one another in
    ``statements`` are merged.

    Returns
    -------
    int
        How many statements were loaded.
    """
    count, seen = 0, set[str]()
    for ident, group in groupby(statements, key=lambda statement: statement.document.id):
        batch = list(group)
        new = {_to_oxigraph(quad) for quad in to_quads(batch)}
        old = set(quads_of(dataset, ident))
        dataset.oxigraph.extend(new - old)
        if ident not in seen:
            _remove(dataset, old - new)
        seen.add(ident)
        count += len(batch)
    return count


def replace_articles(dataset: OxigraphDataset | RemoteDataset, articles: Mapping[str, Iterable[Quad]]) -> None:
    """Let the graph have these quads of these articles, by id, and no others of them.

    Here all at once, or nothing; at an endpoint in steps, which do no harm when they are done again.
    """
    new = {_to_oxigraph(quad) for quads in articles.values() for quad in quads}
    if not isinstance(dataset, OxigraphDataset):
        return dataset.replace(articles, new)
    old = {quad for ident in articles for quad in quads_of(dataset, ident)}
    if old <= new:
        dataset.oxigraph.extend(new - old)
    else:
        dataset.oxigraph.update(f"{_data('DELETE', old - new)};\n{_data('INSERT', new - old)}")
    dataset.wrote(len(new))
    return None


def _data(verb: str, quads: Iterable[ox.Quad]) -> str:
    """An update of SPARQL that takes quads out, or puts them in."""
    lines = "\n".join(f"GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in quads)
    return f"{verb} DATA {{\n{lines}\n}}"


def count_actors(dataset: Dataset) -> int:
    """How many actors there are."""
    kinds = " ".join(terms.KG[kind.value].n3() for kind in EntityType)
    (count,), = cast("Any", dataset.query(f"""SELECT (COUNT(DISTINCT ?actor) AS ?count) WHERE {{
        VALUES ?kind {{ {kinds} }} GRAPH ?article {{ ?actor a ?kind }} }}"""))
    return int(count)


def digests(dataset: Dataset) -> dict[str, str]:
    """The digests of the texts of articles, by id, as far as the graph has them."""
    found = cast("Any", dataset.query(f"""SELECT ?article ?digest WHERE {{
        GRAPH ?article {{ ?article <{terms.SCHEMA.sha256}> ?digest }} }}"""))
    return {terms.name_of(ontology.DOCUMENT, article): str(digest) for article, digest in found}


def remove_document(dataset: OxigraphDataset, ident: str) -> None:
    """Take all that is known from one article, given by its id, out of a dataset."""
    _remove(dataset, list(quads_of(dataset, ident)))


def _remove(dataset: OxigraphDataset, quads: Iterable[ox.Quad]) -> None:
    for quad in quads:
        dataset.oxigraph.remove(quad)


def quads_of(dataset: OxigraphDataset, ident: str) -> Iterator[ox.Quad]:
    """All that is known from an article, given by its id."""
    store, article = dataset.oxigraph, ox.NamedNode(terms.document(ident))
    kind, statement = ox.NamedNode(RDF.type), ox.NamedNode(terms.KG.Statement)
    yield from store.quads_for_pattern(None, None, None, article)
    for described in store.quads_for_pattern(None, kind, statement, article):
        yield from store.quads_for_pattern(None, None, None, cast("ox.NamedNode", described.subject))


def _to_oxigraph(quad: Quad) -> ox.Quad:
    subject, predicate, value, graph = quad
    node = _named(value) if isinstance(value, URIRef) else ox.Literal(str(value), datatype=_named(value.datatype))
    return ox.Quad(_named(subject), _named(predicate), node, _named(graph))


@lru_cache(maxsize=10_000)
def _named(node: URIRef | None) -> ox.NamedNode:
    return ox.NamedNode(node or XSD.string)


def export(dataset: OxigraphDataset | RemoteDataset, format: str, target: Path | BinaryIO) -> None:
    """Write a dataset to a file or binary stream; the same graph gives the same bytes.

    TriG, N-Quads and JSON-LD keep all named graphs. Turtle knows none: it gets the union of all graphs, so that the
    plain triples stand beside the descriptions of statements; of an actor with different names, countries or sectors
    in different articles it has all of them.

    Parameters
    ----------
    dataset
        What to write.
    format
        One of :data:`FORMATS`.
    target
        A path, or a binary file open for writing.

    Raises
    ------
    UsageError
        If the format is not known.
    """
    _known(format)
    if not hasattr(target, "write"):
        with target.open("wb") as stream:
            return export(dataset, format, stream)
    if not isinstance(dataset, OxigraphDataset):
        with TemporaryDirectory() as folder, closing(_copied(dataset, Path(folder))) as copy:
            return export(copy, format, target)
    if format == "jsonld":
        pieces = to_jsonld(_from_oxigraph(quad) for quad in _sorted(dataset))
        for piece in pieces:
            target.write(piece.encode())
    elif format == "turtle":
        triples = sorted({quad.triple for quad in dataset.oxigraph}, key=str)
        ox.serialize(triples, target, ox.RdfFormat.TURTLE, prefixes=dict(terms.PREFIXES))
    else:
        prefixes = dict(terms.PREFIXES) if format == "trig" else None
        ox.serialize(_sorted(dataset), target, _OXIGRAPH[format], prefixes=prefixes)
    return None


def _copied(dataset: RemoteDataset, folder: Path) -> OxigraphDataset:
    """The graph of an endpoint in a folder, since it may be larger than memory."""
    copy = open_store(folder)
    copy.oxigraph.extend(map(_to_oxigraph, dataset.known()))
    return copy


def write_nanopublications(statements: Iterable[Statement], target: BinaryIO, created: datetime) -> None:
    """Write bare relations as nanopublications in TriG; see :mod:`kg.rdf.nanopubs`."""
    quads = map(_to_oxigraph, nanopubs.nanopublications(statements, created))
    ox.serialize(quads, target, ox.RdfFormat.TRIG, prefixes=nanopubs.PREFIXES)


def _known(format: str) -> str:
    if format not in FORMATS:
        raise UsageError(f"no graph format is called {format!r}", way_out=f"take one of {', '.join(FORMATS)}")
    return format


def _sorted(dataset: OxigraphDataset) -> Iterator[ox.Quad]:
    graphs: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.DefaultGraph()]
    graphs += sorted(dataset.oxigraph.named_graphs(), key=str)
    for graph in graphs:
        yield from sorted(dataset.oxigraph.quads_for_pattern(None, None, None, graph), key=str)


def _from_oxigraph(quad: ox.Quad) -> Quad:
    value = quad.object
    node: Object
    if isinstance(value, ox.Literal):
        node = Literal(value.value, lang=value.language, normalize=False) if value.language else Literal(
            value.value, datatype=URIRef(value.datatype.value), normalize=False)
    else:
        node = URIRef(cast("ox.NamedNode", value).value)
    subject, graph = cast("ox.NamedNode", quad.subject), cast("ox.NamedNode", quad.graph_name)
    return URIRef(subject.value), URIRef(quad.predicate.value), node, URIRef(graph.value)
