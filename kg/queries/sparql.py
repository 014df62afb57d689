"""What must be known of a SPARQL text before it runs: its kind, its variables, and where values go in.

Values are put in as a ``VALUES`` block, not as bindings beside the query: Oxigraph refuses bindings of variables that
are not selected, and a text with its values in it runs on any endpoint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib import Literal, URIRef

_TOKEN = re.compile(r'''
    (?P<comment>\#[^\n]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<name>[A-Za-z_][\w.:-]*)
  | (?P<open>[{(])
  | (?P<close>[})])
  | (?P<other>\S)
''', re.VERBOSE | re.DOTALL)

_READING = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_CHANGING = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def _tokens(query: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(query):
        if match.lastgroup and match.lastgroup != "comment":
            yield _Token(match.lastgroup, match.group(), match.start(), match.end())


def kind(query: str) -> str:
    """Tell ``SELECT``, ``ASK``, ``CONSTRUCT`` and ``DESCRIBE`` apart; empty if the text is none of them.

    Raises
    ------
    UsageError
        If the text is an update.
    """
    for token in _tokens(query):
        word = token.text.upper()
        if token.kind == "name" and word in _READING:
            return word
        if token.kind == "name" and word in _CHANGING:
            raise UsageError(f"the graph is only asked here, not changed, and {word} changes it",
                             way_out="build it anew with kg build")
        if token.kind == "open":
            break
    return ""


def variables(query: str) -> set[str]:
    """Give the names of the variables in a query, without their question marks."""
    return {token.text[1:] for token in _tokens(query) if token.kind == "variable"}


def bind(query: str, values: Mapping[str, Iterable[URIRef | Literal] | None]) -> str:
    """Put values into a query.

    Where the query has blocks ``VALUES ?name { ... }`` the content of each is replaced; else such a block is put at the
    start of the outermost pattern. None takes the blocks away, so that the variable is free.

    Raises
    ------
    UsageError
        If the query has no variable of a name.
    """
    for name, terms in values.items():
        if name not in variables(query):
            held = ", ".join(f"?{held}" for held in sorted(variables(query))) or "none"
            raise UsageError(f"the query has no variable ?{name}", way_out=f"its variables are: {held}")
        text = "" if terms is None else f"VALUES ?{name} {{ {' '.join(term.n3() for term in terms)} }}"
        blocks = _values_blocks(query, name)
        for start, end in reversed(blocks):
            query = f"{query[:start]}{text}{query[end:]}"
        if blocks or terms is None:
            continue
        if re.search(r"\bCONSTRUCT\s+WHERE\b", query, re.IGNORECASE):  # the short form allows no block in its pattern
            query = f"{query}\n{text}"
        else:
            start = _start_of_pattern(query)
            query = f"{query[:start]} {text}{query[start:]}"
    return query


def inline(query: str, name: str) -> str:
    """Write the one value of the blocks ``VALUES ?name { ... }`` where the variable stands, and take the blocks away.

    Oxigraph compiles a regular expression that is a constant once, one that is a variable for every row.
    """
    blocks = _values_blocks(query, name)
    value = next((query[start:end].partition("{")[2].removesuffix("}").strip() for start, end in blocks), "")
    for start, end in reversed(blocks):
        query = query[:start] + query[end:]
    places = [token for token in _tokens(query) if token.kind == "variable" and token.text[1:] == name]
    for place in reversed(places):
        query = query[:place.start] + value + query[place.end:]
    return query


def limit(query: str, count: int | None) -> str:
    """Let each ``LIMIT`` of a query be another; None takes them away."""
    words = [token for token in _tokens(query) if token.kind == "name" and token.text.upper() == "LIMIT"]
    for word in reversed(words):
        if number := re.match(r"\s+\d+", query[word.end:]):
            text = "" if count is None else f"LIMIT {count}"
            query = f"{query[:word.start]}{text}{query[word.end + number.end():]}"
    return query


def _values_blocks(query: str, name: str) -> list[tuple[int, int]]:
    tokens, found = list(_tokens(query)), list[tuple[int, int]]()
    for first, second, third, number in zip(tokens, tokens[1:], tokens[2:], range(len(tokens)), strict=False):
        if first.text.upper() == "VALUES" and second.text[1:] == name and third.text == "{":
            end = next((token.end for token in tokens[number + 3:] if token.text == "}"), len(query))
            found.append((first.start, end))
    return found


def _start_of_pattern(query: str) -> int:
    is_template = False
    depth = 0
    for token in _tokens(query):
        if token.kind == "name" and token.text.upper() == "CONSTRUCT":
            is_template = True
        elif token.kind == "name" and token.text.upper() == "WHERE" and depth == 0:
            is_template = False
        elif token.kind == "open":
            if depth == 0 and token.text == "{" and not is_template:
                return token.end
            depth += 1
        elif token.kind == "close":
            depth -= 1
            is_template = is_template and depth > 0
    raise UsageError("the query has no pattern in braces to bind a variable in", way_out="add WHERE { ... }")
