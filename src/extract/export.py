"""CSV files and their description from the store, streamed by DuckDB; safe to open in a spreadsheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from extract.errors import OutputError
from extract.form import EDITIONS, edition
from extract.form.crosswalk import variables
from extract.rows import Field, reader_version, schema
from extract.wide_panel import described as panel_columns
from extract.wide_panel import panel_values

_BOM = "\ufeff"
_FORMULA = r"^[=+\-@\t\r＝＋－＠]"
_HARMLESS = r"^[+\-＋－]?[0-9０-９][0-9０-９.,．，]*$|^[+\-＋－]$"
"""A lone sign and a signed number stay as they are: a spreadsheet shows them and runs nothing."""
_ORDER = {
    "reports": "agency, year, file", "sections": "report_id, number", "problems": "file, stage, kind, page, message",
    "facts": "report_id, section, start",
}  # fmt: skip


def export(connection: duckdb.DuckDBPyConnection, folder: Path, work: Path | None = None) -> None:
    """Write all CSVs and `datapackage.json` into a folder; each is there whole, or as it was. Raises OutputError.

    They are written in the folder `work` of the same disk first, where one is given.
    """
    connection.execute("SET enable_progress_bar = false")  # it would be drawn over what the command prints
    place = work or folder
    for name, fields in schema().items():
        _copy(connection, _select(name, fields), place / f"{name}.csv")
    codes = _codes()
    _copy(connection, _wide(codes, _cell_values(codes)), place / "wide.csv")
    _copy(connection, _wide(list(variables()), panel_values()), place / "wide_panel.csv")
    package = json.dumps(describe(codes), ensure_ascii=False, indent=1)
    path = place / "datapackage.json"
    try:
        path.write_text(package + "\n", encoding="utf-8")
    except OSError as error:
        raise _failed(path, error) from error
    if place != folder:
        _move(place, folder)


def _move(place: Path, folder: Path) -> None:
    """Put finished files in the place of older ones."""
    for path in sorted(place.iterdir()):
        if path.is_file():
            try:
                path.replace(folder / path.name)
            except OSError as error:
                raise _failed(folder / path.name, error) from error


def is_exported(folder: Path) -> bool:
    """Tell whether the files of an export are all there, as its own description lists them."""
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        return all((folder / resource["path"]).is_file() for resource in package["resources"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _copy(connection: duckdb.DuckDBPyConnection, select: str, path: Path) -> None:
    target = str(path).replace("'", "''")
    try:
        connection.execute(f"COPY ({select}) TO '{target}' (FORMAT csv, HEADER true)")
    except (duckdb.Error, OSError) as error:
        raise _failed(path, error) from error


def _failed(path: Path, error: Exception) -> OutputError:
    return OutputError(
        f"cannot write {path}: {error}; make room, close the programs that have it open, and run again"
    )


def _select(name: str, fields: tuple[Field, ...]) -> str:
    columns = [f"{_shown(f.field, f.type)} AS {_named(f.field, first=i == 0)}" for i, f in enumerate(fields)]
    if name in _ORDER:
        return f'SELECT {", ".join(columns)} FROM "{name}" ORDER BY {_ORDER[name]}'  # noqa: S608 - names of our own schema
    # in the order of the reports in the archive, whenever they were read; within a report as it was written
    return f"""SELECT {", ".join(columns)} FROM "{name}" LEFT JOIN journal.position USING (report_id)
        ORDER BY n, "{name}".rowid"""  # noqa: S608 - names of our own schema


def _named(field: str, *, first: bool) -> str:
    """Quote a column's name; the file's first one carries the byte order mark that Excel needs."""
    return f'"{_BOM if first else ""}{field}"'


def _shown(column: str, kind: str) -> str:
    """Return the SQL that prints a column: whole numbers without `.0`, no text that a spreadsheet would run."""
    if kind == "number":
        return f"""CASE WHEN "{column}" = trunc("{column}") AND abs("{column}") < 1e15
            THEN CAST(CAST("{column}" AS BIGINT) AS VARCHAR) ELSE CAST("{column}" AS VARCHAR) END"""
    if kind == "string":
        return f"""CASE WHEN regexp_matches("{column}", '{_FORMULA}') AND NOT regexp_matches("{column}", '{_HARMLESS}')
            THEN '''' || "{column}" ELSE nullif("{column}", '') END"""
    return f'"{column}"'


def _codes() -> list[str]:
    """Return the codes of all editions, the newest edition's first."""
    return list(dict.fromkeys(code for name in EDITIONS for code in edition(name).cells))


_WIDE_HEAD = ("report_id", "file", "agency", "region", "year", "edition", "published_on", "status")


def _cell_values(codes: list[str]) -> str:
    """Return the SQL of `filled` by report_id, a column per code."""
    picked = ", ".join(f"max(filled) FILTER (code = '{code}') AS \"{code}\"" for code in codes)
    return f"SELECT report_id, {picked} FROM cells GROUP BY report_id"  # noqa: S608 - names of our own schema


def _wide(columns: list[str], values: str) -> str:
    """Return the SQL of a row per report: what is known of it, then the columns that `values` gives by report_id."""
    head = [f for f in schema()["reports"] if f.field in _WIDE_HEAD]
    by_name = {f.field: f for f in head}
    shown = [
        f"{_shown(name, by_name[name].type)} AS {_named(name, first=i == 0)}"
        for i, name in enumerate(_WIDE_HEAD)
    ]
    shown += [f'{_shown(column, "number")} AS "{column}"' for column in columns]
    order = _ORDER["reports"]
    return f"""SELECT {", ".join(shown)} FROM reports LEFT JOIN ({values}) USING (report_id)
        ORDER BY {order}"""  # noqa: S608 - names of our own schema


def describe(codes: list[str]) -> dict[str, Any]:
    """Return the Frictionless Data Package descriptor of the CSVs."""
    resources = [
        _resource(name, [_described(f) for f in fields], fields) for name, fields in schema().items()
    ]
    known = {f.field: f for f in schema()["reports"]}
    cells = {code: cell for name in reversed(EDITIONS) for code, cell in edition(name).cells.items()}
    wide = [_described(known[name]) for name in _WIDE_HEAD]
    for code in codes:
        cell = cells[code]
        title = f"{cell.row_label} / {cell.column_label}"
        wide.append({"name": code, "type": "number", "title": title, "unit": cell.unit})
    resources.append(_resource("wide", wide, (known["report_id"],)))
    panel = [_described(known[name]) for name in _WIDE_HEAD] + panel_columns()
    resources.append(_resource("wide_panel", panel, (known["report_id"],)))
    return {
        "profile": "tabular-data-package",
        "name": "government-information-annual-reports",
        "title": "政府信息公开工作年度报告数据集",
        "created_by": f"gov-report-extract {reader_version()}",
        "resources": resources,
    }


def _resource(name: str, fields: list[dict[str, Any]], columns: tuple[Field, ...]) -> dict[str, Any]:
    key = [f.field for f in columns if f.key]
    described: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if key:
        described["primaryKey"] = key
    if name not in {"reports", "problems"}:
        reference = {"resource": "reports", "fields": ["report_id"]}
        described["foreignKeys"] = [{"fields": ["report_id"], "reference": reference}]
    return {
        "name": name, "path": f"{name}.csv", "profile": "tabular-data-resource", "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8-sig", "schema": described,
    }  # fmt: skip


def _described(field: Field) -> dict[str, Any]:
    described = {
        "name": field.field,
        "type": field.type,
        "title": field.title,
        "description": field.description,
    }
    if field.type == "boolean":
        described |= {"trueValues": ["true"], "falseValues": ["false"]}  # type: ignore[dict-item]
    return described
