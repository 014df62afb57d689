"""From the names of a document to entities: a place or its government, one candidate or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.actors.candidates import named
from kg.actors.gazetteer import unknown
from kg.actors.names import key
from kg.actors.nouns import lexicon, nouns
from kg.actors.sorts import NameSpan, Sort
from kg.records import Entity, EntityType, MentionKind

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.actors.context import Context
    from kg.actors.gazetteer import Actor

Linked = tuple[Entity | None, MentionKind, float]

_DIRECTIONS = frozenset(["north", "south", "east", "west", "northern", "southern", "eastern", "western", "central"])
_SHORT = {"North": "PRK", "South": "KOR"}
_PARTIES = {
    "republican": "Republican Party",
    "republicans": "Republican Party",
    "gop": "Republican Party",
    "democrat": "Democratic Party",
    "democrats": "Democratic Party",
    "democratic": "Democratic Party",
}


def link(context: Context, span: NameSpan, root: Token) -> Linked:
    """The entity of a name, the way in which it is named, and how sure that is.

    Parameters
    ----------
    context
        The document with its people and date.
    span, root
        The name and its syntactic head.
    """
    gazetteer = context.gazetteer
    text = context.doc[span.start : span.end].text
    if span.sort is Sort.PERSON:
        person = context.of_span[span.start]
        return person.entity, MentionKind.NAME, person.confidence
    if span.sort is Sort.COUNTRY and (
        country := gazetteer.country(text) or (_SHORT.get(text) and gazetteer.countries[_SHORT[text]])
    ):
        return gazetteer.country_entity(country), MentionKind.NAME, 0.97
    if span.sort is Sort.DEMONYM and (country := gazetteer.demonym(text)):
        return gazetteer.country_entity(country), MentionKind.DEMONYM, 0.9
    if span.sort is Sort.PEOPLE and (country := gazetteer.demonym(text)):
        return unknown(text, EntityType.GROUP, country.iso3), MentionKind.DEMONYM, 0.8
    if span.sort is Sort.METONYM:
        return metonym(context, text, acts(root))
    if span.sort is Sort.CAPITAL:
        return capital(context, text, root)
    if span.sort is Sort.PLACE:
        return place(context, text)
    if text in ("European", "Europe"):
        return unknown("Europe", EntityType.PLACE), MentionKind.DEMONYM, 0.7
    if party := _PARTIES.get(text.lower()):
        return _organisation(context, party, span)
    return _organisation(context, text, span)


def metonym(context: Context, text: str, acting: bool) -> Linked:
    """A seat of power: the government, body or ministry that it stands for; the building, if nothing acts."""
    _, stands_for, iso3, sector, qid, _ = context.gazetteer.metonyms[key(text)]
    country = context.gazetteer.countries.get(iso3)
    if country is not None and sector == "GOV" and not stands_for.startswith("Ministry"):
        if acting:
            return context.gazetteer.government(country), MentionKind.METONYM, 0.9
        return context.gazetteer.government(country), MentionKind.METONYM, 0.6
    actors = context.gazetteer.actors(stands_for)
    if actors:
        return context.gazetteer.entity(actors[0], context.date), MentionKind.METONYM, 0.85
    kind = EntityType.MILITARY if sector == "MIL" else EntityType.ORGANIZATION
    return (
        Entity(unknown(stands_for, kind).id, stands_for, kind, qid or None, iso3 or None, sector),
        MentionKind.METONYM,
        0.8,
    )


def capital(context: Context, text: str, root: Token) -> Linked:
    """A capital is the government where it acts, and a place where it is only a place."""
    country = context.gazetteer.capital(text)
    assert country is not None  # noqa: S101 - the span was found as a capital
    if acts(root) and not is_dateline(context, root):
        if country.iso3 == "EUE":
            return context.gazetteer.country_entity(country), MentionKind.METONYM, 0.7
        return context.gazetteer.government(country), MentionKind.METONYM, 0.85
    city = context.gazetteer.places.city(key(text), (country.iso3,))
    return unknown(city.name if city else text, EntityType.PLACE, country.iso3), MentionKind.NAME, 0.85


def is_dateline(context: Context, root: Token) -> bool:
    """Whether a place opens a paragraph as its dateline: "JERUSALEM - ", "Kyiv (Reuters)"."""
    doc, after = context.doc, root.i + 1
    opens = root.left_edge.i == 0 or "\n" in doc[root.left_edge.i - 1].text
    while (
        opens and after < len(doc) and after < root.i + 5 and (doc[after].text == "," or doc[after].pos_ == "PROPN")
    ):
        after += 1
    return opens and after < len(doc) and doc[after].text in ("-", "–", "—", "--", "(")


def place(context: Context, text: str) -> Linked:
    """A town, region or other place; its country only where the gazetteer has exactly one."""
    form, gazetteer = key(text), context.gazetteer
    places, here = gazetteer.places, context.countries
    if form in places.homelands:
        return unknown(text, EntityType.PLACE, places.homelands[form]), MentionKind.NAME, 0.85
    direction, _, rest = form.partition(" ")
    if direction in _DIRECTIONS and (country := gazetteer.country(rest)):
        return unknown(text, EntityType.PLACE, country.iso3), MentionKind.NAME, 0.85
    if found := places.region(form, here):
        return unknown(text, EntityType.PLACE, found.iso3), MentionKind.NAME, 0.85
    if not places.regions(form) and (found := places.city(form, here)):
        name = text if key(found.name) == form else found.name
        return unknown(name, EntityType.PLACE, found.iso3), MentionKind.NAME, 0.85
    return unknown(text, EntityType.PLACE), MentionKind.NAME, 0.7


def _organisation(context: Context, text: str, span: NameSpan) -> Linked:
    if (defined := context.acronyms.get(text)) is not None and defined != span:
        text = context.doc[defined.start : defined.end].text
    actor, confidence = choose_organisation(context, text)
    if actor is not None:
        return context.gazetteer.entity(actor, context.date), MentionKind.NAME, confidence
    kind = EntityType.ORGANIZATION if span.sort is Sort.ORGANIZATION else EntityType.OTHER
    name, lists = strip_article(text), context.gazetteer
    first, _, rest = name.partition(" ")
    whole = next((a for a in lists.actors(rest) if a.iso3 == "NGO"), None) if rest else None
    home = (lists.demonym(first) or lists.country(first)) if whole else None  # "the Kenya Red Cross"
    if whole is not None and home is not None:
        return unknown(name, kind, home.iso3, whole.sector or None), MentionKind.NAME, 0.7
    return unknown(name, kind), MentionKind.NAME, 0.7


def choose_organisation(context: Context, text: str) -> tuple[Actor | None, float]:
    """The one organisation that a name can mean in this document; None if two are left."""
    found = [a for a in named(context.gazetteer, text).left if a.type is not EntityType.PERSON]
    if len(found) > 1:
        people = {p.entity.country for p in context.people if p.actor is not None}
        here = [a for a in found if context.countries.get(a.iso3) or a.iso3 in people]
        best = [a for a in found if a.tier == found[0].tier]
        known = [a for a in best if a in here] or here
        found = known or best
    if len(found) != 1:
        return None, 0.5
    if found[0].tier == "3" and not context.countries.get(found[0].iso3):
        return None, 0.5  # a party somewhere that nothing in the text points to
    return found[0], 0.95 if found[0].is_known else 0.8


def strip_article(text: str) -> str:
    """A name without its leading article."""
    head, _, rest = text.partition(" ")
    return rest if head.lower() in ("the", "a", "an") and rest else text


def acts(root: Token) -> bool:
    """Whether a place acts or is acted towards as a government would be, rather than being where something is."""
    dep, head = root.dep_, root.head
    if dep == "conj":
        return acts(head)
    if dep in ("nsubj", "agent", "csubj"):
        return not any(c.dep_ == "attr" and c.lemma_ in lexicon("places") for c in head.children)
    if dep in ("nsubjpass", "dobj", "dative", "iobj"):
        return head.lemma_ not in lexicon("spatial verbs")
    if dep in ("compound", "nmod") and head.dep_ in ("dobj", "pobj") and head.head.lemma_ in lexicon("giving"):
        return True  # "gave Kyiv permission", which the parser takes for a compound
    if dep == "poss":
        return head.lemma_.lower() not in lexicon("local")
    if dep == "pobj":
        return _acts_after(head)
    entry = nouns().get(head.lemma_.lower())
    title = entry is not None and entry.kind in ("office", "spokes", "official", "government")
    return dep in ("amod", "compound", "nmod") and title


def _acts_after(preposition: Token) -> bool:
    """Whether the place after a preposition is an actor: "talks with Moscow", but not "a flight to Moscow"."""
    word, above = preposition.lower_, preposition.head
    if word in lexicon("place prepositions"):
        return False
    if word == "to":
        return above.lemma_ not in lexicon("motion") and not any(c.lower_ == "from" for c in above.children)
    if word == "of":
        return above.pos_ == "NOUN" and above.lemma_ not in lexicon("local")
    if word == "behind":
        return above.lemma_ not in lexicon("motion") and above.lemma_ not in lexicon("spatial verbs")
    if word in ("on", "against") and above.lemma_.lower() in lexicon("assaults"):
        return False  # shells fall on a town
    return word in ("by", "with", "against", "between", "on", "for", "toward", "towards", "upon")
