"""The documents are true: examples run and print what they show, every command and field stands in them."""

from __future__ import annotations

import doctest
import json
import re
from dataclasses import fields

import click
import pytest
from kg import ontology
from kg.cli import cli
from kg.records import Statement
from tests import readme

TEXT = readme.README.read_text(encoding="utf-8")
ROOT = readme.ROOT


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_documented(name: str) -> None:
    command = cli.commands[name]
    assert f"| `kg {name}" in TEXT
    assert command.help
    assert f"kg {name}" in command.help, "an example in its help"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help or parameter.required or parameter.show_default, parameter.name
            assert parameter.opts[-1] in TEXT, parameter.opts


def test_every_field_of_a_record_is_documented() -> None:
    rows = set(re.findall(r"^\| `(\w+)`", TEXT, re.MULTILINE))
    assert {field.name for field in fields(Statement)} <= rows


def test_every_relation_is_documented() -> None:
    for name, relation in ontology.relations().items():
        assert f"| `{name}` | {relation.plover} | {relation.polarity} |" in TEXT


def test_the_first_screen_has_the_set_up() -> None:
    first = "\n".join(TEXT.splitlines()[:30])
    assert "pip install uv && uv run --no-dev kg build data/sample --out out" in first
    assert "pip install uv && uv run pytest" in first


def test_links_lead_somewhere() -> None:
    for document in (readme.README, ROOT / "data" / "README.md", ROOT / "CHANGELOG.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_sample_is_described() -> None:
    described = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "data" / "sample").iterdir():
        assert f"`{path.name}`" in described


def test_quotations_of_the_sample_have_a_source() -> None:
    """Every quotation of the sample stands in the list of sources, word for word."""
    from kg.documents.reader import read

    described = plain((ROOT / "data" / "README.md").read_text(encoding="utf-8"))
    found = 0
    for document in read([ROOT / "data" / "sample"]):
        for quotation in re.findall(r"\u201c(.+?)\u201d", document.text) or re.findall(r'"(.+?)"', document.text):
            found += 1
            assert plain(quotation) in described, quotation
    assert found > 15


def plain(text: str) -> str:
    """Words only, so that marks at the end of a quotation do not matter."""
    return " ".join(re.findall(r"[\w']+", text.casefold()))


@pytest.mark.slow
def test_examples_print_what_the_readme_shows() -> None:
    with readme.workplace(TEXT) as place:
        for example in readme.examples(TEXT):
            printed = readme.run(example.command, place)
            assert readme.timeless(printed) == readme.timeless(example.output), example.command
        for predicate, shown in re.findall(r"<!-- record: (\w+) -->\n```json\n(.*?)```", TEXT, re.DOTALL):
            assert json.loads(readme.record(TEXT, predicate, place)) == json.loads(shown)


@pytest.mark.slow
def test_python_examples() -> None:
    code = "\n".join(re.findall(r"```pycon\n(.*?)```", TEXT, re.DOTALL))
    assert len(doctest.DocTestParser().get_examples(code)) > 10
    with readme.workplace(TEXT) as place:
        (place / "examples.txt").write_text(code, encoding="utf-8")
        readme.run("python -m doctest examples.txt", place)


