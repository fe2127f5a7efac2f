"""Two versions of one report: both are kept, the newest counts, and here is what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from extract.dataset import Dataset

_CELLS = """SELECT p.*, c.code, d.filled AS "left", c.filled AS "right"
    FROM pairs p JOIN cells c ON c.report_id = p.report_id
    JOIN cells d ON d.report_id = p.other_report_id AND d.code = c.code
    WHERE c.filled IS DISTINCT FROM d.filled"""
_SECTIONS = """SELECT p.*, 'section.' || s.number AS code, NULL::DOUBLE AS "left", NULL::DOUBLE AS "right"
    FROM pairs p JOIN sections s ON s.report_id = p.report_id
    JOIN sections t ON t.report_id = p.other_report_id AND t.number = s.number WHERE s.text <> t.text"""


def versions(dataset: Dataset) -> pd.DataFrame:
    """Return the cells and sections in which an older version of a report differs from the one that counts.

    A version without any difference has one row without a code, with the verdict `holds`.
    """
    reports = dataset.reports
    known = reports[(reports["agency"] != "") & reports["year"].notna()]
    newest = known.loc[known["counts"], ["agency", "year", "report_id"]]
    older = known.loc[~known["counts"], ["agency", "year", "report_id"]].rename(
        columns={"report_id": "other_report_id"}
    )
    pairs = newest.merge(older, on=["agency", "year"]).astype({"year": "int64"})
    if pairs.empty:
        return pd.DataFrame()
    dataset.connection.register("pairs", pairs)
    found = dataset.connection.execute(f"{_CELLS} UNION ALL {_SECTIONS}").df()
    dataset.connection.unregister("pairs")
    found["difference"] = found["left"] - found["right"]
    found = found.assign(check="across.version", verdict="notable")
    text = found["code"].str.startswith("section.")
    found.loc[text, "message"] = (
        "The text of section " + found["code"].str.removeprefix("section.") + " differs."
    )
    found.loc[text, "message_zh"] = "第" + found["code"].str.removeprefix("section.") + "部分文字不同。"
    same = pairs[~pairs["other_report_id"].isin(found["other_report_id"])]
    return pd.concat(
        [found, same.assign(check="across.version", verdict="holds", code="")], ignore_index=True
    )
