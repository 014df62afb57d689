"""An article with its statements marked in place: words, notes, the way to the panel and back, in Chromium."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from kg import ontology
from kg.records import Document, Entity, Modality, Span, Statement
from kg.view import pages
from kg.view.page import write_html, write_page
from playwright.sync_api import Locator, Page, expect
from tests.browser import PHONE, Visit, file_address
from tests.view.statements import HOSTILE, carrying, visible

pytestmark = pytest.mark.slow

Open = Callable[..., Page]
TEXT = ("🇺🇦 Ada meets Ben\n\n“Ben betrayed us,” Ada told reporters. Cid may help Ben.\n"
        "Nothing happens here 👩‍👩‍👧.\nDan shrugged: “So it goes.” Ada does not attack Ben.")
ARTICLE = Document("a 1", TEXT, "A meeting", "Daily Lute", "2024-03-05", "https://lute.example/meeting")


def span(words: str, number: int = 1) -> Span:
    start = -1
    for _ in range(number):
        start = TEXT.index(words, start + 1)
    return Span.of(TEXT, start, start + len(words))


def actor(name: str, number: int = 1) -> Entity:
    return Entity(ontology.ENTITY + name, name, mention=span(name, number))


def found() -> list[Statement]:
    document = ARTICLE.reference()
    quoted, said = span("Ben betrayed us,"), span("“Ben betrayed us,” Ada told reporters.")
    told = Statement("s1", document, actor("Ada", 2), span("Ada", 2), (), span("told reporters"), (quoted,),
                     evidence=said, confidence=0.98)
    return [
        told,
        replace(told, id="s2", subject=actor("Ada", 2), predicate="criticizes", object=actor("Ben", 2), polarity=-1,
                confidence=0.7),
        Statement("s3", document, subject=actor("Cid"), predicate="aids", object=actor("Ben", 3), polarity=1,
                  modality=Modality.POSSIBLE, evidence=span("Cid may help Ben."), confidence=0.6),
        Statement("s4", document, speaker_span=span("Dan"), cue=span("shrugged"), content=(span("So it goes."),),
                  evidence=span("Dan shrugged: “So it goes.”"), confidence=0.5),
        Statement("s5", document, subject=actor("Ada", 3), predicate="attacks", object=actor("Ben", 4), polarity=0,
                  negated=True, evidence=span("Ada does not attack Ben."), confidence=0.8),
    ]


@pytest.fixture
def read(visit: Visit, tmp_path: Path) -> Callable[..., Page]:
    """Opens the page of the article."""

    def opened(text: bool = True, **options: Any) -> Page:
        page = write_html(pages.article(ARTICLE, found(), text), tmp_path / "article.html")
        return visit(file_address(page), **options)

    return opened


def note(page: Page, words: str) -> Locator:
    return page.locator(".note", has_text=words)


def lit(page: Page, kind: str) -> str:
    return "".join(page.locator(f".text mark.lit.{kind}").all_inner_texts())


def test_the_text_stands_whole_under_its_head(read: Open) -> None:
    page = read()
    assert page.locator(".text").all_inner_texts() == [line for line in TEXT.split("\n") if line]
    head = page.locator("#sheet header")
    for words in ("A meeting", "Daily Lute", "5 Mar 2024", "5 statements: 3 relations, 2 sayings without a relation."):
        expect(head).to_contain_text(words)
    expect(head.get_by_role("link", name="Original")).to_have_attribute("href", "https://lute.example/meeting")


def test_each_statement_has_a_note_with_what_was_found_and_how_surely(read: Open) -> None:
    page = read()
    expect(page.locator(".note .claimed")).to_have_text([
        "Ada says", "Ada criticizes Ben", "Cid aids (possible) Ben", "“Dan shrugged”", "Ada not: attacks Ben"])
    expect(page.locator(".note .count")).to_have_text(["0.98", "0.70", "0.60", "0.50", "0.80"])
    expect(page.locator(".note.unreal")).to_have_count(2)
    rows = page.locator(".stretch")
    assert [row.locator(".note").count() for row in rows.all()] == [0, 3, 0, 2], "beside the words they rest on"


def test_a_note_shows_its_own_marks_and_its_edge(read: Open) -> None:
    page = read()
    note(page, "Ada criticizes Ben").hover()
    assert lit(page, "source") == "Ada"
    assert lit(page, "cue") == "told reporters"
    assert lit(page, "content") == "Ben betrayed us,"
    assert lit(page, "evidence") == "“Ben betrayed us,” Ada told reporters."
    page.mouse.move(0, 0)
    expect(page.locator(".text mark.lit")).to_have_count(0)
    note(page, "Ada criticizes Ben").focus()
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text("Ada criticizes Ben")
    expect(panel.locator(".picked")).to_have_id("statement-1")
    expect(note(page, "Ada criticizes Ben")).to_have_attribute("aria-pressed", "true")
    note(page, "Ada says").click()
    expect(panel.locator("h2")).to_have_text("Ada")
    expect(panel.locator(".picked")).to_have_id("statement-0")
    assert lit(page, "content") == "Ben betrayed us,"


def test_words_lead_to_their_statements_in_turn(read: Open) -> None:
    page = read()
    words = page.locator(".text mark", has_text="betrayed us")
    pressed = page.locator(".note[aria-pressed=true] .claimed")
    words.click()
    expect(pressed).to_have_text("Ada says")
    words.click()
    expect(pressed).to_have_text("Ada criticizes Ben")
    words.click()
    expect(pressed).to_have_text("Ada says")
    page.locator(".text mark", has_text="Cid").click()
    expect(page.locator("#panel h2")).to_have_text("Cid aids Ben")


def test_a_card_leads_to_its_place_in_the_article(read: Open) -> None:
    page = read()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    page.locator("#panel .line", has_text="Ada not: attacks Ben").click()
    page.locator("#panel .card").get_by_role("button", name="In the article").click()
    expect(page.locator("#sheet h2")).to_have_text("A meeting")
    assert lit(page, "evidence") == "Ada does not attack Ben."
    expect(page.locator("mark.lit").first).to_be_in_viewport()
    assert "view=article&article=a+1" in page.url


def test_filters_take_marks_away_and_leave_the_text(read: Open) -> None:
    page = read()
    page.get_by_label("Least confidence").fill("0.75")
    expect(page.locator(".note")).to_have_count(2)
    expect(page.locator("#sheet header")).to_contain_text("The filters leave out 3.")
    expect(page.locator(".text mark", has_text="Cid")).to_have_count(0)
    assert page.locator(".text").all_inner_texts() == [line for line in TEXT.split("\n") if line]


def test_without_the_text_there_are_sentences_with_their_places(read: Open) -> None:
    page = read(text=False)
    assert "Nothing happens here" not in page.content()
    assert page.locator(".text").all_inner_texts() == [
        "“Ben betrayed us,” Ada told reporters.", "Cid may help Ben.", "Dan shrugged: “So it goes.”",
        "Ada does not attack Ben."]
    start, end = TEXT.index("Cid may"), TEXT.index("Cid may") + len("Cid may help Ben.")
    expect(page.locator(".offset").nth(1)).to_have_text(f"{start}–{end}")
    expect(page.locator(".gap")).to_have_count(2)
    expect(page.locator("#sheet header")).to_contain_text("does not hold the text")
    note(page, "Cid aids").click()
    expect(page.locator("#panel h2")).to_have_text("Cid aids Ben")
    assert lit(page, "named") == "CidBen"


def test_it_fits_a_phone(read: Open) -> None:
    page = read(viewport=PHONE, is_mobile=True, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    text, notes = (page.locator(f".stretch:has(.notes) {part}").first.bounding_box() for part in (".text", ".notes"))
    assert text
    assert notes
    assert notes["y"] > text["y"] + text["height"], "notes stand below their paragraph"
    note(page, "Cid aids").tap()
    expect(page.locator("#panel h2")).to_be_in_viewport()


def test_every_mark_stands_where_its_offsets_say(visit: Visit, tmp_path: Path) -> None:
    chance = random.Random(6)  # noqa: S311
    signs = ["a", "é", " ", "🇺🇦", "👩‍👩‍👧", "\u202e", "א", "“", "\n", "\u0301", "𝔄", "\r\n", "\t"]
    documents, statements = [], []
    for number in range(60):
        text = "".join(chance.choices(signs, k=80)) + "."
        document = Document(f"d{number}", text)
        documents.append(document)

        def any_span(text: str = text) -> Span:
            start, end = sorted(chance.sample(range(len(text) + 1), 2))
            return Span.of(text, start, end)

        for other in range(4):
            ada, ben = (Entity(ontology.ENTITY + name, name, mention=any_span()) for name in ("Ada", "Ben"))
            statements.append(Statement(f"{number}.{other}", document.reference(), ada, any_span(), (), any_span(),
                                        (any_span(), any_span()), None, ada, ben, "supports", polarity=1,
                                        evidence=any_span()))
    page = visit(file_address(write_page(statements, tmp_path / "all.html", documents=documents)))
    for number, document in enumerate(documents):
        marks = page.evaluate("""(number) => {
          kg.look('article', { article: number });
          return [...document.querySelectorAll('.text mark')]
            .map((mark) => [Number(mark.dataset.from), Number(mark.dataset.to), mark.textContent]);
        }""", number)
        assert marks
        for start, end, shown in marks:
            assert shown == visible(document.text[start:end])
        lines = page.evaluate("[...document.querySelectorAll('.text')].map((line) => line.textContent)")
        assert lines == [visible(line) for line in document.text.split("\n") if line]


@pytest.mark.parametrize("text", [True, False])
def test_hostile_words_are_shown_and_never_run(visit: Visit, tmp_path: Path, text: bool) -> None:
    statements = [s for number, words in enumerate(HOSTILE) for s in carrying(words, number)]
    documents = [Document(f"{number}{words}", f"Ada said: {words} of Ben.", words, words, words, words)
                 for number, words in enumerate(HOSTILE)]
    page = visit(file_address(write_page(statements, tmp_path / "all.html", documents=documents if text else [])))
    shown = page.evaluate("""() => kg.data.documents.map((_, number) => {
      kg.look('article', { article: number });
      const texts = (which) => [...document.querySelectorAll(which)].map((found) => found.textContent);
      const found = [texts('#sheet h2')[0], texts('.text').join('\\n'), texts('.note .claimed').length,
        [...document.querySelectorAll('#sheet a')].map((link) => link.href),
        document.querySelectorAll('#sheet :is(img, script, iframe, object, base, form, style, link, meta)').length];
      [...document.querySelectorAll('.note')].at(-1).click();
      return found;
    })""")
    for number, (words, (title, lines, notes, links, markup)) in enumerate(zip(HOSTILE, shown, strict=True)):
        given = f"Ada said: {words} of Ben."
        assert title == (visible(words) or str(number))
        assert lines == visible("\n".join(line for line in given.split("\n") if line) if text else given)
        assert (notes, markup) == (2, 0)
        assert all(link.startswith(("http://", "https://")) for link in links)
    assert page.evaluate("window.hit === undefined")


def test_an_article_of_the_address_that_is_not_there_shows_the_graph(open_page: Open) -> None:
    expect(open_page(fragment=f"#view=article&article={quote('no such')}").locator("#sheet")).to_be_hidden()
