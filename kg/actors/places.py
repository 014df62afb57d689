"""Cities, states and provinces of the world, and peoples and regions within a country."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kg.actors.names import key
from kg.actors.tables import Sorted, lines, rows

if TYPE_CHECKING:
    from collections.abc import Collection

_OUTWEIGHS = 2  #: how many times larger a city must be to be meant where nothing tells which of two


class Place(NamedTuple):
    """A place under its usual name; the population only of cities."""

    name: str
    iso3: str
    population: int = 0


class Places:
    """Lookups by the key of a name. Use :attr:`kg.actors.gazetteer.Gazetteer.places`."""

    @cached_property
    def _cities(self) -> Sorted:
        return Sorted("cities", "form,name,iso3,population")

    @cached_property
    def _regions(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = defaultdict(list)
        for line in lines("regions", "name,iso3"):
            name, iso3 = line.split(",")
            found[key(name)].append(Place(name, iso3))
        return found

    @cached_property
    def homelands(self) -> dict[str, str]:
        """Peoples and regions within a country to its code: ``Scottish``, ``Catalan``."""
        return {key(form): iso3 for form, iso3, _ in rows("region_forms", "form,iso3,source")}

    def is_city(self, form: str) -> bool:
        """Whether any city has that name."""
        return bool(self._cities.find(form))

    def cities(self, form: str) -> list[Place]:
        """The cities of that name or other name, the largest first."""
        cut = (line.split(",") for line in self._cities.find(form))
        return [Place(name, iso3, int(population)) for _, name, iso3, population in cut]

    def regions(self, form: str) -> list[Place]:
        """The states and provinces of that name."""
        return self._regions.get(form, [])

    def city(self, form: str, countries: Collection[str] = ()) -> Place | None:
        """The city that is meant: in one of the countries that the words around tell, or larger than all others."""
        found = self.cities(form)
        found = [c for c in found if c.iso3 in countries] or found
        if not found:
            return None
        rival = max((c.population for c in found if c.iso3 != found[0].iso3), default=0)
        return found[0] if found[0].population >= _OUTWEIGHS * rival else None

    def region(self, form: str, countries: Collection[str] = ()) -> Place | None:
        """The state or province that is meant; None if two countries have one and neither is told."""
        found = self.regions(form)
        found = [r for r in found if r.iso3 in countries] or found
        return found[-1] if len({r.iso3 for r in found}) == 1 else None
