"""All words of a Doc that name actors, one Mention a noun phrase, linked; pronouns are left for coreference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.actors import describe
from kg.actors.linking import link
from kg.actors.nouns import denotes_people, entry_at, entry_of, lexicon, nouns
from kg.actors.sorts import Sort
from kg.records import Entity, Mention, MentionKind, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from kg.actors.context import Context
    from kg.actors.nouns import Noun
    from kg.actors.sorts import NameSpan

_OUTSIDE = frozenset(("relcl", "cc", "conj", "preconj", "parataxis", "advcl", "ccomp", "dep", "meta"))
PARTISAN = frozenset(("republican", "democratic", "european"))
_TITLES = frozenset(("office", "candidate", "spokes", "people", "official", "weapon", "document"))


def find(context: Context) -> list[Mention]:
    """Every mention of the Doc in text order; those of pronouns and of "the group" have no entity yet."""
    named = {}
    for span in context.spans:
        root = context.doc[span.start : span.end].root
        named[root.i] = (span, root)
    found: dict[int, Mention] = {}
    swallowed: set[int] = set()
    for noun in context.doc:
        if noun.i in context.at or noun.i in swallowed:
            continue
        mention = _described(context, noun, named, swallowed)
        if mention is not None:
            found[noun.i] = mention
    for root_i, (span, root) in named.items():
        if root_i not in swallowed and not (
            span.sort is Sort.OTHER and root.tag_ == "JJ" and root.dep_ == "amod" and root.lower_ not in PARTISAN
        ) and not (root.lower_ == "european" and root.dep_ == "amod" and entry_at(root.head) is not None):
            found.setdefault(root_i, _named(context, span, root))
    for token in context.doc:
        if token.lower_ in lexicon("pronouns") and token.i not in found and is_pronoun(token):
            found[token.i] = Mention(
                _span(context.doc, token.i, token.i + 1),
                _span(context.doc, token.i, token.i + 1),
                MentionKind.PRONOUN,
                token.i,
                token.i + 1,
                token.i,
                None,
                0.5,
            )
    return sorted(found.values(), key=lambda m: (m.start_token, m.end_token))


def is_pronoun(token: Token) -> bool:
    """Whether the word stands for somebody here; "it is clear that" and the conjunction "that" do not."""
    if token.lower_ == "that" or token.lower_ == "which":
        return token.tag_ in ("WDT", "WP") and token.head.dep_ == "relcl" and token.dep_.startswith("nsubj")
    if token.lower_ == "it" and (token.dep_ == "expl" or _is_pleonastic(token)):
        return False
    return token.tag_ in ("PRP", "PRP$", "WP", "WP$", "WDT")


def _is_pleonastic(token: Token) -> bool:
    """Whether "it" only holds the place of a later clause: "it is clear that", "it seems"."""
    verb = token.head
    if not token.dep_.startswith("nsubj"):
        return False
    if verb.lemma_ in ("seem", "appear", "happen", "rain", "snow", "matter"):
        return True
    complements = {c.dep_ for c in verb.children if c.i > verb.i}
    if verb.lemma_ in ("be", "become", "remain"):
        deeper = {g.dep_ for c in verb.children if c.dep_ in ("acomp", "attr") for g in c.children if g.i > c.i}
        return bool((complements | deeper) & {"ccomp", "xcomp", "advcl", "relcl", "acl"}) and bool(
            complements & {"acomp", "attr"}
        )
    return False


def is_aged(token: Token) -> bool:
    """Whether somebody is named by their age: "the 62-year-old"."""
    return token.lower_ == "old" and token.i > 3 and token.nbor(-2).lower_ == "year" and token.dep_ not in (
        "amod", "acomp")


def _span(doc: Doc, start: int, end: int) -> Span:
    words = doc[start:end]  # not Doc.text: spaCy joins it anew at each call
    return Span(words.start_char, words.end_char, words.text)


def extent(root: Token) -> tuple[int, int]:
    """First and last-plus-one token of a noun phrase without relative clause and conjuncts."""
    left, right = root.i, root.i
    kept = {root.i}
    stack = [root]
    while stack:
        for child in stack.pop().children:
            if (child.dep_ in _OUTSIDE and child.head.i == root.i) or child.dep_ == "relcl":
                continue
            if child.dep_ == "acl" and child.head.i == root.i and child.i > root.i + 8:
                continue
            kept.add(child.i)
            stack.append(child)
    doc = root.doc
    while left - 1 in kept and "\n" not in doc[left - 1].text:
        left -= 1
    while right + 1 in kept and "\n" not in doc[right + 1].text:
        right += 1
    while right > root.i and (
        (doc[right].is_punct and doc[right].text not in ")”\"'’")
        or doc[right].is_space
        or (doc[right].dep_ in ("cc", "punct") and doc[right].text == ",")
    ):
        right -= 1
    while left < root.i and (doc[left].is_punct or doc[left].is_space or doc[left].dep_ in ("cc", "preconj")):
        left += 1
    if doc[right].tag_ == "POS" and right > root.i:
        right -= 1
    return left, right + 1


def _may_be(entry: Noun, sort: Sort) -> bool:
    """Whether a name beside a noun can be the name of it: "the agency TASS", but not "the president, Russia"."""
    if sort is Sort.PERSON:
        return entry.kind in ("office", "candidate", "spokes", "people", "official")
    return sort is Sort.ORGANIZATION and entry.kind in ("institution", "media", "force")


def _is_no_actor(noun: Token, entry: Noun) -> bool:
    """Words that name no actor here: "in office", "Secretary of State", bare "at university"."""
    if (
        noun.i >= 2
        and noun.nbor(-1).lower_ == "of"
        and noun.nbor(-2).lower_ in ("secretary", "minister", "department")
    ):
        return True
    if noun.i >= 2 and noun.lower_ == "chief" and noun.nbor(-1).lower_ in ("in", "-"):
        return noun.nbor(-2).lower_ in ("commander", "editor", "in")  # "commander in chief" is one title
    if noun.lower_ in ("leadership", "presidency", "cabinet") and not any(c.i < noun.i for c in noun.children):
        return True
    bare = noun.dep_ == "pobj" and noun.tag_ != "NNS" and not any(c.i < noun.i for c in noun.children)
    return bare and (entry.kind == "institution" or (entry.kind == "people" and noun.head.lower_ in ("at", "on")))


def _is_room(context: Context, noun: Token, entry: Noun) -> bool:
    """Whether an office, a mission or a campaign is a room or a deed here: it does nothing, and no name owns it."""
    if entry.noun not in lexicon("rooms and deeds"):
        return False
    if noun.tag_ == "NNS" and any(c.dep_ == "nummod" for c in noun.children):
        return True
    verb = noun.head
    if noun.dep_ == "nsubj" and (verb.lemma_ in lexicon("speech") or any(c.dep_ == "dobj" for c in verb.children)):
        return False
    whose = describe.owner(context, noun)
    if noun.lower_ == "campaign" and whose.pronoun is not None:
        return False
    return not (whose.country or whose.entity or whose.person or whose.place or noun.dep_ in ("agent", "appos"))


def _named(context: Context, span: NameSpan, root: Token) -> Mention:
    entity, kind, confidence = link(context, span, root)
    if entity is not None and entity.country is None and span.sort in (Sort.ORGANIZATION, Sort.OTHER):
        home = describe.owner(context, root).country
        if home is not None:
            entity = replace(entity, country=home.iso3)
    left, right = extent(root)
    left, right = min(left, span.start), max(right, span.end)
    if root.dep_ in ("compound", "amod", "nmod") and root.head.i not in range(span.start, span.end):
        left, right = span.start, span.end
    return Mention(
        _span(context.doc, span.start, span.end),
        _span(context.doc, left, right),
        kind,
        span.start,
        span.end,
        root.i,
        entity,
        confidence,
    )


def _described(
    context: Context, noun: Token, named: dict[int, tuple[NameSpan, Token]], swallowed: set[int]
) -> Mention | None:
    """The mention of a common noun: an office, a group, a body; with the name beside it, if there is one."""
    if noun.pos_ not in ("NOUN", "PROPN") and not is_aged(noun):
        return None
    entry = entry_at(noun) or (nouns()["person"] if is_aged(noun) else None)
    if entry is None:
        speaks = noun.dep_ == "nsubj" and noun.head.lemma_ in lexicon("speech")
        if not speaks or not denotes_people(noun):
            return None
    elif _is_no_actor(noun, entry) or _is_title(context, noun, entry) or _is_room(context, noun, entry):
        return None
    elif (beside := _beside(context, noun, entry, named)) is not None:
        return _with_name(context, noun, beside, swallowed)
    reading = describe.noun_phrase(context, noun, entry)
    return _mention(context, noun, describe.base(noun), reading.kind, reading.entity, reading.confidence)


def _is_title(context: Context, noun: Token, entry: Noun) -> bool:
    """Whether a noun before another is part of that one's phrase: "president" in "President Obama"."""
    if noun.dep_ not in ("compound", "amod", "nmod"):
        return False
    above = noun.head
    return entry.kind in _TITLES or above.i in context.at or entry_of(above.lemma_, above.lower_) is not None


def _beside(
    context: Context, noun: Token, entry: Noun, named: dict[int, tuple[NameSpan, Token]]
) -> tuple[NameSpan, Token] | None:
    """The name in apposition to a noun, or to what stands after its "of": "the head of the league, Ann Berg"."""
    if noun.tag_ not in ("NN", "NNP"):
        return None
    if (span := context.described.get(noun.i)) is not None:
        return span, context.doc[span.start : span.end].root
    for child in noun.children:
        if child.dep_ == "appos" and child.i in named and child.i > noun.i:
            return named[child.i] if _may_be(entry, named[child.i][0].sort) else None
    for preposition in noun.rights:
        for owner in preposition.children if preposition.dep_ == "prep" else ():
            for child in owner.children:
                if child.dep_ == "appos" and child.i in named and named[child.i][0].sort is Sort.PERSON:
                    return named[child.i] if _may_be(entry, Sort.PERSON) else None
    return None


def _with_name(context: Context, noun: Token, beside: tuple[NameSpan, Token], swallowed: set[int]) -> Mention:
    """A noun with its name: one mention without a comma between them, two with one."""
    span, root = beside
    entity, kind, confidence = link(context, span, root)
    if any(t.text in (",", "(") for t in context.doc[noun.i : span.start]):
        return _mention(context, noun, describe.base(noun), MentionKind.OFFICE, entity, 0.9 * confidence)
    swallowed.add(root.i)
    return _mention(context, noun, (span.start, span.end), kind, entity, confidence)


def _mention(
    context: Context, noun: Token, words: tuple[int, int], kind: MentionKind, entity: Entity | None, confidence: float
) -> Mention:
    (start, end), (left, right) = words, extent(noun)
    full = _span(context.doc, min(left, start), max(right, end))
    return Mention(_span(context.doc, start, end), full, kind, start, end, noun.i, entity, confidence)
