"""Speech that runs on: quotations without a cue of their own, and blocks of speech after "she said:".

In annotated news a sentence that is a quotation from end to end, without a cue, belongs to whoever spoke before it in
all of 401 cases within a paragraph and in 57 of 73 at a paragraph's start (300 PolNeAR train documents). Press
releases print speech as plain paragraphs after a colon.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from kg import resources
from kg.attribution import cues
from kg.attribution.cues import Cue
from kg.attribution.frames import Frame, Scene, subjects
from kg.attribution.parse import Parse
from kg.attribution.sources import Source
from kg.attribution.voices import Cast, Finding
from kg.records import EntityType

Tokens = tuple[int, int]
POINTING = ("demonstrative", "noun")
_MOST_PARAGRAPHS = 15
_LEAST_WORDS = 3
_REPORTS = frozenset({"report"})
_FARTHEST = 60  # paragraphs that one person's quotations may run over
_SURE = 0.8
_SPOKEN = 0.3  # share of quotations among a lemma's sightings as a cue from which it introduces a block


@cache
def load(path: Path | None = None) -> dict[str, str]:
    """Read ``pointing.csv``, the words that point at a quotation ("these", "remark"), with their kind.

    Raises
    ------
    DataError
        If a row names no kind of :data:`POINTING`, or a word stands twice.
    """
    return resources.kinds(path or resources.data("attribution", "pointing.csv"), "word", "kind", POINTING)


def carry_on(scene: Scene, findings: Sequence[Finding],
             names_speaker: Callable[[Finding, Tokens], bool]) -> list[Finding]:
    """Extend findings by the blocks and quotations that go on behind them.

    Parameters
    ----------
    findings
        What was found; those without content yet may gain some here, or are dropped.
    names_speaker
        Whether a range of tokens names the finding's own speaker: there the article speaks again.
    """
    found = list(findings)
    for number, finding in enumerate(found):
        if block := _block(scene, finding, found, names_speaker):
            found[number] = replace(finding, pieces=(block,), block=True)
    covered = bytearray(len(scene.parse))
    for finding in found:
        if scene.quoted[finding.cue.frame.head] < 0:
            for first, last in finding.pieces:
                covered[first:last + 1] = b"\x01" * (last + 1 - first)
    for mark, (first, last, _) in enumerate(scene.marks):
        if not any(covered[first:last + 1]) and (owner := _owner(scene, found, mark)) is not None:
            found[owner] = replace(found[owner], pieces=(*found[owner].pieces, (first, last)))
    return [f for f in found if f.pieces]


def pointed_at(cast: Cast, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Give quotations without a cue to the subject of the sentence beside them that points at them.

    "Ann Berg waved: “...”", "“...” With these words Ann Berg opened the gates".
    """
    scene, p = cast.scene, cast.scene.parse
    heads = {f.cue.frame.head for f in findings}
    heard = {scene.quoted[t] for f in findings for piece in f.pieces for t in range(piece[0], piece[1] + 1)}
    for mark, (first, last, _) in enumerate(scene.marks):
        cue = _pointing(scene, first, last) if mark not in heard else None
        cue = None if cue and cue[0] in heads else cue
        subject = next((t for t, how in subjects(p, cue[0]) if how == "nsubj"), None) if cue else None
        speaker = cast.speaker(subject) if subject is not None else None
        if cue is None or subject is None or speaker is None or speaker.type is not EntityType.PERSON:
            continue
        frame = Frame(cue[0], subject, "nsubj", "quote", False, mark, mark)
        source = Source(p.left[subject], p.right[subject], subject, "nsubj", "full")
        yield Finding(Cue(frame, cue[1], cue[2], _SURE, 1.0), source, ((first, last),), 1.0)


def _pointing(scene: Scene, first: int, last: int) -> tuple[int, int, int] | None:
    """The verb whose sentence points at a quotation, and the words that do: the verb itself before a colon."""
    p, begin = scene.parse, scene.next_word(last)
    colon = max(first - 2, 0)
    if p.words[colon] == ":" and p.paragraph[colon] == p.paragraph[first]:
        start = p.sentences[p.sentence[colon]][0]
        verb = next((t for t in range(start, colon) if p.pos[t] == "VERB" and (
            p.dep[t] == "ROOT" or not start <= p.head[t] < colon)), None)
        return (verb, verb, verb) if verb is not None and scene.quoted[verb] < 0 else None
    if begin >= len(p) or p.lower[begin] != "with" or p.dep[begin] != "prep":
        return None
    words = next((c for c in p.children[begin] if p.dep[c] == "pobj"), begin)
    pointed = any(load().get(p.lower[t]) == "demonstrative" for t in (words, *p.children[words]))
    return (p.head[begin], begin, words) if pointed and p.lemma[words] in load() else None


def untangle(scene: Scene, findings: Sequence[Finding]) -> list[Finding]:
    """Where two findings each hold the other's cue, cut the one at whose end the other stands.

    "He said it is over, according to Reuters": what he said ends before the comma.
    """
    found = _wrapped(scene, findings)
    heads = [f.cue.frame.head for f in found]
    for outer in found.copy():
        begin = min(outer.cue.first, outer.source.first if outer.source else outer.cue.first)
        end = max(outer.cue.last, outer.source.last if outer.source else 0)
        for first, last in outer.pieces:
            for number in range(bisect_left(heads, first), bisect_right(heads, last)):
                if outer.cue.frame.head > heads[number]:
                    found[number] = _cut(scene, found[number], begin, end)
    return found


def _wrapped(scene: Scene, findings: Sequence[Finding]) -> list[Finding]:
    """Let "the paper reported" at a sentence's end hold the whole sentence, with what is said in it.

    "“It is over,” she said, the paper reported": the parser knows nothing of the second frame.
    """
    p = scene.parse
    found = list(findings)
    for outer, finding in enumerate(findings):
        head = finding.cue.frame.head
        begin, end = p.sentences[p.sentence[head]]
        first = min(finding.cue.first, finding.source.first if finding.source else head)
        last = max(finding.cue.last, finding.source.last if finding.source else head)
        if p.lemma[head] not in _REPORTS or scene.quoted[head] >= 0 or any(p.is_word[t] for t in range(last + 1, end)):
            continue
        inner = [n for n, f in enumerate(found) if begin <= f.cue.frame.head < first and f.pieces
                 and scene.quoted[f.cue.frame.head] < 0]
        if not inner or p.words[first - 1] != ",":
            continue
        start = min([begin, *(found[n].pieces[0][0] for n in inner)])
        found[outer] = replace(finding, pieces=(p.trim(start, first - 1),))
        for n in inner:
            pieces = (p.trim(a, min(b, first - 1)) for a, b in found[n].pieces if a < first)
            found[n] = replace(found[n], pieces=tuple(pieces))
    return [f for f in found if f.pieces]


def _cut(scene: Scene, finding: Finding, begin: int, end: int) -> Finding:
    """Cut ``begin`` .. ``end`` off the end of the piece that closes with it."""
    pieces = list(finding.pieces)
    for place, (first, last) in enumerate(pieces):
        cut = scene.parse.trim(first, begin - 1)
        if first < begin <= last <= end and cut[0] <= cut[1]:
            pieces[place] = cut
    return replace(finding, pieces=tuple(pieces))


def _block(scene: Scene, finding: Finding, others: Sequence[Finding],
           names_speaker: Callable[[Finding, Tokens], bool]) -> Tokens | None:
    """Give the paragraphs of plain speech after a cue whose paragraph ends with a colon."""
    p, head = scene.parse, finding.cue.frame.head
    if scene.quoted[head] >= 0 or finding.source is None or not _introduces_speech(scene, head):
        return None
    paragraph = p.paragraph[head]
    own = _tokens(p, paragraph)
    if p.words[own[1]] != ":" or any(p.words[t] in ".!?" for t in range(head, own[1])):
        return None
    first = None
    last = own[1]
    for number in range(paragraph + 1, paragraph + 1 + _MOST_PARAGRAPHS):
        begin, end = _tokens(p, number)
        begin, end = p.trim(begin, end)
        if begin > end or begin in scene.starts or p.words[min(end + 1, len(p) - 1)] == ":":
            break
        if first is not None and (names_speaker(finding, (begin, end)) or _is_heading(scene, begin, end) or any(
                begin <= o.cue.frame.head <= end and scene.quoted[o.cue.frame.head] < 0 and o.source
                and _introduces_speech(scene, o.cue.frame.head) and p.pos[o.source.root] == "PROPN" for o in others)):
            break
        first = begin if first is None else first
        last = end
    return (first, last) if first is not None else None


def _tokens(p: Parse, paragraph: int) -> Tokens:
    """Give first and last token of a paragraph, without the white space behind it; empty past the last one."""
    first, last = bisect_left(p.paragraph, paragraph), bisect_right(p.paragraph, paragraph) - 1
    while last > first and p.words[last].isspace():
        last -= 1
    return first, last


def _is_heading(scene: Scene, first: int, last: int) -> bool:
    """Whether a paragraph is a short line without a full stop."""
    p = scene.parse
    return last - first < 8 and (last + 1 >= len(p) or p.words[last + 1] not in (".", "!", "?", "…", "”", '"'))


def _introduces_speech(scene: Scene, head: int) -> bool:
    entry = cues.load().get(cues.lexeme(scene.parse, head))
    return bool(entry and entry.by.get("quote", (0, 0))[1] >= _SPOKEN * max(entry.cues, 5))


def _owner(scene: Scene, findings: Sequence[Finding], mark: int) -> int | None:
    """Give the finding that an uncovered quotation goes on from, if it has no cue of its own."""
    p = scene.parse
    first, last, quotation = scene.marks[mark]
    if quotation.level != 1 or last - first + 1 < _LEAST_WORDS:
        return None
    begin, end = p.sentences[p.sentence[first]][0], p.sentences[p.sentence[last]][1]
    alone = not any(p.is_word[t] for t in [*range(begin, first), *range(last + 1, end)])
    if not alone and not quotation.continues:
        return None
    before = scene.previous_word(first)
    if before < 0 or p.paragraph[first] - p.paragraph[before] > 1:
        return None
    same_paragraph = p.paragraph[before] == p.paragraph[first]
    nearest: tuple[int, int] | None = None
    for number in range(bisect_left(findings, first, key=lambda f: f.cue.frame.head) - 1, -1, -1):
        f = findings[number]
        head = f.cue.frame.head
        if p.paragraph[first] - p.paragraph[head] > _FARTHEST:
            break
        reach = max(max((b for _, b in f.pieces), default=-1), f.cue.last, f.source.last if f.source else 0)
        if scene.quoted[head] >= 0 or reach >= first or p.paragraph[first] - p.paragraph[reach] > 1:
            continue
        next_to = same_paragraph and f.source is not None and p.sentence[head] == p.sentence[before]
        speaks = next_to or any(scene.quoted[b] >= 0 for _, b in f.pieces) or _introduces_speech(scene, head)
        close = same_paragraph or quotation.continues or reach == before or _introduces_speech(scene, head)
        if speaks and close and (nearest is None or reach > nearest[0]):
            nearest = (reach, number)
    return nearest[1] if nearest else None
