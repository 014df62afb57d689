"""Processes that do one thing at a time and are ended when it takes too long.

A query in Oxigraph cannot be stopped once it joins (its server's own time limit does not stop it either), so what must
end runs in a process that can be killed. A new one takes its place.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from contextlib import suppress
from importlib import import_module
from multiprocessing import connection, get_context, parent_process
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

T = TypeVar("T")
_SPAWN = get_context("spawn")


class TooSlowError(Exception):
    """The work took longer than it may."""


class BusyError(Exception):
    """All processes are at work, and none became free in time."""


class EndedError(Exception):
    """The process ended itself over the work, as when it needs more memory than it may have."""


class Workers:
    """Some processes, for one event loop.

    Parameters
    ----------
    home
        The module of what they will do, which they load first.
    count
        How many.
    seconds
        How long a piece of work may take, and how long it may wait for a process.
    memory
        How many bytes a process may hold, where the system can limit it; 0 for as much as there is.
    """

    def __init__(self, home: str, count: int, seconds: float, memory: int = 0) -> None:
        self.seconds = seconds
        self._all = [_Worker(home, memory) for _ in range(count)]
        self._free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        for worker in self._all:
            self._free.put_nowait(worker)

    async def do(self, work: Callable[..., T], *arguments: Any) -> T:
        """Give what a function of a module gives; it, its arguments and its result cross to another process and back.

        Raises
        ------
        TooSlowError, BusyError, EndedError
            If it came to nothing.
        Exception
            What the work raised.
        """
        try:
            worker = await asyncio.wait_for(self._free.get(), self.seconds)
        except TimeoutError:
            raise BusyError from None
        try:
            return cast("T", await asyncio.to_thread(worker.do, self.seconds, work, arguments))
        finally:
            self._free.put_nowait(worker)

    def close(self) -> None:
        """End them all."""
        for worker in self._all:
            worker.close()


class _Worker:
    def __init__(self, home: str, memory: int) -> None:
        self.home, self.memory = home, memory
        self.lock = threading.Lock()
        self.is_closed = self.is_ready = False
        self.start()

    def start(self) -> None:
        self.pipe, other = _SPAWN.Pipe()
        self.process = _SPAWN.Process(target=_work, args=(other, self.home, self.memory), daemon=True)
        self.process.start()
        self.is_ready = False
        other.close()

    def close(self) -> None:
        with self.lock:
            self.is_closed = True
            self.process.kill()
            self.process.join()

    def replace(self) -> None:
        """Start another process in its place, now, so that the next need not wait for it."""
        with self.lock:
            if not self.is_closed:
                self.process.kill()
                self.process.join()
                self.pipe.close()
                self.start()

    def do(self, seconds: float, work: Callable[..., object], arguments: tuple[Any, ...]) -> object:
        try:
            if not self.is_ready:  # to start is no part of the work
                self.is_ready = self.pipe.recv()
            self.pipe.send((work, arguments))
            if not self.pipe.poll(seconds):
                raise TooSlowError
            is_done, value = self.pipe.recv()
        except TooSlowError:
            self.replace()
            raise
        except (EOFError, OSError):
            self.replace()
            raise EndedError from None
        if is_done:
            return cast("object", value)
        raise value


def _work(pipe: Connection, home: str, memory: int) -> None:
    """What a process does until it is ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the server ends this one
    threading.Thread(target=_outlive_nobody, daemon=True).start()
    if memory:
        with suppress(ImportError, ValueError, OSError):
            import resource

            resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    import_module(home)
    pipe.send(True)
    while True:
        try:
            work, arguments = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send((True, work(*arguments)))
        except MemoryError:
            os._exit(1)
        except Exception as error:
            pipe.send((False, error))


def _outlive_nobody() -> None:
    if (server := parent_process()) is not None:
        connection.wait([server.sentinel])
        os._exit(1)
