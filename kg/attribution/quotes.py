"""Quotation marks -> quoted spans; an odd mark costs one span, never the document.

A mark is read by its neighbours, not only by its shape: typists use closing curls to open, straight marks for both,
two single ones or two double ones for one, and primes. Paragraphs are read one by one; a quotation that runs over
several is marked again at each paragraph's start and closed only at the last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from kg.nlp.layout import paragraphs

#: Marks of the first level; two of a kind in a row count as one.
_DOUBLE = r"``|''|\"\"|““|””|[\"“”„‟«»″＂]"
_SINGLE = r"['‘’‚‛‹›′`]"
_MARK = re.compile(rf"'''|{_DOUBLE}|{_SINGLE}")
_MARKUP = re.compile(r"<[A-Za-z/][^<>]{0,400}>")
_OPENERS = frozenset("“„‟«‘‚‛‹`") | {"``", "““"}
_CLOSERS = frozenset("”»’›") | {"””"}
#: Words that begin with an apostrophe of their own.
_ELIDED = re.compile(r"(?:\d\d|em|til|tis|twas|cause|n|round|bout|cos|cuz|s|t|ll|re|ve|d|m)\b", re.IGNORECASE)
_LONGEST_SINGLE = 600


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks. Offsets are characters.

    ``start`` and ``end`` enclose the words without the marks; ``outer_start`` and ``outer_end`` take the marks in.
    ``continues``: the quotation of the paragraph before goes on here. ``whole``: both marks were found (a paragraph
    that is reopened in the next one counts as closed). ``level`` is 1 for double marks, 2 for single ones.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    level: int = 1
    continues: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    level: int
    opens: bool
    closes: bool
    sure: bool  # its shape tells the direction, and its neighbours agree


def find(text: str) -> list[Quotation]:
    """Find the quoted spans of a text, in text order.

    Parameters
    ----------
    text
        Any text; paragraphs end at line breaks.

    Returns
    -------
    list of Quotation
        Spans of one level never overlap; level 2 may lie within level 1.

    Examples
    --------
    >>> [text[q.start:q.end] for text in ['He said "no".'] for q in find(text)]
    ['no']
    """
    markup = [(m.start(), m.end()) for m in _MARKUP.finditer(text)]
    found: list[Quotation] = []
    pending: dict[int, bool] = {1: False, 2: False}
    for begin, end in paragraphs(text):
        paragraph = _unwrapped(text, begin, end)
        marks = _marks(text, *paragraph, markup)
        for level in (1, 2):
            spans, is_open = _pair([m for m in marks if m.level == level], text, paragraph, pending[level])
            found += spans
            pending[level] = is_open
    return sorted(_settle(found, text), key=lambda q: (q.start, -q.end))


def _unwrapped(text: str, begin: int, end: int) -> tuple[int, int]:
    """Leave out the marks that a table export puts around a paragraph in which it doubled the others."""
    while end > begin and text[end - 1].isspace():
        end -= 1
    inner = text[begin + 1:end - 1]
    if text[begin:begin + 1] == '"' == text[end - 1:end] and '""' in inner and '"' not in inner.replace('""', ""):
        return begin + 1, end - 1
    return begin, end


def _marks(text: str, begin: int, end: int, markup: list[tuple[int, int]]) -> list[_Mark]:
    """Read each mark of a paragraph by shape and neighbours."""
    marks: list[_Mark] = []
    for match in _MARK.finditer(text, begin, end):
        if any(a < match.end() and match.start() < b for a, b in markup):
            continue
        if match.group() == "'''":  # an outer and an inner mark: the double one stands outside
            opening = _side(text, match.start() - 1, begin, end) != "word"
            cut = match.start() + (2 if opening else 1)
            pieces = [(match.start(), cut), (cut, match.end())]
        else:
            pieces = [match.span()]
        for start, stop in pieces:
            mark = _mark(text, start, stop, begin, end)
            if mark:
                marks.append(mark)
    return marks


def _mark(text: str, start: int, stop: int, begin: int, end: int) -> _Mark | None:
    """Say whether the mark at ``start`` can open, close, or both; None for an apostrophe or a prime of measure."""
    shape = text[start:stop]
    level = 1 if re.fullmatch(_DOUBLE, shape) else 2
    before, after = _side(text, start - 1, begin, end), _side(text, stop, begin, end)
    if level == 2:
        if before == "word" and after == "word":
            return None
        if after == "word" and _ELIDED.match(text, stop) and shape not in ("‘", "`"):
            return None
    if shape in ('""', "''") and before == after == "space":
        return None  # nothing between two marks
    if shape in ("″", "′") and before == "word" and text[start - 1].isdigit():
        return None
    opens = after in ("word", "point") and before in ("space", "point")
    closes = before in ("word", "point") and after in ("space", "point")
    if before == "space" and after == "space":
        opens, closes = shape not in _CLOSERS, shape not in _OPENERS
    if before == "point" and after == "point":
        opens, closes = shape not in _CLOSERS, shape not in _OPENERS
    elif before == "point" and after == "word":  # (“so” or dash“so: an opener; ,”he: a lost space
        opens, closes = shape not in _CLOSERS, shape in _CLOSERS
    elif before == "word" and after == "point" and shape in _OPENERS:
        closes = True
    elif before == "word" and after == "word":
        opens, closes = shape not in _CLOSERS, shape not in _OPENERS
    sure = (shape in _OPENERS and opens and not closes) or (shape in _CLOSERS and closes and not opens)
    return _Mark(start, stop, level, opens, closes, sure)


def _side(text: str, place: int, begin: int, end: int) -> str:
    """Say what stands at a place: ``space`` (or the paragraph's edge), ``word`` or ``point`` (other marks count so)."""
    if not begin <= place < end or text[place].isspace() or text[place] in "\u200b\u202a\u202c\ufeff":
        return "space"
    return "word" if text[place].isalnum() else "point"


def _pair(marks: list[_Mark], text: str, paragraph: tuple[int, int], pending: bool) -> tuple[list[Quotation], bool]:
    """Pair the marks of one level in one paragraph; also say whether a quotation is left open at its end."""
    spans: list[Quotation] = []
    opened: _Mark | None = None
    depth = 0
    first = True
    for mark in marks:
        if opened is None:
            if mark.opens:
                reopens = pending and first and not text[paragraph[0]:mark.start].strip()
                opened, depth = mark, 0
                continued = reopens
            elif pending and first and mark.closes and mark.level == 1:  # the paragraph was not marked again
                begin = paragraph[0]
                spans.append(_quotation(text, begin, begin, mark.start, mark.end, mark.level, True, False))
        elif mark.closes and (not mark.opens or not mark.sure):
            if depth:
                depth -= 1
            else:
                spans.append(_quotation(text, opened.start, opened.end, mark.start, mark.end, mark.level, continued))
                opened = None
        elif mark.opens:
            if mark.sure and opened.sure and _closes_twice(marks, mark):
                depth += 1  # “... “...” ...”
            else:  # the mark before was never closed: it costs its own span
                opened, depth, continued = mark, 0, False
        first = False
    if opened is None:
        return spans, False
    if opened.level == 1:
        spans.append(_quotation(text, opened.start, opened.end, paragraph[1], paragraph[1], 1, continued, False))
    return spans, opened.level == 1


def _closes_twice(marks: list[_Mark], inner: _Mark) -> bool:
    """Whether an inner quotation with the same marks closes, and the outer one after it."""
    later = [m for m in marks if m.start > inner.start]
    return len(later) > 1 and later[0].closes and later[1].closes and not later[1].opens


def _quotation(text: str, outer_start: int, start: int, end: int, outer_end: int, level: int, continues: bool,
               whole: bool = True) -> Quotation:
    """Trim white space inside the marks."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Quotation(start, end, outer_start, max(end, outer_end), level, continues, whole)


def _settle(spans: list[Quotation], text: str) -> list[Quotation]:
    """Drop empty spans and single-mark spans too long to trust; a paragraph reopened in the next one is whole."""
    kept = [q for q in spans if q.start < q.end
            and not (q.level == 2 and (q.end - q.start > _LONGEST_SINGLE or "\n\n" in text[q.start:q.end]))]
    doubles = sorted((q for q in kept if q.level == 1), key=lambda q: q.start)
    followed = {id(a) for a, b in pairwise(doubles) if b.continues}
    return [Quotation(q.start, q.end, q.outer_start, q.outer_end, q.level, q.continues, True)
            if id(q) in followed and not q.whole else q for q in kept]
