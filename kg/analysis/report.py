"""One report of the measures, as a record, as JSON and as tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from kg import display
from kg.analysis import measures
from kg.analysis.camps import Camps, camps
from kg.analysis.change import Shift, shifts
from kg.analysis.network import Level, network, projection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.records import Statement

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report: what it shows, in one sentence, and its rows, one cell a column."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class AnalysisReport:
    """The measures of a set of statements, at the level of actors or countries.

    ``statements`` counts all, ``relations`` those that relate two actors, ``ties`` the ordered pairs that actual
    ones tie. ``voices``, ``prominence`` and ``shifts`` are always about actors. ``names`` names the nodes that
    ``camps`` lists.
    """

    by: Level
    statements: int
    relations: int
    actors: int
    ties: int
    voices: tuple[measures.Voice, ...] = field(repr=False)
    prominence: tuple[measures.Prominence, ...] = field(repr=False)
    standing: tuple[measures.Standing, ...] = field(repr=False)
    brokers: tuple[measures.Broker, ...] = field(repr=False)
    camps: Camps = field(repr=False)
    balance: measures.Balance
    reciprocity: measures.Reciprocity
    shifts: tuple[Shift, ...] = field(repr=False)
    names: dict[str, str] = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain lists, dicts, strings and numbers."""
        return asdict(self) | {"by": self.by.value}

    def tables(self, top: int = 10) -> list[Table]:
        """Lay the report out as tables of at most ``top`` rows each."""
        return [
            Table("Who speaks", "Statements by speaker.", ("actor", "statements", "documents", "about"),
                  tuple((v.name, v.statements, v.documents, v.about) for v in self.voices[:top])),
            Table("Who is spoken of", "Statements that others make about an actor.", ("actor", "voices", "statements"),
                  tuple((p.name, p.voices, p.statements) for p in self.prominence[:top])),
            Table("For and against", "Ties sent and received; weight is polarity times confidence, summed.",
                  (self.by.value, "sends +", "sends -", "receives +", "receives -", "weight sent", "weight received"),
                  tuple((s.name, s.out_positive, s.out_negative, s.in_positive, s.in_negative,
                         round(s.out_weight, 2), round(s.in_weight, 2)) for s in self.standing[:top])),
            Table("Brokers", "Betweenness on ties without hostility; Burt's constraint.",
                  (self.by.value, "betweenness", "constraint"),
                  tuple((b.name, round(b.betweenness, 3), None if b.constraint is None else round(b.constraint, 3))
                        for b in self.brokers[:top] if b.betweenness > 0)),
            Table("Camps", f"Of two and more; {self.camps.frustration:.0%} of the weight goes against the division.",
                  ("camp", "members"),
                  tuple((number, ", ".join(self.names[node] for node in members))
                        for number, members in enumerate(self.camps.members[:top], 1) if len(members) > 1)),
            Table("Balance and reciprocity", "Shares from 0 to 1; empty where there is nothing to count.",
                  ("measure", "value"), self._shares()),
            Table("Changes of position", "From for to against or back, by the dates of the articles.",
                  ("date", "actor", "towards", "before", "after"),
                  tuple((s.first, s.subject_name, s.object_name, round(s.before, 2), round(s.after, 2))
                        for s in self.shifts[:top])),
        ]

    def _repr_html_(self) -> str:
        return "".join(display.table_html(t.title, t.note, t.columns, t.rows) for t in self.tables())

    def _shares(self) -> tuple[tuple[Cell, ...], ...]:
        b = self.balance
        return (
            ("triangles + + +", b.ppp), ("triangles + + -", b.ppn), ("triangles + - -", b.pnn),
            ("triangles - - -", b.nnn),
            ("balanced triangles", _rounded(b.degree)),
            ("weakly balanced triangles", _rounded(b.weak_degree)),
            ("ties answered", _rounded(self.reciprocity.answered)),
            ("answered with the same sign", _rounded(self.reciprocity.concordant)),
        )


def report(statements: Iterable[Statement], by: Level | str = Level.ACTOR) -> AnalysisReport:
    """Measure a set of statements.

    Parameters
    ----------
    statements
        Any iterable; read once, not changed.
    by
        ``"actor"``, ``"government"`` or ``"country"``: what the nodes of the signed network are.

    Returns
    -------
    AnalysisReport
        Every list complete and sorted, largest first.
    """
    statements = list(statements)
    graph = network(statements)
    signed = projection(graph, by)
    return AnalysisReport(
        by=Level(by),
        statements=len(statements),
        relations=graph.number_of_edges(),
        actors=graph.number_of_nodes(),
        ties=signed.number_of_edges(),
        voices=tuple(measures.voices(statements)),
        prominence=tuple(measures.prominence(statements)),
        standing=tuple(measures.standing(signed)),
        brokers=tuple(measures.brokers(signed)),
        camps=camps(signed),
        balance=measures.balance(signed),
        reciprocity=measures.reciprocity(signed),
        shifts=tuple(shifts(statements)),
        names={node: str(data.get("name", node)) for node, data in signed.nodes(data=True)},
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)
