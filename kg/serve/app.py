"""The web application: pages of the explorer, search, and the SPARQL 1.1 protocol, all for reading.

References
----------
SPARQL 1.1 Protocol, https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kg import resources
from kg.serve import answers, pages, protocol
from kg.serve.guard import PAGE_POLICY, Guard
from kg.serve.pages import NoSuchThingError, View
from kg.serve.query_page import query_page
from kg.serve.workers import BusyError, EndedError, TooSlowError, Workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from kg.serve.folder import Folder

_HITS = 30  # of each kind that search gives; the page leaves out what it has itself
_LONGEST = 200  # letters of a search
_KEPT = 8  # pages
_PAGE_SECONDS = 120.0
ASSETS = {"page.css": ("view", "web"), "query.css": ("serve", "web"), "query.js": ("serve", "web")}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may take: seconds, bytes of it, of its answer and of memory, and how many run at a time."""

    seconds: float = 30.0
    query: int = 64 * 2**10
    answer: int = 32 * 2**20
    memory: int = 2 * 2**30
    at_a_time: int = 2


class App:
    """What the routes share; :attr:`asgi` is the application."""

    def __init__(self, folder: Folder, limits: Limits, any_host: bool = False) -> None:
        self.folder, self.limits = folder, limits
        self.endpoint = protocol.Endpoint(folder, limits)
        self._drawn: OrderedDict[tuple[int, View], asyncio.Task[bytes]] = OrderedDict()
        routes = [
            Route("/", self.explorer), Route("/pair", self.pair), Route("/article", self.article),
            Route("/search", self.search), Route("/query", self.query),
            Route("/sparql", self.endpoint.respond, methods=["GET", "POST"]), Route("/assets/{name}", self.asset),
        ]
        self.asgi = Starlette(routes=routes, lifespan=self._life, middleware=[Middleware(Guard, any_host=any_host)],
                              exception_handlers={HTTPException: _told, Exception: _failed})

    @asynccontextmanager
    async def _life(self, app: Starlette) -> AsyncIterator[None]:
        self.drawing = Workers(pages.__name__, 1, _PAGE_SECONDS)
        self.endpoint.workers = Workers(answers.__name__, self.limits.at_a_time, self.limits.seconds,
                                        self.limits.memory)
        self._drawing(View())  # nearly all who come want it
        try:
            yield
        finally:
            self.drawing.close()
            self.endpoint.workers.close()
            self.folder.close()

    async def explorer(self, request: Request) -> Response:
        """The best known actors; with ``actor``, those around one."""
        wanted = request.query_params
        return await self._page(View(actor=wanted.get("actor", ""), statement=wanted.get("statement", "")))

    async def pair(self, request: Request) -> Response:
        """The statements that two actors are in."""
        return await self._page(View(actor=_needed(request, "a"), other=_needed(request, "b")))

    async def article(self, request: Request) -> Response:
        """The statements of an article."""
        return await self._page(View(article=_needed(request, "id")))

    async def _page(self, view: View) -> Response:
        await asyncio.to_thread(self.folder.follow)
        try:
            page = await asyncio.shield(self._drawing(view))
        except NoSuchThingError as error:
            raise HTTPException(404, str(error)) from None
        except (BusyError, EndedError, TooSlowError):
            raise HTTPException(503, "the page could not be drawn in time; try again") from None
        return HTMLResponse(page, headers={"Content-Security-Policy": PAGE_POLICY})

    def _drawing(self, view: View) -> asyncio.Task[bytes]:
        """The drawing of a page, which all who ask for it wait for; the last ones are kept."""
        key = self.folder.generation, view
        task = self._drawn.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            self._drawn[key] = task = asyncio.create_task(
                self.drawing.do(pages.draw, self.folder.path, self.folder.index, view))
        self._drawn.move_to_end(key)
        while len(self._drawn) > _KEPT:
            self._drawn.popitem(last=False)
        return task

    async def search(self, request: Request) -> Response:
        """Actors and sentences, as JSON."""
        words = request.query_params.get("q", "")[:_LONGEST]
        await asyncio.to_thread(self.folder.follow)
        return JSONResponse(await asyncio.to_thread(pages.search, self.folder.index, words, _HITS))

    async def query(self, request: Request) -> Response:
        """The page to write queries on."""
        return HTMLResponse(query_page(self.limits.seconds))

    async def asset(self, request: Request) -> Response:
        """A file of the query page."""
        name = request.path_params["name"]
        if name not in ASSETS:
            raise HTTPException(404, "there is no such file")
        return FileResponse(resources.data(*ASSETS[name], name))


def _needed(request: Request, name: str) -> str:
    value = request.query_params.get(name, "")
    if not value:
        raise HTTPException(400, f"the address lacks {name}=")
    return value


async def _told(request: Request, error: Exception) -> Response:
    """A fault in plain words: JSON for search, text for programs, a short page for people."""
    error = cast("HTTPException", error)
    if request.url.path == "/search":
        return JSONResponse({"error": error.detail}, error.status_code, headers=error.headers)
    if request.url.path == "/sparql":
        return PlainTextResponse(f"{error.detail}\n", error.status_code, headers=error.headers)
    return HTMLResponse(_error_page(error), error.status_code, headers=error.headers)


async def _failed(request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"a fault of the server: {type(error).__name__}\n", 500)


def _error_page(error: HTTPException) -> str:
    from markupsafe import Markup

    page = resources.data("serve", "web").joinpath("error.html").read_text(encoding="utf-8")
    return Markup(page).format(status=error.status_code, reason=error.detail)  # noqa: S704 - our own file
