"""Why a phrase was taken for an actor: what each step of the reading found, and what it set aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kg.records import EntityType

if TYPE_CHECKING:
    from kg.actors.candidates import Choice
    from kg.actors.gazetteer import Actor, Gazetteer
    from kg.records import Entity


class Step(NamedTuple):
    """One thing that was found: what it is about (``name``, ``office``, ``country`` ...) and what was found."""

    about: str
    found: str


class Rejected(NamedTuple):
    """A candidate that was set aside for a reason, or, without one, is among several that are left."""

    name: str
    what: str
    reason: str

    @property
    def is_open(self) -> bool:
        """Whether it fits as well as the others that are left."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class Explanation:
    """A phrase, the actor that it was taken for, the steps that led there, and the candidates that lost."""

    text: str
    date: str | None
    entity: Entity | None
    steps: tuple[Step, ...]
    rejected: tuple[Rejected, ...]


@dataclass(slots=True)
class Trace:
    """What a reading found so far."""

    gazetteer: Gazetteer
    date: str | None
    steps: list[Step] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)

    def say(self, about: str, found: str) -> None:
        """Note what was found."""
        self.steps.append(Step(about, found))

    def say_choice(self, choice: Choice) -> None:
        """Note which row a name was taken for, or that several are left."""
        self.choices.append(choice)
        if choice.actor is None:
            if choice.left:
                self.say("left open", f"“{choice.name}” can mean {len(choice.left)} actors, and nothing tells which")
            return
        actor = choice.actor
        self.say("name", f"“{choice.name}” is {choice.how} of {actor.name} ({_row(actor)})")
        self.say_standing(actor)

    def say_standing(self, actor: Actor) -> None:
        """Note where country and sector of a row come from."""
        now = self.gazetteer.standing(actor, self.date)
        tenure = now.tenure
        if tenure is None:
            facts = ", ".join(part for part in (now.iso3, now.sector) if part)
            if facts:
                none = "; no office on that date is known" if actor.type is EntityType.PERSON else ""
                self.say("country, sector" if now.sector else "country", f"{facts}, as the row has it{none}")
        elif now.sector == "ELI" and tenure.sector != "ELI":
            self.say("sector", f"ELI, former elite: the last office was {tenure.words} [{tenure.source}]")
        else:
            when = f"held on {self.date}" if self.date else "no date given, the first one known"
            if self.date and tenure.just_ended(self.date):
                when = f"ended within the month before {self.date}"
            self.say("office", f"{tenure.words} [{tenure.source}]; {when}")

    def explanation(self, text: str, entity: Entity | None) -> Explanation:
        """All that was noted."""
        rejected = dict.fromkeys(r for choice in self.choices for r in self._rejected(choice))
        return Explanation(text, self.date, entity, tuple(dict.fromkeys(self.steps)), tuple(rejected))

    def _rejected(self, choice: Choice) -> list[Rejected]:
        left = [(a, "") for a in choice.left if choice.actor is None]
        return [Rejected(a.name, self._what(a), reason) for a, reason in (*left, *choice.lost)]

    def _what(self, actor: Actor) -> str:
        now = self.gazetteer.standing(actor, self.date)
        office = now.tenure.words if now.tenure and actor.type is EntityType.PERSON else ""
        parts = (str(actor.type), now.iso3, now.sector, office, actor.qid)
        return ", ".join(p for p in parts if p)


def _row(actor: Actor) -> str:
    """Where an actor stands: the table that has the row, and its sources."""
    if actor.is_supplied:
        return f"supplied in {actor.source}"
    table = "people.csv" if actor.key.startswith("p") else "organisations.csv"
    return f"{actor.key} of {table}; sources: {actor.source.replace('|', ', ')}"
