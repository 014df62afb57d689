"""Clause + mentions -> relations: the frame that fits, the actors in its roles, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from kg import ontology
from kg.nlp import control
from kg.nlp.control import Denial
from kg.records import EntityType, Mention, MentionKind, Modality, Relation, Span, TimeInterval
from kg.relations.frames import classes, inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.nlp.times import TimeExpression
    from kg.nlp.tree import Tree
    from kg.records import Clause
    from kg.relations.frames import Frame, Frames

#: Prepositions whose object stands behind a noun: "the decision of Biden", "comments by Peskov".
OWNERS = ("of", "by", "from", "between")
#: Prepositions of those who do a thing together.
TOGETHER = ("with", "between", "alongside")
#: Prepositions of the place that what is done to a thing is done to: "bombed sites *within* Russia".
PLACES = ("in", "within", "inside", "near", "at", "across", "around", "outside")
BORDERS = frozenset({"border", "frontier", "boundary"})
PLACED = frozenset({"attacks", "coerces", "aids", "retreats", "mobilizes"})
#: Roles that say what a relation is about.
TOPICS = ("comp:to", "comp:that", "comp:of", "comp:for", "comp:ing", "for", "over", "about", "on", "of", "to", "with",
          "patient", "comp:in", "comp:on", "comp:against")
#: Roles that clauses fill, and those of them that tell what an act is for.
CLAUSAL = ("comp:", "adv:")
INTENDED = ("comp:to", "adv:to")
#: Roles of the one whom an act affects, the closest first.
AFFECTED = ("patient", "recipient", "to", "with", "against", "on", "for", "from", "in")
TOPIC_LENGTH = 200
BEHIND_CONFIDENCE = 0.8
TAKEN_UP_CONFIDENCE = 0.5
RETURNED_CONFIDENCE = 0.7
ANNOUNCED_CONFIDENCE = 0.6
#: Nouns that sum up what someone has just said or done: "the remark", "the move".
SHELLS = frozenset({"remark", "comment", "statement", "speech", "decision", "move", "step", "suggestion",
                    "announcement", "accusation", "allegation", "claim", "gesture", "declaration"})
#: What ending an act amounts to, by its relation, and for acts against the other.
ENDED = {"aids": "sanctions", "cooperates": "sanctions", "consults": "sanctions", "supports": "rejects",
         "authorizes": "rejects", "attacks": "retreats", "coerces": "retreats", "sanctions": "retreats",
         "mobilizes": "retreats"}
#: Verbs of having an attitude: not to have a good one is to have a bad one.
HAVING = frozenset({"have", "hold", "feel", "show"})
#: "will never forgive" is a refusal.
WILL = frozenset({"will", "wo"})
REFUSALS = frozenset({Modality.ACTUAL, Modality.PLANNED, Modality.CONDITIONAL})
DEFINITE = frozenset({"the", "this", "that", "these", "those", "such"})
#: Relations that announcing does not turn into another: speech itself, and meetings.
SPEECH = frozenset({"agrees", "threatens", "requests", "criticizes", "supports", "consults"})
STEP_CONFIDENCE = 0.92


class Actors:
    """Which actors a token stands for: its own mention, or the one behind it ("Trump's *offer*": Trump)."""

    def __init__(self, tree: Tree, mentions: Sequence[Mention]) -> None:
        self.tree = tree
        self.authoring = classes()["authoring"]
        self.by_root: dict[int, list[Mention]] = {}
        self.by_token: dict[int, Mention] = {}
        for mention in sorted(mentions, key=lambda m: (m.entity is None, m.start_token - m.end_token)):
            self.by_root.setdefault(mention.root, []).append(mention)
            for i in range(mention.start_token, mention.end_token):
                self.by_token.setdefault(i, mention)
        self.known_owners: dict[int, Mention | None] = {}

    @cached_property
    def nouns(self) -> dict[str, list[int]]:
        """Where each noun stands, by lemma."""
        found: dict[str, list[int]] = {}
        for i, pos in enumerate(self.tree.pos):
            if pos == "NOUN":
                found.setdefault(self.tree.lemma[i], []).append(i)
        return found

    @cached_property
    def agents(self) -> list[tuple[int, Mention]]:
        """The actors that are subjects, each with its place."""
        return [(i, m) for i, dep in enumerate(self.tree.dep) if dep == "nsubj" and (m := self.at(i)) is not None]

    def owner(self, i: int) -> Mention | None:
        """The likeliest actor that a noun belongs to."""
        if i not in self.known_owners:
            self.known_owners[i] = next(self.behind(i), None)
        return self.known_owners[i]

    def at(self, i: int) -> Mention | None:
        """The first mention whose head is token ``i``, if its actor is known."""
        return next(self.all_at(i), None)

    def all_at(self, i: int) -> Iterator[Mention]:
        """The mentions whose head is token ``i`` and whose actors are known; "both leaders" mentions two."""
        found = self.by_root.get(i, [])
        if not found and self.tree.pos[i] in ("PROPN", "PRON") and i in self.by_token:
            found = [self.by_token[i]]
        words = {(m.start_token, m.end_token) for m in found[:1]}
        return (m for m in found if m.entity is not None and (m.start_token, m.end_token) in words)

    def behind(self, i: int, placed: bool = False) -> Iterator[Mention]:
        """Actors that a noun belongs to, likeliest first: possessor, then "by X" or "of X", then what stands before it.

        With ``placed``, the place where it is comes last.
        """
        tree = self.tree
        possessors = tree.kids(i, "poss")
        for c in possessors:
            yield from self.known(tree.conjuncts(c))
        if possessors and not placed:
            return  # "Rome's treatment of prisoners" is Rome's, whoever the prisoners are
        for c in tree.kids(i, "prep", "agent"):
            if tree.lower[c] in OWNERS:
                yield from self.object_of(c, placed)
        for c in tree.kids(i, "compound", "amod", "nmod"):
            yield from self.known([c])
        for c in (c for c in tree.kids(i, "acl", "relcl") if tree.lemma[c] in self.authoring):
            for by in tree.kids(c, "agent", "nsubj"):  # "the bill tabled by Rome", "the bill that Rome tabled"
                yield from self.known([by]) if tree.dep[by] == "nsubj" else self.object_of(by, placed)
        above = tree.head[i]
        if tree.dep[i] == "nsubjpass" and tree.lemma[above] in self.authoring:  # "the bill was tabled by Rome"
            for by in tree.kids(above, "agent"):
                yield from self.object_of(by, placed)
        if tree.dep[i] == "appos":
            yield from self.behind(tree.head[i], placed)
        if placed:
            for c in (p for n in (i, *tree.kids(i, "acl", "advmod")) for p in tree.kids(n, "prep")):
                if tree.lower[c] in (*PLACES, *OWNERS) or (tree.lower[c] == "with" and tree.lemma[i] in BORDERS):
                    yield from self.object_of(c, placed)

    def taken_up(self, i: int) -> Mention | None:
        """The actor behind the last thing of that name: "North Korea's test", taken up by "the test"."""
        tree = self.tree
        if not any(tree.lower[c] in DEFINITE for c in tree.kids(i, "det")):
            return None
        before = reversed([j for j in self.nouns.get(tree.lemma[i], ()) if j < i])
        owner = next((m for m in map(self.owner, before) if m is not None), None)
        if owner is None and tree.lemma[i] in SHELLS:
            return next((m for place, m in reversed(self.agents) if place < tree.sentence[i][0]), None)
        return owner

    def object_of(self, preposition: int, placed: bool) -> Iterator[Mention]:
        """The actors that a preposition's object names, or that stand behind it."""
        for p in self.tree.kids(preposition, "pobj"):
            found = list(self.known(self.tree.conjuncts(p)))
            yield from found or self.behind(p, placed)

    def known(self, tokens: Sequence[int]) -> Iterator[Mention]:
        """The mentions at tokens."""
        return (m for i in tokens for m in self.all_at(i))


def relate(tree: Tree, text: str, clauses: Sequence[Clause], mentions: Sequence[Mention], frames: Frames,
           times: Sequence[TimeExpression] = ()) -> list[Relation]:
    """Relations between actors that the clauses state, in text order.

    Parameters
    ----------
    tree, text
        The parse and the text it was made of.
    clauses
        From :func:`kg.nlp.clauses.clauses`.
    mentions
        Actors of the text; those without an entity fill no role.
    frames
        The frame table.
    times
        Time expressions; a relation has the one that hangs on its predicate, or on the verb that governs it.

    Returns
    -------
    list of Relation
        One for each pair of actors that the first fitting frame of a clause relates. No actor relates to itself.
    """
    reader = _Relater(tree, text, {c.root: c for c in clauses}, Actors(tree, mentions), dated(tree, times),
                       frozenset(t.root for t in times))
    verbs_first = sorted(clauses, key=lambda c: c.pos != "VERB")
    found = [relation for clause in verbs_first for relation in reader.clause(clause, frames)]
    named = {governor for r in found if (governor := reader.clauses[r.root].governor) is not None
             and reader.denials.of(tree.lemma[governor]) is Denial.REFUSES}  # a refusal gives way to what it refuses
    return sorted((r for r in found if r.root not in named), key=lambda r: r.root)


class _Relater:
    def __init__(self, tree: Tree, text: str, clauses: Mapping[int, Clause], actors: Actors,
                 times: Mapping[int, TimeInterval], dates: frozenset[int]) -> None:
        self.tree, self.text, self.clauses, self.actors, self.times = tree, text, clauses, actors, times
        self.dates = dates
        self.denials = control.load()
        self.told: set[int] = set()  # nouns whose event a verb's frame has told already ("imposed *sanctions* on")

    def clause(self, clause: Clause, frames: Frames) -> list[Relation]:
        """Relations by the first frame whose roles are filled by actors, and by the further ones."""
        if clause.root in self.told:
            return []
        told: list[Relation] = []
        for frame in frames.of(clause, self.tree):
            if told and not frame.also:
                continue
            subjects, subject_step, _ = self.fill(clause, frame.subject, None)
            if not subjects:
                continue
            objects, object_step, about = self.fill(clause, frame.object, frame.predicate, subjects)
            split = frame.mutual and not objects
            if split:
                subjects, objects = subjects[:1], subjects[1:]
            each = not objects and self.reciprocal(clause, frame.object)
            if each:
                objects = subjects
            if not objects and not frame.optional:
                continue
            sure = subject_step * object_step * STEP_CONFIDENCE ** clause.inherited
            objects = [o for o in objects if not (o.kind is MentionKind.PRONOUN and any(same(s, o) for s in subjects))]
            if not objects and not frame.optional:
                continue
            if frame.foreign and not foreign(subjects, objects):
                continue
            targets: list[Mention | None] = [*objects] or [None]
            pairs = [(s, o) for s in subjects for o in targets if o is None or not same(s, o)]
            both = frame.mutual and ontology.relations()[frame.predicate].polarity != 0 and (
                clause.modality is Modality.ACTUAL and not clause.negated and (split or self.beside(clause, objects)))
            if pairs:
                if frame.needs("patient"):
                    self.told.update(clause.get("patient"))
                topic = self.topic(clause, about, {m.root for p in pairs for m in p if m is not None})
                told += [self.relation(clause, frame, s, o, topic, sure) for s, o in pairs]
                told += [self.relation(clause, frame, o, s, topic, sure * RETURNED_CONFIDENCE) for s, o in pairs
                         if both and o is not None and fits(o, subject=True)]
        unless = any(self.tree.lower[m] == "unless" for c in self.tree.kids(clause.root, "advcl")
                     for m in self.tree.kids(c, "mark"))
        denial = self.denial(clause) if clause.negated else None
        verb = clause.root if clause.pos == "VERB" else self.tree.head[clause.root]
        if clause.negated and denial is None and self.tree.lemma[verb] in HAVING:  # "has no faith in"
            told = [amounting(r, "rejects") if r.predicate == "supports" else r for r in told]
        elif denial is Denial.REFUSES:
            told = [*(amounting(r, "rejects") for r in told
                      if ontology.relations()[r.predicate].polarity > 0 or r.predicate == "consults"), *told]
        elif denial is Denial.ENDS:
            told = [*(amounting(r, ENDED[r.predicate]) for r in told if r.predicate in ENDED), *told]
        return told + [announced(r, unless) for r in told if clause.announced and r.predicate not in SPEECH]

    def denial(self, clause: Clause) -> Denial | None:
        """How the verb that governs the clause denies it, if it does: by refusing it or by ending it."""
        tree = self.tree
        if clause.governor is not None:
            above = self.clauses.get(clause.governor)
            denial = self.denials.of(above.lemma if above else tree.lemma[clause.governor])
            if denial is not None:
                return denial if clause.modality is Modality.ACTUAL else None
        if clause.pos == "VERB" and any(tree.lemma[c] in WILL for c in tree.kids(clause.root, "aux")):
            return Denial.REFUSES if clause.modality in REFUSALS else None
        if clause.governor is not None or clause.modality is not Modality.ACTUAL:
            return None
        verb = self.clauses.get(tree.head[tree.first_conjunct(clause.root)])
        light = self.denials.light(verb.lemma, verb.particle) if verb is not None else None
        return light.denial if light is not None and clause.pos != "VERB" else None

    def beside(self, clause: Clause, objects: Sequence[Mention]) -> bool:
        """Whether the objects stand beside the agent ("clashed *with* Rome"): they do what it does."""
        roots = {o.root for o in objects}
        return any(roots & {*clause.get(role), *inside(clause, role, self.tree)} for role in TOGETHER)

    def reciprocal(self, clause: Clause, roles: tuple[str, ...]) -> bool:
        """Whether the first filled role holds "each other" or "one another"."""
        tree = self.tree
        tokens = next((found for role in roles if (found := clause.get(role))), ())
        return any((tree.lower[i], tree.lower[i - 1]) in (("other", "each"), ("another", "one")) for i in tokens if i)

    def denied(self, mention: Mention | None) -> bool:
        """Whether a coordination denies the mention: "but *not* Rome", "*neither* Rome nor Paris"."""
        tree = self.tree
        if mention is None:
            return False
        i = mention.root
        first = tree.first_conjunct(i)
        if any(tree.lower[c] == "neither" for c in tree.children[first]):
            return True
        if tree.dep[i] not in ("conj", "dobj", "pobj", "appos"):
            return False
        return any(tree.lower[c] == "not" for c in (*tree.children[i], mention.start_token - 1) if c >= 0)

    def contrary(self, mention: Mention | None) -> bool:
        """Whether what is denied of another is said of the mention: "not Rome *but* Paris"."""
        tree = self.tree
        if mention is None or tree.dep[mention.root] != "conj":
            return False
        first = tree.first_conjunct(mention.root)
        return any(tree.lower[i] == "but" for i in range(first, mention.root)) and any(
            tree.lower[i] in ("not", "n't") for i in (*tree.children[first], *tree.children[tree.head[first]]))

    def fill(self, clause: Clause, roles: tuple[str, ...], predicate: str | None,
             subjects: Sequence[Mention] = ()) -> tuple[list[Mention], float, int | None]:
        """Actors of the first role that has any, how sure they are, and the noun they stand behind, if they do.

        ``predicate`` is that of an object; it is None for a subject. A role that holds nobody but ``subjects`` is
        passed over: "recalled *its* ambassador from Rome".
        """
        subject = predicate is None

        def other(found: list[Mention]) -> bool:
            return any(not any(same(m, s) for s in subjects) for m in found)

        for named in roles:
            role, _, kind = (named, "", "") if named.startswith(CLAUSAL) else named.removesuffix("!").partition(":")
            tokens = (clause.root,) if role == "self" else clause.get(role) or inside(clause, role, self.tree)
            if role == "agent" and subject and not any(True for _ in self.actors.known(tokens)):
                tokens = (*tokens, *clause.get("holder"))
            direct = [m for m in self.actors.known(tokens) if fits(m, subject, kind)
                      and (role != "self" or m.kind is not MentionKind.NOMINAL)]
            if other(direct):
                return direct, 1.0, None
            if direct:
                continue
            if role != named or role == "self":
                continue
            for i in tokens:
                verbal = self.tree.pos[i] in ("VERB", "AUX") and not subject
                if verbal and other(found := self.within(i, role in INTENDED)):
                    return found, BEHIND_CONFIDENCE, i
                found = [m for m in self.actors.behind(i, predicate in PLACED) if fits(m, subject)][:1]
                if other(found) and role != "modifier":
                    return found, BEHIND_CONFIDENCE, i
                if not subject and (owner := self.actors.taken_up(i)) is not None:
                    return [owner], TAKEN_UP_CONFIDENCE, i
        return [], 1.0, None

    def within(self, i: int, intended: bool) -> list[Mention]:
        """The actors that a complement clause is about: who acts in it, or whom an intended act ("to ...") affects."""
        inner = self.clauses.get(i)
        if inner is None:
            return []
        roles = AFFECTED if intended else ("agent", "patient")
        held = [inner.get(role) or inside(inner, role, self.tree) for role in roles]
        found = [[m for m in self.actors.known(tokens) if fits(m, False)] for tokens in held]
        if intended and not any(found):  # "to demand reforms by Rome"
            found = [[m for m in self.actors.behind(j) if fits(m, False)][:1] for tokens in held for j in tokens]
        named = [group for group in found if any(m.kind is not MentionKind.NOMINAL for m in group)]
        return next(iter([*named, *filter(None, found)]), [])

    def topic(self, clause: Clause, about: int | None, used: set[int]) -> str | None:
        """The words that say what the relation is about."""
        tokens = [about] if about is not None else [
            i for role in TOPICS for i in clause.get(role) if i not in used and i not in self.dates]
        return next((topic_text(self.tree, self.text, i) for i in tokens
                     if clause.root not in self.tree.subtree(i)), None)

    def relation(self, clause: Clause, frame: Frame, subject: Mention, target: Mention | None, topic: str | None,
                 sure: float) -> Relation:
        tree = self.tree
        modality = clause.modality
        if frame.predicate == "agrees" and clause.get("comp:to") and modality is Modality.ACTUAL:
            modality = Modality.PLANNED  # "promised to end the war": the act is to come
        confidence = sure * subject.confidence * (target.confidence if target else 0.9)
        negated = self.denied(target) or (clause.negated and not self.contrary(target))
        return Relation(
            subject=subject, predicate=frame.predicate, object=target,
            trigger=Span.of(self.text, tree.start[clause.root], tree.end[clause.root]), root=clause.root, topic=topic,
            cameo=frame.cameo, negated=negated, modality=modality,
            time=self.time(clause.root), confidence=confidence)

    def time(self, i: int) -> TimeInterval | None:
        """The time of a predicate: its own, or that of the verb it depends on within the clause."""
        if i in self.times:
            return self.times[i]
        above = next((a for a in self.tree.ancestors(i) if self.tree.pos[a] in ("VERB", "AUX")), None)
        return self.times.get(above) if above is not None and self.tree.pos[i] not in ("VERB", "AUX") else None


def amounting(relation: Relation, predicate: str) -> Relation:
    """What it amounts to not to do something any more, or not at all; refusing to condemn is no rejection."""
    return replace(relation, predicate=predicate, cameo=ontology.relations()[predicate].cameo, negated=False)


def announced(relation: Relation, unless: bool) -> Relation:
    """What announcing an act amounts to: a promise, or a threat if it is bad for the other or hangs on "unless"."""
    good = ontology.relations()[relation.predicate].polarity > 0 and not unless
    predicate = "agrees" if good else "threatens"
    return replace(relation, predicate=predicate, cameo=ontology.relations()[predicate].cameo,
                   modality=relation.modality if good else Modality.ACTUAL,
                   confidence=relation.confidence * ANNOUNCED_CONFIDENCE)


def dated(tree: Tree, times: Sequence[TimeExpression]) -> dict[int, TimeInterval]:
    """Each predicate with the first time expression that hangs on it, through prepositions and noun phrases."""
    found: dict[int, TimeInterval] = {}
    for time in times:
        for a in tree.ancestors(time.root):
            found.setdefault(a, time.interval)
            if tree.pos[a] in ("VERB", "AUX"):
                break
    return found


def topic_text(tree: Tree, text: str, i: int) -> str:
    """The words under token ``i`` on one line, cut at a word after :data:`TOPIC_LENGTH` characters."""
    words = tree.subtree(i)
    topic = " ".join(text[tree.start[words[0]]:tree.end[words[-1]]].split()).strip(" ,.;:“”\"'")
    return topic if len(topic) <= TOPIC_LENGTH else topic[:TOPIC_LENGTH].rsplit(" ", 1)[0] + " …"


def foreign(subjects: Sequence[Mention], objects: Sequence[Mention]) -> bool:
    """Whether the two sides are of different known countries."""
    countries = [{m.entity.country for m in side if m.entity} for side in (subjects, objects)]
    return None not in countries[0] | countries[1] and not countries[0] & countries[1]


def same(a: Mention, b: Mention) -> bool:
    """Whether two mentions name one actor."""
    return a.entity is not None and a.entity == b.entity


def fits(mention: Mention, subject: bool, kind: str = "") -> bool:
    """Whether a mention can fill the role: what is only a place does nothing; ``kind`` asks for types of actor."""
    entity = mention.entity
    if entity is None or (kind and entity.type not in kind.split("+")):
        return False
    return not (subject and entity.type is EntityType.PLACE) or mention.kind is MentionKind.METONYM
