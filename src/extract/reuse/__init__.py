"""How much of a report's text stands in its own last year's, and in other agencies' reports, with the passages.

What stands in the reports of many agencies is the form's own language, not reuse, and is told apart. Reports that may share something
are found by MinHash, which does not look at every pair; what they share is then matched letter by letter. Digits, blanks and
punctuation do not count, nor does the agency's own name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from extract.reuse.candidates import common_form, nearest, within
from extract.reuse.passages import Passage, covered, form_letters, shared
from extract.reuse.shingles import Flags, Shingled, shingled

if TYPE_CHECKING:
    from extract.dataset import Dataset

COMMON_SHARE, COMMON_LEAST = 0.05, 5
"""A phrase that more than a twentieth of all agencies use, and more than five, is common form."""
REPORTS = ["report_id", "agency", "year", "letters", "common", "own_last_year", "others"]
"""One row per report that counts and has text: `letters` that count, and the shares of them that are common form, that stand in its
own last year's report, and in those of other agencies. NaN for `own_last_year` where that report is missing."""
PASSAGES = [
    "report_id", "agency", "year", "source", "other_report_id", "other_agency", "other_year", "section", "start", "end", "letters", "text",
]  # fmt: skip
"""One row per passage: `source` own_last_year or other_agency, `start` and `end` offsets in the section's text, `text` verbatim."""


@dataclass(frozen=True)
class Reuse:
    """What `reuse` gives: `reports`, columns `REPORTS`, and `passages`, columns `PASSAGES`."""

    reports: pd.DataFrame
    passages: pd.DataFrame


@dataclass(frozen=True)
class _Texts:
    """The texts of the reports that count: rows of `reports`, sections as (number, start in the joined text), and the joined text."""

    reports: pd.DataFrame
    sections: list[list[tuple[int, int]]]
    plain: list[str]


def reuse(dataset: Dataset) -> Reuse:
    """Return how much of each report's sections 1 to 6 is reused. Raises EnvironmentFault where the extra `reuse` is not installed."""
    texts = _load(dataset)
    agencies, years = texts.reports["agency"].tolist(), [int(year) for year in texts.reports["year"]]
    made = [shingled(text, name) for text, name in zip(texts.plain, texts.reports["titled"], strict=True)]
    form = common_form(made, agencies, COMMON_SHARE, COMMON_LEAST)
    common = [within(text.hashes, form) for text in made]
    forms = [form_letters(flags, len(text.kept)) for text, flags in zip(made, common, strict=True)]
    near = nearest(made, common, agencies, years)
    place = {key: i for i, key in enumerate(zip(agencies, years, strict=True))}
    rows: list[dict[str, Any]] = []
    passages: list[dict[str, Any]] = []
    for i, (agency, year) in enumerate(zip(agencies, years, strict=True)):
        last = place.get((agency, year - 1))
        pairs = [("own_last_year", last)] if last is not None else []
        pairs += [("other_agency", j) for j in near[i]]
        found = [(source, j, shared(made[i], forms[i], made[j])) for source, j in pairs]
        rows.append({"report_id": texts.reports["report_id"].iloc[i], "agency": agency, "year": year,
                     **_shares(forms[i], found, last is not None)})  # fmt: skip
        passages += [_told(texts, made, i, j, source, p) for source, j, ps in found for p in ps]
    return Reuse(pd.DataFrame(rows, columns=REPORTS), pd.DataFrame(passages, columns=PASSAGES))


def _load(dataset: Dataset) -> _Texts:
    """Read the texts, section after section, each on lines of its own."""
    reports = dataset.reports
    counting = reports.loc[reports["counts"], ["report_id", "agency", "titled", "year"]]
    sections = dataset.query(
        "SELECT report_id, number, text FROM sections WHERE number > 0 ORDER BY report_id, number"
    )
    by_report: dict[str, list[tuple[int, str]]] = {}
    for identifier, number, text in sections.itertuples(index=False):
        by_report.setdefault(str(identifier), []).append((int(number), str(text)))
    counting = counting[counting["report_id"].isin(by_report)].reset_index(drop=True)
    plain, starts = [], []
    for identifier in counting["report_id"]:
        parts = by_report[identifier]
        lengths = np.cumsum([0, *(len(text) + 1 for _, text in parts)])
        starts.append([(number, int(at)) for (number, _), at in zip(parts, lengths, strict=False)])
        plain.append("\n".join(text for _, text in parts))
    return _Texts(counting, starts, plain)


def _shares(
    form: Flags, found: Sequence[tuple[str, int, tuple[Passage, ...]]], has_last: bool
) -> dict[str, float]:
    length = len(form)
    own = [p for source, _, ps in found if source == "own_last_year" for p in ps]
    others = [p for source, _, ps in found if source == "other_agency" for p in ps]

    def share(flags: Flags) -> float:
        return float(np.count_nonzero(flags)) / length if length else float("nan")

    return {
        "letters": length, "common": share(form), "others": share(covered(tuple(others), length)),
        "own_last_year": share(covered(tuple(own), length)) if has_last else float("nan"),
    }  # fmt: skip


def _told(
    texts: _Texts, made: Sequence[Shingled], i: int, j: int, source: str, passage: Passage
) -> dict[str, Any]:
    """Return the row of a passage; one that runs over the end of a section counts to the section it begins in."""
    mine, other = texts.reports.iloc[i], texts.reports.iloc[j]
    start, end = int(made[i].places[passage.start]), int(made[i].places[passage.end - 1]) + 1
    section, offset = max((s for s in texts.sections[i] if s[1] <= start), key=lambda s: s[1])
    return {
        "report_id": mine["report_id"], "agency": mine["agency"], "year": mine["year"], "source": source,
        "other_report_id": other["report_id"], "other_agency": other["agency"], "other_year": other["year"],
        "section": section, "start": start - offset, "end": end - offset, "letters": passage.end - passage.start,
        "text": texts.plain[i][start:end],
    }  # fmt: skip
