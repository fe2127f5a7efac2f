"""What a report has to have: six sections in order, none of them empty, its own year and its own agency.

Rules of the format of 2021 (国办公开办函〔2021〕30号): six parts in a fixed order, none left out. A missing section may also
be one that was not recognised, so it is `doubtful`; what is printed plainly wrong is a `source_error`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files

from extract.checks import CheckResult
from extract.head import Head, region
from extract.labels import standard
from extract.sections import Section

_LEAST = {1: 20, 5: 10}
"""Characters without which a section says nothing; sections 2 to 4 are tables, and section 6 may say 无."""
_FEW = 2
_ORDINAL = re.compile(
    r"^(?:\d+\s+(?=[一二三四五六]))?[\s(]*(?:第?([一二三四五六七八九])[、.)部]|([㈠-㈥])|(\d)[、.．])"
)
_OPENER = re.compile(
    r"(?:^|[。\n])(?:\s*[（(]?[一二三四五六\d]{1,2}[）)、.．][^。\n]{2,16}。)?\s*(20\d\d)年(?:度|来|以来)?[，,](?!印发|制定|出台)"
)
_SIGNED = re.compile(
    r"[^\d,。;:、()《》]{3,30}(?:局|委员会|委|政府|政府办公室|政府办公厅|办事处|办公室|厅|院|中心|大学|学院|海关)"
)
_ASKED = re.compile(
    r"(?:请与|请联系|请向|可与|可向|由)(?P<who>[^,。;:、()《》\d]{4,30}?)(?:联系|反映|编制|负责解释|咨询)"
)
_LEVELS = (
    ("province", re.compile(r"^.{2,6}?(?:省|自治区)")),
    ("city", re.compile(r"(?:^|省|自治区)([^省市区县]{2,6}?(?:市|自治州|盟))")),
    ("county", re.compile(r"(?:^|市|州|盟)([^省市区县]{1,6}?(?:县|区|旗))")),
    ("town", re.compile(r"(?:^|市|县|区|旗)([^市区县旗]{1,6}?(?:镇|乡|街道))")),
)


def structure_checks(
    sections: Sequence[Section], head: Head, *, clear: bool = True
) -> tuple[CheckResult, ...]:
    """Return the checks of a report's build; none for a document with hardly any sections, such as tables alone."""
    found = [s for s in sections if s.number]
    if len(found) < _FEW:
        return ()
    results = [
        _present(found),
        *_order(found),
        *_empty(found, clear=clear),
        *_years(sections, head),
        *_agency(sections, head),
    ]
    return tuple(results)


def _check(
    name: str, left: object, right: object, verdict: str, sentence: str = "", says: str = ""
) -> CheckResult:
    a, b = (Decimal(str(x)) for x in (left, right))
    return CheckResult(f"structure.{name}", says, "", a, b, a - b, verdict, sentence)


def _present(found: Sequence[Section]) -> CheckResult:
    numbers = " ".join(str(s.number) for s in found)
    return _check(
        "sections", len(found), 6, "holds" if len(found) == 6 else "doubtful", says=f"sections {numbers}"
    )


def _order(found: Sequence[Section]) -> Iterator[CheckResult]:
    """Hold the printed numbers of the headings against the order of the form; headings without a number say nothing."""
    printed = [(s, n) for s in found if (n := printed_number(s.heading))]
    wrong = [s for s, n in printed if n != s.number]
    if len(printed) >= _FEW:
        says = "printed " + " ".join(str(n) for _, n in printed)
        verdict = "source_error" if wrong else "holds"
        heading = wrong[0].heading if wrong else ""
        yield _check("order", len(printed) - len(wrong), len(printed), verdict, heading, says)


def printed_number(heading: str) -> int:
    """Return the number printed before a heading (一、 is 1), or 0."""
    match = _ORDINAL.match(standard_but_enclosed(heading))
    if match is None:
        return 0
    if match[1]:
        return "一二三四五六七八九".index(match[1]) + 1
    return "㈠㈡㈢㈣㈤㈥".index(match[2]) + 1 if match[2] else int(match[3])


def standard_but_enclosed(text: str) -> str:
    """Half-width marks, with ㈠ and the blank after an outline number kept."""
    return text.strip().translate(str.maketrans("（）．", "().", "\u3000"))


def _empty(found: Sequence[Section], *, clear: bool) -> Iterator[CheckResult]:
    for section in found:
        least = _LEAST.get(section.number)
        if least is not None:
            length = len(standard(section.text).strip("。.、"))
            verdict = "holds" if length >= least else "source_error" if clear else "doubtful"
            yield _check(f"filled.{section.number}", length, least, verdict, section.text[:60])


def _years(sections: Sequence[Section], head: Head) -> Iterator[CheckResult]:
    """The period reported on, the date of publication and the years that paragraphs open with, against the title's year."""
    if not head.year:
        return
    if head.period_start:
        start, end = (int(t[:4]) for t in (head.period_start, head.period_end or head.period_start))
        verdict = "holds" if start <= head.year <= end else "source_error"
        yield _check(
            "year.period", start, head.year, verdict, says=f"{head.period_start} to {head.period_end}"
        )
    if head.published_on:
        year = int(head.published_on[:4])
        verdict = "holds" if year > head.year else "doubtful"
        yield _check("year.published", year, head.year + 1, verdict, says=head.published_on)
    years = [int(y) for s in sections if s.number in {1, 6} for y in _OPENER.findall(s.text)]
    near = [y for y in years if abs(y - head.year) == 1]
    if head.year in years or near:
        verdict = "holds" if head.year in years else "doubtful"
        yield _check("year.text", head.year if head.year in years else near[0], head.year, verdict)


def _agency(sections: Sequence[Section], head: Head) -> Iterator[CheckResult]:
    """Another agency's name where the report names its own, and words such as 我局 in a town's report."""
    if not head.agency:
        return
    named = [name for name in _own_names(sections) if not _related(name, head.agency)]
    selves = _foreign_selves(sections, head.agency)
    wrong = [*named, *selves]
    yield _check(
        "agency", len(wrong), 0, "doubtful" if wrong else "holds", "; ".join(wrong[:3]), says=head.agency
    )


def _own_names(sections: Sequence[Section]) -> Iterator[str]:
    """Agencies that are named as the one to ask or that signs."""
    opening = standard("\n".join(s.text for s in sections if s.number == 0)[:3000])
    for match in _ASKED.finditer(opening):
        if _SIGNED.fullmatch(match["who"]):
            yield match["who"]
    for line in sections[-1].text.splitlines()[-3:]:
        text = standard(line)
        if _SIGNED.fullmatch(text):
            yield text


def _related(name: str, agency: str) -> bool:
    """Tell whether two names may be of one agency: no level of their places differs, and one office is the other's.

    A name without a place (局办公室) is anyone's.
    """
    here, there = _places(agency), _places(name)
    if any(here[level] != there[level] for level in here.keys() & there.keys()):
        return False
    mine, other = (standard(t).removeprefix(region(t)) for t in (agency, name))
    bureaus = [re.findall(r"[\u4e00-\u9fff]{2,}?(?:局|委员会)", t) for t in (mine, other)]
    if not there or not all(bureaus):
        return True
    return mine in other or other in mine or bool(set(mine[:2]) & set(other[:2]))


def _places(name: str) -> dict[str, str]:
    """Return the places that a name begins with, by level."""
    text = region(standard(name))
    return {
        level: match[match.lastindex or 0] for level, pattern in _LEVELS if (match := pattern.search(text))
    }


@cache
def _selves() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    text = files("extract.form").joinpath("selves.csv").read_text(encoding="utf-8")
    return tuple(
        (re.compile(row["word"]), re.compile(row["other"])) for row in csv.DictReader(text.splitlines())
    )


def _foreign_selves(sections: Sequence[Section], agency: str) -> list[str]:
    text = "\n".join(s.text for s in sections)
    return [m[0] for word, other in _selves() if other.search(agency) and (m := word.search(text))]
