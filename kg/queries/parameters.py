"""What the value of a parameter stands for: which actors, relation, basis, outlet, number, date or text.

An actor is found by the first of these rules that finds one:

1. an IRI, as ``ent:Ukraine``, in full, or in angle brackets;
2. a Wikidata id, as ``Q212``;
3. a country code, as ``UKR``: the country and all who act for its state, that is its government and military and those
   whose sector is ``GOV`` or ``MIL``;
4. the name, as it is or else whatever its case, accents and leading "the": ``donald trump``; that of a country stands
   for the country and its government (``ent:Ukraine`` for the country only);
5. words by which the articles name just one actor: ``the Kremlin``, ``The Republican``;
6. the last words of just one person's name (``Trump``), then whole words of just one actor's name.

Where two candidates remain, none is chosen and the message lists them.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdflib import PROV, RDF, RDFS, SKOS, XSD, Literal, URIRef

from kg import ontology
from kg.errors import DataError, UsageError
from kg.rdf import terms
from kg.rdf.terms import KG, NIF, SCHEMA, WIKIDATA
from kg.records import Basis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rdflib import Dataset

    Term = URIRef | Literal

_ROLES = ((RDF.subject, KG.subjectMention), (RDF.object, KG.objectMention), (PROV.wasAttributedTo, KG.speakerMention),
          (PROV.agent, KG.mention))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a named query: its kind (a key of :data:`KINDS`), what it is for, and its default, if any."""

    name: str
    kind: str
    purpose: str
    default: str | None = None


def resolve(dataset: Dataset, kind: str, value: str) -> list[Term]:
    """Give the terms that a parameter's value stands for.

    Raises
    ------
    UsageError
        If it stands for nothing, or for several things between which the graph cannot decide.
    """
    return KINDS[kind](dataset, value)


def guess(dataset: Dataset, value: str) -> list[Term]:
    """Give all terms that a value may stand for where the kind is not known, as in a query of the user's own.

    An IRI stands for itself; anything else for the text and, where it is one, the number, date, truth value, and the
    actors of that name, so that it fits wherever the variable stands.
    """
    as_iri = _iri(value)
    if as_iri is not None:
        return [as_iri]
    found: list[Term] = [terms.text(value)]
    if re.fullmatch(r"[-+]?\d+(\.\d+)?", value):
        found.append(Literal(value, datatype=XSD.decimal if "." in value else XSD.integer))
    elif value in ("true", "false"):
        found.append(Literal(value == "true"))
    elif (moment := terms.moment(value)).datatype != XSD.string:
        found.append(moment)
    else:
        found += [node for node, names in _names(dataset).items() if _form(value) in map(_form, names)]
    return found


def actor(dataset: Dataset, value: str) -> list[Term]:
    """Find actors by the rules at the head of this module."""
    as_iri = _iri(value)
    if as_iri is not None:
        return [as_iri]
    if re.fullmatch(r"Q\d+", value):
        found = _select(dataset, f"GRAPH ?article {{ ?actor <{SKOS.exactMatch}> <{WIKIDATA}{value}> }}")
        return _some(found, f"no actor of this graph is linked to {value}")
    if re.fullmatch(r"[A-Z]{3}", value) and (found := _select(dataset, f"""GRAPH ?article {{
            ?actor <{KG.country}> "{value}" ; a ?type . OPTIONAL {{ ?actor <{KG.sector}> ?sector }}
            FILTER(?type IN (<{KG.Country}>, <{KG.Government}>, <{KG.Military}>) || ?sector IN ("GOV", "MIL")) }}""")):
        return found
    return _named(dataset, value)


def _named(dataset: Dataset, value: str) -> list[Term]:
    if given := _select(dataset, f"""{{ SELECT DISTINCT ?actor WHERE {{
            GRAPH ?article {{ ?actor <{RDFS.label}> {Literal(value).n3()} }} }} }}
            FILTER EXISTS {{ GRAPH ?elsewhere {{ ?actor a ?type FILTER(STRSTARTS(STR(?type), "{KG}")) }} }}"""):
        return sorted({*given, *_governments(dataset, given)})
    names, form = _names(dataset), _form(value)
    if exact := [node for node, labels in names.items() if form in map(_form, labels)]:
        return sorted({*exact, *_governments(dataset, exact)})
    mentioned = _select(dataset, " UNION ".join(
        f"{{ GRAPH ?article {{ ?statement <{role}> ?actor ; <{mention}>/<{NIF.anchorOf}> ?words }} }}"
        for role, mention in _ROLES) + f" FILTER(LCASE(?words) = {Literal(value.lower()).n3()})")
    if len(mentioned) == 1:
        return mentioned
    persons = set(_select(dataset, f"GRAPH ?article {{ ?actor a <{KG.Person}> }}"))
    ending = [node for node, labels in names.items()
              if node in persons and any(_form(label).endswith(f" {form}") for label in labels)]
    containing = [node for node, labels in names.items() if any(f" {form} " in f" {_form(one)} " for one in labels)]
    for candidates in (ending, containing):
        if len(candidates) == 1:
            return list(candidates)
    several = dict.fromkeys(node for node in (*ending, *containing, *mentioned) if isinstance(node, URIRef))
    if several:
        listed = ", ".join(sorted(f"{min(names[node])} ({_short(node)})" for node in several)[:6])
        raise UsageError(f"{value!r} may be several actors of this graph", way_out=f"take one of: {listed}")
    every = sorted({label for labels in names.values() for label in labels})
    close = difflib.get_close_matches(value, every, n=3)
    raise UsageError(f"no actor of this graph is called {value!r}",
                     way_out=f"near names: {', '.join(close)}" if close else "kg query --name actors lists them")


def _governments(dataset: Dataset, nodes: Iterable[Term]) -> list[Term]:
    listed = " ".join(node.n3() for node in nodes)
    return _select(dataset, f"""{{ SELECT DISTINCT ?code WHERE {{ VALUES ?country {{ {listed} }}
            GRAPH ?article {{ ?country a <{KG.Country}> ; <{KG.country}> ?code }} }} }}
        GRAPH ?elsewhere {{ ?actor <{KG.country}> ?code ; a <{KG.Government}> }}""")


def _names(dataset: Dataset) -> dict[URIRef, set[str]]:
    names: dict[URIRef, set[str]] = {}
    for node, name in sorted(_rows(dataset, f"""SELECT DISTINCT ?actor ?name WHERE {{
            GRAPH ?article {{ ?actor <{RDFS.label}> ?name ; a ?type FILTER(STRSTARTS(STR(?type), "{KG}")) }} }}""")):
        names.setdefault(node, set()).add(str(name))
    return names


def _select(dataset: Dataset, pattern: str) -> list[Term]:
    return sorted(row[0] for row in _rows(dataset, f"SELECT DISTINCT ?actor WHERE {{ {pattern} }}"))


def _rows(dataset: Dataset, query: str) -> list[Any]:
    return list(dataset.query(query))


def _some(found: list[Term], otherwise: str) -> list[Term]:
    if not found:
        raise UsageError(otherwise, way_out="kg query --name actors lists them with their links")
    return found


def _iri(value: str) -> URIRef | None:
    inner = value[1:-1] if value.startswith("<") and value.endswith(">") else value
    prefix, colon, local = inner.partition(":")
    if colon and prefix in terms.PREFIXES and local and not re.search(r"\s", local):
        inner = terms.PREFIXES[prefix] + local
    if not re.fullmatch(r"(https?|urn):\S+", inner):
        return None
    try:
        return terms.iri(inner, "the value")
    except DataError as error:
        raise UsageError(f"{value!r} is no IRI", way_out="write it as ent:Ukraine") from error


def _form(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"^the ", "", " ".join(re.findall(r"\w+", plain.casefold())))


def _short(node: URIRef) -> str:
    return f"ent:{node.removeprefix(ontology.ENTITY)}" if node.startswith(ontology.ENTITY) else f"<{node}>"


def relation(_: Dataset, value: str) -> list[Term]:
    """Give the relation of that name (``criticizes``, ``kg:criticizes``), or all relations of a PLOVER type."""
    name, table = value.removeprefix("kg:").removeprefix(ontology.KG), ontology.relations()
    found: list[Term] = [KG[row.name] for row in table.values() if row.name == name or row.plover == name]
    if not found:
        raise UsageError(f"no relation is called {value!r}", way_out=f"take one of: {', '.join(table)}")
    return found


def basis(_: Dataset, value: str) -> list[Term]:
    """Give what a relation can rest on: ``rule``, ``model`` or ``both``."""
    if value not in [kind.value for kind in Basis]:
        raise UsageError(f"no relation rests on {value!r}", way_out=f"take one of: {', '.join(Basis)}")
    return [KG[value]]


def outlet(dataset: Dataset, value: str) -> list[Term]:
    """Give the publishers of that name, whatever its case and leading "the"."""
    names = {node: str(name) for node, name in _rows(dataset, f"""SELECT DISTINCT ?outlet ?name WHERE {{
        GRAPH ?article {{ ?text <{SCHEMA.publisher}> ?outlet . ?outlet <{RDFS.label}> ?name }} }}""")}
    found: list[Term] = sorted(node for node, name in names.items() if _form(name) == _form(value))
    if not found:
        listed = ", ".join(sorted(names.values())[:8]) or "none is known"
        raise UsageError(f"no article of this graph is published by {value!r}", way_out=f"publishers: {listed}")
    return found


def number(_: Dataset, value: str) -> list[Term]:
    """Read a decimal number."""
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?", value):
        raise UsageError(f"{value!r} is no number", way_out="write it as 0.5")
    return [Literal(value, datatype=XSD.decimal)]


def date(_: Dataset, value: str) -> list[Term]:
    """Read a day; a month or year stands for its first day."""
    day = terms.day((value + "-01-01")[:10] if re.fullmatch(r"\d{4}(-\d\d)?", value) else value)
    if day is None:
        raise UsageError(f"{value!r} is no date", way_out="write it as 2024-12-31")
    return [day]


def limit(_: Dataset, value: str) -> list[Term]:
    """Read how many rows there may be: a whole number above 0, or ``all``, which gives no term."""
    if value == "all":
        return []
    if not re.fullmatch(r"0*[1-9]\d*", value):
        raise UsageError(f"{value!r} is no number of rows", way_out="write it as 500, or all")
    return [Literal(value, datatype=XSD.integer)]


def text(_: Dataset, value: str) -> list[Term]:
    """Take the value as text."""
    return [Literal(value)]


#: What a parameter can be, by the word that names it in the head of a query.
KINDS: Mapping[str, Callable[[Dataset, str], list[Term]]] = {
    "actor": actor, "relation": relation, "basis": basis, "outlet": outlet, "number": number, "date": date,
    "limit": limit, "text": text,
}
#: Kinds whose parameter stands for anything where it has neither a value nor a default.
OF_ANY = frozenset({"actor", "relation", "basis", "outlet"})

#: Kinds whose parameter has one value always.
CONSTANT = frozenset({"number", "date", "text"})


def described(parameters: Iterable[Parameter]) -> str:
    """Name parameters with their defaults, for help and messages."""
    return ", ".join(p.name if p.default is None else f"{p.name}={p.default}" for p in parameters)
