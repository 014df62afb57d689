"""Who held which office when: tenures by their holder, by country and class of office, by the body that they head."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, cached_property
from typing import TYPE_CHECKING

from kg.actors.names import key
from kg.actors.tables import Sorted
from kg.actors.tenures import Tenure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Held = tuple[str, Tenure]  #: the key of an actor and an office that it holds or held

#: Classes of offices of a state itself, not of a body of it.
_OF_STATE = frozenset(("minister", "foreign minister", "defence minister", "interior minister", "diplomat", "speaker",
                       "head of state or government", "head of state", "deputy head", "legislator"))
_BODY = re.compile(r" (?:of|for) (?:the )?(.+)$")
_UNDER = re.compile("Deputy|Vice|Assistant|Member|Acting|Former|Under|Spoke|Lieutenant", re.I)
_HEADS = frozenset(("head", "chief", "leader", "boss"))  #: words for who heads any body


class Offices:
    """The shipped tenures and those ``added``, which users supply."""

    def __init__(self, added: Mapping[str, Sequence[Tenure]] | None = None) -> None:
        self._added = added or {}

    @cached_property
    def _table(self) -> Sorted:
        return Sorted("tenures", "key,role,role_class,iso3,sector,tier,start,end,asof,source")

    @cached_property
    def _by_class(self) -> dict[tuple[str, str], list[str]]:
        """Countries and classes of offices to the rows of their tenures."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for line in self._table.lines:
            _, _, role_class, iso3, _ = line.split(",", 4)
            found[iso3, role_class].append(line)
        return found

    @cached_property
    def _by_body(self) -> dict[str, list[str]]:
        """Names of bodies to the rows whose role names them: ``Director of the Central Intelligence Agency``."""
        found: dict[str, list[str]] = defaultdict(list)
        for (_, role_class), lines in self._by_class.items():
            if role_class not in _OF_STATE:
                for line in lines:
                    role = line.split(",", 2)[1]
                    if not _UNDER.search(role) and (body := _BODY.search(role)):
                        found[key(body[1])].append(line)
        return found

    def tenures(self, ident: str) -> list[Tenure]:
        """The offices of an actor, those that users supplied first."""
        return [*self._added.get(ident, ()), *map(_tenure, self._table.find(ident))]

    def holders(self, iso3: str, role_class: str, date: str) -> list[Held]:
        """Who held an office of that class in a country on a date; the one appointed last comes first."""
        added = [(i, t) for i, t in self._every_added() if (t.iso3, t.role_class) == (iso3, role_class)]
        found = _on(date, [*added, *map(_held, self._by_class.get((iso3, role_class), ()))])
        return sorted(found, key=lambda pair: (pair[1].start, pair[1].asof), reverse=True)

    def heads_of(self, names: Iterable[str], titles: Sequence[str], date: str) -> Held | None:
        """Who heads a body of some names under the titles on a date; None if nobody is known, or two are."""
        forms = {key(name) for name in names}
        added = [(i, t) for i, t in self._every_added() if (body := _BODY.search(t.role)) and key(body[1]) in forms]
        lines = dict.fromkeys(line for form in forms for line in self._by_body.get(form, ()))
        found = [
            (i, t)
            for i, t in _on(date, [*added, *map(_held, lines)])
            if all(title in _HEADS or title in t.role.lower().split(" of ")[0] for title in titles)
        ]
        latest = [(i, t) for i, t in found if t.start == max(u.start for _, u in found)]
        return latest[0] if len({i for i, _ in latest}) == 1 else None

    def _every_added(self) -> list[Held]:
        return [(ident, tenure) for ident, held in self._added.items() for tenure in held]


def _on(date: str, held: Iterable[Held]) -> list[Held]:
    """Those known to be held on a date."""
    return [(i, t) for i, t in held if t.start and t.covers(date) and t.known_at(date)]


def _held(line: str) -> Held:
    return line[: line.index(",")], _tenure(line)


@cache
def _tenure(line: str) -> Tenure:
    return Tenure(*line.split(",")[1:10])
