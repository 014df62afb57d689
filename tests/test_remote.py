"""A folder whose graph is at an endpoint: it grows as in a folder, survives what servers do, and says what is wrong."""

from __future__ import annotations

import base64
import http.server
import io
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import tenacity
from kg import remote, store
from kg.builder import build
from kg.cli import main
from kg.errors import KgError, UsageError
from kg.home import FILES, Home
from kg.queries import library
from kg.queries.results import Result
from kg.records import Document, Statement
from kg.remote import PASSWORD, USER, EndpointStore, RemoteDataset
from kg.status import status
from kg.store import open_graph
from tests import servers
from tests.queries.cases import cases
from tests.test_home import articles, moved

NOTHING = {"head": {"vars": ["x"]}, "results": {"bindings": []}}


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once, and without a password of the one who runs the tests."""
    monkeypatch.setattr(EndpointStore._sent.retry, "wait", tenacity.wait_none())
    for name in (USER, PASSWORD):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with servers.oxigraph() as address:
        yield address


@pytest.fixture
def address(server: str) -> str:
    """The server, with nothing in it."""
    httpx.post(f"{server}/update", data={"update": "DROP ALL"}).raise_for_status()
    return server


def grown(folder: Path, at: str | None = None, wanted: Sequence[tuple[Document, list[Statement]]] = ()) -> Path:
    """A folder with the cases in it."""
    with Home(folder, at) as home:
        for document, statements in wanted or articles():
            home.put(document, statements, "kg")
        home.write()
    return folder


def same(one: Path, other: Path) -> bool:
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in FILES)


def test_it_grows_as_in_a_folder(address: str, tmp_path: Path) -> None:
    folders = (grown(tmp_path / "far", address), grown(tmp_path / "near"))
    assert not (tmp_path / "far" / store.FOLDER).exists()
    for folder in folders:
        with Home(folder) as home:
            home.remove(cases()[0].document.id)
            home.put(Document(cases()[-1].document.id, "Corrected."), moved(cases()[:2], cases()[-1].document.id), "kg")
            home.write()
    assert same(*folders)
    assert status(folders[0]).to_json()["actors"] == status(folders[1]).to_json()["actors"] > 0
    assert ask(address, "actors").rows == ask(folders[0], "actors").rows


def test_commands_build_and_ask(address: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "a.txt").write_text("A vote\n\nFrance criticized Russia on Friday.", encoding="utf-8")
    near = build([tmp_path / "a.txt"], tmp_path / "near", fast=True)
    assert run("build", tmp_path / "a.txt", "--out", tmp_path / "far", "--fast", "--store", address) == 0
    assert same(tmp_path / "near", tmp_path / "far")
    assert build([tmp_path / "a.txt"], tmp_path / "far", fast=True).known == 1
    capfdbinary.readouterr()
    asked = ("SELECT (COUNT(*) AS ?n) { ?s a kg:Statement }", "--format", "csv")
    for graph in (address, tmp_path / "far", tmp_path / "near"):
        assert run("query", "--graph", graph, *asked) == 0
        assert capfdbinary.readouterr().out.split() == [b"n", str(near.statements).encode()]


def test_it_is_checked_against_the_shapes(address: str, tmp_path: Path) -> None:
    grown(tmp_path / "far", address)
    assert run("validate", tmp_path / "far") == 0
    file = tmp_path / "far" / store.FILE
    file.write_text(file.read_text(encoding="utf-8").replace("kg:negated false", "kg:negated 0"), encoding="utf-8")
    assert run("validate", tmp_path / "far") == 1


def test_what_was_dumped_is_restored_there(
        address: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    near = grown(tmp_path / "near")
    assert run("dump", near, "--to", tmp_path / "dump.jsonl") == 0
    assert run("restore", tmp_path / "dump.jsonl", "--out", tmp_path / "far", "--store", address) == 0
    assert same(near, tmp_path / "far")
    assert not (tmp_path / "far" / store.FOLDER).exists()
    assert store.address_of(tmp_path / "far") == address
    assert held(address) == {s.document.id for s in cases()}
    capfdbinary.readouterr()


def test_a_graph_stays_where_it_is_when_its_folder_is_not_restored(
        address: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    near = grown(tmp_path / "near")
    assert run("dump", near, "--to", tmp_path / "dump.jsonl") == 0
    assert run("restore", tmp_path / "dump.jsonl", "--out", near, "--store", address) == 1
    assert "this folder has articles already; give a new folder" in capfd.readouterr().err
    assert store.address_of(near) is None
    assert held(near) == {s.document.id for s in cases()}
    assert held(address) == set()


def test_a_restoration_to_a_server_that_is_down_can_be_run_again(
        address: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    near, again = grown(tmp_path / "near"), ("restore", tmp_path / "dump.jsonl", "--out", tmp_path / "far", "--store")
    assert run("dump", near, "--to", tmp_path / "dump.jsonl") == 0
    assert run(*again, f"http://127.0.0.1:{servers.free_port()}") == 1
    assert "the server does not answer" in capfd.readouterr().err
    assert run(*again, address) == 0
    assert same(near, tmp_path / "far")


def ask(place: str | Path, query: str) -> Result:
    with closing(open_graph(place)) as dataset:
        return library.run(dataset, query)


def held(place: str | Path) -> set[str]:
    """The ids of the articles that a server or a folder has."""
    with closing(open_graph(place)) as dataset:
        return set(store.digests(dataset))


def run(*arguments: str | Path) -> Any:
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    return end.value.code


# ---- what may happen to a graph elsewhere ----------------------------------------------------------------------------


class Killed(BaseException):
    """The end of a process."""


@pytest.mark.slow
def test_a_run_that_dies_between_two_requests_is_mended_by_the_next(
        address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "BATCH", 60)
    _, (document, statements), other = articles()
    every = [(document, statements), other, (document, moved(cases()[:9], document.id))]
    wanted = (grown(tmp_path / "near", None, every) / store.FILE).read_bytes()
    update, survived = EndpointStore._update, 0

    for updates in range(100):
        httpx.post(f"{address}/update", data={"update": "DROP ALL"}).raise_for_status()
        left = iter(range(updates))

        def dying(self: EndpointStore, text: str, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise Killed
            update(self, text)

        with Home(tmp_path / f"far{updates}", address) as home, monkeypatch.context() as patch, suppress(Killed):
            patch.setattr(EndpointStore, "_update", dying)
            for document, statements in every:
                home.put(document, statements, "kg")
            survived = updates
        with Home(tmp_path / f"far{updates}") as home:
            for document, statements in every:
                home.put(document, statements, "kg")
            stream = io.BytesIO()
            store.export(home.graph, "trig", stream)
        assert stream.getvalue() == wanted, f"killed after {updates} updates"
        if survived:
            break
    assert survived > 8


def test_a_graph_that_is_lost_is_shown_again(address: str, tmp_path: Path) -> None:
    far = grown(tmp_path / "far", address)
    before = (far / store.FILE).read_bytes()
    httpx.post(f"{address}/update", data={"update": "DROP ALL"}).raise_for_status()
    grown(far)
    assert (far / store.FILE).read_bytes() == before


def test_what_others_have_at_the_server_is_left_alone(address: str, tmp_path: Path) -> None:
    theirs = "GRAPH <http://a/g> { <http://a/s> <http://a/p> 1 }"
    httpx.post(f"{address}/update", data={"update": f"INSERT DATA {{ {theirs} }}"}).raise_for_status()
    assert same(grown(tmp_path / "far", address), grown(tmp_path / "near"))
    assert ask(address, f"ASK {{ {theirs} }}").answer


def test_another_folder_at_the_server_keeps_its_articles(address: str, tmp_path: Path) -> None:
    one, *others = articles()
    grown(tmp_path / "one", address, [one])
    grown(tmp_path / "others", address, others)
    with Home(tmp_path / "one") as home:
        assert set(store.digests(home.graph)) == {document.id for document, _ in (one, *others)}


def test_a_graph_moves(address: str, tmp_path: Path) -> None:
    """From the folder to a server, to another, and back to the first, which has missed something."""
    out, gone = grown(tmp_path / "out"), cases()[0].document.id
    Home(out, address).close()
    assert not (out / store.FOLDER).exists()
    assert held(address) == {s.document.id for s in cases()}
    with servers.oxigraph() as other:
        with Home(out, other) as home:
            home.remove(gone)
        assert gone not in held(other)
        assert gone in held(address)
        Home(out, address).close()
    assert gone not in held(address)


def test_one_writer_at_a_time(address: str, tmp_path: Path) -> None:
    with Home(tmp_path, address), pytest.raises(KgError, match="another process is writing to this folder"):
        Home(tmp_path)
    Home(tmp_path).close()


# ---- what servers say ------------------------------------------------------------------------------------------------


@contextmanager
def answering(*statuses: int, kind: str = "application/sparql-results+json",
              wanted: str | None = None) -> Iterator[tuple[str, list[int]]]:
    """A server that answers with these, then that there is nothing; with the list of what it has answered."""
    queue, given = list(statuses), list[int]()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            granted = wanted is None or self.headers.get("Authorization") == wanted
            given.append(queue.pop(0) if queue else 200 if granted else 401)
            self.send_response(given[-1])
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(json.dumps(NOTHING).encode() if given[-1] == 200 else b"Because.")

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_address[1]}/sparql", given
        served.shutdown()
        thread.join()


def test_a_server_that_fails_twice_is_survived(tmp_path: Path) -> None:
    with answering(503, 502) as (url, given):
        assert not ask(url, "SELECT * { ?s ?p ?o }").rows
    assert given == [503, 502, 200]


def test_a_server_that_goes_on_failing_is_told_in_one_line() -> None:
    wanted = r"sparql: the server fails \(503 Service Unavailable: Because\.\); start it"
    with answering(*[503] * 20) as (url, given), pytest.raises(KgError, match=wanted):
        ask(url, "SELECT * { ?s ?p ?o }")
    assert len(given) == remote.TRIES


def test_a_server_that_is_down_is_told_in_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("France criticized Russia on Friday.", encoding="utf-8")
    url = f"http://127.0.0.1:{servers.free_port()}"
    for arguments in (("query", "--graph", url, "--name", "actors"),
                      ("build", tmp_path / "a.txt", "--out", tmp_path / "out", "--fast", "--store", url)):
        assert run(*arguments) == 1
        said = capfd.readouterr().err
        assert said.startswith(f"kg: {url}: the server does not answer (")
        assert said.count("\n") == 1


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    right = "Basic " + base64.b64encode(b"ann:s3cret").decode()
    with answering(wanted=right) as (url, given):
        with pytest.raises(KgError, match=f"refuses access without a password .*; set {USER} and {PASSWORD}"):
            ask(url, "ASK {}")
        monkeypatch.setenv(USER, "ann")
        monkeypatch.setenv(PASSWORD, "wrong")
        with pytest.raises(KgError, match="refuses the user name and password") as raised:
            ask(url, "ASK {}")
        assert "wrong" not in str(raised.value)
        monkeypatch.setenv(PASSWORD, "s3cret")
        with closing(open_graph(url)) as dataset:
            for _ in range(2):
                library.run(dataset, "SELECT * { ?s ?p ?o }")
    assert given == [401, 401, 401, 401, 200, 200]


def test_what_is_wrong_with_a_query_is_said_as_elsewhere(address: str) -> None:
    with pytest.raises(UsageError, match=r"cannot be run: .*line 4, column .* near '.a foo:bar") as raised:
        ask(address, "SELECT *\nWHERE {\n ?a kg:supports ?c .\n ?a foo:bar ?c }")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("url", "message"), [
    ("http://ann:s3cret@localhost/", "http://localhost/: a password does not belong in an address; set KG_"),
    ("http://", "is no http"), ("ftp://localhost", "is no http"), ("out", "is no http"),
    ("http://a:b", "is no address")])
def test_what_is_no_address_is_refused(url: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        RemoteDataset(url)


def test_what_is_no_endpoint_is_told(address: str) -> None:
    with answering(kind="text/html") as (url, _), pytest.raises(KgError, match="does not answer as a SPARQL endpoint"):
        ask(url, "ASK {}")
    with pytest.raises(KgError, match=r"the server fails \(404"):
        ask(f"{address}/elsewhere", "ASK {}")


# ---- Virtuoso --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.virtuoso(tmp_path_factory.mktemp("virtuoso")) as address:
        yield address


@pytest.mark.virtuoso
def test_virtuoso_grows_as_a_folder_does(virtuoso: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "PAGE", 2)
    servers.log_in(monkeypatch)
    topics = [f"Topic {number}: \"quoted\"\n\\ and 'so' {{?x}} # $y é" for number in range(10)]
    large = Document("large", "Many statements."), [
        replace(s, topic=topic).identified() for topic in topics for s in moved(cases(), "large")]
    folders = tmp_path / "far", tmp_path / "near"
    for folder, at in zip(folders, (virtuoso, None), strict=True):
        grown(folder, at)
        grown(folder, wanted=[large])
        with Home(folder) as home:
            home.remove(cases()[0].document.id)
            home.put(Document(cases()[-1].document.id, "Corrected."), [], "kg")
            home.write()
    assert same(*folders)


@pytest.mark.virtuoso
def test_an_answer_that_virtuoso_cuts_is_told(virtuoso: str, monkeypatch: pytest.MonkeyPatch) -> None:
    servers.log_in(monkeypatch)
    with pytest.raises(KgError, match="the server gives 10000 rows at most, and there are more"):
        ask(virtuoso, "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 20000")


@pytest.mark.virtuoso
def test_virtuoso_refuses_a_wrong_password(virtuoso: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER, "dba")
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(KgError, match="refuses the user name and password"):
        ask(virtuoso, "ASK {}")
