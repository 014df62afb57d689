"""Statements as nanopublications [1]_, each complete in itself, for whoever collects such from many sources.

Of each bare relation (actual, not negated, between two actors) the graph ``stmt:ID`` with its plain triple is the
assertion; all else that its article's graph says of it is the provenance. Both read back as statements.

References
----------
.. [1] Nanopublication Guidelines, https://nanopub.net/guidelines/working_draft/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, XSD, Literal, Namespace, URIRef

from kg import ontology
from kg.rdf import terms
from kg.rdf.quads import to_quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from kg.rdf.quads import Quad
    from kg.records import Statement

NP = Namespace("http://www.nanopub.org/nschema#")
BASE = ontology.BASE + "nanopub/"  #: nanopublications, by the id of the statement
PREFIXES = {**terms.PREFIXES, "np": str(NP), "dcterms": str(DCTERMS)}


def nanopublications(statements: Iterable[Statement], created: datetime) -> Iterator[Quad]:
    """Give the quads of a nanopublication for each bare relation: head, assertion, provenance, publication info.

    Parameters
    ----------
    statements
        Read once; what is negated, not actual or relates no two actors is passed over.
    created
        When they are made, with its time zone.
    """
    for statement in statements:
        if statement.is_bare:
            yield from _nanopublication(statement, Literal(created.isoformat(), datatype=XSD.dateTime))


def _nanopublication(statement: Statement, created: Literal) -> Iterator[Quad]:
    whole, assertion = terms.named(BASE, statement.id), terms.statement(statement.id)
    head, provenance, info = (URIRef(f"{whole}#{part}") for part in ("Head", "provenance", "pubinfo"))
    yield whole, RDF.type, NP.Nanopublication, head
    yield whole, NP.hasAssertion, assertion, head
    yield whole, NP.hasProvenance, provenance, head
    yield whole, NP.hasPublicationInfo, info, head
    quads = list(to_quads([statement]))
    yield from (quad for quad in quads if quad[3] == assertion)
    yield from ((*quad[:3], provenance) for quad in quads if quad[3] != assertion)
    yield whole, DCTERMS.created, created, info
    if statement.model:
        yield whole, DCTERMS.creator, terms.named(terms.MODEL, statement.model), info
