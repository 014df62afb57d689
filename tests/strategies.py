"""Hypothesis strategies for the records: spans are always cut from the text, actors of one article are consistent."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from kg import ontology
from kg.records import Basis, Document, Entity, EntityType, Modality, QuoteType, Span, Statement, TimeInterval

#: Any text that UTF-8 can carry, control characters and markup included.
texts = st.text(st.characters(codec="utf-8"), max_size=40)
days = st.dates().map(lambda day: day.isoformat())
#: Dates as the records may have them: days, months, years, timestamps, and words.
moments = st.one_of(days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4]),
                    st.datetimes(timezones=st.timezones()).map(lambda time: time.isoformat()), texts)
idents = st.text(st.sampled_from("abcXYZ019-_."), min_size=1, max_size=12)

documents = st.builds(
    Document, id=st.one_of(idents, texts), text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=200),
    title=st.none() | texts, publisher=st.none() | texts, published=st.none() | moments,
    url=st.none() | st.just("https://example.org/a?b=c#d") | texts)

entities = st.builds(
    Entity, id=idents.map(lambda name: ontology.ENTITY + name), name=texts, type=st.sampled_from(EntityType),
    wikidata=st.none() | st.integers(1, 10**8).map(lambda number: f"Q{number}"),
    country=st.none() | st.sampled_from(["RUS", "UKR", "USA", "IGO", "NGO"]),
    sector=st.none() | st.sampled_from(["GOV", "MIL", "JRN", "OPP"]))

intervals = st.builds(TimeInterval, text=texts, start=st.none() | moments, end=st.none() | moments)


@st.composite
def spans(draw: st.DrawFn, text: str) -> Span:
    """Words of a text: at least one character."""
    start = draw(st.integers(0, len(text) - 1))
    return Span.of(text, start, draw(st.integers(start + 1, len(text))))


@st.composite
def articles(draw: st.DrawFn, most: int = 4) -> list[Statement]:
    """The statements of one document, with distinct ids."""
    document = draw(documents)
    actors = draw(st.lists(entities, min_size=1, max_size=4, unique_by=lambda entity: entity.id))
    names = draw(st.lists(idents, max_size=most, unique=True))
    return [draw(_statement(f"{number}{name}", document, actors)) for number, name in enumerate(names)]


@st.composite
def _statement(draw: st.DrawFn, ident: str, document: Document, actors: list[Entity]) -> Statement:
    words = spans(document.text)
    mentioned = st.builds(Entity.at, st.sampled_from(actors), st.none() | words)
    relation = draw(st.none() | st.sampled_from(sorted(ontology.relations())))
    row = ontology.relations()[relation] if relation else None
    return Statement(
        id=ident, document=document.reference(), speaker=draw(st.none() | mentioned),
        speaker_span=draw(st.none() | words), via=tuple(draw(st.lists(mentioned, max_size=3))),
        cue=draw(st.none() | words), content=tuple(sorted(draw(st.sets(words, max_size=3)))),
        quote=draw(st.none() | st.sampled_from(QuoteType)), subject=draw(st.none() | mentioned),
        object=draw(st.none() | mentioned), predicate=relation, topic=draw(st.none() | texts),
        plover=row.plover if row else None, cameo=draw(st.sampled_from([row.cameo, "1384"])) if row else None,
        polarity=row.polarity if row else None, negated=draw(st.booleans()), modality=draw(st.sampled_from(Modality)),
        time=draw(st.none() | intervals), evidence=draw(st.none() | words),
        confidence=draw(st.floats(0, 1)), basis=draw(st.sampled_from(Basis)) if relation else None,
        model=draw(st.sampled_from(["", "en_core_web_sm 3.8.0"]) | texts),
        carried_by=tuple(sorted(draw(st.sets(idents, max_size=2)))))


@st.composite
def corpora(draw: st.DrawFn) -> list[Statement]:
    """The statements of several documents, one document after the other, with distinct ids."""
    drawn = draw(st.lists(articles(), max_size=3, unique_by=lambda group: group[0].document.id if group else ""))
    return [replace(statement, id=f"{number}-{statement.id}")
            for number, group in enumerate(drawn) for statement in group]
