"""Relations + attributions -> statements: the only place that knows all, and where confidence is settled.

A relation inside attributed words is said by their speaker; one whose trigger is itself the cue ("Syria *accused*
Israel of ...") is said by the one who speaks; all others stand in the article's own voice. Attributed sentences that
relate no actors are statements too, without a predicate.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from kg import ontology, resources
from kg.chances import log_odds, probability
from kg.errors import DataError
from kg.records import Attribution, Basis, Document, Entity, Mention, MentionKind, Relation, Span, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

UNKNOWN_SPEAKER = 0.7
#: What is less sure than this is a guess on a guess, and left out.
LEAST = 0.1
#: Kinds of statements, each with its own record of being right.
KINDS = ("relation", "relation in speech", "speech", "speech of someone unknown")
SCALES = "calibration.csv"


@dataclass(frozen=True, slots=True)
class Scale:
    """A line on the log-odds of a confidence (Platt 1999)."""

    slope: float
    intercept: float

    def of(self, confidence: float) -> float:
        """The confidence that it stands for."""
        return probability(self.slope * log_odds(confidence) + self.intercept)

    def after(self, first: Scale) -> Scale:
        """The line that does what this one does behind another."""
        return Scale(self.slope * first.slope, self.slope * first.intercept + self.intercept)


@cache
def scales(path: Path | None = None) -> dict[str, Scale]:
    """Read ``calibration.csv``, which ``kg.lab.calibrate`` fits: how often the stages' product of doubts was right.

    Raises
    ------
    DataError
        If a kind lacks its two numbers.
    """
    path = path or resources.data(SCALES)
    found: dict[str, Scale] = {}
    for where, row in resources.table(path):
        try:
            found[row["kind"]] = Scale(float(row["slope"]), float(row["intercept"]))
        except (KeyError, ValueError):
            raise DataError("needs a kind, a slope and an intercept", where, "run python -m kg.lab.calibrate") from None
    if missing := set(KINDS) - set(found):
        raise DataError(f"lacks {', '.join(sorted(missing))}", path.name, "run python -m kg.lab.calibrate")
    return found


def kind(statement: Statement) -> str:
    """Which of :data:`KINDS` a statement is."""
    if statement.predicate:
        return KINDS[1] if statement.cue else KINDS[0]
    return KINDS[2] if statement.speaker else KINDS[3]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A relation with the attribution that says it."""

    relation: Relation
    attribution: Attribution | None
    evidence: Span


def assemble(document: Document, sentences: Sequence[Span], attributions: Sequence[Attribution],
             relations: Iterable[Relation], model: str) -> list[Statement]:
    """Join what was read of one document.

    Parameters
    ----------
    document
        The document, with its text.
    sentences
        Its sentences in text order, without surrounding white space.
    attributions, relations
        What the readers found. A relation without subject is the attitude of whoever speaks; it is dropped where
        nobody is known to.
    model
        Name and version of what read the text; part of every statement and its id.

    Returns
    -------
    list of Statement
        In text order, each with its id; the same claim in the same sentence stands once.
    """
    page = _Page(document.text, sentences, attributions)
    reference = document.reference()
    found: list[Statement] = []
    covered: dict[int, list[Span]] = {}
    for placed in _distinct([p for p in map(page.place, relations) if p is not None]):
        statement = _statement(placed, reference, model)
        if statement.confidence >= LEAST:
            found.append(statement)
            covered.setdefault(id(placed.attribution), []).append(placed.evidence)
    for attribution in attributions:
        if (evidence := page.rest(attribution, covered.get(id(attribution), []))) is not None:
            found.append(_voiced(Statement("", reference, evidence=evidence, model=model), attribution))
    found.sort(key=lambda s: (s.evidence.start if s.evidence else 0, s.cue.start if s.cue else -1))
    return [_calibrated(s).identified() for s in found]


def _calibrated(statement: Statement) -> Statement:
    return replace(statement, confidence=_round(scales()[kind(statement)].of(statement.confidence)))


class _Page:
    """The sentences of a document and the attributions in each, found by their place."""

    def __init__(self, text: str, sentences: Sequence[Span], attributions: Sequence[Attribution]) -> None:
        self.text, self.sentences = text, sentences
        self.ends = [s.end for s in sentences]
        self.by_root: dict[int, list[Attribution]] = {}
        self.by_sentence: dict[int, list[Attribution]] = {}
        for attribution in attributions:
            if attribution.root is not None:
                self.by_root.setdefault(attribution.root, []).append(attribution)
            for number in dict.fromkeys(n for part in attribution.content for n in self.touched(part)):
                self.by_sentence.setdefault(number, []).append(attribution)

    def touched(self, part: Span) -> range:
        """The numbers of the sentences that a part of the text overlaps."""
        first = last = bisect_right(self.ends, part.start)
        while last < len(self.sentences) and self.sentences[last].start < part.end:
            last += 1
        return range(first, last)

    def around(self, parts: Sequence[Span]) -> Span:
        """The sentences that the parts touch, as one span."""
        touched = [self.sentences[n] for part in parts for n in self.touched(part)] or list(parts)
        return Span.of(self.text, min(s.start for s in touched), max(s.end for s in touched))

    def place(self, relation: Relation) -> _Placed | None:
        """Find who says a relation, fill in the speaker's own attitude, and cut out the sentence."""
        attribution = self.spoken(relation)
        if relation.subject is None:
            speaker = attribution.speaker if attribution else None
            target = relation.object.entity if relation.object else None
            if attribution is None or speaker is None or attribution.source is None or speaker == target:
                return None
            relation = replace(relation, subject=_speaking(attribution, speaker))
        return _Placed(relation, attribution, self.around([relation.trigger]))

    def spoken(self, relation: Relation) -> Attribution | None:
        """The attribution whose cue the relation is, else the innermost one whose content holds it."""
        own = self.by_root.get(relation.root)
        if own and relation.subject is not None:
            same = [a for a in own if a.speaker == relation.subject.entity]
            return (same or own)[0]
        holding = [a for n in self.touched(relation.trigger) for a in self.by_sentence.get(n, ())
                   if any(c.contains(relation.trigger) for c in a.content)]
        return min(holding, key=lambda a: sum(c.end - c.start for c in a.content), default=None)

    def rest(self, attribution: Attribution, covered: Sequence[Span]) -> Span | None:
        """The sentences of an attribution that no relation covers, as one span; None if there are none left."""
        parts = [*attribution.content, *([attribution.cue] if attribution.cue else [])]
        own = [self.sentences[n] for n in sorted({n for part in parts for n in self.touched(part)})]
        left = [s for s in own if not any(c.overlaps(s) for c in covered)]
        return None if covered and not left else self.around(left or parts)


def _speaking(attribution: Attribution, speaker: Entity) -> Mention:
    """The speaker as an actor, named where the attribution names them."""
    span = attribution.source
    assert span is not None  # noqa: S101 - the caller has looked
    return Mention(span, span, MentionKind.NAME, 0, 0, 0, speaker, attribution.confidence)


def _distinct(placed: Sequence[_Placed]) -> list[_Placed]:
    """One relation a claim and sentence, the surest; it rests on all that found it."""
    best: dict[tuple[object, ...], _Placed] = {}
    bases: dict[tuple[object, ...], set[Basis]] = {}
    for p in placed:
        r = p.relation
        key = (r.subject and r.subject.entity, r.predicate, r.object and r.object.entity, r.negated, p.evidence)
        if key not in best or best[key].relation.confidence < r.confidence:
            best[key] = p
        bases.setdefault(key, set()).add(r.basis)
    return [p if len(bases[key]) == 1 else replace(p, relation=replace(p.relation, basis=Basis.BOTH))
            for key, p in best.items()]


def _statement(placed: _Placed, document: Document, model: str) -> Statement:
    relation, evidence = placed.relation, placed.evidence
    kind = ontology.relations()[relation.predicate]
    statement = Statement(
        "", document, predicate=relation.predicate, subject=_named(relation.subject), object=_named(relation.object),
        topic=relation.topic, plover=kind.plover, cameo=relation.cameo or kind.cameo,
        polarity=0 if relation.negated else kind.polarity, negated=relation.negated, modality=relation.modality,
        time=relation.time, evidence=evidence, confidence=_round(relation.confidence), basis=relation.basis,
        model=model)
    return _voiced(statement, placed.attribution) if placed.attribution else statement


def _named(mention: Mention | None) -> Entity | None:
    return mention.entity.at(mention.span) if mention is not None and mention.entity is not None else None


def _voiced(statement: Statement, attribution: Attribution) -> Statement:
    """The statement as someone's words."""
    known = 1.0 if attribution.speaker else UNKNOWN_SPEAKER
    return replace(
        statement, speaker=attribution.speaker.at(attribution.source) if attribution.speaker else None,
        speaker_span=attribution.source, via=attribution.via, cue=attribution.cue, content=attribution.content,
        quote=None if attribution.narrated else attribution.quote,
        confidence=_round(statement.confidence * attribution.confidence * known))


def _round(confidence: float) -> float:
    return round(min(1.0, max(0.0, confidence)), 3)


