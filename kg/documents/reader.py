"""INPUT to Documents: a file, a folder, an address, or ``-``; plain text, HTML, JSON Lines or Parquet.

Offsets count in ``Document.text``, which is the text exactly as given: a file's line ends, and a byte order mark if it
starts with one (U+FEFF, one code point), are kept; a record's ``text`` is taken as it is; a page's is what ``kg text``
prints. Documents come one at a time, JSON Lines are read line by line and Parquet by a few rows, so memory stays flat.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from kg.documents.dates import date_in_name, iso_date
from kg.errors import InputError
from kg.records import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LOG = logging.getLogger(__name__)

#: What a file's suffix says it is; a folder's files with other suffixes are left out, with a note.
SUFFIXES = {".txt": "text", ".text": "text", ".html": "html", ".htm": "html", ".xhtml": "html",
            ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
STDIN = "-"
LONGEST = 1_000_000  #: characters of an article: what spaCy takes in one piece
LARGEST = 16 * 2**20  #: bytes of a file that is one article

_FORMATS = "give plain text, HTML, JSON Lines or Parquet"
_URL = re.compile(r"https?://", re.IGNORECASE)
_STORAGE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_TITLE = re.compile(r"\ufeff?[^\S\r\n]*(?P<title>\S[^\r\n]*?)[^\S\r\n]*(?:\r\n|\r|\n)[^\S\r\n]*(?:\r\n|\r|\n)")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_FIELDS = ("id", "title", "publisher", "published", "url")


def read(inputs: str | Path | Iterable[str | Path],
         on_error: Callable[[InputError], None] | None = None) -> Iterator[Document]:
    """Read documents, in the order given.

    Parameters
    ----------
    inputs
        Paths of files and folders, http(s) addresses, other addresses that fsspec knows (``s3://``), ``-`` for standard
        input; one or many.
    on_error
        Called with each input, file of a folder or line that cannot be read; the others are still read.

    Yields
    ------
    Document
        ``id`` is the record's own; else, for a file, its name without suffix (with its path inside the folder given);
        the address; or ``stdin``. An id that another text had earlier in this call gets ``-`` and a hash of the text.

    Raises
    ------
    InputError
        At the first bad input, if there is no ``on_error``.
    """
    taken: dict[str, bytes] = {}
    for item in [inputs] if isinstance(inputs, (str, Path)) else inputs:
        for found in _read_input(str(item)):
            if isinstance(found, InputError):
                if on_error is None:
                    raise found
                on_error(found)
            else:
                yield _with_free_id(found, taken)


def _with_free_id(document: Document, taken: dict[str, bytes]) -> Document:
    digest = hashlib.sha256(document.text.encode()).digest()
    if taken.setdefault(document.id, digest) == digest:
        return document
    renamed = replace(document, id=f"{document.id}-{digest.hex()[:8]}")
    taken.setdefault(renamed.id, digest)
    return renamed


def _read_input(name: str) -> Iterator[Document | InputError]:
    """Yield the documents of one INPUT, and the errors where one should be."""
    try:
        if not name:  # Path("") would be the working folder
            raise InputError("an empty name is no input", way_out="check the path; the working folder is .")
        if name == STDIN:
            yield from _read_stream(sys.stdin.buffer, "", "stdin", Document("stdin"))
        elif _URL.match(name):
            yield from _read_url(name)
        elif _STORAGE.match(name):
            yield from _read_storage(name)
        elif Path(name).is_dir():
            yield from _read_folder(Path(name))
        else:
            yield from _read_file(Path(name), _clean(Path(name).name))
    except InputError as error:
        yield error
    except (OSError, ValueError) as error:  # of names that no file can have
        reason = getattr(error, "strerror", None) or error
        yield InputError(f"is no file, folder or address ({reason})", _clean(name[:80]), "check the path")


def _read_url(url: str) -> Iterator[Document | InputError]:
    from kg.documents.fetch import fetch

    answer = fetch(url)
    kind = answer.kind or SUFFIXES.get(PurePosixPath(url.partition("?")[0]).suffix.lower(), "")
    known = Document(url, published=date_in_name(url), url=url)
    yield from _read_stream(BytesIO(answer.body), kind, url, known, answer.charset)


def _read_storage(address: str) -> Iterator[Document | InputError]:
    from kg.documents import storage

    for stored in storage.files(address, SUFFIXES):
        known = Document(stored.name.removesuffix(stored.suffix), published=date_in_name(stored.name))
        try:
            with stored.open() as file:
                yield from _read_stream(file, SUFFIXES.get(stored.suffix.lower(), ""), stored.where, known)
        except InputError as error:
            yield error


def _read_folder(folder: Path) -> Iterator[Document | InputError]:
    files = sorted(_files(folder), key=lambda path: path.relative_to(folder).as_posix())
    left = [path for path in files if path.suffix.lower() not in SUFFIXES]
    if len(left) == len(files):
        raise InputError("has no article files", _clean(str(folder)), f"it needs files with {' '.join(SUFFIXES)}")
    if left:
        LOG.warning("%s: %d file(s) of other kinds left out, such as %s", folder, len(left), left[0].name)
    for path in files:
        if path.suffix.lower() in SUFFIXES:
            try:
                yield from _read_file(path, _clean(path.relative_to(folder).as_posix()))
            except InputError as error:
                yield error


def _files(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder but hidden ones; links to folders are not followed."""

    def fail(error: OSError) -> None:
        raise InputError(f"cannot be listed ({error.strerror})", str(error.filename), "check its permissions")

    for parent, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in names if not name.startswith("."))


def _read_file(path: Path, name: str) -> Iterator[Document | InputError]:
    """Yield the documents of a file; ``name`` is its path as ids show it."""
    where, suffix = _clean(str(path)), path.suffix
    known = Document(name.removesuffix(suffix), published=date_in_name(name))
    try:
        with path.open("rb") as file:
            yield from _read_stream(file, SUFFIXES.get(suffix.lower(), ""), where, known)
    except FileNotFoundError:
        raise InputError("there is no such file or folder", where, "check the path") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where, "check the path") from None


def _read_stream(
    file: IO[bytes], kind: str, where: str, known: Document, charset: str | None = None,
) -> Iterator[Document | InputError]:
    """Yield documents out of raw bytes; ``known`` has what is known before; an empty ``kind`` is guessed."""
    if kind == "parquet":
        yield from _read_parquet(file, where, known)
        return
    head: list[bytes] = []
    while line := file.readline(4 * LONGEST):
        head.append(line)
        if line.strip():
            break
    kind = kind or _looks_like(line)
    if kind == "jsonl":
        yield from _read_jsonl(file, head, where, known)
        return
    raw = b"".join(head) + file.read(LARGEST)
    if len(raw) > LARGEST:
        raise InputError(f"is larger than {LARGEST // 2**20} MB", where, "give its articles one by one")
    if kind == "html":
        yield _read_html(raw, where, known, charset)
    else:
        yield _read_text(raw, where, known)


def _looks_like(line: bytes) -> str:
    start = line.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    if start.startswith(b"{"):
        return "jsonl"
    return "html" if re.match(rb"<(!doctype|html|\?xml|!--|head|body|meta)", start) else "text"


def _read_text(raw: bytes, where: str, known: Document) -> Document:
    text = _checked(_utf8(raw, where), where)
    title = _TITLE.match(text)
    return replace(known, text=text, title=title["title"] if title else None)


def _read_html(raw: bytes, where: str, known: Document, charset: str | None) -> Document:
    from kg.documents import html

    page = html.read_page(html.decode(raw, where, charset), where, known.url)
    return replace(known, text=_checked(page.text, where), title=page.title, publisher=page.publisher,
                   published=page.published or known.published, url=known.url or page.url)


def _read_jsonl(file: IO[bytes], head: list[bytes], where: str, known: Document) -> Iterator[Document | InputError]:
    number, line = len(head), head[-1] if head else b""
    found = False
    while line:
        if line.strip():
            found = True
            try:
                yield _read_record(line, f"{where}:{number}", replace(known, id=f"{known.id}-{number}"))
            except InputError as error:
                yield error
        number, line = number + 1, file.readline()
    if not found:
        raise InputError("is empty", where, "it needs one JSON object a line")


def _read_parquet(file: IO[bytes], where: str, known: Document) -> Iterator[Document | InputError]:
    from kg.documents.parquet import rows

    for number, row in enumerate(rows(file, where, ("text", *_FIELDS)), 1):
        try:
            yield _of_record(row, f"{where}:{number}", replace(known, id=f"{known.id}-{number}"))
        except InputError as error:
            yield error


def _read_record(line: bytes, where: str, known: Document) -> Document:
    try:
        record = json.loads(_utf8(line, where).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", None) or type(error).__name__
        raise InputError(f"is no JSON ({reason})", where, "JSON Lines has one whole JSON object a line") from None
    if not isinstance(record, dict):
        raise InputError("is no JSON object", where, 'write it as {"text": "..."}')
    return _of_record(record, where, known)


def _of_record(record: dict[str, Any], where: str, known: Document) -> Document:
    """Make a document of a record; ``known`` has what counts if it is silent."""
    text = record.get("text")
    if not isinstance(text, str):
        raise InputError("has no text", where, 'the record needs the article in "text", as a string')
    given = {key: _string(record.get(key), f"{where}: {key}") for key in _FIELDS}
    if given["published"] and not iso_date(given["published"]):
        LOG.warning("%s: published %r is no date like 2024-12-13, taken as unknown", where, given["published"])
    return Document(
        id=given["id"] or given["url"] or known.id, text=_checked(text, where), title=given["title"],
        publisher=given["publisher"], published=iso_date(given["published"]) or known.published,
        url=given["url"] or known.url)


def _string(value: Any, where: str) -> str | None:
    if value is None or isinstance(value, str):
        return _checked_unicode(value, where) if value else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise InputError(f"is a {type(value).__name__}", where, "it must be a string or null")


def _utf8(raw: bytes, where: str) -> str:
    """Decode without translating line ends."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("is UTF-16", where, f"convert it: iconv -f UTF-16 -t UTF-8; {_FORMATS} in UTF-8")
    if b"\0" in raw:
        raise InputError("is binary", where, _FORMATS)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"is not UTF-8 (byte 0x{raw[error.start]:02x} in line {line})", where,
                         "convert it, as with: iconv -f WINDOWS-1252 -t UTF-8") from None


def _checked(text: str, where: str) -> str:
    if not text.strip("\ufeff \t\r\n\f\v\x85\xa0"):
        raise InputError("is empty", where, "give a file with the text of an article")
    if len(text) > LONGEST:
        raise InputError(f"is longer than {LONGEST:,} characters", where, "give its articles one by one")
    return _checked_unicode(text, where)


def _checked_unicode(text: str, where: str) -> str:
    if lone := _LONE_SURROGATE.search(text):
        raise InputError(f"has half a surrogate pair (\\u{ord(lone[0]):04x}) at character {lone.start()}", where,
                         "write the whole character")
    return text


def _clean(name: str) -> str:
    """Give a file name that can be written as UTF-8, whatever bytes it has on disk."""
    return os.fsencode(name).decode("utf-8", "replace")
