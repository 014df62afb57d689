"""Records as HTML fragments for Jupyter and pages. Text of articles is data: everything is escaped.

Each fragment carries its styles in its own elements and colours that read on light and on dark, so that a notebook, an
exported page or a mail shows it as it is and keeps its own look.
"""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Json = dict[str, Any]

_FOR, _AGAINST, _NEITHER, _LINE = "#2b78bf", "#c8551b", "#7a818c", "rgba(128,128,128,.35)"
_SERIF = "'Iowan Old Style',Charter,'Palatino Linotype','Noto Serif',Georgia,serif"
_BOX = f"max-width:46em;margin:.4em 0;padding:.7em 1em .8em;border:1px solid {_LINE};border-radius:8px;line-height:1.5"
_MARKS = {
    "content": "background:rgba(255,205,40,.3)",
    "source": "text-decoration:underline;text-underline-offset:.25em",
    "cue": "text-decoration:underline dotted;text-underline-offset:.25em",
    "named": "font-weight:600",
}
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
        f'<div style="{_BOX};border-left:3px solid {colour}"><div>{_claim(statement, colour)}</div>'
        f'<div style="font:1.05em/1.55 {_SERIF};margin:.35em 0 .45em" dir="auto">{_words(statement)}</div>'
        f'<div style="opacity:.75;font-size:.9em">{_source(statement)}</div></div>'
    )


def statements_html(statements: Sequence[Json], limit: int = 20) -> str:
    """Show statements as a table, the first ``limit`` of them."""
    cell = f"padding:.3em .7em;text-align:left;vertical-align:top;border-bottom:1px solid {_LINE}"
    names = ("subject", "relation", "object", "speaker", "words", "outlet", "date", "sure")
    head = "".join(f'<th style="{cell}">{name}</th>' for name in names)
    body = "".join(_row(statement, cell) for statement in statements[:limit])
    more = f"<div style='opacity:.75'>and {len(statements) - limit:,} more</div>" if len(statements) > limit else ""
    return (f'<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:.92em"><thead><tr>{head}'
            f"</tr></thead><tbody>{body}</tbody></table>{more}</div>")


def table_html(title: str, note: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Show a table with a title and a sentence about it; None is an empty cell, numbers stand to the right."""
    cell = f"padding:.25em .8em;vertical-align:top;border-bottom:1px solid {_LINE}"
    head = "".join(f'<th style="{cell};text-align:left">{plain(name)}</th>' for name in columns)
    body = "".join("<tr>" + "".join(
        f'<td style="{cell};text-align:{"right" if isinstance(value, int | float) else "left"}">'
        f'{"" if value is None else plain(value)}</td>' for value in row) + "</tr>" for row in rows)
    return (f'<div style="margin:1em 0;overflow-x:auto"><b>{plain(title)}</b> '
            f'<span style="opacity:.75">{plain(note)}</span>'
            f'<table style="border-collapse:collapse;font-size:.92em;margin:.3em 0"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>")


def plain(text: object) -> str:
    """Escape text for HTML, and show hidden controls by their number."""
    return escape(_HIDDEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", str(text)))


def _row(statement: Json, cell: str) -> str:
    relation = f'<span style="color:{_colour(statement)}">{plain(_relation(statement))}</span>'
    values = (
        _name(statement["subject"]), relation if statement["predicate"] else "", _name(statement["object"]),
        _name(statement["speaker"]), _words(statement), plain(statement["document"]["publisher"] or ""),
        plain((statement["document"]["published"] or "")[:10]), f"{statement['confidence']:.2f}",
    )
    return "<tr>" + "".join(f'<td style="{cell}">{value}</td>' for value in values) + "</tr>"


def _colour(statement: Json) -> str:
    polarity = 0 if statement["negated"] else statement["polarity"]
    return _FOR if polarity == 1 else _AGAINST if polarity == -1 else _NEITHER


def _relation(statement: Json) -> str:
    modality = "" if statement["modality"] == "actual" else f" ({statement['modality']})"
    return ("not: " if statement["negated"] else "") + str(statement["predicate"]) + modality


def _name(entity: Json | None) -> str:
    return f"<bdi>{plain(entity['name'])}</bdi>" if entity else ""


def _claim(statement: Json, colour: str) -> str:
    if not statement["predicate"]:
        return f"<b>{_name(statement['speaker']) or 'Stated'}</b>{' says' if statement['speaker'] else ''}"
    topic = f' <span style="opacity:.75">about {plain(statement["topic"])}</span>' if statement["topic"] else ""
    return (f"<b>{_name(statement['subject']) or 'someone'}</b> "
            f'<b style="color:{colour}">{plain(_relation(statement))}</b> <b>{_name(statement["object"])}</b>{topic}')


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
    style = ";".join(_MARKS[kind] for kind in dict.fromkeys(kinds))
    return f'<span style="{style}">{plain(text)}</span>' if style else plain(text)


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
