"""Descriptions that take up an actor named before: "the president-elect", "the group", "his administration"."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from kg.actors import bodies, groups
from kg.actors.describe import Owner, base, owner
from kg.actors.discourse import DISTANCE_WEIGHT, Discourse, Referent
from kg.actors.gazetteer import unknown
from kg.actors.nouns import Noun, Office, entry_at, fits, holder, leading, lexicon, nouns, office_of, offices, states
from kg.actors.tenures import HEADS
from kg.records import Entity, EntityType, Mention, MentionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from spacy.tokens import Token

_GENERIC = {
    "group": (EntityType.ORGANIZATION, EntityType.ARMED_GROUP),
    "organization": (EntityType.ORGANIZATION,),
    "organisation": (EntityType.ORGANIZATION,),
    "company": (EntityType.ORGANIZATION,),
    "firm": (EntityType.ORGANIZATION,),
    "agency": (EntityType.ORGANIZATION,),
    "party": (EntityType.PARTY,),
    "newspaper": (EntityType.MEDIA,),
    "magazine": (EntityType.MEDIA,),
    "paper": (EntityType.MEDIA,),
    "network": (EntityType.MEDIA, EntityType.ORGANIZATION),
    "broadcaster": (EntityType.MEDIA,),
    "outlet": (EntityType.MEDIA,),
    "channel": (EntityType.MEDIA,),
    "alliance": (EntityType.ORGANIZATION,),
    "bloc": (EntityType.ORGANIZATION,),
    "watchdog": (EntityType.ORGANIZATION,),
    "nonprofit": (EntityType.ORGANIZATION,),
    "charity": (EntityType.ORGANIZATION,),
    "foundation": (EntityType.ORGANIZATION,),
    "country": (EntityType.COUNTRY,),
    "nation": (EntityType.COUNTRY,),
    "kingdom": (EntityType.COUNTRY,),
    "government": (EntityType.GOVERNMENT, EntityType.COUNTRY),
    "regime": (EntityType.GOVERNMENT, EntityType.COUNTRY),
    "administration": (EntityType.GOVERNMENT,),
    "authority": (EntityType.GOVERNMENT, EntityType.COUNTRY),
    "army": (EntityType.MILITARY,),
    "military": (EntityType.MILITARY,),
    "ministry": (EntityType.ORGANIZATION,),
    "department": (EntityType.ORGANIZATION,),
    "council": (EntityType.ORGANIZATION,),
    "committee": (EntityType.ORGANIZATION,),
    "commission": (EntityType.ORGANIZATION,),
    "campaign": (EntityType.ORGANIZATION,),
    "movement": (EntityType.ORGANIZATION, EntityType.ARMED_GROUP),
    "militia": (EntityType.ARMED_GROUP, EntityType.MILITARY),
    "union": (EntityType.ORGANIZATION,),
    "coalition": (EntityType.ORGANIZATION,),
    "court": (EntityType.ORGANIZATION,),
    "parliament": (EntityType.ORGANIZATION,),
    "bank": (EntityType.ORGANIZATION,),
}
#: Names with one of these words are not of a company, a paper or a loose group.
_PUBLIC = frozenset((
    "agency", "army", "assembly", "bureau", "commission", "committee", "congress", "council", "court", "department",
    "government", "ministry", "office", "parliament", "party", "police", "senate", "tribunal", "university"))
_PRIVATE = frozenset((
    "bank", "broadcaster", "channel", "charity", "company", "firm", "group", "magazine", "newspaper", "nonprofit",
    "paper"))
_APPOSABLE = frozenset((EntityType.PERSON, EntityType.ORGANIZATION, EntityType.MEDIA, EntityType.PARTY))
_BODIES = frozenset(
    (EntityType.ORGANIZATION, EntityType.GOVERNMENT, EntityType.MILITARY, EntityType.PARTY, EntityType.COUNTRY)
)
_AMERICAN = frozenset(["republican", "democrat", "democratic", "gop"])


def resolve(discourse: Discourse, mention: Mention, done: dict[int, Mention]) -> Mention:
    """The mention with the entity of what it takes up; as it is where nothing fits."""
    token = discourse.context.doc[mention.root]
    beside = _beside(mention, token, done)
    if beside is not None:
        return beside
    if mention.kind is MentionKind.NAME and (longer := _shortened(discourse, mention)) is not None:
        return replace(mention, entity=longer.at(None), confidence=0.8)
    entry = entry_at(token) or (nouns()["person"] if mention.kind is MentionKind.NOMINAL else None)
    if mention.kind in (MentionKind.NAME, MentionKind.DEMONYM, MentionKind.METONYM) or entry is None:
        return mention
    if mention.entity is not None and not _is_unlisted(mention.entity):
        return mention
    owned = next((done[c.i] for c in token.children if c.tag_ == "PRP$" and c.i in done), None)
    if owned is not None:
        return _owned(discourse, mention, token, entry, owned)
    if entry.noun == "office" and (principal := _principal(token, done)) is not None:
        return replace(mention, entity=principal.at(None), confidence=0.65)
    several = groups.of_countries(discourse, token, entry) or groups.taken_up(discourse, token, entry)
    if several is not None:
        return replace(mention, entity=several, confidence=0.6)
    if entry.kind == "spokes" and not _definite(token) and not any(c.dep_ == "prep" for c in token.rights):
        body = _nearest(discourse, token, lambda r: r.entity.type in _BODIES, reach=2)
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


def _beside(mention: Mention, token: Token, done: dict[int, Mention]) -> Mention | None:
    """An apposition has the entity of what it stands beside: "Marco Rubio, a candidate", "a candidate, Marco Rubio"."""
    unnamed = mention.kind in (MentionKind.OFFICE, MentionKind.NOMINAL)
    while token.dep_ == "conj" and token.head.dep_ in ("appos", "conj") and token.head.i in done:
        token = token.head  # "Ann Berg, a lawyer and former mayor"
    if token.dep_ != "appos" or token.head.i not in done:
        return None
    head = done[token.head.i]
    named = head.kind is MentionKind.NAME and head.entity is not None and head.entity.type in _APPOSABLE
    if unnamed and named and head.entity is not None and token.tag_ in ("NN", "NNP"):
        return replace(mention, entity=head.entity.at(None), confidence=0.85 * head.confidence)
    return None


def _is_unlisted(entity: Entity) -> bool:
    """Whether an actor's id was made from its words."""
    return entity.id.rsplit("/", 1)[-1].startswith("x-")


def _shortened(discourse: Discourse, mention: Mention) -> Entity | None:
    """The body whose longer name began with this one: "Pew" after "the Pew Research Center"."""
    entity, start = mention.entity, mention.span.text + " "
    if entity is not None and (entity.type is not EntityType.ORGANIZATION or not _is_unlisted(entity)):
        return None
    found = [r.entity for r in discourse.referents.values() if r.entity.name.startswith(start)
             and r.entity.type in (EntityType.ORGANIZATION, EntityType.MEDIA)]
    return found[0] if len(found) == 1 else None


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
    if bodies.is_of_state(entry) and country and whose.type in (EntityType.COUNTRY, EntityType.GOVERNMENT):
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
        return _take_up_person(discourse, token, entry, words, whose)
    if entry.kind in ("spokes", "official"):
        before = _nearest(discourse, token, lambda r: any(lemma in m.full.text.lower() for m, _ in r.mentions), 6)
        return (before.entity, 0.6) if before else None
    if lemma in _GENERIC or lemma in lexicon("of a state"):
        return _take_up_body(discourse, token, entry, len(words) == 1)
    return _take_up_someone(discourse, token, entry) if entry.kind == "people" else None


def _take_up_someone(discourse: Discourse, token: Token, entry: Noun) -> tuple[Entity, float] | None:
    """Find who "the former banker" or "the 62-year-old" is: the one so called before, or the one talked about."""
    if token.tag_ not in ("NN", "JJ") or not token.dep_.startswith("nsubj") or any(
            c.dep_ in ("prep", "relcl", "acl", "appos") for c in token.rights):
        return None
    lemma = token.lemma_.lower()
    if lemma in lexicon("someone else"):
        return None

    def called(referent: Referent) -> bool:
        return any(discourse.context.doc[m.root].lemma_.lower() == lemma for m, _ in referent.mentions)

    if (before := _nearest(discourse, token, called, 8)) is not None:
        return before.entity, 0.6
    near = [r for r in discourse.window(token, 2) if r.person and entry.gender in ("", r.gender or entry.gender)
            and all(discourse.sentence[m.root] < discourse.sentence[token.i] for m, _ in r.before(token.i, 1))]
    about = [r for r in near if any(discourse.context.doc[m.root].dep_.startswith("nsubj") and
                                    discourse.away(m.root, token.i) == 1 for m, _ in r.before(token.i, 3))]
    only = near if len(near) == 1 else about
    return (only[0].entity, 0.5) if len(only) == 1 else None


def _take_up_person(
    discourse: Discourse, token: Token, entry: Noun, words: set[str], whose: Owner
) -> tuple[Entity, float] | None:
    """Find who "the president-elect" or "the Republican" is: by titles, by known offices, by prominence."""
    if words & {"next", "future", "new", "incoming", "first", "last"}:
        return None
    lemma = token.lemma_.lower()
    office = office_of([t.lower_ for t in token.doc[base(token)[0] : token.right_edge.i + 1]])
    home = whose.country.iso3 if whose.country else None
    body = whose.entity is not None and whose.entity.type not in (EntityType.GOVERNMENT, EntityType.COUNTRY)
    words = {w for w in words if w != "-" and not discourse.context.gazetteer.demonym(w)} - {"us", "uk"}
    if "elect" in words and office is not None and (winner := discourse.context.elected(office, home or office.iso3)):
        return winner, 0.75
    if "former" in words:
        once = _nearest(discourse, token, lambda r: r.person and _held(discourse, r, office))
        return (once.entity, 0.65) if once else None
    if office is None and any(c.dep_ == "prep" and c.lower_ == "of" for c in token.rights):
        return None
    titled = (
        _nearest(discourse, token, lambda r: _from(r, home) and words <= r.words and _agrees(r, words))
        or _nearest(discourse, token, lambda r: _from(r, home) and not body and _holds(discourse, r, office, home))
        or _nearest(discourse, token, lambda r: _from(r, home) and {lemma} == words <= r.words)
    )
    if titled is not None:
        return titled.entity, 0.7
    if seat := words & _state_words():
        local = _nearest(discourse, token, lambda r: r.person and seat <= r.words and _agrees(r, words))
        return (local.entity, 0.7) if local else None
    owned = any(c.dep_ in ("poss", "prep") for c in token.children)
    if not owned and (entry.kind == "candidate" or lemma in ("senator", "mayor")):
        origin = "USA" if words & _AMERICAN else None
        likely = _nearest(
            discourse,
            token,
            lambda r: _from(r, origin) and _from(r, home) and not _rules(r) and _agrees(r, words),
            10,
        )
        if likely is not None:
            return likely.entity, 0.65
    return None if home or body or whose.place or "elect" in words else _at_home(discourse, office)


@cache
def _state_words() -> frozenset[str]:
    return frozenset(word for state in states().values() for word in state.split())


def _take_up_body(discourse: Discourse, token: Token, entry: Noun, bare: bool) -> tuple[Entity, float] | None:
    """Find what "the ministry", "the army" or "the group" is: by a name with that word, or by what can be meant."""
    lemma, gazetteer = token.lemma_.lower(), discourse.context.gazetteer
    types = _GENERIC.get(lemma, ())
    named = _nearest(discourse, token, lambda r: not r.person and _is_called(r, lemma), 12)
    if named is not None:
        return named.entity, 0.75
    if lemma in lexicon("of a state") and bare:
        state = _nearest(discourse, token, lambda r: r.entity.type is EntityType.COUNTRY, 6)
        country = gazetteer.countries.get(state.entity.country or "") if state else None
        if country is None:
            return None
        return bodies.of_state(discourse.context, country, [lemma], entry), 0.5
    if lemma in lexicon("named by head"):
        return _take_up_subject(discourse, token, lemma, types)
    if lemma == "administration" and "USA" in discourse.context.countries:
        return gazetteer.government(gazetteer.countries["USA"]), 0.65
    found = _nearest(discourse, token, lambda r: r.entity.type in types and not r.plural and _can_be(r, lemma), 4)
    if found is None and EntityType.COUNTRY not in types:
        found = _nearest(discourse, token, lambda r: _is_some_body(r) and _can_be(r, lemma), 3)
    if found is not None and EntityType.GOVERNMENT in types and found.entity.type is EntityType.COUNTRY:
        country = gazetteer.countries.get(found.entity.country or "")
        return (gazetteer.government(country), 0.55) if country else None
    return (found.entity, 0.6) if found else None


def _take_up_subject(
    discourse: Discourse, token: Token, lemma: str, types: Collection[EntityType]
) -> tuple[Entity, float] | None:
    """Find what "the bank" or "the party" is where no name says so: the subject of the sentence before, or nothing."""
    if lemma in _PUBLIC - {"party"} or not token.dep_.startswith("nsubj"):
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
    return named and referent.entity.type is EntityType.ORGANIZATION and _is_unlisted(referent.entity)


def _can_be(referent: Referent, lemma: str) -> bool:
    """Whether nothing in the name of a body contradicts the noun: "the company" is no agency."""
    words = referent.entity.name.lower().split()
    if all(m.kind is MentionKind.NOMINAL for m, _ in referent.mentions):
        return lemma in words or words[-1] in _PRIVATE
    return lemma not in _PRIVATE or not _PUBLIC & set(words)


def _at_home(discourse: Discourse, office: Office | None) -> tuple[Entity, float] | None:
    """The holder of an office without a country, in the country that most people of the text are from."""
    context = discourse.context
    if (
        office is None
        or context.period is None
        or office.role_class not in (*HEADS, "deputy head", "foreign minister", "defence minister")
    ):
        return None
    homes = Counter(p.actor.iso3 for p in context.people if p.actor is not None for _ in p.names)
    homes.update(context.countries)
    if not homes or (office.iso3 and office.iso3 not in homes):
        return None
    country = context.gazetteer.countries.get(office.iso3 or homes.most_common(1)[0][0])
    found = holder(context.gazetteer, country, office, context.period[1]) if country else None
    if found is None or country is None or found != holder(context.gazetteer, country, office, context.period[0]):
        return None
    return context.gazetteer.entity(found, context.date), 0.55


def _rules(referent: Referent) -> bool:
    """Whether a person is known as the president of the time, who is seldom the one that stands for election."""
    return "president" in referent.words and not {"elect", "nominee", "candidate", "hopeful"} & referent.words


def _from(referent: Referent, home: str | None) -> bool:
    """Whether a person can be from the country that a description names."""
    return referent.person and (home is None or referent.entity.country in (home, None))


def _holds(discourse: Discourse, referent: Referent, office: Office | None, home: str | None) -> bool:
    """Whether the lists know that a named person holds (or, in a text without a date, once held) the office."""
    person = discourse.person(referent.entity)
    return (
        office is not None
        and person is not None
        and office.title != "leader"
        and discourse.context.holds(person, office, home or office.iso3 or None)
    )


def _held(discourse: Discourse, referent: Referent, office: Office | None) -> bool:
    person = discourse.person(referent.entity)
    return office is not None and person is not None and discourse.context.held_before(person, office)


def _agrees(referent: Referent, words: set[str]) -> bool:
    """Whether nothing that is known of a person contradicts the description."""
    opposites = (("republican", "democrat"), ("republican", "democratic"))
    return not any((a in words and b in referent.words) or (b in words and a in referent.words) for a, b in opposites)


def _nearest(
    discourse: Discourse, token: Token, fits: Callable[[Referent], bool], reach: int = 60
) -> Referent | None:
    """The most prominent fitting referent within some sentences."""
    best, chosen = 0.0, None
    for referent in discourse.window(token, reach):
        if not fits(referent):
            continue
        for mention, role in referent.before(token.i, 4):
            away = discourse.away(mention.root, token.i)
            if away <= reach:
                score = (DISTANCE_WEIGHT[away] if away < len(DISTANCE_WEIGHT) else 5) + role / 2
                if discourse.quotes[mention.root] and not discourse.quotes[token.i]:
                    score *= 0.6
                if score > best:
                    best, chosen = score, referent
    return chosen
