"""Dates and years as reports print them, to ISO form."""

from __future__ import annotations

import re
from datetime import date

from extract.labels import standard

_HAN = {
    c: d
    for d, chars in enumerate(("〇零○Ο0", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
    for c in chars
}
_ARABIC = re.compile(r"((?:19|20)\d{2})[年./-](\d{1,2})[月./-](\d{1,2})(?!\d)")
_CHINESE = re.compile(
    r"([二一][〇零○Ο0一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_DAY = r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日"
_PERIOD = re.compile(rf"(\d{{4}})年(\d{{1,2}})月(\d{{1,2}})日(?:起|开始)?(?:至|到|[-—–~]+|止){_DAY}")


def year_of(text: str) -> int | None:
    """Return the year that a text begins with (2024, 二〇二四), or None."""
    if re.match(r"(?:19|20)\d{2}", text):
        return int(text[:4])
    if len(text) >= 4 and all(c in _HAN for c in text[:4]):
        value = int("".join(str(_HAN[c]) for c in text[:4]))
        return value if 1990 <= value <= 2100 else None
    return None


def find_dates(text: str) -> list[str]:
    """Return all full dates of a text in ISO form, in order of their kind and place."""
    plain = standard(text)
    found = [_iso(int(y), int(m), int(d)) for y, m, d in _ARABIC.findall(plain)]
    found += [_iso(year_of(y) or 0, _han(m), _han(d)) for y, m, d in _CHINESE.findall(plain)]
    return [iso for iso in found if iso]


def period(text: str) -> tuple[str, str]:
    """Return start and end of the reporting period that a text states, or two empty texts."""
    match = _PERIOD.search(standard(text))
    if not match:
        return "", ""
    y, m, d, y2, m2, d2 = match.groups()
    return _iso(int(y), int(m), int(d)), _iso(int(y2 or y), int(m2), int(d2))


def _han(text: str) -> int:
    """Return a number below 100 in Chinese (十二, 二十, 三十一)."""
    tens, ten, ones = text.rpartition("十")
    return (_HAN.get(tens, 1) * 10 if ten else 0) + (_HAN.get(ones, 0) if ones else 0)


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""  # lost digits ("2018年11日", "1231日") make no date; the field stays empty
