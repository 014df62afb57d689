"""SPARQL queries answered, in a process that may be ended, by a folder's store or the endpoint that has its graph.

All that is asked is asked of the union of all graphs, unless the query or the request says of which, and knows the
project's prefixes, as ``kg query`` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from io import RawIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import httpx
import pyoxigraph as ox

from kg.errors import KgError
from kg.queries import library, sparql
from kg.rdf.terms import PREFIXES
from kg.remote import EndpointStore

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Media types by what is asked, the preferred first, with what pyoxigraph calls them.
RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON, "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML, "application/xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV, "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE, "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML, "application/ld+json": ox.RdfFormat.JSON_LD,
    "text/plain": ox.RdfFormat.N_TRIPLES,
}
_FROM = re.compile(r"\bFROM\b\s*(?:NAMED\b\s*)?(?:<|[\w.-]*:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A query, as the protocol hands it over."""

    text: str
    accept: str = "*/*"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    @property
    def union(self) -> bool:
        """Whether nothing says which graphs are asked."""
        return not (self.default_graphs or self.named_graphs or _FROM.search(self.text))


@dataclass(frozen=True, slots=True)
class Answer:
    """A document of this media type."""

    media_type: str
    body: bytes


class RefusedError(Exception):
    """Why a query has no answer, with a status of HTTP."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)
        self.status, self.reason = status, reason


def answer(graph: Path | str, question: Question, largest: int) -> Answer:
    """Ask a store's folder, or an endpoint.

    Parameters
    ----------
    graph
        A folder that nobody writes to, or an address.
    question
        What is asked.
    largest
        How many bytes the answer may have.

    Raises
    ------
    RefusedError
        If the query is wrong, no media type that we have is accepted, or the answer is larger.
    """
    return _remote(graph, question, largest) if isinstance(graph, str) else _local(graph, question, largest)


def negotiated(accept: str, offered: Sequence[str]) -> str:
    """The media type that an ``Accept`` header likes best, of those offered; of equals, the first offered.

    Raises
    ------
    RefusedError
        If it likes none.
    """
    ranges: dict[str, float] = {}
    for part in accept.lower().split(",") if accept.strip() else ["*/*"]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        ranges[name] = float(quality) if re.fullmatch(r"[01](\.\d{0,3})?", quality) else 0.0
    liked = {one: next((ranges[r] for r in (one, f"{one.partition('/')[0]}/*", "*/*") if r in ranges), 0.0)
             for one in offered}
    best = max(offered, key=lambda one: liked[one])
    if not liked[best]:
        raise RefusedError(406, f"this can be had as {', '.join(offered)}")
    return best


def _local(folder: Path, question: Question, largest: int) -> Answer:
    buffer = _Bounded(largest)
    target = cast("IO[bytes]", buffer)
    try:
        results = _opened(folder).query(
            _declared(question.text), use_default_graph_as_union=question.union,
            default_graph=[ox.NamedNode(one) for one in question.default_graphs] or None,
            named_graphs=[ox.NamedNode(one) for one in question.named_graphs] or None)
        if isinstance(results, ox.QueryTriples):
            media_type = negotiated(question.accept, list(GRAPHS))
            ox.serialize(results, target, GRAPHS[media_type], prefixes=dict(PREFIXES))
        else:
            media_type = negotiated(question.accept, list(RESULTS))
            results.serialize(target, RESULTS[media_type])
    except OverflowError:
        raise _too_large(largest) from None
    except (SyntaxError, ValueError, OSError) as error:
        raise RefusedError(400, library.reason(error, question.text)) from None
    return Answer(media_type, bytes(buffer.content))


@lru_cache(maxsize=1)
def _opened(folder: Path) -> ox.Store:
    return ox.Store.read_only(str(folder))


def _declared(text: str) -> str:
    """Declare the prefixes that occur, without a new line: a fault is told with its line."""
    used = [prefix for prefix in PREFIXES if re.search(rf"\b{prefix}:", text)]
    return " ".join([*(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in used), text])


class _Bounded(RawIOBase):
    """Takes so many bytes."""

    def __init__(self, largest: int) -> None:
        self.content, self.largest = bytearray(), largest

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if len(self.content) + len(data) > self.largest:
            raise OverflowError
        self.content += data
        return len(data)


def _too_large(largest: int) -> RefusedError:
    return RefusedError(422, f"the answer is larger than {largest / 2**20:.0f} MiB; ask for less, as with LIMIT")


def _remote(address: str, question: Question, largest: int) -> Answer:
    is_graph = sparql.kind(question.text) in ("CONSTRUCT", "DESCRIBE")
    media_type = negotiated(question.accept, list(GRAPHS if is_graph else RESULTS))
    form = {"query": _declared(question.text), "default-graph-uri": list(question.default_graphs),
            "named-graph-uri": list(question.named_graphs), **({"union-default-graph": ""} if question.union else {})}
    endpoint = _endpoint(address)
    buffer = _Bounded(largest)
    try:
        with endpoint.client.stream("POST", endpoint.query_endpoint or "", data=form,
                                    headers={"Accept": media_type}) as response:
            for piece in response.iter_bytes():
                buffer.write(piece)
    except OverflowError:
        raise _too_large(largest) from None
    except httpx.TransportError as error:
        raise RefusedError(502, f"the endpoint of the graph, {address}, does not answer ({error})") from None
    if response.is_success:
        return Answer(response.headers.get("Content-Type", media_type), bytes(buffer.content))
    said = " ".join(bytes(buffer.content[:300]).decode(errors="replace").split()) or response.reason_phrase
    status = 400 if response.status_code == 400 else 502
    raise RefusedError(status, said if status == 400 else f"the endpoint of the graph, {address}, fails ({said})")


@lru_cache(maxsize=1)
def _endpoint(address: str) -> EndpointStore:
    try:
        return EndpointStore(address)
    except KgError as error:
        raise RefusedError(502, str(error)) from None
