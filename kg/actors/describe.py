"""What a noun phrase without a name stands for: "US officials", "Ukraine's president", "rebels", "the ministry"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.actors import bodies
from kg.actors.gazetteer import unknown
from kg.actors.linking import choose_organisation, link, metonym
from kg.actors.names import key
from kg.actors.nouns import Noun, holder, lexicon, nouns, office_of, singular
from kg.actors.sorts import Sort
from kg.records import Entity, EntityType, MentionKind

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as SpacySpan

    from kg.actors.context import Context, Person
    from kg.actors.countries import Country

_DETERMINERS = frozenset(("det", "predet", "punct", "case"))


_OWNERS = frozenset(("of", "for", "from", "at", "with", "in", "to", "throughout", "across", "inside", "within"))
_SEVERAL = frozenset(("group", "number", "handful", "coalition", "crowd", "majority", "minority", "series"))
_ORIGIN_REACH = 8  # tokens
_WITH_COMPLEMENT = frozenset(("people", "official", "office", "part", "candidate"))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the phrase was taken for."""

    entity: Entity | None
    kind: MentionKind
    confidence: float


@dataclass(slots=True)
class Owner:
    """The names inside a phrase that say whose or of what it is."""

    country: Country | None = None
    entity: Entity | None = None
    person: Person | None = None
    pronoun: Token | None = None
    place: Entity | None = None


def base(noun: Token) -> tuple[int, int]:
    """The tokens from the first modifier to the head noun."""
    left = noun.i
    for child in noun.lefts:
        if child.dep_ in lexicon("modifier dependencies"):
            left = min(left, child.left_edge.i)
    for at in range(noun.i - 1, left - 1, -1):
        before = noun.doc[at - 1]
        joined = noun.doc[at].lower_ in ("and", "or") and before.pos_ in ("NOUN", "PROPN") and before.head.i != noun.i
        if "\n" in noun.doc[at].text or joined:
            left = at + 1
            break
    while left < noun.i and (noun.doc[left].is_punct or noun.doc[left].is_space):
        left += 1
    return left, noun.i + 1


def owner(context: Context, noun: Token) -> Owner:
    """Whose the phrase is: modifiers before the noun first, then "of", "for", "from", "at", "in"."""
    found = Owner()
    for child in [*noun.lefts, *(g for c in noun.lefts if c.dep_ in ("compound", "nmod", "amod") for g in c.lefts)]:
        if child.dep_ in ("amod", "compound", "nmod", "poss", "appos", "nsubj", "det"):
            _own(context, child, found)
    for preposition in noun.rights:
        if preposition.dep_ == "prep" and preposition.lower_ in _OWNERS:
            for child in preposition.children:
                if child.dep_ == "pobj":
                    _own(context, child, found)
    after = noun.nbor() if noun.i + 1 < len(noun.doc) else noun
    if after.lower_ == "in" and after.dep_ == "prep" and after.head.i == noun.head.i and noun.dep_ == "dobj":
        for child in after.children:  # "thanked the authorities in Lagos": the parser gives the place to the verb
            if child.dep_ == "pobj" and _is_seated(noun):
                _own(context, child, found)
    if not (found.country or found.entity or found.person or found.place):
        _of_origin(context, noun, found)
    return found


def _of_origin(context: Context, noun: Token, found: Owner) -> None:
    """Where those whom a phrase names live, sit or come from: "a paper *based in* Beirut", "*fleeing* Mali"."""
    for child in noun.rights:
        if child.dep_ not in ("acl", "amod") or child.lemma_ not in lexicon("of origin"):
            continue
        for token in child.subtree:
            if token.i > child.i and token.i in context.at and token.i <= child.i + _ORIGIN_REACH:
                told = Owner()
                _own(context, token, told)
                home = told.entity.country if told.entity is not None else None
                found.country = told.country or context.gazetteer.countries.get(home or "")
                found.place = told.place
                if found.country or found.place:
                    return


def _is_seated(noun: Token) -> bool:
    """Whether a noun is a body that is named by where it sits."""
    entry = nouns().get(singular(noun.lemma_, noun.lower_))
    return entry is not None and entry.kind in ("government", "institution")


def _own(context: Context, token: Token, found: Owner) -> None:
    if token.tag_ == "PRP$":
        found.pronoun = found.pronoun or token
        return
    span = context.at.get(token.i)
    if span is None:
        _own_unnamed(context, token, found)
        return
    text = context.doc[span.start : span.end].text
    gazetteer = context.gazetteer
    if span.sort is Sort.PERSON:
        found.person = found.person or context.of_span[span.start]
    elif span.sort in (Sort.COUNTRY, Sort.DEMONYM, Sort.PEOPLE):
        found.country = found.country or gazetteer.country(text) or gazetteer.demonym(text)
    elif span.sort is Sort.CAPITAL:
        found.place = found.place or unknown(text, EntityType.PLACE)
        found.country = found.country or gazetteer.capital(text)
    elif span.sort is Sort.METONYM:
        found.entity = found.entity or metonym(context, text, True)[0]
    else:
        named = link(context, span, token)[0]
        if named is not None and named.type is EntityType.PLACE:
            found.place = found.place or named
        else:
            found.entity = found.entity or named


def _own_unnamed(context: Context, token: Token, found: Owner) -> None:
    """An owner without a name: "a spokesman for the Israeli prime minister", "of the Syrian army"."""
    entry = nouns().get(singular(token.lemma_, token.lower_))
    before = token.dep_ in ("compound", "nmod") and entry is not None and bodies.is_of_state(entry)
    if entry is None or not (before or token.dep_ == "pobj"):
        return
    body = entry.kind in ("institution", "force", "government", "media") and token.tag_ != "NNS"
    if body and found.entity is None:
        named = noun_phrase(context, token, entry).entity
        found.entity = named if named is None or named.country or not before else None
    elif entry.kind in ("office", "people", "official") and found.country is None:
        for child in token.lefts:
            if (span := context.at.get(child.i)) is not None and span.sort in (Sort.DEMONYM, Sort.COUNTRY):
                text = context.doc[span.start : span.end].text
                found.country = context.gazetteer.country(text) or context.gazetteer.demonym(text)


def _plain_start(words: SpacySpan, text: str) -> str:
    """The words with a small letter where only the beginning of the sentence gave them a capital."""
    first = words[0]
    capital = first.is_sent_start and first.is_title and first.pos_ not in ("PROPN", "X") and first.ent_type_ == ""
    return text[0].lower() + text[1:] if capital and text else text


def noun_phrase(context: Context, noun: Token, entry: Noun | None) -> Reading:
    """Read a phrase by the kind of its head noun."""
    whose = owner(context, noun)
    kind = entry.kind if entry else ""
    reading = None
    if kind == "office":
        reading = _office(context, noun, whose)
    elif kind == "government":
        reading = _government(context, noun, whose)
    elif kind in ("spokes", "official"):
        reading = _spokes(context, noun, whose, kind)
    elif kind in ("institution", "force", "media"):
        reading = _body(context, noun, whose)
    elif noun.lemma_.lower() == "member" and whose.entity is not None and noun.tag_ == "NNS":
        return Reading(whose.entity, MentionKind.NOMINAL, 0.65)
    elif kind == "document" and (noun.is_sent_start or not noun.text[0].isupper()):
        return Reading(whose.entity or (whose.person.entity if whose.person else None), MentionKind.NOMINAL, 0.6)
    elif kind == "weapon":
        country = whose.country
        return Reading(context.gazetteer.country_entity(country) if country else None, MentionKind.NOMINAL, 0.6)
    if reading is not None:
        return reading
    return Reading(_group(context, noun, whose, entry), _kind(kind), 0.6)


def _kind(kind: str) -> MentionKind:
    return MentionKind.OFFICE if kind in ("office", "candidate", "spokes") else MentionKind.NOMINAL


def _office(context: Context, noun: Token, whose: Owner) -> Reading | None:
    """The holder of an office: someone the document names, or else whoever held it on the document's date."""
    if noun.tag_ in ("NNS", "NNPS"):
        return None
    start = base(noun)[0]
    before = [t.lower_ for t in context.doc[start : noun.i + 1]]
    office = office_of(before) or office_of([t.lower_ for t in context.doc[start : noun.right_edge.i + 1]])
    if office is None or set(before) & {"former", "ex", "a", "an", "any", "next", "then", "future", "new"}:
        return None
    iso3 = whose.country.iso3 if whose.country else office.iso3
    if not iso3:
        return None
    if "elect" in before:
        winner = context.elected(office, iso3)
        return Reading(winner, MentionKind.OFFICE, 0.75) if winner else None
    if whose.entity is not None and whose.entity.type not in (EntityType.GOVERNMENT, EntityType.COUNTRY):
        return None  # "the head of the league"
    named = [p for p in context.people if context.holds(p, office, iso3)]
    titled = [p for p in named if noun.lemma_.lower() in p.titles] or named
    if len(titled) == 1:
        return Reading(titled[0].entity, MentionKind.OFFICE, 0.85)
    country = context.gazetteer.countries.get(iso3)
    if titled or country is None or context.period is None:
        return None
    actor = holder(context.gazetteer, country, office, context.period[0])
    if actor is None or (
        not context.dated and actor != holder(context.gazetteer, country, office, context.period[1])
    ):
        return None  # it may be one or the other
    return Reading(context.gazetteer.entity(actor, context.date), MentionKind.OFFICE, 0.75 if context.dated else 0.55)


def _government(context: Context, noun: Token, whose: Owner) -> Reading | None:
    gazetteer = context.gazetteer
    if noun.tag_ in ("NNS", "NNPS") and noun.lower_ != "authorities":
        return None
    if whose.person is not None:
        person = whose.person
        country = gazetteer.countries.get(person.entity.country or "")
        if country is not None and context.heads(person):
            return Reading(gazetteer.government(country), MentionKind.METONYM, 0.85)
        name = f"{person.entity.name.split(' ')[-1]} {noun.lemma_.lower()}"
        return Reading(unknown(name, EntityType.GOVERNMENT, person.entity.country, "GOV"), MentionKind.NOMINAL, 0.7)
    if whose.entity is not None:
        return Reading(whose.entity, MentionKind.NOMINAL, 0.8)
    if whose.country is not None:
        return Reading(gazetteer.government(whose.country), MentionKind.NOMINAL, 0.9)
    if whose.place is None:
        return Reading(None, MentionKind.NOMINAL, 0.5)
    country = gazetteer.countries.get(whose.place.country or "")
    if country is not None and noun.lemma_.lower() == "government" and gazetteer.places.is_city(key(whose.place.name)):
        return Reading(gazetteer.government(country), MentionKind.NOMINAL, 0.7)
    return None


def _spokes(context: Context, noun: Token, whose: Owner, kind: str) -> Reading | None:
    entity = whose.entity
    if entity is None and whose.country is not None and whose.place is None and kind == "spokes":
        entity = context.gazetteer.government(whose.country)
    if entity is None and whose.person is not None and kind == "spokes":
        entity = whose.person.entity
    return Reading(entity, _kind(kind), 0.75) if entity is not None else None


def _body(context: Context, noun: Token, whose: Owner) -> Reading | None:
    """A body known by its name, or named by the word before it ("Hezbollah fighters", "the G-20 group")."""
    if (named := _named_by(context, noun)) is not None:
        return Reading(named, MentionKind.NAME, 0.85)
    country = whose.country
    if country is None and whose.person is not None and context.heads(whose.person):
        country = context.gazetteer.countries.get(whose.person.entity.country or "")
    if noun.lower_ == "forces" and whose.person is not None and country is not None:
        return Reading(
            unknown(f"{country.adjective} government forces", EntityType.MILITARY, country.iso3, "MIL"),
            MentionKind.NOMINAL,
            0.65,
        )
    if singular(noun.lemma_, noun.lower_) in lexicon("equipment") and country is not None and whose.entity is None:
        return Reading(context.gazetteer.country_entity(country), MentionKind.NOMINAL, 0.7)
    start, end = base(noun)
    while start < end - 1 and context.doc[start].dep_ in _DETERMINERS:
        start += 1
    actor, confidence = choose_organisation(context, context.doc[start:end].text)
    if actor is not None and end - start > 1:
        return Reading(context.gazetteer.entity(actor, context.date), MentionKind.NAME, confidence)
    return None


def name_of(words: Doc | SpacySpan) -> str:
    """Words as a name: without quotation marks and line breaks."""
    return re.sub(r"[\"“”″‟„\[\]()]", "", " ".join(words.text.split())).strip(" ,-–—'’‘") or words.text


def _complement_end(noun: Token, end: int) -> int:
    """One past "of the lobbying firms", "with direct knowledge": what makes a general noun one actor."""
    for child in noun.rights:
        if child.dep_ == "prep" and child.i == end and child.lower_ in ("of", "with", "from", "in", "at"):
            last = child.i
            for word in child.subtree:
                stop = (word.is_punct and word.text not in ("-", ",", "'", "’")) or word.dep_ in ("relcl", "acl")
                if stop or word.tag_ in ("WP", "WDT", "WP$", "WRB") or word.i > child.i + 12 or word.is_space:
                    break
                last = word.i
            return last + 1 if last > child.i else end
    return end


def _named_by(context: Context, noun: Token) -> Entity | None:
    """The organisation whose name stands before a general noun."""
    if noun.i == 0 or singular(noun.lemma_, noun.lower_) not in lexicon("classes"):
        return None
    before = noun.i - 1
    if context.doc[before].lower_ == "news":
        before -= 1
    span = context.at.get(before)
    if span is None or span.sort is not Sort.ORGANIZATION:
        return None
    return link(context, span, context.doc[span.start : span.end].root)[0]


def _group(context: Context, noun: Token, whose: Owner, entry: Noun | None) -> Entity:
    """An actor of its own, named by its words."""
    start, end = base(noun)
    several = noun.lemma_.lower() in _SEVERAL and any(
        o.tag_ in ("NNS", "NNPS") for c in noun.rights if c.lower_ == "of" for o in c.children
    )
    if entry and (entry.kind in _WITH_COMPLEMENT or several):
        end = _complement_end(noun, end)
    country = whose.country.iso3 if whose.country else whose.place.country if whose.place else None
    seat = noun.nbor().lower_ == "in" if noun.i + 1 < len(noun.doc) else False
    if entry and entry.kind == "government" and whose.place is not None and seat:
        return unknown(f"{whose.place.name} {noun.lower_}", EntityType.GOVERNMENT, country, "GOV")
    while start < end - 1 and (
        context.doc[start].dep_ in _DETERMINERS
        or context.doc[start].tag_ in ("PRP$", "DT", "WP$")
        or context.doc[start].lower_ in ("even", "also", "only", "just")
    ):
        start += 1
    of_state = entry is not None and (bodies.is_of_state(entry) or _is_of_country(context, noun, entry))
    if entry and of_state and (body := _state_body(context, noun, start, whose, entry)) is not None:
        return body
    text = _plain_start(context.doc[start:end], name_of(context.doc[start:end]))
    types = {
        "force": EntityType.MILITARY,
        "institution": EntityType.ORGANIZATION,
        "media": EntityType.MEDIA,
        "government": EntityType.GOVERNMENT,
    }
    kind = types.get(entry.kind, EntityType.OTHER) if entry else EntityType.OTHER
    if several or (kind is EntityType.ORGANIZATION and noun.tag_ in ("NNS", "NNPS") and noun.lower_[-1] == "s"):
        kind = EntityType.GROUP
    elif kind is EntityType.MILITARY and entry and entry.sector in ("REB", "UAF"):
        kind = EntityType.ARMED_GROUP
    if entry and entry.kind in ("people", "official", "spokes", "office", "candidate"):
        single = noun.tag_ in ("NN", "NNP") and noun.lemma_.lower() not in lexicon("collective")
        kind = EntityType.PERSON if single else EntityType.GROUP
    return bodies.homed(context, unknown(text, kind, country, (entry.sector if entry else "") or None))


def _is_of_country(context: Context, noun: Token, entry: Noun) -> bool:
    """Whether a body is said to be of a country, as any state may have one: "the embassy of Chile in Lima"."""
    owners = (o for c in noun.rights if c.lower_ == "of" for o in c.children if o.dep_ == "pobj")
    spans = (context.at.get(o.i) for o in owners)
    return entry.kind == "institution" and any(s is not None and s.sort is Sort.COUNTRY for s in spans)


def _state_body(context: Context, noun: Token, start: int, whose: Owner, entry: Noun) -> Entity | None:
    """A ministry, parliament or army whose country or town the phrase names."""
    if noun.tag_ in ("NNS", "NNPS") or whose.entity is not None or whose.person is not None:
        return None
    inside = context.doc[start : noun.i + 1]
    words = [t.lower_ for t in inside if t.i not in context.at and t.is_alpha and t.dep_ != "case"]
    if whose.country is not None:
        return bodies.of_state(context, whose.country, words, entry)
    return bodies.of_place(whose.place, words, entry) if whose.place is not None else None
