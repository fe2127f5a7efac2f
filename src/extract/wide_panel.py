"""`wide_panel.csv`: one row per report, one column per figure that can be compared over the editions of the form."""

from __future__ import annotations

from typing import Any

from extract.form import CELLS_OF, EDITIONS, LOCAL
from extract.form.crosswalk import Link, link, links, variables


def panel_values() -> str:
    """Return the SQL of the panel's values from `cells`: report_id, and a column per variable.

    A variable is empty where the edition lacks it, or where one of the cells it adds up is not known.
    """
    listed = ", ".join(f"'{name}'" for name in variables())
    rows = ", ".join(
        f"('{name}', '{found.variable}', '{code}', {len(found.codes)})"
        for name in (*EDITIONS, LOCAL)
        for found in links()
        if found.edition == CELLS_OF.get(name, name)
        for code in found.codes
    )
    summed = """SELECT report_id, variable, CASE WHEN count(filled) = any_value(parts) THEN sum(filled) END AS filled
        FROM cells JOIN crosswalk USING (edition, code) GROUP BY report_id, variable"""
    return f"""WITH crosswalk(edition, variable, code, parts) AS (VALUES {rows})
        PIVOT ({summed}) ON variable IN ({listed}) USING max(filled) GROUP BY report_id"""


def described() -> list[dict[str, Any]]:
    """Return the panel's columns for `datapackage.json`: in which editions, from which cells, and what to bear in mind."""
    return [
        {
            "name": name,
            "type": "number",
            "title": newest.title,
            "unit": newest.unit,
            "description": _description(name),
        }
        for name, newest in variables().items()
    ]


def _description(variable: str) -> str:
    found = [x for name in EDITIONS if (x := link(variable, name)) is not None]
    return "; ".join(_told(x) for x in found)


def _told(found: Link) -> str:
    reason = f" ({found.reason})" if found.reason else ""
    return f"{found.edition}: {' + '.join(found.codes)}{reason}"
