"""Numbers, percentages and dates in running text, with their units and how exactly they are stated."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from extract.facts.data import units
from extract.facts.types import Quantity

_HAN = {
    c: d
    for d, chars in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for c in chars
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 10**8,
    "万亿": 10**12,
}
_BEFORE = {"约": "about", "近": "about", "将近": "about", "大约": "about", "超": "at_least", "超过": "at_least",
           "逾": "at_least", "突破": "at_least", "至少": "at_least", "不少于": "at_least", "不足": "at_most"}  # fmt: skip
_AFTER = {
    "余": "at_least",
    "多": "at_least",
    "来": "about",
    "以上": "at_least",
    "左右": "about",
    "以内": "at_most",
}
_ARABIC = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_CHINESE = r"[零〇一二两三四五六七八九十百千]+"
_IDIOMS = "事|性|龙|步|刀|直|律|揽|方面|心|体|致|[也都][没未无]"
"""What follows `一件`, `一条`, `一次` … in set phrases that count nothing."""
_MOST_DIGITS = 15


@cache
def _pattern() -> re.Pattern[str]:
    unit = "|".join(re.escape(u) for u in sorted(units(), key=len, reverse=True))
    before = "|".join(sorted(_BEFORE, key=len, reverse=True))
    return re.compile(
        rf"(?P<before>{before})?(?:"
        rf"百分之(?P<percent>{_CHINESE}|{_ARABIC})(?P<fraction>点[{''.join(_HAN)}]+)?"
        rf"|(?<![\dA-Za-z.,\-/第〔])(?P<low>{_ARABIC})(?P<lowunit>万|亿|%)?(?:[-—–~～至到](?P<high>{_ARABIC}))?(?P<more>[余多来])?"
        rf"(?P<scale>万亿|百万|千万|[亿万千百])?(?P<more2>[余多])?(?P<unit>{unit})?(?P<after>以上|左右|以内)?"
        rf"|(?<![第之周期百千十零〇一二两三四五六七八九万无])(?<!没有)(?!一起)(?P<han>{_CHINESE})(?P<more3>[余多来])?(?P<hanscale>[万亿])?(?P<more4>[余多])?"
        rf"(?P<hanunit>{unit})(?!{_IDIOMS}))"
    )


_ALONE = re.compile(r"(?=[，。；、）\n”]|$)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?:年(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?|[-./](?P<m2>\d{1,2})[-./](?P<d2>\d{1,2})(?!\d))"
    r"|(?P<hy>二[〇零○О]{1}[〇零○一二三四五六七八九]{2})年(?P<hm>[一二三四五六七八九十]{1,2})月(?:(?P<hd>[一二三四五六七八九十]{1,3})日)?"
)


def find_quantities(text: str) -> list[Quantity]:
    """Return the numbers of a plain text in order: those with a known unit, and bare ones that end a clause.

    Years, dates, numbers of documents, articles and telephones are left out.
    """
    found = (_quantity(match) for match in _pattern().finditer(text))
    return [q for q in found if q is not None]


def _quantity(match: re.Match[str]) -> Quantity | None:
    g = match.groupdict()
    if g["percent"]:
        value = _number(g["percent"]) + _fraction(g["fraction"])
        return _made(match, value, "%", g, Decimal(1))
    if g["han"]:
        number, scale = han(g["han"]), Decimal(_SCALES[g["hanscale"] or ""])
        return None if number is None else _made(match, number * scale, g["hanunit"], g, scale)
    return _arabic(match, g)


def _arabic(match: re.Match[str], g: dict[str, str]) -> Quantity | None:
    digits, unit = g["low"].replace(",", ""), g["unit"] or ""
    if len(digits) > _MOST_DIGITS or (not unit and not _stands_alone(match, g)):
        return None
    scale = Decimal(_SCALES[g["scale"] or ""])
    low_scale = Decimal(_SCALES.get(g["lowunit"] or "", 1)) if g["lowunit"] in {"万", "亿"} else scale
    if not g["high"]:
        if g["lowunit"] == "%":
            unit = "%"
        scale = low_scale * (scale if g["lowunit"] in {"万", "亿"} else 1)
        low_scale = scale
    high = Decimal(g["high"].replace(",", "")) * scale if g["high"] else None
    step = low_scale * Decimal(1).scaleb(-len(digits.partition(".")[2]))
    value = Decimal(digits) * low_scale
    if high is not None and high < value:
        return None
    return _made(match, value, unit, g, step, high)


def _stands_alone(match: re.Match[str], g: dict[str, str]) -> bool:
    """A number without a unit counts where it ends a clause, unless it looks like a year, a telephone or a postcode."""
    if g["lowunit"] == "%":
        return True
    bare = not (
        g["scale"] or g["more"] or g["high"] or _YEAR.fullmatch(g["low"]) or g["low"].startswith("00")
    )
    return bare and len(g["low"]) <= 7 and bool(_ALONE.match(match.string, match.end()))


def _made(
    match: re.Match[str],
    value: Decimal,
    unit: str,
    g: dict[str, str],
    step: Decimal,
    high: Decimal | None = None,
) -> Quantity:
    known = units().get(unit)
    words = (
        _BEFORE.get(g["before"] or ""),
        *(_AFTER.get(g[k] or "") for k in ("more", "more2", "more3", "more4", "after")),
    )
    bound = "range" if high is not None else next((w for w in words if w), "exact")
    groups = known.groups if known else frozenset({"case", "bare"})
    return Quantity(match.start(), match.end(), value, known.base if known else "", groups, bound, high, step)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "")) if text[0].isdigit() else han(text) or Decimal(0)


def _fraction(text: str | None) -> Decimal:
    return Decimal("0." + "".join(str(_HAN[c]) for c in text[1:])) if text else Decimal(0)


def han(text: str) -> Decimal | None:
    """Return a number below 10,000 in Chinese (三十五, 一百零二, 二〇二四), or None where it is none."""
    if all(c in _HAN for c in text):
        return (
            Decimal("".join(str(_HAN[c]) for c in text))
            if len(text) != 2 or "零" in text or "〇" in text
            else None
        )
    total, digit = 0, 0
    for character in text:
        if character in _TENS:
            total += (digit or (0 if total and character == "十" else 1)) * _TENS[character]
            digit = 0
        else:
            digit = _HAN[character]
    return Decimal(total + digit)


def find_dates(text: str) -> list[tuple[int, int, str]]:
    """Return the dates of a plain text: (start, end, ISO date, or year and month where no day is given)."""
    found: list[tuple[int, int, str]] = []
    for match in _DATE.finditer(text):
        g = match.groupdict()
        if g["hy"]:
            parts = [
                "".join(str(_HAN.get(c, 0)) for c in g["hy"]),
                *(str(han(t)) for t in (g["hm"], g["hd"]) if t),
            ]
        else:
            parts = [t for t in (g["y"], g["m"] or g["m2"], g["d"] or g["d2"]) if t]
        year, month, *day = (int(p) for p in parts)
        if 1 <= month <= 12 and all(1 <= d <= 31 for d in day):
            found.append(
                (
                    match.start(),
                    match.end(),
                    "-".join([f"{year:04}", f"{month:02}", *(f"{d:02}" for d in day)]),
                )
            )
    return found
