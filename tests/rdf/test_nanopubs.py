"""Nanopublications: what the guidelines ask of each, and that statements read back from them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from kg.rdf import terms
from kg.rdf.nanopubs import BASE, NP, nanopublications
from kg.rdf.quads import from_dataset
from kg.records import Statement
from kg.store import load_file, open_store, write_nanopublications
from rdflib import DCTERMS, RDF, URIRef
from tests.queries.cases import cases
from tests.rdf.test_quads import as_json
from tests.strategies import corpora

NOW = datetime(2024, 12, 13, 8, 30, tzinfo=UTC)


def written(statements: Iterable[Statement]) -> bytes:
    stream = io.BytesIO()
    write_nanopublications(statements, stream, NOW)
    return stream.getvalue()


@settings(max_examples=20, deadline=None)
@given(statements=corpora())
def test_each_is_as_the_guidelines_ask(statements: list[Statement]) -> None:
    graphs: dict[URIRef, list[tuple[URIRef, ...]]] = {}
    for *triple, graph in nanopublications(statements, NOW):
        graphs.setdefault(graph, []).append(tuple(triple))  # type: ignore[arg-type]  # objects may be literals
    bare = [s for s in statements if s.is_bare]
    assert len(graphs) == 4 * len(bare)
    for statement in bare:
        whole = terms.named(BASE, statement.id)
        head = graphs[URIRef(f"{whole}#Head")]
        parts = {key: value for _, key, value in head}
        assert set(parts) == {RDF.type, NP.hasAssertion, NP.hasProvenance, NP.hasPublicationInfo}
        assert {subject for subject, *_ in head} == {whole}
        assert len(graphs[parts[NP.hasAssertion]]) == 1
        assert parts[NP.hasAssertion] in {subject for subject, *_ in graphs[parts[NP.hasProvenance]]}
        assert DCTERMS.created in {key for subject, key, _ in graphs[parts[NP.hasPublicationInfo]] if subject == whole}


def test_bare_relations_read_back_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "np.trig").write_bytes(written(cases()))
    dataset = open_store()
    load_file(dataset, tmp_path / "np.trig", "trig")
    assert as_json(from_dataset(dataset)) == as_json(s for s in cases() if s.is_bare)


def test_what_is_denied_or_only_possible_is_none() -> None:
    assert list(nanopublications((s for s in cases() if not s.is_bare), NOW)) == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's parsers use what rdflib deprecates
def test_other_software_reads_them() -> None:
    read = rdflib.Dataset()
    read.parse(data=written(cases()), format="trig")
    found = {str(subject) for subject, *_ in read.quads((None, RDF.type, NP.Nanopublication, None))}
    assert found == {str(terms.named(BASE, s.id)) for s in cases() if s.is_bare}
    assert written(cases()) == written(cases())
