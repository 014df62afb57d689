"""Who "he", "the president-elect" and "we" are: mentions without an entity take that of an earlier one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.records import EntityType, Mention, MentionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from kg.actors.context import Context
    from kg.records import Attribution


def resolve(context: Context, mentions: list[Mention]) -> list[Mention]:
    """Give pronouns the entity of the nearest mention that can be meant."""
    done: list[Mention] = []
    for mention in mentions:
        word = mention.span.text.lower()
        if mention.entity is None and word in ("he", "she", "him", "his", "her", "who"):
            for earlier in reversed(done[-12:]):
                if earlier.entity is not None and earlier.entity.type is EntityType.PERSON:
                    mention = replace(mention, entity=earlier.entity, confidence=0.6)
                    break
        done.append(mention)
    return done


def first_person(mentions: Sequence[Mention], attributions: Sequence[Attribution], doc: Doc) -> list[Mention]:
    """Link "I" and "we" inside attributed words to the one who says them."""
    done = []
    for mention in mentions:
        if mention.kind is MentionKind.PRONOUN and mention.span.text.lower() in ("i", "me", "my", "we", "us", "our"):
            for attribution in attributions:
                if attribution.speaker and any(c.contains(mention.span) for c in attribution.content):
                    mention = replace(mention, entity=attribution.speaker, confidence=0.8 * attribution.confidence)
        done.append(mention)
    return done
