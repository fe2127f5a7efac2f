"""Is this an annual report at all? Notices, blank forms, explanations and budgets speak of the same things."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.head import Head, find_title
from extract.labels import standard
from extract.mapping import Mapping
from extract.numbers import parse
from extract.sections import Section

_OTHER_KINDS = (
    (
        re.compile(r"(?:关于|的)?(?:做好|开展|报送|编制|印发|发布|修订).{0,40}(?:通知|函|意见|办法)$"),
        "a notice 通知",
    ),
    (re.compile(r"通知$|的函$"), "a notice 通知"),
    (re.compile(r"解读|问答|图解|一图读懂|说明$"), "an explanation 解读"),
    (re.compile(r"决算|预算"), "a budget 预决算"),
    (re.compile(r"指南$|目录$|规定$|制度$"), "a guide or rule 指南/制度"),
    (re.compile(r"半年|上半年|季度|月报"), "a report on part of a year 半年/季度"),
    (re.compile(r"网站工作年度报表|网站.{0,8}年度报表"), "a website report 网站年度报表"),
    (re.compile(r"模板|样表|格式$|填报说明|\(空表\)"), "a blank form 格式/模板"),
)
_REPORT = re.compile(r"信息公开.{0,12}(?:报告|年报)|年度报告")


def why_no_report(sections: Sequence[Section], head: Head, mapping: Mapping, meta: dict[str, str]) -> str:
    """Return why a document is no annual report, as a phrase for the problem's detail, or "" for a report.

    Its title says what it is; without a telling title, sections and tables do.
    """
    lines = [standard(line) for line in sections[0].text.splitlines() if line.strip()][:8] if sections else []
    titles = [t for t in (*_joined(lines), standard(meta.get("title", ""))) if 4 <= len(t) <= 90]
    numbers = sum(1 for p in mapping.placed.values() if parse(p.cell.text).kind == "number")
    named = {s.number for s in sections if s.number}
    other = _other_kind(titles)
    if other and not (numbers and len(named) >= 4 and not other.startswith("a blank")):
        return other
    if mapping.placed and not numbers and not head.year and not _prose(sections):
        return "a blank form 空白表格"
    if numbers or mapping.placed or len(named) >= 3:
        return ""
    reported = find_title(lines) is not None or any(_REPORT.search(t) for t in titles)
    if reported and (named or _prose(sections)):
        return ""
    return "neither its title nor its tables nor its sections are those of a report"


def _joined(lines: Sequence[str]) -> list[str]:
    """Titles may run over two or three lines."""
    return [*lines[:4], "".join(lines[:2]), "".join(lines[:3])]


def _other_kind(titles: Sequence[str]) -> str:
    for pattern, name in _OTHER_KINDS:
        if any(pattern.search(title) for title in titles):
            return name
    return ""


def _prose(sections: Sequence[Section]) -> bool:
    """Tell whether anyone wrote anything: a blank form has headings and tables only."""
    return sum(len(s.text) for s in sections if s.number) > 150
