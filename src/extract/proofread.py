"""What a proof-reader would mark in a report: telephone numbers, post codes and addresses of no possible form, doubled marks and words.

The patterns are data (`slips.csv`): what to look at, and for what is one thing the form that it must have.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files

from extract.checks import CheckResult
from extract.sections import Section

_AROUND = 20
"""Characters at both sides of a slip that are shown with it."""
_CUT = re.compile(r"\s+[0-9A-Za-z]")
Pattern = tuple[re.Pattern[str], re.Pattern[str] | None]


@cache
def _patterns() -> dict[str, list[Pattern]]:
    found: dict[str, list[Pattern]] = defaultdict(list)
    with files("extract").joinpath("slips.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            form = re.compile(row["well_formed"]) if row["well_formed"] else None
            found[row["check"]].append((re.compile(row["pattern"], re.IGNORECASE), form))
    return found


def proofread(sections: Sequence[Section]) -> tuple[CheckResult, ...]:
    """Return a check for each kind of thing: how many there are in the text, and how many of them are slips.

    For text as it was published only: what was recognised from a picture has slips of its own. A kind that is not there,
    such as a telephone number, gives no check. `left` counts slips, `right` is 0.
    """
    results = []
    for name, patterns in _patterns().items():
        seen, wrong = 0, []
        for section in sections:
            for pattern, form in patterns:
                for match in pattern.finditer(section.text):
                    if form and _CUT.match(section.text, match.end()):
                        continue  # a blank that the layout put into it: what is printed is not sure
                    seen += 1
                    if form is None or not form.fullmatch(_bare(match[1])):
                        wrong.append(section.text[max(match.start() - _AROUND, 0) : match.end() + _AROUND])
        if seen or all(form is None for _, form in patterns):
            results.append(_result(name, wrong))
    return tuple(results)


def _bare(text: str) -> str:
    """Return a number without what closes the sentence that it stands in."""
    text = text.strip("—－- ")
    return text if "(" in text or "（" in text else text.rstrip(")）—－- ")


def _result(name: str, wrong: Sequence[str]) -> CheckResult:
    count = Decimal(len(wrong))
    verdict = "doubtful" if wrong else "holds"
    sentence = wrong[0].replace("\n", " ") if wrong else ""
    return CheckResult(f"structure.{name}", "", "", count, Decimal(0), count, verdict, sentence)
