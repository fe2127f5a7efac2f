"""The same numbers, or the same text, two years running or in two agencies' reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from extract.across.findings import limits

if TYPE_CHECKING:
    from extract.dataset import Dataset

_FINGERPRINTS = """SELECT report_id, count(*) AS cells, count_if(filled <> 0) AS live, count(DISTINCT filled) AS distinct_values,
    bit_xor(hash(code || '=' || filled)) AS fingerprint
    FROM cells WHERE filled IS NOT NULL AND NOT starts_with(code, 'extra.') GROUP BY report_id"""
_DIGITS = r"[\s\d]+|[〇零○一二三四五六七八九十]+[年月日]"
_TEXTS = f"""SELECT report_id, string_agg(regexp_replace(text, '{_DIGITS}', '', 'g'), '' ORDER BY number) AS words
    FROM sections WHERE number > 0 GROUP BY report_id"""  # noqa: S608 - words of our own


def same_numbers(dataset: Dataset) -> pd.DataFrame:
    """Return reports all of whose cells are last year's, where there is enough in them for that to be no chance."""
    return _numbers(dataset, "across.same_numbers", "a.agency = b.agency AND a.year = b.year + 1")


def same_elsewhere(dataset: Dataset) -> pd.DataFrame:
    """Return reports all of whose cells are those of another agency's report of the same year; each pair once."""
    return _numbers(dataset, "across.same_elsewhere", "a.agency > b.agency AND a.year = b.year")


def _numbers(dataset: Dataset, check: str, pairs: str) -> pd.DataFrame:
    limit = limits("same_numbers")[0]
    alike = _found(
        dataset,
        f"""WITH prints AS (SELECT c.*, f.* EXCLUDE (report_id) FROM counting c JOIN ({_FINGERPRINTS}) f USING (report_id)
            WHERE live >= {limit.minimum} AND distinct_values > {limit.factor})
        SELECT a.agency, a.year, '{check}' AS "check", 'notable' AS verdict, a.report_id, b.report_id AS other_report_id,
            a.cells::DOUBLE AS "right", b.agency AS other
        FROM prints a JOIN prints b ON a.fingerprint = b.fingerprint AND a.cells = b.cells AND a.edition = b.edition
        WHERE {pairs}""",  # noqa: S608 - words of our own
    )
    return alike[~alike["report_id"].isin(_unlike(dataset, alike))]


def _unlike(dataset: Dataset, alike: pd.DataFrame) -> list[str]:
    """Return the reports that differ in a cell after all: a fingerprint finds pairs, the cells themselves decide."""
    if alike.empty:
        return []
    dataset.connection.register("alike", alike[["report_id", "other_report_id"]])
    found = dataset.connection.execute(
        """WITH mine AS (SELECT a.*, c.code, c.filled FROM alike a JOIN cells c USING (report_id))
        SELECT DISTINCT m.report_id FROM mine m JOIN cells o ON o.report_id = m.other_report_id AND o.code = m.code
        WHERE m.filled IS DISTINCT FROM o.filled"""
    ).fetchall()
    dataset.connection.unregister("alike")
    return [identifier for (identifier,) in found]


def same_text(dataset: Dataset) -> pd.DataFrame:
    """Return reports whose text, but for digits and blanks, is last year's."""
    least = limits("same_text")[0].minimum
    return _found(
        dataset,
        f"""WITH texts AS (SELECT c.*, t.words FROM counting c JOIN ({_TEXTS}) t USING (report_id) WHERE length(words) >= {least})
        SELECT a.agency, a.year, 'across.same_text' AS "check", 'notable' AS verdict, a.report_id, b.report_id AS other_report_id,
            length(a.words)::DOUBLE AS "right", b.agency AS other
        FROM texts a JOIN texts b ON a.agency = b.agency AND a.year = b.year + 1 AND a.words = b.words""",  # noqa: S608
    )


def _found(dataset: Dataset, sql: str) -> pd.DataFrame:
    """Run a query that sees the reports that count as `counting`."""
    reports = dataset.reports
    counting = reports.loc[reports["counts"], ["report_id", "agency", "year", "edition"]]
    dataset.connection.register("counting", counting.astype({"year": "int64"}))
    try:
        return dataset.connection.execute(sql).df()
    finally:
        dataset.connection.unregister("counting")
