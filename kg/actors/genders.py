"""Whether a text calls somebody he or she: pronouns behind the only person named vote, and may outvote a first name."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from kg.actors.nouns import titles
from kg.records import EntityType, MentionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.actors.discourse import Discourse
    from kg.records import Mention

#: Gendered pronouns.
GENDER = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
_SHARE = 0.75
_LEAST = 2  # votes against the gender of a first name


def read(discourse: Discourse, mentions: Sequence[Mention]) -> dict[str, str]:
    """The genders that the text itself tells, by entity id."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    here: list[str] = []
    before: list[str] = []
    sentence = -1
    for mention in mentions:
        if discourse.quotes[mention.root]:
            continue
        if (now := discourse.told[mention.root]) != sentence:
            before, here, sentence = here if now == sentence + 1 else [], [], now
        if mention.kind is MentionKind.PRONOUN:
            only = set(here or before)
            if len(only) == 1 and (gender := GENDER.get(mention.span.text.lower())):
                votes[only.pop()][gender] += 1
        elif mention.entity is not None and mention.entity.type is EntityType.PERSON:
            here.append(mention.entity.id)
    return {who: gender for who, count in votes.items() if (gender := _told(discourse, who, count))}


def _told(discourse: Discourse, who: str, votes: Counter[str]) -> str:
    """The gender that the votes give someone; none where a title tells it, or too few contradict a first name."""
    person = discourse.people.get(who)
    if person is not None and any(titles().get(t) for t in person.titles):
        return ""
    gender, most = votes.most_common(1)[0]
    if most < _SHARE * votes.total() or (person is not None and person.gender and most < _LEAST):
        return ""
    return gender
