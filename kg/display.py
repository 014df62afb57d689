"""Records as HTML fragments for Jupyter and pages. Text of articles is data: everything is escaped.

A fragment is plain elements with their styles inside: no style sheet, script or shadow root. Jupyter, VS Code and
exported pages set it as inner HTML, where a declarative shadow root is not attached and a style element would reach the
whole notebook; mails and GitHub drop all but plain elements. What notebooks do to tables (stripes, alignment, centring,
fixed widths) is undone by name. Text and links keep the notebook's own colours, and ours mix with that of the text
around them, so that they read on light and on dark. Where styles are dropped, elements still tell marks and names.
Only the page of the graph, which needs scripts, is framed (:class:`kg.view.notebook.Page`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

Json = dict[str, Any]

_FOR, _AGAINST, _NEITHER, _LINE = "#1f6fb5", "#c8511b", "#767c86", "rgba(128,128,128,.35)"
_SERIF = "'Iowan Old Style',Charter,'Palatino Linotype','Noto Serif',Georgia,serif"
_BOX = f"max-width:46em;margin:.4em 0;padding:.7em 1em .8em;border:1px solid {_LINE};border-radius:8px;line-height:1.5"
# What marks a piece of a sentence: an element, and its style.
_MARKS = {
    "content": ("mark", "background:rgba(255,205,40,.3);color:inherit;padding:0"),
    "source": ("span", "text-decoration:underline;text-underline-offset:.25em"),
    "cue": ("span", "text-decoration:underline dotted;text-underline-offset:.25em"),
    "named": ("b", "font-weight:600"),
}
_SCROLLED = "overflow-x:auto;max-width:100%;margin:.4em 0"
_TABLE = ("border-collapse:collapse;border:0;table-layout:auto;width:auto;margin:.3em 0;font-size:.92em;"
          "line-height:1.45;color:inherit;background:none")
_PLAIN = "background:none;border:0"
_CELL = ("padding:.3em .65em;vertical-align:top;background:none;color:inherit;border:0;"
         f"border-bottom:1px solid {_LINE};max-width:40em;overflow-wrap:break-word")
_RIGHT, _SHORT = "text-align:right;white-space:nowrap", "text-align:left;white-space:nowrap"
_MIDDLE, _LONG = ("text-align:left;white-space:normal;min-width:11em",
                  "text-align:left;white-space:normal;min-width:17em")
_BASES = {"rule": "a rule", "model": "the learned model", "both": "a rule and the learned model"}
# Controls and overrides of direction, which can make text look like other text, are shown by their number.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_OPENING = 600  # characters of a document that its display shows


def document_html(document: Json, text: str) -> str:
    """Show a document: title, outlet, date, length and opening words.

    Parameters
    ----------
    document
        The contract's ``document`` object.
    text
        Its text.

    Returns
    -------
    str
        An HTML fragment.
    """
    words = len(text.split())
    text = text.removeprefix(document.get("title") or "").lstrip()
    facts = [document.get("publisher"), (document.get("published") or "")[:10], f"{words:,} words" if words else ""]
    opening = text[:_OPENING].rsplit(" ", 1)[0] + " …" if len(text) > _OPENING else text
    address = _link(document.get("url"), document.get("url"))
    return (
        f'<div style="{_BOX}"><div style="font:600 1.15em {_SERIF}" dir="auto">'
        f"{plain(document.get('title') or document['id'])}</div>"
        f'<div style="opacity:.75;font-size:.9em">{_joined(plain(fact) for fact in facts if fact)}</div>'
        f'<div style="font-family:{_SERIF};white-space:pre-line;margin-top:.5em" dir="auto">{plain(opening)}</div>'
        f'{f"""<div style="font-size:.9em;margin-top:.5em">{address}</div>""" if address else ""}</div>'
    )


def statement_html(statement: Json) -> str:
    """Show a statement: the claim, its words with the attribution marked, and where they stand.

    Parameters
    ----------
    statement
        A statement record of the contract.

    Returns
    -------
    str
        An HTML fragment.
    """
    colour = _colour(statement)
    return (
        f'<div style="{_BOX};border-left:3px solid {colour}"><div>{_claim(statement)}</div>'
        f'<div style="font:1.05em/1.55 {_SERIF};margin:.35em 0 .45em" dir="auto">{_words(statement)}</div>'
        f'<div style="opacity:.75;font-size:.9em">{_source(statement)}</div></div>'
    )


def statements_html(statements: Sequence[Json], limit: int = 20) -> str:
    """Show statements as a table, the first ``limit`` of them, without columns that are empty."""
    names = ("subject", "relation", "object", "speaker", "words", "outlet", "date", "sure")
    rows = [_cells(statement) for statement in statements[:limit]]
    filled = [at for at in range(len(names)) if not rows or any(row[at] for row in rows)]
    return _table("", [names[at] for at in filled], ([row[at] for at in filled] for row in rows),
                  {len(filled) - 1}, len(statements) - limit)


def table_html(
    title: str, note: str, columns: Sequence[str], rows: Sequence[Sequence[object]], limit: int = 100
) -> str:
    """Show a table with a title and a sentence about it, the first ``limit`` rows of it.

    None is an empty cell, a web address a link; columns of numbers stand to the right.
    """
    numeric = {at for at in range(len(columns))
               if {_is_number(row[at]) for row in rows if row[at] is not None} == {True}}
    caption = (f"<b>{plain(title)}</b> " if title else "") + (
        f'<span style="opacity:.75">{plain(note)}</span>' if note else "")
    body = ([_value(value) for value in row] for row in rows[:limit])
    return _table(caption, [plain(name) for name in columns], body, numeric, len(rows) - limit)


def line_html(text: str) -> str:
    """Show one short answer."""
    return f'<div style="margin:.4em 0">{plain(text)}</div>'


def plain(text: object) -> str:
    """Escape text for HTML, and show hidden controls by their number."""
    return escape(visible(text))


def visible(text: object) -> str:
    """Show hidden controls by their number."""
    return _HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", str(text))


def _table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], numeric: AbstractSet[int], more: int
) -> str:
    """Lay out cells of HTML; ``numeric`` has the columns that stand to the right."""
    def line(tag: str, cells: Sequence[str]) -> str:
        inner = "".join(f'<{tag} style="{_CELL};{_RIGHT if at in numeric else _run(cell)}">{cell}</{tag}>'
                        for at, cell in enumerate(cells))
        return f'<tr style="{_PLAIN}">{inner}</tr>'

    body = "".join(line("td", row) for row in rows)
    rest = f'<div style="opacity:.75">and {more:,} more</div>' if more > 0 else ""
    return (f'<div style="{_SCROLLED}">{caption}<table style="{_TABLE}"><thead style="{_PLAIN}">{line("th", head)}'
            f'</thead><tbody style="{_PLAIN}">{body}</tbody></table>{rest}</div>')


def _run(cell: str) -> str:
    """Keep a few words on one line, and give more of them room, so that a wide table scrolls instead of crumbling."""
    length = len(re.sub("<[^>]*>", "", cell))
    return _SHORT if length <= 24 else _LONG if length > 60 else _MIDDLE


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _value(value: object) -> str:
    """Write a value: numbers with at most three digits after the point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | Decimal):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return _link(str(value), str(value)) or plain(value)


def _cells(statement: Json) -> tuple[str, ...]:
    relation = f'<span style="{_coloured(statement)}">{plain(_relation(statement))}</span>'
    return (
        _name(statement["subject"]), relation if statement["predicate"] else "", _name(statement["object"]),
        _name(statement["speaker"]), _words(statement), plain(statement["document"]["publisher"] or ""),
        plain((statement["document"]["published"] or "")[:10]), f"{statement['confidence']:.2f}",
    )


def _coloured(statement: Json) -> str:
    """Colour text by attitude, mixed with the text around it where the browser can."""
    colour = _colour(statement)
    return f"color:{colour};color:color-mix(in srgb,currentColor 30%,{colour})"


def _colour(statement: Json) -> str:
    polarity = 0 if statement["negated"] else statement["polarity"]
    return _FOR if polarity == 1 else _AGAINST if polarity == -1 else _NEITHER


def _relation(statement: Json) -> str:
    modality = "" if statement["modality"] == "actual" else f" ({statement['modality']})"
    return ("not: " if statement["negated"] else "") + str(statement["predicate"]) + modality


def _name(entity: Json | None) -> str:
    return f"<bdi>{plain(entity['name'])}</bdi>" if entity else ""


def _claim(statement: Json) -> str:
    if not statement["predicate"]:
        return f"<b>{_name(statement['speaker']) or 'Stated'}</b>{' says' if statement['speaker'] else ''}"
    topic = f' <span style="opacity:.75">about {plain(statement["topic"])}</span>' if statement["topic"] else ""
    return (f"<b>{_name(statement['subject']) or 'someone'}</b> "
            f'<b style="{_coloured(statement)}">{plain(_relation(statement))}</b> '
            f"<b>{_name(statement['object'])}</b>{topic}")


def _words(statement: Json) -> str:
    """Mark source, cue, content and the actors named in the evidence."""
    evidence = statement["evidence"]
    if not evidence:
        return " … ".join(plain(span["text"]) for span in statement["content"])
    named = [actor["mention"] for actor in (statement["subject"], statement["object"]) if actor]
    spans = [("source", statement["speaker_span"]), ("cue", statement["cue"]), *(("named", span) for span in named),
             *(("content", span) for span in statement["content"])]
    text, start = evidence["text"], evidence["start"]
    marks = [(kind, max(span["start"] - start, 0), min(span["end"] - start, len(text))) for kind, span in spans if span]
    cuts = sorted({0, len(text), *(cut for _, begin, end in marks if begin < end for cut in (begin, end))})
    return "".join(_piece(text[begin:end], [kind for kind, left, right in marks if left <= begin and end <= right])
                   for begin, end in pairwise(cuts))


def _piece(text: str, kinds: list[str]) -> str:
    piece = plain(text)
    for kind in dict.fromkeys(kinds):
        element, style = _MARKS[kind]
        piece = f'<{element} style="{style}">{piece}</{element}>'
    return piece


def _source(statement: Json) -> str:
    document, time = statement["document"], statement["time"]
    via = ", ".join(_name(entity) for entity in statement["via"])
    article = _link(document["url"], document["title"] or document["url"]) or plain(document["title"] or document["id"])
    facts = [
        _name(statement["speaker"]) if statement["predicate"] else "",
        f"via {via}" if via else "",
        f"{statement['quote']} speech" if statement["quote"] else "the article’s own voice",
        f"when: {plain(time['text'])}" if time else "",
        plain(document["publisher"] or ""), plain((document["published"] or "")[:10]), article,
        f"rests on {_BASES[statement['basis']]}" if statement["basis"] else "",
        f"confidence {statement['confidence']:.2f}",
    ]
    return _joined(fact for fact in facts if fact)


def _link(address: str | None, text: str | None) -> str:
    """Make a link of a web address; anything else makes none."""
    if not address or not re.match(r"https?://[^\s]+$", address, re.IGNORECASE):
        return ""
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{plain(text)}</a>'


def _joined(facts: Iterable[str]) -> str:
    return " · ".join(facts)
