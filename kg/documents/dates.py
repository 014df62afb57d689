"""Publication dates as files, pages and records write them, to ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_/]?(\d{2})[-_/]?(\d{2})(?!\d)")


def iso_date(value: object) -> str | None:
    """Take the day of an ISO 8601 date or timestamp, or of an RFC 2822 date, as the outlet's own clock gave it.

    Examples
    --------
    >>> iso_date("2024-12-13T23:30:00-05:00")
    '2024-12-13'
    >>> iso_date("Fri, 13 Dec 2024 09:30:00 GMT")
    '2024-12-13'
    >>> iso_date("last Friday") is None
    True
    """
    if not isinstance(value, str):
        return None
    for parse in (datetime.fromisoformat, lambda text: datetime.fromisoformat(text[:10]), parsedate_to_datetime):
        try:
            return parse(value.strip()).date().isoformat()
        except (ValueError, TypeError, IndexError):
            continue
    return None


def date_in_name(name: str) -> str | None:
    """Find the first date in a file name or address: ``nyt_2016-09-12_visit``, ``/2016/09/12/visit``."""
    for year, month, day in _IN_NAME.findall(name):
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if 1800 <= found.year <= 2100:
            return found.isoformat()
    return None
