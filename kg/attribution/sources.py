"""Which words name the one who says, knows or thinks it, as an annotator would mark them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.attribution import loglinear
from kg.attribution.frames import Scene, antecedent, subjects

_TAIL = ("relcl", "acl", "appos", "prep", "cc", "conj", "punct", "advcl", "dep", "nummod", "npadvmod", "advmod")
_MOST_CUTS = 5
_NEAR = 12


@dataclass(frozen=True, slots=True)
class Source:
    """Tokens ``first`` to ``last`` (included), headed by ``root``, reached by way of ``how``."""

    first: int
    last: int
    root: int
    how: str
    cut: str  # relation of the first part that was left out, or "full"


def candidates(scene: Scene, head: int, first: int, last: int) -> list[Source]:
    """List the spans that may be the source of the cue ``first`` .. ``last`` around ``head``."""
    found: list[Source] = []
    for root, how in _roots(scene, head, first, last):
        if first <= root <= last and how not in ("poss", "compound", "amod"):
            continue
        found += [s for s in _extents(scene, root, how, first, last) if all(
            (s.first, s.last) != (o.first, o.last) for o in found)]
    return found + _pointed(scene, head, first, last, found)


def _pointed(scene: Scene, head: int, first: int, last: int, known: list[Source]) -> list[Source]:
    """Spans beside the cue that the tagger points at and the tree does not give."""
    p = scene.parse
    ways = {s.root: s.how for s in reversed(known)}
    found: list[Source] = []
    for a, b in scene.pointers.at(head)["source"].spans(*p.sentences[p.sentence[head]]):
        a, b = p.trim(a, b)
        if a <= b and (b < first or last < a) and all((a, b) != (s.first, s.last) for s in (*known, *found)):
            root = p.root(a, b)
            found.append(Source(a, b, root, ways.get(root, "pointed"), "pointed"))
    return found


def _roots(scene: Scene, head: int, first: int, last: int) -> list[tuple[int, str]]:
    """Subjects by syntax and, for want of them, the nearest names beside the cue."""
    p = scene.parse
    found = subjects(p, head)
    for token in range(first, last + 1):  # "said in a statement by ...", "response was", "a supporter of"
        if token != head and p.pos[token] in ("NOUN", "PROPN", "VERB"):
            found += [(c, f"in {p.dep[c]}") for c in p.children[token] if p.dep[c] in ("poss", "nsubj", "agent")]
    seen = {token for token, _ in found}
    for token, _ in list(found):
        known = antecedent(p, token)
        if known is not None and known not in seen:
            found.append((known, "antecedent"))
            seen.add(known)
    if not any(how in ("nsubj", "agent", "poss", "pobj") for _, how in found):
        begin, end = p.sentences[p.sentence[head]]
        for token in range(max(begin, first - _NEAR), min(end, last + _NEAR)):
            outer = p.dep[token] in ("nsubj", "ROOT", "dep", "npadvmod", "appos", "attr", "conj", "pobj", "dobj",
                                     "nsubjpass", "ccomp")
            if token not in seen and outer and (p.pos[token] in ("PROPN", "PRON") or p.entity[token] in
                                                ("PERSON", "ORG", "GPE")):
                found.append((token, f"near {p.dep[token]}"))
    return found


def _extents(scene: Scene, root: int, how: str, first: int, last: int) -> list[Source]:
    """List the extents of the phrase of ``root``: whole, or without some of what trails behind it."""
    p = scene.parse
    left, right = p.left[root], p.right[root]
    if how.startswith(("near", "ccomp", "compound", "amod")) and p.pos[root] in ("VERB", "AUX"):
        return []
    if left <= first and first <= root:
        left = last + 1
    if root < first <= right:
        right = first - 1
    elif left <= last < root:
        left = last + 1
    if scene.quoted[root] != scene.quoted[left]:
        left = next((t for t in range(left, root) if scene.quoted[t] == scene.quoted[root]), root)
    ends = [(right, "full")]
    tails = [c for c in p.children[root] if c > root and p.dep[c] in _TAIL and p.left[c] <= right]
    for child in tails[:_MOST_CUTS + 3]:
        if p.dep[child] != "punct" or p.words[child] in (",", "-", "—", "–", "("):
            ends.append((p.left[child] - 1, p.dep[child]))
    for child in (c for c in p.children[root] if c > root and p.dep[c] in ("appos", "prep", "conj", "relcl")):
        inner = [(p.left[g] - 1, f"{p.dep[child]} {p.dep[g]}") for g in p.children[child]
                 if g > child and p.dep[g] in ("relcl", "appos", "acl")]
        ends += inner
    found: list[Source] = []
    for end, cut in ends:
        a, b = p.trim(left, min(end, right))
        if a <= root <= b and all((a, b) != (s.first, s.last) for s in found):
            found.append(Source(a, b, root, how, cut))
    return found


def features(scene: Scene, head: int, first: int, last: int, source: Source | None) -> list[str]:
    """Name what speaks for ``source`` (None: the source is not named)."""
    p = scene.parse
    lemma, pos = p.lemma[head], p.pos[head]
    if source is None:
        return ["none", f"none pos={pos}", f"none dep={p.dep[head]}", f"none tag={p.tag[head]}",
                f"none lemma={lemma}", f"none passive={any(p.dep[c] == 'auxpass' for c in p.children[head])}",
                f"none inside={scene.quoted[head] >= 0}"]
    root, how = source.root, source.how
    kind = p.entity[root] or p.pos[root]
    inner = sorted({p.dep[c] for c in p.children[root] if source.first <= c <= source.last and c > root})
    size = source.last - source.first + 1
    gap = first - source.last - 1 if source.last < first else source.first - last - 1
    trailing = p.words[source.last + 1] if source.last + 1 < len(p) else ""
    side = "before" if source.last < first else "after"
    same = scene.quoted[root] == scene.quoted[head]
    found = [f"how={how}", f"how={how} pos={pos}", f"how={how} lemma={lemma}", f"kind={kind}", f"kind={kind} how={how}",
             f"cut={source.cut}", f"cut={source.cut} kind={kind}", f"cut={source.cut} next={trailing}",
             f"inner={'+'.join(inner)}", f"inner={'+'.join(inner)} cut={source.cut}", f"size={min(size, 12)}",
             f"gap={min(max(gap, -1), 8)} {side}", f"side={side} how={how}", f"same quote={same}",
             f"tag={p.tag[root]}", f"how={how} dep={p.dep[head]}"]
    if p.tag[root] in ("PRP", "WP", "WDT", "DT", "EX"):
        found += [f"word={p.lower[root]}", f"word={p.lower[root]} how={how}"]
    if source.cut != "full" and source.last + 1 < len(p):
        cut_word = p.lower[scene.next_word(source.last)] if scene.next_word(source.last) < len(p) else ""
        found += [f"cut before={cut_word}", f"cut={source.cut} before={cut_word}"]
    if "," in p.words[source.first:source.last + 1]:
        found.append(f"comma inside {trailing == ','} {side}")
    if first > source.last:
        between = " ".join(p.dep[t] if p.is_word[t] else p.words[t] for t in range(source.last + 1, first)[:6])
        found.append(f"between={between}")
    return found


def choose(scene: Scene, head: int, first: int, last: int, question: loglinear.Question) -> tuple[Source | None, float]:
    """Choose the source of a cue, and give the probability of that choice."""
    options: list[Source | None] = [None, *candidates(scene, head, first, last)]
    hints = scene.pointers.at(head)["source"].whole([(s.first, s.last) if s else None for s in options])
    chosen, sure = question.best([features(scene, head, first, last, s) for s in options], hints)
    return options[chosen], sure
