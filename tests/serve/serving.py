"""Folders to serve, and the server as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from kg.home import Home
from kg.records import Statement


def folder_of(statements: Iterable[Statement], folder: Path, address: str | None = None) -> Path:
    """A folder with these statements, as kg build would leave it, without the files that follow the store."""
    with Home(folder, address) as home:
        for _, group in groupby(statements, key=lambda statement: statement.document.id):
            told = list(group)
            home.put(told[0].document, told, told[0].model)
    return folder


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    """Start ``kg serve`` in a group of its own."""
    return subprocess.Popen([sys.executable, "-m", "kg.cli", "serve", str(folder), *options], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def address_of(server: subprocess.Popen[str]) -> str:
    """Where a server is, once it says so."""
    assert server.stdout
    line = server.stdout.readline()
    assert " is at http://" in line, server.communicate(timeout=20)
    return line.split(" is at ")[1].split()[0].rstrip("/")


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[str]:
    """The address of a server of a folder, which ends without complaint."""
    server = start(folder, "--port", "0", *options)
    try:
        yield address_of(server)
    finally:
        server.terminate()
        try:
            _, said = server.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            raise
    assert not said
