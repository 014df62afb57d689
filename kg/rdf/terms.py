"""The IRIs of the graph and the literals in it: one function for each kind of node, none of them blank."""

from __future__ import annotations

import re
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from rdflib import OWL, PROV, RDF, RDFS, SKOS, XSD, Literal, Namespace, URIRef

from kg import ontology
from kg.errors import DataError

if TYPE_CHECKING:
    from kg.records import Span

KG = Namespace(ontology.KG)
NIF = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
SCHEMA = Namespace("https://schema.org/")
WIKIDATA = Namespace("http://www.wikidata.org/entity/")
OUTLET = ontology.BASE + "outlet/"  #: publishers of articles, by name
MODEL = ontology.BASE + "model/"  #: the software that read an article, by name and version

#: Prefixes that every store, query and file of ours declares.
PREFIXES = MappingProxyType({
    "kg": ontology.KG, "ent": ontology.ENTITY, "stmt": ontology.STATEMENT, "doc": ontology.DOCUMENT,
    "outlet": OUTLET, "plover": ontology.PLOVER, "cameo": ontology.CAMEO, "nif": str(NIF), "owl": str(OWL),
    "prov": str(PROV), "rdf": str(RDF), "rdfs": str(RDFS), "schema": str(SCHEMA), "skos": str(SKOS),
    "wd": str(WIKIDATA), "xsd": str(XSD),
})

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_DATES = ((re.compile(r"\d{4}-\d\d-\d\d"), XSD.date), (re.compile(r"\d{4}-\d\d"), XSD.gYearMonth),
          (re.compile(r"\d{4}"), XSD.gYear))


def iri(value: str, what: str) -> URIRef:
    """Check a string that must be an IRI already, such as an entity's id.

    Raises
    ------
    DataError
        If it is none; ``what`` names it in the message.
    """
    if not _IRI.fullmatch(value) or value.partition(":")[0] in PREFIXES:
        raise DataError(f"{what} {value!r} is not a full IRI", way_out=f"write it as {ontology.ENTITY}Ukraine")
    return URIRef(value)


def named(base: str, name: str) -> URIRef:
    """Give the IRI of what a name stands for: the namespace and the percent-encoded name."""
    encoded = quote(name, safe="")
    return URIRef(base + (encoded.replace(".", "%2E") if encoded in (".", "..") else encoded))


def name_of(base: str, node: str) -> str:
    """Give back the name that :func:`named` encoded."""
    return unquote(node.removeprefix(base))


def statement(ident: str) -> URIRef:
    """Name a statement, and the graph that holds its plain triple."""
    return named(ontology.STATEMENT, ident)


def document(ident: str) -> URIRef:
    """Name an article, and the graph that holds all that is known from it."""
    return named(ontology.DOCUMENT, ident)


def span(article: URIRef, words: Span) -> URIRef:
    """Name words by their place, after RFC 5147: ``doc:ID#char=10,20``."""
    return URIRef(f"{article}#char={words.start},{words.end}")


def text(value: str) -> Literal:
    """Give text the datatype that it comes back with from Oxigraph."""
    return Literal(value, datatype=XSD.string)


def moment(value: str) -> Literal:
    """Type an ISO 8601 date, month or year as such; anything else stays text."""
    for pattern, datatype in _DATES:
        if pattern.fullmatch(value):
            try:
                date.fromisoformat((value + "-01-01")[:10])
            except ValueError:
                break
            return Literal(value, datatype=datatype, normalize=False)
    return text(value)


def day(value: str) -> Literal | None:
    """Give the day of a date or timestamp as ``xsd:date``, so that all dates of articles compare."""
    literal = moment(value[:10])
    return literal if literal.datatype == XSD.date else None


def shorten(node: str) -> str:
    """Write an IRI with a prefix of ours, if one fits: ``ent:Ukraine``."""
    for prefix, namespace in PREFIXES.items():
        if node.startswith(namespace):
            return f"{prefix}:{node.removeprefix(namespace)}"
    return str(node)
