"""What stands around a word that may be a cue: its subject, its complements, the quotations beside it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from kg.attribution.parse import Parse
from kg.attribution.pointers import Pointers
from kg.attribution.quotes import Quotation

SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
#: Relations through which a verb without a subject has that of the word above it.
_SHARED = {"conj": "conj", "xcomp": "xcomp", "advcl": "advcl", "pcomp": "pcomp", "ccomp": "ccomp", "aux": "aux",
           "dep": "dep", "parataxis": "parataxis"}
_MODIFIER = ("acl", "relcl", "amod")
_RELATIVE = frozenset({"who", "which", "that", "whom", "what", "whose"})
_CLIMB = 4


@dataclass(frozen=True)
class Scene:
    """A parse with its quotations laid over the tokens, and what the learned model says of them.

    ``marks`` are first-level quotations and those second-level ones that stand alone, as token ranges (last
    included); ``quoted`` numbers the mark that a token stands in, or -1.
    """

    parse: Parse
    quotations: list[Quotation]
    pointers: Pointers = field(default_factory=Pointers)

    @cached_property
    def marks(self) -> list[tuple[int, int, Quotation]]:
        """Token ranges of the quotations, in order and without overlap."""
        found: list[tuple[int, int, Quotation]] = []
        for q in self.quotations:
            first, last = bisect_right(self.parse.end, q.start), bisect_left(self.parse.start, q.end) - 1
            first, last = self.parse.trim(first, last)
            if first <= last and (not found or found[-1][1] < first):
                found.append((first, last, q))
        return found

    @cached_property
    def quoted(self) -> list[int]:
        """The quotation of each token, or -1."""
        inside = [-1] * len(self.parse)
        for number, (first, last, _) in enumerate(self.marks):
            for token in range(first, last + 1):
                inside[token] = number
        return inside

    @cached_property
    def starts(self) -> dict[int, int]:
        """First token of a quotation -> its number."""
        return {first: n for n, (first, _, _) in enumerate(self.marks)}

    @cached_property
    def ends(self) -> dict[int, int]:
        """Last token of a quotation -> its number."""
        return {last: n for n, (_, last, _) in enumerate(self.marks)}

    def next_word(self, token: int) -> int:
        """Give the first word after a token, or the number of tokens."""
        token += 1
        while token < len(self.parse) and not self.parse.is_word[token]:
            token += 1
        return token

    def previous_word(self, token: int) -> int:
        """Give the last word before a token, or -1."""
        token -= 1
        while token >= 0 and not self.parse.is_word[token]:
            token -= 1
        return token


@dataclass(frozen=True, slots=True)
class Frame:
    """The surroundings of one possible cue; token numbers, None where there is none.

    ``subject`` is the nearest word that may name the source, ``how`` the way to it (``nsubj``, ``poss``, ``conj`` ...).
    ``construction`` names what carries the content: ``quote``, ``that``, ``wh``, ``clause``, ``infinitive``,
    ``object``, ``about`` (a preposition) or ``bare``.
    """

    head: int
    subject: int | None
    how: str
    construction: str
    passive: bool
    quote_after: int
    quote_before: int


def frame(scene: Scene, head: int) -> Frame:
    """Describe the surroundings of ``head``."""
    p = scene.parse
    subject, how = next(iter(subjects(p, head)), (None, "none"))
    deps = {p.dep[c] for c in p.children[head]}
    before, after = _beside(scene, head, subject)
    return Frame(head, subject, how, _construction(scene, head, before, after), "auxpass" in deps or "agent" in deps,
                 after, before)


def subjects(p: Parse, head: int) -> list[tuple[int, str]]:
    """List the words that may name the source of ``head``, the likeliest first, with the way to each."""
    found: list[tuple[int, str]] = []
    for child in p.children[head]:
        dep = p.dep[child]
        if dep in SUBJECTS:
            found.append((child, dep))
        elif dep == "poss":
            found.append((child, "poss"))
        elif dep == "agent":
            found += [(c, "agent") for c in p.children[child] if p.dep[c] == "pobj"]
        elif dep == "prep" and (p.lower[child] in ("to", "by", "from", "among") or p.pos[head] == "NOUN"):
            found += [(c, "prep " + p.lower[child]) for c in p.children[child] if p.dep[c] == "pobj"]
        elif dep in ("compound", "amod") and p.pos[head] in ("NOUN", "PROPN"):
            found.append((child, dep))
    if p.pos[head] == "ADP":
        found += [(c, "pobj") for c in p.children[head] if p.dep[c] == "pobj"]
    agent = [f for f in found if f[1] == "agent" or (f[1] == "prep to" and p.lower[head] == "according")]
    found = agent + [f for f in found if f not in agent]
    return found + _inherited(p, head, bool(found))


def _inherited(p: Parse, head: int, has_own: bool) -> list[tuple[int, str]]:
    """Subjects of the words above, through conjunction, control, participles and light verbs."""
    found: list[tuple[int, str]] = []
    node, path = head, ""
    for _ in range(_CLIMB):
        dep, above = p.dep[node], p.head[node]
        if above == node:
            break
        if dep in _MODIFIER:
            found.append((above, f"{path}{dep}"))
            break
        if dep in ("dobj", "attr", "pobj", "acomp", "oprd", "prep") and p.pos[head] in ("NOUN", "ADJ", "ADP", "VERB"):
            path = path or "light "
        elif dep == "pcomp" and p.lower[above] == "as":  # "quoted the army as saying"
            found += [(c, "as " + p.dep[c]) for c in p.children[p.head[above]] if p.dep[c] in ("dobj", "nsubjpass")]
            path = path or "as "
        elif dep not in _SHARED:
            break
        else:
            path = path or _SHARED[dep] + " "
        own = [c for c in p.children[above] if p.dep[c] in ("nsubj", "nsubjpass", "poss")]
        found += [(c, path + p.dep[c]) for c in own if c != head and not p.left[c] <= head <= p.right[c]]
        if p.dep[node] == "xcomp":
            found += [(c, path + "dobj") for c in p.children[above] if p.dep[c] == "dobj" and c < head]
        if own:
            break
        node = above
    return found if not has_own else found[:1]


def _beside(scene: Scene, head: int, subject: int | None) -> tuple[int, int]:
    """Numbers of the quotation that ends just before cue and subject, and of the one that begins soon after; or -1."""
    p = scene.parse
    first, last = head, head
    if subject is not None and p.sentence[subject] == p.sentence[head] and abs(subject - head) < 25:
        first, last = min(first, p.left[subject]), max(last, p.right[subject] if subject > head else last)
    before = -1
    for start in {first, head}:
        word = scene.previous_word(start)
        if word >= 0 and start - word < 4:
            before = max(before, scene.ends.get(word, -1))
    after = -1
    limit = min(max(last, head) + 12, p.sentences[p.sentence[head]][1] + 2, len(p))
    for token in range(head + 1, limit):
        if token in scene.starts:
            after = scene.starts[token]
            break
    if scene.quoted[head] >= 0 and scene.quoted[head] in (before, after):
        return -1, -1
    return before, after


def _construction(scene: Scene, head: int, before: int, after: int) -> str:
    """Name what carries the content of ``head``."""
    p = scene.parse
    if before >= 0:
        return "quote"
    if after >= 0:
        gap = [t for t in range(head + 1, scene.marks[after][0]) if p.is_word[t]]
        if not gap or ((len(gap) < 6 or ":" in p.words[head:scene.marks[after][0]]) and "," in
                       p.words[head:scene.marks[after][0]]):
            return "quote"
    name = "bare"
    for child in p.children[head]:
        dep = p.dep[child]
        if dep in ("ccomp", "acl", "relcl", "advcl", "csubj") and (dep == "ccomp" or p.pos[head] in ("NOUN", "ADJ")):
            marks = {p.lower[c] for c in p.children[child] if p.dep[c] in ("mark", "advmod", "nsubj", "dobj", "attr")}
            if "that" in marks:
                return "that"
            if marks & {"whether", "if", "how", "why", "what", "when", "where", "who"}:
                return "wh"
            name = "clause" if dep == "ccomp" or name == "clause" else "infinitive"
        elif dep == "xcomp" and name != "clause":
            name = "infinitive"
        elif dep in ("dobj", "oprd") and name in ("bare", "about"):
            name = "object"
        elif dep == "prep" and name == "bare":
            name = "about"
    return name


def antecedent(p: Parse, token: int) -> int | None:
    """Give the noun that a relative pronoun stands for, None for another word or a free relative."""
    if p.lower[token] not in _RELATIVE or p.tag[token] not in ("WP", "WDT", "WP$", "IN"):
        return None
    node = token
    for _ in range(_CLIMB):
        if p.dep[node] == "relcl":
            return p.head[node]
        if p.head[node] == node:
            return None
        node = p.head[node]
    return None
