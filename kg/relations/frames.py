"""The frames: which predicate word, in which construction, says which relation between which arguments.

``frames.csv`` is a table anyone can extend. A row reads: a *lemma* (several, joined by ``|``) of a *pos* with a
*particle*, *when* its conditions hold, says *predicate* from the first filled role of *subject* to the first filled
role of *object* (roles joined by ``>``; a ``?`` at the end: the object may be missing; a ``&``: what several do, they
do with each other, and those beside them do it too; ``none``: there is none).
``self`` is the predicate noun's own phrase ("a critic of Trump"); a role
with ``!`` must itself be an actor, not belong to one ("travelled to Putin's villa" is no visit to Putin), and one with
``:Person!`` an actor of that type. Conditions are joined by ``;`` and all must hold;
within one, ``>`` joins alternatives: ``role`` (filled), ``!role`` (not filled), ``role=lemma|@class`` (filled by one
of the words; classes are in ``classes.csv``), ``!role=lemma|@class`` (by none of them), ``foreign`` (subject and
object are of different known countries).
Rows that ask for more are tried first, and the first that fits is taken; one whose predicate begins with ``+`` is
taken beside it ("deployed North Korean troops": North Korea aids too).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from kg import ontology, resources
from kg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.nlp.tree import Tree
    from kg.records import Clause

#: The condition that subject and object be of different countries.
FOREIGN = "foreign"
POS = {"VERB": "VERB", "AUX": "VERB", "NOUN": "NOUN", "PROPN": "NOUN", "ADJ": "ADJ"}


@dataclass(frozen=True, slots=True)
class Test:
    """One alternative of a condition: a role that is filled or not, or filled by given words or not by them."""

    role: str
    words: frozenset[str] | None
    absent: bool

    def holds(self, clause: Clause, tree: Tree) -> bool:
        """Whether the clause passes."""
        tokens = clause.get(self.role) or (inside(clause, self.role, tree) if not self.absent else ())
        if self.words is None:
            return bool(tokens) != self.absent
        column = tree.lower if self.role == "side" else tree.lemma
        return any(column[t] in self.words for t in tokens) != self.absent


def inside(clause: Clause, role: str, tree: Tree) -> tuple[int, ...]:
    """A preposition that the parser hung on the object: "signed a deal *with* Iran", "sanctions imposed *on* Iran"."""
    if ":" in role:
        return ()
    nouns = [n for p in clause.get("patient" if clause.pos == "VERB" else "of") for n in (p, *tree.kids(p, "acl"))]
    objects = [o for n in nouns for c in tree.kids(n, "prep", "dative") if tree.lower[c] == role
               for o in tree.kids(c, "pobj")]
    return tuple(j for o in objects for j in tree.conjuncts(o))


@dataclass(frozen=True, slots=True)
class Frame:
    """One row of the table, for one lemma."""

    lemma: str
    pos: str
    particle: tuple[str, ...]
    when: tuple[tuple[Test, ...], ...]
    predicate: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    optional: bool
    cameo: str
    also: bool
    mutual: bool
    foreign: bool

    def needs(self, role: str) -> bool:
        """Whether a condition asks for certain words in a role."""
        return any(test.role == role and test.words for alternatives in self.when for test in alternatives)

    def fits(self, clause: Clause, tree: Tree) -> bool:
        """Whether particle and conditions agree with the clause."""
        return (not self.particle or clause.particle in self.particle) and all(
            any(test.holds(clause, tree) for test in alternatives) for alternatives in self.when)


@dataclass(frozen=True, slots=True)
class Frames:
    """The table, by lemma and part of speech, the more demanding rows first."""

    by_word: Mapping[tuple[str, str], tuple[Frame, ...]]
    nominals: frozenset[str]

    def of(self, clause: Clause, tree: Tree) -> Iterator[Frame]:
        """The frames that fit a clause, in the order in which to try them."""
        return (f for f in self.by_word.get((clause.lemma, POS[clause.pos]), ()) if f.fits(clause, tree))


@cache
def classes() -> Mapping[str, frozenset[str]]:
    """The word classes of ``classes.csv``, by name."""
    return {row["name"]: frozenset(row["lemmas"].split("|"))
            for _, row in resources.table(resources.data("relations", "classes.csv"))}


@cache
def load() -> Frames:
    """Read ``frames.csv`` and ``classes.csv`` and check them against the ontology.

    Raises
    ------
    DataError
        With file and line: an unknown relation, part of speech or word class, or an empty role.
    """
    table: dict[tuple[str, str], list[Frame]] = {}
    for where, row in resources.table(resources.data("relations", "frames.csv")):
        for frame in _frames(row, classes(), where):
            table.setdefault((frame.lemma, frame.pos), []).append(frame)
    ordered = {key: tuple(sorted(value, key=lambda f: (f.also, not f.particle, -len(f.when))))
               for key, value in table.items()}
    return Frames(ordered, frozenset(lemma for lemma, pos in table if pos != "VERB"))


def _frames(row: dict[str, str], known: Mapping[str, frozenset[str]], where: str) -> Iterator[Frame]:
    relation = ontology.relations().get(row["predicate"].removeprefix("+"))
    if relation is None:
        raise DataError(f"{row['predicate']!r} is no relation of the ontology", where,
                        f"use one of {', '.join(ontology.relations())}")
    if row["pos"] not in ("VERB", "NOUN", "ADJ"):
        raise DataError(f"{row['pos']!r} is no part of speech", where, "use VERB, NOUN or ADJ")
    when = tuple(tuple(_test(part, known, where) for part in condition.split(">"))
                 for condition in row["when"].split(";") if condition not in ("", FOREIGN))
    roles = {key: tuple(r for r in row[key].rstrip("?&").split(">") if r != "none") for key in ("subject", "object")}
    if not row["subject"] or not row["object"]:
        raise DataError("subject and object need a role", where, "write none where there is no object")
    optional = "?" in row["object"] or row["object"] == "none"
    particles = tuple(filter(None, row["particle"].split("|")))
    for lemma in row["lemma"].split("|"):
        yield Frame(lemma, row["pos"], particles, when, relation.name, roles["subject"], roles["object"], optional,
                    row["cameo"] or relation.cameo, row["predicate"].startswith("+"), "&" in row["object"],
                    FOREIGN in row["when"].split(";"))


def _test(part: str, known: Mapping[str, frozenset[str]], where: str) -> Test:
    role, _, words = part.removeprefix("!").partition("=")
    absent = part.startswith("!")
    if not words:
        return Test(role, None, absent)
    lemmas: set[str] = set()
    for word in words.split("|"):
        if word.startswith("@"):
            if word[1:] not in known:
                raise DataError(f"{word!r} is no word class", where, "define it in classes.csv")
            lemmas |= known[word[1:]]
        else:
            lemmas.add(word)
    return Test(role, frozenset(lemmas), absent)
