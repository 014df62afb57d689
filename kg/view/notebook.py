"""Displays for Jupyter: statements as a graph that one can look at, ask and measure inside a cell.

Pages are live, and a frame each, which exported notebooks show too; GitHub, and Jupyter before a notebook is trusted,
drop frames. Pictures and tables (:mod:`kg.view.picture`, :mod:`kg.display`) are seen everywhere and stay in the file.
"""

from __future__ import annotations

import difflib
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, SupportsIndex, overload
from urllib.parse import urlencode

from kg import display
from kg.analysis.network import Level, network
from kg.analysis.report import AnalysisReport, report
from kg.errors import UsageError
from kg.records import Document, Statement
from kg.view import pages, picture, timeline
from kg.view.page import page_html, save
from kg.view.selection import best_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import networkx as nx
    import pandas as pd
    from rdflib import Dataset

    from kg.view.svg import Picture

HEIGHT = 640  #: of the page inside a cell, in pixels
TITLE = "Graph of statements"

_ALLOWED = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"


class Page:
    """The page of :mod:`kg.view.page` inside a cell: an iframe that holds all of it and may reach nothing."""

    def __init__(self, html: str, height: int = HEIGHT) -> None:
        self.html, self.height = html, height

    def save(self, target: Path | str) -> Path:
        """Write the page to a file; see :func:`kg.view.page.write_page`."""
        return save(self.html, target, "page")

    def _repr_html_(self) -> str:
        # Sandboxed without allow-same-origin: its scripts see neither the notebook nor its cookies; articles that are
        # opened from it are not. The words inside are for viewers that drop frames.
        return (f'<iframe srcdoc="{escape(self.html)}" sandbox="{_ALLOWED}" '
                f'style="width:100%;height:{self.height}px;border:1px solid rgba(128,128,128,.35);border-radius:8px" '
                f'title="{TITLE}">The graph is to be seen where the notebook is run or trusted.</iframe>')

    def __repr__(self) -> str:
        return f"<Page of {len(self.html):,} characters>"


class Statements(tuple[Statement, ...]):
    """A tuple of statements that shows itself as a table."""

    __slots__ = ()

    @overload
    def __getitem__(self, index: SupportsIndex) -> Statement: ...
    @overload
    def __getitem__(self, index: slice) -> Statements: ...
    def __getitem__(self, index: SupportsIndex | slice) -> Statement | Statements:
        """Give a statement, or a slice that shows itself as a table too."""
        found = super().__getitem__(index)
        return found if isinstance(found, Statement) else Statements(found)

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
    def __getitem__(self, index: SupportsIndex) -> Statement: ...
    @overload
    def __getitem__(self, index: slice) -> Statements: ...
    def __getitem__(self, index: SupportsIndex | slice) -> Statement | Statements:
        """Give a statement, or a slice of them that shows itself as a table."""
        return self.statements[index]

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

    def about(self, *names: str) -> StatementGraph:
        """Choose the statements in which each of some actors takes part, as speaker, subject or object.

        Parameters
        ----------
        *names
            As one would write them: ``"Trump"``, ``"Ukraine"`` (the country and its government), ``"UKR"``,
            ``"the Kremlin"``; see :mod:`kg.queries.parameters`.

        Raises
        ------
        UsageError
            If a name stands for nobody here, or for several between which nothing decides.
        """
        wanted = [set(self._actors(name)) for name in names]
        return StatementGraph(s for s in self.statements if all(
            any(actor and actor.id in ids for actor in (s.speaker, s.subject, s.object)) for ids in wanted))

    def view(self, target: Path | str | None = None, title: str = TITLE, height: int = HEIGHT, around: str | None = None
             ) -> Page | Path:
        """Show the page in the cell, or write it to ``target``.

        Parameters
        ----------
        target
            The file to write; None to show the page in the cell.
        title
            Heading of the page.
        height
            Of the cell, in pixels.
        around
            An actor, named as for :meth:`about`: the page opens with what is one step from it.
        """
        start = urlencode({"near": f"1 {self._actors(around)[0]}"}) if around else ""
        page = self._page(title, height, start)
        return page.save(target) if target else page

    def pair(self, one: str, other: str, height: int = HEIGHT) -> Page:
        """Show all that is stated between two actors over time; see :func:`kg.view.pages.pair`.

        Parameters
        ----------
        one, other
            The two, named as for :meth:`about`.
        height
            Of the cell, in pixels.
        """
        return Page(pages.pair(self.statements, self._actors(one), self._actors(other)), height)

    def article(self, document: Document | str, height: int = HEIGHT) -> Page:
        """Show an article with its statements marked in place; see :func:`kg.view.pages.article`.

        Parameters
        ----------
        document
            As :func:`kg.read` gives it; or its id, which shows the sentences that the statements rest on.
        height
            Of the cell, in pixels.

        Raises
        ------
        UsageError
            If no statement here is of an article with that id.
        """
        known = {s.document.id: s.document for s in self.statements}
        if isinstance(document, str) and document not in known:
            near = ", ".join(difflib.get_close_matches(document, known, 3, 0.3)) or ", ".join(sorted(known)[:3])
            raise UsageError(f"no statement here is of an article {document!r}", way_out=f"near ids: {near}")
        return Page(pages.article(known[document] if isinstance(document, str) else document, self.statements), height)

    def picture(self, by: Level | str = Level.ACTOR, most: int = picture.MOST) -> Picture:
        """Draw the graph as a picture that stays in the saved notebook; see :func:`kg.view.picture.picture`."""
        return picture.picture(self.statements, by, most)

    def timeline(self, one: str, other: str) -> Picture:
        """Draw the statements between two actors over time, as a picture that stays in the saved notebook.

        Parameters
        ----------
        one, other
            The two, named as for :meth:`about`; see also :meth:`pair`, and :func:`kg.view.timeline.timeline`.
        """
        return timeline.timeline(self.statements, *(
            timeline.Side(self._name(name), frozenset(self._actors(name))) for name in (one, other)))

    def _actors(self, name: str) -> list[str]:
        """Find the ids of those that a name stands for, the one that is most spoken of first."""
        from kg.queries import parameters

        counts = Counter(actor.id for s in self.statements for actor in (s.speaker, s.subject, s.object) if actor)
        found = [str(term) for term in parameters.actor(self.dataset, name)]
        return sorted(found, key=lambda actor: (-counts[actor], actor))

    def _name(self, name: str) -> str:
        """Give the name that an actor goes by here."""
        lead = self._actors(name)[0]
        return next((actor.name for s in self.statements for actor in (s.subject, s.object, s.speaker)
                     if actor and actor.id == lead), name)

    def _page(self, title: str = TITLE, height: int = HEIGHT, start: str = "") -> Page:
        shown, total = best_known(lambda: self.statements)
        return Page(page_html(shown, title, total=total, start=start), height)

    def _repr_html_(self) -> str:
        return self._page()._repr_html_()

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


def show(statements: Iterable[Statement], target: Path | str | None = None, title: str = TITLE,
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
