"""A graph at a SPARQL 1.1 endpoint, whatever the server, as an rdflib ``Dataset``.

Traps that are dealt with here and nowhere else. rdflib's store gives up at once, sends an update that failed again with
the next one, and hides what a server says to a wrong query. Oxigraph asks the default graph only unless told otherwise.
Virtuoso cuts long answers and says so in a header only, fails on large updates, answers a CONSTRUCT with a table where
JSON is welcome, and an ASK with a table of a number. Nothing spans several requests, so articles are written in an
order after which the next run can mend what the last one left undone.
"""

from __future__ import annotations

import os
import re
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

import httpx
from rdflib import Dataset, Namespace, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLUpdateStore
from rdflib.query import Result
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_exponential

from kg import ontology
from kg.errors import KgError, UsageError
from kg.queries import sparql
from kg.rdf import terms
from kg.rdf.terms import KG, SCHEMA

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    import pyoxigraph as ox

    from kg.rdf.quads import Quad

USER, PASSWORD = "KG_STORE_USER", "KG_STORE_PASSWORD"
BATCH = 1_000  #: quads in an update: Virtuoso takes 2,000 and fails on 20,000
PAGE = 1_000  #: articles in an answer
TRIES = 6  #: how often a request is sent before it fails, within about seven seconds

_TABLE, _TRIPLES = "application/sparql-results+json", "application/n-triples"


class RemoteDataset(Dataset):
    """An rdflib dataset whose graphs are at an endpoint; every query goes over all of them, and knows our prefixes.

    Parameters
    ----------
    url
        One address for queries and updates, such as Virtuoso's ``http://localhost:8890/sparql-auth``; one without a
        path, or that ends with a slash, has ``query`` and ``update`` below it, as the ``oxigraph`` server does.

    Raises
    ------
    UsageError
        If it is no address, or has a password in it.
    KgError
        From every method, if the server cannot be reached or does not do what it is asked.
    """

    def __init__(self, url: str) -> None:
        self.endpoint = EndpointStore(url)
        super().__init__(store=self.endpoint, default_union=True)
        for prefix, namespace in terms.PREFIXES.items():
            self.bind(prefix, Namespace(namespace), override=True, replace=True)

    def close(self, commit_pending_transaction: bool = False) -> None:
        """Let go of the connection."""
        self.endpoint.client.close()

    def replace(self, articles: Iterable[str], quads: Iterable[ox.Quad]) -> None:
        """Let the graph have these quads of these articles, by id, and no others of them.

        A statement's own graph is found through its article's, so it is written after it and taken out before it.
        """
        gone = [_emptied(terms.document(ident)) for ident in articles]
        known = sorted(quads, key=_articles_first)
        for start in range(0, len(known) or 1, BATCH):
            come = "\n".join(f"GRAPH {graph} {{ {' . '.join(str(quad.triple) for quad in inside)} }}"
                             for (_, graph), inside in groupby(known[start:start + BATCH], _articles_first))
            self.endpoint.update(" ;\n".join([*gone, f"INSERT DATA {{ {come} }}"]))
            gone = []

    def known(self) -> Iterator[Quad]:
        """All that is known from articles; what else the server has is left out."""
        last = ""
        while page := list(cast("Any", self.query(f"""SELECT DISTINCT ?article WHERE {{
                GRAPH ?article {{ ?article <{SCHEMA.sha256}> ?digest }} FILTER(STR(?article) > "{last}") }}
                ORDER BY STR(?article) LIMIT {PAGE}"""))):
            for last, in page:
                yield from self._known_from(URIRef(last))

    def _known_from(self, article: URIRef) -> Iterator[Quad]:
        graph = article.n3()
        for s, p, o in cast("Any", self.query(f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")):
            yield s, p, o, article
        yield from cast("Any", self.query(f"""SELECT ?s ?p ?o ?graph WHERE {{
            GRAPH {graph} {{ ?graph a <{KG.Statement}> }} GRAPH ?graph {{ ?s ?p ?o }} }}"""))


def _articles_first(quad: ox.Quad) -> tuple[bool, str]:
    graph = str(quad.graph_name)
    return graph.startswith(f"<{ontology.STATEMENT}"), graph


def _emptied(article: URIRef) -> str:
    """The update that takes out all that is known from an article."""
    graph = article.n3()
    return (f"DELETE {{ GRAPH ?graph {{ ?s ?p ?o }} }} "
            f"WHERE {{ GRAPH {graph} {{ ?graph a <{KG.Statement}> }} GRAPH ?graph {{ ?s ?p ?o }} }} ;\n"
            f"DELETE {{ GRAPH {graph} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")


def _is_passing(error: BaseException) -> bool:
    """Whether a fault may be gone in a moment."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.is_server_error
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.ReadTimeout)


class EndpointStore(SPARQLUpdateStore):
    """rdflib's store at an endpoint, with a sender that tries again and says what is wrong."""

    def __init__(self, url: str) -> None:
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise UsageError(f"is no address ({error})", url) from None
        if address.scheme not in ("http", "https") or not address.host:
            raise UsageError("is no http(s) address", url, "write it as http://localhost:7878")
        if address.userinfo:
            raise UsageError("a password does not belong in an address", str(address.copy_with(userinfo=b"")),
                             f"set {USER} and {PASSWORD} in the environment")
        is_base = url.endswith("/") or not address.path.strip("/")
        base = f"{url.rstrip('/')}/"
        super().__init__(*((f"{base}query", f"{base}update") if is_base else (url, url)))
        self.url = url
        self.client = httpx.Client(auth=_Login(), timeout=httpx.Timeout(300, connect=10))

    def _inject_prefixes(self, query: str, extra_bindings: Mapping[str, Any]) -> str:
        """Declare the prefixes that occur, without a new line: a fault is told with its line."""
        known = {**self.nsBindings, **extra_bindings}
        used = [prefix for prefix in known if re.search(rf"\b{re.escape(prefix)}:", query)]
        return " ".join([*(f"PREFIX {prefix}: <{known[prefix]}>" for prefix in used), query])

    def _query(self, query: str, *_: Any, **__: Any) -> Result:
        accepted = _TRIPLES if sparql.kind(query) in ("CONSTRUCT", "DESCRIBE") else _TABLE
        answer = self._answer(self.query_endpoint or "", data={"query": query, "union-default-graph": ""},
                              headers={"Accept": accepted})
        if (limit := answer.headers.get("X-SPARQL-MaxRows")) is not None:
            raise KgError(f"the server gives {limit} rows at most, and there are more", self.url,
                          "ask for less, or raise ResultSetMaxRows in the server's virtuoso.ini")
        if answer.headers.get("Content-Type", "").partition(";")[0] != accepted:
            raise KgError("does not answer as a SPARQL endpoint", self.url, "check the address")
        result = Result.parse(BytesIO(answer.content), content_type=accepted)
        return _truth(result) if sparql.kind(query) == "ASK" else result

    def _update(self, update: str) -> None:
        self.rollback()  # or else it is sent again with the next one if it fails
        try:
            self._answer(self.update_endpoint or "", content=update.encode(),
                         headers={"Content-Type": "application/sparql-update"})
        except ValueError as error:
            raise KgError(f"the server refuses an update ({error})", self.url, "check the address") from None

    def _answer(self, url: str, **request: Any) -> httpx.Response:
        """Send a request, again and again if need be; ValueError has what the server says to one that is wrong."""
        again = "start it or check the address, then give the command again: what was done is kept"
        try:
            return self._sent(url, **request)
        except httpx.TransportError as error:
            raise KgError(f"the server does not answer ({error})", self.url, again) from None
        except httpx.HTTPStatusError as error:
            status, said = error.response.status_code, _first_line(error.response)
            if status == httpx.codes.BAD_REQUEST:
                raise ValueError(said) from None
            if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
                whom = "the user name and password" if USER in os.environ else "access without a password"
                raise KgError(f"the server refuses {whom} ({said})", self.url,
                              f"set {USER} and {PASSWORD} in the environment") from None
            raise KgError(f"the server fails ({said})", self.url, again) from None

    @retry(retry=retry_if_exception(_is_passing), stop=stop_after_attempt(TRIES),
           wait=wait_exponential(multiplier=0.2, max=5), reraise=True)
    def _sent(self, url: str, **request: Any) -> httpx.Response:
        return self.client.post(url, **request).raise_for_status()


class _Login(httpx.Auth):
    """User name and password from the environment, Basic or Digest, as the server asks."""

    def __init__(self) -> None:
        self.scheme: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self.scheme is None:
            response = yield request
            if response.status_code != httpx.codes.UNAUTHORIZED or USER not in os.environ:
                return
            wanted = response.headers.get("WWW-Authenticate", "").lower()
            scheme = httpx.DigestAuth if wanted.startswith("digest") else httpx.BasicAuth
            self.scheme = scheme(os.environ[USER], os.environ.get(PASSWORD, ""))
        yield from self.scheme.auth_flow(request)


def _first_line(response: httpx.Response) -> str:
    said = response.text.strip().splitlines() if "html" not in response.headers.get("Content-Type", "") else []
    return f"{response.status_code} {response.reason_phrase}" + (f": {said[0][:300]}" if said else "")


def _truth(result: Result) -> Result:
    """The answer of an ASK, also from a table, which has a row if it is yes."""
    if result.type != "ASK":
        is_so = len(result.bindings) > 0
        result = Result("ASK")
        result.askAnswer = is_so
    return result
