"""Which words a cue attributes: a piece before it and a piece after it.

The piece after the cue is found in two choices, where it begins (or that there is none) and where it ends; the piece
before in one, among whole spans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.attribution import loglinear
from kg.attribution.cues import Cue
from kg.attribution.frames import Scene, antecedent
from kg.attribution.sources import Source

Tokens = tuple[int, int]  # first and last, both included

_MOST_ENDS = 14
_LEFT = frozenset({"ccomp", "nsubjpass", "dobj", "csubj", "nsubj", "attr", "advcl", "dep", "compound", "amod", "oprd",
                   "parataxis", "pobj", "poss", "prep"})


@dataclass(frozen=True, slots=True)
class Setting:
    """A cue and its source within a scene: what all questions about its content look at."""

    scene: Scene
    cue: Cue
    source: Source | None

    @property
    def head(self) -> int:
        """The cue's syntactic head."""
        return self.cue.frame.head

    @property
    def bounds(self) -> Tokens:
        """First and last token that the content may touch: the sentence, or the quotation that the cue stands in."""
        p, head = self.scene.parse, self.head
        inside = self.scene.quoted[head]
        if inside >= 0:
            return self.scene.marks[inside][:2]
        first, end = p.sentences[p.sentence[head]]
        return first, end - 1

    @property
    def core(self) -> Tokens:
        """The cue together with its source where both stand close to each other."""
        first, last = self.cue.first, self.cue.last
        if self.source:
            if self.source.last < first and first - self.source.last < 8:
                first = self.source.first
            elif self.source.first > last and self.source.first - last < 4:
                last = self.source.last
        return first, last


# ---- after the cue ---------------------------------------------------------------------------------------------------

def starts(s: Setting) -> list[int]:
    """List where the content after the cue may begin."""
    p, scene = s.scene.parse, s.scene
    limit = s.bounds[1]
    found: list[int] = []
    for place in _after(s):
        token = place
        while token <= limit and not p.is_word[token]:
            token += 1
        if s.cue.last < token <= limit and token not in found and not (
                s.source and s.source.first <= token <= s.source.last):
            found.append(token)
    quote = next((t for t in range(s.core[1] + 1, limit + 1) if t in scene.starts), None)
    if quote is not None and quote not in found and quote > s.cue.last:
        found.append(quote)
    beyond = scene.next_word(limit)  # a quotation that the parser made a sentence of its own
    if beyond in scene.starts and scene.quoted[s.head] < 0:
        found.append(beyond)
    pointed = scene.pointers.at(s.head)["after"].firsts(s.cue.last + 1, limit)
    return found + [t for t in pointed if p.is_word[t] and t not in found]


def _after(s: Setting) -> Iterator[int]:
    """Give the words behind cue and source, and the first words of what depends on the cue."""
    p = s.scene.parse
    yield s.cue.last + 1
    yield s.core[1] + 1
    for node in (s.head, *range(s.cue.first, s.cue.last + 1)):
        for child in (c for c in p.children[node] if c > s.cue.last):
            yield p.left[child] if p.left[child] > s.cue.last else child
            if p.dep[child] in ("prep", "agent", "dative"):
                for below in p.children[child]:
                    yield p.left[below]
                    yield from (p.left[deeper] for deeper in p.children[below] if deeper > below)
            elif p.dep[child] == "dobj":
                yield from (p.left[below] for below in p.children[child] if below > child)


def start_features(s: Setting, start: int | None) -> list[str]:
    """Name what speaks for content that begins at ``start`` after the cue (None: there is none)."""
    p, scene, head = s.scene.parse, s.scene, s.head
    f = s.cue.frame
    lemma, pos, con = p.lemma[head], p.pos[head], f.construction
    side = "no" if not s.source else "after" if s.source.first > s.cue.last else "before"
    if start is None:
        first, last = s.core
        return ["none", f"none con={con}", f"none lemma={lemma}", f"none pos={pos}", f"none dep={p.dep[head]}",
                f"none quote before={f.quote_before >= 0}", f"none end={last >= s.bounds[1] - 1} {side}",
                f"none passive={f.passive}", f"none first={first <= s.bounds[0] + 1}",
                f"none quotes={f.quote_before >= 0} {f.quote_after >= 0}",
                f"none next={p.words[s.cue.last + 1] if s.cue.last + 1 < len(p) else ''}",
                f"none tag={p.tag[head]} {side}"]
    root = start
    while p.left[p.head[root]] == p.left[start] == start and p.head[root] != root and p.head[root] not in (head, start):
        root = p.head[root]
    parent = p.head[root]
    link = "head" if parent == head else "cue" if s.cue.first <= parent <= s.cue.last else f"{p.dep[parent]}"
    gap = [p.lower[t] for t in range(s.cue.last + 1, start) if not (s.source and s.source.first <= t <= s.source.last)]
    skipped = " ".join(gap) if len(gap) < 3 else f"{len([w for w in gap if w.isalnum()])} words"
    quote = start in scene.starts
    dep = p.dep[root]
    beyond = start > s.bounds[1]
    return [f"dep={dep} link={link}", f"dep={dep} con={con}", f"quote={quote} con={con}", f"skipped={skipped}",
            f"skipped={skipped} con={con}", f"word={p.lower[start]}", f"dep={dep} link={link} con={con} {quote}",
            f"adjacent={start == scene.next_word(s.cue.last)} con={con}", f"dep={dep} pos={pos}",
            f"lemma={lemma} dep={dep}", f"lemma={lemma} word={p.lower[start]}", f"quote={quote} skipped={skipped}",
            f"beyond={beyond} {skipped}", f"side={side} adjacent={start == scene.next_word(s.cue.last)}",
            f"side={side} skipped={skipped}", f"starts with={p.pos[start]} {dep}",
            f"before={p.lower[start - 1]}", f"before={p.lower[start - 1]} lemma={lemma}",
            f"quote before={f.quote_before >= 0} quote={quote}", f"quote before={f.quote_before >= 0} dep={dep}"]


def ends(s: Setting, start: int) -> list[int]:
    """List where the content that begins at ``start`` may end, the farthest first."""
    p, scene = s.scene.parse, s.scene
    limit = s.bounds[1] if start <= s.bounds[1] else p.sentences[p.sentence[start]][1] - 1
    mark = scene.quoted[start]
    if mark >= 0 and scene.quoted[s.head] != mark:
        limit = max(limit, scene.marks[mark][1])
        if scene.marks[mark][1] > p.sentences[p.sentence[start]][1]:  # over several sentences: the quotation decides
            return [scene.marks[mark][1]]
    if s.source and s.source.first > start:
        limit = min(limit, s.source.first - 1)
    found: set[int] = set()
    for place in (*_edges(s, start, limit), *scene.pointers.at(s.head)["after"].lasts(start, limit)):
        token = min(place, limit)
        while token >= start and not p.is_word[token]:
            token -= 1
        if token >= start:
            found.add(token)
    farthest = sorted(found, reverse=True)
    beyond = scene.next_word(limit)
    if beyond in scene.starts and scene.quoted[s.head] < 0 and p.paragraph[beyond] == p.paragraph[start]:
        last = scene.marks[scene.starts[beyond]][1]
        if not any(p.is_word[t] for t in range(last + 1, p.sentences[p.sentence[last]][1])):
            farthest.insert(0, last)  # that it is late. “It is too late.”
    return farthest[:_MOST_ENDS]


def _edges(s: Setting, start: int, limit: int) -> Iterator[int]:
    """Give the ends of the phrases that begin at ``start``, and the places before commas and closing marks."""
    p, scene = s.scene.parse, s.scene
    yield limit
    node = start
    for _ in range(12):
        if p.left[node] < start and node != start:
            break
        yield p.right[node]
        yield from (p.left[child] - 1 for child in p.children[node] if child > node)
        if p.head[node] == node or s.cue.first <= p.head[node] <= s.cue.last:
            break
        node = p.head[node]
    last_mark = -1
    for token in range(start, limit + 1):
        if scene.quoted[token] >= 0 and scene.quoted[token] != last_mark:
            last_mark = scene.quoted[token]
            if scene.quoted[s.head] != last_mark:
                yield scene.marks[last_mark][1]
        if p.words[token] in (",", ";", "--", "—", "–", ":", ")"):
            yield token - 1


def end_features(s: Setting, start: int, end: int) -> list[str]:
    """Name what speaks for content from ``start`` to ``end``."""
    p, scene = s.scene.parse, s.scene
    con = s.cue.frame.construction
    nxt = end + 1
    after = p.words[nxt] if nxt < len(p) else ""
    word = scene.next_word(end)
    same = word < len(p) and p.sentence[word] == p.sentence[end]
    dep = p.dep[word] if same else "stop"
    root = word
    while same and p.head[root] != root and p.left[p.head[root]] >= word:
        root = p.head[root]
    if same:
        dep = p.dep[root]
    attach = "none"
    if same:
        above = p.head[root]
        attach = "inside" if start <= above <= end else "cue" if s.cue.first <= above <= s.cue.last else \
            "root" if p.dep[above] == "ROOT" else "above"
    quoted = "closed" if end in scene.ends else "open" if scene.quoted[end] >= 0 else "no"
    starts_quote = start in scene.starts
    first_dep = p.dep[start]
    lead = p.lower[word] if same else ""
    open_clause = sum(1 for t in range(start, end + 1) if p.right[t] > end and p.pos[t] in ("VERB", "AUX", "NOUN"))
    size = end - start + 1
    bucket = size if size < 4 else 4 if size < 8 else 8 if size < 16 else 16 if size < 40 else 40
    punct = after if not (after[:1].isalnum()) else "w"
    crosses = p.sentence[end] != p.sentence[start] and scene.quoted[start] != scene.quoted[end]
    return [f"dep={dep} attach={attach}", f"dep={dep} attach={attach} punct={punct}", f"punct={punct}",
            f"crosses={crosses} con={con}", f"crosses={crosses} mark={scene.quoted[start] >= 0}",
            f"quoted={quoted} start={starts_quote}", f"quoted={quoted} punct={punct}", f"lead={lead}",
            f"lead={lead} attach={attach}", f"con={con} dep={dep} attach={attach}", f"con={con} same={same}",
            f"open={min(open_clause, 3)} punct={punct}", f"size={bucket} con={con}", f"same={same}",
            f"quoted={quoted} start={starts_quote} same={same}", f"last={p.pos[end]}", f"last={p.dep[end]}",
            f"tag={p.tag[root] if same else ''} attach={attach}", f"first={first_dep} dep={dep} attach={attach}",
            f"lemma={p.lemma[s.head]} dep={dep} attach={attach}", f"lead pos={p.pos[word] if same else ''} {dep}",
            f"quoted={quoted} con={con} attach={attach}", f"mark={scene.quoted[start] >= 0} {quoted} {attach}"]


# ---- before the cue --------------------------------------------------------------------------------------------------

def before(s: Setting) -> list[tuple[int, int, str]]:
    """List spans before the cue that may be content, each with the way to it."""
    found: list[tuple[int, int, str]] = []
    for first, last, how in (*_stretches(s), *_phrases(s), *_above(s), *_pointed(s)):
        a, b = first, last
        if s.source and s.source.last < s.cue.first and a <= s.source.last and s.source.first <= b:
            if a < s.source.first:
                b = min(b, s.source.first - 1)
            else:
                a = max(a, s.source.last + 1)
        a, b = s.scene.parse.trim(max(a, 0), min(b, s.cue.first - 1))
        if a <= b and all((a, b) != (x, y) for x, y, _ in found):
            found.append((a, b, how))
    return found


def _stretches(s: Setting) -> Iterator[tuple[int, int, str]]:
    """Give the quotation before the cue, and the sentence up to it."""
    p, scene = s.scene.parse, s.scene
    mark = s.cue.frame.quote_before
    if mark >= 0:
        a, b, _ = scene.marks[mark]
        yield a, b, "quote"
        if p.sentences[p.sentence[a]][0] < a:
            yield p.sentences[p.sentence[a]][0], b, "sentence of quote"
    yield s.bounds[0], s.core[0] - 1, "stretch"


def _phrases(s: Setting) -> Iterator[tuple[int, int, str]]:
    """Give what depends on the cue, before it."""
    p = s.scene.parse
    for child in p.children[s.head]:
        if child < s.head and p.dep[child] in _LEFT:
            yield p.left[child], min(p.right[child], s.cue.first - 1), p.dep[child]
            tail = p.child(child, "relcl", "appos", "acl")
            if tail is not None and tail > child:
                yield p.left[child], p.left[tail] - 1, p.dep[child] + " cut"
            known = antecedent(p, child)
            if known is not None:
                yield p.left[known], p.left[child] - 1, "antecedent"


def _above(s: Setting) -> Iterator[tuple[int, int, str]]:
    """Give the noun or clause that the cue itself depends on, and what follows the last comma."""
    p, (first, _), low = s.scene.parse, s.core, s.bounds[0]
    if p.dep[s.head] in ("relcl", "acl", "amod"):
        noun = p.head[s.head]
        yield p.left[noun], min(p.right[noun], first - 1), p.dep[s.head] + " noun"
        yield p.left[s.head], first - 1, "relative"
    node = s.head
    for _ in range(3):
        if p.head[node] == node:
            break
        node = p.head[node]
        if p.left[node] < first:
            yield max(p.left[node], low), first - 1, f"up {p.dep[s.head]}"
            subject = p.child(node, "nsubjpass", "nsubj")
            if p.dep[s.head] in ("xcomp", "oprd") and subject is not None:
                yield p.left[subject], p.right[subject], "raised"
    for token in range(first - 2, max(low, first - 40), -1):
        if p.words[token] in (",", ";", ":", "--", "—", "–") or p.lower[token] in ("and", "but"):
            yield token + 1, first - 1, "comma"
            break


def _pointed(s: Setting) -> Iterator[tuple[int, int, str]]:
    """Give the spans that the tagger points at."""
    for first, last in s.scene.pointers.at(s.head)["before"].spans(s.bounds[0], s.cue.first - 1):
        yield first, last, "pointed"


def before_features(s: Setting, piece: tuple[int, int, str] | None, after: Tokens | None) -> list[str]:
    """Name what speaks for a piece before the cue, when ``after`` is the piece after it."""
    p, scene, head = s.scene.parse, s.scene, s.head
    f = s.cue.frame
    lemma, con, dep = p.lemma[head], f.construction, p.dep[head]
    has_after = after is not None
    side = "no" if not s.source else "after" if s.source.first > s.cue.last else "before"
    if piece is None:
        return [f"none after={has_after}", f"none after={has_after} con={con}", f"none lemma={lemma}",
                f"none dep={dep}", f"none quote={f.quote_before >= 0} after={has_after}",
                f"none passive={f.passive} after={has_after}",
                f"none side={side} after={has_after}", f"none pos={p.pos[head]} after={has_after}",
                f"none dep={dep} after={has_after}", f"none how={s.source.how if s.source else ''}",
                f"none passive={f.passive} lemma={lemma}"]
    a, b, how = piece
    before_core = b + 1
    comma = p.words[before_core] if before_core < len(p) else ""
    if comma[:1].isalnum():
        comma = "w"
    starts_sentence = a == p.trim(*s.bounds)[0]
    quote = "whole" if a in scene.starts and b in scene.ends and scene.starts[a] == scene.ends[b] else \
        "ends" if b in scene.ends else "part" if any(scene.quoted[t] >= 0 for t in (a, b)) else "no"
    verb = any(p.pos[t] in ("VERB", "AUX") for t in range(a, b + 1))
    last_of_core = s.core[1] >= s.bounds[1] - 1
    lead = "start" if starts_sentence else p.lower[a - 1] if not p.is_word[a - 1] and p.words[a - 1] in ",;:-–—" else \
        "word" if scene.previous_word(a) >= s.bounds[0] else "start"
    return [f"how={how}", f"how={how} con={con}", f"how={how} after={has_after}", f"how={how} dep={dep}",
            f"how={how} comma={comma} verb={verb}", f"quote={quote} comma={comma}", f"quote={quote} how={how}",
            f"verb={verb} comma={comma} side={side}", f"sentence={starts_sentence} how={how}",
            f"lemma={lemma} how={how}",
            f"gap={min(s.core[0] - b, 6)} how={how}", f"passive={f.passive} how={how} after={has_after}",
            f"one={p.lower[a] if a == b else ''}", f"how={how} tag={p.tag[head]}", f"after={has_after} comma={comma}",
            f"last={last_of_core} after={has_after} comma={comma}", f"size={min((b - a + 1) // 3, 5)} how={how}",
            f"dep={dep} side={side} comma={comma} {has_after}", f"first={p.lower[a]}", f"lead={lead} how={how}",
            f"lead={lead} quote={quote} comma={comma}"]


# ---- together -------------------------------------------------------------------------------------------------------

def choose(s: Setting, ask: Mapping[str, loglinear.Question]) -> tuple[list[Tokens], float]:
    """Find the content of a cue, in text order, and the probability of the choices made."""
    pointed = s.scene.pointers.at(s.head)
    options: list[int | None] = [None, *starts(s)]
    chosen, sure = ask["after"].best([start_features(s, o) for o in options], pointed["after"].begins(options))
    start, after = options[chosen], None
    if start is not None and (stops := ends(s, start)):
        at, sharp = ask["content_end"].best([end_features(s, start, e) for e in stops], pointed["after"].stops(stops))
        after, sure = (start, stops[at]), sure * sharp
    spans: list[tuple[int, int, str] | None] = [None, *before(s)]
    hints = pointed["before"].whole([x[:2] if x else None for x in spans])
    chosen, sharp = ask["before"].best([before_features(s, o, after) for o in spans], hints)
    piece = spans[chosen]
    pieces = [(piece[0], piece[1])] if piece else []
    pieces += [after] if after else []
    return pieces, sure * sharp
