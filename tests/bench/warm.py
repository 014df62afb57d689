"""What a build needs before it reads its first article, loaded once by the process that builds are forked from."""

import kg.cli
import kg.home  # noqa: F401
from kg.reading import Options, Reader
from kg.records import Document


def _ignored(error: Exception) -> None: ...


list(Reader(Options(fast=True)).read([Document("warm", "France criticized Russia on Friday.")], _ignored))
