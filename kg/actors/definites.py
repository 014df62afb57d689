"""Descriptions that take up an actor named before: "the president-elect", "the group", "his administration"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.actors import bodies, groups, people
from kg.actors.bodies import is_unlisted
from kg.actors.describe import Owner, owner
from kg.actors.gazetteer import unknown
from kg.actors.nouns import Noun, entry_at, fits, holder, leading, lexicon, nouns, offices
from kg.records import Entity, EntityType, Mention, MentionKind

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.actors.discourse import Discourse

_APPOSABLE = frozenset((EntityType.PERSON, EntityType.ORGANIZATION, EntityType.MEDIA, EntityType.PARTY))
_BODIES = frozenset(
    (EntityType.ORGANIZATION, EntityType.GOVERNMENT, EntityType.MILITARY, EntityType.PARTY, EntityType.COUNTRY)
)


def resolve(discourse: Discourse, mention: Mention, done: dict[int, Mention]) -> Mention:
    """The mention with the entity of what it takes up; as it is where nothing fits."""
    token = discourse.context.doc[mention.root]
    beside = _beside(discourse, mention, token, done)
    if beside is not None:
        return beside
    if mention.kind is MentionKind.NAME and (longer := _shortened(discourse, mention)) is not None:
        return replace(mention, entity=longer.at(None), confidence=0.8)
    entry = entry_at(token) or (nouns()["person"] if mention.kind is MentionKind.NOMINAL else None)
    if mention.kind in (MentionKind.NAME, MentionKind.DEMONYM, MentionKind.METONYM) or entry is None:
        return mention
    several = groups.of_countries(discourse, token, entry)
    if several is not None:
        return replace(mention, entity=several, confidence=0.6)
    if mention.entity is not None and (not is_unlisted(mention.entity) or discourse.person(mention.entity)):
        return mention
    owners = (done[c.i] for c in token.children if c.dep_ == "poss" and c.i in done)
    owned = next(filter(_refers_back, owners), None)
    if owned is not None:
        return _owned(discourse, mention, token, entry, owned)
    if entry.noun == "office" and (principal := _principal(token, done)) is not None:
        return replace(mention, entity=principal.at(None), confidence=0.65)
    several = groups.taken_up(discourse, token, entry)
    if several is not None:
        return replace(mention, entity=several, confidence=0.6)
    if entry.kind == "spokes" and not _definite(token) and not any(c.dep_ == "prep" for c in token.rights):
        body = discourse.nearest(token, lambda r: r.entity.type in _BODIES, reach=2)
        return replace(mention, entity=body.entity.at(None), confidence=0.55) if body else mention
    whose = owner(discourse.context, token)
    named = any(c.i in discourse.context.at and c.i < token.i for c in token.children)
    named = named or whose.country is not None or whose.place is not None
    if named and entry.kind not in ("office", "candidate"):
        return mention  # "the Trump administration": it says itself whose it is
    if not _definite(token) or (token.tag_ in ("NNS", "NNPS") and token.lower_ != "authorities"):
        return mention
    found = _take_up(discourse, token, entry, whose)
    if found is None:
        return mention
    entity, confidence = found
    return replace(mention, entity=entity.at(None), confidence=confidence)


def _beside(discourse: Discourse, mention: Mention, token: Token, done: dict[int, Mention]) -> Mention | None:
    """An apposition has the entity of what it stands beside: "Marco Rubio, a candidate", "a candidate, Marco Rubio"."""
    unnamed = mention.kind in (MentionKind.OFFICE, MentionKind.NOMINAL)
    while token.dep_ == "conj" and token.head.dep_ in ("appos", "conj") and token.head.i in done:
        token = token.head  # "Ann Berg, a lawyer and former mayor"
    span = discourse.context.at.get(token.head.i)
    root = token.doc[span.start : span.end].root if span is not None else token.head
    if token.dep_ != "appos" or (head := done.get(token.head.i) or done.get(root.i)) is None:
        return None
    named = head.kind is MentionKind.NAME and head.entity is not None and head.entity.type in _APPOSABLE
    if unnamed and named and head.entity is not None and token.tag_ in ("NN", "NNP"):
        return replace(mention, entity=head.entity.at(None), confidence=0.85 * head.confidence)
    return None


def _shortened(discourse: Discourse, mention: Mention) -> Entity | None:
    """The body whose longer name began with this one: "Pew" after "the Pew Research Center"."""
    entity, start = mention.entity, mention.span.text + " "
    if entity is not None and (entity.type is not EntityType.ORGANIZATION or not is_unlisted(entity)):
        return None
    found = [r.entity for r in discourse.referents.values() if r.entity.name.startswith(start)
             and r.entity.type in (EntityType.ORGANIZATION, EntityType.MEDIA)]
    return found[0] if len(found) == 1 else None


def _refers_back(owner: Mention) -> bool:
    """Whether an owner is no name but takes one up: "his", "the country's", "the prime minister's"."""
    return owner.kind is MentionKind.PRONOUN or (
        owner.kind is not MentionKind.NAME and owner.entity is not None and owner.span.text.lower().startswith("the "))


def _definite(token: Token) -> bool:
    determiner = next((c for c in token.children if c.dep_ == "det"), None)
    if determiner is not None:
        return determiner.lower_ in ("the", "this", "that")
    return not any(c.dep_ == "poss" for c in token.children) and (
        token.pos_ == "PROPN" or token.lemma_.lower() in ("government", "authorities")
    )


def _principal(office: Token, done: dict[int, Mention]) -> Entity | None:
    """Find who speaks through an office: "the prime minister's office", "the office of President Niinistö"."""
    for child in office.children:
        if child.dep_ == "poss" and child.i in done:
            return done[child.i].entity
        if child.dep_ == "prep" and child.lower_ == "of":
            return next((done[c.i].entity for c in child.children if c.dep_ == "pobj" and c.i in done), None)
    return None


def _owned(discourse: Discourse, mention: Mention, token: Token, entry: Noun, owned: Mention) -> Mention:
    """Name after its owner what a possessive claims: "his administration", "its army"."""
    whose = owned.entity
    if whose is None:
        return mention
    if entry.kind == "spokes" or entry.noun == "office":
        return replace(mention, entity=whose.at(None), confidence=0.75 * owned.confidence)
    context = discourse.context
    country = context.gazetteer.countries.get(whose.country or "")
    if token.lemma_.lower() == "counterpart":
        return _counterpart(discourse, mention, token, whose)
    if entry.kind == "government" and country is not None:
        person = next((p for p in context.people if p.entity.id == whose.id), None)
        if person is None or context.heads(person):
            return replace(mention, entity=context.gazetteer.government(country), confidence=0.7 * owned.confidence)
    if token.lemma_.lower() in ("country", "nation") and country is not None:
        return replace(mention, entity=context.gazetteer.country_entity(country), confidence=0.8 * owned.confidence)
    own = bodies.is_of_state(entry) or (entry.kind == "institution" and token.tag_ == "NN")
    best = any(t.tag_ in ("JJS", "RBS") for t in token.subtree)  # "the country's largest party"
    if own and not best and country and whose.type in (EntityType.COUNTRY, EntityType.GOVERNMENT):
        words = [t.lower_ for t in token.lefts if t.dep_ in ("amod", "compound")] + [token.lower_]
        body = bodies.of_state(context, country, words, entry)
        return replace(mention, entity=body, confidence=round(0.8 * owned.confidence, 3))
    if entry.kind == "government" or token.lemma_.lower() == "campaign":
        name = f"{whose.name.split(' ')[-1]} {token.lemma_.lower()}"
        kind = EntityType.GOVERNMENT if entry.kind == "government" else EntityType.ORGANIZATION
        return replace(
            mention,
            entity=unknown(name, kind, whose.country, entry.sector or None),
            confidence=0.8 * owned.confidence,
        )
    return mention


def _counterpart(discourse: Discourse, mention: Mention, token: Token, whose: Entity) -> Mention:
    """Find "his American counterpart": the holder of the same office in the other country."""
    context = discourse.context
    owner = discourse.person(whose)
    home = next((h for c in token.children if (h := context.gazetteer.demonym(c.text))), None)
    if owner is None or owner.actor is None or home is None:
        return mention
    held = [t for t in context.gazetteer.tenures(owner.actor) if context.during(t)]
    for office in offices().values():
        if not any(fits(leading(office, t.iso3), t) for t in held):
            continue
        named = [p for p in context.people if context.holds(p, office, home.iso3)]
        found = named[0].entity if len(named) == 1 else None
        if found is None and context.period and (actor := holder(context.gazetteer, home, office, context.period[0])):
            found = context.gazetteer.entity(actor, context.date)
        if found is not None:
            return replace(mention, entity=found.at(None), kind=MentionKind.OFFICE, confidence=0.6)
    return mention


def _take_up(discourse: Discourse, token: Token, entry: Noun, whose: Owner) -> tuple[Entity, float] | None:
    """The entity of an earlier mention that a definite description takes up, and how sure that is."""
    lemma = token.lemma_.lower()
    words = {t.lemma_.lower() for t in token.lefts if t.dep_ in ("compound", "amod", "nmod")} | {lemma}
    if entry.kind in ("office", "candidate"):
        return people.meant(discourse, token, entry, words, whose)
    if entry.kind in ("spokes", "official"):
        before = discourse.nearest(token, lambda r: any(lemma in m.full.text.lower() for m, _ in r.mentions), 6)
        return (before.entity, 0.6) if before else None
    if lemma in bodies.general() or lemma in lexicon("of a state"):
        return bodies.meant(discourse, token, entry, len(words) == 1)
    return people.talked_about(discourse, token, entry) if entry.kind == "people" else None
