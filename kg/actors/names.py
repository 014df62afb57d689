"""Names as keys and as parts of IRIs: spelling variants that mean the same give the same key."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from kg.actors.tables import rows, scripts

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


def spelling(form: str) -> str:
    """What the spellings in Latin letters of a name from another script have in common.

    ``form`` is a key. Vowels are one, letters that systems of transliteration exchange are one (the table
    ``spellings.csv`` has them with examples), given names are what they are in Russian, the Arabic article and the
    gaps between parts do not count.

    Examples
    --------
    >>> spelling("volodymyr zelensky") == spelling("vladimir zelenskiy")
    True
    >>> spelling("muammar qaddafi") == spelling("moammar el gadhafi")
    True
    """
    return "".join(map(_spelled, form.split(" ")))


def parts(form: str) -> list[str]:
    """The spellings of the parts of a name, without articles."""
    return list(filter(None, map(_spelled, form.split(" "))))


def spelt_as(form: str, iso3: str) -> list[str]:
    """The spellings under which the name of a person from a country is found, beside the name itself."""
    if " " not in form:
        return []
    way = scripts().get(iso3)
    if way == "transliterated":
        return [found] if len(found := spelling(form)) > 5 else []
    return [form.replace(" ", "")] if way else []


def spelling_alone(form: str) -> str:
    """The spelling of a surname alone, or of a body, which no person's parts put together can equal."""
    return "=" + " ".join(filter(None, map(_spelled, form.split(" "))))


def spellings_of(form: str) -> list[str]:
    """The spellings under which a name of unknown origin may be found: parts joined, the surname first or last."""
    if " " not in form:
        return [spelling_alone(form)]
    first, _, rest = form.partition(" ")
    others, _, last = form.rpartition(" ")
    joined = (p.replace(" ", "") for p in (form, rest + first, last + others))
    return list(dict.fromkeys([spelling(form), spelling_alone(form), *joined]))


@lru_cache(maxsize=65536)
def _spelled(word: str) -> str:
    word = _given_names().get(word, word)
    for pattern, instead in _spellings():
        word = pattern.sub(instead, word)
    return word


@cache
def _spellings() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), instead) for pattern, instead, _ in rows("spellings", "pattern,instead,example")]


@cache
def _given_names() -> dict[str, str]:
    return {name: same for name, same, _ in rows("given_names", "name,same_as,source")}
