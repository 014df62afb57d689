"""The server as a process: how it starts, follows its folder, and ends."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest
from kg import store
from kg.home import Home
from kg.ledger import FILE as LEDGER
from kg.queries import library
from kg.serve.indexing import FILE as INDEX
from kg.serve.snapshot import Snapshots
from tests.queries.cases import cases
from tests.serve.serving import address_of, folder_of, serving, start
from tests.servers import oxigraph

COUNTS = "SELECT (COUNT(?s) AS ?n) WHERE { GRAPH ?g { ?s a kg:Statement } } GROUP BY ?g"
ARTICLES = "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?s a kg:Statement } }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two of the three articles."""
    return folder_of([s for s in cases() if s.document.id != last()], tmp_path / "out")


def last() -> str:
    return max(s.document.id for s in cases())


def grow(folder: Path) -> None:
    folder_of([s for s in cases() if s.document.id == last()], folder)


def articles(address: str) -> int:
    answer = httpx.get(f"{address}/sparql", params={"query": ARTICLES}, timeout=60)
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def found(address: str) -> int:
    words = next(s.evidence.text for s in cases() if s.document.id == last() and s.evidence)
    return len(httpx.get(f"{address}/search", params={"q": words}, timeout=60).json()["sentences"])


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those of these processes that still are there after a while; who is dead and not buried is not."""
    psutil.wait_procs(processes, timeout=3)
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def said(folder: Path, *options: str) -> tuple[int, str]:
    """The status and the complaint of a server that cannot start."""
    server = start(folder, *options)
    _, complaint = server.communicate(timeout=60)
    return server.returncode, complaint


def test_it_shows_what_the_folder_has_come_to_hold(folder: Path) -> None:
    with serving(folder) as address:
        assert (articles(address), found(address)) == (2, 0)
        before = len(httpx.get(address).text)
        grow(folder)
        time.sleep(2.5)
        assert (articles(address), found(address)) == (3, 1)
        assert len(httpx.get(address).text) > before
        with Home(folder) as home:
            home.remove(last())
        time.sleep(2.5)
        assert (articles(address), found(address)) == (2, 0)


def test_it_answers_while_a_build_holds_the_folder(folder: Path) -> None:
    with Home(folder) as home, serving(folder) as address:
        assert articles(address) == 2
        told = [s for s in cases() if s.document.id == last()]
        home.put(told[0].document, told, told[0].model)
        time.sleep(2.5)
        assert (articles(address), found(address)) == (3, 1)
    assert not list(folder.glob(".serve-*"))


def test_a_picture_is_whole_whenever_it_is_taken(tmp_path: Path) -> None:
    """While another process writes article after article, every picture has whole articles only."""
    out = tmp_path / "out"
    out.mkdir()
    writer = subprocess.Popen([sys.executable, "-c", f"""
import time
from itertools import groupby
from pathlib import Path
from kg import store
from kg.rdf.quads import to_quads
from tests.bench.scale import statements
graph = store.open_store(Path({str(out / store.FOLDER)!r}))
for ident, group in groupby(statements(100_000), key=lambda s: s.document.id):
    store.replace_articles(graph, {{ident: to_quads(group)}})
    time.sleep(0.02)  # reading an article takes longer
"""])
    try:
        while not (out / store.FOLDER / "CURRENT").exists():
            assert writer.poll() is None
            time.sleep(0.05)
        pictures = Snapshots(out, kept=0, every=0)
        counts: list[int] = []
        began = time.monotonic()
        while len(counts) < 8:
            assert time.monotonic() < began + 60
            if picture := pictures.current():
                graph = store.open_store(picture, read_only=True)
                rows = [int(row["n"].toPython()) for row in library.run(graph, COUNTS).rows]
                assert set(rows) <= {12}
                counts.append(len(rows))
                graph.close()
            time.sleep(0.1)
        assert writer.poll() is None
        assert counts == sorted(counts)
        assert counts[-1] > counts[0]
        pictures.close()
        assert not list(out.glob(".serve-*"))
    finally:
        writer.kill()
        writer.wait()


def test_what_a_killed_server_leaves_goes_with_the_next_and_so_do_its_processes(folder: Path) -> None:
    server = start(folder, "--port", "0")
    articles(address_of(server))
    children = psutil.Process(server.pid).children(recursive=True)
    assert len(children) >= 3
    server.kill()
    server.communicate()
    assert list(folder.glob(".serve-*"))
    assert not alive(children)
    with serving(folder) as address:
        assert articles(address) == 2
        assert len(list(folder.glob(".serve-*"))) == 1


@pytest.mark.parametrize(("sign", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_it_ends_quietly_and_leaves_nothing_behind(folder: Path, sign: signal.Signals, status: int) -> None:
    server = start(folder, "--port", "0")
    articles(address_of(server))
    children = psutil.Process(server.pid).children(recursive=True)
    os.killpg(server.pid, sign) if sign == signal.SIGINT else server.send_signal(sign)  # as a terminal's Ctrl-C does
    assert server.communicate(timeout=20) == ("", "")
    assert server.returncode == status
    assert not alive(children)
    assert not list(folder.glob(".serve-*"))


def test_a_port_that_is_taken_is_told(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert said(folder, "--port", str(port)) == (
            2, f"kg: port {port} is taken; choose another with --port, or a free one with --port 0\n")


def test_without_a_port_the_usual_one_or_a_free_one_is_taken(folder: Path) -> None:
    servers = [start(folder), start(folder)]
    try:
        assert len({address_of(server) for server in servers}) == 2
    finally:
        for server in servers:
            server.terminate()
            server.communicate(timeout=20)


def test_a_host_that_is_not_ours_is_told(folder: Path) -> None:
    status, complaint = said(folder, "--host", "192.0.2.1", "--port", "0")
    assert status == 2
    assert "192.0.2.1:0: cannot listen there" in complaint


def test_other_machines_may_ask_if_they_are_let(folder: Path) -> None:
    with serving(folder, "--host", "0.0.0.0") as address:  # noqa: S104 - the point
        assert httpx.get(f"{address}/query", headers={"Host": "kg.example.org"}).status_code == 200


def test_a_folder_without_a_graph_is_told(tmp_path: Path) -> None:
    status, complaint = said(tmp_path)
    assert status == 1
    assert complaint == f"kg: {tmp_path}: this is no folder of kg build; make one with kg build INPUT... --out DIR\n"
    out = folder_of(cases(), tmp_path / "out")
    for file in (out / store.FOLDER).iterdir():
        file.unlink()
    (out / store.FOLDER).rmdir()
    status, complaint = said(out)
    assert status == 1
    assert complaint.startswith(f"kg: {out}: there is no store/ in this folder; ")
    assert said(tmp_path / "none")[0] == 2


def test_a_damaged_ledger_is_told(folder: Path) -> None:
    (folder / LEDGER).write_bytes(b"no database" * 1000)
    for suffix in ("-wal", "-shm"):
        (folder / f"{LEDGER}{suffix}").unlink(missing_ok=True)
    status, complaint = said(folder)
    assert status == 1
    assert f"{folder / LEDGER}: this file is damaged" in complaint


def test_a_damaged_index_is_made_anew(folder: Path) -> None:
    with serving(folder):
        pass
    (folder / INDEX).write_bytes(b"no database" * 1000)
    with serving(folder) as address:
        assert len(httpx.get(f"{address}/search", params={"q": "the"}).json()["sentences"]) > 0
    sqlite3.connect(folder / INDEX).close()


@pytest.mark.slow
def test_a_graph_at_an_endpoint_is_asked_there(tmp_path: Path) -> None:
    with oxigraph() as endpoint:
        out = folder_of(cases(), tmp_path / "out", endpoint)
        with serving(out, "--timeout", "3") as address:
            assert articles(address) == 3
            graph = httpx.get(f"{address}/sparql", params={"query": "CONSTRUCT WHERE { ?s kg:supports ?o }"})
            assert graph.headers["Content-Type"].startswith("text/turtle")
            wrong = httpx.get(f"{address}/sparql", params={"query": "SELECT ?a {"})
            assert (wrong.status_code, wrong.text.count("\n")) == (400, 1)
            assert httpx.post(f"{address}/sparql", data={"update": "CLEAR ALL"}).status_code == 403
            endless = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(6))
            counted = f"SELECT (COUNT(*) AS ?n) {{ {endless} }}"
            slow = httpx.get(f"{address}/sparql", params={"query": counted}, timeout=30)
            assert slow.status_code == 422
    with serving(out) as address:
        gone = httpx.get(f"{address}/sparql", params={"query": "ASK {}"}, timeout=60)
        assert gone.status_code == 502
        assert "does not answer" in gone.text
