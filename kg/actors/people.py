"""Whom a description of one person takes up: "the president-elect", "the Ohio Republican", "the former banker"."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from kg.actors.describe import Owner, base
from kg.actors.nouns import Noun, Office, holder, lexicon, office_of, states
from kg.actors.tenures import HEADS
from kg.records import Entity, EntityType

if TYPE_CHECKING:
    from spacy.tokens import Token

    from kg.actors.discourse import Discourse, Referent

_AMERICAN = frozenset(["republican", "democrat", "democratic", "gop"])


def meant(
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
        once = discourse.nearest(token, lambda r: r.person and (_held(discourse, r, office) or words <= r.words))
        return (once.entity, 0.65) if once else None
    if office is None and any(c.dep_ == "prep" and c.lower_ == "of" for c in token.rights):
        return None
    titled = (
        discourse.nearest(token, lambda r: _from(r, home) and words <= r.words and _agrees(r, words))
        or discourse.nearest(token, lambda r: _from(r, home) and not body and _holds(discourse, r, office, home))
        or discourse.nearest(token, lambda r: _from(r, home) and {lemma} == words <= r.words)
    )
    if titled is not None:
        return titled.entity, 0.7
    if seat := words & _state_words():
        local = discourse.nearest(token, lambda r: r.person and seat <= r.words and _agrees(r, words))
        return (local.entity, 0.7) if local else None
    owned = any(c.dep_ in ("poss", "prep") for c in token.children)
    if not owned and (entry.kind == "candidate" or lemma in ("senator", "mayor")):
        origin = "USA" if words & _AMERICAN else None
        likely = discourse.nearest(
            token,
            lambda r: _from(r, origin) and _from(r, home) and not _rules(discourse, r) and _agrees(r, words),
            10,
        )
        if likely is not None:
            return likely.entity, 0.65
    return None if home or body or whose.place or "elect" in words else _at_home(discourse, office)


def talked_about(discourse: Discourse, token: Token, entry: Noun) -> tuple[Entity, float] | None:
    """Find who "the former banker" or "the 62-year-old" is: the one so called before, or the one talked about."""
    if token.tag_ not in ("NN", "JJ") or not token.dep_.startswith("nsubj") or any(
            c.dep_ in ("prep", "relcl", "acl", "appos") for c in token.rights):
        return None
    lemma = token.lemma_.lower()
    if lemma in lexicon("someone else"):
        return None

    def called(referent: Referent) -> bool:
        return any(discourse.context.doc[m.root].lemma_.lower() == lemma for m, _ in referent.mentions)

    if (before := discourse.nearest(token, called, 8)) is not None:
        return before.entity, 0.6
    near = [r for r in discourse.window(token, 2) if r.person and entry.gender in ("", r.gender or entry.gender)
            and all(discourse.sentence[m.root] < discourse.sentence[token.i] for m, _ in r.before(token.i, 1))]
    about = [r for r in near if any(discourse.context.doc[m.root].dep_.startswith("nsubj") and
                                    discourse.away(m.root, token.i) == 1 for m, _ in r.before(token.i, 3))]
    only = near if len(near) == 1 else about
    return (only[0].entity, 0.5) if len(only) == 1 else None


@cache
def _state_words() -> frozenset[str]:
    return frozenset(word for state in states().values() for word in state.split())


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


def _rules(discourse: Discourse, referent: Referent) -> bool:
    """Whether a person heads a government at the time, and so is seldom the one that stands for election."""
    if {"elect", "nominee", "candidate", "hopeful"} & referent.words:
        return False
    person = discourse.person(referent.entity)
    return "president" in referent.words or (person is not None and discourse.context.heads(person))


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
