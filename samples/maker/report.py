"""An invented report as plain data, ready for any writer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from .printing import Style, Truth, print_cells, random_style
from .sheet import SheetLook, random_sheet, sheet
from .statistics import make_statistics, plant_statistics_error
from .tables import Grid, Wording, make_tables, official, random_wording
from .values import SCALES, codes, make_numbers, plant_error
from .words import Section, Words, make_agency, make_words

TABLE_OF_SECTION = {2: "proactive", 3: "requests", 4: "review_and_litigation", 6: "statistics"}
_FIRST_YEAR = {"2021": 2021, "2019": 2019, "2014": 2014}
_LAST_YEAR = {"2021": 2025, "2019": 2020, "2014": 2018}


@dataclass
class Report:
    """Text, tables and truth of one report; `seed` makes writers' own choices repeatable."""

    edition: str
    words: Words
    cells: dict[str, Truth]
    tables: dict[str, list[Grid]]
    seed: int

    def rng(self, purpose: str) -> Random:
        """Return a generator for one purpose, the same in every run."""
        return Random(f"{self.seed}/{purpose}")


@dataclass(frozen=True)
class Wish:
    """What a report should be like; None leaves the choice to the seed."""

    edition: str | None = None
    year: int | None = None
    agency: str | None = None
    scale: str | None = None
    style: Style | None = None
    wording: Wording | None = None
    error: str | None = None
    """A kind of `values.plant_error` or `statistics.plant_statistics_error`, or `none`."""
    errors: float = 0.12
    """Share of reports whose publisher made an error, where `error` leaves it open."""
    sheet: SheetLook | None = None
    """Layout of the statistics sheet of edition 2014."""
    drop: tuple[str, ...] = ()
    """Beginnings of codes whose cells are left out of the page."""
    plain: bool = False
    """Official wording, official headings, one-line title."""


def make_report(seed: int, wish: Wish | None = None) -> Report:
    """Return a report that follows `wish` and draws everything else from `seed`."""
    wish = wish or Wish()
    rng = Random(seed)
    edition = wish.edition or rng.choice(("2021", "2021", "2021", "2019"))
    year = wish.year or rng.randint(_FIRST_YEAR[edition], _LAST_YEAR[edition])
    scale = wish.scale or rng.choice(list(SCALES))
    numbers = make_statistics(rng, scale) if edition == "2014" else make_numbers(rng, edition, scale)
    style = wish.style or (Style() if wish.plain else random_style(rng, edition))
    words = make_words(rng, wish.agency or make_agency(rng), year, numbers, wish.plain)
    error = wish.error or (
        rng.choice(("off", "swap", "shift", "review")) if rng.random() < wish.errors else "none"
    )
    if error != "none" and style.totals == "printed":
        if edition == "2014":
            plant_statistics_error(rng, numbers, error)
        else:
            plant_error(rng, edition, numbers, error)
    if wish.drop:
        dropped = frozenset(c["code"] for c in codes(edition) if c["code"].startswith(wish.drop))
        style = replace(style, missing=dropped)
    cells = print_cells(rng, edition, numbers, style)
    if edition == "2014":
        look = wish.sheet or (SheetLook() if wish.plain else random_sheet(rng, year))
        words.sections[-1].before += [
            "附件：",
            *([] if look.title else ["政府信息公开情况统计表", f"（{year}年度）"]),
        ]
        return Report(edition, words, cells, {"statistics": [sheet(cells, look, rng, year)]}, seed)
    wording = wish.wording or (official() if wish.plain else random_wording(rng, style.amount == "yuan_head"))
    return Report(edition, words, cells, make_tables(edition, cells, wording), seed)


Part = tuple[str, object]


def flow(report: Report) -> Iterator[Part]:
    """Yield the parts in print order: (title | text | heading | grid | sign, content).

    A grid's content is a `Grid`, a heading's a `Section`, any other's a string.
    """
    for line in report.words.title.split("\n"):
        yield "title", line
    for text in report.words.head:
        yield "text", text
    for section in report.words.sections:
        yield "heading", section
        for text in section.before:
            yield "text", text
        for grid in grids_of(report, section):
            yield "grid", grid
    for line in report.words.signature:
        yield "sign", line


def grids_of(report: Report, section: Section) -> list[Grid]:
    """Return the tables that stand in a section."""
    name = TABLE_OF_SECTION.get(section.number)
    return report.tables.get(name, []) if name else []
