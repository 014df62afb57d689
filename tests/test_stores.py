"""The store: what is written reads back, articles are replaced as a whole, and memory and folder answer alike."""

from __future__ import annotations

import io
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from kg import store
from kg.errors import KgError, UsageError
from kg.queries import library
from kg.rdf import terms
from kg.rdf.quads import from_dataset, from_graph, to_quads
from kg.records import Statement
from kg.store import OxigraphDataset, export, load_file, load_statements, open_graph, open_store
from rdflib.compare import isomorphic
from tests.queries.cases import cases
from tests.rdf.test_quads import PLAIN, as_json
from tests.strategies import corpora

NAMED = ("trig", "nquads", "jsonld")  # the formats that keep named graphs


def written(dataset: OxigraphDataset, format: str) -> bytes:
    stream = io.BytesIO()
    export(dataset, format, stream)
    return stream.getvalue()


def read_back(content: bytes, format: str, folder: Path) -> OxigraphDataset:
    file = folder / "graph"
    file.write_bytes(content)
    dataset = open_store()
    load_file(dataset, file, format)
    return dataset


@pytest.mark.parametrize("format", NAMED)
@settings(max_examples=15, deadline=None)
@given(statements=corpora())
def test_what_is_written_reads_back_equal(tmp_path_factory: pytest.TempPathFactory, format: str,
                                          statements: list[Statement]) -> None:
    dataset = open_store()
    load_statements(dataset, statements)
    again = read_back(written(dataset, format), format, tmp_path_factory.mktemp("out"))
    assert set(again.oxigraph) == set(dataset.oxigraph)
    assert as_json(from_dataset(again)) == as_json(statements)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's parsers use what rdflib deprecates
@pytest.mark.parametrize(("format", "parser"), [("trig", "trig"), ("nquads", "nquads"), ("jsonld", "json-ld")])
def test_other_software_reads_the_same(format: str, parser: str) -> None:
    dataset = open_store()
    load_statements(dataset, cases())
    other = rdflib.Dataset()
    other.parse(data=written(dataset, format), format=parser)

    def quads(read: rdflib.Dataset) -> set[tuple[str, ...]]:
        # plain literals have no datatype in rdflib and are xsd:string in Oxigraph, which RDF 1.1 says is the same
        return {tuple(str(term) for term in quad) for quad in read.quads()}

    assert quads(other) == quads(dataset)


def test_turtle_is_the_union_of_all_graphs() -> None:
    dataset = open_store()
    load_statements(dataset, cases())
    flat = rdflib.Graph().parse(data=written(dataset, "turtle"), format="turtle")
    union = rdflib.Graph()
    for s, p, o, _ in dataset.quads():
        is_text = isinstance(o, rdflib.Literal) and o.datatype == rdflib.XSD.string
        union.add((s, p, rdflib.Literal(str(o)) if is_text else o))
    assert isomorphic(flat, union)
    # statements read back, but of the sectors that Firefly has in different articles one remains
    assert as_json(s for s in from_graph(flat) if s.id != "c1") == as_json(s for s in cases() if s.id != "c1")


@pytest.mark.parametrize("format", store.FORMATS)
def test_the_same_graph_gives_the_same_bytes(format: str, tmp_path: Path) -> None:
    memory, folder = open_store(), open_store(tmp_path / "store")
    load_statements(memory, cases())
    load_statements(folder, reversed(cases()))
    assert written(memory, format) == written(folder, format)
    export(memory, format, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == written(memory, format)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match="no graph format is called 'xml'; take one of nquads, trig"):
        export(open_store(), "xml", io.BytesIO())


def test_loading_again_changes_nothing_and_a_new_reading_replaces_the_article() -> None:
    dataset = open_store()
    load_statements(dataset, cases())
    before = set(dataset.oxigraph)
    load_statements(dataset, cases())
    assert set(dataset.oxigraph) == before

    first = cases()[0]
    load_statements(dataset, [replace(first, negated=True)])
    now = [statement for statement in from_dataset(dataset) if statement.document.id == first.document.id]
    assert [(statement.id, statement.negated) for statement in now] == [(first.id, True)]
    assert not list(dataset.oxigraph.quads_for_pattern(None, None, None, _named(first.id)))

    for ident in {statement.document.id for statement in cases()}:
        store.remove_document(dataset, ident)
    assert len(dataset.oxigraph) == 0


def _named(ident: str) -> ox.NamedNode:
    return ox.NamedNode(terms.statement(ident))


def test_statements_of_one_article_that_come_apart_are_merged() -> None:
    here, there = [replace(s, document=replace(s.document, id="one")) for s in cases()[:4]], cases()[-1]
    dataset = open_store()
    load_statements(dataset, [*here[:2], there, *here[2:]])
    assert as_json(from_dataset(dataset)) == as_json([*here, there])


def test_a_folder_keeps_the_graph_and_prefixes_are_bound_again(tmp_path: Path) -> None:
    with_prefixes = "ASK { stmt:s1 kg:evidence/nif:anchorOf ?words ; prov:wasDerivedFrom ?article }"
    dataset = open_store(tmp_path / "store")
    load_statements(dataset, cases())
    dataset.close()
    dataset.close()  # a second time does no harm
    again = open_store(tmp_path / "store", read_only=True)
    assert as_json(from_dataset(again)) == as_json(cases())
    assert library.run(again, with_prefixes.replace("s1", cases()[0].id)).answer


def test_a_locked_missing_or_broken_store_is_named(tmp_path: Path) -> None:
    writing = open_store(tmp_path / "store")
    with pytest.raises(KgError, match=r"store: another process is writing to this store; wait"):
        open_store(tmp_path / "store")
    writing.close()
    with pytest.raises(KgError, match="there is no store here; build one"):
        open_store(tmp_path / "none", read_only=True)
    (tmp_path / "file").write_text("no store")
    with pytest.raises(KgError, match="not a store that can be opened"):
        open_store(tmp_path / "file")
    (tmp_path / "broken" / "CURRENT").parent.mkdir()
    (tmp_path / "broken" / "CURRENT").write_text("nonsense")
    with pytest.raises(KgError, match="not a store that can be opened"):
        open_store(tmp_path / "broken", read_only=True)


def test_an_out_folder_is_opened_by_its_store_or_its_file(tmp_path: Path) -> None:
    with pytest.raises(KgError, match=r"there is neither store/ nor graph\.trig in this folder; make them"):
        open_graph(tmp_path)
    dataset = open_store(tmp_path / store.FOLDER)
    load_statements(dataset, cases())
    export(dataset, "trig", tmp_path / store.FILE)
    dataset.close()
    assert as_json(from_dataset(open_graph(tmp_path))) == as_json(cases())
    shutil.rmtree(tmp_path / store.FOLDER)
    assert as_json(from_dataset(open_graph(tmp_path))) == as_json(cases())
    (tmp_path / store.FILE).write_text("<a> <b> .")
    with pytest.raises(KgError, match=r"graph\.trig: this is not readable as trig"):
        open_graph(tmp_path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> OxigraphDataset:
    dataset = open_store(tmp_path_factory.mktemp("graph") / "store")
    load_statements(dataset, cases())
    return dataset


@pytest.fixture(scope="module")
def memory() -> OxigraphDataset:
    dataset = open_store()
    load_statements(dataset, reversed(cases()))
    return dataset


@pytest.mark.parametrize("name", library.queries())
def test_memory_and_folder_give_the_same_answer(memory: OxigraphDataset, folder: OxigraphDataset, name: str) -> None:
    assert library.run(memory, name).to_json() == library.run(folder, name).to_json()


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A SPARQL server with the same graph, on a free port of this machine."""
    server = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if server is None:
        pytest.skip("the package oxigraph (a SPARQL server) is not installed")
    folder = tmp_path_factory.mktemp("served")
    dataset = open_store(folder / "store")
    load_statements(dataset, cases())
    dataset.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen([server, "serve-read-only", "--location", str(folder / "store"), "--bind", address],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(address.rpartition(":")[2]))) == 0:
                break
        time.sleep(0.05)
    yield f"http://{address}/query"
    process.terminate()
    process.wait(10)


@pytest.mark.slow
@pytest.mark.parametrize("name", library.queries())
def test_a_sparql_server_gives_the_same_answer(memory: OxigraphDataset, endpoint: str, name: str) -> None:
    import httpx
    from kg.queries import sparql
    from kg.rdf.terms import PREFIXES

    query = library.queries()[name]
    free = {p.name: None for p in query.parameters if p.default is None and p.kind != "text"}
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    answer = httpx.post(endpoint, content=prefixes + sparql.bind(query.text, free),
                        headers={"content-type": "application/sparql-query",
                                 "accept": "application/sparql-results+json"})
    here = json.loads(library.run(memory, name).to_json())
    assert answer.json()["results"]["bindings"] == here["results"]["bindings"]


def test_plain_statement_is_one_triple() -> None:
    assert sum(graph.endswith("/statement/s1") for *_, graph in to_quads([PLAIN])) == 1
