"""Who may ask, and the headers of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Of pages with scripts of their own; beside it, such a page names these scripts by their hashes in itself.
PAGE_POLICY = ("connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-src 'none'; "
               "frame-ancestors 'none'")
_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
           "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
_HEADERS = {
    "Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-cache",
}
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Guard:
    """Refuses requests of other sites, also those that have their name lead here, and sets the headers.

    Parameters
    ----------
    app
        What answers.
    any_host
        Whether the server may be asked under any name, as one that others may reach.
    """

    def __init__(self, app: ASGIApp, any_host: bool) -> None:
        self.app, self.any_host = app, any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102 - of ASGI
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refused(scope["method"], Headers(scope=scope))
        answer = PlainTextResponse(f"{refused}\n", 403) if refused else self.app
        await answer(scope, receive, guarded)

    def _refused(self, method: str, headers: Headers) -> str:
        if not self.any_host and _name(headers.get("host", "")) not in _LOOPBACK:
            return "this server answers under the names of this machine only, such as localhost"
        is_visit = method in ("GET", "HEAD") and headers.get("sec-fetch-mode", "navigate") == "navigate"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not is_visit:
            return "this server answers no other site's pages"
        return ""


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
