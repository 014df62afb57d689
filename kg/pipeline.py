"""From a document to its statements: the stages, in order. The first file to open.

Each stage is a function of the one spaCy pass and what came before it::

    Doc -> mentions (who is named) -> attributions (who says what) -> relations (who does what to whom) -> statements
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg import __version__, attribution, relations, statements
from kg.actors import coref, gazetteer, resolve
from kg.documents.dates import iso_date
from kg.nlp import model, times
from kg.nlp.encoder import Encoder
from kg.nlp.tree import Tree
from kg.records import Attribution, Document, Mention, Span, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Doc

    from kg.actors.gazetteer import Gazetteer

BATCH = 16


def extract(
    document: Document, nlp: Language | None = None, actors: str | Path | None = None,
) -> list[Statement]:
    """The statements of one document, in text order.

    Parameters
    ----------
    document
        A document with its text.
    nlp
        The spaCy pipeline; by default the best installed English one.
    actors
        A CSV file with actors of your own (see :mod:`kg.actors.supplied`).
    """
    nlp = nlp or model.load()
    return read(nlp(readable(document.text)), document, model.version(nlp), gazetteer.load(actors))


def extract_many(
    documents: Iterable[Document], nlp: Language | None = None, actors: str | Path | None = None,
) -> Iterator[tuple[Document, list[Statement]]]:
    """Each document with its statements, in the order given; documents stream, a batch at a time is in memory."""
    nlp = nlp or model.load()
    version, lists = model.version(nlp), gazetteer.load(actors)
    pairs = nlp.pipe(((readable(d.text), d) for d in documents), as_tuples=True, batch_size=BATCH)
    for doc, document in pairs:
        yield document, read(doc, document, version, lists)


def read(doc: Doc, document: Document, version: str, lists: Gazetteer) -> list[Statement]:
    """The stages.

    ``version`` names the language model; it stands in each statement, with the project's own version and, where users
    supplied actors, the version of those, so that every statement tells what to run to get it again.
    """
    scene = understand(doc, document, lists)
    found = relations.read(scene.tree, document.text, scene.mentions, times.times(doc, scene.published),
                           Encoder.read(doc))
    return statements.assemble(document, sentences(doc), scene.attributions, found, _signed(version, lists))


def made_by(nlp: Language, actors: str | Path | None = None) -> str:
    """What the statements say that they were read by."""
    return _signed(model.version(nlp), gazetteer.load(actors))


def _signed(version: str, lists: Gazetteer) -> str:
    return f"kg {__version__}; {version}" + (f"; actors {lists.version}" if lists.version else "")


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is named in a document, and who says what, before relations are read."""

    tree: Tree
    published: str | None
    mentions: list[Mention]
    attributions: list[Attribution]


def understand(doc: Doc, document: Document, lists: Gazetteer) -> Scene:
    """The stages before relations."""
    tree = Tree.of(doc)
    published = iso_date(document.published)  # a date that cannot be read is carried on, but dates nothing
    mentions = resolve(doc, replace(document, published=published), lists)
    attributions = attribution.attribute(doc, tree, mentions)
    return Scene(tree, published, coref.first_person(mentions, attributions, doc), attributions)


def readable(text: str) -> str:
    """The text for the language model, of the same length: a byte order mark would stick to the first name."""
    return " " + text[1:] if text.startswith("\ufeff") else text


def sentences(doc: Doc) -> list[Span]:
    """The sentences of a Doc without the white space around them."""
    text = doc.text  # spaCy joins it anew at each call
    found = []
    for sent in doc.sents:
        if words := re.search(r"\S(?:.*\S)?", text[sent.start_char:sent.end_char], re.DOTALL):
            found.append(Span.of(text, sent.start_char + words.start(), sent.start_char + words.end()))
    return found
