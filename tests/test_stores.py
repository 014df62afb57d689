"""The store: what is written reads back, articles are replaced as a whole."""

from __future__ import annotations

import io
import shutil
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


def test_plain_statement_is_one_triple() -> None:
    assert sum(graph.endswith("/statement/s1") for *_, graph in to_quads([PLAIN])) == 1


def test_what_is_written_leaves_memory_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = {s.document.id: list(to_quads([s])) for s in cases()}
    quads = {quad for some in articles.values() for quad in some}
    monkeypatch.setattr(store, "_HELD", len(quads))
    dataset = open_store(tmp_path / "store")
    on_disk = [files(tmp_path)]
    for ident, some in articles.items():
        store.replace_articles(dataset, {ident: some})
        on_disk.append(files(tmp_path))
    assert on_disk[-2] < 3 < on_disk[-1], on_disk  # opening makes one or two; writing out, one for each index
    dataset.close()
    assert len(open_store(tmp_path / "store", read_only=True).oxigraph) == len(quads)


def files(folder: Path) -> int:
    """How many files with quads Oxigraph has; its log is not counted."""
    return len(list(folder.rglob("*.sst")))
