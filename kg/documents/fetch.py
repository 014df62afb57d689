"""Fetches one address, within limits of time, size and kind."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import InputError

if TYPE_CHECKING:
    import httpx

TIMEOUT = 20.0  #: seconds to connect, and to wait for the next bytes
DEADLINE = 60.0  #: seconds for the whole answer
LARGEST = 16 * 1024 * 1024  #: bytes, after decompression
KINDS = {
    "text/html": "html", "application/xhtml+xml": "html", "text/plain": "text", "application/x-ndjson": "jsonl",
    "application/jsonl": "jsonl", "application/jsonlines": "jsonl", "application/json": "jsonl", "": "",
    "application/octet-stream": "", "application/vnd.apache.parquet": "parquet",
}  #: content types that are read, and as what ("": as its content looks)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent: ``kind`` is html, text, jsonl, parquet or empty, ``charset`` the header's, if any."""

    body: bytes
    kind: str
    charset: str | None


def fetch(url: str) -> Answer:
    """Get an http(s) address.

    Raises
    ------
    InputError
        If there is no answer, an HTTP error, or an answer that is too large, too slow or no text.
    """
    import httpx

    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=True, max_redirects=5,
                          headers={"User-Agent": "kg-statements (news reader)"}) as client, \
             client.stream("GET", url) as response:
            if response.is_error:
                raise InputError(f"the server answers {response.status_code} {response.reason_phrase}".rstrip(), url,
                                 "check the address, or save the page and give the file")
            kind = _kind(response, url)
            return Answer(_body(response, url), kind, response.charset_encoding)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise InputError("is no http(s) address", url, "check the address") from None
    except httpx.HTTPError as error:
        raise InputError(f"cannot be fetched ({error or type(error).__name__})", url,
                         "check the address and the network, or save the page and give the file") from None


def _kind(response: httpx.Response, url: str) -> str:
    media = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if media not in KINDS:
        raise InputError(f"is {media}, not text, HTML, JSON Lines or Parquet", url, "give the address of an article")
    return KINDS[media]


def _body(response: httpx.Response, url: str) -> bytes:
    body, until = bytearray(), time.monotonic() + DEADLINE
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST:
            raise InputError(f"is larger than {LARGEST // 2**20} MB", url, "save the article and give the file")
        if time.monotonic() > until:
            raise InputError(f"took longer than {DEADLINE:.0f} s", url, "save the article and give the file")
    return bytes(body)
