"""Speech printed in turns: "Q:", "Mr Steiner: I was elected.", "TRUMP: Wrong." at the start of paragraphs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from kg.attribution.cues import Cue
from kg.attribution.frames import Frame
from kg.attribution.sources import Source
from kg.attribution.voices import Cast, Finding
from kg.records import EntityType

_LONGEST_NAME = 8  # tokens
_LEAST_TURNS = 2
_SURE = 0.8
_SPEAKING = frozenset({EntityType.PERSON, EntityType.MEDIA})


def find(cast: Cast) -> Iterator[Finding]:
    """Find the turns of an interview or a debate: paragraphs that begin with a speaker's name and a colon."""
    p = cast.scene.parse
    turns = []
    for _, tokens in groupby(range(len(p)), p.paragraph.__getitem__):
        paragraph = list(tokens)
        colon = next((t for t in paragraph[1:_LONGEST_NAME] if p.words[t] == ":"), None)
        if colon is not None and (source := _source(cast, paragraph[0], colon)) is not None:
            words = p.trim(colon + 1, paragraph[-1])
            if words[0] <= words[1]:
                turns.append((colon, source, words))
    if len(turns) < _LEAST_TURNS:
        return
    for colon, source, words in turns:
        frame = Frame(colon, source.root, source.how, "quote", False, -1, -1)
        yield Finding(Cue(frame, colon, colon, _SURE, 1.0), source, (words,), 1.0, block=True)


def _source(cast: Cast, first: int, colon: int) -> Source | None:
    """The name before a colon, if it is somebody's."""
    p = cast.scene.parse
    first, last = p.trim(first, colon - 1)
    if first > last or not p.words[first][0].isupper() or any(
            p.pos[t] in ("VERB", "AUX") for t in range(first, last + 1)):
        return None
    root = next((t for t in range(last, first - 1, -1) if (m := cast.at(t)) is not None and m.entity is not None
                 and m.entity.type in _SPEAKING), None)
    return Source(first, last, root, "turn", "full") if root is not None else None
