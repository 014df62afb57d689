"""Tell speech acts whose content is given from those merely narrated.

"Obama called the test provocative" puts words in someone's mouth; "he brushed the charge aside" and "they refused to
leave" are told in the article's own voice (``contract.md``, conventions). ``acts.csv`` lists the verbs whose object
(``content``, ``word``) or infinitive (``request``, ``promise``, ``word``: a word given) is the content; a verb that
mostly takes clauses or quotations (``cues.csv``) needs no row.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kg import resources
from kg.attribution import cues
from kg.attribution.frames import Scene
from kg.attribution.voices import Finding

ACTS = ("content", "request", "promise", "word")
_INTENDED = frozenset({"request", "promise", "word"})
_WITH_OBJECT = frozenset({"content", "word"})
_SHARE = 0.4
_CLAUSES = ("quote", "that", "wh", "clause")


@cache
def load(path: Path | None = None) -> dict[str, str]:
    """Read ``acts.csv``: lemma -> act.

    Raises
    ------
    DataError
        If a row names no act of :data:`ACTS`, or a lemma stands twice.
    """
    return resources.kinds(path or resources.data("attribution", "acts.csv"), "lemma", "act", ACTS)


def is_narrated(scene: Scene, finding: Finding) -> bool:
    """Whether the article tells of an act without giving its content: no clause, no quoted word, no verdict."""
    p, head = scene.parse, finding.cue.frame.head
    if finding.block or any(scene.quoted[t] >= 0 for a, b in finding.pieces for t in range(a, b + 1)):
        return False
    construction = finding.cue.frame.construction
    if construction in ("quote", "that", "wh", "clause") or p.lower[head] in ("according", "per"):
        return False
    words = [p.lemma[t] for t in range(finding.cue.first, finding.cue.last + 1) if p.pos[t] in ("VERB", "NOUN")]
    acts = {load().get(lemma) for lemma in words}
    if p.pos[head] != "VERB" and not acts & _INTENDED:
        return True
    if any(_asserts(lemma) for lemma in words) or acts & _WITH_OBJECT:
        return False
    if construction == "infinitive":
        return not acts & _INTENDED
    if any(p.dep[c] == "oprd" or (p.dep[c] == "prep" and p.lower[c] == "as") for c in p.children[head]):
        return False
    return "request" not in acts or not any(p.pos[t] == "VERB" for a, b in finding.pieces for t in range(a, b + 1))


def _asserts(lemma: str) -> bool:
    """Whether a verb mostly takes clauses and quotations, so that its object, too, is what was said."""
    entry = cues.load().get((lemma, "VERB"))
    if entry is None or entry.cues < 5:
        return False
    return sum(entry.by.get(c, (0, 0))[1] for c in _CLAUSES) >= _SHARE * entry.cues
