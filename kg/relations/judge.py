"""Judgements: what someone says of an actor in evaluative words ("called it crazy", "the regime's barbaric attacks").

A judgement by the verb's own agent is a full relation. One that the words themselves carry has no subject: it is the
attitude of whoever says them, and :mod:`kg.statements` fills in the speaker or drops it.
The words are in ``judgements.csv``: evaluative *words*, verbs that *call* something something, *copulas*, *acts* that
speak against the one who does them, predicates of *duty* ("essential"), nouns of *harm* whose "of" names the harmed,
verbs that *liken* one to what is good or bad, nouns of a *view* that someone holds ("in the eyes of"), verbs of good
or ill *fortune* of their agent, verbs of what may *befall* their patient, words for a *feeling* about either, what one
is to *blame* for or behind (*plot*), verbs of the *trust* that one deserves or not, *bonds* that are broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg import ontology, resources
from kg.errors import DataError
from kg.nlp.reality import OBLIGATION
from kg.records import Mention, MentionKind, Modality, Relation, Span
from kg.relations.relate import BEHIND_CONFIDENCE, Actors, fits, same, topic_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.nlp.tree import Tree
    from kg.records import Clause

PREDICATES = {1: "supports", -1: "criticizes"}
CONFIDENCE = {"call": 0.9, "copula": 0.75, "act": 0.55, "attribute": 0.6, "duty": 0.7, "fortune": 0.85}
NEGATION = frozenset({"not", "n't", "n’t", "no", "never", "hardly", "without"})


@dataclass(frozen=True, slots=True)
class Words:
    """Evaluative words and acts with their value (-1 or 1), the verbs that bring them in, duties and harms."""

    value: Mapping[str, int]
    act: Mapping[str, int]
    call: frozenset[str]
    copula: frozenset[str]
    duty: frozenset[str]
    harm: frozenset[str]
    liken: frozenset[str]
    view: frozenset[str]
    fortune: Mapping[str, int]
    befall: Mapping[str, int]
    feeling: Mapping[str, int]
    blame: frozenset[str]
    trust: frozenset[str]
    bond: frozenset[str]
    plot: frozenset[str]


@cache
def load() -> Words:
    """Read ``judgements.csv``.

    Raises
    ------
    DataError
        With file and line, for an unknown kind or a value other than -1, 0, 1.
    """
    tables: dict[str, dict[str, int]] = {kind: {} for kind in (
        "word", "act", "call", "copula", "duty", "harm", "liken", "view", "fortune", "befall",
        "feeling", "blame", "trust", "bond", "plot")}
    for where, row in resources.table(resources.data("relations", "judgements.csv")):
        if row["kind"] not in tables or row["value"] not in ("-1", "0", "1"):
            raise DataError(f"kind {row['kind']!r} or value {row['value']!r} is unknown", where,
                            f"kinds are {', '.join(tables)}; values -1, 0, 1")
        for lemma in row["lemmas"].split("|"):
            tables[row["kind"]].setdefault(lemma, int(row["value"]))
    return Words(tables["word"], tables["act"], frozenset(tables["call"]), frozenset(tables["copula"]),
                 frozenset(tables["duty"]), frozenset(tables["harm"]), frozenset(tables["liken"]),
                 frozenset(tables["view"]), tables["fortune"], tables["befall"], tables["feeling"],
                 frozenset(tables["blame"]), frozenset(tables["trust"]), frozenset(tables["bond"]),
                 frozenset(tables["plot"]))


def judge(tree: Tree, text: str, clauses: Sequence[Clause], mentions: Sequence[Mention]) -> list[Relation]:
    """Judgements that the clauses pass on actors, in text order."""
    reader = _Judge(tree, text, Actors(tree, mentions), load(), {c.root: c for c in clauses})
    return [*(r for clause in clauses for r in reader.clause(clause)), *reader.attributes()]


class _Judge:
    def __init__(self, tree: Tree, text: str, actors: Actors, words: Words, clauses: Mapping[int, Clause]) -> None:
        self.tree, self.text, self.actors, self.words, self.clauses = tree, text, actors, words, clauses

    def clause(self, clause: Clause) -> Iterator[Relation]:
        if clause.pos != "VERB":
            return
        if clause.lemma in self.words.call:
            yield from self.called(clause)
        said = clause.get("complement") or clause.get("patient")
        if clause.lemma in self.words.copula and (value := self.worth(said)):
            yield from self.voiced(clause, clause.get("agent"), value, "copula")
        elif (value := self.deed(clause)) and not clause.negated:  # not to bomb is no merit
            yield from self.voiced(clause, clause.get("agent"), value, "act")
        elif clause.lemma in self.words.trust and not clause.get("agent") and any(
                self.tree.lower[c] in ("can", "could", "ca") for c in self.tree.kids(clause.root, "aux")):
            yield from self.voiced(clause, clause.get("patient") or clause.get("on"), 1, "copula")
        for role, table in (("agent", self.words.fortune), ("patient", self.words.befall)):
            if value := table.get(clause.lemma, 0):
                yield from self.wished(clause, clause.get(role), value)
        for actor in self.actors.known(self.bound(clause)):
            yield self.relation(clause.root, None, "requests", actor, CONFIDENCE["duty"],
                                topic=topic_text(self.tree, self.text, clause.root), cameo="020")

    def deed(self, clause: Clause) -> int:
        """What an act says of the one who does it, or of the one who is "to blame" or "behind the plot"."""
        tree = self.tree
        if clause.lemma == "break" and any(tree.lemma[i] in self.words.bond for i in clause.get("patient")):
            return -1
        if clause.lemma in self.words.copula and (
                any(tree.lemma[i] in self.words.blame for i in clause.get("comp:to"))
                or any(tree.lemma[i] in self.words.plot for i in clause.get("behind"))):
            return -1
        return self.words.act.get(clause.lemma, 0)

    def bound(self, clause: Clause) -> Sequence[int]:
        """Who is told to act: "Kyiv must yield", "Kyiv needs to yield", "it is essential that Kyiv yields"."""
        tree = self.tree
        must = not clause.inherited and any(tree.lower[c] in OBLIGATION for c in tree.kids(clause.root, "aux"))
        if must or (clause.lemma in ("need", "have") and clause.get("comp:to")):
            return clause.get("agent") or clause.get("patient")
        duties = [i for i in clause.get("complement") if tree.lemma[i] in self.words.duty]
        if clause.lemma in self.words.copula and duties:
            inner = [*clause.get("comp:that"), *clause.get("comp:to"),
                     *(c for i in clause.get("complement") for c in tree.kids(i, "ccomp", "xcomp", "acl", "advcl"))]
            told = [o for i in clause.get("complement") for p in tree.kids(i, "prep") if tree.lower[p] == "for"
                    for o in tree.kids(p, "pobj")]
            return [*(j for c in inner for s in tree.kids(c, "nsubj", "nsubjpass") for j in tree.conjuncts(s)), *told]
        return ()

    def called(self, clause: Clause) -> Iterator[Relation]:
        """"X called Y reckless", "X described Y as a disaster"."""
        patients = clause.get("patient")
        value = self.worth((*clause.get("complement"), *clause.get("as"), *(
            clause.get("to") if clause.lemma in self.words.liken else ()), *(
            a for p in patients for a in self.tree.kids(p, "amod") if a > p), *self.trailing(patients)))
        if value:
            for holder in self.actors.known(clause.get("agent")):
                for actor, sure in self.judged(patients):
                    if fits(holder, subject=True) and not same(holder, actor):
                        yield self.relation(clause.root, holder, PREDICATES[value], actor, sure * CONFIDENCE["call"],
                                            clause.negated, clause.modality, self.topic(patients))

    def trailing(self, patients: Sequence[int]) -> Iterator[int]:
        """An adjective that ends the object's phrase is its complement: "called the use of such weapons crazy"."""
        for p in patients:
            last = self.tree.subtree(p)[-1]
            if self.tree.pos[last] == "ADJ" and last > self.tree.head[last]:
                yield last

    def voiced(self, clause: Clause, tokens: Sequence[int], value: int, kind: str) -> Iterator[Relation]:
        """The speaker's judgement of the one who is or does something."""
        holder = next((m for m in self.viewers(clause) if fits(m, subject=True)), None)
        for actor, sure in self.judged(tokens):
            sign = -value if clause.negated else value
            if holder is None or not same(holder, actor):
                yield self.relation(clause.root, holder, PREDICATES[sign], actor, sure * CONFIDENCE[kind],
                                    topic=topic_text(self.tree, self.text, clause.root))

    def wished(self, clause: Clause, bearers: Sequence[int], value: int) -> Iterator[Relation]:
        """An attitude shown by a feeling about someone's fortune: "hopes that Rome wins", "is glad that Rome lost"."""
        tree = self.tree
        said = clause.governor
        if said is None or tree.is_infinitive(clause.root):
            return
        above = self.clauses.get(tree.head[said] if tree.pos[said] == "ADJ" else said)
        if above is None or above.negated or clause.negated:
            return
        words = (above.lemma, tree.lemma[said], *(tree.lemma[j] for j in above.get("complement")))
        feeling = next((found for word in words if (found := self.words.feeling.get(word, 0))), 0)
        for holder in self.actors.known(above.get("agent")) if feeling else ():
            for actor in self.actors.known(bearers):
                if fits(holder, subject=True) and not same(holder, actor):
                    yield self.relation(clause.root, holder, PREDICATES[feeling * value], actor, CONFIDENCE["fortune"],
                                        topic=topic_text(tree, self.text, clause.root))

    def viewers(self, clause: Clause) -> Iterator[Mention]:
        """Whose view it is, where a phrase says so: "*for Rome*, he is a hero", "in *Rome's eyes*"."""
        tree = self.tree
        for p in tree.kids(clause.root, "prep"):
            for i in tree.kids(p, "pobj"):
                if tree.lower[p] in ("for", "to") and p < min(clause.get("agent"), default=0):
                    yield from self.actors.known([i])
                elif tree.lemma[i] in self.words.view:
                    yield from self.actors.behind(i)

    def attributes(self) -> Iterator[Relation]:
        """Pejorative words for what belongs to an actor: "Trump's ignorant view", "the barbarity of the regime".

        Words of praise are left out: "a strong leader" praises whoever is likened to one, not the leader.
        """
        tree = self.tree
        for i, dep in enumerate(tree.dep):
            lemma = tree.lemma[i]
            if self.words.value.get(lemma, 0) >= 0 or tree.pos[i] not in ("ADJ", "NOUN") or lemma in self.words.harm:
                continue
            judged = tree.head[i] if dep == "amod" and tree.pos[i] == "ADJ" else i if tree.pos[i] == "NOUN" else None
            if judged is not None:
                for actor, sure in self.judged([judged]):
                    yield self.relation(i, None, "criticizes", actor, sure * CONFIDENCE["attribute"],
                                        topic=topic_text(tree, self.text, judged))

    def judged(self, tokens: Sequence[int]) -> Iterator[tuple[Mention, float]]:
        """The actors that tokens name, or that stand behind them; a group without a name is not judged."""
        for i in tokens:
            if found := list(self.actors.known([i])):
                yield from ((m, 1.0) for m in found if m.kind is not MentionKind.NOMINAL)
            elif self.tree.pos[i] == "NOUN":
                yield from ((m, BEHIND_CONFIDENCE) for m in list(self.actors.behind(i))[:1])

    def worth(self, tokens: Sequence[int]) -> int:
        """The value of a complement: that of its head, else of an adjective before it; "not", "no" turn it round."""
        tree = self.tree
        for i in tokens:
            for j in (i, *tree.kids(i, "amod", "compound", "conj", "acomp")):
                if value := self.words.value.get(tree.lemma[j], 0):
                    turned = any(tree.lower[c] in NEGATION for c in tree.children[i]) and not any(
                        tree.lower[c] in ("only", "just", "merely") for c in tree.children[i])
                    return -value if turned else value
        return 0

    def topic(self, tokens: Sequence[int]) -> str | None:
        return topic_text(self.tree, self.text, tokens[0]) if tokens else None

    def relation(self, i: int, subject: Mention | None, predicate: str, target: Mention, sure: float,
                 negated: bool = False, modality: Modality = Modality.ACTUAL, topic: str | None = None,
                 cameo: str | None = None) -> Relation:
        tree = self.tree
        confidence = sure * target.confidence * (subject.confidence if subject else 1.0)
        return Relation(subject, predicate, target, Span.of(self.text, tree.start[i], tree.end[i]), i, topic,
                        cameo or ontology.relations()[predicate].cameo, negated, modality, None, confidence)
