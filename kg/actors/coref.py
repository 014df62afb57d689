"""Who "he", "the group" and "we" are: mentions without an entity take that of another one.

Candidates are weighed by recency, grammatical role and frequency (after Lappin and Leass 1994), filtered by gender,
number, kind and the binding of arguments of one verb; words inside quotation marks have their own first person.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.actors import binding, definites, gazetteer, genders, groups
from kg.actors.discourse import DISTANCE_WEIGHT, Discourse, Referent, controller, counted, is_someone, says
from kg.actors.genders import GENDER
from kg.actors.nouns import lexicon, nouns
from kg.records import EntityType, Mention, MentionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, Token

    from kg.actors.context import Context
    from kg.records import Attribution, Entity

_THING = frozenset(("it", "its", "itself"))
_PLURAL = frozenset(("they", "them", "their", "theirs", "themselves"))
_RELATIVE = frozenset(("who", "whom", "whose", "which", "that"))
_FIRST = frozenset(["i", "me", "my", "mine", "myself"])
_WE = frozenset(["we", "us", "our", "ours", "ourselves"])
_MINIMUM = 18.0
#: What the one who spoke last is worth as the subject of a verb of speech, and of one that goes on ("he added").
_AGAIN = (70.0, 170.0)
_SPEAKING_BODIES = frozenset((EntityType.ORGANIZATION, EntityType.PARTY, EntityType.MEDIA, EntityType.ARMED_GROUP,
                              EntityType.MILITARY, EntityType.GOVERNMENT))


def resolve(context: Context, mentions: list[Mention]) -> list[Mention]:
    """Give pronouns and descriptions the entity that they stand for, in text order.

    One that stands for several named together ("they" after "A met B") becomes as many mentions.
    """
    discourse = Discourse.of(context)
    discourse.genders = genders.read(discourse, mentions)
    by_root = {m.root: m for m in mentions}
    done: dict[int, Mention] = {}
    later = []
    for mention in mentions:
        if mention.kind is not MentionKind.PRONOUN:
            mention = definites.resolve(discourse, mention, done)
        elif discourse.quotes[mention.root]:
            later.append(mention)  # once it is known who speaks
        else:
            mention = _pronoun(discourse, mention, by_root, done)
        done[mention.root] = mention
        discourse.add(mention)
        groups.join(discourse, mention, done)
    speakers = _speakers(discourse, done)
    for mention in later:
        done[mention.root] = _pronoun(
            discourse, mention, by_root, done, speakers.get(discourse.quotes[mention.root], "")
        )
        discourse.add(done[mention.root])
    return sorted(
        (one for m in done.values() if m.entity is not None or m.span.text.lower() not in _RELATIVE
         for one in groups.apart(discourse, m)),
        key=lambda m: (m.start_token, m.end_token),
    )


def _speakers(discourse: Discourse, done: dict[int, Mention]) -> dict[int, str]:
    """Who speaks a quotation, as far as a verb of speech beside it tells: number of the quotation to entity id."""
    doc = discourse.context.doc
    found: dict[int, str] = {}
    for root, mention in done.items():
        token = doc[root]
        if mention.entity is None or discourse.quotes[root] or not says(token):
            continue
        low, high = min(token.i, token.head.i), max(token.i, token.head.i)
        for at in (*range(low - 1, max(low - 5, -1), -1), *range(high + 1, min(high + 12, len(doc)))):
            if discourse.quotes[at]:
                found.setdefault(discourse.quotes[at], mention.entity.id)
                break
    return found


def _pronoun(
    discourse: Discourse, mention: Mention, by_root: dict[int, Mention], done: dict[int, Mention], speaker: str = ""
) -> Mention:
    word = mention.span.text.lower()
    token = discourse.context.doc[mention.root]
    if word in _RELATIVE:
        antecedent = _antecedent(token)
        found = done.get(antecedent.i) if antecedent is not None else None
        return replace(mention, entity=found.entity, confidence=0.9 * found.confidence) if found else mention
    if word not in GENDER and word not in _THING and word not in _PLURAL:
        return mention
    later = _cataphor(discourse, token, word, by_root, done)
    if later is not None:
        return replace(mention, entity=later.entity, confidence=0.7 * later.confidence)
    controlling = controller(token)
    window = discourse.window(token)
    scored = sorted(
        (
            (s, r)
            for r in window
            if r.entity.id != speaker and _fits(r, word) and (s := _score(discourse, r, token, word, controlling)) > 0
        ),
        key=lambda p: -p[0],
    )
    if not scored or scored[0][0] < _MINIMUM:
        return mention
    best, referent = scored[0]
    margin = (best - scored[1][0]) / best if len(scored) > 1 else 1.0
    if word in GENDER and not referent.gender and margin == 1.0:
        referent.gender = GENDER[word]
    return replace(mention, entity=referent.entity.at(None), confidence=round(0.55 + 0.35 * min(1.0, 2 * margin), 3))


def _antecedent(token: Token) -> Token | None:
    """The noun that a relative pronoun takes up."""
    for ancestor in token.ancestors:
        if ancestor.dep_ == "relcl":
            return ancestor.head
    return None


def _fits(referent: Referent, word: str) -> bool:
    """Whether gender, number and kind of a referent allow the pronoun."""
    if word in GENDER:
        return (referent.person or referent.voiced) and referent.gender in ("", GENDER[word])
    if word in _THING:
        return referent.thing and not referent.plural
    return referent.plural or referent.entity.type in (
        EntityType.GROUP,
        EntityType.ORGANIZATION,
        EntityType.ARMED_GROUP,
        EntityType.PARTY,
        EntityType.MILITARY,
        EntityType.COUNTRY,
        EntityType.GOVERNMENT,
    )


def _score(discourse: Discourse, referent: Referent, token: Token, word: str, controlling: int) -> float:
    """How likely a referent is: its best earlier mention and how often it was named."""
    possessive = token.tag_ == "PRP$"
    inside = discourse.quotes[token.i]
    target = binding.object_above(token) if possessive else -1
    best = 0.0
    for mention, role in referent.before(token.i, 6):
        other = counted(discourse.context.doc[mention.root])
        if word in GENDER and not (referent.person or is_someone(other)):
            continue
        if discourse.sentence[other.i] == discourse.sentence[token.i] and binding.bound(other, token, possessive):
            return 0.0
        score = _mention_score(discourse, other, role, token, inside)
        if score and discourse.sentence[mention.root] == discourse.sentence[token.i]:
            score *= 1.5 if mention.root == controlling else 1.0
            score *= 2.0 if mention.root == target else 1.0
            if token.head.dep_ == "conj" and token.head.head.i == mention.root and possessive:
                score *= 2.5  # "Farook and his wife"
            if possessive and word in _THING:
                score *= 1.0 + 0.4 / max(1, (token.i - mention.root) // 4)  # "its" is what was just named
        best = max(best, score)
    speaking = discourse.speaking
    if not inside and speaking is not None and speaking.entity == referent.entity and says(token):
        best = max(best, _AGAIN[token.head.lemma_ in lexicon("speech goes on")])
    if not best:
        return 0.0
    best *= 1 + 0.05 * min(5, len(referent.mentions))
    if word in _PLURAL and not referent.plural:
        best *= 0.6
    if word in GENDER and not referent.gender:
        best *= 0.85
    return best


def _mention_score(discourse: Discourse, other: Token, role: int, token: Token, inside: int) -> float:
    away = discourse.away(other.i, token.i)
    if not 0 <= away < len(DISTANCE_WEIGHT):
        return 0.0
    score = DISTANCE_WEIGHT[away] * (0.5 + role / 100)
    there = discourse.quotes[other.i]
    if away == 0 and token.dep_.startswith("nsubj") and _complement(token, other.head):
        asked = other.head.lemma_ == "ask" and any(c.dep_ == "dobj" for c in other.head.children)
        if other.dep_ == "dobj" if asked else other.dep_.startswith("nsubj"):
            score *= 1.5
    if there and there != inside:
        score *= 0.25 if away == 0 else 0.5
    if inside and not there:
        if says(other) and away <= 1:
            return 0.0  # the speaker calls himself "I"
        score *= 0.8
    if token.dep_.startswith("nsubj") and other.dep_.startswith("nsubj"):
        score *= 1.15
        if not inside and token.head.lemma_ in lexicon("speech") and other.head.lemma_ in lexicon("speech"):
            score *= 1.2
    return score


def _complement(token: Token, verb: Token) -> bool:
    """Whether the pronoun's clause is the content of the verb: "Trump said he"."""
    clause = token.head
    return clause.dep_ in ("ccomp", "advcl", "xcomp") and clause.head.i == verb.i


def _cataphor(
    discourse: Discourse, token: Token, word: str, by_root: dict[int, Mention], done: dict[int, Mention]
) -> Mention | None:
    """The subject that a pronoun in an opening phrase points forward to: "In his speech, Obama said"."""
    if word not in GENDER and word not in _THING:
        return None
    sentence = token.sent
    for earlier in range(sentence.start, token.i):
        found = done.get(earlier)
        if found is not None and found.entity is not None and _fits(discourse.referents[found.entity.id], word):
            return None
    for ancestor in token.ancestors:
        if ancestor.dep_ not in ("prep", "pcomp", "advcl") or ancestor.i > sentence.start + 12:
            continue
        for child in ancestor.head.children:
            if child.dep_.startswith("nsubj") and child.i > token.i and ancestor.i < child.i:
                found = by_root.get(child.i)
                if found is None or found.entity is None or discourse.quotes[token.i] != discourse.quotes[child.i]:
                    continue
                known = discourse.referents.get(found.entity.id)
                gender = known.gender if known else getattr(discourse.person(found.entity), "gender", "")
                if _fits(Referent(found.entity, gender), word):
                    return found
    return None


def first_person(mentions: Sequence[Mention], attributions: Sequence[Attribution], doc: Doc) -> list[Mention]:
    """Link "I" and "we" inside attributed words to those who say them.

    Parameters
    ----------
    mentions, attributions
        Of one document, in text order.
    doc
        Its parsed text.

    Returns
    -------
    list[Mention]
        The mentions, with "I", "me", "my" in attributed words given the speaker's entity, and "we", "us", "our" that
        of the body for which a spokesperson, minister or press officer speaks, or else the speaker's.
    """
    bodies = _bodies(mentions, doc)
    done = []
    for mention in mentions:
        word = mention.span.text.lower()
        if mention.kind is MentionKind.PRONOUN and (word in _FIRST or word in _WE):
            found = [
                a for a in attributions if a.speaker is not None and any(c.contains(mention.span) for c in a.content)
            ]
            if found:
                inner = min(found, key=lambda a: sum(c.end - c.start for c in a.content))
                speaker = inner.speaker
                assert speaker is not None  # noqa: S101 - filtered above
                entity = bodies.get(speaker.id, speaker) if word in _WE else speaker
                mention = replace(
                    mention,
                    entity=entity.at(None),
                    confidence=round((0.7 if word in _WE else 0.9) * inner.confidence, 3),
                )
        done.append(mention)
    return done


def _bodies(mentions: Sequence[Mention], doc: Doc) -> dict[str, Entity]:
    """Speakers to the government or body that they speak for, by the titles beside their names."""
    found: dict[str, Entity] = {}
    for mention in mentions:
        if mention.entity is None or mention.entity.type is not EntityType.PERSON or mention.entity.id in found:
            continue
        words = doc.char_span(mention.full.start, mention.full.end, alignment_mode="expand")
        posts = {t.lemma_.lower() for t in words} if words is not None else set()
        state, body = posts & lexicon("speaks for a state"), posts & lexicon("speaks for a body")
        if not state and not body:
            continue
        inner = [m.entity for m in mentions if m.entity is not None and mention.full.contains(m.span)]
        bodies = [e for e in inner if e.type in _SPEAKING_BODIES] if body else []
        states = [e for e in inner if e.type in (EntityType.GOVERNMENT, EntityType.COUNTRY)] if state else []
        forces = sorted(posts & lexicon("of a state") & lexicon("bodies of a state")) if body else []
        unnamed = [_force(word, mention.entity) for word in forces]
        if spoken_for := [*bodies, *map(_government, states), *unnamed]:
            found[mention.entity.id] = spoken_for[0]
    return found


def _force(word: str, speaker: Entity) -> Entity:
    """The police or army of somebody's country, for which they speak: "police spokeswoman Ann Berg"."""
    country = gazetteer.load().countries.get(speaker.country or "")
    name = f"{country.adjective} {word}" if country is not None else word
    return gazetteer.unknown(name, EntityType.ORGANIZATION, speaker.country, nouns()[word].sector or None)


def _government(entity: Entity) -> Entity:
    """The government of a country; any other actor as it is."""
    lists = gazetteer.load()
    country = lists.countries.get(entity.country or "") if entity.type is EntityType.COUNTRY else None
    return lists.government(country) if country is not None else entity
