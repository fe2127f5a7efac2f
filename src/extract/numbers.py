"""Numbers as reports print them: digits of any width, signs, separators, units, and the ways to print none.

Pure functions of a string. Sources: the styles seen in published reports (0, blank, `/`, `-`, `无`, `0件`,
`+2`, `减2`, `1,288`, `43.788万元`, `251000元`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

BLANKS = frozenset({"", "无", "無", "没有", "空", "N/A", "n/a", "NA", "-无-"})
"""Texts that say "none": the form leaves a cell blank, or its publisher puts a stroke or 无."""

_SPACES = re.compile(r"[\s\u3000\u200b\ufeff\u00ad]+")
_DASHES = str.maketrans("—―–−﹣‐‑＋﹢", "-------++")
_SIGN_WORDS = (("新增", "+"), ("增加", "+"), ("减少", "-"), ("增", "+"), ("减", "-"), ("減", "-"))
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?(?:(?P<unit>万元|亿元|元)|(?P<scale>万|亿)?(?:件|条|项|个|人次|批次|次|宗|人|篇|份|处|期|场|册)?)"
)
_NOTE = re.compile(r"\([^()]*\)")
_MOST_DIGITS = 15
"""Longer figures are no counts and no amounts: two numbers run together, or a stamp misread."""
_FACTORS = {"万元": Decimal(1), "元": Decimal("0.0001"), "亿元": Decimal(10000)}
_SCALES = {"万": Decimal(10000), "亿": Decimal(100_000_000)}


@dataclass(frozen=True, slots=True)
class Number:
    """What a cell's text says: `value` (None for none), the money unit it states, and whether it is readable.

    `kind` is `number`, `none` (blank or a placeholder), or `unreadable`; `unit` is 万元, 元, 亿元 or empty.
    `note` is true where something stood beside the number, such as a remark in brackets.
    """

    kind: str
    value: Decimal | None = None
    unit: str = ""
    note: bool = False


@lru_cache(maxsize=20_000)
def tidy(text: str) -> str:
    """Half-width digits and signs, one kind of dash, no blanks."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)


@lru_cache(maxsize=20_000)
def parse(text: str) -> Number:
    """Read the text of a value cell. Amounts keep the unit they are printed in; see `in_wan`."""
    plain = tidy(text)
    if plain in BLANKS or not plain.strip("-/_\\"):
        return Number("none")
    for word, sign in _SIGN_WORDS:
        if plain.startswith(word):
            plain = sign + plain.removeprefix(word)
            break
    bare = _NOTE.sub("", plain)
    match = _NUMBER.fullmatch(bare.replace("，", ","))
    if match is None or sum(c.isdigit() for c in bare) > _MOST_DIGITS:
        return Number("unreadable")
    value = Decimal(f"{match['sign']}{match['digits'].replace(',', '')}{match['fraction'] or ''}")
    value *= _SCALES.get(match["scale"], Decimal(1))
    return Number("number", value, match["unit"] or "", note=bare != plain)


@lru_cache(maxsize=20_000)
def is_value(text: str) -> bool:
    """True where the text is a number or a placeholder for none, not where it is blank or a label."""
    plain = tidy(text)
    return bool(plain) and parse(text).kind != "unreadable"


def in_wan(value: Decimal, unit: str) -> Decimal:
    """Return an amount in 万元. Raises KeyError for a unit that is no unit of money."""
    return value * _FACTORS[unit]


def money_unit(head: str) -> str:
    """Return the unit of money that a label states (`（单位：万元）`), or an empty text."""
    found = re.search(r"(亿元|万元|元)", tidy(head))
    return found[1] if found else ""


def plain(value: Decimal) -> int | float:
    """Return the number as int where it is whole, else as float, for frames and exports."""
    return int(value) if value == value.to_integral_value() else float(value)
