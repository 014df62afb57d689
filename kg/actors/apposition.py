"""Names beside the description of who bears them: "The foreign minister of France, Jean-Noël Barrot, said"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.actors.nouns import PEOPLE, entry_of, lexicon, nouns, titles
from kg.actors.shapes import LONGEST_NAME, is_title
from kg.actors.sorts import NameSpan, Sort

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.tokens import Doc, Token

_REACH = 14
_INSIDE = frozenset(("of", "for", "in", "at", "on", "and", "the", "with"))
_AFTER = frozenset(("of", "for", "in", "at"))
_WITHIN = frozenset(("for", "of", "against", "without", "and", "&", "the", "to", "in"))  # links within a body's name
_CLOSING = frozenset((",", ".", ")", ";", "—", "–", "?", "!"))


def described(doc: Doc, spans: Sequence[NameSpan]) -> dict[int, NameSpan]:
    """The head nouns of descriptions to the names of people that a comma joins to them.

    The parser finds an apposition where it is short; after "of France" it often takes the name for one of a list,
    so that the words and commas count here.
    """
    starts = {s.start for s in spans}
    found: dict[int, NameSpan] = {}
    for span in spans:
        if span.sort is not Sort.PERSON or span.start < 2:
            continue
        if (noun := _so_called(doc, span)) is not None:
            found.setdefault(noun.i, span)
        if doc[span.start - 1].text != ",":
            continue
        noun = _head_before(doc, span.start - 2)
        if noun is not None and _closes(doc, span, starts, noun):
            found.setdefault(noun.i, span)
    return found


def titled(doc: Doc, found: Iterable[NameSpan], listed: list[NameSpan]) -> Iterator[NameSpan]:
    """Names by the noun beside them: whoever bears a title is a person, "the union Sud-Fer" a body.

    Yields ``found`` with the sorts mended, and the names behind a title that nothing else has found.
    """
    spans = {s.start: s for s in found}
    known = {i for s in listed for i in range(s.start, s.end)}
    for span in list(spans.values()):
        if _so_called(doc, span) is not None and span.sort is not Sort.PERSON and span.start not in known:
            spans[span.start] = NameSpan(span.start, span.end, Sort.PERSON, False)
    for span in list(spans.values()):
        before = entry_of(doc[span.start - 1].lemma_, doc[span.start - 1].lower_) if span.start else None
        if before is not None and doc[span.start - 1].dep_ == "compound" and span.sort is Sort.PERSON and (
            before.kind in ("institution", "media") and doc[span.start - 1].text[0].islower()
        ):
            spans[span.start] = NameSpan(span.start, span.end, Sort.ORGANIZATION, False)
    people = {i for s in spans.values() if s.sort is Sort.PERSON for i in range(s.start, s.end)}
    for noun in doc[:-1]:
        start, end = noun.i + 1, _whole(noun).i + 1
        if noun.dep_ != "compound" or not 1 < end - start <= LONGEST_NAME or not is_title(noun):
            continue
        if all(_is_part_of_name(t) and t.i not in known and t.i not in people for t in doc[start:end]):
            for inner in [s.start for s in spans.values() if s.start < end and noun.i < s.end]:
                del spans[inner]
            spans[start] = NameSpan(start, end, Sort.PERSON, False)
    for body in filter(None, (_body(doc, noun) for noun in doc)):
        for inner in [s.start for s in spans.values() if body.start <= s.start and s.end <= body.end]:
            del spans[inner]
        spans[body.start] = body
    yield from spans.values()


def _body(doc: Doc, noun: Token) -> NameSpan | None:
    """The name that a noun for a body describes: "Hands for Beira, an aid group", which the parser takes for a town."""
    if noun.dep_ != "appos":
        return None
    entry, end = entry_of(noun.lemma_, noun.lower_), noun.head.i + 1
    if entry is None or entry.kind not in ("institution", "media") or noun.tag_ != "NN" or (
            end >= len(doc) or doc[end].text != "," or not any(c.lower_ in ("a", "an") for c in noun.children)):
        return None
    start = end
    while start > noun.sent.start and (doc[start - 1].text[0].isupper() or doc[start - 1].lower_ in _WITHIN):
        start -= 1
    while start < end and doc[start].lower_ in _WITHIN:
        start += 1
    return NameSpan(start, end, Sort.ORGANIZATION, False) if end - start > 2 else None


def _whole(part: Token) -> Token:
    """The last word of the name or phrase that a word begins."""
    while part.dep_ == "compound" and part.head.i > part.i:
        part = part.head
    return part


def _so_called(doc: Doc, span: NameSpan) -> Token | None:
    """The noun for a person who goes by a name: "a man known as X", "a fighter who uses the name X"."""
    root = doc[span.start : span.end].root
    verb = root.head.head if root.dep_ == "pobj" and root.head.lower_ in ("as", "by") else root.head
    if verb.dep_ not in ("acl", "relcl") or root.dep_ not in ("pobj", "oprd", "dobj", "attr", "appos"):
        return None
    named = verb.lemma_ in lexicon("naming") or "name" in (t.lower_ for t in doc[verb.i + 1 : span.start])
    human = any(c.lower_ == "who" for c in verb.children) and verb.head.tag_ == "NN"
    return verb.head if named and (human or is_description(verb.head)) else None


def phrase(noun: Token) -> tuple[int, int]:
    """The tokens of a description up to the next comma: modifiers, head noun and what follows its "of"."""
    doc, start, end = noun.doc, noun.i, noun.i + 1
    while start and start > noun.i - 7 and (
        doc[start - 1].pos_ in ("NOUN", "PROPN", "ADJ", "PART", "NUM") or doc[start - 1].text == "-"
    ):
        start -= 1
    while end < len(doc) and end < noun.i + 9 and (
        doc[end].pos_ in ("NOUN", "PROPN", "ADJ", "PART", "DET", "ADP") or doc[end].text == "-"
    ):
        end += 1
    return start, end


def of_name(doc: Doc, span: NameSpan) -> Token | None:
    """The head noun of the description that follows a name: "Sami Zuhri, a senior official"."""
    root = doc[span.start : span.end].root
    for child in root.children:
        if child.dep_ == "appos" and child.i > span.end and is_description(child):
            return child
    return None


def is_description(token: Token) -> bool:
    """Whether a noun in the singular can describe one person."""
    entry = entry_of(token.lemma_, token.lower_)
    return entry is not None and entry.kind in PEOPLE and token.tag_ in ("NN", "NNP")


def _is_part_of_name(token: Token) -> bool:
    return token.text[0].isupper() and token.is_alpha and token.lower_ not in nouns() and token.lower_ not in titles()


def _head_before(doc: Doc, at: int) -> Token | None:
    """The first noun for a person in the stretch of words without verb that ends at a token."""
    head, last = None, at
    while at >= 0 and at > last - _REACH:
        token = doc[at]
        if token.pos_ in ("VERB", "AUX", "SPACE", "SCONJ", "PRON") or (token.is_punct and token.text != "-"):
            break
        if token.pos_ == "ADP" and token.lower_ not in _INSIDE:
            break
        if is_description(token) and (at == last or doc[at + 1].lower_ in _AFTER or _and_another(token, head)):
            head = token
        at -= 1
    return head


def _and_another(noun: Token, later: Token | None) -> bool:
    """Whether a noun and the one after it are two descriptions of one person: "the chairman and former minister"."""
    if later is None or noun.nbor().lower_ != "and" or later.dep_ != "conj" or later.head != noun:
        return False
    return not any(c.dep_ in ("det", "poss") for c in later.children)


def _closes(doc: Doc, span: NameSpan, starts: set[int], noun: Token) -> bool:
    """Whether the name ends an apposition rather than one of a list or the subject of what follows."""
    if doc[span.start : span.end].root.dep_ == "appos":
        return True
    after = doc[span.end] if span.end < len(doc) else None
    if after is None or after.text not in _CLOSING:
        return after is None
    follows = doc[span.end + 1] if after.text == "," and span.end + 1 < len(doc) else None
    return follows is None or (follows.lower_ not in ("and", "or") and follows.i not in starts)
