"""An archive of 60 invented agencies over four years that follow on each other, with contradictions planted on a known list.

Two cities of 30: the government, its office and eight bureaus, four districts' governments with four departments each. The first city's
government says how many parts it adds up, the second only that it does. Districts' departments carry what is planted.
"""

from __future__ import annotations

import copy
import csv
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from . import phrases as p
from .fresh import WRITERS
from .printing import Style, print_cells
from .report import Report
from .series_numbers import added, edition_of, next_year, shift_requests
from .series_text import paragraphs
from .tables import make_tables, official
from .values import Numbers, codes
from .words import make_words

YEARS = (2019, 2020, 2021, 2022)
PARTS_CODES = ("requests.new.total", "requests.granted.total", "requests.results_total.total")
_SHAPES = ("txt", "txt", "html", "txt", "docx")


@dataclass(frozen=True, order=True)
class Planted:
    """A contradiction of the known list, as `extract across` names it; `cannot tell` where the verdict is not_assessable."""

    check: str
    agency: str
    year: int
    code: str = ""
    other: str = ""


@dataclass
class Series:
    """The archive before it is written: numbers and own text by agency and year, what is not published, older versions, the list."""

    numbers: dict[tuple[str, int], Numbers] = field(default_factory=dict)
    text: dict[tuple[str, int], list[list[str]]] = field(default_factory=dict)
    unpublished: set[tuple[str, int]] = field(default_factory=set)
    older: dict[tuple[str, int], Numbers] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    cannot_tell: list[Planted] = field(default_factory=list)
    reused: list[Planted] = field(default_factory=list)


def city_agencies(city: str) -> tuple[str, list[str], list[str]]:
    """Return the government of a city, its parts, and the departments of its districts."""
    bureaus = [f"{city}人民政府办公室", *(city + b for b in p.BUREAUS[:8])]
    districts = [city + d for d in p.DISTRICTS[:4]]
    departments = [district + b for district in districts for b in p.BUREAUS[8:12]]
    return f"{city}人民政府", [*bureaus, *(f"{d}人民政府" for d in districts)], departments


def make_series(seed: int) -> Series:
    """Return the archive: consistent years, then what is planted."""
    rng = Random(seed)
    series = Series()
    cities = [city_agencies(f"{city}市") for city in ("槐浦", "砚湖")]
    departments = [agency for _, _, departments in cities for agency in departments]
    for agency in [a for _, parts, below in cities for a in (*parts, *below)]:
        size, last = rng.uniform(60, 300), None
        for year in YEARS:
            last = _year(
                rng,
                series,
                departments.index(agency) if agency in departments else -1,
                agency,
                year,
                size,
                last,
            )
    for government, parts, _ in cities:
        for year in YEARS:
            series.numbers[government, year] = added(
                edition_of(year), [series.numbers[a, year] for a in parts]
            )
    for key in series.numbers:
        series.text[key] = [paragraphs(rng, 3), paragraphs(rng, 3)]
    _plant_parts(series, cities[0][0], cities[1])
    _plant_text(series, departments)
    return series


def _year(
    rng: Random, series: Series, place: int, agency: str, year: int, size: float, last: Numbers | None
) -> Numbers:
    """Make one year of an agency, with what is planted in the department of that place; the next year follows what is printed."""
    numbers = next_year(rng, year, size, last, steady=place == 5 and year == 2021)
    if place >= 0:
        numbers = _plant(series, place, agency, year, numbers)
    series.numbers[agency, year] = numbers
    return numbers


def _plant(series: Series, place: int, agency: str, year: int, numbers: Numbers) -> Numbers:
    """Plant what belongs to a place and a year, and note it."""
    edition = edition_of(year)

    def note(check: str, *codes_: str) -> None:
        series.planted += [Planted(check.format(c=c.rsplit(".", 1)[-1]), agency, year, c) for c in codes_]

    carried = {
        column: f"requests.carried_in.{column}"
        for column in ("natural_person", "business", "legal_service", "total")
    }
    if (place, year) in {(0, 2020), (1, 2021), (2, 2022)}:
        shift_requests(numbers, edition, {"natural_person": 3})
        note("across.carried.{c}", carried["natural_person"], carried["total"])
    elif (place, year) == (3, 2022):  # the total is right, the columns are not
        low = "legal_service" if numbers[carried["legal_service"]] >= 2 else "natural_person"
        shift_requests(numbers, edition, {"business": 2, low: -2})
        note("across.carried.{c}", carried["business"], carried[low])
    elif (place, year) in {(4, 2022), (17, 2022)}:
        numbers["proactive.normative_documents.in_force"] += 7
        note("across.in_force.normative_documents", "proactive.normative_documents.in_force")
    elif (place, year) == (5, 2022):
        numbers = dict(series.numbers[agency, 2021])
        series.planted.append(Planted("across.same_numbers", agency, year))
    elif (place, year) in {(6, 2020), (20, 2020)}:
        kind = "licensing" if place == 6 else "fees"
        numbers[f"proactive.{kind}.items_last_year"] += 4
        note(f"across.items.{kind}", f"proactive.{kind}.items_last_year")
    elif (place, year) in {(7, 2022), (21, 2022)}:
        code = "proactive.licensing.decisions" if place == 7 else "proactive.fees.amount"
        numbers[code] *= 20 if place == 7 else 10_000
        note("across.jump", code)
    elif (place, year) == (9, 2019):
        twin = next(a for (a, y) in series.numbers if y == year and a.endswith(p.BUREAUS[8]) and a != agency)
        numbers = dict(series.numbers[twin, year])
        first, second = sorted((agency, twin), reverse=True)
        series.planted.append(Planted("across.same_elsewhere", first, year, "", second))
    elif (place, year) in {(10, 2021), (22, 2020)}:
        old = dict(numbers)
        old["proactive.penalties.decisions"] += 11
        old["review.upheld"], old["review.total"] = old["review.upheld"] + 1, old["review.total"] + 1
        series.older[agency, year] = old
        note("across.version", "proactive.penalties.decisions", "review.upheld", "review.total")
    return numbers


def _plant_parts(series: Series, counted: str, uncounted: tuple[str, list[str], list[str]]) -> None:
    """Make wholes that are not the sum of their parts, and wholes of which nothing can be said."""
    numbers = series.numbers[counted, 2021]
    numbers["proactive.licensing.decisions"] += 9
    series.planted.append(Planted("across.parts", counted, 2021, "proactive.licensing.decisions"))
    numbers = series.numbers[counted, 2022]
    for row in ("new", "granted", "results_total"):
        numbers[f"requests.{row}.natural_person"] -= 6
        numbers[f"requests.{row}.total"] -= 6
    series.planted += [Planted("across.parts", counted, 2022, code) for code in PARTS_CODES]
    government, parts, _ = uncounted
    series.numbers[government, 2022]["proactive.penalties.decisions"] += (
        13  # a part that the archive lacks may have them
    )
    series.cannot_tell.append(Planted("across.parts", government, 2022, "proactive.penalties.decisions"))
    series.numbers[government, 2021]["proactive.coercion.decisions"] -= (
        5  # but less than its parts have, it cannot have
    )
    series.planted.append(Planted("across.parts", government, 2021, "proactive.coercion.decisions"))
    series.unpublished.add((parts[3], 2019))
    series.cannot_tell.append(Planted("across.parts", government, 2019, "requests.new.total"))


def _plant_text(series: Series, departments: list[str]) -> None:
    """Let reports repeat their own last year's text, or another agency's."""
    for place, year in ((11, 2022), (23, 2021)):
        agency = departments[place]
        series.text[agency, year] = copy.deepcopy(series.text[agency, year - 1])
        series.planted.append(Planted("across.same_text", agency, year))
        series.reused.append(Planted("own_last_year", agency, year, "", agency))
    for place, other, year in ((12, 28, 2020), (13, 29, 2022), (14, 30, 2021)):
        agency, source = departments[place], departments[other]
        series.text[agency, year][1] = list(series.text[source, year][1])
        series.reused += [
            Planted("other_agency", agency, year, "", source),
            Planted("other_agency", source, year, "", agency),
        ]
    agency = departments[15]
    series.text[agency, 2022][0] = list(series.text[agency, 2021][0])
    series.reused.append(Planted("own_last_year", agency, 2022, "", agency))


def write_series(seed: int, folder: Path) -> Series:
    """Write the archive's files into `files/` and the known list into `planted.csv` of a folder."""
    series = make_series(seed)
    same_text = {(x.agency, x.year) for x in series.planted if x.check == "across.same_text"}
    for number, (agency, year) in enumerate(sorted(series.numbers)):
        if (agency, year) in series.unpublished:
            continue
        # a report that repeats last year's text is built from the same seed
        seeds = f"{seed}/{agency}/{year - 1 if (agency, year) in same_text else year}"
        newest, old = series.numbers[agency, year], series.older.get((agency, year))
        _write(folder, series, agency, year, newest, seeds, _SHAPES[number % len(_SHAPES)], old is not None)
        if old:
            _write(folder, series, agency, year, old, seeds, "txt", False, name="（旧版）")
            series.planted += _texts_that_differ(series, agency, year, seeds)
    with (folder / "planted.csv").open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("list", "check", "agency", "year", "code", "other"))
        for name in ("planted", "cannot_tell", "reused"):
            rows.writerows(
                (name, x.check, x.agency, x.year, x.code, x.other) for x in sorted(getattr(series, name))
            )
    return series


def _texts_that_differ(series: Series, agency: str, year: int, seeds: str) -> list[Planted]:
    """Return the sections in which an older version differs: its title, and the text where it states other numbers."""
    versions = (series.numbers[agency, year], series.older[agency, year])
    new, old = (_report(series, agency, year, numbers, seeds).words for numbers in versions)
    pairs = zip(new.sections, old.sections, strict=True)
    differ = [0, *(a.number for a, b in pairs if a.before != b.before)]
    return [Planted("across.version", agency, year, f"section.{number}") for number in differ]


def _write(
    folder: Path,
    series: Series,
    agency: str,
    year: int,
    numbers: Numbers,
    seeds: str,
    shape: str,
    corrected: bool,
    name: str = "",
) -> None:
    report = _report(series, agency, year, numbers, seeds)
    if corrected:
        report.words.title = report.words.title.replace("报告", "报告（更正）")
    target = folder / "files" / str(year)
    target.mkdir(parents=True, exist_ok=True)
    stem = f"{agency}{year}{'（更正）' if corrected else name}"
    for file, data in WRITERS[shape](report, stem, Random(seeds)).items():
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_bytes(data)


def _report(series: Series, agency: str, year: int, numbers: Numbers, seeds: str) -> Report:
    rng, edition = Random(seeds), edition_of(year)
    words = make_words(rng, agency, year, numbers, plain=True)
    own = series.text[agency, year]
    words.sections[0].before += own[0]
    words.sections[4].before += own[1]
    if agency == "槐浦市人民政府":
        words.head.append(
            "本报告数据由4个县（区）政府和9个市政府部门的数据汇总而成，统计口径包括上述各单位。"
        )
    elif agency == "砚湖市人民政府":
        words.head.append("本报告统计数据涵盖各县（市、区）政府和市政府各部门。")
    cells = print_cells(rng, edition, numbers, Style())
    return Report(edition, words, cells, make_tables(edition, cells, official()), len(codes(edition)))
