"""The README's examples: reads them, runs them, and writes what they print into it.

``python -m tests.readme`` rewrites the outputs; ``test_docs.py`` checks that they are those of the code. In the README,

- a ``text`` block after ``<!-- file: NAME -->`` is a file that the examples use;
- a ``console`` block has commands after ``$ `` (continued after a backslash), each followed by what it prints;
- the ``json`` block after ``<!-- record: PREDICATE -->`` is the record of that predicate from those files, in full,
  with a key a line.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
WIDTH = "100"

_FILE = re.compile(r"<!-- file: (\S+) -->\n```text\n(.*?)```\n", re.DOTALL)
_RECORD = re.compile(r"(?<=<!-- record: )(\w+) -->\n```json\n(.*?)```\n", re.DOTALL)
_CONSOLE = re.compile(r"```console\n(.*?)```\n", re.DOTALL)
_SECONDS = re.compile(r"\bin \d+ s\b")


@dataclass(frozen=True)
class Example:
    """A command of the README and what it says that it prints."""

    command: str
    output: str


def examples(text: str) -> list[Example]:
    """The commands of all console blocks, in order."""
    found: list[Example] = []
    for block in _CONSOLE.findall(text):
        for piece in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = re.sub(r"\\\n\s*", " ", piece).partition("\n")
            found.append(Example(command.strip(), output))
    return found


@contextmanager
def workplace(text: str) -> Iterator[Path]:
    """A new folder with the README's files and the project's data."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "data").symlink_to(ROOT / "data", target_is_directory=True)
        for name, content in _FILE.findall(text):
            (place / name).write_text(content, encoding="utf-8")
        yield place


def run(command: str, place: Path) -> str:
    """What a command prints; the running interpreter's ``kg`` comes first on the path."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    environment = {**os.environ, "PATH": path, "COLUMNS": WIDTH, "PYTHONUTF8": "1", "NO_COLOR": "1"}
    done = subprocess.run(["bash", "-c", command], cwd=place, capture_output=True, text=True, encoding="utf-8",
                          env=environment, check=False)
    if done.returncode:
        raise AssertionError(f"{command} ends with {done.returncode}: {done.stderr}{done.stdout}")
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines())


def timeless(output: str) -> str:
    """The output without the seconds that it took."""
    return _SECONDS.sub("in N s", output)


def record(text: str, predicate: str, place: Path) -> str:
    """The one record of a predicate in the README's files, a key a line."""
    names = " ".join(name for name, _ in _FILE.findall(text))
    records = [json.loads(line) for line in run(f"kg extract {names}", place).splitlines()]
    chosen = [r for r in records if r["predicate"] == predicate]
    if len(chosen) != 1:
        raise AssertionError(f"{len(chosen)} records say {predicate!r}: {[r['predicate'] for r in records]}")
    lines = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in chosen[0].items())
    return "{" + ",\n ".join(lines) + "}\n"


def rewritten(text: str) -> str:
    """The README with every output as it is now."""
    with workplace(text) as place:
        def block(match: re.Match[str]) -> str:
            pieces = re.split(r"^\$ ", match[1], flags=re.MULTILINE)[1:]
            shown = ""
            for piece in pieces:
                command = re.match(r"(?:.*\\\n)*.*\n", piece)
                assert command
                shown += f"$ {command[0]}" + run(re.sub(r"\\\n\s*", " ", command[0]), place)
            return f"```console\n{shown}```\n"

        text = _CONSOLE.sub(block, text)
        return _RECORD.sub(lambda m: f"{m[1]} -->\n```json\n{record(text, m[1], place)}```\n", text)


if __name__ == "__main__":
    README.write_text(rewritten(README.read_text(encoding="utf-8")), encoding="utf-8")
