"""Displays for Jupyter: statements as a graph that one can look at, ask and measure inside a cell."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, overload

from kg import display
from kg.analysis.network import Level, network
from kg.analysis.report import AnalysisReport, report
from kg.records import Statement
from kg.view.page import page_html, write_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import networkx as nx
    import pandas as pd
    from rdflib import Dataset

HEIGHT = 640  #: of the page inside a cell, in pixels


class Page:
    """The page of :mod:`kg.view.page` inside a cell: an iframe that holds all of it and may reach nothing."""

    def __init__(self, html: str, height: int = HEIGHT) -> None:
        self.html, self.height = html, height

    def save(self, target: Path | str) -> Path:
        """Write the page to a file."""
        target = Path(target)
        target.write_text(self.html, encoding="utf-8", errors="backslashreplace", newline="\n")
        return target

    def _repr_html_(self) -> str:
        # Sandboxed without allow-same-origin: its scripts see neither the notebook nor its cookies.
        return (f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts allow-popups" '
                f'style="width:100%;height:{self.height}px;border:1px solid rgba(128,128,128,.35);border-radius:8px" '
                'title="Graph of statements"></iframe>')


class Statements(tuple[Statement, ...]):
    """A tuple of statements that shows itself as a table."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} statements>"

    def _repr_html_(self) -> str:
        return display.statements_html([statement.to_json() for statement in self])

    def to_dataframe(self) -> pd.DataFrame:
        """Give a row for each statement: the actors' names, relation, words, source, confidence."""
        import pandas as pd

        return pd.DataFrame([_flat(statement) for statement in self])


class StatementGraph:
    """Statements as a graph.

    Parameters
    ----------
    statements
        Any iterable; read once, not changed.
    dataset
        The same statements as an rdflib dataset, if there is one already; else it is made when first asked for.

    Examples
    --------
    >>> graph = StatementGraph(())
    >>> len(graph)
    0
    """

    def __init__(self, statements: Iterable[Statement], dataset: Dataset | None = None) -> None:
        self.statements = Statements(statements)
        self._dataset = dataset

    @classmethod
    def from_dataset(cls, dataset: Dataset) -> StatementGraph:
        """Read the statements of an rdflib dataset."""
        from kg.rdf import quads

        return cls(quads.from_dataset(dataset), dataset)

    @property
    def dataset(self) -> Dataset:
        """The statements as RDF."""
        if self._dataset is None:
            from kg.store import load_statements, open_store

            store = open_store()
            load_statements(store, self.statements)
            self._dataset = store
        return self._dataset

    def __len__(self) -> int:
        return len(self.statements)

    def __iter__(self) -> Iterator[Statement]:
        return iter(self.statements)

    @overload
    def __getitem__(self, index: int) -> Statement: ...
    @overload
    def __getitem__(self, index: slice) -> Statements: ...
    def __getitem__(self, index: int | slice) -> Statement | Statements:
        """Give a statement, or a slice of them that shows itself as a table."""
        return Statements(self.statements[index]) if isinstance(index, slice) else self.statements[index]

    def query(self, query: str, **params: str) -> pd.DataFrame:
        """Ask a named query, or SPARQL text, for a table.

        Parameters
        ----------
        query
            A name (``"who-criticizes"``), or SPARQL with the prefixes ``kg:`` and ``ent:`` declared.
        **params
            Values of the query's parameters.
        """
        from kg.queries import library

        return library.run(self.dataset, query, params).to_dataframe()

    def network(self) -> nx.MultiDiGraph:
        """Give the networkx multigraph; see :func:`kg.analysis.network.network`."""
        return network(self.statements)

    def analyse(self, by: Level | str = Level.ACTOR) -> AnalysisReport:
        """Measure the network; see :func:`kg.analysis.report.report`."""
        return report(self.statements, by)

    def view(self, target: Path | str | None = None, title: str = "Graph of statements", height: int = HEIGHT
             ) -> Page | Path:
        """Show the page in the cell, or write it to ``target``; see :func:`kg.view.page.write_page`."""
        return write_page(self.statements, target, title) if target else Page(page_html(self.statements, title), height)

    def _repr_html_(self) -> str:
        return Page(page_html(self.statements))._repr_html_()

    def __repr__(self) -> str:
        documents = {statement.document.id for statement in self.statements}
        return f"<StatementGraph: {len(self)} statements in {len(documents)} documents>"


def _flat(statement: Statement) -> dict[str, str | float | bool | None]:
    def name(entity: object) -> str | None:
        return getattr(entity, "name", None)

    return {
        "subject": name(statement.subject), "predicate": statement.predicate, "object": name(statement.object),
        "topic": statement.topic, "speaker": name(statement.speaker),
        "via": ", ".join(entity.name for entity in statement.via) or None, "polarity": statement.polarity,
        "negated": statement.negated, "modality": statement.modality.value,
        "evidence": statement.evidence.text if statement.evidence else None,
        "publisher": statement.document.publisher, "published": statement.document.published,
        "confidence": statement.confidence, "basis": statement.basis.value if statement.basis else None,
    }


def graph_of(statements: Sequence[Statement] | Iterable[Statement]) -> StatementGraph:
    """Wrap statements, unless they are wrapped already."""
    return statements if isinstance(statements, StatementGraph) else StatementGraph(statements)


def show(statements: Iterable[Statement], target: Path | str | None = None, title: str = "Graph of statements",
         height: int = HEIGHT) -> Page | Path:
    """Show the page of statements in a cell, or write it to a file.

    Parameters
    ----------
    statements
        Any iterable; read once, not changed.
    target
        Where to write the page; None to show it in the cell.
    title
        Heading of the page.
    height
        Of the cell, in pixels.

    Returns
    -------
    Page or pathlib.Path
        What Jupyter shows, or ``target``.
    """
    return graph_of(statements).view(target, title, height)
