"""From a document to its statements: the stages, in order. The first file to open.

Each stage is a function of the one spaCy pass and what came before it::

    Doc -> mentions (who is named) -> attributions (who says what) -> relations (who does what to whom) -> statements
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg import __version__, attribution, relations, statements
from kg.actors import coref, gazetteer, resolve
from kg.documents.dates import iso_date
from kg.nlp import model, times
from kg.nlp.tree import Tree
from kg.records import Document, Span, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 16


def extract(document: Document, nlp: Language | None = None) -> list[Statement]:
    """The statements of one document, in text order.

    Parameters
    ----------
    document
        A document with its text.
    nlp
        The spaCy pipeline; by default the best installed English one.
    """
    nlp = nlp or model.load()
    return read(nlp(readable(document.text)), document, model.version(nlp))


def extract_many(documents: Iterable[Document],
                 nlp: Language | None = None) -> Iterator[tuple[Document, list[Statement]]]:
    """Each document with its statements, in the order given; documents stream, a batch at a time is in memory."""
    nlp = nlp or model.load()
    version = model.version(nlp)
    pairs = nlp.pipe(((readable(d.text), d) for d in documents), as_tuples=True, batch_size=BATCH)
    for doc, document in pairs:
        yield document, read(doc, document, version)


def read(doc: Doc, document: Document, version: str) -> list[Statement]:
    """The stages. ``version`` names the language model; with the project's own version it stands in each statement."""
    tree = Tree.of(doc)
    published = iso_date(document.published)  # a date that cannot be read is carried on, but dates nothing
    mentions = resolve(doc, replace(document, published=published), gazetteer.load())
    attributions = attribution.attribute(doc, tree, mentions)
    mentions = coref.first_person(mentions, attributions, doc)
    found = relations.read(tree, document.text, mentions, times.times(doc, published))
    return statements.assemble(document, sentences(doc), attributions, found, f"kg {__version__}; {version}")


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
