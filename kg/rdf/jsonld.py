"""Quads as JSON-LD in the terms of ``ontology/context.jsonld``, which the file carries, so that it reads offline."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rdflib import RDF, XSD, Literal, URIRef

from kg import resources
from kg.rdf import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.rdf.quads import Object, Quad

_NATIVE: dict[str, Callable[[str], int]] = {str(XSD.integer): int, str(XSD.boolean): lambda text: text == "true"}


@dataclass(frozen=True)
class Context:
    """A JSON-LD context: its JSON, and for each property IRI the term, the datatype and whether it takes a list."""

    definition: dict[str, Any]

    @classmethod
    def shipped(cls) -> Context:
        """Our own context."""
        return cls(json.loads(resources.ontology("context.jsonld").read_text(encoding="utf-8"))["@context"])

    @cached_property
    def properties(self) -> dict[str, tuple[str, str, bool]]:
        """Property IRI to term, expected type (``@id`` or a datatype IRI) and whether the value is always a list."""
        return {self.expand(entry["@id"]): (term, self.expand(entry.get("@type", str(XSD.string))),
                                            entry.get("@container") == "@set")
                for term, entry in self.definition.items() if isinstance(entry, dict)}

    def expand(self, name: str) -> str:
        """Turn a compact IRI of the context's prefixes into a full one."""
        prefix, _, local = name.partition(":")
        namespace = self.definition.get(prefix)
        return namespace + local if local and isinstance(namespace, str) and prefix in terms.PREFIXES else name

    def compact(self, node: str) -> str:
        """Shorten an IRI by a prefix of the context."""
        for prefix, namespace in terms.PREFIXES.items():
            if node.startswith(namespace) and not (local := node.removeprefix(namespace)).startswith("//"):
                return f"{prefix}:{local}"
        return node


def to_jsonld(quads: Iterable[Quad]) -> Iterator[str]:
    """Give a JSON-LD document in pieces, one named graph a line.

    Parameters
    ----------
    quads
        Sorted by graph, then subject.
    """
    context = Context.shipped()
    yield f'{{"@context": {json.dumps(context.definition, ensure_ascii=False)},\n "@graph": ['
    separator = "\n"
    for graph, members in groupby(quads, key=lambda quad: quad[3]):
        nodes = [_node(context, subject, facts) for subject, facts in groupby(members, key=lambda quad: quad[0])]
        yield separator + json.dumps({"id": context.compact(graph), "@graph": nodes}, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def _node(context: Context, subject: URIRef, facts: Iterable[Quad]) -> dict[str, Any]:
    node: dict[str, Any] = {"id": context.compact(subject)}
    for _, key, value, _ in facts:
        if key == RDF.type:
            node.setdefault("type", []).append(context.compact(str(value)))
            continue
        term, expected, is_list = context.properties.get(str(key), (context.compact(key), str(XSD.string), False))
        json_value = _value(context, value, expected)
        if term in node:
            held = node[term]
            node[term] = [*(held if isinstance(held, list) else [held]), json_value]
        else:
            node[term] = [json_value] if is_list else json_value
    return node


def _value(context: Context, value: Object, expected: str) -> Any:
    if isinstance(value, URIRef):
        return context.compact(value) if expected == "@id" else {"id": context.compact(value)}
    datatype = str(value.datatype or XSD.string)
    if isinstance(value, Literal) and value.language:
        return {"@value": str(value), "@language": value.language}
    if datatype in _NATIVE and expected == datatype:
        return _NATIVE[datatype](str(value))
    return str(value) if datatype == expected else {"@value": str(value), "@type": context.compact(datatype)}
