"""The statistics sheet of 2014 to 2018 as publishers lay it out."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .printing import Truth
from .tables import Grid
from .values import codes


@dataclass(frozen=True)
class SheetLook:
    """How a sheet is laid out."""

    indicator: str = "统计指标"
    unit: str = "单位"
    value: str = "统计数"
    """Head of the column that fills the form."""
    stroke: str = "——"
    """What stands beside headings."""
    codes: str = ""
    """Head of a column of running numbers, or nothing for none; `padded` numbers begin with 0."""
    padded: bool = True
    other: tuple[str, ...] = ()
    """Heads of further columns of numbers, on the right of the first."""
    first: bool = True
    """Whether the first column of numbers fills the form; else it stands on the right of the others."""
    notes: bool = True
    """Whether notes in brackets stand with the labels."""
    indent: bool = True
    title: bool = False
    """Whether the sheet's title is its first row."""
    dropped: bool = False
    """Whether 其中： is left out."""


def random_sheet(rng: Random, year: int) -> SheetLook:
    """Return a layout as real sheets vary: mostly the official one."""
    other: tuple[str, ...] = rng.choice(
        ((), (), (), (), ("汇总",), ("历年累计",), ("上年",), ("区直", "乡镇"))
    )
    value = rng.choice(("统计数", "统计数", "统计数", "数量", f"{year}年", "本年度"))
    if other:
        value = {"汇总": "本级", "历年累计": f"{year}年度", "上年": "本年", "区直": "合计"}[other[0]]
    return SheetLook(
        indicator=rng.choice(("统计指标", "统计指标", "统 计 指 标", "指标名称")),
        unit=rng.choice(("单位", "单位", "单 位", "计量单位")),
        value=value,
        stroke=rng.choice(("——", "——", "—", "", "-")),
        codes=rng.choice(("", "", "", "代码", "序号")),
        padded=rng.random() < 0.6,
        other=other,
        first=rng.random() < 0.7,
        notes=rng.random() < 0.8,
        indent=rng.random() < 0.7,
        title=rng.random() < 0.15,
        dropped=rng.random() < 0.1,
    )


_HEADINGS = {
    "proactive.total": ("一、主动公开情况",),
    "proactive.via.gazette": ("（二）通过不同渠道和方式公开政府信息的情况",),
    "response.total": ("二、回应解读情况",),
    "response.press_conferences": ("（二）通过不同渠道和方式回应解读的情况",),
    "requests.received": ("三、依申请公开情况",),
    "capacity.offices": ("八、机构建设和保障经费情况",),
    "training.meetings": ("九、政府信息公开会议和培训情况",),
}
"""Headings without a number, by the indicator that they stand above."""


def sheet(cells: dict[str, Truth], look: SheetLook, rng: Random, year: int) -> Grid:
    """Return the sheet; `cells` are truths by code, of which `raw` is printed."""
    grid = Grid("statistics", _widths(look))
    row = 0
    if look.title:
        grid.add(0, 0, f"政府信息公开情况统计表（{year}年度）", cs=len(grid.widths))
        row = 1
    at = _columns(look)
    grid.add(row, 0, look.indicator)
    grid.add(row, at.unit, look.unit)
    if look.codes:
        grid.add(row, at.code, look.codes)
    for head, column in zip((look.value, *look.other), at.values, strict=True):
        grid.add(row, column, head)
    number = 0
    for indicator in codes("2014"):
        code = indicator["code"]
        truth = cells[code]
        if truth.status == "missing":
            continue
        for heading in _HEADINGS.get(code, ()):
            row += 1
            _heading(grid, row, heading, at, look)
        row += 1
        number += 1
        grid.add(row, 0, _label(indicator["row_label"], look))
        grid.add(row, at.unit, indicator["unit"])
        if look.codes:
            grid.add(row, at.code, f"{number:02d}" if look.padded else str(number))
        main, *others = at.values
        grid.add(row, main, truth.raw, code=code)
        for column in others:
            grid.add(row, column, str(rng.randint(0, 4000)))
    grid.cells.sort(key=lambda c: (c.row, c.column))
    return grid


@dataclass(frozen=True)
class _Columns:
    """Where each column stands; of the values the one that fills the form first."""

    unit: int
    code: int
    values: tuple[int, ...]


def _columns(look: SheetLook) -> _Columns:
    code = 1 if look.codes else 0
    start = 2 + code
    values = tuple(range(start, start + 1 + len(look.other)))
    return _Columns(1 + code, 1, values if look.first else (values[-1], *values[:-1]))


def _widths(look: SheetLook) -> list[float]:
    return [4.6] + [0.6] * bool(look.codes) + [0.8] + [1.2] * (1 + len(look.other))


def _heading(grid: Grid, row: int, text: str, at: _Columns, look: SheetLook) -> None:
    grid.add(row, 0, text)
    for column in range(1, len(grid.widths)):
        grid.add(row, column, "" if look.codes and column == at.code else look.stroke)


def _label(path: str, look: SheetLook) -> str:
    """Return a label as printed: its leaf, with its note on a line of its own, moved in by its depth."""
    *groups, leaf = path.split(" / ")
    if not look.notes and "（" in leaf[1:]:
        leaf = leaf[: leaf.index("（", 1)]
    elif "（" in leaf[1:]:
        leaf = leaf[: leaf.index("（", 1)] + "\n" + leaf[leaf.index("（", 1) :]
    if look.dropped:
        leaf = leaf.removeprefix("其中：")
    return "　" * (len(groups) if look.indent else 0) + leaf
