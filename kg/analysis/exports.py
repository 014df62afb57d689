"""The network as GraphML, GEXF and CSV, written to text streams; the CSV reads back and is safe in spreadsheets."""

from __future__ import annotations

import csv
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TextIO

import networkx as nx

from kg.analysis.network import edge_attributes, network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kg.records import Statement

COLUMNS = ("id", "subject", "subject_name", "predicate", "object", "object_name", "topic", "polarity", "negated",
           "modality", "confidence", "basis", "speaker", "speaker_name", "via", "quote", "plover", "cameo",
           "time_text", "time_start", "time_end", "document", "title", "publisher", "published", "url", "evidence",
           "carried_by")
_NUMBERS = frozenset({"polarity", "confidence"})
_FORMULA = re.compile(r"[=+\-@\t\r\n'＝＋－＠]")  # the last four: full-width forms, which some spreadsheets also run
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(statements: Iterable[Statement], out: TextIO) -> None:
    """Write the multigraph of statements as GraphML (http://graphml.graphdrawing.org)."""
    writer = nx.readwrite.graphml.GraphMLWriter()
    writer.add_graph_element(_printable(network(statements)))
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f"{writer}\n")


def write_gexf(statements: Iterable[Statement], out: TextIO) -> None:
    """Write the multigraph of statements as GEXF 1.2 (https://gexf.net), labelled and weighted as Gephi expects."""
    graph = _printable(network(statements))
    for _, data in graph.nodes(data=True):
        data["label"] = data.pop("name")
    for *_, data in graph.edges(data=True):
        data["label"] = data["predicate"]
        data["weight"] = data["confidence"]
    writer = nx.readwrite.gexf.GEXFWriter(graph)
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)  # the same statements give the same file on any day
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f"{writer}\n")


def write_csv(statements: Iterable[Statement], out: TextIO) -> None:
    """Write an edge list, a row for each statement that relates two actors.

    A text cell that a spreadsheet could take for a formula (or that begins with an apostrophe) gets an apostrophe in
    front; :func:`read_csv` takes it off again. Open the stream with ``newline=""``.

    References
    ----------
    OWASP: CSV injection. https://owasp.org/www-community/attacks/CSV_Injection
    """
    writer = csv.DictWriter(out, COLUMNS, restval="", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    for row in rows(statements):
        writer.writerow({key: value if key in _NUMBERS else _guarded(_cell(value)) for key, value in row.items()})


def read_csv(source: TextIO) -> Iterator[dict[str, Any]]:
    """Read rows as :func:`rows` gives them from what :func:`write_csv` wrote; empty cells are left out."""
    for row in csv.DictReader(source):
        yield {key: _value(key, cell) for key, cell in row.items() if cell}


def rows(statements: Iterable[Statement]) -> Iterator[dict[str, Any]]:
    """Give one flat row for each statement that relates two actors; unknown values are left out."""
    for statement in statements:
        if statement.subject and statement.predicate and statement.object:
            row = {"subject": statement.subject.id, "subject_name": statement.subject.name,
                   "object": statement.object.id, "object_name": statement.object.name, **edge_attributes(statement)}
            yield {key: row[key] for key in COLUMNS if row.get(key, "") != ""}


#: The formats that ``kg export`` takes from here; each writes statements to a text stream.
FORMATS: Mapping[str, Callable[[Iterable[Statement], TextIO], None]] = MappingProxyType(
    {"graphml": write_graphml, "gexf": write_gexf, "csv": write_csv})


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(key: str, cell: str) -> Any:
    if key in _NUMBERS:
        return float(cell) if key == "confidence" else int(cell)
    text = cell.removeprefix("'")
    return text == "true" if key == "negated" else text


def _printable(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Copy the graph without what XML cannot hold (control characters)."""
    clean = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        clean.add_node(_xml(node), **{key: _xml(value) for key, value in data.items()})
    for source, target, key, data in graph.edges(data=True, keys=True):
        clean.add_edge(_xml(source), _xml(target), key=_xml(key), **{k: _xml(value) for k, value in data.items()})
    return clean


def _xml(value: Any) -> Any:
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) else value
