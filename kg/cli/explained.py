"""Why a phrase was taken for an actor, for people: the answer, what led to it, and who else it could have been."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from kg.actors.explain import Explanation


SHOWN = 10  #: candidates of each kind


def explanation(found: Explanation) -> Iterator[RenderableType]:
    """Yield the parts to draw, from the answer to the candidates that lost."""
    when = f" on {found.date}" if found.date else ""
    entity = found.entity
    open_ = [r for r in found.rejected if r.is_open]
    lost = [r for r in found.rejected if not r.is_open]
    if entity is None:
        yield Text(f"“{found.text}”{when} names no actor.")
    else:
        facts = (str(entity.type), entity.country, entity.sector, entity.wikidata, entity.id)
        facts_line = " · ".join(fact for fact in facts if fact)
        yield Text.assemble(f"“{found.text}”{when} is\n\n  ", (entity.name, "bold"), f"\n  {facts_line}")
    if found.steps:
        steps = groupby(found.steps, lambda step: step.about)
        yield _section("Why", [("" if n else about, s.found) for about, same in steps for n, s in enumerate(same)])
    if open_:
        yield _section("Left open between", _some([(r.name, r.what) for r in open_]))
    if lost:
        yield _section("Not", _some([(r.name, f"{r.what}: {r.reason}") for r in lost]))


def _some(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    more = len(rows) - SHOWN
    return [*rows[:SHOWN], ("...", f"and {more} more")] if more > 0 else rows


def _section(title: str, rows: list[tuple[str, str]]) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="cyan", no_wrap=True)
    grid.add_column()
    for first, second in rows:
        grid.add_row(Text(first), Text(second))
    framed = Table.grid()
    framed.add_row(Text(f"\n{title}", style="bold"))
    framed.add_row(Padding(grid, (0, 0, 0, 2)))
    return framed
