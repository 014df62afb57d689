"""What an import costs: the package and its help load no spaCy, rdflib or networkx; each command only its own half."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("spacy", "rdflib", "networkx", "pyvis", "trafilatura", "httpx", "pandas", "numpy", "dateparser", "dask",
         "distributed", "pyarrow", "fsspec")
COMMANDS = ("build", "export", "extract", "text", "query", "stance", "actor", "validate", "analyse")


def loaded_by(code: str) -> set[str]:
    """Which of the heavy packages a fresh interpreter has loaded after running ``code``."""
    report = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    run = subprocess.run([sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split()) & set(HEAVY)


def command(*arguments: str) -> str:
    """The code of a run of ``kg`` that must succeed."""
    return f"from kg.cli import main\ntry: main({list(arguments)!r})\nexcept SystemExit as end: assert not end.code"


def test_the_package_is_light() -> None:
    assert loaded_by("import kg, kg.cli, kg.records, kg.errors") == set()


def test_verbs_stay_verbs() -> None:
    verbs = "[n for n in kg.__all__ if n != 'StatementGraph']"
    code = f"import kg, kg.cli, kg.builder\nfor _ in range(2): assert all(callable(getattr(kg, n)) for n in {verbs})"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), *((name, "--help") for name in COMMANDS)])
def test_help_is_light(arguments: tuple[str, ...]) -> None:
    assert loaded_by(command(*arguments)) == set()


def test_actor_needs_no_parser() -> None:
    assert "spacy" not in loaded_by(command("actor", "Ukraine"))


def test_listing_queries_needs_no_parser() -> None:
    assert "spacy" not in loaded_by(command("query", "--list"))


def test_reading_plain_text_needs_no_page_reader(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("light") / "a.txt"
    file.write_text("text", encoding="utf-8")
    assert loaded_by(command("text", str(file))) == set()
