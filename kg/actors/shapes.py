"""What a name looks like: particles, words that the tagger misread, people taken for places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.actors.names import key
from kg.actors.nouns import PEOPLE, entry_at, entry_of, is_agentive, lexicon, nouns

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from kg.actors.gazetteer import Gazetteer

LONGEST_NAME = 4  # words
_LARGE = 60_000  # inhabitants of a town whose name alone tells what it is


def may_go_on(doc: Doc, at: int) -> bool:
    """Whether a name goes on at a token: a capital letter, perhaps after more particles."""
    while at < len(doc) and doc[at].text in lexicon("particles"):
        at += 1
    return at < len(doc) and doc[at].text[0].isupper() and doc[at].is_alpha


def past_particles(doc: Doc, end: int) -> int:
    """One past a name with its particles and the word after them: ``Ursula von der`` ``Leyen``."""
    after = end
    while after < len(doc) and doc[after].text in lexicon("particles"):
        after += 1
    particle = after > end or doc[end - 1].text in lexicon("particles")
    if not particle or not may_go_on(doc, after) or doc[after - 1].text == "de" != doc[after - 1].lower_:
        return end
    return after + 1


def is_misread_name(token: Token) -> bool:
    """Whether a capitalised word that was tagged as a common noun stands as a name does: alone, without article."""
    alone = not any(c.dep_ in ("det", "amod", "compound", "nummod", "poss") for c in token.children)
    single = token.tag_ in ("NN", "JJ", "VB", "VBP", "RB", "IN") and token.text[0].isupper() != token.text.isupper()
    follows = token.i + 1 < len(token.doc) and token.nbor().pos_ in ("NOUN", "ADJ") and token.nbor().text[0].islower()
    return alone and single and not follows and token.lower_ not in nouns()


def is_someone(doc: Doc, start: int, end: int, gazetteer: Gazetteer) -> bool:
    """Whether a name that was taken for a place begins with a first name and stands beside a post: "the mayor, X"."""
    form = key(doc[start:end].text)
    if not 2 <= end - start <= 4 or not gazetteer.gender(doc[start].text) or gazetteer.places.is_city(form):
        return False
    root = doc[start:end].root
    beside = [root.head] if root.dep_ == "appos" else [c for c in root.children if c.dep_ == "appos"]
    return any((n := entry_of(t.lemma_, t.lower_)) is not None and n.kind in PEOPLE for t in beside)


def is_title(noun: Token) -> bool:
    """Whether a noun stands before the name of the person that it describes: "Mayor", "the lawyer"."""
    entry = entry_at(noun)
    return noun.tag_ in ("NN", "NNP") and entry is not None and entry.kind in PEOPLE


def begins_with_title(name: Span, gazetteer: Gazetteer) -> bool:
    """Whether the first word of what was taken for one name is a title or a trade: "Lawyer Ann Berg"."""
    first = name[0]
    trade = first.is_sent_start and is_agentive(first) and not gazetteer.gender(first.text)
    return len(name) > 2 and (is_title(first) or bool(trade)) and bool(gazetteer.gender(name[1].text))


def is_town(token: Token, gazetteer: Gazetteer) -> bool:
    """Whether one word that was taken for a person or a body is a large town or a region and nobody's name."""
    form = key(token.text)
    places = gazetteer.places
    known = any(c.population >= _LARGE for c in places.cities(form)[:1]) or places.region(form) is not None
    return known and not gazetteer.gender(form) and not gazetteer.actors(form) and not gazetteer.by_surname(form)
