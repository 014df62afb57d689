"""What holds for the mentions of any text."""

from __future__ import annotations

import dataclasses

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kg.actors import resolve
from kg.actors.coref import first_person
from kg.actors.gazetteer import load
from kg.nlp import model
from kg.records import Attribution, Document, EntityType, Mention, MentionKind, QuoteType, Span

PIECES = st.sampled_from(
    [
        "Barack Obama",
        "the Kremlin",
        " ",
        "\n\n",
        "said",
        "“",
        "”",
        '"',
        "''",
        "he",
        "his wife",
        "Russian forces",
        ",",
        ".",
        "who",
        "(UN)",
        "Kyiv",
        "the president-elect",
        "officials",
        "its",
        "–",
        "U.S.",
        "a spokesman for",
        "and",
        "\u00a0",
        "Peña",
        "PeÃ±a",
        "it",
        "the government",
        "GOP",
        "[",
        "]",
        "😀",
        "\t",
        "of",
        "the group",
        "We",
        "Mr.",
        "told Reuters",
    ]
)


def read(text: str, date: str | None = None) -> tuple[list[Mention], str]:
    return resolve(model.load()(text), Document("case", text, published=date), load()), text


@given(st.lists(PIECES, max_size=25), st.sampled_from(["", " "]), st.sampled_from([None, "2016-07-01"]))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_spans_are_the_words_at_their_place(pieces: list[str], glue: str, date: str | None) -> None:
    mentions, text = read(glue.join(pieces), date)
    roots = [m.root for m in mentions]
    assert len(roots) == len(set(roots))
    for mention in mentions:
        for span in (mention.span, mention.full):
            assert text[span.start : span.end] == span.text
            assert span.text.strip()
        assert mention.full.contains(mention.span)
        assert mention.start_token < mention.end_token
        assert 0 < mention.confidence <= 1
        if mention.entity:
            assert mention.entity.id.isascii()
            assert mention.entity.name
    assert mentions == sorted(mentions, key=lambda m: (m.start_token, m.end_token))


def test_the_same_text_gives_the_same_mentions() -> None:
    text = "The French president met Angela Merkel. She thanked him, officials said."
    assert read(text, "2015-03-02") == read(text, "2015-03-02")


def test_an_empty_text_has_no_mentions() -> None:
    assert read("")[0] == []


def test_an_actor_is_one_across_documents() -> None:
    first = read("Tarja Example resigned. Example thanked voters.")[0]
    second = read("A letter by Tarja Example was found.")[0]
    ids = {m.entity.id for m in [*first, *second] if m.entity and "Example" in m.entity.name}
    assert len(ids) == 1


def spoken(text: str, speaker: str, quote: str) -> list[Mention]:
    """Mentions after first person is resolved, where the mention ``speaker`` says ``quote``."""
    doc = model.load()(text)
    mentions = resolve(doc, Document("case", text, published="2024-11-20"), load())
    source = next(m for m in mentions if m.span.text == speaker)
    start = text.index(quote)
    attribution = Attribution(
        source.entity, source.full, None, (Span.of(text, start, start + len(quote)),), QuoteType.DIRECT
    )
    return first_person(mentions, [attribution], doc)


def name_of(mentions: list[Mention], words: str) -> str | None:
    mention = next(m for m in mentions if m.span.text == words and m.kind is MentionKind.PRONOUN)
    return mention.entity.name if mention.entity else None


def test_i_is_the_speaker_and_we_the_body_that_is_spoken_for() -> None:
    text = "Kremlin spokesman Dmitry Peskov said: “I know that we like this.” We left."
    found = spoken(text, "Dmitry Peskov", "I know that we like this.")
    assert name_of(found, "I") == "Dmitry Peskov"
    assert name_of(found, "we") == "Government of Russia"
    assert name_of(found, "We") is None


def test_we_of_someone_without_office_is_the_speaker() -> None:
    found = spoken("Tarja Example said: “We are tired.”", "Tarja Example", "We are tired.")
    assert name_of(found, "We") == "Tarja Example"


def test_two_candidates_leave_a_name_without_a_wikidata_id() -> None:
    found, _ = read("The Socialist Unity Party met on Monday.")
    party = next(m for m in found if "Unity" in m.span.text)
    assert party.entity is not None
    assert party.entity.wikidata is None
    assert party.confidence < 0.8
    assert party.entity.type is not EntityType.PERSON
    assert dataclasses.replace(party.entity, mention=None).id.rsplit("/", 1)[-1].startswith("x-")
