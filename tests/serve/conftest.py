"""One server for all tests that only ask."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from tests.queries.cases import cases
from tests.serve.serving import folder_of, serving


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the small graph made by hand, where a query may take two seconds."""
    with serving(folder_of(cases(), tmp_path_factory.mktemp("served") / "out"), "--timeout", "2") as address:
        yield address


@pytest.fixture(scope="package")
def web(address: str) -> Iterator[httpx.Client]:
    """Asks that server."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield client
