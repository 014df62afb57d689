"""The text as coreference walks it: what has been named, how prominent it is, and which words are quoted."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.actors.nouns import PEOPLE, entry_at, lexicon, nouns, partisans, states, stem
from kg.actors.sorts import Sort
from kg.records import Entity, EntityType, Mention, MentionKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc, Token

    from kg.actors.context import Context, Person

#: How prominent a grammatical role makes a mention (after Lappin and Leass, 1994, simplified).
ROLE_WEIGHT = {
    "nsubj": 80,
    "nsubjpass": 70,
    "agent": 60,
    "dobj": 50,
    "dative": 45,
    "attr": 40,
    "conj": 60,
    "pobj": 35,
    "poss": 45,
    "appos": 20,
    "ROOT": 50,
    "compound": 8,
    "amod": 5,
    "nmod": 8,
}
#: What a subject weighs less where its clause only says when or why, or describes a noun.
_ASIDE = 0.8
#: Weight by how many sentences back a mention stands.
DISTANCE_WEIGHT = (100, 80, 45, 28, 16, 10)
_PARTIES = {"R": "republican", "D": "democrat", "I": "independent"}
_OPEN, _CLOSE = "“‟″„«", "”»"
_SINGULAR_THINGS = frozenset(
    (
        EntityType.COUNTRY,
        EntityType.GOVERNMENT,
        EntityType.ORGANIZATION,
        EntityType.MEDIA,
        EntityType.PARTY,
        EntityType.MILITARY,
        EntityType.ARMED_GROUP,
    )
)


def quoted(doc: Doc) -> bytearray:
    """For each token the number (1 to 255, wrapping) of the quotation it stands in; 0 outside."""
    inside = bytearray(len(doc))
    number, current, closing = 0, 0, ""
    for token in doc:
        mark = token.text[0]
        if mark == '"' and token.i and doc[token.i - 1].text == '"' and not doc[token.i - 1].whitespace_:
            continue  # a doubled mark is one
        if (token.is_space and "\n" in token.text) or (
            current and closing != "'" and (mark in closing or mark in _CLOSE or _closes(token))
        ):
            current = 0
        elif not current and (mark in _OPEN or mark == '"' or token.text in ("''", "``")):
            number = number % 255 + 1
            current, closing = number, '"' if mark == '"' else "”″" if mark in _OPEN else "'"
        elif current and closing == "'" and token.text == "''":
            current = 0
        else:
            inside[token.i] = current
    return inside


def _closes(token: Token) -> bool:
    """Whether a straight mark ends a quotation that a curly one began: it sticks to the word before it."""
    return token.text == '"' and token.i > 0 and not token.nbor(-1).whitespace_ and bool(token.whitespace_)


@dataclass(slots=True)
class Referent:
    """An actor that the text has named so far, or several named together.

    ``vague``: taken for a person, though nothing but the look of the name says so. ``voiced``: a body for which someone
    without a name speaks.
    """

    entity: Entity
    gender: str = ""
    plural: bool = False
    vague: bool = False
    voiced: bool = False
    mentions: list[tuple[Mention, int]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    roots: list[int] = field(default_factory=list)

    def before(self, token: int, most: int) -> list[tuple[Mention, int]]:
        """The last mentions before a token, each with the weight of its grammatical role."""
        end = bisect_left(self.roots, token)
        return self.mentions[max(0, end - most) : end]

    @property
    def person(self) -> bool:
        """Whether it is a single human being."""
        return self.entity.type is EntityType.PERSON

    @property
    def thing(self) -> bool:
        """Whether "it" can mean it."""
        return self.entity.type in _SINGULAR_THINGS or self.vague


@dataclass(slots=True)
class Discourse:
    """Referents by entity id, in the order in which they were last named, and the map of quotations.

    ``sentence`` numbers the sentence of each token, ``told`` counts those in which the article itself speaks.
    ``groups`` are the members of actors named together ("Merkel and Hollande"), by the id of the group; ``people`` what
    the document tells of each person, ``genders`` whether it calls them he or she; ``speaking`` spoke last.
    """

    context: Context
    quotes: bytearray
    sentence: list[int]
    told: list[int]
    groups: dict[str, tuple[Entity, ...]] = field(default_factory=dict)
    referents: dict[str, Referent] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    genders: dict[str, str] = field(default_factory=dict)
    speaking: Mention | None = None
    at: dict[int, list[Referent]] = field(default_factory=dict)

    @classmethod
    def of(cls, context: Context) -> Discourse:
        """Begin to read a document."""
        doc, quotes = context.doc, quoted(context.doc)
        sentence, told, count = [0] * len(doc), [0] * len(doc), 0
        for number, sent in enumerate(doc.sents):
            count += any(not quotes[t.i] and t.is_alpha for t in sent)
            sentence[sent.start : sent.end] = [number] * (sent.end - sent.start)
            told[sent.start : sent.end] = [count] * (sent.end - sent.start)
        return cls(context, quotes, sentence, told, people={p.entity.id: p for p in context.people})

    def away(self, earlier: int, later: int) -> int:
        """How many sentences apart two tokens are; between two that stand outside of them, quoted ones do not count."""
        count = self.sentence if self.quotes[earlier] or self.quotes[later] else self.told
        return count[later] - count[earlier]

    def add(self, mention: Mention) -> None:
        """Take note of a mention that has an entity."""
        entity = mention.entity
        if entity is None:
            return
        token = self.context.doc[mention.root]
        referent = self.referents.get(entity.id)
        if referent is None:
            referent = self.referents[entity.id] = Referent(entity, self._gender(mention, token))
            person = self.person(entity)
            if person is not None:
                referent.words |= person.titles | self._states(person)
                referent.vague = person.actor is None and not (person.gender or person.titles or entity.sector)
            if (party := partisans().get(entity.name)) is not None:
                referent.words.add(party)
        if is_someone(token) and entity.type is not EntityType.PERSON:
            referent.voiced = True
        referent.plural = entity.type is EntityType.GROUP or (
            entity.type is not EntityType.PERSON
            and (token.tag_ in ("NNS", "NNPS") or any(c.dep_ == "nummod" for c in token.children)))
        if self._speaks(token):
            self.speaking = mention
        if (mention.kind is MentionKind.NAME and mention.full != mention.span) or mention.kind is MentionKind.OFFICE:
            referent.words |= self._titles(mention, token)
        if mention.kind is MentionKind.NAME:
            referent.words |= _seat(self.context.doc, mention.end_token)
        self.at.setdefault(mention.root, []).append(referent)
        at = bisect_left(referent.roots, mention.root)
        referent.roots.insert(at, mention.root)
        referent.mentions.insert(at, (mention, _weight(token)))

    def _titles(self, mention: Mention, token: Token) -> set[str]:
        """The nouns around a name, or of an office, up to somebody else: "Justice Minister Ann Berg and"."""
        doc, named = self.context.doc, mention.kind is MentionKind.NAME
        start, end = token.left_edge.i, token.right_edge.i + 1
        start = max([start, *(t.i for t in doc[start : token.i] if t.lower_ == "and" and self._named(start, t.i))])
        end = min([end, *(t.i for t in doc[token.i : end] if t.lower_ == "and" and self._named(t.i, end))])
        words = (t for t in doc[start:end] if t.pos_ in ("NOUN", "PROPN") or t.lower_ in lexicon("past"))
        return {stem(t) for t in words if t.i != token.i or not named}

    def _named(self, start: int, end: int) -> bool:
        """Whether a person is named within a range of tokens."""
        return any((s := self.context.at.get(i)) is not None and s.sort is Sort.PERSON for i in range(start, end))

    def window(self, token: Token, reach: int = len(DISTANCE_WEIGHT) - 1) -> list[Referent]:
        """The referents named in the sentence of a token or the few before it, in the order of their first mention."""
        count = self.sentence if self.quotes[token.i] else self.told
        first = bisect_left(count, count[token.i] - reach)
        found = {id(r): r for i in range(first, token.i) for r in self.at.get(i, ())}
        return list(found.values())

    def nearest(self, token: Token, fits: Callable[[Referent], bool], reach: int = 60) -> Referent | None:
        """The most prominent fitting referent within some sentences."""
        best, chosen = 0.0, None
        for referent in self.window(token, reach):
            if not fits(referent):
                continue
            for mention, role in referent.before(token.i, 4):
                away = self.away(mention.root, token.i)
                if away <= reach:
                    score = (DISTANCE_WEIGHT[away] if away < len(DISTANCE_WEIGHT) else 5) + role / 2
                    if self.quotes[mention.root] and not self.quotes[token.i]:
                        score *= 0.6
                    if score > best:
                        best, chosen = score, referent
        return chosen

    def person(self, entity: Entity) -> Person | None:
        """What the document tells of a person."""
        return self.people.get(entity.id)

    def _states(self, person: Person) -> set[str]:
        """The words of the American states that someone stands for in the time of the text."""
        held = self.context.gazetteer.tenures(person.actor) if person.actor is not None else ()
        found = (re.search(r"(?:Senator|Representative|Governor) (?:from|of) (.+)", t.role) for t in held
                 if self.context.during(t))
        return {word for m in found if m for word in states().get(m[1].lower(), m[1].lower()).split()}

    def _speaks(self, token: Token) -> bool:
        """Whether the article lets a subject speak here: by the verb, or by a quotation beside it."""
        if self.quotes[token.i] or token.dep_ != "nsubj":
            return False
        low, high = min(token.left_edge.i, token.head.i), max(token.right_edge.i, token.head.i)
        return says(token) or any(self.quotes[max(0, low - 3) : low]) or any(self.quotes[high + 1 : high + 4])

    def _gender(self, mention: Mention, token: Token) -> str:
        entity = mention.entity
        assert entity is not None  # noqa: S101 - checked by add
        person = self.person(entity)
        if told := self.genders.get(entity.id):
            return told
        if person is not None:
            return person.gender
        entry = nouns().get(token.lemma_.lower())
        return entry.gender if entry else ""


def is_someone(token: Token) -> bool:
    """Whether a noun stands for one person: "a spokesman"."""
    entry = entry_at(token)
    return entry is not None and entry.kind in PEOPLE and token.tag_ == "NN"


def _seat(doc: Doc, at: int) -> set[str]:
    """Party and state in brackets behind a name, as words: "(D-Ohio)" is ``{"democrat", "ohio"}``."""
    if at + 2 >= len(doc) or doc[at].text != "(":
        return set()
    inner = re.match(r"([RDI])[-\u2013. ]+([A-Za-z. ]+?)\.?\)", doc[at + 1 : at + 9].text)
    if inner is None:
        return set()
    state = states().get(inner[2].replace(".", "").lower(), inner[2].lower())
    return {_PARTIES[inner[1]], *state.split()}


def says(token: Token) -> bool:
    """Whether a token is the subject of a verb of speech."""
    return token.dep_ == "nsubj" and token.head.lemma_ in lexicon("speech")


def counted(token: Token) -> Token:
    """The word that has the role of a noun: the hundreds, of "hundreds of teachers"."""
    several = token.dep_ == "pobj" and token.head.lower_ == "of" and token.head.head.lower_ in lexicon("quantities")
    return token.head.head if several else token


def _weight(token: Token) -> int:
    """The weight of a mention by its role."""
    token = counted(token)
    weight = ROLE_WEIGHT.get(token.dep_, 20)
    aside = token.dep_.startswith("nsubj") and token.head.dep_ in ("advcl", "relcl", "acl")
    return round(_ASIDE * weight) if aside else weight


def governor(token: Token) -> Token:
    """The verb (or noun) whose argument a token is, through prepositions and coordination."""
    while token.dep_ in ("conj", "appos", "compound", "nmod", "amod") and token.head.i != token.i:
        token = token.head
    head = token.head
    while head.dep_ in ("prep", "agent", "dative") and head.pos_ in ("ADP", "SCONJ"):
        head = head.head
    return head


def controller(token: Token) -> int:
    """The token of the nearest subject above: of a verb, or the owner of a noun ("Russia's decision to ... its")."""
    for ancestor in token.ancestors:
        for child in ancestor.children:
            named = child.dep_.startswith("nsubj") or (child.dep_ == "poss" and child.tag_ != "PRP$")
            if named and child.i != token.i and not child.is_ancestor(token):
                return child.i
    return -1
