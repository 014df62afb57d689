"""What a document tells about its actors as a whole: its date, its people, its acronyms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kg.actors import acronyms, apposition
from kg.actors.candidates import SPELLING, SURNAME, Beside, people, settle
from kg.actors.gazetteer import unknown
from kg.actors.names import key
from kg.actors.nouns import Office, fits, full_title, leading, nouns, office_of, titles
from kg.actors.sorts import NameSpan, Sort
from kg.records import Document, Entity, EntityType

if TYPE_CHECKING:
    from collections.abc import Collection, Set

    from spacy.tokens import Doc, Token

    from kg.actors.countries import Country
    from kg.actors.gazetteer import Actor, Gazetteer
    from kg.actors.tenures import Tenure


@dataclass(slots=True)
class Person:
    """Someone the document names: all names count as one who share first and last name."""

    names: list[str]
    actor: Actor | None
    entity: Entity
    gender: str
    confidence: float
    first: int
    titles: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Context:
    """The document as the linker sees it."""

    doc: Doc
    gazetteer: Gazetteer
    date: str | None
    spans: list[NameSpan]
    people: list[Person]
    of_span: dict[int, Person]
    acronyms: dict[str, NameSpan]
    countries: Counter[str]
    dated: bool = False
    period: tuple[str, str] | None = None
    at: dict[int, NameSpan] = field(default_factory=dict)
    described: dict[int, NameSpan] = field(default_factory=dict)  #: head nouns to the name in apposition to them

    def heads(self, person: Person) -> bool:
        """Whether a person heads a government on the document's date, or did so if it has none."""
        if person.actor is None:
            return False
        tenures = [t for t in self.gazetteer.tenures(person.actor) if t.heads]
        if self.period:
            return any(self.during(t) for t in tenures)
        outside = {"elect", "nominee", "candidate", "former", "hopeful"} & person.titles
        return bool(tenures) and not outside

    def during(self, tenure: Tenure) -> bool:
        """Whether a tenure overlaps the time of the document; of a text of unknown time every tenure does."""
        if self.period is None:
            return True
        start, end = self.period
        return tenure.covers(start) or tenure.covers(end) or start <= tenure.start <= end

    def held_before(self, person: Person, office: Office) -> bool:
        """Whether a person of the document once held an office and no longer does."""
        return person.actor is not None and any(
            fits(leading(office, t.iso3), t) and t.end and (self.period is None or t.end <= self.period[1])
            for t in self.gazetteer.tenures(person.actor)
        )

    def elected(self, office: Office, iso3: str | None) -> Entity | None:
        """Who is about to take an office: someone of the text whose tenure begins within the months that follow."""
        if self.period is None:
            return None
        last = self.period[1]
        until = f"{int(last[:4]) + 1}-{last[5:7]}"
        found = [
            p.entity
            for p in self.people
            if p.actor is not None
            and any(
                fits(leading(office, t.iso3), t) and (not iso3 or t.iso3 == iso3) and self.period[0] < t.start < until
                for t in self.gazetteer.tenures(p.actor)
            )
        ]
        return found[0] if len(found) == 1 else None

    def holds(self, person: Person, office: Office, iso3: str | None) -> bool:
        """Whether a person of the document holds an office, of a country if one is given, in the time of the text."""
        if person.actor is None:
            return False
        return any(
            fits(leading(office, t.iso3), t) and (not iso3 or t.iso3 == iso3) and self.during(t)
            for t in self.gazetteer.tenures(person.actor)
        )


def read(doc: Doc, document: Document, gazetteer: Gazetteer, spans: list[NameSpan]) -> Context:
    """Gather people, acronyms and the date of a document."""
    countries = Counter(
        c.iso3
        for s in spans
        if s.sort in (Sort.COUNTRY, Sort.DEMONYM, Sort.CAPITAL)
        if (c := _country(doc[s.start : s.end].text, gazetteer))
    )
    people = {i for s in spans if s.sort is Sort.PERSON for i in range(s.start, s.end)}
    before = {s.start: _titles_before(doc, s, people) for s in spans if s.sort is Sort.PERSON}
    if document.published:
        period: tuple[str, str] | None = (document.published[:10], document.published[:10])
    else:
        period = _period_of(doc, gazetteer, spans, before)
    date = f"{(int(period[0][:4]) + int(period[1][:4]) + 1) // 2}-07-01" if period else None
    date = document.published[:10] if document.published else date
    context = Context(doc, gazetteer, date, spans, [], {}, {}, countries, bool(document.published), period)
    context.at = {i: s for s in spans for i in range(s.start, s.end)}
    context.described = apposition.described(doc, spans)
    _read_people(context, before)
    acronyms.read(context)
    return context


def _country(text: str, gazetteer: Gazetteer) -> Country | None:
    return gazetteer.country(text) or gazetteer.demonym(text) or gazetteer.capital(text)


_FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})  # a clause, no title, ends in them


def _titles_before(doc: Doc, span: NameSpan, people: Set[int]) -> list[str]:
    """The words before a name that may be its title, in lower case: ``["us", "president", "elect"]``.

    They end where another person is named (``people`` are the places of names), or at a verb.
    """
    words: list[str] = []
    at = span.start - 1
    while (
        at >= 0
        and len(words) < 6
        and at not in people
        and doc[at].tag_ not in _FINITE
        and (
            doc[at].text == "-"
            or (doc[at].text[0].isalpha() and not doc[at].is_stop)
            or doc[at].lower_ in ("of", "'s", "’s")
        )
    ):
        words.insert(0, doc[at].lower_.rstrip("."))
        at -= 1
    return words


def _period_of(
    doc: Doc, gazetteer: Gazetteer, spans: list[NameSpan], before: dict[int, list[str]]
) -> tuple[str, str] | None:
    """Estimate when a text without a date was written, from titles of people whose terms are known.

    Every titled name ("President Obama") votes for the years of that tenure, a president-elect for the year
    before it; the years that most name win, cut to the few that follow the last year that the text mentions.
    """
    votes: Counter[int] = Counter()
    for name in {(doc[s.start : s.end].text, tuple(before[s.start])) for s in spans if before.get(s.start)}:
        votes.update(_years(name[0], list(name[1]), gazetteer))
    named = [int(t.text) for t in doc if t.shape_ == "dddd" and 1990 <= int(t.text) <= 2035]
    latest = max(named, default=0)
    if not votes:
        return (f"{latest}-01-01", f"{latest + 2}-12-31") if latest else None
    best = max(votes.values())
    years = sorted(y for y, n in votes.items() if n == best)
    years = [y for y in years if latest <= y <= latest + 4] or [y for y in years if y > years[-1] - 9]
    return f"{years[0]}-01-01", f"{years[-1]}-12-31"


def _years(name: str, words: list[str], gazetteer: Gazetteer) -> set[int]:
    office = office_of(words)
    if office is None or "former" in words or "then" in words:
        return set()
    candidates = [a for a in gazetteer.actors(name) or gazetteer.by_surname(name) if a.type is EntityType.PERSON]
    found: set[int] = set()
    for actor in candidates[:20]:
        for t in gazetteer.tenures(actor):
            if not t.start or not fits(leading(office, t.iso3), t):
                continue
            until = t.end or t.asof or t.start
            start, end = int(t.start[:4]), int(until[:4]) - ("01" <= until[5:7] <= "03")
            if "elect" in words:
                found.add(start if t.start[5:7] > "06" else start - 1)
            else:
                found.update(range(start, end + 1))
    return found


@dataclass(slots=True)
class Clusters:
    """Names of one person each, by surname and by first name."""

    all: list[list[NameSpan]] = field(default_factory=list)
    last: dict[str, list[list[NameSpan]]] = field(default_factory=dict)
    first: dict[str, list[list[NameSpan]]] = field(default_factory=dict)

    def open(self, name: list[str]) -> list[NameSpan]:
        """Begin a cluster for a name (as key words)."""
        cluster: list[NameSpan] = []
        self.all.append(cluster)
        self.last.setdefault(name[-1], []).append(cluster)
        if _surname_first(name):
            self.last.setdefault(name[0], []).append(cluster)
        self.first.setdefault(name[0], []).append(cluster)
        return cluster


def _read_people(context: Context, before: dict[int, list[str]]) -> None:
    """Cluster the names of people, then link every cluster with all the titles that the text gives it.

    Whom the countries of the text leave open, those of the people that it names beside them may settle.
    """
    doc, spans = context.doc, [s for s in context.spans if s.sort is Sort.PERSON]
    clusters = Clusters()
    by_name: dict[tuple[str, str], list[NameSpan]] = {}
    texts = {s.start: doc[s.start : s.end].text for s in spans}
    for span in sorted(spans, key=lambda s: (s.end - s.start == 1, s.start)):
        form = key(texts[span.start]).split(" ")
        cluster = (
            by_name.get((form[0], form[-1]))
            if len(form) > 1
            else _same_surname(context, clusters, form[0], span, before, texts)
        )
        if cluster is None:
            cluster = clusters.open(form)
            if len(form) > 1:
                by_name[form[0], form[-1]] = cluster
        cluster.append(span)
    nouns_of = {s.start: doc[i] for i, s in context.described.items()}

    def link(cluster: list[NameSpan], countries: Collection[str]) -> Person:
        words = [w for s in cluster for w in before[s.start]]
        noun = next((n for s in cluster if (n := nouns_of.get(s.start) or apposition.of_name(doc, s))), None)
        names = [texts[s.start] for s in cluster]
        return _person(context, names, words, min(s.start for s in cluster), noun, countries)

    linked = [link(cluster, context.countries) for cluster in clusters.all]
    homes = {p.actor.iso3 for p in linked if p.actor is not None}
    for cluster, person in zip(clusters.all, linked, strict=True):
        settled = link(cluster, homes) if person.actor is None and homes else person
        context.people.append(settled)
        context.of_span.update((s.start, settled) for s in cluster)


def _same_surname(
    context: Context,
    clusters: Clusters,
    form: str,
    span: NameSpan,
    before: dict[int, list[str]],
    texts: dict[int, str],
) -> list[NameSpan] | None:
    """The person named before (or, failing that, after) whose surname or first name this is."""
    gazetteer, words = context.gazetteer, before[span.start]
    found = clusters.last.get(form) or clusters.first.get(form) or []
    if not found and (actors := gazetteer.actors(form)):
        found = [c for c in clusters.all if any(a in actors for a in gazetteer.actors(texts[c[0].start]))]
    if office_of(words) is not None and found:  # "President Obama" where only Michelle Obama has been named
        holder, _ = choose_person(gazetteer, texts[span.start], words, context.date, context.countries)
        found = [
            c
            for c in found
            if holder is None or " " not in key(texts[c[0].start]) or holder in gazetteer.actors(texts[c[0].start])
        ]
    own = titles().keys() & set(words)
    titled = [c for c in found if any(own & set(before[s.start]) for s in c)]
    found = titled or found
    if gender := _gender(words, "", gazetteer):
        found = [c for c in found if _gender_of(c, before, texts, gazetteer) in ("", gender)]
    earlier = [c for c in found if c[0].start < span.start]
    return (
        max(earlier, key=lambda c: max(s.start for s in c if s.start < span.start))
        if earlier
        else found[0]
        if found
        else None
    )


def _gender_of(
    cluster: list[NameSpan], before: dict[int, list[str]], texts: dict[int, str], gazetteer: Gazetteer
) -> str:
    """The gender that the titles before the names of a cluster tell, or else the first name."""
    form = key(texts[cluster[0].start]).split(" ")
    return _gender([w for s in cluster for w in before[s.start]], form[0] if len(form) > 1 else "", gazetteer)


def _surname_first(name: list[str]) -> bool:
    """Whether a name is of the shape of Chinese and Korean ones: a short surname before one or two syllables."""
    return len(name) in (2, 3) and len(name[0]) <= 4 and name[-1] not in ("jr", "sr")


def _gender(words: list[str], first_name: str, gazetteer: Gazetteer) -> str:
    told = next((titles()[w] for w in reversed(words) if titles().get(w)), "")
    return told or (gazetteer.gender(first_name) if first_name else "")


def _person(
    context: Context, names: list[str], words: list[str], first: int, noun: Token | None, countries: Collection[str]
) -> Person:
    gazetteer, date = context.gazetteer, context.date
    text = names[0]
    actor, confidence = choose_person(gazetteer, text, words, date, countries)
    form = key(text).split(" ")
    first_name = key(actor.name).split(" ")[0] if actor else form[0] if len(form) > 1 else ""
    entity = gazetteer.entity(actor, date) if actor else _stranger(context, text, words, first)
    if actor is None and noun is not None:
        entity = _described_stranger(context, entity, noun)
    titled = {full_title(w) for w in words}
    return Person(names, actor, entity, _gender(words, first_name, gazetteer), confidence, first, titled)


def _stranger(context: Context, text: str, words: list[str], first: int) -> Entity:
    """Someone no list knows, with the country and the sector that the titles tell ("Nigerian junior minister")."""
    gazetteer = context.gazetteer
    pairs = [*words, *(f"{a} {b}" for a, b in pairwise(words))]
    homes = [h for w in pairs if (h := gazetteer.demonym(w) or gazetteer.country(w))]
    office = office_of(words)
    titled = next((s for w in reversed(words) if (n := nouns().get(w)) is not None and (s := n.sector)), None)
    if office is not None:
        titled = {"legislator": "LEG", "military": "MIL"}.get(office.role_class, "GOV")
    iso3 = homes[-1].iso3 if homes else office.iso3 if office else ""
    if not iso3 and office is not None and office.role_class != "military":
        sentence = context.doc[first].sent
        near = [
            _country(context.doc[s.start : s.end].text, gazetteer)
            for s in context.spans
            if sentence.start <= s.start < sentence.end and s.sort in (Sort.COUNTRY, Sort.DEMONYM, Sort.CAPITAL)
        ]
        lands = {c.iso3 for c in near if c}
        iso3 = lands.pop() if len(lands) == 1 else ""  # of two, one is the other party
    return unknown(text, EntityType.PERSON, iso3 or None, titled or None)


def _described_stranger(context: Context, entity: Entity, noun: Token) -> Entity:
    """Someone no list knows, with what the apposition tells: "Ann Example, an official of the Hamas movement"."""
    start, end = apposition.phrase(noun)
    bodies = [
        b for i in range(start, end) if (s := context.at.get(i)) and s.sort is Sort.ORGANIZATION
        for b in context.gazetteer.actors(context.doc[s.start : s.end].text)[:1]
    ]
    if bodies:
        return replace(entity, country=entity.country or bodies[0].iso3 or None, sector=bodies[0].sector or None)
    if any((s := context.at.get(i)) and s.sort is Sort.ORGANIZATION for i in range(start, end)):
        return entity
    words = [t.lower_ for t in context.doc[start:end]]
    told = _stranger(context, entity.name, words, noun.i)
    former = {"former", "ex", "retired"} & set(words)
    return replace(
        entity, country=entity.country or told.country, sector=entity.sector or ("ELI" if former else told.sector)
    )


def choose_person(
    gazetteer: Gazetteer, text: str, words: list[str], date: str | None, countries: Collection[str] = ()
) -> tuple[Actor | None, float]:
    """The one person of the gazetteer that a name can mean here, with the confidence; None if two are left.

    ``words`` are those before the name, in lower case; ``countries`` those that the text names.
    """
    homes = {h.iso3 for w in words if (h := gazetteer.demonym(w))}
    named = homes | {c.iso3 for w in words if (c := gazetteer.country(w))}
    choice = settle(gazetteer, people(gazetteer, text, words), Beside(words, named, homes, date, countries))
    if choice.actor is None:
        return None, 0.6
    return choice.actor, 0.85 if choice.how in (SURNAME, SPELLING) or " " not in key(text) else 0.95
