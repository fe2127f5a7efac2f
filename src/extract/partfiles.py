"""Results as Parquet files at any place: what workers of a cluster write, and the dataset is built from.

OUTPUT/parts/<id>/<table>.parquet   rows of some reports, with the key of the report in the column `report_key`
OUTPUT/parts/<id>/part.json         which reports these are and how they were read; written last: a part without it
                                    was not finished and does not count
OUTPUT/parts/manifest.json          the parts that make up the dataset, with their reports and rows
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extract.errors import OutputError
from extract.places import filesystem, joined
from extract.reading import Result
from extract.versions import reading

_UNIT = "report_key"
_FOLDER = "parts"


@dataclass(frozen=True, slots=True)
class Unit:
    """A report in a part: its key and content, the limits and the version it was read under, its counts."""

    key: str
    content: str
    limits: str
    fingerprint: str
    facts: dict[str, Any]


def part_id(keys: Sequence[str]) -> str:
    """Return the name of the part of some reports: the same whichever worker writes it."""
    return sha256("\n".join(keys).encode()).hexdigest()[:20]


def write_part(output: str, results: Sequence[tuple[str, str, Result]], limits: str) -> str:
    """Write results as a part; return its name. Raises OutputError."""
    name = part_id([key for key, _, _ in results])
    tables: dict[str, list[Any]] = {}
    units = []
    for key, content, result in results:
        for table, rows in result.tables.items():
            column = pa.array([key] * len(rows))
            tables.setdefault(table, []).append(rows.add_column(0, _UNIT, column))
        facts = asdict(replace(result, tables={}))
        units.append(asdict(Unit(key, content, limits, reading(result.kinds), facts)))
    for table, rows in tables.items():
        stream = io.BytesIO()
        pq.write_table(pa.concat_tables(rows), stream, compression="zstd")
        _put(joined(output, _FOLDER, name, f"{table}.parquet"), stream.getvalue())
    counts = {table: sum(map(len, rows)) for table, rows in tables.items()}
    _put(joined(output, _FOLDER, name, "part.json"), _json({"part": name, "units": units, "rows": counts}))
    return name


def read_part(output: str, name: str) -> Iterator[tuple[Unit, Result]]:
    """Read a part; yield its reports. Raises OutputError where it is not whole."""
    try:
        told = json.loads(_get(joined(output, _FOLDER, name, "part.json")))
        tables = {
            table: pq.ParquetFile(io.BytesIO(_get(joined(output, _FOLDER, name, f"{table}.parquet")))).read()
            for table in told["rows"]
        }
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise OutputError(
            f"{joined(output, _FOLDER, name)} cannot be read ({error}); remove it and run again"
        ) from error
    for unit in (Unit(**unit) for unit in told["units"]):
        own = {table: _of(rows, unit.key) for table, rows in tables.items()}
        facts = {field: _tuples(value) for field, value in unit.facts.items() if field != "tables"}
        yield unit, Result(**facts, tables={table: rows for table, rows in own.items() if len(rows)})


def finished_parts(output: str) -> dict[str, list[Unit]]:
    """Return the reports of each part that was written to its end."""
    files, path = filesystem(joined(output, _FOLDER))
    found: dict[str, list[Unit]] = {}
    for name in sorted(files.glob(f"{path.rstrip('/')}/*/part.json")):
        told = json.loads(bytes(files.cat_file(name)))
        found[told["part"]] = [Unit(**unit) for unit in told["units"]]
    return found


def write_manifest(output: str, wanted: set[str]) -> None:
    """List the parts that hold the reports of the dataset (their keys), and remove those that hold none any more."""
    files, path = filesystem(joined(output, _FOLDER))
    listed = []
    for name, units in finished_parts(output).items():
        keys = [unit.key for unit in units if unit.key in wanted]
        if keys:
            listed.append({"part": name, "reports": len(units), "in_dataset": len(keys)})
        else:
            files.rm(f"{path.rstrip('/')}/{name}", recursive=True)
    _put(joined(output, _FOLDER, "manifest.json"), _json({"parts": listed}))


def _of(rows: Any, key: str) -> Any:
    return rows.filter(pc.equal(rows.column(_UNIT), key)).drop_columns([_UNIT])


def _tuples(value: Any) -> Any:
    """Return what JSON made lists of as the tuples they were."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _put(place: str, data: bytes) -> None:
    files, path = filesystem(place)
    try:
        files.makedirs(path.rpartition("/")[0], exist_ok=True)
        files.pipe_file(path, data)
    except OSError as error:
        raise OutputError(f"cannot write {place}: {error}; make room or choose another -o") from error


def _get(place: str) -> bytes:
    files, path = filesystem(place)
    return bytes(files.cat_file(path))
