"""The annotated articles of ``gold/train``, as the pipeline understands them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from kg import ontology
from kg.actors import gazetteer
from kg.documents.reader import read
from kg.lab.evaluate import scorer
from kg.nlp import model
from kg.nlp.pairs import RELATIONS, Place
from kg.pipeline import Scene, readable, understand
from kg.records import Mention
from kg.relations.relate import same

#: Parts of the articles (by number), and of PLV (by row), each of which a training leaves out.
FOLDS = 5
_NONE = 1


@dataclass(frozen=True, slots=True)
class Article:
    """A gold file of ``score_gold``, its text, and what the pipeline makes of it."""

    gold: Any
    text: str
    doc: Doc
    scene: Scene


@dataclass(frozen=True, slots=True)
class Couple:
    """Two actors that a sentence names, by their tokens, and bits of the relations that may hold forth and back."""

    sentence: Place
    p: Mention
    q: Mention
    forth: int
    back: int


def articles(bench: Path) -> Iterator[Article]:
    """Read them, by name."""
    paths = [str(path) for path in sorted((bench / "gold" / "train").glob("p*.json"))]
    nlp, lists = model.load(), gazetteer.load(None)

    def fail(error: Exception) -> None:
        raise error

    for gold in scorer(bench, "score_gold").read_gold(paths):
        for document in read([Path(gold.path)], fail):
            doc = nlp(readable(document.text))
            yield Article(gold, document.text, doc, understand(doc, document, lists))


def name(mention: Mention | None, gold: Any) -> str | None:
    """The name of a mention's actor as the gold file has it."""
    return gold.name(mention.entity.name) if mention is not None and mention.entity is not None else None


def couples(article: Article) -> Iterator[Couple]:
    """Every two actors of every annotated sentence, where the gold file decides at least one direction."""
    tree = article.scene.tree
    by_sentence: dict[Place, list[Mention]] = {}
    for mention in article.scene.mentions:
        if mention.entity is not None:
            by_sentence.setdefault(tree.sentence[mention.root], []).append(mention)
    for sentence, named in by_sentence.items():
        place = tree.start[sentence[0]], tree.end[sentence[1] - 1]
        if article.gold.limit is not None and place[0] >= article.gold.limit:
            continue
        for p, q in combinations(sorted(named, key=lambda m: m.start_token), 2):
            if same(p, q) or p.end_token > q.start_token:
                continue
            forth, back = allowed(article.gold, p, q, place), allowed(article.gold, q, p, place)
            if forth or back:
                yield Couple(sentence, p, q, forth, back)


def allowed(gold: Any, subject: Mention, target: Mention, place: Place) -> int:
    """Bits of what a gold file accepts from one actor to another in a sentence; 0 where it does not say.

    Where it has nothing about the two, there is no relation. What it has without counting it as core may as well be
    left out. A statement that is negated, or not actual, leaves the direction open, as does one from elsewhere in the
    text.
    """
    bits = 0
    names = name(subject, gold), name(target, gold)
    for statement in gold.statements:
        subjects, objects = gold.choices(statement, "subject"), gold.choices(statement, "object")
        straight = names[0] in subjects and names[1] in objects
        if not straight and not (statement.get("symmetric") and names[1] in subjects and names[0] in objects):
            continue
        evidence = statement.get("evidence")
        here = evidence is not None and evidence[0] < place[1] and place[0] < evidence[1]
        if not here or statement.get("negated") or statement.get("modality") != "actual":
            return 0
        told = gold.choices(statement, "predicate") & ontology.relations().keys()
        bits |= sum(1 << RELATIONS.index(relation) for relation in told)
        bits |= 0 if statement["core"] and statement["predicate"] else _NONE
    return bits or _NONE
