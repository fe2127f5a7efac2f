"""The head of a report: agency, year, title, dates and contact data, from title, text, metadata or file name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from extract.dates import find_dates, period, year_of
from extract.labels import standard
from extract.sections import Section

_YEAR = r"(?:(?P<y>(?:19|20)\d{2})|(?P<h>[二〇零○Ο0][〇零○Ο0一二三四五六七八九]{3}))(?:[-—至]+(?:20)?\d{2,4})?(?:学年度|学年|年度|年)?"
_SUBJECT = r"(?:本级)?(?:政府|政务|校务|院务)?信息公开(?:工作)?(?:情况)?(?:的)?(?:年度)?(?:工作)?(?:年度)?(?:总结)?(?:报告|年报)"
_TITLE = re.compile(rf"(?P<a>[^。；;:：,，>]{{0,40}}?){_YEAR}(?P<b>[^。；;:：,，]{{0,40}}?){_SUBJECT}")
_YEAR_LAST = re.compile(rf"(?P<a>[^。；;:：,，>]{{2,40}}?){_SUBJECT}\(?{_YEAR}\)?$")
_YEARLESS = re.compile(rf"(?<![>»])(?P<a>[^。；;:：,，>]{{2,40}}?){_SUBJECT}$")
_ORGAN = re.compile(
    r"[^\d\s,，。;；:：、（）()《》]{2,30}?(?:人民政府(?:办公[厅室])?|委员会|管理局|分局|局|办事处|办公[厅室]|中心|委|厅|院|大学|学院|学校|海关|街道|镇|乡|公司|站|所|支队|总队|部|处)"
)
_CRUMBS = re.compile(
    r"当前位置|^首页[>»]"
)  # the way through a site to its page, which names the kind of the page too
_NUMBERED = re.compile(r"^(?!(?:19|20)\d{2}(?!\d))\d+[-_.、\s]+")  # a running number before a file's name
_TRIM = re.compile(
    r"^(?:现?(?:公布|发布|公开|编制|将)|现|关于|《|【|\d+[.、])+|(?:关于|的|《|编制|发布|公布|年度|度|\(本级\))+$"
)

_YEAR_ON = re.compile(r"(?:19|20)\d{2}.*$")
_FEW = 8
"""Of so many characters of an agency's name one may be misread."""
_TELLING = frozenset("一二三四五六七八九十东西南北中上下前后内外省市区县镇乡0123456789")
"""Characters that tell one agency from another: a name that differs in one of these is another name."""


@dataclass(frozen=True, slots=True)
class Head:
    """Who reports on what; every field is an empty text (year: None) where it could not be told."""

    agency: str = ""
    year: int | None = None
    title: str = ""
    region: str = ""
    published_on: str = ""
    period_start: str = ""
    period_end: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart; `year` is None where it states none."""

    text: str
    agency: str
    year: int | None


def read_head(
    sections: Sequence[Section], meta: dict[str, str], file: str, *, recognised: bool = False
) -> Head:
    """Read the head. Title first; then the page's metadata, the signature, the text, and last the file's name.

    Where the text was `recognised` in a picture, a file's name that differs from it in a rare character or two has it right.
    """
    lines = [line for line in sections[0].text.splitlines() if line.strip()] if sections else []
    body = [line for section in sections for line in section.text.splitlines() if line.strip()]
    stem = PurePosixPath(file.rsplit("!", 1)[-1])
    named = [find_title([_NUMBERED.sub("", name)]) for name in (stem.stem, stem.parent.name)]
    titles = [t for t in (find_title(lines[:15]), find_title([meta.get("title", "")]), *named) if t]
    start, end = period("\n".join(body))
    year = next((t.year for t in titles if t.year), None) or year_of(start)
    agency = next((t.agency for t in titles if t.agency), "") or _agency(meta, body)
    title = titles[0].text if titles else (lines[0].strip() if lines else "")
    if recognised:
        typed = [*(t.agency for t in named if t), _YEAR_ON.sub("", _NUMBERED.sub("", stem.stem))]
        read, agency = agency, next((name for name in map(standard, typed) if _misread(agency, name)), agency)
        title = title.replace(read, agency) if read else title
    contact = "\n".join(lines)
    return Head(
        agency=agency,
        year=year,
        title=title,
        region=region(agency),
        published_on=_published(meta, lines, body, year),
        period_start=start,
        period_end=end,
        **_contact(contact if _POSTCODE.search(contact) or _PHONE.search(contact) else "\n".join(body)),
    )


def _misread(read: str, typed: str) -> bool:
    """Tell a name that was recognised in a picture from the same name, typed, by a few characters that say nothing by themselves."""
    if not read or len(read) != len(typed):
        return False
    other = [pair for pair in zip(read, typed, strict=True) if pair[0] != pair[1]]
    return 0 < len(other) <= max(1, len(typed) // _FEW) and not _TELLING.intersection(
        "".join(map("".join, other))
    )


def find_title(lines: Sequence[str]) -> Title | None:
    """Find the report's title in the first lines; it may be split over up to three of them."""
    plain = [text for line in lines if not _CRUMBS.search(text := standard(line))]
    for pattern in (_TITLE, _YEAR_LAST, _YEARLESS):
        for i in range(len(plain)):
            for n in (1, 2, 3):
                text = "".join(plain[i : i + n])
                match = pattern.search(text) if len(text) <= 90 else None
                if match:
                    return _title(match)
    return None


def _title(match: re.Match[str]) -> Title:
    groups = match.groupdict()
    before, after = _trim(groups["a"]), _trim(groups.get("b") or "")
    year = year_of(groups.get("y") or groups.get("h") or "")
    return Title(match[0].lstrip("《"), before or after, year)


def _trim(text: str) -> str:
    previous = None
    while previous != text:
        previous, text = text, _TRIM.sub("", text)
    return text if len(text) > 1 else ""


def _agency(meta: dict[str, str], body: Sequence[str]) -> str:
    """Tell the agency where no title does: from metadata, the signature, or 由…编制."""
    if meta.get("agency"):
        return standard(meta["agency"])
    for line in reversed(body[-4:]):
        text = standard(line)
        found = _ORGAN.fullmatch(text)
        if found:
            return text
    for line in body[:6]:
        found = re.search(r"由([^,。;]{3,30}?)(?:编制|负责)", standard(line))
        if found:
            return found[1]
    return ""


def region(agency: str) -> str:
    """Return the administrative division that an agency's name begins with, or an empty text."""
    match = re.match(
        r"(?:[^省市县区]{2,6}(?:省|自治区))?(?:[^省市州盟县区]{1,8}?(?:市|自治州|州|盟|地区))?(?:[^市县区旗]{1,8}?(?:自治县|县|区(?!域)|旗|市(?!管理|建设|规划|运行|更新|场|容)))?(?:[^市县区镇乡]{1,6}?(?:镇|乡|街道))?",
        agency.removeprefix("国家税务总局").removeprefix("中华人民共和国"),
    )
    return match[0] if match else ""


def _published(meta: dict[str, str], lines: Sequence[str], body: Sequence[str], year: int | None) -> str:
    """Return the date of publication: metadata, a labelled date, or a date standing alone at the end or the top."""
    for text in (
        meta.get("published", ""),
        *(x for x in lines if re.search(r"(?:发布|公开|生成)(?:日期|时间)", x)),
    ):
        dates = find_dates(text)
        if dates:
            return dates[0]
    alone: Iterable[str] = [*reversed(body[-4:]), *lines[:6]]
    for line in alone:
        dates = find_dates(line)
        alone_there = dates and len(standard(line)) <= 40 and not re.search(r"[至到]|期限|统计", line)
        if alone_there and (year is None or int(dates[-1][:4]) >= year):
            return dates[-1]
    return ""


_POSTCODE = re.compile(r"(?:邮编|邮政编码)[:为是]?(\d{6})(?!\d)")
_PHONE = re.compile(
    r"(?:电话|联系方式|热线)(?:号码)?[:为是]?((?:\(?0\d{2,3}\)?[-—―–一]*)?\d{7,8}(?:转\d+|-\d{1,4})?|1\d{10}|12345|400-?\d{3}-?\d{4})"
)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_ADDRESS = re.compile(
    r"(?:通讯|通信|联系|办公)?地址[:为是]([^,;。()\n]{4,60}?)(?=[,;。()\n]|邮编|邮政编码|电话|联系|$)"
)
_WEBSITE = re.compile(r"(?:https?://|www\.)[A-Za-z0-9._~:/?#@!$&'*+=%-]+[A-Za-z0-9/]")


def _contact(text: str) -> dict[str, str]:
    """Read the contact data out of a text: address, postcode, phone, email, website."""
    plain = "\n".join(standard(line) for line in text.splitlines())
    unbroken = plain.replace("\n", "")

    def first(pattern: re.Pattern[str], group: int = 1) -> str:
        found = pattern.search(plain) or pattern.search(
            unbroken
        )  # a line's end may part a label from its number
        return found[group] if found else ""

    phone = re.sub(r"[-—―–一]+", "-", first(_PHONE)).strip("-")
    return {
        "address": first(_ADDRESS),
        "postcode": first(_POSTCODE),
        "phone": phone,
        "email": first(_EMAIL, 0),
        "website": first(_WEBSITE, 0),
    }
