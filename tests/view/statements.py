"""Statements for pages: the small graph made by hand, and one that carries a given string wherever words can stand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import cast

from kg import ontology
from kg.records import Document, Entity, EntityType, Modality, QuoteType, Span, Statement, TimeInterval

#: Strings that have broken pages, by kind: tags, attributes, templates, addresses, controls of direction.
HOSTILE_KINDS = cast(
    "dict[str, list[str]]", json.loads(Path(__file__).with_name("hostile.json").read_text(encoding="utf-8")))
HOSTILE = [words for kind in HOSTILE_KINDS.values() for words in kind]


def carrying(words: str, number: int = 0) -> list[Statement]:
    """Two statements with the string as names, title, outlet, address, date, quotation, topic, time and id."""
    text = f"Ada said: {words} of Ben."
    article = Document(f"{number}{words}", text, title=words, publisher=words, published=words, url=words).reference()
    ada = Entity(f"{ontology.ENTITY}a{number}{words}", words, EntityType.PERSON, wikidata=words, country=words,
                 sector=words, mention=Span(0, 3, "Ada"))
    named = Span(len(text) - 4, len(text) - 1, "Ben")
    ben = Entity(f"{ontology.ENTITY}b{number}{words}", f"Ben {words}", mention=named)
    said = Span.of(text, 10, 10 + len(words))
    common = Statement(
        f"s{number}{words}", article, ada, Span(0, 3, "Ada"), (ben,), Span(4, 8, "said"), (said,), QuoteType.DIRECT,
        time=TimeInterval(words, words, words), evidence=Span(0, len(text), text), confidence=0.5)
    related = Statement(
        f"r{number}{words}", article, ada, Span(0, 3, "Ada"), (ben,), Span(4, 8, "said"), (said,), QuoteType.DIRECT,
        ada, ben, "supports", words, words, words, 1, modality=Modality.PLANNED, evidence=Span(0, len(text), text))
    return [common, related]


def visible(words: str) -> str:
    """The string as the page shows it: controls by their number."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]",
                  lambda found: f"[U+{ord(found[0]):04X}]", words)
