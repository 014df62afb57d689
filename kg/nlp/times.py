"""Time expressions -> intervals against the document's date.

spaCy finds the expressions; the forms below cover what news uses, and ``dateparser`` is asked for the rest, with the
traps that were measured shut out (weekdays, bare month words, "early 2023" are settled here first).
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from kg.records import TimeInterval

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

MONTHS = {name: number for number, names in enumerate(
    ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
     "september sept sep", "october oct", "november nov", "december dec"), 1) for name in names.split()}
WEEKDAYS = {day: number for number, day in enumerate(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))}
NUMBERS = {word: number for number, word in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"])} | {
    "a": 1, "an": 1, "couple": 2, "several": 3, "few": 3, "dozen": 12}
UNITS = {"day": "days", "week": "weeks", "month": "months", "year": "years", "decade": "decades"}
PARTS = {"early": (0, 4), "mid": (4, 8), "late": (8, 12)}

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = "|".join(WEEKDAYS)
_UNIT = "|".join(UNITS)
_WHICH = "last |next |this |this past |this coming |past "
_COUNT = r"(?P<count>\d+|" + "|".join(NUMBERS) + r")(?:\s+of)?"


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression at its place; ``root`` is the token that hangs it into the sentence."""

    root: int
    interval: TimeInterval


def times(doc: Doc, published: str | None) -> list[TimeExpression]:
    """The time expressions of a text, resolved where the text and its date allow it.

    Parameters
    ----------
    doc
        A Doc with entities (labels ``DATE`` are read).
    published
        ISO 8601 date or timestamp of the document; without it only absolute dates are resolved.
    """
    reference = date.fromisoformat(published[:10]) if published and re.match(r"\d{4}-\d\d-\d\d", published) else None
    text = doc.text  # spaCy joins it anew at each call
    found = []
    for entity in doc.ents:
        if entity.label_ != "DATE":
            continue
        root = entity.root
        start = entity.start_char
        preposition = root.head if root.dep_ == "pobj" and root.head.i < entity.start else None
        since = False
        if preposition is not None:
            since = preposition.lower_ == "since"
            start = preposition.idx
        elif entity.start and doc[entity.start - 1].lower_ == "since":
            since, start = True, doc[entity.start - 1].idx
        words = entity.text
        if (bounds := resolve(words, reference)) is None and "," in words:  # the recogniser runs on: "Tuesday, ending"
            words = words[:words.index(",")]
            bounds = resolve(words, reference)
        duration = preposition is not None and preposition.lower_ == "for"
        first, last = bounds or (None, None)
        if duration and reference and (length := _length(words)):
            first, last = reference - length, reference
        if since:
            last = None
        end = entity.start_char + len(words)
        found.append(TimeExpression(root.i, TimeInterval(
            text[start:end], first.isoformat() if first else None, last.isoformat() if last else None)))
    return found


def resolve(text: str, reference: date | None) -> tuple[date, date] | None:
    """First and last day that a time expression covers, or None where it leaves them open.

    Examples
    --------
    >>> resolve("February 2022", None)
    (datetime.date(2022, 2, 1), datetime.date(2022, 2, 28))
    >>> resolve("Tuesday", date(2024, 12, 12))
    (datetime.date(2024, 12, 10), datetime.date(2024, 12, 10))
    """
    words = " ".join(re.sub(r"[.,]", " ", text.lower()).split())
    words = re.sub(r"^(?:the|on|in|during|since|by|until|about|around|almost|nearly|some)\s+", "", words)
    try:
        for pattern, rule in _rules():
            if (match := pattern.fullmatch(words)) and (bounds := rule(match, reference)):
                return bounds
        return _dateparser(text, reference)
    except (ValueError, OverflowError):
        return None


def _length(text: str) -> relativedelta | None:
    match = re.search(rf"{_COUNT}\s+(?P<unit>{_UNIT})s?\b", text.lower())
    return _delta(match) if match else None


def _delta(match: re.Match[str]) -> relativedelta:
    count = NUMBERS.get(match["count"]) or int(match["count"] if match["count"].isdigit() else 1)
    return _span(count, match["unit"])


def _span(count: int, unit: str) -> relativedelta:
    return relativedelta(years=10 * count) if unit == "decade" else relativedelta(**{UNITS[unit]: count})


def _month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, first + relativedelta(months=1, days=-1)


def _year(given: str | None, month: int, day: int, reference: date | None) -> int | None:
    """The year given, else the latest in which the month and day are not far ahead of the document's date."""
    if given or reference is None:
        return int(given) if given else None
    return reference.year if date(reference.year, month, day) <= reference + timedelta(days=60) else reference.year - 1


Bounds = tuple[date, date]


@cache
def _rules() -> list[tuple[re.Pattern[str], Callable[[re.Match[str], date | None], Bounds | None]]]:
    """Patterns over the lower-cased expression and what they mean, tried in order."""
    day = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    year = r"(?P<year>(?:1[5-9]|20)\d\d)"
    rules = [
        (rf"(?:(?:{_DAY}) )?(?P<month>{_MONTH}) {day}(?: {year})?", _on_day),
        (rf"(?:(?:{_DAY}) )?{day}(?: of)? (?P<month>{_MONTH})(?: {year})?", _on_day),
        (r"(?P<iso>\d{4}-\d\d-\d\d)", lambda m, _: (date.fromisoformat(m["iso"]), date.fromisoformat(m["iso"]))),
        (rf"(?:(?P<part>early|mid|late)[ -])?(?P<month>{_MONTH})(?: (?:of )?{year})?", _in_month),
        (rf"(?:(?P<part>early|mid|late)[ -](?:in )?)?{year}", _in_year),
        (r"(?P<decade>(?:1[5-9]|20)\d0)'?s", _in_decade),
        (rf"(?P<which>{_WHICH})?(?P<weekday>{_DAY})(?: (?:morning|afternoon|evening|night))?", _on_weekday),
        (r"(?P<word>today|tonight|yesterday|tomorrow|this morning|this evening|this afternoon|last night)", _near_day),
        (rf"(?P<which>last|this|next|the past|past|the coming|coming) (?P<unit>{_UNIT})", _near_unit),
        (rf"(?:(?:more than|over|at least|about|almost|nearly|around) )?{_COUNT} (?P<unit>{_UNIT})s? (?:ago|earlier)",
         _ago),
        (rf"(?:last|past|the last|the past|recent) {_COUNT} (?P<unit>{_UNIT})s?", _past_span),
        (rf"(?:within |the next |next |in )?{_COUNT} (?P<unit>{_UNIT})s? (?:from now|later)", _ahead),
    ]
    return [(re.compile(pattern), rule) for pattern, rule in rules]


def _on_day(match: re.Match[str], reference: date | None) -> Bounds | None:
    month, day = MONTHS[match["month"]], int(match["day"])
    year = _year(match["year"], month, day, reference)
    if year is None:
        return None
    return date(year, month, day), date(year, month, day)


def _in_month(match: re.Match[str], reference: date | None) -> Bounds | None:
    month = MONTHS[match["month"]]
    year = _year(match["year"], month, 1, reference)
    return _month(year, month) if year is not None else None


def _in_year(match: re.Match[str], _: date | None) -> Bounds:
    first, last = PARTS[match["part"]] if match["part"] else (0, 12)
    year = int(match["year"])
    return date(year, first + 1, 1), _month(year, last)[1]


def _in_decade(match: re.Match[str], _: date | None) -> Bounds:
    first = int(match["decade"])
    return date(first, 1, 1), date(first + 9, 12, 31)


def _on_weekday(match: re.Match[str], reference: date | None) -> Bounds | None:
    if reference is None:
        return None
    which = (match["which"] or "").strip()
    ahead = (WEEKDAYS[match["weekday"]] - reference.weekday()) % 7
    if which in ("next", "this coming"):
        day = reference + timedelta(days=ahead or 7)
    else:
        back = (7 - ahead) % 7
        day = reference - timedelta(days=back or (7 if which == "last" else 0))
    return day, day


def _near_day(match: re.Match[str], reference: date | None) -> Bounds | None:
    if reference is None:
        return None
    shift = {"yesterday": -1, "last night": -1, "tomorrow": 1}.get(match["word"], 0)
    day = reference + timedelta(days=shift)
    return day, day


def _near_unit(match: re.Match[str], reference: date | None) -> Bounds | None:
    if reference is None:
        return None
    shift = {"last": -1, "next": 1, "the coming": 1, "coming": 1}.get(match["which"], 0)
    if "past" in match["which"]:
        return reference - _span(1, match["unit"]), reference
    if match["unit"] == "week":
        first = reference - timedelta(days=reference.weekday()) + timedelta(weeks=shift)
        return first, first + timedelta(days=6)
    if match["unit"] == "month":
        first = reference.replace(day=1) + relativedelta(months=shift)
        return _month(first.year, first.month)
    if match["unit"] == "year":
        return date(reference.year + shift, 1, 1), date(reference.year + shift, 12, 31)
    return None


def _ago(match: re.Match[str], reference: date | None) -> Bounds | None:
    if reference is None:
        return None
    day = reference - _delta(match)
    return day, day


def _past_span(match: re.Match[str], reference: date | None) -> Bounds | None:
    return (reference - _delta(match), reference) if reference else None


def _ahead(match: re.Match[str], reference: date | None) -> Bounds | None:
    return (reference, reference + _delta(match)) if reference else None


def _dateparser(text: str, reference: date | None) -> Bounds | None:
    """Ask dateparser about an expression with a digit in it; what it knows is one day."""
    if not re.search(r"\d{4}|\d+(?:st|nd|rd|th)", text):
        return None
    import dateparser

    settings: dict[str, object] = {"PREFER_DATES_FROM": "past", "REQUIRE_PARTS": ["day", "month", "year"],
                                   "RETURN_AS_TIMEZONE_AWARE": False}
    if reference:
        settings["RELATIVE_BASE"] = datetime(reference.year, reference.month, reference.day)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = dateparser.parse(text, languages=["en"], settings=settings)
    return (found.date(), found.date()) if found else None
