"""Reads ``ontology/`` once: the namespaces, the relations that everything else is checked against, and sectors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg import resources
from kg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE = "https://w3id.org/kg-statements/"
KG = BASE + "ontology#"  #: classes and relations, prefix ``kg:``
ENTITY = BASE + "entity/"  #: actors, prefix ``ent:``
STATEMENT = BASE + "statement/"  #: statements, which are named graphs too, prefix ``stmt:``
DOCUMENT = BASE + "document/"  #: articles, prefix ``doc:``
PLOVER = BASE + "plover#"
CAMEO = BASE + "cameo#"
SECTOR = BASE + "sector#"


@dataclass(frozen=True, slots=True)
class RelationType:
    """A row of the relation table. ``cameo`` is the code of the whole relation; a frame may give a finer one."""

    name: str
    plover: str
    cameo: str
    polarity: int
    symmetric: bool
    definition: str


@cache
def relations() -> Mapping[str, RelationType]:
    """The relations by name, in alphabetical order.

    Raises
    ------
    DataError
        If a relation lacks its polarity, PLOVER type or CAMEO code.
    """
    from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef

    kg = Namespace(KG)
    path = resources.ontology("kg.ttl")
    graph = Graph().parse(path, format="turtle")
    table: dict[str, RelationType] = {}
    for relation in sorted(graph.subjects(RDFS.subPropertyOf, kg.relation), key=str):
        name = str(relation).removeprefix(KG)
        parts = {key: graph.value(relation, kg[key]) for key in ("plover", "cameo", "polarityOf")}
        if missing := [key for key, value in parts.items() if value is None]:
            raise DataError(f"kg:{name} has no kg:{', kg:'.join(missing)}", str(path), "add it to the relation")
        assert isinstance(relation, URIRef)  # noqa: S101 - narrows for mypy
        table[name] = RelationType(
            name=name,
            plover=str(parts["plover"]).removeprefix(PLOVER),
            cameo=str(parts["cameo"]).removeprefix(CAMEO),
            polarity=int(str(parts["polarityOf"])),
            symmetric=(relation, RDF.type, OWL.SymmetricProperty) in graph,
            definition=str(graph.value(relation, SKOS.definition)),
        )
    return MappingProxyType(table)


@cache
def sectors() -> Mapping[str, str]:
    """The names of PLOVER's sectors by their codes, in ``ontology/codes.ttl``."""
    from rdflib import SKOS, Graph

    graph = Graph().parse(resources.ontology("codes.ttl"), format="turtle")
    return MappingProxyType({str(code).removeprefix(SECTOR): str(label)
                             for code, label in graph.subject_objects(SKOS.prefLabel) if str(code).startswith(SECTOR)})
