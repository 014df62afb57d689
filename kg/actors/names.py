"""Names as keys and as parts of IRIs: spelling variants that mean the same give the same key."""

from __future__ import annotations

import re
import unicodedata

_POSSESSIVE = re.compile(r"['’]s\b")
_MARKS = str.maketrans({**dict.fromkeys('-–—/,:;()[]"“”!?_&\xa0', " "), **dict.fromkeys(".'’`ʼ‘", "")})
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ß": "ss",
        "ı": "i",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
        "ə": "a",
        "Ə": "A",
    }
)


def ascii_form(name: str) -> str:
    """A name in plain Latin letters: ``Orbán`` gives ``Orban``."""
    if name.isascii():
        return name
    decomposed = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def repaired(name: str) -> str:
    """Undo UTF-8 that was read as Latin-1, once or twice: ``PeÃ±a`` gives ``Peña``."""
    if "Ã" not in name and "A\u0303" not in name:
        return name
    original, name = name, unicodedata.normalize("NFC", name)
    for _ in range(2):
        try:
            name = name.encode("latin-1").decode("utf-8")
        except UnicodeError:
            break
    return name if name != unicodedata.normalize("NFC", original) else original


def key(name: str) -> str:
    """The form under which names are looked up: no case, accents, dots, hyphens or leading article.

    Examples
    --------
    >>> key("the U.N."), key("Viktor Orbán"), key("Al-Sabah")
    ('un', 'viktor orban', 'al sabah')
    """
    name = repaired(name)
    if "'s" in name or "’s" in name:
        name = _POSSESSIVE.sub("", name)
    words = ascii_form(name).translate(_MARKS).lower().split()
    if len(words) > 1 and words[0] in ("the", "a", "an"):
        del words[0]
    return " ".join(words)


def slug(name: str) -> str:
    """A readable part of an IRI: ``Government of Russia`` gives ``Government_of_Russia``."""
    plain = re.sub(r"[^\w.-]+", "_", ascii_form(name).replace("'", "").replace("’", "")).strip("_.")
    return "".join(c if c.isascii() else f"u{ord(c):x}" for c in plain) or "_".join(f"u{ord(c):x}" for c in name)
