"""Actors that users supply in a CSV file, without touching code: new ones, and more about those that are shipped.

The first line names the columns, of which ``name`` and ``type`` are needed:

========== =============================================================================================
name       as it shall stand in the graph
type       Person, Government, Country, Organization, Military, ArmedGroup, Media, Party, Place, Group, Other
aliases    other names, ``|`` between them
country    ISO 3166-1 alpha-3 (``HUN``), or IGO, NGO
sector     a PLOVER sector code; with a role, that of the office
wikidata   a Q-id
role       an office, as in "Minister of Energy"; one row for each office of a person
start, end when it was held: a day, month or year of ISO 8601
========== =============================================================================================

``iso3`` and ``qid``, as the shipped tables have it, mean ``country`` and ``wikidata``. A row about an actor that is
shipped (the same Wikidata id, or the same name and country) adds to it, and what the row says wins. A name or alias of
the file means the actors of the file alone.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.actors.gazetteer import Actor, Additions
from kg.actors.names import key, spelt_as
from kg.actors.nouns import adjectives, nouns, office_of, offices
from kg.actors.sectors import NO_ACTOR, sector_of
from kg.actors.tables import scripts
from kg.actors.tenures import HEADS, SUPPLIED, Tenure
from kg.errors import UsageError
from kg.records import EntityType, content_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.actors.gazetteer import Gazetteer

COLUMNS = ("name", "type", "aliases", "country", "sector", "wikidata", "role", "start", "end")
_SYNONYMS = {"qid": "wikidata", "iso3": "country"}
_NEW = 90_001  #: numbers of actors that are not shipped begin here
_TYPES = {t.value.lower(): t for t in EntityType}
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_BODY = re.compile(r" (?:of|for) (?:the )?(.+)$")


@dataclass(frozen=True, slots=True)
class Row:
    """A checked row; ``where`` is its file and line."""

    where: str
    name: str
    type: EntityType
    aliases: tuple[str, ...]
    country: str
    sector: str
    wikidata: str
    role: str
    start: str
    end: str

    @property
    def is_person(self) -> bool:
        """Whether it is about someone, not something."""
        return self.type is EntityType.PERSON


def extended(gazetteer: Gazetteer, path: str | Path) -> Gazetteer:
    """The gazetteer with the actors of a file.

    Raises
    ------
    UsageError
        If the file cannot be read, or a row is malformed; it names the line and the way out.
    """
    rows = tuple(read(Path(path), gazetteer))
    return _extended(gazetteer, rows)


@cache
def _extended(gazetteer: Gazetteer, rows: tuple[Row, ...]) -> Gazetteer:
    claims = [[getattr(row, column) for column in COLUMNS] for row in rows]
    return gazetteer.extended(_additions(gazetteer, rows), content_id("", {"actors": claims}))


def read(path: Path, gazetteer: Gazetteer) -> Iterator[Row]:
    """The rows of a file, checked."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", str(path), "name a CSV file with --actors") from None
    except UnicodeDecodeError:
        raise UsageError("is not written in UTF-8", str(path), "save it as CSV in UTF-8") from None
    reader = csv.reader(lines)
    header = [_SYNONYMS.get(c.strip().lower(), c.strip().lower()) for c in next(reader, [])]
    known = f"the columns are {', '.join(COLUMNS)}"
    if wrong := [c for c in header if c not in COLUMNS or header.count(c) > 1]:
        fault = "twice" if wrong[0] in COLUMNS else "that no actor has"
        raise UsageError(f"has a column {wrong[0]!r} {fault}", f"{path}:1", known)
    if missing := [c for c in ("name", "type") if c not in header]:
        raise UsageError(f"has no column {missing[0]!r}", f"{path}:1", known)
    seen: dict[tuple[str, str], Row] = {}
    for cells in reader:
        where = f"{path}:{reader.line_num}"
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            fix = "see the first line; quote a value that has a comma"
            raise UsageError(f"has {len(cells)} values for {len(header)} columns", where, fix)
        row = _checked(where, {c: " ".join(cell.split()) for c, cell in zip(header, cells, strict=True)}, gazetteer)
        first = seen.setdefault((key(row.name), row.wikidata), row)
        if first.type != row.type:
            raise UsageError(f"has {row.name!r} as a {row.type}, but {first.where} as a {first.type}", where,
                             "give rows of one actor one type")
        yield row


def _checked(where: str, cells: dict[str, str], gazetteer: Gazetteer) -> Row:
    """A row, if every value is one that its column can have."""
    values = {column: cells.get(column, "") for column in COLUMNS}
    name, kind, sector = values["name"], _TYPES.get(values["type"].lower()), values["sector"].upper()
    country, wikidata = values["country"].upper(), values["wikidata"].upper()

    def no(column: str, way_out: str) -> UsageError:
        return UsageError(f"has {column} {values[column]!r}", where, way_out)

    if not key(name):
        raise no("name", "give each actor a name with letters")
    if kind is None:
        raise no("type", f"take one of {', '.join(EntityType)}")
    if country and country not in gazetteer.countries and country not in ("IGO", "NGO"):
        meant = gazetteer.country(values["country"])
        raise no("country", f"write {meant.iso3}" if meant else "take a code of ISO 3166-1 alpha-3, IGO or NGO")
    if sector and sector not in _sectors(gazetteer):
        raise no("sector", f"take one of {', '.join(sorted(_sectors(gazetteer)))}")
    if wikidata and not re.fullmatch(r"Q[1-9]\d*", wikidata):
        raise no("wikidata", "write an id such as Q1065")
    for column in ("start", "end"):
        if values[column] and not _DATE.fullmatch(values[column]):
            raise no(column, "write a day, month or year, such as 2024-12-13, 2024-12 or 2024")
        if values[column] and not values["role"]:
            raise no(column, "say with role which office it is of")
    if values["end"] and values["start"] > values["end"]:
        raise no("end", f"it began later, {values['start']}")
    aliases = tuple(a.strip() for a in values["aliases"].split("|") if key(a))
    return Row(where, name, kind, aliases, country, sector, wikidata, values["role"], values["start"], values["end"])


@cache
def _sectors(gazetteer: Gazetteer) -> frozenset[str]:
    """The codes that the shipped tables use."""
    told = {noun.sector for noun in nouns().values()} | {adjective.sector for adjective in adjectives().values()}
    codes = frozenset(gazetteer.sectors.values()) | told | {"ELI", "IGO", "NGO"}
    return codes - NO_ACTOR - {""}


def _additions(gazetteer: Gazetteer, rows: tuple[Row, ...]) -> Additions:
    found, idents = Additions(), dict[tuple[str, str], str]()
    for row in rows:
        same = (key(row.name), row.wikidata)
        ours = _shipped(gazetteer, row)
        new = f"{'p' if row.is_person else 'o'}{_NEW + len(idents):05}"
        ident = idents.setdefault(same, ours.key if ours else new)
        old = found.actors.get(ident) or ours or Actor(ident, row.name, row.type)
        found.actors[ident] = replace(
            old,
            name=row.name,
            type=row.type,
            qid=row.wikidata or old.qid,
            iso3=row.country or old.iso3,
            sector=row.sector if row.sector and not row.role else old.sector,
            tier=SUPPLIED,
            source=row.where,
        )
        if row.role:
            found.tenures.setdefault(ident, []).append(_tenure(gazetteer, row, found.actors[ident].iso3))
        for name in (row.name, *row.aliases):
            _point(found.names, {}, key(name), ident)
            for spelt in spelt_as(key(name), row.country):
                _point(found.spellings, gazetteer.idents("spellings"), spelt, ident)
        if row.is_person:
            first = scripts().get(row.country) == "surname first"
            surname = key(row.name).split(" ")[0 if first else -1]
            _point(found.surnames, gazetteer.idents("surnames"), surname, ident)
    return found


def _point(table: dict[str, str], shipped: dict[str, str], form: str, ident: str) -> None:
    """Let a form mean an actor, beside those of the file that it meant already and, if given, those shipped."""
    table[form] = " ".join(dict.fromkeys([ident, *table.get(form, shipped.get(form, "")).split()]))


def _shipped(gazetteer: Gazetteer, row: Row) -> Actor | None:
    """The actor of the lists that a row is about."""
    if row.wikidata and (ours := gazetteer.by_wikidata(row.wikidata)) is not None:
        return ours
    same = [
        a
        for a in gazetteer.actors(row.name)
        if (a.type is EntityType.PERSON) == row.is_person
        and key(a.name) == key(row.name)
        and not (row.country and a.iso3 and row.country != a.iso3)
        and not (row.wikidata and a.qid)
    ]
    return same[0] if len(same) == 1 else None


def _tenure(gazetteer: Gazetteer, row: Row, iso3: str) -> Tenure:
    sector = row.sector or ((told := sector_of(gazetteer, key(row.role).split())) and told.code) or "GOV"
    return Tenure(row.role, _class_of(gazetteer, row.role), iso3, sector, SUPPLIED, row.start, row.end, "", row.where)


def _class_of(gazetteer: Gazetteer, role: str) -> str:
    """The class of offices that a role is of; one heads a country only if the role names a country or nothing else."""
    body = _BODY.search(role)
    office = office_of(key(role).split())
    if office is not None and (office.role_class not in HEADS or not body or gazetteer.country(body[1])):
        return office.role_class
    fit = (o for o in offices().values() if o.pattern and o.role_class not in HEADS and o.pattern.search(role))
    found = next(fit, None)
    return found.role_class if found else "minister" if role.lower().startswith("minister") else "other"
