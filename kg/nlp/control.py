"""Verbs that lend to what they govern: control, modality, negation (``control.csv``), roles (``light_verbs.csv``).

"urged Kyiv to yield": Kyiv yields, requested. "refused to yield": negated. "gave Kyiv permission": the giver permits.
"drew criticism": the one who draws it is criticised (``reverse``). "wants to yield" is a plan, but "wants Kyiv to
yield" a request: rows of kind ``other`` are for infinitives with a subject of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from kg import resources
from kg.errors import DataError
from kg.records import Modality

if TYPE_CHECKING:
    from collections.abc import Mapping


class Denial(StrEnum):
    """How a governor denies: what it governs is plainly not so, is refused, or is at an end."""

    PLAIN = "yes"
    REFUSES = "refuses"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a governor does to its infinitive (or clause): who acts, how real it is, whether it is denied."""

    controller: str
    modality: Modality | None
    denial: Denial | None

    @property
    def negates(self) -> bool:
        """Whether it is denied."""
        return self.denial is not None


@dataclass(frozen=True, slots=True)
class LightVerb:
    """A verb that adds little to the noun it governs but its arguments.

    ``reverse``: its agent is the one affected; ``owned``: so it is before a definite noun whose "of" names who acts
    ("has the support of Rome"); ``joint``: it acts beside the noun's own agent ("shares Rome's contempt for").
    """

    reverse: bool
    owned: bool
    joint: bool
    denial: Denial | None

    @property
    def negates(self) -> bool:
        """Whether what the noun says is denied."""
        return self.denial is not None


@dataclass(frozen=True, slots=True)
class Control:
    """The two tables, looked up by lemma; ``others`` is for infinitives with a subject of their own."""

    infinitives: Mapping[str, Effect]
    others: Mapping[str, Effect]
    clauses: Mapping[str, Effect]
    light_verbs: Mapping[tuple[str, str, str], LightVerb]

    def controller(self, lemma: str, preposition: str, has_patient: bool, dep: str) -> str:
        """The role of the governor's argument that acts in the governed clause."""
        if dep == "advcl":
            return "agent"
        if preposition in ("of", "for", "from", "into") and has_patient:
            return "patient"
        effect = self.infinitives.get(lemma)
        if effect is not None:
            return effect.controller
        return "patient" if has_patient and dep in ("xcomp", "ccomp") else "agent"

    def effect(self, lemma: str, infinitive: bool, other: bool = False) -> Effect | None:
        """Modality and negation that a governor lends; ``other``: the infinitive has a subject of its own."""
        if other and lemma in self.others:
            return self.others[lemma]
        return (self.infinitives if infinitive else self.clauses).get(lemma)

    def of(self, lemma: str) -> Denial | None:
        """How a governor denies the infinitive that it governs."""
        effect = self.infinitives.get(lemma)
        return effect.denial if effect else None

    def light(self, lemma: str, particle: str, side: str = "") -> LightVerb | None:
        """The light verb of that lemma, if it is one; ``side``: the preposition before it ("came *under* fire")."""
        keys = ((lemma, particle, side), (lemma, "", side), (lemma, particle, ""), (lemma, "", ""))
        return next((self.light_verbs[key] for key in keys if key in self.light_verbs), None)


@cache
def load() -> Control:
    """Read both tables.

    Raises
    ------
    DataError
        With file and line, if a row is malformed.
    """
    tables: dict[str, dict[str, Effect]] = {"infinitive": {}, "other": {}, "clause": {}}
    for where, row in resources.table(resources.data("nlp", "control.csv")):
        try:
            effect = Effect(row["controller"], Modality(row["modality"]) if row["modality"] else None,
                            _denial(row["negates"]))
            table = tables[row["kind"]]
        except (KeyError, ValueError) as error:
            raise DataError(f"unknown value {error}", where) from None
        for lemma in row["lemma"].split("|"):
            table.setdefault(lemma, effect)
    light = {(lemma, row["particle"], row["side"]): LightVerb(
                 reverse=row["reverse"] == "yes", owned=row["reverse"] in ("yes", "of"),
                 joint=row["reverse"] == "joint", denial=_denial(row["negates"]))
             for _, row in resources.table(resources.data("nlp", "light_verbs.csv"))
             for lemma in row["lemma"].split("|")}
    return Control(tables["infinitive"], tables["other"], tables["clause"], light)


def _denial(word: str) -> Denial | None:
    return None if word == "no" else Denial(word)
