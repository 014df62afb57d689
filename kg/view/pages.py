"""Pages that open at one thing: what is stated between two actors over time, or an article with its statements marked.

Both are the page of :mod:`kg.view.page` with only the statements concerned; all that the page can do, they can.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from kg.errors import KgError
from kg.view.page import page_html

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kg.records import Document, Entity, Statement


def between(statements: Iterable[Statement], one: Collection[str], other: Collection[str]) -> list[Statement]:
    """Choose what is stated between two sides.

    Parameters
    ----------
    statements
        Any iterable; read once.
    one, other
        The ids (IRIs) of the actors of each side.

    Returns
    -------
    list of Statement
        Those that relate an actor of one side to one of the other, in either direction, and those in which an actor of
        one side speaks of one of the other.
    """
    return [s for s in statements if _joins(s, one, other) or _joins(s, other, one)]


def pair(
    statements: Iterable[Statement], one: Collection[str], other: Collection[str], title: str | None = None
) -> str:
    """Give the page of what is stated between two sides, over time.

    Parameters
    ----------
    statements
        Any iterable; read once.
    one, other
        The ids (IRIs) of the actors of each side; more than one, as a country and its government, count together.
    title
        Heading of the page; by default the actors' names.

    Raises
    ------
    KgError
        If nothing is stated between them.
    """
    chosen = between(statements, one, other)
    found = {actor.id: actor.name for s in chosen for actor in (s.subject, s.object, s.speaker) if actor}
    counts = Counter(actor.id for s in chosen for actor in (s.subject, s.object, s.speaker) if actor)
    sides = [sorted((ident for ident in side if ident in found), key=lambda ident: -counts[ident])
             for side in (one, other)]
    if not all(sides):
        raise KgError("nothing is stated between these two", f"{_listed(one)} and {_listed(other)}",
                      "kg query --name actors lists who is stated about")
    fragment = [("view", "pair"), *(("pair", side[0]) for side in sides),
                *((key, ident) for key, side in zip(("one", "other"), sides, strict=True) for ident in side[1:])]
    names = " and ".join(_listed([found[ident] for ident in side]) for side in sides)
    return page_html(chosen, title or names, start=urlencode(fragment))


def article(document: Document, statements: Iterable[Statement], text: bool = True) -> str:
    """Give the page of an article with its statements marked in place.

    Parameters
    ----------
    document
        The article; if it has no text, the page has the sentences that the statements rest on.
    statements
        Its statements; those of other articles are left out.
    text
        Whether the page may hold the text; if not, it is as for a document without one.
    """
    own = [statement for statement in statements if statement.document.id == document.id]
    start = urlencode({"view": "article", "article": document.id})
    whole = text and bool(document.text)
    return page_html(own, document.title or document.id, start=start,
                     documents=[document] if whole else [document.reference()])


def _joins(statement: Statement, one: Collection[str], other: Collection[str]) -> bool:
    subject, target, speaker = (_id(role) for role in (statement.subject, statement.object, statement.speaker))
    return (bool(statement.predicate) and subject in one and target in other) or (
        speaker in one and (subject in other or target in other))


def _id(actor: Entity | None) -> str:
    return actor.id if actor else ""


def _listed(names: Collection[str]) -> str:
    first = [*names][:3]
    return ", ".join(first) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
