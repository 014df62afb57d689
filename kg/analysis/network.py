"""Statements as a network: a directed edge a statement, and the signed, weighted projection of it.

Both are networkx graphs of their own; statements and datasets that come in are never changed. Node and edge
attributes are plain ``str``, ``int``, ``float`` and ``bool`` (what is unknown is left out), so that every writer of
networkx takes them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg import resources
from kg.records import Entity, EntityType, Modality, Statement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from rdflib import Dataset

ACTUAL = frozenset({Modality.ACTUAL})

#: Codes that ``Entity.country`` may hold without naming a country.
NOT_A_COUNTRY = frozenset({"IGO", "NGO"})
#: Sectors (PLOVER) whose people and bodies act for the government of their country.
OF_GOVERNMENT = frozenset({"GOV", "MIL", "COP", "SPY"})


class Level(StrEnum):
    """What a node of a projection stands for."""

    ACTOR = "actor"
    GOVERNMENT = "government"
    COUNTRY = "country"


#: What the groups of a level are.
GROUP_TYPES = {Level.GOVERNMENT: EntityType.GOVERNMENT, Level.COUNTRY: EntityType.COUNTRY}


@dataclass(frozen=True, slots=True)
class Tie:
    """What all chosen statements of one actor towards another add up to.

    ``weight`` is the sum of polarity times confidence; ``positive``, ``negative`` and ``neutral`` count statements.
    """

    weight: float
    positive: int
    negative: int
    neutral: int


def network(statements: Iterable[Statement]) -> nx.MultiDiGraph:
    """Turn statements into a multigraph with one edge for each statement that relates two actors.

    Parameters
    ----------
    statements
        Any iterable; read once.

    Returns
    -------
    networkx.MultiDiGraph
        A node for every actor that is a subject, an object or a speaker, keyed by its IRI, with ``name``, ``type``,
        ``country``, ``sector``, ``wikidata`` as the latest document has them (offices change hands), and ``said``,
        the number of statements it makes. An edge runs from
        subject to object, keyed by the statement's id, with ``id``, ``predicate``, ``polarity``, ``negated``,
        ``modality``, ``confidence`` (0 to 1), ``basis``, ``speaker`` and ``speaker_name``, ``via`` (names, outermost
        last, joined by ``"; "``), ``quote``, ``topic``, ``plover``, ``cameo``, ``evidence``, ``document``, ``title``,
        ``publisher``, ``published``, ``url``, ``time_text``, ``time_start`` and ``time_end`` (ISO 8601), and
        ``carried_by`` (ids of other articles that have it in the same words, joined like ``via``).
    """
    graph = nx.MultiDiGraph()
    latest: dict[str, tuple[str, str]] = {}
    for statement in statements:
        age = statement.document.published or "", statement.id
        for actor in (statement.speaker, statement.subject, statement.object):
            if actor and (actor.id not in latest or age > latest[actor.id]):
                latest[actor.id] = age
                _describe(graph, actor)
        if statement.speaker:
            graph.nodes[statement.speaker.id]["said"] += 1
        if statement.subject and statement.predicate and statement.object:
            graph.add_edge(statement.subject.id, statement.object.id, key=statement.id, **edge_attributes(statement))
    return graph


def from_dataset(dataset: Dataset) -> nx.MultiDiGraph:
    """Read the statements of an rdflib dataset into a multigraph; see :func:`network`."""
    from kg.rdf import quads

    return network(quads.from_dataset(dataset))


def edge_attributes(statement: Statement) -> dict[str, Any]:
    """Flatten a statement to the attributes of its edge; unknown values are left out."""
    document, time, speaker = statement.document, statement.time, statement.speaker
    flat = {
        "id": statement.id,
        "predicate": statement.predicate,
        "topic": statement.topic,
        "polarity": statement.polarity,
        "negated": statement.negated,
        "modality": statement.modality.value,
        "confidence": statement.confidence,
        "basis": statement.basis.value if statement.basis else None,
        "speaker": speaker.id if speaker else None,
        "speaker_name": speaker.name if speaker else None,
        "via": "; ".join(entity.name for entity in statement.via) or None,
        "quote": statement.quote.value if statement.quote else None,
        "plover": statement.plover,
        "cameo": statement.cameo,
        "evidence": statement.evidence.text if statement.evidence else None,
        "document": document.id,
        "title": document.title,
        "publisher": document.publisher,
        "published": document.published,
        "url": document.url,
        "time_text": time.text if time else None,
        "time_start": time.start if time else None,
        "time_end": time.end if time else None,
        "carried_by": "; ".join(statement.carried_by) or None,
    }
    return {key: value for key, value in flat.items() if value is not None}


def projection(
    graph: nx.MultiDiGraph,
    by: Level | str = Level.ACTOR,
    modalities: Collection[Modality] | None = ACTUAL,
) -> nx.DiGraph:
    r"""Add the statements of each ordered pair up to one signed, weighted tie.

    The weight of the tie from *i* to *j* is

    .. math:: w_{ij} = \sum_{s: i \to j} p_s c_s

    with polarity :math:`p_s \in \{-1, 0, 1\}` and confidence :math:`c_s \in [0, 1]` of statement *s*. A negated
    statement has polarity 0 by the contract, and adds to ``neutral`` alone.

    Parameters
    ----------
    graph
        As :func:`network` makes it; it is not changed.
    by
        ``"actor"``; ``"government"``: people and bodies that act for the government of a country count as it; or
        ``"country"``: persons, governments, armies and parties roll up to the country they belong to. What belongs to
        none (international bodies, unknown actors) stays itself, and statements within one group are left out.
    modalities
        The statements that count; only those that are ``actual`` unless told otherwise, None for all.

    Returns
    -------
    networkx.DiGraph
        Edges with ``weight``, ``positive``, ``negative``, ``neutral`` (statements) and ``count`` (their sum); nodes
        with the attributes of the actor, or ``name``, ``type`` and ``country`` of a government or country.
    """
    by = Level(by)
    group = {node: group_of(node, data, by) for node, data in graph.nodes(data=True)}
    names = group_names([data | {"weight": graph.degree(node)} for node, data in graph.nodes(data=True)], by)
    result = nx.DiGraph()
    for node, data in graph.nodes(data=True):
        if group[node] == node:
            result.add_node(node, **data)
        elif group[node] not in result:
            result.add_node(group[node], name=names[data["country"]], type=GROUP_TYPES[by].value,
                            country=data["country"])
    for source, target, data in graph.edges(data=True):
        if modalities is not None and Modality(data["modality"]) not in modalities:
            continue
        if group[source] != group[target]:
            _add_to_tie(result, group[source], group[target], data)
    return result


def tie(graph: nx.DiGraph, source: str, target: str) -> Tie:
    """Read a tie of a projection; all zero if there is none."""
    data = graph.get_edge_data(source, target, default={})
    return Tie(data.get("weight", 0.0), data.get("positive", 0), data.get("negative", 0), data.get("neutral", 0))


def group_of(node: str, data: Mapping[str, Any], by: Level) -> str:
    """Name the node of the projection that an actor counts for: itself, or the government or code of its country.

    ``data`` are the actor's ``type``, ``country`` and ``sector``.
    """
    country = data.get("country")
    if not country or country in NOT_A_COUNTRY or by is Level.ACTOR:
        return node
    if by is Level.COUNTRY:
        return str(country)
    acts = data["type"] == EntityType.GOVERNMENT or (
        data.get("sector") in OF_GOVERNMENT and data["type"] not in (EntityType.COUNTRY, EntityType.PLACE))
    return f"{country} government" if acts else node


def group_names(actors: Sequence[Mapping[str, Any]], by: Level) -> dict[str, str]:
    """Name the groups of a level by country code, as the actor that is the group itself is named.

    ``actors`` have ``name``, ``type``, ``country`` and ``weight``; of several countries of one code (Russia, the
    Soviet Union) the heaviest gives its name. Where no actor is the group, a country goes by its English name, and a
    government by its country.
    """
    codes = {actor["country"]: country_names().get(actor["country"], actor["country"])
             for actor in actors if actor.get("country")}
    if by is Level.GOVERNMENT:
        codes = {code: f"{name} (government)" for code, name in group_names(actors, Level.COUNTRY).items()}
    own = (actor for actor in actors if actor["type"] == GROUP_TYPES.get(by) and actor.get("country"))
    return codes | {actor["country"]: actor["name"] for actor in sorted(own, key=lambda actor: actor["weight"])}


@cache
def country_names() -> dict[str, str]:
    """English names by ISO 3166-1 alpha-3 code."""
    return {row["iso3"]: row["name"] for _, row in resources.table(resources.data("actors", "data", "countries.csv"))}


def signed_pairs(graph: nx.DiGraph) -> Iterator[tuple[str, str, float]]:
    """Give each unordered pair of a projection once, with the sum of both directions' weights.

    Pairs without a tie, or whose weights cancel out to zero, are left out; self-loops too.
    """
    for source, target, weight in graph.edges(data="weight"):
        back = graph.get_edge_data(target, source)
        if source == target or (back is not None and target < source):
            continue
        total = weight + (back["weight"] if back else 0.0)
        if abs(total) > 1e-12:
            yield source, target, total


def _describe(graph: nx.MultiDiGraph, actor: Entity) -> None:
    said = graph.nodes[actor.id]["said"] if actor.id in graph else 0
    known = {"country": actor.country, "sector": actor.sector, "wikidata": actor.wikidata}
    graph.add_node(actor.id)
    graph.nodes[actor.id].clear()
    graph.nodes[actor.id].update({key: value for key, value in known.items() if value is not None},
                                 name=actor.name, type=actor.type.value, said=said)


def _add_to_tie(graph: nx.DiGraph, source: str, target: str, data: dict[str, Any]) -> None:
    if not graph.has_edge(source, target):
        graph.add_edge(source, target, weight=0.0, positive=0, negative=0, neutral=0, count=0)
    edge, polarity = graph.edges[source, target], data.get("polarity", 0)
    edge["weight"] += polarity * data["confidence"]
    edge["positive" if polarity > 0 else "negative" if polarity < 0 else "neutral"] += 1
    edge["count"] += 1
