"""How many of the twenty questions a built graph of the seed article answers: ``python -m tests.queries.answered DIR``.

DIR is what ``kg build ../shared/bench/gold/open/seed-kremlin-backs-trump.txt --out DIR`` made. A part of an answer is
right if it is the expected name or one of its aliases in the annotation; a statement, if its evidence overlaps.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from kg.errors import UsageError
from kg.queries.library import run
from kg.rdf.quads import from_dataset
from kg.store import open_graph
from rdflib import Dataset
from tests.queries.test_questions import COLUMNS, GOLD, SEED, questions, table


def main(folder: Path) -> None:
    """Print each question with the number of its answers found, then the totals."""
    gold = json.loads((GOLD / f"{SEED}.json").read_text(encoding="utf-8"))
    dataset = open_graph(folder)
    places = {f"stmt:{s.id}": (s.evidence.start, s.evidence.end) for s in from_dataset(dataset) if s.evidence}
    whole = 0
    for question in questions():
        rows, note = _rows(dataset, question["id"])
        answers = question["answers"]
        accepted = [*answers, *question["also_accepted"]]
        found = sum(any(_fits(answer, row, question["id"], gold, places) for row in rows) for answer in answers)
        extra = sum(not any(_fits(answer, row, question["id"], gold, places) for answer in accepted) for row in rows)
        whole += found == len(answers)
        print(f"{question['id']} {found}/{len(answers)} answers, {extra} other rows {note}")  # noqa: T201
    print(f"{whole} of {len(questions())} questions have all their answers")  # noqa: T201


def _rows(dataset: Dataset, ident: str) -> tuple[list[dict[str, Any]], str]:
    name, params = table()[ident]
    try:
        return list(run(dataset, name, params)), ""
    except UsageError as error:
        return [], f"({error})"


def _fits(answer: dict[str, Any], row: dict[str, Any], ident: str, gold: dict[str, Any],
          places: dict[str, tuple[int, int]]) -> bool:
    for part, column in COLUMNS[ident].items():
        if part in answer and not _same(part, str(row[column] or ""), str(answer[part]), gold, places):
            return False
    return any(part in answer for part in COLUMNS[ident])


def _same(part: str, given: str, want: str, gold: dict[str, Any], places: dict[str, tuple[int, int]]) -> bool:
    if part == "statement":
        start, end = next(row["evidence"] for row in gold["statements"] if row["id"] == want)
        at = places.get(given, (0, 0))
        return bool(at[0] < end and start < at[1])
    if part in ("words", "time"):
        return want.strip("“”. ") in given or given.strip("“”. ") in want if given else False
    names = {want, *gold["aliases"].get(want, ())}
    return given.casefold().removeprefix("the ") in {name.casefold().removeprefix("the ") for name in names}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
