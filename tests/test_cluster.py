"""Reading by workers: the same folder as without them, also when workers die, cannot read, or are not there."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import dask
import psutil
import pytest
from distributed import LocalCluster
from kg import cluster, pipeline
from kg.builder import build
from kg.cluster import Cluster
from kg.errors import KgError, UsageError
from kg.home import STATEMENTS, Home
from kg.lab.sentences import generate
from kg.reading import Options
from kg.records import Document, Statement
from kg.store import FILE

#: What a worker loads first: texts that kill it, and texts that it cannot understand.
PRELOAD = """
import os, signal
from kg import pipeline
def guarded(real):
    def read(doc, document, *rest):
        if document.text.startswith("Deadly"):
            os.kill(os.getpid(), signal.SIGKILL)
        if document.text.startswith("Puzzling"):
            raise IndexError("no such token")
        return real(doc, document, *rest)
    return read
pipeline.read = guarded(pipeline.read)
"""
FAST = Options(fast=True)
HERE: dict[str, Any] = {"processes": False, "protocol": "tcp", "dashboard_address": ":0"}


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "BATCH", 2)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("articles")
    made = [sentence.text for sentence in generate(80, 0)]
    for number in range(20):
        (folder / f"a{number:02}.txt").write_text("\n\n".join(made[number * 4:number * 4 + 4]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def expected(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one process writes."""
    out = tmp_path_factory.mktemp("one") / "out"
    build([articles], out, fast=True)
    return written(out)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster that runs already, in this process."""
    with LocalCluster(n_workers=1, threads_per_worker=2, **HERE) as running:
        yield running.scheduler_address


def written(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in (STATEMENTS, FILE)}


def workers() -> list[psutil.Process]:
    """The worker processes of this one; a server that other tests ask has some of its own."""
    return [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())]


@pytest.mark.slow
def test_two_workers_write_what_one_process_writes(
        articles: Path, expected: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    report = build([articles], tmp_path / "out", fast=True, workers=2)
    assert (report.read, report.failed) == (20, 0)
    assert written(tmp_path / "out") == expected
    assert workers() == []
    assert list((tmp_path / "temp").iterdir()) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_doubles_nothing(
        articles: Path, expected: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str]) -> None:
    put, taken, killed = Home.put, [], []

    def kill(self: Home, document: Document, *rest: Any) -> None:
        put(self, document, *rest)
        taken.append(document.id)
        if len(taken) == 3:
            killed.append(workers()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(Home, "put", kill)
    build([articles], tmp_path / "out", fast=True, workers=2)
    assert killed
    assert sorted(taken) == [f"a{number:02}" for number in range(20)]
    assert written(tmp_path / "out") == expected
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_build_leaves_no_file_behind(articles: Path, tmp_path: Path, end: signal.Signals) -> None:
    temp, actors = tmp_path / "temp", tmp_path / "mine.csv"
    temp.mkdir()
    actors.write_text("name,type\nZorvex Blimp,Person\n", encoding="utf-8")
    command: list[str | Path] = [
        sys.executable, "-m", "kg.cli", "build", articles, "--out", tmp_path / "out", "--fast",
        "--workers", "2", "--actors", actors]
    with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(temp)}, stderr=subprocess.DEVNULL) as building:
        until(lambda: list(temp.rglob("*.csv")))  # a worker reads
        building.send_signal(end)
    until(lambda: not list(temp.iterdir()))


def until(reached: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.slow
def test_articles_that_kill_or_puzzle_workers_cost_only_themselves(articles: Path, tmp_path: Path) -> None:
    (tmp_path / "preload.py").write_text(PRELOAD, encoding="utf-8")
    (tmp_path / "deadly.txt").write_text("Deadly talks began.", encoding="utf-8")
    (tmp_path / "puzzling.txt").write_text("Puzzling talks began.", encoding="utf-8")
    errors: list[KgError] = []
    with dask.config.set({"distributed.worker.preload": [str(tmp_path / "preload.py")]}):
        report = build([articles / "a00.txt", tmp_path / "deadly.txt", tmp_path / "puzzling.txt", articles / "a01.txt"],
                       tmp_path / "out", fast=True, workers=2, on_error=errors.append)
    assert (report.documents, report.failed) == (2, 2)
    assert sorted(str(error).partition(" (")[0] for error in errors) == [
        "deadly: workers die when they read it; give it in shorter pieces", "puzzling: cannot be understood"]


@pytest.mark.slow
def test_a_cluster_that_runs_already(
        articles: Path, expected: dict[str, bytes], scheduler: str, tmp_path: Path) -> None:
    build([articles], tmp_path / "out", fast=True, cluster=scheduler)
    assert written(tmp_path / "out") == expected


@pytest.mark.slow
def test_actors_of_a_file_reach_the_workers(scheduler: str, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("name,type\nZorvex Blimp,Person\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("Zorvex Blimp criticized France on Friday.", encoding="utf-8")
    for name, address in (("one", None), ("two", scheduler)):
        build([tmp_path / "a.txt"], tmp_path / name, fast=True, actors=tmp_path / "mine.csv", cluster=address)
    assert b"Zorvex Blimp" in written(tmp_path / "one")[STATEMENTS]
    assert written(tmp_path / "two") == written(tmp_path / "one")


@pytest.fixture
def _fresh_readers() -> Iterator[None]:
    """The workers of ``scheduler`` live in this process, and so do the readers that they keep."""
    cluster._reader.cache_clear()
    yield
    cluster._reader.cache_clear()


@pytest.mark.slow
@pytest.mark.usefixtures("_fresh_readers")
def test_workers_with_other_software_are_refused(
        articles: Path, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = iter(["kg 9", "kg 8"])
    monkeypatch.setattr(pipeline, "made_by", lambda *given: next(versions))
    with pytest.raises(UsageError, match="this worker reads by other software: kg 8, not kg 9"):
        build([articles], tmp_path / "out", fast=True, cluster=scheduler)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_workers_that_leave_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 2.0)
    with LocalCluster(n_workers=0, **HERE) as empty:
        read = Cluster(FAST, address=empty.scheduler_address).read([Document("a", "France praised Oman.")], print)
        with pytest.raises(KgError, match="there are no workers"):
            next(read)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{free}", "127.0.0.1:{free}", "nonsense", "nosuch://127.0.0.1:1"])
def test_an_address_where_nothing_listens(
        articles: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_TIMEOUT", 0.5)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        given = address.format(free=unused.getsockname()[1])
    with pytest.raises(KgError, match="no Dask scheduler answers") as error:
        build([articles], tmp_path / "out", fast=True, cluster=given)
    assert str(error.value).startswith(given)
    assert not (tmp_path / "out").exists()


def test_workers_and_a_cluster_exclude_each_other(articles: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="exclude each other"):
        build([articles], tmp_path / "out", workers=2, cluster="tcp://127.0.0.1:8786")


def test_nothing_to_read_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: Any) -> None:
        raise AssertionError("started")

    monkeypatch.setattr(cluster, "_started", never)
    nothing: Sequence[tuple[Document, list[Statement]]] = list(Cluster(FAST, 2).read([], print))
    assert nothing == []


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=re.escape("pip install 'kg-statements[cluster]'")):
        Cluster(FAST, 2)
