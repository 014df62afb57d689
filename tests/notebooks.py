"""The notebooks: executes them, and keeps what their cells show in their files.

``python -m tests.notebooks`` executes them and writes their outputs anew; ``test_notebooks.py`` checks that they are
those of the code. Outputs of cells tagged ``live``, which are pages of almost a megabyte, are not kept.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

_METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
             "language_info": {"name": "python"}}


def read(path: Path) -> Any:
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def executed(path: Path) -> Any:
    """A notebook with its outputs as they are now; fails where a cell does."""
    book = read(path)
    NotebookClient(book, timeout=900, kernel_name="python3", record_timing=False,
                   resources={"metadata": {"path": str(FOLDER)}}).execute()
    book.metadata = nbformat.from_dict(_METADATA)
    for cell in book.cells:
        if "live" in cell.metadata.get("tags", ()):
            cell.outputs = []
    return book


def substance(cell: Any) -> list[str]:
    """What the outputs of a cell show in words: without markup, ids and decimals, which other processors may round."""
    return [re.sub(r"\d\.\d+|<[^>]*>|\bs[0-9a-f]{16}\b", "", text) for output in cell.get("outputs", ())
            for data in [output.get("data", {"text/plain": output.get("text", "")})]
            for text in [data.get("text/html") or data.get("text/plain", "")]]


def main() -> None:
    """Write the outputs of all notebooks anew."""
    for path in NOTEBOOKS:
        nbformat.write(executed(path), path)


if __name__ == "__main__":
    main()
