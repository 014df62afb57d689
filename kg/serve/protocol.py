"""The SPARQL 1.1 protocol at one address: requests as questions, answers and refusals as responses."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from kg.errors import UsageError
from kg.queries import sparql
from kg.serve import answers
from kg.serve.answers import Question, RefusedError
from kg.serve.workers import BusyError, EndedError, TooSlowError

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.serve.app import Limits
    from kg.serve.folder import Folder
    from kg.serve.workers import Workers

# A call of another endpoint, with space, comments or neither between its words; words in a string are hardly ever so.
# Variables and prefixed names are passed over, which may end like it.
_GAP = r"(?:\s|#[^\r\n]*+)*+"
_SERVICE = re.compile(rf"[?$]\w+|\w[\w.-]*:(?:\\.|[\w:.%-])*|(?P<call>SERVICE{_GAP}(?:SILENT{_GAP})?+"
                      rf"(?:<[^<>]*+>|(?:\\.|[^\s{{}}#<>\\])++){_GAP}\{{)", re.IGNORECASE)
_FIELDS = ("query", "default-graph-uri", "named-graph-uri", "update", "using-graph-uri", "using-named-graph-uri")

_DESCRIPTION = """@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .
@prefix formats: <http://www.w3.org/ns/formats/> .
[] a sd:Service ;
    sd:endpoint <{address}> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:feature sd:UnionDefaultGraph ;
    sd:resultFormat formats:SPARQL_Results_JSON, formats:SPARQL_Results_XML, formats:SPARQL_Results_CSV,
        formats:SPARQL_Results_TSV, formats:Turtle, formats:N-Triples, formats:RDF_XML, formats:JSON-LD .
"""


class Endpoint:
    """Answers at ``/sparql``."""

    workers: Workers

    def __init__(self, folder: Folder, limits: Limits) -> None:
        self.folder, self.limits = folder, limits

    async def respond(self, request: Request) -> Response:
        """A query's answer; without a query, what this endpoint is, or for people the page to write one on."""
        fields = await self._fields(request)
        if "update" in fields:
            raise HTTPException(403, "this endpoint is for reading: it takes no updates")
        if request.method != "POST" and "query" not in fields:
            if "text/html" in request.headers.get("accept", ""):
                return RedirectResponse("/query", 303)
            return Response(_DESCRIPTION.format(address=request.url.replace(query="")), media_type="text/turtle")
        question = self._question(fields, request.headers.get("accept", "*/*"))
        graph = await asyncio.to_thread(self.folder.graph)
        if graph is None:
            raise HTTPException(503, "a build is writing to the folder; try again", headers={"Retry-After": "5"})
        try:
            found = await self.workers.do(answers.answer, graph, question, self.limits.answer)
        except RefusedError as refused:
            raise HTTPException(refused.status, refused.reason) from None
        except TooSlowError:
            raise HTTPException(422, f"the query took more than {self.limits.seconds:g} seconds and was stopped; "
                                     "ask for less, as of one actor or with LIMIT") from None
        except EndedError:
            raise HTTPException(422, "the query needed more memory than it may have; ask for less") from None
        except BusyError:
            raise HTTPException(503, "other queries are running; try again",
                                headers={"Retry-After": f"{self.limits.seconds:.0f}"}) from None
        return Response(found.body, media_type=found.media_type, headers={"Vary": "Accept"})

    async def _fields(self, request: Request) -> dict[str, list[str]]:
        """The parameters of the protocol, from the address and, of a POST, from the body."""
        fields = _parsed(request.url.query)
        if request.method != "POST":
            return fields
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = await self._body(request)
        if kind == "application/sparql-query":
            return {**fields, "query": [*fields.get("query", []), body]}
        if kind == "application/sparql-update":
            return {**fields, "update": [body]}
        if kind == "application/x-www-form-urlencoded":
            posted = _parsed(body)
            return {name: fields.get(name, []) + posted.get(name, []) for name in fields | posted}
        raise HTTPException(415, "send a query as application/x-www-form-urlencoded or application/sparql-query")

    async def _body(self, request: Request) -> str:
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > 4 * self.limits.query:  # which percent-encoding makes of it
                raise self._too_long()
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            raise HTTPException(400, "the request is not in UTF-8") from None

    def _question(self, fields: dict[str, list[str]], accept: str) -> Question:
        queries = fields.get("query", [])
        if len(queries) != 1:
            raise HTTPException(400, f"a request has one query, and this one has {len(queries) or 'none'}")
        text = queries[0]
        if len(text.encode(errors="replace")) > self.limits.query:
            raise self._too_long()
        if any(found["call"] for found in _SERVICE.finditer(text)):
            raise HTTPException(403, "SERVICE is refused: this endpoint asks no other")
        graphs = {name: tuple(fields.get(name, ())) for name in ("default-graph-uri", "named-graph-uri")}
        try:
            sparql.kind(text)
            for iri in (*graphs["default-graph-uri"], *graphs["named-graph-uri"]):
                ox.NamedNode(iri)
        except (UsageError, ValueError) as error:
            raise HTTPException(400, str(error)) from None
        return Question(text, accept, graphs["default-graph-uri"], graphs["named-graph-uri"])

    def _too_long(self) -> HTTPException:
        return HTTPException(413, f"a query may have {self.limits.query // 2**10} KiB")


def _parsed(text: str) -> dict[str, list[str]]:
    try:
        found = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise HTTPException(400, "the parameters are not percent-encoded UTF-8") from None
    return {name: found[name] for name in _FIELDS if name in found}
