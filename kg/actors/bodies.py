"""Bodies without a name of their own: a state's ministry or army, by its country or the town where it sits."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from kg.actors.gazetteer import unknown
from kg.actors.linking import choose_organisation
from kg.actors.nouns import lexicon, singular
from kg.actors.tables import rows
from kg.records import EntityType, MentionKind

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from spacy.tokens import Token

    from kg.actors.context import Context
    from kg.actors.countries import Country
    from kg.actors.discourse import Discourse, Referent
    from kg.actors.nouns import Noun
    from kg.records import Entity

_SPELLINGS = {"defense": "defence", "defence": "defense"}


@cache
def general() -> dict[str, frozenset[EntityType]]:
    """Nouns that take up a body to the types of actors that they may mean: ``newspaper`` a medium."""
    return {noun: frozenset(map(EntityType, types.split("|")))
            for noun, types, _ in rows("general_bodies", "noun,types,source")}


def of_state(context: Context, country: Country, words: Sequence[str], entry: Noun) -> Entity:
    """The body of a country that some words name ("defence", "ministry"): of the lists, or by the country's adjective.

    The name is the same however the text says whose it is, so that the body meets across documents.
    """
    own = " ".join(words)
    other = " ".join(_SPELLINGS.get(w, w) for w in words)
    for form in dict.fromkeys((own, other)):
        for name in (f"{country.adjective} {form}", f"{country.name} {form}"):
            actor, _ = choose_organisation(context, name)
            if actor is not None and actor.iso3 == country.iso3:
                return context.gazetteer.entity(actor, context.date)
    return unknown(f"{country.adjective} {own}", _type(entry), country.iso3, entry.sector or None)


def group_of(context: Context, country: Country, name: str, noun: Token, entry: Noun) -> Entity:
    """Some of a country's people or forces, without a name: "Russian negotiators"; its ships are itself."""
    if singular(noun.lemma_, noun.lower_) in lexicon("equipment"):
        return context.gazetteer.country_entity(country)
    kind = EntityType.MILITARY if entry.kind == "force" else EntityType.GROUP
    return unknown(f"{country.adjective} {name}", kind, country.iso3, entry.sector or None)


def of_place(place: Entity, words: Sequence[str], entry: Noun) -> Entity:
    """A body by the town or region where it sits: "the health ministry in Gaza"."""
    return unknown(f"{place.name} {' '.join(words)}", _type(entry), place.country, entry.sector or None)


def is_of_state(entry: Noun) -> bool:
    """Whether each country has such a body."""
    return entry.noun in lexicon("bodies of a state")


def homed(context: Context, entity: Entity) -> Entity:
    """An unnamed actor with its country in the id, unless its words tell it: prisoners of two countries are two."""
    iso3 = entity.country
    if iso3 is None:
        return entity
    gazetteer = context.gazetteer
    told = any(
        (c := gazetteer.country(w) or gazetteer.demonym(w) or gazetteer.capital(w)) and c.iso3 == iso3
        for w in (entity.name, *entity.name.split())
    )
    return entity if told else replace(entity, id=f"{entity.id}_{iso3}")


def _type(entry: Noun) -> EntityType:
    return EntityType.MILITARY if entry.kind == "force" else EntityType.ORGANIZATION


def is_unlisted(entity: Entity) -> bool:
    """Whether an actor's id was made from its words."""
    return entity.id.rsplit("/", 1)[-1].startswith("x-")




def meant(discourse: Discourse, token: Token, entry: Noun, bare: bool) -> tuple[Entity, float] | None:
    """Find what "the ministry", "the army" or "the group" is: by a name with that word, or by what can be meant."""
    lemma, gazetteer = token.lemma_.lower(), discourse.context.gazetteer
    types = general().get(lemma, frozenset())
    named = discourse.nearest(token, lambda r: not r.person and _is_called(r, lemma), 12)
    if named is not None:
        return named.entity, 0.75
    if lemma in lexicon("of a state") and bare:
        state = discourse.nearest(token, lambda r: r.entity.type is EntityType.COUNTRY, 6)
        country = gazetteer.countries.get(state.entity.country or "") if state else None
        if country is None:
            return None
        return of_state(discourse.context, country, [lemma], entry), 0.5
    if lemma in lexicon("named by head"):
        return _subject_before(discourse, token, lemma, types)
    if lemma == "administration" and "USA" in discourse.context.countries:
        return gazetteer.government(gazetteer.countries["USA"]), 0.65
    found = discourse.nearest(token, lambda r: r.entity.type in types and not r.plural and _can_be(r, lemma), 4)
    if found is None and EntityType.COUNTRY not in types:
        found = discourse.nearest(token, lambda r: _is_some_body(r) and _can_be(r, lemma), 3)
    if found is not None and EntityType.GOVERNMENT in types and found.entity.type is EntityType.COUNTRY:
        country = gazetteer.countries.get(found.entity.country or "")
        return (gazetteer.government(country), 0.55) if country else None
    return (found.entity, 0.6) if found else None


def _subject_before(
    discourse: Discourse, token: Token, lemma: str, types: Collection[EntityType]
) -> tuple[Entity, float] | None:
    """Find what "the bank" or "the party" is where no name says so: the subject of the sentence before, or nothing."""
    if lemma in lexicon("public bodies") - {"party"} or not token.dep_.startswith("nsubj"):
        return None
    before = [r for r in discourse.window(token, 1) if (r.entity.type in types or _is_some_body(r)) and any(
        discourse.context.doc[m.root].dep_.startswith("nsubj") for m, _ in r.before(token.i, 2))]
    return (before[0].entity, 0.55) if len(before) == 1 and _can_be(before[0], lemma) else None


def _is_called(referent: Referent, lemma: str) -> bool:
    """Whether the text, or the list, names a body with a noun: "the council" after "the Transitional Council"."""
    named = [m.span.text for m, _ in referent.mentions if m.kind is MentionKind.NAME]
    return any(lemma in name.lower().split() for name in (referent.entity.name, *named))


def _is_some_body(referent: Referent) -> bool:
    """Whether a name that no list has may be of any kind of body."""
    if referent.vague:
        return True
    named = any(m.kind is MentionKind.NAME for m, _ in referent.mentions)
    return named and referent.entity.type is EntityType.ORGANIZATION and is_unlisted(referent.entity)


def _can_be(referent: Referent, lemma: str) -> bool:
    """Whether nothing in the name of a body contradicts the noun: "the company" is no agency."""
    words = referent.entity.name.lower().split()
    if all(m.kind is MentionKind.NOMINAL for m, _ in referent.mentions):
        return lemma in words or words[-1] in lexicon("private bodies")
    return lemma not in lexicon("private bodies") or not lexicon("public bodies") & set(words)
