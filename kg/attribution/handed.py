"""Speech that bears other speech: "Reuters quoted the mayor as saying that", "Ann said Bob claimed"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.attribution import contents, cues, loglinear, sources, voices
from kg.attribution.cues import Cue
from kg.attribution.frames import Scene, frame, subjects
from kg.attribution.sources import Source
from kg.attribution.voices import Cast, Finding

_CLAUSES = frozenset({"that", "clause", "wh"})
_MOSTLY = 0.5  # rate at which the verb is a cue where a clause follows


def find(cast: Cast, findings: Sequence[Finding], ask: Mapping[str, loglinear.Question]) -> Iterator[Finding]:
    """Find the speech of another that bears a content, where it was not found by itself.

    Annotators seldom mark it, so that its cue looks improbable; that someone else is its subject speaks for it.
    """
    scene, lexicon = cast.scene, cues.load()
    known = {f.cue.frame.head for f in findings}
    for outer in findings:
        for piece in outer.pieces if outer.cue.frame.construction != "quote" else ():
            for head in (t for t in voices.tops(scene, piece) if t not in known):
                f = frame(scene, head)
                rate = cues.rates(lexicon.get(cues.lexeme(scene.parse, head)), f.construction)[1]
                if f.construction not in _CLAUSES or rate < _MOSTLY or not _is_another(cast, outer, f.subject):
                    continue
                first, last, sharp = cues.extent(scene, f, ask)
                cue = Cue(f, first, last, rate, sharp, nested=True)
                quoted = _quoted(scene, head, last)
                source, sure = (quoted, 1.0) if quoted else sources.choose(scene, head, first, last, ask["source"])
                words, sharp = contents.choose(contents.Setting(scene, cue, source), ask)
                if source is not None and words and (quoted or piece[0] <= source.root <= piece[1]):
                    yield Finding(cue, source, tuple(words), sure * sharp)


def with_source(scene: Scene, finding: Finding) -> Finding:
    """Give "as saying" the one who is quoted as its source, where another or none was chosen."""
    quoted = _quoted(scene, finding.cue.frame.head, finding.cue.last)
    itself = scene.parse.dep[finding.cue.frame.head] == "pcomp"
    if quoted is None or (finding.source is not None and (not itself or quoted.root == finding.source.root)):
        return finding
    return replace(finding, source=quoted)


def cites(scene: Scene, head: int) -> bool:
    """Whether a verb leads to what someone else said: "quoted him as saying", "was quoted by the paper as saying"."""
    p = scene.parse
    return p.lemma[head] in voices.CITE and any(
        p.lower[c] == "as" and any(p.dep[d] == "pcomp" for d in p.children[c]) for c in p.children[head])


def _quoted(scene: Scene, head: int, last: int) -> Source | None:
    """The one whom "as saying" takes up; ``last``: the end of the cue."""
    p = scene.parse
    root = next((t for t, how in subjects(p, head) if how.startswith("as ")), None)
    if root is None or p.left[root] <= last <= p.right[root]:
        return None
    return Source(p.left[root], p.right[root], root, "as", "full")


def _is_another(cast: Cast, outer: Finding, subject: int | None) -> bool:
    """Whether the subject of inner speech is someone that the outer speaker only tells of."""
    if subject is None or voices.is_narrator(cast, outer):
        return subject is not None
    inner = cast.speaker(subject) if cast.scene.quoted[subject] < 0 else None
    return inner is not None and inner not in voices.speakers(cast, outer)
