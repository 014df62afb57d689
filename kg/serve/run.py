"""Serving a folder until it is told to stop."""

from __future__ import annotations

import errno
import ipaddress
import socket
import threading
import webbrowser
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

from kg.errors import UsageError
from kg.serve.app import App, Limits
from kg.serve.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PORT = 8765  #: or a free one, if that is taken and none was asked for
_HEADERS = 128 * 2**10  # bytes of a request's head, so that a query fits in an address


def serve(
    path: Path, host: str, port: int | None, limits: Limits, say: Callable[[str], None],
    progress: Callable[[int, int], None], browse: bool = False,
) -> None:
    """Serve a folder until SIGINT or SIGTERM.

    Parameters
    ----------
    path
        A folder of kg build.
    host
        The address of this machine to listen at; of others than loopback, other machines may ask.
    port
        Where; 0 for a free one, None for :data:`PORT` or else a free one.
    limits
        What a query may take.
    say
        Told the address, once all is ready.
    progress
        Told how many of how many articles are indexed.
    browse
        Whether to open a browser.

    Raises
    ------
    KgError
        If the folder cannot be served, or the port is taken.
    """
    bound = _bound(host, port)
    with bound:
        folder = Folder(path, limits.seconds, progress)
        app = App(folder, limits, any_host=not _is_loopback(host))
        number = bound.getsockname()[1]
        address = f"http://{_shown(host)}:{number}/"
        config = uvicorn.Config(app.asgi, log_level="warning", server_header=False, http="h11", ws="none",
                                h11_max_incomplete_event_size=_HEADERS, limit_concurrency=64,
                                timeout_graceful_shutdown=2)
        server = _Server(config, lambda: _tell(address, say, browse))
        with suppress(KeyboardInterrupt):  # uvicorn raises it once all is closed
            server.run(sockets=[bound])


class _Server(uvicorn.Server):
    """Says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()


def _tell(address: str, say: Callable[[str], None], browse: bool) -> None:
    say(address)
    if browse:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _bound(host: str, port: int | None) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in (PORT, 0) if port is None else (port,):
        try:
            return socket.create_server((host, candidate), family=family)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and port is None and candidate:
                continue
            if error.errno == errno.EADDRINUSE:
                raise UsageError(f"port {port} is taken", "", "choose another with --port, or a free one with --port 0"
                                 ) from None
            raise UsageError(f"cannot listen there ({error.strerror or error})", f"{host}:{candidate}",
                             "choose another --host or --port") from None
    raise AssertionError("unreachable")


def _shown(host: str) -> str:
    """A host as a browser on this machine asks for it."""
    asked = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - no address to listen at
    return f"[{asked}]" if ":" in asked else asked


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
