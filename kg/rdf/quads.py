"""Statements to quads and back, without loss.

A statement is a named graph (the pattern of nanopublications [1]_): the graph ``stmt:ID`` holds the plain triple
``ent:A kg:criticizes ent:B`` if, and only if, the relation is actual, not negated and between two actors. All else
about it, and about the actors, outlets and words in it, stands in the graph of the article, ``doc:ID``; one article
can therefore be replaced as a whole. What is negated, possible or requested is nowhere a plain triple: ``rdf:subject``,
``rdf:predicate`` and ``rdf:object`` describe it without asserting it.

No node is blank. The text of the article is not in the graph; the words of its spans are.

References
----------
.. [1] Groth, Gibson, Velterop, "The anatomy of a nanopublication", Information Services & Use 30 (2010).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, cast

from rdflib import PROV, RDF, RDFS, SKOS, XSD, Dataset, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from kg import ontology
from kg.rdf import terms
from kg.rdf.terms import KG, NIF, SCHEMA, WIKIDATA
from kg.records import (
    Basis,
    Document,
    Entity,
    EntityType,
    Modality,
    QuoteType,
    Span,
    Statement,
    TimeInterval,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

Object = URIRef | Literal
Triple = tuple[URIRef, URIRef, Object]
Quad = tuple[URIRef, URIRef, Object, URIRef]
Described = Document | Entity | Span | str  #: what an article's graph describes once, however many statements share it

_TYPES = {KG[kind.value]: kind for kind in EntityType}
_QUOTES = {KG[kind.value]: kind for kind in QuoteType}
_MODALITIES = {KG[kind.value]: kind for kind in Modality}
_BASES = {KG[kind.value]: kind for kind in Basis}
_GOVERNMENT = ontology.ENTITY + "Government_of_"


def to_quads(statements: Iterable[Statement]) -> Iterator[Quad]:
    """Give the quads of statements; those of one article should follow one another.

    Raises
    ------
    DataError
        If an entity's id or a predicate cannot be part of an IRI.
    """
    for ident, group in groupby(statements, key=lambda statement: statement.document.id):
        graph, described = terms.document(ident), set[Described]()
        for statement in group:
            if statement.is_bare:
                yield _plain_triple(statement)
            for triple in _describe(statement, graph, described):
                yield *triple, graph


def article_quads(document: Document, digest: str, earlier: Iterable[str] = ()) -> Iterator[Quad]:
    """What is known of an article besides its statements: the SHA-256 of its text, and those of earlier versions."""
    graph = terms.document(document.id)
    for triple in _document(document, graph):
        yield *triple, graph
    yield graph, SCHEMA.sha256, terms.text(digest), graph
    for other in earlier:
        yield graph, PROV.wasRevisionOf, URIRef(f"{graph}#sha256={other}"), graph


def _plain_triple(statement: Statement) -> Quad:
    assert statement.subject and statement.object and statement.predicate  # noqa: S101 - narrows for mypy
    return (_entity(statement.subject), _predicate(statement.predicate), _entity(statement.object),
            terms.statement(statement.id))


def _entity(entity: Entity) -> URIRef:
    return terms.iri(entity.id, "the id of an actor")


def _predicate(name: str) -> URIRef:
    return terms.iri(KG + name, "a predicate")


def _describe(statement: Statement, graph: URIRef, described: set[Described]) -> Iterator[Triple]:
    node = terms.statement(statement.id)
    yield node, RDF.type, KG.Statement
    yield node, PROV.wasDerivedFrom, graph
    if statement.document not in described:
        described.add(statement.document)
        yield from _document(statement.document, graph)
    yield from _generation(node, statement.model, graph, described)
    yield from _claim(node, statement)
    yield from _attribution(node, statement, graph, described)
    actors = ((PROV.wasAttributedTo, KG.speakerMention, statement.speaker),
              (RDF.subject, KG.subjectMention, statement.subject), (RDF.object, KG.objectMention, statement.object))
    for role, mention, entity in actors:
        if entity:
            yield node, role, _entity(entity)
            yield from _actor(entity, described)
            yield from _words(node, mention, entity.mention, graph, described)
    yield from _words(node, KG.evidence, statement.evidence, graph, described)


def _document(document: Document, node: URIRef) -> Iterator[Triple]:
    yield node, RDF.type, SCHEMA.NewsArticle
    yield node, SCHEMA.identifier, terms.text(document.id)
    if document.title is not None:
        yield node, SCHEMA.headline, terms.text(document.title)
    if document.url is not None:
        yield node, SCHEMA.url, Literal(document.url, datatype=XSD.anyURI, normalize=False)
    if document.publisher is not None:
        outlet = terms.named(terms.OUTLET, document.publisher)
        yield node, SCHEMA.publisher, outlet
        yield outlet, RDF.type, SCHEMA.NewsMediaOrganization
        yield outlet, RDFS.label, terms.text(document.publisher)
    if document.published is not None:
        day = terms.day(document.published)
        if day is not None:
            yield node, SCHEMA.datePublished, day
        if day is None or str(day) != document.published:
            yield node, KG.publishedText, terms.text(document.published)


def _generation(node: URIRef, model: str, graph: URIRef, described: set[Described]) -> Iterator[Triple]:
    if not model:
        return
    agent = terms.named(terms.MODEL, model)
    activity = URIRef(f"{graph}#extraction={agent.removeprefix(terms.MODEL)}")
    yield node, PROV.wasGeneratedBy, activity
    if model in described:
        return
    described.add(model)
    yield activity, RDF.type, PROV.Activity
    yield activity, PROV.used, graph
    yield activity, PROV.wasAssociatedWith, agent
    yield agent, RDF.type, PROV.SoftwareAgent
    yield agent, RDFS.label, terms.text(model)


def _claim(node: URIRef, statement: Statement) -> Iterator[Triple]:
    if statement.predicate is not None:
        yield node, RDF.predicate, _predicate(statement.predicate)
    if statement.topic is not None:
        yield node, KG.topic, terms.text(statement.topic)
    if statement.plover is not None:
        yield node, KG.plover, terms.named(ontology.PLOVER, statement.plover)
    if statement.cameo is not None:
        yield node, KG.cameo, terms.named(ontology.CAMEO, statement.cameo)
    if statement.polarity is not None:
        yield node, KG.polarity, Literal(statement.polarity)
    if statement.time is not None:
        yield node, KG.timeText, terms.text(statement.time.text)
        for key, value in ((SCHEMA.startDate, statement.time.start), (SCHEMA.endDate, statement.time.end)):
            if value is not None:
                yield node, key, terms.moment(value)
    yield node, KG.negated, Literal(statement.negated)
    yield node, KG.modality, KG[statement.modality.value]
    yield node, KG.confidence, Literal(float(statement.confidence))
    if statement.basis is not None:
        yield node, KG.basis, KG[statement.basis.value]
    for article in statement.carried_by:
        yield node, KG.carriedBy, terms.document(article)


def _attribution(node: URIRef, statement: Statement, graph: URIRef,
                 described: set[Described]) -> Iterator[Triple]:
    if statement.quote is not None:
        yield node, RDF.type, SCHEMA.Quotation
        yield node, KG.quoteType, KG[statement.quote.value]
    yield from _words(node, KG.speakerSpan, statement.speaker_span, graph, described)
    yield from _words(node, KG.cue, statement.cue, graph, described)
    for content in statement.content:
        yield from _words(node, KG.content, content, graph, described)
    for position, entity in enumerate(statement.via, start=1):
        step = URIRef(f"{node}#via={position}")
        yield node, KG.via, _entity(entity)
        yield node, KG.viaStep, step
        yield step, RDF.type, KG.ViaStep
        yield step, KG.position, Literal(position)
        yield step, PROV.agent, _entity(entity)
        yield from _actor(entity, described)
        yield from _words(step, KG.mention, entity.mention, graph, described)


def _actor(entity: Entity, described: set[Described]) -> Iterator[Triple]:
    if entity in described:
        return
    described.add(entity)
    node = _entity(entity)
    yield node, RDF.type, KG[entity.type.value]
    yield node, RDFS.label, terms.text(entity.name)
    if entity.wikidata is not None:
        yield node, SKOS.exactMatch, terms.iri(WIKIDATA + entity.wikidata, "the Wikidata link of an actor")
    if entity.country is not None:
        yield node, KG.country, terms.text(entity.country)
    if entity.sector is not None:
        yield node, KG.sector, terms.text(entity.sector)
    if entity.type is EntityType.GOVERNMENT and entity.id.startswith(_GOVERNMENT):
        yield node, KG.governmentOf, URIRef(ontology.ENTITY + entity.id.removeprefix(_GOVERNMENT))


def _words(node: URIRef, role: URIRef, words: Span | None, graph: URIRef,
           described: set[Described]) -> Iterator[Triple]:
    if words is None:
        return
    place = terms.span(graph, words)
    yield node, role, place
    if words in described:
        return
    described.add(words)
    yield place, RDF.type, KG.Span
    yield place, NIF.beginIndex, Literal(words.start)
    yield place, NIF.endIndex, Literal(words.end)
    yield place, NIF.anchorOf, terms.text(words.text)
    yield place, PROV.wasQuotedFrom, graph


def from_dataset(dataset: Dataset) -> Iterator[Statement]:
    """Read the statements of a dataset, article by article and there in text order.

    Each article's graph is read by itself, so that an actor has the name, country and sector it had in that article.
    """
    articles = {graph for *_, graph in dataset.quads((None, RDF.type, KG.Statement, None))}
    for article in sorted(articles, key=str):
        yield from from_graph(part_of(dataset, article))


def articles_of(dataset: Dataset) -> Iterator[Document]:
    """Read what a dataset knows of its articles, those without statements too."""
    articles = {graph for node, *_, graph in dataset.quads((None, RDF.type, SCHEMA.NewsArticle, None)) if node == graph}
    for article in sorted(articles, key=str):
        yield _Reader(part_of(dataset, article)).document(cast("URIRef", article))


def part_of(dataset: Dataset, name: Node | None) -> Graph:
    """Give one graph of a dataset, the default graph for None; unlike ``Dataset.graph`` this writes nothing."""
    return Graph(dataset.store, DATASET_DEFAULT_GRAPH_ID if name is None else cast("URIRef", name))


def from_graph(graph: Graph) -> Iterator[Statement]:
    """Read the statements of a plain graph, such as a parsed Turtle file of ours, in text order."""
    reader = _Reader(graph)
    statements = [reader.statement(node) for node in reader.of_type(KG.Statement)]
    yield from sorted(statements, key=_text_order)


def _text_order(statement: Statement) -> tuple[str, int, int, str]:
    evidence = statement.evidence
    return (statement.document.id, evidence.start if evidence else -1, evidence.end if evidence else -1, statement.id)


class _Reader:
    """One graph as nested dictionaries, since a lookup in the store for each value would be slow."""

    def __init__(self, graph: Graph) -> None:
        self._facts: dict[URIRef, dict[URIRef, list[Object]]] = {}
        for s, p, o in graph:
            self._facts.setdefault(s, {}).setdefault(p, []).append(o)  # type: ignore[arg-type]  # no node is blank
        self._entities: dict[URIRef, Entity] = {}

    def of_type(self, kind: URIRef) -> list[URIRef]:
        return [node for node, facts in self._facts.items() if kind in facts.get(RDF.type, ())]

    def statement(self, node: URIRef) -> Statement:
        facts = self._facts[node]
        quote, modality = self._iri(node, KG.quoteType), self._iri(node, KG.modality)
        article = self._iri(node, PROV.wasDerivedFrom)
        polarity, predicate = self._text(node, KG.polarity), self._text(node, RDF.predicate)
        basis = self._iri(node, KG.basis) or (KG.rule if predicate is not None else None)
        return Statement(
            id=terms.name_of(ontology.STATEMENT, node), document=self.document(article) if article else Document(""),
            speaker=self._mentioned(node, PROV.wasAttributedTo, KG.speakerMention),
            speaker_span=self._span(self._iri(node, KG.speakerSpan)), via=self._via(facts.get(KG.viaStep, ())),
            cue=self._span(self._iri(node, KG.cue)),
            content=tuple(sorted(s for place in facts.get(KG.content, ()) if (s := self._span(place)))),
            quote=_QUOTES[quote] if quote else None,
            subject=self._mentioned(node, RDF.subject, KG.subjectMention),
            object=self._mentioned(node, RDF.object, KG.objectMention),
            predicate=predicate.removeprefix(KG) if predicate is not None else None,
            topic=self._text(node, KG.topic), plover=self._code(node, KG.plover, ontology.PLOVER),
            cameo=self._code(node, KG.cameo, ontology.CAMEO),
            polarity=int(polarity) if polarity is not None else None,
            negated=self._text(node, KG.negated) == "true", modality=_MODALITIES[modality or KG.actual],
            time=self._time(node), evidence=self._span(self._iri(node, KG.evidence)),
            confidence=float(self._text(node, KG.confidence) or 1.0), basis=_BASES[basis] if basis else None,
            model=self._model(node), carried_by=tuple(sorted(
                terms.name_of(ontology.DOCUMENT, str(article)) for article in facts.get(KG.carriedBy, ()))))

    def _iri(self, node: URIRef, key: URIRef) -> URIRef | None:
        value = self._value(node, key)
        return value if isinstance(value, URIRef) else None

    def _text(self, node: URIRef, key: URIRef) -> str | None:
        value = self._value(node, key)
        return None if value is None else str(value)

    def _value(self, node: URIRef, key: URIRef) -> Object | None:
        values = self._facts.get(node, {}).get(key)
        return min(values) if values else None

    def _code(self, node: URIRef, key: URIRef, base: str) -> str | None:
        value = self._iri(node, key)
        return terms.name_of(base, value) if value is not None else None

    def document(self, node: URIRef) -> Document:
        outlet = self._iri(node, SCHEMA.publisher)
        published = self._text(node, KG.publishedText)
        return Document(
            id=terms.name_of(ontology.DOCUMENT, node), title=self._text(node, SCHEMA.headline),
            publisher=terms.name_of(terms.OUTLET, outlet) if outlet is not None else None,
            published=published if published is not None else self._text(node, SCHEMA.datePublished),
            url=self._text(node, SCHEMA.url))

    def _entity(self, node: URIRef) -> Entity:
        if node not in self._entities:
            kinds = [kind for iri, kind in _TYPES.items() if iri in self._facts.get(node, {}).get(RDF.type, ())]
            link = self._text(node, SKOS.exactMatch)
            self._entities[node] = Entity(
                str(node), self._text(node, RDFS.label) or "", min(kinds, default=EntityType.OTHER),
                link.removeprefix(WIKIDATA) if link is not None else None,
                self._text(node, KG.country), self._text(node, KG.sector))
        return self._entities[node]

    def _mentioned(self, node: URIRef, role: URIRef, mention: URIRef) -> Entity | None:
        entity = self._iri(node, role)
        return self._entity(entity).at(self._span(self._iri(node, mention))) if entity is not None else None

    def _via(self, steps: Iterable[Object]) -> tuple[Entity, ...]:
        nodes = [step for step in steps if isinstance(step, URIRef)]
        nodes.sort(key=lambda step: int(self._text(step, KG.position) or 0))
        return tuple(entity for step in nodes if (entity := self._mentioned(step, PROV.agent, KG.mention)))

    def _span(self, place: Object | None) -> Span | None:
        if not isinstance(place, URIRef):
            return None
        start, end = self._text(place, NIF.beginIndex), self._text(place, NIF.endIndex)
        return Span(int(start or 0), int(end or 0), self._text(place, NIF.anchorOf) or "")

    def _time(self, node: URIRef) -> TimeInterval | None:
        text = self._text(node, KG.timeText)
        if text is None:
            return None
        return TimeInterval(text, self._text(node, SCHEMA.startDate), self._text(node, SCHEMA.endDate))

    def _model(self, node: URIRef) -> str:
        activity = self._iri(node, PROV.wasGeneratedBy)
        agent = self._iri(activity, PROV.wasAssociatedWith) if activity is not None else None
        return terms.name_of(terms.MODEL, agent) if agent is not None else ""
