"""Rows of the dataset as Arrow tables: what a worker hands back, what a Parquet part holds, what the store takes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from extract.rows import Row, schema

TYPES = {
    "string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.string(),
}  # fmt: skip
Tables = Mapping[str, Any]
"""Tables of the dataset by name (`pyarrow.Table`); one without rows may be left out."""


def arrow(name: str, rows: Iterable[Row]) -> Any:
    """Return rows of a table of the dataset as a `pyarrow.Table`; dates stay ISO texts."""
    fields = schema()[name]
    columns: list[Any] = list(zip(*rows, strict=True)) or [()] * len(fields)
    named = {f.field: pa.array(column, TYPES[f.type]) for f, column in zip(fields, columns, strict=True)}
    return pa.table(named)


def tables_of(rows: Mapping[str, list[Row]]) -> Tables:
    """Return rows by table as Arrow tables."""
    return {name: arrow(name, table) for name, table in rows.items() if table}


def joined(parts: Iterable[Tables]) -> dict[str, Any]:
    """Put the tables of several results under one another."""
    found: dict[str, list[Any]] = {}
    for part in parts:
        for name, table in part.items():
            found.setdefault(name, []).append(table)
    return {name: pa.concat_tables(tables) for name, tables in found.items()}
