"""Cue, source and content -> Attribution: who says what, in which words, passed on by whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.attribution import acts, contents, cues, handed, loglinear, sources, stretches, turns, voices
from kg.attribution.frames import Scene
from kg.attribution.parse import Parse
from kg.attribution.pointers import Pointers
from kg.attribution.quotes import find as find_quotations
from kg.attribution.voices import Finding
from kg.records import Attribution, Entity, Mention, QuoteType, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.nlp.tree import Tree

_DEEPEST = 12  # speech within speech


@dataclass(frozen=True, slots=True)
class Least:
    """The least probability of a cue, of one within another one's content, and of a cue with its source and content."""

    cue: float
    nested: float
    whole: float


#: Chosen for F1: by rules alone on PolNeAR's train part, with the tagger on its dev part.
RULES, TAGGED = Least(0.45, 0.2, 0.0), Least(0.3, 0.2, 0.25)


def attribute(doc: Doc, tree: Tree, mentions: list[Mention]) -> list[Attribution]:
    """Find who says, thinks or feels what.

    Parameters
    ----------
    doc
        A Doc with parse, lemmas and entities.
    tree
        The columns of its parse.
    mentions
        Actors of the same text; without them the speakers stay None.

    Returns
    -------
    list of Attribution
        In text order of their cues; those within another one's content stand beside it.
    """
    if not len(doc):
        return []
    parse = Parse.of(doc, tree)
    scene = Scene(parse, find_quotations(parse.text), Pointers.of(doc))
    tagged = bool(scene.pointers.windows)
    ask, least = loglinear.questions(tagged), TAGGED if tagged else RULES
    cast = voices.Cast(scene, mentions)
    found = (c for c in cues.find(scene, ask, least.cue, least.nested) if not cast.in_name(c.frame.head))
    findings = []
    for cue in found:
        source, sure = sources.choose(scene, cue.frame.head, cue.first, cue.last, ask["source"])
        pieces, sharp = contents.choose(contents.Setting(scene, cue, source), ask)
        sure_enough = cue.probability * sure * sharp >= least.whole
        if cue.nested or sure_enough or handed.cites(scene, cue.frame.head):
            findings.append(handed.with_source(scene, Finding(cue, source, tuple(pieces), sure * sharp)))
    findings = [f for f in findings if not f.cue.nested or any(
        a <= f.cue.frame.head <= b for o in findings if not o.cue.nested for a, b in o.pieces)]
    findings += [*handed.find(cast, findings, ask), *turns.find(cast)]
    findings += stretches.pointed_at(cast, findings)
    findings.sort(key=lambda f: f.cue.frame.head)

    def names_speaker(finding: Finding, place: tuple[int, int]) -> bool:
        return any(cast.is_named(entity, place) for entity in voices.speakers(cast, finding))

    findings = stretches.untangle(scene, stretches.carry_on(scene, findings, names_speaker))
    return _records(scene, cast, findings)


def _records(scene: Scene, cast: voices.Cast, findings: list[Finding]) -> list[Attribution]:
    """Add the actors: speakers, one record each, and those around them as ``via``."""
    around = voices.nesting(findings)
    said: dict[int, tuple[list[Entity], tuple[Entity, ...]]] = {}

    def actors(number: int, depth: int = 0) -> tuple[list[Entity], tuple[Entity, ...]]:
        if number in said:
            return said[number]
        finding, outer = findings[number], around[number]
        who = voices.speakers(cast, finding)
        chain = list(voices.relays(cast, finding))
        if outer is not None and depth < _DEEPEST:
            above, beyond = actors(outer, depth + 1)
            if not who and voices.is_first_person(scene, finding, findings[outer]):
                who = above
            if above and above[0] not in who:
                chain.append(above[0])
            chain += beyond
        said[number] = who, tuple(e for e in dict.fromkeys(chain) if e not in who)
        return said[number]

    narrated = [acts.is_narrated(scene, finding) for finding in findings]
    within: dict[int | None, list[int]] = {}
    for number, outside in enumerate(around):
        within.setdefault(outside, []).append(number)
    result = []
    before: tuple[Finding, Entity | None, tuple[Entity, ...]] | None = None
    for number, finding in enumerate(findings):
        who, via = actors(number)
        if before and not via and (outlet := voices.passes_on(cast, *before, finding)) and outlet not in who:
            via = (outlet,)
        if scene.quoted[finding.cue.frame.head] < 0 and around[number] is None:
            before = finding, who[0] if who else None, via
        handed_on = bool(who) and any(not narrated[n] and voices.hands_on(cast, finding, findings[n]) and actors(n)[0]
                                      for n in within.get(number, ()))
        if handed_on or narrated[number]:
            result.append(replace(_record(scene, finding, None, ()), narrated=True))
            continue
        named: list[Entity | None] = [*who] or [None]
        result += [_record(scene, finding, speaker, via) for speaker in named]
    return result


def _record(scene: Scene, finding: Finding, speaker: Entity | None, via: tuple[Entity, ...]) -> Attribution:
    """Turn token ranges into a record."""
    cue, source = finding.cue, finding.source
    return Attribution(
        speaker=speaker, source=_span(scene, source.first, source.last) if source else None,
        cue=_span(scene, cue.first, cue.last), content=tuple(_span(scene, a, b) for a, b in finding.pieces),
        quote=quote_type(scene, finding), via=via, root=cue.frame.head,
        confidence=max(0.01, min(1.0, round(cue.probability * finding.sure, 4))),
    )


def quote_type(scene: Scene, finding: Finding) -> QuoteType:
    """Whether the words of the content stand inside quotation marks: all, none, or some."""
    p = scene.parse
    inside = {scene.quoted[t] >= 0 for a, b in finding.pieces for t in range(a, b + 1) if p.is_word[t]}
    if inside == {True} or finding.block or scene.quoted[finding.cue.frame.head] >= 0:
        return QuoteType.DIRECT
    return QuoteType.MIXED if True in inside else QuoteType.INDIRECT


def _span(scene: Scene, first: int, last: int) -> Span:
    """Cut tokens out of the text; marks that enclose it stay outside, those that stand within are kept whole."""
    p = scene.parse
    start, end = p.start[first], p.end[last]
    opening, closing = scene.starts.get(first), scene.ends.get(last)
    if opening is not None and closing is not None:
        if opening == closing:
            start, end = scene.marks[opening][2].start, scene.marks[closing][2].end
        else:
            start, end = scene.marks[opening][2].outer_start, scene.marks[closing][2].outer_end
    elif opening is not None and scene.marks[opening][1] < last:
        start = scene.marks[opening][2].outer_start
    elif closing is not None and scene.marks[closing][0] > first:
        end = scene.marks[closing][2].outer_end
    text = p.text[start:end]
    if text.count("(") > text.count(")") and p.text[end:end + 1] == ")":
        end += 1
    return Span.of(p.text, start, _without_comma(p.text, start, end))


def _without_comma(text: str, start: int, end: int) -> int:
    """Leave out the comma and the white space that end a quotation before its cue."""
    while end > start and (text[end - 1].isspace() or text[end - 1] == ","):
        end -= 1
    return end
