"""Whose words they are: the actors behind sources, and those who passed the words on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from kg.attribution.cues import Cue
from kg.attribution.frames import Scene, antecedent
from kg.attribution.sources import Source
from kg.records import Entity, EntityType, Mention, MentionKind

Tokens = tuple[int, int]

#: Words for people and papers that speak for the body named beside them ("a spokesman for the Kremlin").
_STANDS_FOR = frozenset({
    "account", "agency", "aide", "analysis", "article", "book", "briefing", "column", "comment", "diplomat", "document",
    "editorial", "email", "filing", "leadership", "letter", "memo", "message", "office", "official", "poll", "readout",
    "release", "remark", "report", "representative", "rhetoric", "site", "source", "speech", "spokesman",
    "spokespeople", "spokesperson", "spokeswoman", "statement", "study", "survey", "testimony", "transcript",
    "tweet", "website"})
_FIRST_PERSON = frozenset({"i", "we", "me", "us", "my", "our"})
_RELAY = frozenset({"to", "with", "in", "on", "by", "via", "through", "from", "for", "of", "at", "as"})
#: Words that lead to the outlet that one speaks to.
_TO_OUTLETS = frozenset({"tell", "interview", "speak", "statement", "write", "email"})
#: What brings words before the public, in whose hands they come to us ("a letter seen by Reuters").
_PASS_ON = frozenset({"air", "broadcast", "carry", "obtain", "post", "print", "publish", "quote", "release", "review",
                      "see"})
#: Prepositions after which only an outlet passes words on, not any body that one may speak to.
_PLACE = frozenset({"at", "on", "by", "for", "of", "from", "as"})
CITE = frozenset({"quote", "cite"})
_HE_SAID = frozenset({"he", "she", "they"})
_DEEPEST = 4
_DEEPEST_RELAY = 6


@dataclass(frozen=True, slots=True)
class Finding:
    """One attribution in tokens, before its actors are known; ``block``: speech printed without quotation marks."""

    cue: Cue
    source: Source | None
    pieces: tuple[Tokens, ...]
    sure: float
    block: bool = False


class Cast:
    """The mentions of a document, by token."""

    def __init__(self, scene: Scene, mentions: Sequence[Mention]) -> None:
        self.scene = scene
        self.known = [m for m in mentions if m.entity is not None]
        self.by_root = {m.root: m for m in reversed(self.known)}
        self.together: dict[int, list[Mention]] = {}
        for mention in self.known:
            self.together.setdefault(mention.root, []).append(mention)
        self.by_token: dict[int, Mention] = {}
        for mention in sorted(self.known, key=lambda m: m.end_token - m.start_token):
            for token in range(mention.start_token, mention.end_token):
                self.by_token.setdefault(token, mention)

    def at(self, token: int) -> Mention | None:
        """Give the mention headed by a token or, for want of one, the shortest that covers it."""
        return self.by_root.get(token) or self.by_token.get(token)

    def is_named(self, entity: Entity, place: Tokens) -> bool:
        """Whether the actor is named, other than by a pronoun, within a range of tokens."""
        return any(m.entity == entity and m.kind is not MentionKind.PRONOUN and place[0] <= m.root <= place[1]
                   for m in self.known)

    def in_name(self, token: int) -> bool:
        """Whether a token is a part of a person's name, even if it looks like a verb ("Denys")."""
        mention = self.by_token.get(token)
        return mention is not None and mention.kind is MentionKind.NAME and mention.entity is not None and (
            mention.entity.type is EntityType.PERSON and mention.end_token - mention.start_token > 1)

    def speaker(self, root: int) -> Entity | None:
        """Give the actor that the phrase headed by ``root`` names, through relative pronouns and spokespeople."""
        p = self.scene.parse
        known = antecedent(p, root)
        if known is not None:
            root = known
        mention = self.at(root)
        if mention is None or mention.kind in (MentionKind.OFFICE, MentionKind.NOMINAL):
            for child in p.children[root]:  # "the group's leader, Jane Roe"
                name = self.by_root.get(child) if p.dep[child] == "appos" else None
                if name and name.kind is MentionKind.NAME and name.entity and name.entity.type is EntityType.PERSON:
                    return _entity(name)
        if mention:
            return _entity(mention)
        if p.lower[root] in _STANDS_FOR or p.lemma[root] in _STANDS_FOR:
            for child in p.children[root]:
                if p.dep[child] in ("compound", "poss", "nmod", "amod") and (mention := self.at(child)):
                    return _entity(mention)
                if p.dep[child] == "prep" and p.lower[child] in ("for", "of", "from", "at", "in", "by"):
                    for below in p.children[child]:
                        if p.dep[below] == "pobj" and (mention := self.at(below)):
                            return _entity(mention)
        return None


def _entity(mention: Mention) -> Entity | None:
    return mention.entity.at(mention.span) if mention.entity else None


def speakers(cast: Cast, finding: Finding) -> list[Entity]:
    """Give the actors of a source, one for each conjunct ("A and B said")."""
    if finding.source is None:
        return []
    p = cast.scene.parse
    if (cited := _cited(cast, finding)) is not None:
        return [cited]
    found: list[Entity] = []
    node: int | None = finding.source.root
    while node is not None and len(found) < _DEEPEST:
        entity = _no_place(cast, cast.speaker(node), finding.source)
        both = [e for m in cast.together.get(node, []) if (e := _entity(m))]
        found += [e for e in (both if entity in both else [entity]) if e and e not in found]
        node = next((c for c in p.children[node] if p.dep[c] == "conj" and c <= finding.source.last
                     and _is_another(cast.scene, c)), None)
    return found


def _cited(cast: Cast, finding: Finding) -> Entity | None:
    """Give the one whom an outlet quotes in "“It is over,” Reuters quoted him as saying"."""
    p, head = cast.scene.parse, finding.cue.frame.head
    if p.lemma[head] not in CITE or finding.source is None or finding.cue.frame.construction != "quote":
        return None
    said = next((c for c in p.children[head] if p.dep[c] in ("dobj", "nsubjpass") and c != finding.source.root), None)
    return cast.speaker(said) if said is not None else None


def _no_place(cast: Cast, entity: Entity | None, source: Source) -> Entity | None:
    """The person in a source that the parser took for the place of its dateline ("BERLIN - Chancellor Merkel")."""
    if entity is None or entity.type is not EntityType.PLACE:
        return entity
    people = [m for m in cast.known if source.first <= m.root <= source.last and m.entity
              and m.entity.type is EntityType.PERSON]
    return _entity(people[-1]) if people else entity


def _is_another(scene: Scene, conjunct: int) -> bool:
    """Whether a conjunct names someone else, not one person's second office ("the senator and candidate")."""
    p = scene.parse
    return p.pos[conjunct] in ("PROPN", "PRON") or p.tag[conjunct] == "NNS" or any(
        p.dep[c] in ("det", "poss") for c in p.children[conjunct])


def relays(cast: Cast, finding: Finding) -> list[Entity]:
    """Outlets that a cue's own words name ("told Time magazine", "in an interview with CNN"), or those of its source.

    "Officials who spoke to Reuters" have their words passed on by it, too.
    """
    p = cast.scene.parse
    pieces = finding.pieces
    source = [(finding.source.first, finding.source.last)] if finding.source else []
    found: list[Entity] = []

    def walk(node: int, depth: int, told: bool, taken: list[Tokens]) -> None:
        told = told or p.lemma[node] in _TO_OUTLETS
        for child in p.children[node]:
            inside = any(a <= child <= b for a, b in taken)
            if inside or not _leads_on(cast.scene, child):
                continue
            mention = cast.by_root.get(child)
            listens = p.dep[child] in ("dobj", "dative", "pobj", "agent")  # not "told the AIPAC meeting"
            if mention and mention.entity and mention.kind is not MentionKind.PRONOUN and _is_outlet(
                    mention.entity, told, listens):
                found.append(mention.entity.at(mention.span))
            if depth < _DEEPEST_RELAY:
                walk(child, depth + 1, told and not (p.dep[child] == "prep" and p.lower[child] in _PLACE), taken)

    if _cited(cast, finding) is not None and finding.source and (outlet := cast.speaker(finding.source.root)):
        return [outlet]
    if not is_narrator(cast, finding):
        walk(finding.cue.frame.head, 0, False, [*pieces, *source])
        for child in p.children[finding.source.root] if finding.source else ():
            if p.dep[child] == "relcl" and p.lemma[child] in _TO_OUTLETS:
                walk(child, 0, False, list(pieces))
    return list(dict.fromkeys(found))


def _leads_on(scene: Scene, node: int) -> bool:
    """Whether an outlet that passes words on may stand below a word under the cue."""
    p, dep = scene.parse, scene.parse.dep[node]
    if dep == "prep":
        return p.lower[node] in _RELAY
    if dep == "relcl":
        return p.lemma[node] in _PASS_ON
    return dep in ("dobj", "dative", "pobj", "npadvmod", "advcl", "xcomp", "appos", "agent", "oprd", "compound", "acl",
                   "nmod")


def _is_outlet(entity: Entity, told: bool, listens: bool) -> bool:
    """Whether words pass through this actor: a medium or, where one is told, a campaigning or an unknown body."""
    if entity.type is not EntityType.ORGANIZATION:
        return entity.type is EntityType.MEDIA
    unknown = entity.country is None and entity.wikidata is None and entity.sector in (None, "JRN")
    return told and (unknown or (listens and entity.country == "NGO"))


def is_narrator(cast: Cast, finding: Finding) -> bool:
    """Whether the source is itself an outlet: what it reads or quotes is no relay of its words."""
    speaker = cast.speaker(finding.source.root) if finding.source else None
    return speaker is not None and speaker.type is EntityType.MEDIA


def hands_on(cast: Cast, outer: Finding, inner: Finding) -> bool:
    """Whether all that an outlet reports is that someone else said it: then it is only ``via``."""
    quoted = all(cast.scene.quoted[t] >= 0 for piece in outer.pieces for t in piece)  # from end to end: its own words
    if not is_narrator(cast, outer) or (outer.cue.frame.construction == "quote" and quoted):
        return False
    node = inner.cue.frame.head
    return any(a <= node <= b and node in tops(cast.scene, (a, b)) for a, b in outer.pieces)


def tops(scene: Scene, piece: Tokens) -> list[int]:
    """The words that bear a piece of content: its main verbs; of "him as saying that ...", the saying."""
    p = scene.parse
    first, last = piece
    heads = [t for t in range(first, last + 1) if p.head[t] == t or not first <= p.head[t] <= last]
    said = [c for t in heads if p.lower[t] == "as" for c in p.children[t] if p.dep[c] == "pcomp"]
    return said or heads


def passes_on(cast: Cast, earlier: Finding, speaker: Entity | None, via: Sequence[Entity],
              later: Finding) -> Entity | None:
    """Give the outlet through which "he said" still comes, soon after "according to TASS" or "told Time"."""
    p = cast.scene.parse
    a, b = earlier.cue.frame.head, later.cue.frame.head
    if later.source is None or p.lower[later.source.root] not in _HE_SAID or cast.scene.quoted[b] >= 0:
        return None
    if p.sentence[b] <= p.sentence[a] or p.sentence[b] - p.sentence[a] > 2 or p.paragraph[b] - p.paragraph[a] > 1:
        return None
    if speaker is not None and speaker.type is EntityType.MEDIA and p.lower[a] in ("according", "reported"):
        return speaker
    return next((v for v in via if v.type is EntityType.MEDIA), None)


def nesting(findings: Sequence[Finding]) -> list[int | None]:
    """For each finding, the one whose content its cue stands in, the closest around it; None at the top."""
    heads = sorted((f.cue.frame.head, n) for n, f in enumerate(findings))
    around: list[tuple[int, int] | None] = [None] * len(findings)
    for outer, finding in enumerate(findings):
        size = sum(b - a for a, b in finding.pieces)
        for first, last in finding.pieces:
            for _, inner in heads[bisect_left(heads, (first, -1)):bisect_left(heads, (last + 1, -1))]:
                best = around[inner]
                mutual = any(a <= finding.cue.frame.head <= b for a, b in findings[inner].pieces)
                if inner != outer and not mutual and (best is None or size < best[0]):
                    around[inner] = (size, outer)
    return [best[1] if best else None for best in around]


def is_first_person(scene: Scene, finding: Finding, outer: Finding) -> bool:
    """Whether the source is "I" or "we" in speech given word for word: then it is the speaker of ``outer``."""
    source = finding.source
    return bool(source and (outer.block or scene.quoted[source.root] >= 0)
                and scene.parse.lower[source.root] in _FIRST_PERSON)
