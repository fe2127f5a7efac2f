"""What an agency's name says: the divisions it stands under, its level, its kind. Wordings are data, in the CSVs beside.

槐浦市石砚县人民政府办公室      → 槐浦市 · 石砚县 · county · government_office
国家税务总局墨川市临湖区税务局  → 墨川市 · 临湖区 · county · tax
威海市公安局文登分局            → 威海市 · 文登 · county · public_security
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LEVELS = {
    "national": "国家",
    "province": "省级",
    "prefecture": "市级",
    "county": "县级",
    "town": "乡级",
    "": "未定",
}
"""Levels of government with their Chinese names, the highest first; empty where a name does not tell."""

_PREFIX = re.compile(r"^(?:国家税务总局|中华人民共和国|国家统计局|国家金融监督管理总局|中国人民银行)")
_PROVINCE = r"(?P<province>(?:北京|天津|上海|重庆)市|[^省市县区州]{2,3}省|[^省市县区州]{2,5}自治区)?"
_CITY = r"(?P<city>[^省市县区盟旗局厅委]{1,8}?(?:市|自治州|地区|盟|州(?![市区县])))?"
_COUNTY = r"(?P<county>[^市县区旗局厅委]{1,10}?(?:自治县|县|自治旗|旗|区(?![域划块位])|市(?![场政容区民管建规运城])))?"
_TOWN = r"(?P<town>[^市县区镇乡局厅委]{1,8}?(?:街道(?:办事处)?|镇|乡|苏木)(?=人民政府|办事处|$))?"
_NAME = re.compile(f"{_PROVINCE}{_CITY}{_COUNTY}{_TOWN}(?P<rest>.*)$")
_BRANCH = re.compile(r"(?:局|厅|委员会|总队|支队)(?P<area>[^局厅]{2,8}?)(?:分局|大队|管理处)$")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of agency: code, labels, and how it is told by which words.

    `match`: the name without its divisions `is`, `ends` with or `has` a word; `whole`: county and it have one; `town`: it is a town's.
    """

    kind: str
    zh: str
    en: str
    match: str
    words: tuple[str, ...]

    def fits(self, rest: str, county: str, town: str) -> bool:
        """Say whether a name, taken apart, is of this kind."""
        if self.match == "is":
            return rest in self.words and not town
        if self.match == "town":
            return bool(town) and rest in {"", "人民政府", "办事处"} and town.endswith(self.words)
        if self.match == "ends":
            return rest.endswith(self.words)
        text = county + rest if self.match == "whole" else rest
        return any(word in text for word in self.words)


@dataclass(frozen=True, slots=True)
class Name:
    """An agency's name taken apart; parts that it does not state are empty."""

    province: str
    city: str
    county: str
    town: str
    rest: str
    level: str
    kind: str

    @property
    def region(self) -> str:
        """The divisions one after the other, down to the one that the agency belongs to."""
        return self.province + self.city + self.county + self.town


def _rows(name: str) -> list[dict[str, str]]:
    return list(
        csv.DictReader(files("extract.agencies").joinpath(name).read_text(encoding="utf-8").splitlines())
    )


@cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of agencies, the first that fits counts."""
    return tuple(
        Kind(row["kind"], row["zh"], row["en"], row["match"], tuple(row["words"].split("|")))
        for row in _rows("kinds.csv")
    )


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"]), row["replacement"]) for row in _rows("names.csv"))


def spelled(agency: str) -> str:
    """Return a name in its full, standard spelling: half-width, without blanks, short forms written out."""
    name = "".join(unicodedata.normalize("NFKC", agency).split())
    for pattern, replacement in _spellings():
        name = pattern.sub(replacement, name)
    return name


def take_apart(agency: str) -> Name:
    """Take a name in standard spelling apart. What it does not say is left empty, never guessed."""
    match = _NAME.match(_PREFIX.sub("", agency))
    parts = {key: value or "" for key, value in match.groupdict().items()} if match else {"rest": agency}
    province, city, county, town = (parts.get(key, "") for key in ("province", "city", "county", "town"))
    rest = parts["rest"]
    branch = _BRANCH.search(rest)
    if branch and not county:
        county, rest = branch["area"], rest[: branch.start("area")]
    kind = next((k.kind for k in kinds() if k.fits(rest, county, town)), "other")
    level = next((name for name, part in zip(("town", "county", "prefecture", "province"),
                                             (town, county, city, province), strict=True) if part), "")  # fmt: skip
    return Name(province, city, county, town, rest, level, kind)
