"""Real SPARQL servers for the tests, each on a free port of this machine and ended with the test."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from kg.remote import PASSWORD, USER

_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = {sql}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = {http}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = 10000
"""


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def oxigraph(location: Path | None = None, port: int | None = None) -> Iterator[str]:
    """The address of the package ``oxigraph``'s server, with its graph in a folder or in memory."""
    port = port or free_port()
    where = ["--location", str(location)] if location else []
    with _running([_program("oxigraph"), "serve", *where, "--bind", f"127.0.0.1:{port}"], port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """The address of a new Virtuoso database in a folder, as Debian's ``virtuoso-opensource-7`` has it."""
    http = free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(http=http, sql=free_port()), encoding="utf-8")
    with _running([_program("virtuoso-t"), "+foreground", "+configfile", "virtuoso.ini"], http, folder):
        yield f"http://127.0.0.1:{http}/sparql-auth"


def log_in(patch: pytest.MonkeyPatch) -> None:
    """Give the user name and password of a new Virtuoso database to the environment."""
    for name in (USER, PASSWORD):
        patch.setenv(name, "dba")


def _program(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"the server {name} is not installed")
    return found


@contextmanager
def _running(command: Sequence[str], port: int, folder: Path | None = None) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while not _listens(port):
            assert process.poll() is None and time.monotonic() < deadline, f"{command[0]} does not start"
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
