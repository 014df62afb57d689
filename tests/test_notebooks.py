"""The notebooks show what their code gives, in files that read well where nothing is run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests import notebooks

ALL = pytest.mark.parametrize("path", notebooks.NOTEBOOKS, ids=lambda path: path.stem)


def code(book: Any) -> list[Any]:
    return [cell for cell in book.cells if cell.cell_type == "code"]


def outputs(book: Any) -> list[Any]:
    return [output for cell in code(book) for output in cell.outputs]


def test_there_are_three() -> None:
    assert [path.name[:2] for path in notebooks.NOTEBOOKS] == ["01", "02", "03"]


@ALL
def test_files_are_small_and_alike(path: Path) -> None:
    assert path.stat().st_size < 400_000
    book = notebooks.read(path)
    assert book.metadata == {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                             "language_info": {"name": "python"}}
    assert [cell.id for cell in book.cells] == [f"{path.name[:2]}-{number:02}" for number in range(len(book.cells))]
    assert [cell.execution_count for cell in code(book)] == list(range(1, len(code(book)) + 1))


@ALL
def test_outputs_are_kept_without_warnings_or_paths_of_a_machine(path: Path) -> None:
    book = notebooks.read(path)
    kept = outputs(book)
    assert any("image/svg+xml" in output.get("data", ()) for output in kept)
    assert any("text/html" in output.get("data", ()) for output in kept)
    for output in kept:
        assert output.output_type in ("execute_result", "display_data") or output.name == "stdout"
        text = json.dumps(output, ensure_ascii=False)
        assert "<iframe" not in text
        assert not re.search(r"(?<![\w.:/])/(home|root|tmp|usr|work|Users)/|Warning", text)
    for cell in code(book):
        assert not cell.outputs or "live" not in cell.metadata.get("tags", ())


@ALL
def test_links_lead_to_files(path: Path) -> None:
    text = "\n".join(cell.source for cell in notebooks.read(path).cells if cell.cell_type == "markdown")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (path.parent / target).exists(), target


@pytest.mark.slow
@ALL
def test_outputs_are_those_of_the_code(path: Path) -> None:
    """If they are not: ``python -m tests.notebooks``."""
    saved, now = notebooks.read(path), notebooks.executed(path)
    for old, new in zip(code(saved), code(now), strict=True):
        assert notebooks.substance(old) == notebooks.substance(new), old.source
