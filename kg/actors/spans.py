"""Where names stand in a Doc: spaCy's entities checked and completed by the gazetteer, the longest match first."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kg.actors import apposition
from kg.actors.names import key, repaired
from kg.actors.nouns import lexicon, nouns, titles
from kg.actors.shapes import (
    LONGEST_NAME,
    begins_with_title,
    is_misread_name,
    is_someone,
    is_town,
    may_go_on,
    past_particles,
)
from kg.actors.sorts import NameSpan, Sort
from kg.records import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from kg.actors.gazetteer import Gazetteer


_LABELS = {
    "PERSON": Sort.PERSON,
    "ORG": Sort.ORGANIZATION,
    "GPE": Sort.PLACE,
    "LOC": Sort.PLACE,
    "FAC": Sort.PLACE,
    "NORP": Sort.OTHER,
}
_WITH_TITLE = frozenset((Sort.PERSON, Sort.ORGANIZATION))  # labels of a person's name that begins with a title
_SKIP = frozenset(
    ("the", "a", "an", "'s", "’s", "'", "’", "of", "and", "&", "for", "in", "to", "at", "-", "–", ",", ".")
)
_LINKS = frozenset(("of", "and", "&", "for", "the", "al", "on", "-", "–", "'s", "’s", "in"))


@lru_cache(maxsize=65536)
def _token_key(text: str) -> str:
    return key(text) if text[0].isalnum() or len(text) > 1 else ""


def name_spans(doc: Doc, gazetteer: Gazetteer) -> list[NameSpan]:
    """Find the names of a Doc, in text order, none overlapping."""
    keys = [_token_key(t.text) for t in doc]
    listed = [
        s
        for s in _listed(doc, keys, gazetteer)
        if not _is_partisan(doc, s.start, s.end) and not _in_office_title(doc, s.start, s.end)
    ]
    listed += _halves(doc, keys)
    headings, text = _headings(doc), doc.text
    found = list(apposition.titled(doc, [*_recognised(doc, keys, gazetteer), *_unrecognised(doc, gazetteer)], listed))
    whole = {doc[s.start : s.end].text for s in (*listed, *found) if s.sort is Sort.PERSON and s.end - s.start > 1}
    recognised = [
        _extended(doc, s)
        for s in (_without_prefix(doc, s, whole, gazetteer) for s in found)
        if not _is_headline(doc, s, listed)
        and not (headings[s.start] and s.end - s.start > 1 and text.count(doc[s.start : s.end].text) == 1)
    ]
    chosen = _branches(doc, _joined(doc, _longest([*listed, *recognised], len(doc))), gazetteer)
    return sorted(_repeated(doc, keys, chosen, gazetteer), key=lambda s: s.start)


def _is_partisan(doc: Doc, start: int, end: int) -> bool:
    """Whether "the Republican" is a person and not the party."""
    token = doc[start]
    return (
        end - start == 1
        and token.lower_ in ("republican", "democrat")
        and any(c.dep_ == "det" for c in token.children)
    )


def _halves(doc: Doc, keys: list[str]) -> list[NameSpan]:
    """Find "the North" and "the South" in a text about Korea."""
    if "korea" not in keys:
        return []
    return [
        NameSpan(t.i, t.i + 1, Sort.COUNTRY, True)
        for t in doc[1:]
        if t.text in ("North", "South")
        and doc[t.i - 1].lower_ == "the"
        and t.dep_ not in ("compound", "amod", "nmod")
    ]


def _headings(doc: Doc) -> bytearray:
    """Which tokens stand in a line written in title case, where spaCy takes most words for names."""
    marks = bytearray(len(doc))
    start = 0
    for token in doc:
        last = token.i == len(doc) - 1
        if last or "\n" in token.text:
            words = [t for t in doc[start : token.i + 1] if t.is_alpha and len(t) > 3]
            if len(words) >= 4 and sum(t.text[0].isupper() for t in words) >= 0.8 * len(words):
                marks[start : token.i + 1] = b"\1" * (token.i + 1 - start)
            start = token.i + 1
    return marks


def _is_headline(doc: Doc, span: NameSpan, listed: list[NameSpan]) -> bool:
    """Whether an entity of spaCy is a stretch of a headline rather than one name."""
    inside = [
        s for s in listed if span.start <= s.start and s.end <= span.end and s.end - s.start < span.end - span.start
    ]
    if not inside or span.end - span.start < 2:
        return False
    people = sum(s.sort in (Sort.PERSON, Sort.COUNTRY, Sort.METONYM, Sort.PEOPLE) for s in inside)
    tokens = doc[span.start : span.end]
    if inside[-1].sort is Sort.DEMONYM and inside[-1].end == span.end and inside[0].start > span.start:
        return True  # "Radical French" farmers
    if span.sort is Sort.ORGANIZATION and inside[-1].sort is Sort.PERSON and inside[-1].end == span.end:
        return True
    first = inside[0]
    crowd = first.start == span.start and first.sort in (Sort.PEOPLE, Sort.DEMONYM) and tokens[0].text.endswith("s")
    return (
        people > 1
        or ((people or crowd) and len(inside) > 1)
        or any(t.pos_ in ("VERB", "AUX") or t.tag_ == "POS" for t in tokens)
        or (people == 1 and tokens[-1].lower_ in nouns() and span.sort is not Sort.PERSON)
    )


def _without_prefix(doc: Doc, span: NameSpan, whole: set[str], gazetteer: Gazetteer) -> NameSpan:
    """A name without the word that only stands before it: "Crooked" where the rest is a full name elsewhere."""
    if span.sort is Sort.PERSON and span.end - span.start > 2 and not gazetteer.gender(doc[span.start].text):
        for start in range(span.start + 1, span.end - 1):
            if doc[start : span.end].text in whole:
                return NameSpan(start, span.end, span.sort, False)
    return span


def _extended(doc: Doc, span: NameSpan) -> NameSpan:
    """The name with the rest of it that spaCy left outside: ``Han`` in ``Han Min-koo``."""
    end = span.end
    if span.sort is Sort.ORGANIZATION and end + 1 < len(doc) and doc[end].lower_ in ("of", "for"):
        end += 2 if doc[end + 1].lower_ in ("a", "the", "an") else 1
        while end < len(doc) and doc[end].text[0].isupper() and doc[end].is_alpha:
            end += 1
        full = doc[end - 1].text[0].isupper() and end > span.end + 1
        return NameSpan(span.start, end, span.sort, False) if full else span
    if span.sort not in (Sort.PERSON, Sort.OTHER):
        return span
    first = span.end - span.start == 1 and span.sort is Sort.PERSON
    if first and end < len(doc) and repaired(doc[end].text) != doc[end].text:
        return NameSpan(span.start, end + 1, Sort.PERSON, False)
    if end < len(doc) and span.sort is Sort.PERSON:
        end = past_particles(doc, end)
    while (
        end < len(doc)
        and doc[end - 1].dep_ == "compound"
        and doc[end].text[0].isalpha()
        and not doc[end].ent_type_
        and doc[end].pos_ == "PROPN"
        and doc[end].lower_ not in titles()
    ):
        end += 1
    if (
        end < len(doc) - 1
        and doc[end].text == "-"
        and not doc[end].whitespace_
        and not doc[end - 1].whitespace_
        and doc[end + 1].pos_ == "PROPN"
    ):
        end += 2
    return NameSpan(span.start, end, Sort.PERSON if end > span.end else span.sort, False)


def _longest(found: list[NameSpan], size: int) -> list[NameSpan]:
    """Longer spans win; of equals, the gazetteer's."""
    taken = bytearray(size)
    chosen = []
    for span in sorted(found, key=lambda s: (s.start - s.end, not s.listed)):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            chosen.append(span)
    return chosen


def _joined(doc: Doc, chosen: list[NameSpan]) -> list[NameSpan]:
    """Names of people that spaCy cut in two, put together: ``Enrique Peña`` ``Nieto``."""
    done: list[NameSpan] = []
    for span in sorted(chosen, key=lambda s: s.start):
        last = done[-1] if done else None
        if (
            last
            and last.end == span.start
            and last.sort is span.sort is Sort.PERSON
            and not (last.listed and span.listed)
        ):
            done[-1] = NameSpan(last.start, span.end, Sort.PERSON, False)
        else:
            done.append(span)
    return done


def _branches(doc: Doc, chosen: list[NameSpan], gazetteer: Gazetteer) -> list[NameSpan]:
    """The names, those of national branches as one: "the Kenya Red Cross" is not the whole movement."""
    done: list[NameSpan] = []
    for span in chosen:
        last = done[-1] if done else None
        home = last is not None and last.end == span.start and last.sort in (Sort.COUNTRY, Sort.DEMONYM)
        joined = home and doc[span.start - 1].dep_ in ("amod", "compound", "nmod")
        if last and joined and span.listed and span.sort is Sort.ORGANIZATION and any(
                a.iso3 == "NGO" for a in gazetteer.actors(doc[span.start : span.end].text)):
            done[-1] = NameSpan(last.start, span.end, Sort.ORGANIZATION, False)
        else:
            done.append(span)
    return done


def _listed(doc: Doc, keys: list[str], gazetteer: Gazetteer) -> Iterator[NameSpan]:
    """Longest matches of the gazetteer that begin with a capital letter."""
    first, texts, particles = gazetteer.first_words, [t.text for t in doc], lexicon("particles")
    at = 0
    while at < len(doc):
        begins = texts[at][0].isupper() or (
            texts[at] in particles and at + 1 < len(doc) and may_go_on(doc, at + 1)
        )
        longest = first.get(keys[at], 0) if keys[at] and begins else 0
        if not longest and keys[at] and " " in keys[at]:
            longest = first.get(keys[at].split(" ")[0], 0)
        for end in range(min(len(doc), at + 2 * longest), at, -1) if longest else ():
            if not keys[end - 1]:
                continue
            words = [k for k in keys[at:end] if k]
            if len(words) > longest:
                continue
            sort = _sort(doc, at, end, " ".join(words), gazetteer)
            if sort is not None:
                yield NameSpan(at, end, sort, True)
                at = end - 1
                break
        at += 1


def _sort(doc: Doc, start: int, end: int, form: str, gazetteer: Gazetteer) -> Sort | None:
    """What the gazetteer takes these tokens to be, or None."""
    text = doc[start:end].text
    single = end - start == 1
    if single and not _is_name(doc[start], form, gazetteer):
        return None
    if form in gazetteer.metonyms:
        return Sort.METONYM
    if gazetteer.country(form):
        return Sort.COUNTRY
    if gazetteer.capital(form):
        return Sort.CAPITAL
    if gazetteer.people_of(form):
        adjective = doc[end - 1].dep_ in ("amod", "compound", "nmod") or doc[end - 1].tag_ == "JJ"
        return Sort.DEMONYM if adjective else Sort.PEOPLE
    if gazetteer.demonym(form):
        return Sort.DEMONYM
    if not single and not all(
        t.text[0].isupper() or not t.text[0].isalpha() or t.text in _LINKS or t.text in lexicon("particles")
        for t in doc[start:end]
    ):
        return None
    actors = gazetteer.actors(text)
    if not actors:
        return None
    if single and form in nouns() and form not in ("congress", "senate"):
        return None  # "Foundation", "Alliance": a common noun with a capital
    if (
        single
        and actors[0].type is EntityType.PERSON
        and doc[start].ent_type_ not in ("PERSON", "")
        and not actors[0].is_known
    ):
        return None
    return Sort.PERSON if actors[0].type is EntityType.PERSON else Sort.ORGANIZATION


def _is_name(token: Token, form: str, gazetteer: Gazetteer) -> bool:
    """Whether one capitalised word is meant as a name: "US" but not "us", "Time" but not "Time will tell"."""
    if token.lower_ in titles() and token.lower_ not in ("republican", "democrat", "democratic"):
        return False
    if len(form) <= 4 and not token.text.replace(".", "").isupper() and not gazetteer.demonym(form):
        named = gazetteer.country(form) or gazetteer.capital(form)
        canonical = any(
            key(a.name) == form or (a.type is EntityType.PERSON and a.is_known) for a in gazetteer.actors(form)
        )
        if form in ("us", "is", "who", "it", "un") or not (named or canonical):
            return False
    if form in lexicon("also words") and token.is_sent_start and token.tag_ != "NNP":
        return False
    if token.text.isupper() and len(form) > 1 and not token.sent.text.isupper():
        return True
    if token.pos_ in ("PROPN", "ADJ", "X") or token.ent_type_ != "" or bool(gazetteer.demonym(form)):
        return True
    return is_misread_name(token) and any(
        a.type is EntityType.PERSON and a.is_known for a in gazetteer.actors(form)
    )


def _entities(doc: Doc, gazetteer: Gazetteer) -> Iterator[tuple[int, int, Sort]]:
    """SpaCy's entities of the sorts that name actors; a town and the person behind the comma are two."""
    for entity in doc.ents:
        sort = _LABELS.get(entity.label_)
        if sort is None:
            continue
        comma = next((t.i for t in entity if t.text == ","), entity.end)
        if comma < entity.end - 2 and gazetteer.gender(doc[comma + 1].text):
            town = comma - entity.start == 1 and gazetteer.places.is_city(key(doc[entity.start].text))
            yield entity.start, comma, Sort.PLACE if town else sort
            yield comma + 1, entity.end, Sort.PERSON
        else:
            yield entity.start, entity.end, sort


def _recognised(doc: Doc, keys: list[str], gazetteer: Gazetteer) -> Iterator[NameSpan]:
    """SpaCy's entities without the titles, articles and demonyms that it takes in."""
    for start, end, sort in _entities(doc, gazetteer):
        while start < end and (
            doc[start].lower_ in _SKIP
            or (end - start > 1 and (doc[start].lower_.rstrip(".") in titles() and sort is Sort.PERSON))
        ):
            start += 1
        while start < end and (doc[end - 1].lower_ in _SKIP or doc[end - 1].is_punct):
            end -= 1
        if start < end and sort in _WITH_TITLE and begins_with_title(doc[start:end], gazetteer):
            start, sort = start + 1, Sort.PERSON
        if (
            start >= end
            or not doc[start].text[0].isupper()
            or _in_office_title(doc, start, end)
            or _is_partisan(doc, start, end)
        ):
            continue
        if end - start > 1 and sort is Sort.PERSON and gazetteer.demonym(keys[start]):
            start += 1
        if sort is Sort.PERSON and not doc[start].text[0].isalpha():
            continue
        if (
            end - start == 1
            and keys[start] in lexicon("also words")
            and doc[start].is_sent_start
            and doc[start].tag_ != "NNP"
        ):
            continue
        if end - start == 1 and sort in (Sort.PERSON, Sort.ORGANIZATION) and is_town(doc[start], gazetteer):
            sort = Sort.PLACE
        if sort in (Sort.PLACE, Sort.ORGANIZATION) and is_someone(doc, start, end, gazetteer):
            sort = Sort.PERSON
        yield NameSpan(start, end, sort, False)


def _unrecognised(doc: Doc, gazetteer: Gazetteer) -> Iterator[NameSpan]:
    """First names with a surname that spaCy took for no name, or for none of an actor: "Ana Lucia Prado"."""
    for token in doc:
        if token.pos_ != "PROPN":
            continue
        start = token.i
        while start and doc[start - 1].head.i == token.i and doc[start - 1].dep_ == "compound":
            start -= 1
        name = doc[start : token.i + 1]
        if 2 <= len(name) <= LONGEST_NAME and not any(t.ent_type_ in _LABELS for t in name) and all(
            t.pos_ == "PROPN" and t.text.istitle() and t.is_alpha and t.lower_ not in nouns() for t in name
        ) and gazetteer.gender(name[0].text) and not (start and doc[start - 1].pos_ == "PROPN"):
            yield NameSpan(start, token.i + 1, Sort.PERSON, False)


def _in_office_title(doc: Doc, start: int, end: int) -> bool:
    """Whether the words are the tail of an office: ``State`` in ``Secretary of State``."""
    if end - start != 1 or doc[start].lower_ not in lexicon("portfolios"):
        return False
    if end < len(doc) and doc[end].lower_ in ("minister", "secretary", "ministry", "department", "ministers"):
        return True
    return (
        start >= 2
        and doc[start - 1].lower_ in ("of", "the")
        and "secretary" in (doc[start - 2].lower_, doc[start - 3].lower_)
    )


def _repeated(doc: Doc, keys: list[str], chosen: list[NameSpan], gazetteer: Gazetteer) -> Iterator[NameSpan]:
    """The names, and later short forms of full names that spaCy missed or mistook: ``Khan`` after ``Sadiq Khan``."""
    surnames = {keys[s.end - 1] for s in chosen if s.sort is Sort.PERSON and s.end - s.start > 1 and keys[s.end - 1]}
    surnames |= {
        keys[s.start]
        for s in chosen
        if s.sort is Sort.PERSON
        and s.listed
        and s.end - s.start > 1
        and gazetteer.surname_first(doc[s.start : s.end].text)
    }
    surnames |= {  # "Mr. Regalado": so is Regalado alone
        keys[s.start]
        for s in chosen
        if s.sort is Sort.PERSON and s.end - s.start == 1 and s.start
        if titles().get(doc[s.start - 1].lower_.rstrip("."))
    }
    known = {keys[s.start] for s in chosen if s.sort is Sort.PERSON and s.end - s.start == 1} | surnames
    for span in chosen:
        if (
            span.sort in (Sort.PERSON, Sort.ORGANIZATION)
            and not span.listed
            and span.end - span.start == 2
            and keys[span.start] in known
            and keys[span.end - 1] not in surnames - {keys[span.end - 1]}
        ):
            once = sum(keys[s.end - 1] == keys[span.end - 1] for s in chosen) == 1
            if once and (keys[span.start] in surnames or not gazetteer.gender(keys[span.start])):
                yield NameSpan(span.start, span.start + 1, Sort.PERSON, False)  # "Clinton Wades In"
                continue
        mistaken = span.end - span.start == 1 and keys[span.start] in surnames and not span.listed
        yield NameSpan(span.start, span.end, Sort.PERSON, False) if mistaken else span
    taken = {i for s in chosen for i in range(s.start, s.end)}
    for token in doc:
        if (
            token.i not in taken
            and keys[token.i] in surnames
            and token.text[0].isupper()
            and (
                token.pos_ == "PROPN"
                or repaired(token.text) != token.text
                or (keys[token.i] not in lexicon("also words") and is_misread_name(token))
            )
        ):
            yield NameSpan(token.i, token.i + 1, Sort.PERSON, False)
