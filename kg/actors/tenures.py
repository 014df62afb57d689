"""Offices that people hold for a time, as far as the sources of the lists tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as day
from datetime import timedelta

#: Classes of offices that head a country; ``other president`` (of a parliament, a court) does not.
HEADS = ("head of state or government", "head of state")
SUPPLIED = "0"  #: the tier of what users supply, which comes before all others
STALE = 18  # months after which a source no longer says who is in office
#: Days after its end in which an office still tells the sector: sources differ by weeks, and the press is slow to
#: call someone former.
RECENT = 31


def _months(date: str) -> int:
    """Months since the year 0; a year alone counts from its middle."""
    return 12 * int(date[:4]) + int(date[5:7] or 6)


@dataclass(frozen=True, slots=True)
class Tenure:
    """An office held from ``start`` to ``end`` (ISO 8601, possibly only a year; empty: not known)."""

    role: str
    role_class: str
    iso3: str
    sector: str
    tier: str
    start: str
    end: str
    asof: str
    source: str = ""

    def covers(self, date: str) -> bool:
        """Whether the office was held on that day, as far as the data tell; an open end counts as still held."""
        end = f"{self.end}-06-30" if len(self.end) == 4 else self.end  # a year alone: its middle
        return (not self.start or self.start <= date) and (not end or date[: len(end)] <= end)

    def known_at(self, date: str, months: int = STALE) -> bool:
        """Whether the source of an open end is recent enough to speak about that day."""
        return bool(self.end) or not self.asof or _months(date) - _months(self.asof) <= months

    def just_ended(self, date: str) -> bool:
        """Whether the office was given up within the weeks before that day."""
        return len(self.end) == 10 and self.end < date <= (day.fromisoformat(self.end) + timedelta(RECENT)).isoformat()

    @property
    def heads(self) -> bool:
        """Whether this is the office of a head of state or government."""
        return self.role_class in HEADS

    @property
    def words(self) -> str:
        """The office and its time, for people: ``Prime Minister of GBR, 2022-10-25 to 2024-07-05``."""
        until = f"to {self.end}" if self.end else f"on (known as of {self.asof})" if self.asof else "on"
        return f"{self.role}{f' ({self.iso3})' if self.iso3 else ''}, from {self.start or '?'} {until}"
