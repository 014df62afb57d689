"""Actors that users supply in a CSV file: what they add, what they win over, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from kg.actors import supplied
from kg.actors.gazetteer import load
from kg.actors.phrase import actor, explain
from kg.errors import UsageError
from kg.nlp import model
from kg.pipeline import extract
from kg.records import Document, EntityType
from tests.actors.test_sentences import mentions_of

ROWS = """name,type,aliases,country,sector,wikidata,role,start,end
Vera Beispielova,Person,V. Beispielova,UKR,,,Minister of Energy,2022-01-10,2023-05
Vera Beispielova,Person,,UKR,,,Prime Minister,2026-09-01,
Green Future,Party,GF|Greens of Exampleland,HUN,,,,,
"League of Towns, Rivers and Hills",Organization,LTRH,IGO,SOC,,,,
Downing Street Seven,ArmedGroup,Downing Street,GBR,REB,,,,
Emmanuel Macron,Person,Jupiter,FRA,,,,,
Tarja Example,Person,,FIN,BUS,Q900001,,,
Tarja Example,Person,,FIN,JRN,Q900002,,,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "date", "name", "country", "sector"), [
    ("Vera Beispielova", "2022-05-01", "Vera Beispielova", "UKR", "GOV"),
    ("V. Beispielova", "2024-05-01", "Vera Beispielova", "UKR", "ELI"),
    ("Minister Beispielova", "2022-05-01", "Vera Beispielova", "UKR", "GOV"),
    ("Ukraine's energy minister", "2022-05-01", "Vera Beispielova", "UKR", "GOV"),
    ("Ukraine's prime minister", "2026-10-01", "Vera Beispielova", "UKR", "GOV"),
    ("Wera Bejspielowa", "2022-05-01", "Vera Beispielova", "UKR", "GOV"),
    ("the Greens of Exampleland", "2022-05-01", "Green Future", "HUN", None),
    ("the LTRH", "2022-05-01", "League of Towns, Rivers and Hills", "IGO", "SOC"),
])
def test_what_is_added(file: Path, text: str, date: str, name: str, country: str, sector: str | None) -> None:
    entity = actor(text, date, file)
    assert entity is not None
    assert (entity.name, entity.country, entity.sector) == (name, country, sector)
    assert actor(text, date) != entity


def test_the_rows_of_a_file_win_over_ours(file: Path) -> None:
    seat = actor("Downing Street", actors=file)
    assert seat is not None
    assert (seat.name, seat.type, seat.sector) == ("Downing Street Seven", EntityType.ARMED_GROUP, "REB")


def test_a_row_adds_to_what_is_known_of_one_of_ours(file: Path) -> None:
    ours, theirs = actor("Emmanuel Macron", "2022-05-01"), actor("Jupiter", "2022-05-01", file)
    assert ours is not None
    assert ours == theirs
    assert actor("Macron", "2022-05-01", file) == ours


def test_two_of_one_name_have_ids_of_their_own_and_are_left_open(file: Path) -> None:
    found = explain("Tarja Example", actors=file)
    assert {r.what.split(", ")[2] for r in found.rejected if r.is_open} == {"BUS", "JRN"}
    lists = load(file)
    assert len({lists.entity(a).id for a in lists.actors("Tarja Example")}) == 2


def test_the_words_of_a_text_mean_them(file: Path) -> None:
    nlp, document = model.load(), Document("a", "Green Future condemned Downing Street on Friday.")
    before, after = extract(document, nlp), extract(document, nlp, file)
    assert {s.subject.name for s in after if s.subject} == {"Green Future"}
    assert {s.object.name for s in after if s.object} == {"Downing Street Seven"}
    assert all("; actors " in s.model for s in after)
    assert not any("; actors " in s.model for s in before)


def test_the_same_rows_have_the_same_version_wherever_they_are(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere.csv"
    copy.write_text("\ufeff" + ROWS.replace("\n", "\r\n"), encoding="utf-8")
    assert load(file).version == load(copy).version != ""
    copy.write_text(ROWS.replace("2023-05", "2023-06"), encoding="utf-8")
    assert load(file).version != load(copy).version
    assert load().version == ""


def test_ours_are_untouched(file: Path) -> None:
    load(file)
    assert actor("Jupiter") != actor("Emmanuel Macron")
    assert mentions_of("Downing Street said no.", None)[0].entity != actor("Downing Street", actors=file)


def test_columns_as_the_shipped_tables_call_them(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("name,type,qid,iso3\nAnn Example,Person,Q900001,FIN\n", encoding="utf-8")
    entity = actor("Ann Example", actors=path)
    assert entity is not None
    assert (entity.wikidata, entity.country) == ("Q900001", "FIN")


@pytest.mark.parametrize(("rows", "line", "message"), [
    ("", 1, "no column 'name'"), ("name\nA", 1, "no column 'type'"), ("name,typ\nA,Person", 1, "column 'typ' that no"),
    ("name,type,name\nA,Person,B", 1, "column 'name' twice"), ("name;type\nA;Person", 1, "the columns are name, type"),
    ("name,type\nA,Person\nB", 3, "has 1 values for 2 columns"), ("name,type\n,Person", 2, "has name ''"),
    ("name,type\nA,Human", 2, "has type 'Human'; take one of Person"),
    ("name,type\nA,Person\nA,Party", 3, "'A' as a Party, but"),
    ("name,type,country\nA,Person,Hungary", 2, "has country 'Hungary'; write HUN"),
    ("name,type,country\nA,Person,XYZ", 2, "ISO 3166-1 alpha-3"),
    ("name,type,sector\nA,Person,GVO", 2, "has sector 'GVO'; take one of AGR"),
    ("name,type,wikidata\nA,Person,42", 2, "has wikidata '42'"),
    ("name,type,role,start\nA,Person,Minister,2024-13-01", 2, "has start '2024-13-01'"),
    ("name,type,start\nA,Person,2024", 2, "say with role"),
    ("name,type,role,start,end\nA,Person,Minister,2024,2020", 2, "it began later, 2024"),
])
def test_faults_name_the_line_and_the_way_out(tmp_path: Path, rows: str, line: int, message: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        list(supplied.read(path, load()))
    assert str(raised.value).startswith(f"{path}:{line}: ")
    assert message in str(raised.value)
    assert raised.value.way_out


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "missing.csv")
    (tmp_path / "latin.csv").write_bytes("name,type\nJörg,Person".encode("latin-1"))
    with pytest.raises(UsageError, match="UTF-8"):
        load(tmp_path / "latin.csv")
