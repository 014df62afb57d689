"""Dependency parse -> clauses: who does what to whom, with passive, nominal and inherited roles turned round *here*.

A clause is a predicate (verb, noun or adjective) with its arguments by role. Roles are ``agent``, ``patient``,
``recipient``, ``modifier`` (a noun or demonym before a nominal predicate), ``side`` (the preposition before a nominal
predicate), ``manner`` (adverbs), a preposition, or ``comp:MARK`` for a clausal complement. Every later stage reads
roles, never labels.

The labels are ClearNLP's, as in spaCy's English models:
https://github.com/clir/clearnlp-guidelines/blob/master/md/specifications/dependency_labels.md
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.nlp import reality
from kg.nlp.control import Control, Effect
from kg.nlp.tree import NOUNS, Tree
from kg.records import Clause, Modality

if TYPE_CHECKING:
    from collections.abc import Container

SUBJECTS = ("nsubj", "csubj")
PASSIVES = ("nsubjpass", "csubjpass")
COMPLEMENTS = ("xcomp", "ccomp", "advcl", "acl", "relcl", "pcomp", "conj")
#: Verbs that give someone something; the parser takes a bare recipient for part of the gift: "gave Kyiv permission".
GIVING = frozenset({"give", "grant", "offer", "deny", "send", "lend", "award", "hand", "promise", "show", "owe"})
#: Nouns that stand for what they are a part of: "some of the harshest sanctions", "a series of strikes".
PARTITIVES = frozenset({
    "some", "series", "number", "round", "set", "majority", "variety", "couple", "lot", "most", "many", "all", "none",
    "one", "part", "kind", "form", "type", "wave", "string", "spate", "dozens", "hundreds", "thousands", "batch",
    "flurry", "act", "patch", "group", "team", "band", "crowd", "handful", "delegation"})
#: Nouns for the one whom what is said by their "of" befalls: "the target of criticism".
TARGETS = frozenset({"target", "object", "subject", "recipient", "victim", "butt", "focus", "beneficiary", "brunt"})
#: Roles that a light verb keeps to itself.
OWN = ("complement", "manner")
#: One syllable that ends in a single consonant: it is doubled before "ed" and "ing".
SHORT = re.compile(r"[^aeiouy]*(?:qu)?[aeiou][^aeiouwxy]")
RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})
#: Prepositions that a name has no use for: what the parser hangs on one belongs to the noun above it.
NAMELESS = frozenset({"by", "from", "for", "on", "against", "over", "with", "towards", "toward", "to", "at", "of"})
#: Prepositions whose object may be followed by whoever acts: "held *in* high esteem by Rome".
NEAR = frozenset({"by", "as", "with", "in", "on", "to", "at", "from", "of"})
#: Prepositions before the verb whose object does what the subject does: "Macron, like Merkel, supports ...".
LIKE = frozenset({"like", "alongside"})


def clauses(tree: Tree, nominals: Container[str], control: Control) -> list[Clause]:
    """All clauses of a text in token order.

    Parameters
    ----------
    tree
        The parse.
    nominals
        Lemmas of the nouns and adjectives that are predicates ("criticism", "critical").
    control
        The verbs that lend their arguments, modality or negation to what they govern.
    """
    return _Reader(tree, nominals, control).read()


def spelt(tree: Tree, i: int) -> str:
    """The lemma of a verb, with the final "e" that the lemmatizer loses where English spelling shows it.

    "hates" is no form of "hat", which makes "hats", and "staged" none of "stag", which makes "stagged".
    """
    lemma, form = tree.lemma[i], tree.lower[i]
    if tree.pos[i] != "VERB" or form not in (f"{lemma}es", f"{lemma}ed", f"{lemma}ing"):
        return lemma
    if form.endswith("es"):
        return lemma if lemma[-1] in "sxzho" else f"{lemma}e"
    return f"{lemma}e" if SHORT.fullmatch(lemma) else lemma


class _Reader:
    """Builds the clauses of one tree; a clause's arguments may rest on those of its governor, so they are kept."""

    def __init__(self, tree: Tree, nominals: Container[str], control: Control) -> None:
        self.tree, self.nominals, self.control = tree, nominals, control
        self.done: dict[int, Clause] = {}

    def read(self) -> list[Clause]:
        """Every verb, and every noun or adjective that is listed as a predicate."""
        tree = self.tree
        found = []
        for i, pos in enumerate(tree.pos):
            verbal = pos == "VERB" or (pos == "AUX" and tree.dep[i] not in ("aux", "auxpass"))
            if verbal or (pos in ("NOUN", "ADJ", "PROPN") and tree.lemma[i] in self.nominals):
                found.append(self.clause(i))
        return found

    def clause(self, i: int) -> Clause:
        """The clause of predicate ``i``."""
        if i not in self.done:
            verbal = self.tree.pos[i] in ("VERB", "AUX")
            # A malformed parse may send inheritance round in a circle: the bare clause stands in meanwhile.
            self.done[i] = Clause(i, spelt(self.tree, i), self.tree.pos[i])
            self.done[i] = self.verbal(i) if verbal else self.nominal(i)
        return self.done[i]

    # Verbs

    def verbal(self, i: int) -> Clause:
        tree = self.tree
        roles: dict[str, list[int]] = {}
        particle = ""
        passive = self.passive(i)
        for c in tree.children[i]:
            dep = tree.dep[c]
            if dep == "prt":
                particle = tree.lower[c]
            elif dep in SUBJECTS:
                self.add(roles, "patient" if passive else "agent", c)
            elif dep in PASSIVES or dep in ("dobj", "obj"):
                self.add(roles, "patient", c)
            elif dep == "dative":
                self.dative(roles, c)
            elif dep in ("prep", "agent"):
                self.preposition(roles, c, "agent" if dep == "agent" else None)
            elif dep in ("attr", "acomp", "oprd"):
                self.add(roles, "complement", c)
            elif dep == "intj" and tree.lower[c] in ("no", "yes"):
                self.add(roles, "patient", c)
            elif dep == "advmod" and tree.lower[c] in ("together", "up", "out", "down", "back", "off") and not particle:
                particle = tree.lower[c]
            elif dep == "advmod":
                roles.setdefault("manner", []).append(c)
            elif dep in ("xcomp", "ccomp", "advcl"):
                self.complement(i, roles, c)
        for p in (p for j in (i, *tree.kids(i, *SUBJECTS, *PASSIVES)) for p in tree.kids(j, "prep")):
            if tree.lower[p] in LIKE and p < i:
                self.preposition(roles, p, "patient" if passive else "agent")
        if tree.tag[i] in ("VBZ", "VBD", "VBP") and not tree.kids(i, *SUBJECTS, *PASSIVES):
            for c in tree.kids(i, "compound"):  # the parser takes a name before a finite verb for part of its name
                if tree.pos[c] == "PROPN" and c < i:
                    self.add(roles, "patient" if passive else "agent", c)
        if self.headline(i):
            for c in tree.kids(i, "npadvmod"):  # "Rome, Paris clash over tariffs"
                if tree.pos[c] == "PROPN" and c + 1 < i and tree.lower[c + 1] == ",":
                    self.add(roles, "agent", c)
        self.two_objects(i, roles)
        if passive and "agent" not in roles:  # the parser hangs "by" on the noun before it: "seen as a rogue by Rome"
            after = (c for c in tree.kids(i, "dobj", "oprd", "attr", "prep")
                    if tree.dep[c] != "prep" or tree.lower[c] in NEAR)
            doers = [d for c in after for d in tree.subtree(c)
                     if tree.lower[d] == "by" and any(self.doer(o) for o in tree.kids(d, "pobj"))]
            for d in doers[-1:]:
                self.preposition(roles, d, "agent")
        if tree.lemma[i] in GIVING and "recipient" not in roles:
            roles["recipient"] = [c for p in roles.get("patient", ()) if tree.pos[p] == "NOUN"
                                  for c in tree.kids(p, "compound") if tree.pos[c] == "PROPN"][:1]
        steps = self.inherit(i, roles, passive)
        if tree.tag[i] == "VBG" and tree.dep[i] in ("pobj", "nsubj", "dobj", "ROOT") and "agent" not in roles:
            roles["agent"] = roles.get("by") or roles.get("from") or []  # a verbal noun: "months of pleading from Kyiv"
        negated, modality = self.status(i)
        return Clause(i, spelt(tree, i), "VERB", particle, {k: tuple(dict.fromkeys(v)) for k, v in roles.items() if v},
                      negated, modality, steps, self.governor(i), self.announced(i, modality) and not negated)

    def headline(self, i: int) -> bool:
        """Whether the sentence of ``i`` ends without a full stop, as headlines do."""
        return self.tree.lower[self.tree.sentence[i][1] - 1] not in (".", "!", "?", "”", '"', ";", ":")

    def two_objects(self, i: int, roles: dict[str, list[int]]) -> None:
        """Of two bare objects the first is given the second ("gave Rome a fright") or is called it ("a coward")."""
        tree = self.tree
        bare = sorted(tree.kids(i, "dobj", "oprd"))
        if len(bare) != 2 or any(tree.pos[c] not in NOUNS for c in bare) or "recipient" in roles:
            return
        first, second = bare
        called = "oprd" in (tree.dep[first], tree.dep[second]) or any(
            tree.lower[c] in ("a", "an") for c in tree.kids(second, "det"))
        if not called and tree.lemma[i] not in GIVING:
            return
        role, others = ("recipient", "patient") if tree.lemma[i] in GIVING else ("patient", "complement")
        for name in ("patient", "complement"):
            roles[name] = [j for j in roles.get(name, ()) if j not in bare]
        self.add(roles, role, first)
        self.add(roles, others, second)

    def passive(self, i: int) -> bool:
        """Whether the verb is passive: marked so, a bare participle ("when asked"), or coordinated with a passive."""
        tree = self.tree
        if any(tree.dep[c] in ("auxpass", *PASSIVES) for c in tree.children[i]):
            return True
        past = tree.tag[i] in ("VBN", "VBD") and not tree.kids(i, "aux", "dobj")
        if past and tree.kids(i, "agent") and self.headline(i):
            return True  # a headline leaves the auxiliary out: "Minister mocked by rivals"
        if tree.tag[i] != "VBN" or any(tree.dep[c] in ("aux", *SUBJECTS, "dobj") for c in tree.children[i]):
            return False
        h = tree.head[i]
        return tree.dep[i] in ("advcl", "acl") or (
            tree.dep[i] == "conj" and h < i and tree.pos[h] == "VERB" and self.passive(h))

    def announced(self, i: int, modality: Modality) -> bool:
        """Whether the clause announces: a future auxiliary, or "ready", "willing" above it."""
        tree = self.tree
        governor = self.governor(i)
        ready = governor is not None and tree.pos[governor] == "ADJ" and modality is Modality.PLANNED
        return ready or (modality in (Modality.PLANNED, Modality.CONDITIONAL) and reality.is_future(tree, i))

    def add(self, roles: dict[str, list[int]], role: str, i: int) -> None:
        """Put ``i`` and its conjuncts into a role; a relative pronoun stands for its antecedent."""
        tree = self.tree
        if tree.lower[i] in RELATIVES and (clause := self.relative(i)) is not None:
            i = tree.head[clause]
        elif tree.lower[i] == "what" and (named := self.identified(tree.head[i])) is not None:
            i = named
        i = self.whole(i)
        roles.setdefault(role, []).extend(j for j in tree.conjuncts(i) if j == i or tree.pos[j] in (*NOUNS, "ADJ"))

    def whole(self, i: int) -> int:
        """What a partitive noun is a part of, else the noun itself."""
        tree = self.tree
        if tree.lower[i] in PARTITIVES or tree.lemma[i] in PARTITIVES:
            for c in tree.kids(i, "prep"):
                if tree.lower[c] == "of" and (inner := tree.kid(c, "pobj")) is not None:
                    return inner
        return i

    def relative(self, i: int) -> int | None:
        """The relative clause whose pronoun ``i`` is, if it is one."""
        for a in self.tree.ancestors(i):
            if self.tree.dep[a] == "relcl":
                return a
            if self.tree.dep[a] not in ("conj", "xcomp", "ccomp", "prep", "pobj"):
                return None
        return None

    def identified(self, i: int) -> int | None:
        """The noun that the free relative clause ``i`` is said to be: "what angered him was the *silence*"."""
        tree = self.tree
        copula = tree.head[i]
        if tree.dep[i] in ("csubj", "ccomp", "nsubj") and tree.lemma[copula] == "be":
            return tree.kid(copula, "attr")
        return None

    def dative(self, roles: dict[str, list[int]], i: int) -> None:
        tree = self.tree
        if tree.pos[i] == "ADP":
            self.preposition(roles, i, "recipient")
        else:
            self.add(roles, "recipient", i)

    def preposition(self, roles: dict[str, list[int]], i: int, role: str | None = None) -> None:
        """The objects of a preposition, also of one nested in it ("out of X", "from within X")."""
        tree = self.tree
        for c in tree.children[i]:
            dep = tree.dep[c]
            if dep == "pobj":
                for p in tree.kids(c, "prep", "agent") if tree.pos[c] == "PROPN" and role != "recipient" else ():
                    owned = tree.lower[p] == "of" and tree.kid(c, "det") is not None  # "the Bank of England"
                    if tree.lower[p] in NAMELESS and tree.lower[p] != tree.lower[i] and not owned:
                        self.preposition(roles, p, "agent" if tree.lower[p] == "by" else None)
                hands = tree.lower[i] == "at" and tree.lemma[c] == "hand"  # "killed at the hands of the regime"
                for p in tree.kids(c, "prep") if hands else ():
                    self.preposition(roles, p, "agent")
                self.add(roles, role or tree.lower[i], c)
            elif dep == "pcomp" and tree.pos[c] in NOUNS:
                self.add(roles, role or tree.lower[i], c)
            elif dep == "pcomp":
                roles.setdefault(f"comp:{tree.lower[i]}", []).append(c)
            elif dep == "prep" and role is None and tree.pos[i] == "ADP":
                self.preposition(roles, c)

    def complement(self, i: int, roles: dict[str, list[int]], c: int) -> None:
        """A clausal complement; the subject of an infinitive is the one asked or allowed: "urged Kyiv to yield"."""
        tree = self.tree
        infinitive = tree.is_infinitive(c)
        if tree.dep[c] == "advcl":
            mark = tree.kid(c, "mark", "advmod")
            name = tree.lower[mark] if mark is not None else "to" if infinitive else ""
            roles.setdefault(f"adv:{name}", []).append(c)
            return
        mark_name = "to" if infinitive else "ing" if tree.tag[c] == "VBG" else "that"
        roles.setdefault(f"comp:{mark_name}", []).append(c)
        effect = self.control.effect(spelt(tree, i), infinitive=True)
        bare = effect is not None and effect.controller == "patient" and not tree.kids(c, "aux", "auxpass", "mark")
        small_clause = bare or (tree.pos[c] in ("ADJ", "NOUN") and not tree.kids(c, "cop", "aux", "auxpass"))
        if infinitive or small_clause:
            for subject in tree.kids(c, *SUBJECTS, *PASSIVES):
                self.add(roles, "patient", subject)
            if small_clause and not bare:
                roles.setdefault("complement", []).append(c)

    def inherit(self, i: int, roles: dict[str, list[int]], passive: bool) -> int:
        """Fill a missing agent (or patient) from where the clause hangs. Returns the number of steps taken."""
        tree = self.tree
        dep, h = self.attachment(i), self.hook(i)
        if h != tree.head[i]:
            self.add(roles, "patient", tree.head[i])
        if ("patient" if passive else "agent") in roles:
            return self.gap(i, roles)
        if dep == "conj" and h != i:
            first = self.clause(h)
            if passive:
                roles.setdefault("patient", []).extend(first.get("patient") or first.get("agent"))
            else:
                roles.setdefault("agent", []).extend(first.get("agent") or first.get("patient"))
            return 1 + first.inherited
        if dep in ("relcl", "acl"):
            participle = tree.tag[i] == "VBN" and not tree.kids(i, "aux", "auxpass")
            if participle:
                roles.setdefault("patient", []).append(h)
            elif tree.is_infinitive(i):
                roles.setdefault("agent", []).extend(self.holders(h))
            else:
                roles.setdefault("agent", []).append(h)
                if dep == "acl" and tree.dep[h] == "dobj":  # "issued a declaration demanding": the one who issued it
                    roles["holder"] = list(self.clause(tree.head[h]).get("agent"))
            return 1
        if dep in ("xcomp", "ccomp", "advcl", "pcomp") and h != i:
            return self.controlled(i, roles, passive)
        if dep == "ROOT" and tree.tag[i] == "VBZ" and (start := tree.sentence[i][0]) == i and start:
            previous = tree.root_of(start - 1)  # a headline goes on without its subject: "Spurns offer, blasts ..."
            if tree.pos[previous] == "VERB":
                roles.setdefault("agent", []).extend(self.clause(previous).get("agent"))
            return 2
        return 0

    def controlled(self, i: int, roles: dict[str, list[int]], passive: bool) -> int:
        """Fill the role from the arguments of the predicate that the clause is the complement of."""
        tree = self.tree
        dep, h = self.attachment(i), self.hook(i)
        giver = h if dep != "pcomp" else tree.head[h]
        if tree.pos[giver] in NOUNS:
            own: dict[str, list[int]] = {}
            self.own_roles(giver, own)  # whoever lifts a "ban on using missiles" does not use them
            roles.setdefault("agent", []).extend(own.get("agent", ()) if dep == "pcomp" else self.holders(giver))
            return 1
        governing = self.clause(giver)
        preposition = tree.lower[h] if dep == "pcomp" else ""
        controller = self.control.controller(governing.lemma, preposition, bool(governing.get("patient")), dep)
        filler = self.filler(governing, controller)
        if preposition == "for" and controller == "agent":
            filler = governing.get("at") or governing.get("against") or filler
        roles.setdefault("patient" if passive else "agent", []).extend(f for f in filler if f != i)
        return 1 + governing.inherited

    def attachment(self, i: int) -> str:
        """The dependency of a verb, with complements that the parser takes for adverbials: "let Kyiv soon *fire*"."""
        tree = self.tree
        h = tree.head[i]
        if self.hook(i) != h:
            return "pcomp"
        if tree.dep[i] == "advcl" and tree.is_infinitive(i):
            effect = self.control.effect(spelt(tree, h), infinitive=True)
            if effect is not None and effect.controller == "patient":
                return "xcomp"
        return tree.dep[i]

    def hook(self, i: int) -> int:
        """What a verb hangs on: its head, or the preposition above a gerund that the parser hangs on its own object."""
        tree = self.tree
        h = tree.head[i]
        beside = tree.tag[i] == "VBG" and tree.dep[i] in ("compound", "amod") and i < h and tree.pos[h] == "PROPN"
        return tree.head[h] if beside and tree.dep[h] == "pobj" else h

    @staticmethod
    def filler(governing: Clause, controller: str) -> tuple[int, ...]:
        """The controller's tokens; one who is asked may stand as recipient or after "on" ("called on Iran to stop")."""
        roles = ("patient", "recipient", "on", "upon", "to", "with", "agent") if controller == "patient" \
            else ("agent", "patient")
        if controller == "both":  # "joined Rome in condemning"
            return (*governing.get("agent"), *(governing.get("patient") or governing.get("with")))
        return next((tokens for role in roles if (tokens := governing.get(role))), ())

    def gap(self, i: int, roles: dict[str, list[int]]) -> int:
        """The object that a relative clause leaves out: "the ban Biden lifted", "it was Biden that they blamed"."""
        tree = self.tree
        if "patient" in roles:
            return 0
        if tree.dep[i] == "relcl" and tree.head[i] not in roles.get("agent", ()):
            roles["patient"] = [tree.head[i]]
            return 1
        if tree.dep[i] in ("ccomp", "advcl") and tree.lemma[tree.head[i]] == "be" and tree.kid(i, "mark") is not None:
            subjects = tree.kids(tree.head[i], "nsubj", "expl")
            names = [c for c in tree.kids(tree.head[i], "attr") if tree.pos[c] == "PROPN"]
            if names and any(tree.lower[s] == "it" for s in subjects):
                self.add(roles, "patient", names[0])
                return 1
        return 0

    def holders(self, noun: int) -> tuple[int, ...]:
        """Who does what a noun's infinitive says: the noun's own agent ("Biden's decision to lift"), else the noun."""
        roles: dict[str, list[int]] = {}
        self.own_roles(noun, roles)
        top = self.tree.first_conjunct(noun)
        lent = {} if roles.get("recipient") else self.lent(noun, roles, self.tree.dep[top], self.tree.head[top])[0]
        return tuple(roles.get("recipient") or lent.get("recipient") or roles.get("agent") or lent.get("agent") or ())

    # Nouns and adjectives

    def nominal(self, i: int) -> Clause:
        tree = self.tree
        roles: dict[str, list[int]] = {}
        self.own_roles(i, roles)
        top = tree.first_conjunct(i)
        lent, negated, modality, steps = self.lent(i, roles, tree.dep[top], tree.head[top])
        for c in tree.kids(i, "relcl", "acl") if not lent else ():
            if tree.pos[c] == "VERB" and i in self.clause(c).get("patient") and self.control.light(tree.lemma[c], ""):
                lent, negated, modality, steps = self.lent(i, roles, "dobj", c)  # "the contempt that Rome showed for"
        for role, tokens in lent.items():
            roles.setdefault(role, []).extend(t for t in tokens if t != i)
        counted = bool(lent) and tree.dep[top] in ("dobj", "nsubj", "nsubjpass")  # with the verb: "has no respect for"
        no = not counted and any(tree.lower[c] in reality.NEGATORS for c in tree.children[i])
        return Clause(i, tree.lemma[i], "ADJ" if tree.pos[i] == "ADJ" else "NOUN", "",
                      {k: tuple(dict.fromkeys(v)) for k, v in roles.items() if v}, negated != no, modality, steps,
                      self.governor(i))

    def own_roles(self, i: int, roles: dict[str, list[int]]) -> None:
        """Arguments inside the noun phrase: possessor, "by X", what stands before the noun, prepositions."""
        tree = self.tree
        for c in tree.children[i]:
            dep = tree.dep[c]
            if dep == "poss":
                # "the city's destruction by the army": beside whoever does it, the possessor is who suffers it
                suffers = any(self.doer(d) for p in tree.kids(i, "prep", "agent") if tree.lower[p] == "by"
                              for d in tree.kids(p, "pobj"))
                self.add(roles, "of" if suffers else "agent", c)
            elif dep in ("compound", "amod", "nmod"):
                roles.setdefault("modifier", []).append(c)
            elif dep in ("prep", "agent"):
                self.preposition(roles, c, "agent" if tree.lower[c] == "by" else None)
            elif dep == "acl":
                infinitive = tree.is_infinitive(c)
                roles.setdefault("comp:to" if infinitive else "comp:that", []).append(c)
                for by in tree.kids(c, "agent"):  # "a raid conducted by the army"
                    self.preposition(roles, by, "agent")
            elif dep in ("xcomp", "ccomp"):
                roles.setdefault("comp:to" if tree.kid(c, "aux") is not None else "comp:that", []).append(c)

    def doer(self, i: int) -> bool:
        """Whether the object of "by" can act: a name, a plural, or a noun with an article; not "by comparison"."""
        tree = self.tree
        return tree.pos[i] == "PROPN" or tree.tag[i] == "NNS" or tree.kid(i, "det", "poss") is not None

    def lent(self, i: int, roles: dict[str, list[int]], dep: str,
             h: int) -> tuple[dict[str, tuple[int, ...]], bool, Modality, int]:
        """What a nominal predicate gets from the verb above: "gave Kyiv permission", "came out in support of X"."""
        tree = self.tree
        side = ""
        if dep == "appos":
            return {"holder": (h,)}, False, Modality.ACTUAL, 0
        if dep in ("pobj", "conj") and tree.lower[h] in ("but", "nothing"):
            nothing = h if tree.lower[h] == "nothing" else tree.head[h]
            dep, h = tree.dep[nothing], tree.head[nothing]  # "has nothing but contempt for"
        if dep == "pobj":
            roles.setdefault("side", []).append(h)
            if tree.dep[h] not in ("prep", "dative") or tree.head[h] == h:
                return {}, False, Modality.ACTUAL, 0
            side, h = tree.lower[h], tree.head[h]
            if side == "of" and tree.lemma[h] in TARGETS:  # "a target of criticism from"
                return self.reversed({"agent": self.bearer(h)}, roles), False, Modality.ACTUAL, 0
            under = self.control.light_verbs.get(("be", "", side)) if tree.pos[h] in NOUNS else None
            if under is not None:  # a headline leaves the copula out: "Minister under fire from", "Rome behind attack"
                lent: dict[str, tuple[int, ...]] = {"agent": (h,)}
                return self.reversed(lent, roles) if under.reverse else lent, False, Modality.ACTUAL, 0
        elif dep not in ("dobj", "attr", "acomp", "nsubjpass", "oprd", "conj") and not (
                dep == "nsubj" and tree.first_conjunct(i) in self.clause(h).get("patient")):
            return {}, False, Modality.ACTUAL, 0
        if tree.pos[h] not in ("VERB", "AUX"):
            return {}, False, Modality.ACTUAL, 0
        verb = self.clause(h)
        if dep == "pobj" and verb.get("patient") and not verb.get("agent"):
            return {"victim": verb.get("patient")}, verb.negated, verb.modality, verb.inherited
        if side in ("against", "from") and verb.get("patient") and ("agent" in roles or "from" in roles):
            return {"victim": verb.get("patient")}, False, Modality.ACTUAL, verb.inherited  # "defended Rome against"
        light = self.control.light(verb.lemma, verb.particle, side)
        if light is not None and light.negates and dep == "pobj":
            light = None  # "ended the strike *after talks*"
        if light is None and tree.pos[i] != "ADJ":
            return {}, False, Modality.ACTUAL, 0
        lent = {role: tokens for role, tokens in verb.arguments.items() if ":" not in role and role not in OWN}
        negated = verb.negated != bool(light and light.negates)
        definite = any(tree.lower[c] == "the" or tree.dep[c] == "poss" for c in tree.children[i])
        if light is not None and (light.reverse or (light.owned and definite and "of" in roles)):
            return self.reversed(lent, roles, definite), negated, verb.modality, verb.inherited
        agents = lent.pop("agent", ())
        patients = tuple(t for t in lent.pop("patient", ()) if t != i)
        if "agent" not in roles or (light is not None and light.joint):
            lent["agent"] = agents
        lent["holder"] = agents
        if patients:
            lent["patient"] = patients
        return lent, negated, verb.modality, verb.inherited

    def bearer(self, noun: int) -> tuple[int, ...]:
        """Who is said to be a noun: what it stands beside, or the subject of its copula."""
        tree = self.tree
        h = tree.head[noun]
        if tree.dep[noun] == "appos":
            return (h,)
        if tree.dep[noun] == "pobj" and tree.lower[h] == "as":
            verb = self.clause(tree.head[h])
            return verb.get("patient") or verb.get("agent")
        return self.clause(h).get("agent") if tree.dep[noun] == "attr" else ()

    @staticmethod
    def reversed(lent: dict[str, tuple[int, ...]], roles: dict[str, list[int]],
                 definite: bool = False) -> dict[str, tuple[int, ...]]:
        """What a noun gets from a verb whose agent is the one affected: "drew criticism from", "won the support of"."""
        lent.pop("patient", None)
        lent["recipient"] = lent.pop("agent", ())
        lent["agent"] = lent.pop("from", ()) or lent.pop("by", ()) or tuple(
            roles.pop("from", ()) or (roles.pop("of", ()) if definite else ()))
        return lent

    # Negation and modality

    def governor(self, i: int) -> int | None:
        """The predicate that a clause is the complement of."""
        dep, h = self.attachment(i), self.hook(i)
        if dep == "pcomp":
            h = self.tree.head[h]
        return h if dep in COMPLEMENTS and h != i else None

    def status(self, i: int) -> tuple[bool, Modality]:
        """Negation and modality of a verb, with what its governors add ("refused to", "urged X to", "if")."""
        tree = self.tree
        negated, modality = reality.negated(tree, i), reality.modality(tree, i)
        dep, h = self.attachment(i), self.hook(i)
        if dep == "pcomp" and (tree.lower[h] == "without" or (h and tree.lower[h - 1] == "instead")):
            return not negated, modality
        if dep == "conj" and h != i:
            first = self.clause(h)
            own = any(tree.dep[c] in ("aux", *SUBJECTS) for c in tree.children[i])
            if not own and first.pos == "VERB":
                links = {tree.lower[c] for j in tree.conjuncts(tree.first_conjunct(i)) for c in tree.kids(j, "cc")}
                negated |= first.negated and bool(links & {"or", "nor"})
                modality = first.modality if modality is Modality.ACTUAL else modality
        governor = self.governor(i)
        if governor is not None and dep in ("xcomp", "ccomp", "acl", "pcomp"):
            return self.governed(i, governor, dep, negated, modality)
        return negated, modality

    def effect(self, i: int, governor: int, infinitive: bool) -> Effect | None:
        """What a governor lends; a copula lends what its complement does: "it is *false* that"."""
        tree = self.tree
        other = infinitive and bool(tree.kids(i, *SUBJECTS) or self.clause(governor).get("patient"))
        said = tree.kids(governor, "acomp", "attr") if not infinitive and tree.lemma[governor] == "be" else ()
        return next((effect for j in (governor, *said) for word in (tree.lower[j], spelt(tree, j))
                     if (effect := self.control.effect(word, infinitive, other)) is not None), None)

    def governed(self, i: int, governor: int, dep: str, negated: bool, modality: Modality) -> tuple[bool, Modality]:
        """Negation and modality of a complement, with what its governor adds."""
        tree = self.tree
        to = tree.is_infinitive(i)
        gerund = tree.tag[i] == "VBG" and not tree.kids(i, "aux")
        bare = tree.tag[i] in ("VB", "VBP", "NN") and not tree.kids(i, "aux")
        effect = self.effect(i, governor, to or gerund)
        if effect is not None and effect.modality is Modality.REQUESTED and not (to or gerund or bare):
            effect = None  # "insists that it is so" asks for nothing, "insists that it be so" does
        copula = tree.head[governor] if tree.dep[governor] in ("acomp", "attr") else governor
        above = self.clause(copula) if tree.pos[copula] in ("VERB", "AUX") else None
        if to and tree.lemma[governor] in ("have", "be") and any(
                tree.lower[c] == "yet" for v in (i, governor) for c in tree.kids(v, "advmod")):
            return not negated, modality  # "has yet to answer"
        if effect is not None and (effect.modality or effect.negates):
            negated ^= effect.negates != (above.negated if above and effect.negates else False)
            lent = above.modality if above and modality is Modality.ACTUAL else modality  # "might refuse to go"
            return negated, effect.modality or lent
        if effect is not None and above and above.negated:
            negated = not negated  # what one does not manage, or persuade another to do, is not done
        if above and to and dep in ("xcomp", "ccomp") and above.modality is not Modality.ACTUAL:
            wise = copula != governor and above.modality is Modality.PLANNED  # "would be wise to": nobody means to
            return negated, Modality.CONDITIONAL if wise else above.modality
        if to and dep == "acl" and modality is Modality.ACTUAL:
            return negated, Modality.PLANNED
        return negated, modality
