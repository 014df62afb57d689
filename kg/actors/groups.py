"""Actors named together, whom "they", "both men" and "the two leaders" take up: "A and B", "A met B"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.actors import bodies
from kg.actors.nouns import PEOPLE, holder, office_of
from kg.records import Entity, EntityType, Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from kg.actors.context import Context
    from kg.actors.countries import Country
    from kg.actors.discourse import Discourse
    from kg.actors.nouns import Noun

#: Verbs whose subject and object (or object of "with") do it together.
_TOGETHER = frozenset(("agree", "confer", "debate", "meet", "negotiate", "speak", "talk"))
_PREFIX = "urn:kg:group:"
_NUMBERS = {"both": 2, "two": 2, "three": 3, "four": 4}
_REACH = 2  # sentences


def join(discourse: Discourse, mention: Mention, done: dict[int, Mention]) -> None:
    """Take note of the group that a mention completes, if it does."""
    if mention.entity is None or mention.entity.id in discourse.groups:
        return
    first = _partner(discourse.context.doc[mention.root])
    before = done.get(first.i) if first is not None else None
    if first is None or before is None or before.entity is None or before.entity == mention.entity:
        return
    at = discourse.at.get(first.i, [])
    known = next((r for r in at if r.entity.id in discourse.groups), None)
    members = (*(discourse.groups[known.entity.id] if known else (before.entity,)), mention.entity)
    if not _alike(members):
        return
    if known is not None:
        at.remove(known)
    discourse.add(replace(before, entity=_group(discourse, members)))


def apart(discourse: Discourse, mention: Mention) -> Iterator[Mention]:
    """A mention of a group as one of each member; any other as it is."""
    members = discourse.groups.get(mention.entity.id) if mention.entity is not None else None
    if members is None:
        yield mention
    else:
        yield from (replace(mention, entity=e.at(None)) for e in members)


def of_countries(discourse: Discourse, token: Token, entry: Noun) -> Entity | None:
    """The group that one plural names by countries: "the French and German foreign ministers"."""
    if token.tag_ != "NNS":
        return None
    context, lists = discourse.context, discourse.context.gazetteer
    before = list(token.doc[token.left_edge.i : token.i])
    homes = [home for t in before if (home := lists.demonym(t.text)) is not None]
    if len(homes) < 2 or not any(t.lower_ == "and" for t in before):
        return None
    words = [t.lower_ for t in before if t.dep_ in ("amod", "compound") and lists.demonym(t.text) is None]
    words.append(token.lemma_.lower())
    found = [_of_country(context, home, words, entry) for home in homes]
    if None in found:  # what they are has no name: each country's own
        office = office_of(words) if entry.kind == "office" else None
        name = f"{office.title}s" if office is not None else token.lower_
        found = [bodies.group_of(context, home, name, token, entry) for home in homes]
    members = tuple(filter(None, found))
    return _group(discourse, members) if len(members) == len(homes) else None


def _of_country(context: Context, home: Country, words: list[str], entry: Noun) -> Entity | None:
    """The government, body or office holder of a country that some words name."""
    if entry.kind == "government":
        return context.gazetteer.government(home)
    if bodies.is_of_state(entry):
        return bodies.of_state(context, home, words, entry)
    office = office_of(words) if entry.kind == "office" and context.period is not None else None
    if office is None or context.period is None:
        return None
    found = holder(context.gazetteer, home, office, context.period[1])
    return context.gazetteer.entity(found, context.date) if found is not None else None


def taken_up(discourse: Discourse, token: Token, entry: Noun) -> Entity | None:
    """The group that "both men" or "the two countries" are: the last one of that size and kind."""
    if token.tag_ != "NNS":
        return None
    number = next((_NUMBERS[c.lower_] for c in token.children if c.lower_ in _NUMBERS), 0)
    definite = any(c.lower_ in ("the", "both", "these") for c in token.children)
    if not number or not definite:
        return None
    people = entry.kind in PEOPLE
    near = discourse.window(token, _REACH)
    fitting = [m for r in near if (m := discourse.groups.get(r.entity.id)) and len(m) == number
               and people == (m[0].type is EntityType.PERSON)]
    single = [r.entity for r in near if r.entity.id not in discourse.groups and not r.plural
              and (r.person if people else r.entity.type in (EntityType.COUNTRY, EntityType.GOVERNMENT))]
    if not fitting and len(single) == number:
        fitting = [tuple(single)]
    return _group(discourse, fitting[-1]) if fitting else None


def _partner(token: Token) -> Token | None:
    """The first of a coordination that a token stands in, or the subject of the verb that unites it with one."""
    if token.dep_ == "conj":
        while token.dep_ == "conj":
            token = token.head
        return token
    verb = token.head
    if token.dep_ == "pobj" and verb.lower_ == "with":
        verb = verb.head
    elif token.dep_ != "dobj":
        return None
    if verb.lemma_ not in _TOGETHER:
        return None
    return next((c for c in verb.children if c.dep_ == "nsubj"), None)


def _group(discourse: Discourse, members: tuple[Entity, ...]) -> Entity:
    group = Entity(_PREFIX + "|".join(e.id for e in members), "", EntityType.GROUP)
    discourse.groups[group.id] = members
    return group


def _alike(members: tuple[Entity, ...]) -> bool:
    """Whether the members are of a kind: all people, or none and no places."""
    people = [e.type is EntityType.PERSON for e in members]
    return all(people) or (not any(people) and all(e.type is not EntityType.PLACE for e in members))
