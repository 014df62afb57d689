"""The shipped tables and what they answer."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from kg import resources
from kg.actors.gazetteer import load
from kg.actors.names import key, slug
from kg.actors.nouns import adjectives, holder, nouns, offices, titles
from kg.actors.tables import Sorted, lines, rows
from kg.actors.tenures import HEADS
from kg.errors import DataError
from kg.lab.gazetteer import indexes
from kg.records import EntityType

if TYPE_CHECKING:
    from pathlib import Path

DATE = re.compile(r"(\d{4}(-\d\d(-\d\d)?)?)?")


def test_tables_are_whole() -> None:
    people = {line.split(",")[0] for line in lines("people", "key,name,aliases,qid,iso3,tier,source")}
    bodies = {f"o{n:05}" for n, _ in enumerate(lines("organisations", "name,aliases,qid,iso3,type,sector,source"), 1)}
    header = "key,role,role_class,iso3,sector,tier,start,end,asof,source"
    for fields in rows("tenures", header):
        assert fields[0] in people or fields[0] in bodies
        assert all(DATE.fullmatch(f) for f in fields[6:9]), fields
    for name, head, at in (
        ("people", "key,name,aliases,qid,iso3,tier,source", 3),
        ("organisations", "name,aliases,qid,iso3,type,sector,source", 2),
    ):
        for fields in rows(name, head):
            assert re.fullmatch(r"(Q[1-9]\d*)?", fields[at]), fields


def test_indexes_are_those_of_the_tables() -> None:
    people = [*rows("people", "key,name,aliases,qid,iso3,tier,source")]
    bodies = [*rows("organisations", "name,aliases,qid,iso3,type,sector,source")]
    tenures = rows("tenures", "key,role,role_class,iso3,sector,tier,start,end,asof,source")
    heads = {fields[0] for fields in tenures if fields[2] in HEADS}
    for name, index in indexes(people, heads, bodies).items():
        assert [*rows(name, "form,actors")] == index, f"make {name}.csv again with kg.lab.gazetteer"


@pytest.mark.parametrize(("name", "header"), [
    ("tenures", "key,role,role_class,iso3,sector,tier,start,end,asof,source"), ("cities", "form,name,iso3,population"),
])
def test_what_is_found_by_bisection_is_sorted(name: str, header: str) -> None:
    table = Sorted(name, header)
    firsts = [line.split(",")[0] for line in table.lines]
    assert firsts == sorted(firsts)
    for first in (firsts[0], firsts[len(firsts) // 2], firsts[-1]):
        assert len(table.find(first)) == firsts.count(first)
    assert table.find("zzzz") == []


def test_no_row_rests_on_a_licence_that_forbids_it() -> None:
    for name, head in (
        ("people", "key,name,aliases,qid,iso3,tier,source"),
        ("organisations", "name,aliases,qid,iso3,type,sector,source"),
        ("tenures", "key,role,role_class,iso3,sector,tier,start,end,asof,source"),
    ):
        for fields in rows(name, head):
            assert fields[-1], f"{name}: {fields[0]} has no source"
            assert not re.search(r"supraverden|open-data-archive|yago|impresso|mledoze", fields[-1])


def test_every_source_is_attributed() -> None:
    words = resources.data("actors", "data", "ATTRIBUTION.md").read_text(encoding="utf-8")
    sources = {
        s
        for name, head in (
            ("people", "key,name,aliases,qid,iso3,tier,source"),
            ("organisations", "name,aliases,qid,iso3,type,sector,source"),
            ("sectors", "noun,sector,source"),
            ("countries", "iso3,iso2,name,demonym,capital,qid,source"),
        )
        for fields in rows(name, head)
        for s in re.split(r"[|+]", fields[-1])
    }
    assert not {s for s in sources if f"`{s.split('_')[0]}" not in words}


def test_own_tables_load() -> None:
    assert nouns()["rebel"].sector == "REB"
    assert offices()["foreign minister"].role_class == "foreign minister"
    assert adjectives()["congressional"].sector == "LEG"
    assert titles()["mrs"] == "f"


def test_ids_are_unique() -> None:
    gazetteer = load()
    names: dict[str, set[str]] = defaultdict(set)
    for number in range(0, len(gazetteer._people), 7):
        actor = gazetteer._actor(f"p{number:05}")
        if actor.qid:
            names[gazetteer.entity(actor).id].add(actor.qid)
    assert not {ident: qids for ident, qids in names.items() if len(qids) > 1}


@pytest.mark.parametrize(
    ("country", "office", "date", "name"),
    [
        ("US", "president", "2016-08-01", "Barack Obama"),
        ("US", "president", "2018-08-01", "Donald Trump"),
        ("UK", "prime minister", "2023-02-01", "Rishi Sunak"),
        ("UK", "foreign secretary", "2017-01-05", "Boris Johnson"),
        ("Russia", "president", "2010-01-01", "Dmitry Medvedev"),
        ("Germany", "chancellor", "2021-12-20", "Olaf Scholz"),
        ("Ukraine", "president", "2018-01-01", "Petro Poroshenko"),
        ("Belarus", "president", "2015-06-01", "Alexander Lukashenko"),
        ("Spain", "leader", "2015-06-01", "Mariano Rajoy"),
        ("Australia", "prime minister", "2020-06-01", "Scott Morrison"),
        ("Saudi Arabia", "king", "2018-06-01", "Salman of Saudi Arabia"),
        ("Netherlands", "leader", "2022-06-01", "Mark Rutte"),
        ("Kenya", "president", "2022-11-15", "William Ruto"),
        ("Israel", "leader", "2016-01-01", "Benjamin Netanyahu"),
        ("France", "president", "2012-05-14", "Nicolas Sarkozy"),
        ("Iran", "leader", "2022-01-01", "Ali Khamenei"),
    ],
)
def test_holders(country: str, office: str, date: str, name: str) -> None:
    gazetteer = load()
    place = gazetteer.country(country)
    assert place is not None
    found = holder(gazetteer, place, offices()[office], date)
    assert found is not None
    assert found.name == name


def test_names_of_countries() -> None:
    gazetteer = load()
    for words, iso3 in (
        ("the U.S.", "USA"),
        ("Great Britain", "GBR"),
        ("DPRK", "PRK"),
        ("Türkiye", "TUR"),
        ("Democratic People’s Republic of Korea", "PRK"),
        ("Ivory Coast", "CIV"),
    ):
        found = gazetteer.country(words)
        assert found is not None, words
        assert found.iso3 == iso3
    danish = gazetteer.demonym("Danish")
    assert danish is not None
    assert gazetteer.government(danish).name == "Government of Denmark"
    assert gazetteer.country_entity(danish).type is EntityType.COUNTRY


def test_two_candidates_are_two() -> None:
    assert len(load().actors("Democratic Party")) > 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the U.N.", "UN"),
        ("Viktor Orbán", "Viktor Orban"),
        ("Recep Tayyip Erdoğan", "recep tayyip erdogan"),
        ("Jean-Yves Le Drian", "Jean Yves Le Drian"),
        ("Russia's", "Russia"),
        ("PeÃ±a Nieto", "Peña Nieto"),
    ],
)
def test_keys(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_slugs_are_fit_for_iris() -> None:
    for name in ("Government of Russia", "Côte d'Ivoire", "Жанна", "A (B) / C", "<script>"):
        assert re.fullmatch(r"[\w.-]+", slug(name), re.ASCII), slug(name)


def test_a_broken_table_names_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "actors" / "data"
    folder.mkdir(parents=True)
    (folder / "nouns.csv").write_text("noun,kind,sector,gender,source\nrebel,force\n", encoding="utf-8")
    monkeypatch.setattr(resources, "PACKAGE", tmp_path)
    with pytest.raises(DataError, match=r"nouns\.csv:2: has 2 fields"):
        list(rows("nouns", "noun,kind,sector,gender,source"))
    with pytest.raises(DataError, match="columns"):
        list(rows("nouns", "noun,kind"))
    with pytest.raises(DataError, match="cannot be read"):
        list(rows("verbs", "verb"))
