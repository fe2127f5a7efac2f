"""The atlas written: data as scripts, a page per question, the chart library with its licence."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

import pandas as pd

from extract.across import across
from extract.across.findings import ASSESSED, title
from extract.atlas.collect import (
    agencies,
    agency_numbers,
    by_year,
    forms,
    measure_head,
    measure_values,
    overview,
    report_cells,
    words_of_registry,
)
from extract.atlas.errors import broken_sums, crops, quoted
from extract.dataset import Dataset
from extract.errors import OutputError
from extract.originals import Originals, known_archives
from extract.rows import reader_version
from extract.settings import Settings
from extract.web import script, words

PAGES = {
    "index": "overview",
    "agencies": "agencies",
    "agency": "agency",
    "measure": "measure",
    "errors": "errors",
}
"""Files of the atlas and what each shows."""
_DATA = {
    "index": ("overview", "registry"), "agencies": ("agencies", "registry"), "agency": ("agencies", "registry", "forms", "measures"),
    "measure": ("agencies", "registry", "measures"), "errors": ("agencies", "registry", "forms", "errors"),
}  # fmt: skip
_CHARTED = frozenset({"index", "agency", "measure"})
SHARD = 32
"""Agencies whose reports share a file of data."""
_STATIC = ("echarts.common.min.js", "LICENSE", "NOTICE", "LICENSE-d3")
_MARKER = "atlas.txt"


def write_atlas(
    output: Path, folder: Path | None = None, archives: Sequence[Path] = (), *, pictures: int = 200
) -> Path:
    """Write the atlas of the dataset in `output` into a folder (`output/atlas` by default); return its first page.

    An atlas that is there is replaced. `archives` say where the published files are, if not where the run found them:
    pages then link to them, and up to `pictures` errors are shown as they stand in print. Raises InputNotFoundError
    where there is no dataset, and OutputError where the folder cannot be written or holds something else.
    """
    target = folder or output / "atlas"
    with Dataset(output) as dataset:
        dataset.connection.execute("SET enable_progress_bar=false")  # it would print on stdout
        originals = Originals(list(archives) or known_archives(dataset.connection), Settings())
        try:
            _clear(target)
            _pages(target)
            _data(dataset, originals, target, pictures)
        except OSError as error:
            raise OutputError(
                f"cannot write {target}: {error}; make room, or choose another folder"
            ) from error
    return target / "index.html"


def _clear(folder: Path) -> None:
    """Make room for an atlas; only one that we made ourselves is ever removed."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARKER).is_file():
            raise OutputError(f"{folder} holds something else; choose another folder, or empty it")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARKER).write_text(
        "Made by extract atlas; replaced as a whole when it is made again.\n", encoding="utf-8"
    )


def _pages(folder: Path) -> None:
    """Write the pages: one skeleton, filled with what each shows, and its scripts."""
    static = files("extract.atlas").joinpath("static")
    shared = files("extract.web")
    (folder / "echarts").mkdir()
    for name in _STATIC:
        (folder / "echarts" / name).write_bytes(static.joinpath("echarts", name).read_bytes())
    skeleton = Template(static.joinpath("page.html").read_text(encoding="utf-8"))
    for name, shows in PAGES.items():
        sources = [f"data/{data}.js" for data in ("words", "about", *_DATA[name])]
        sources += ["echarts/echarts.common.min.js"] if name in _CHARTED else []
        sources += ["common.js", "pages.js", f"{shows}.js"]
        scripts = "\n".join(f'<script src="{escape(source)}"></script>' for source in sources)
        here = {f"at_{other}": ' aria-current="page"' if other == name else "" for other in PAGES}
        text = skeleton.substitute(
            here, page=shows, title=escape(words()[f"{shows}_title"][0]), scripts=scripts
        )
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
        (folder / f"{shows}.js").write_bytes(static.joinpath(f"{shows}.js").read_bytes())
    for name in ("pages.js", "pages.css"):
        (folder / name).write_bytes(static.joinpath(name).read_bytes())
    for name in ("common.js", "common.css"):
        (folder / name).write_bytes(shared.joinpath(name).read_bytes())


def _data(dataset: Dataset, originals: Originals, folder: Path, pictures: int) -> None:
    """Write all data scripts."""
    (folder / "data" / "agency").mkdir(parents=True)
    (folder / "data" / "measure").mkdir()
    numbers = agency_numbers(dataset)
    values = {str(name): frame for name, frame in dataset.values().groupby("measure", sort=False)}
    sums = broken_sums(dataset)
    between = across(dataset)
    between = between[between["verdict"].isin(ASSESSED)]
    shown = crops(dataset, sums, originals, folder / "crops", pictures)
    files_ = dataset.reports[["report_id", "file"]].itertuples(index=False)
    links = {report: _link(originals.path(file), folder) for report, file in files_}
    errors = _errors(dataset, sums, between, numbers, shown, links)
    count = pd.Series(
        [e["agency"] for e in errors if e["verdict"] == "source_error"], dtype="object"
    ).value_counts()
    by_name = {name: int(count.get(i, 0)) for name, i in numbers.items()}
    _write(folder, "words", words())
    _write(folder, "registry", words_of_registry())
    _write(folder, "about", {"version": reader_version(), "made": date.today().isoformat(), "shard": SHARD})
    _write(folder, "forms", forms())
    _write(folder, "overview", overview(dataset) | {"errors": sum(by_name.values())})
    _write(folder, "agencies", agencies(dataset, values, by_name))
    _write(folder, "errors", errors)
    known = [m for m in dataset.measures.values() if m.name in values]
    _write(folder, "measures", [{**measure_head(m), "years": by_year(values[m.name])} for m in known])
    for measure in known:
        _write(
            folder,
            f"measure/{measure.name}",
            measure_values(values[measure.name], numbers, ratio=measure.is_ratio),
        )
    _shards(dataset, links, folder, numbers, errors)


def _write(folder: Path, name: str, data: object) -> None:
    (folder / "data" / f"{name}.js").write_text(script(name, data), encoding="utf-8")


def _errors(
    dataset: Dataset,
    sums: Sequence[Mapping[str, Any]],
    between: pd.DataFrame,
    numbers: Mapping[str, int],
    pictures: Mapping[tuple[str, str], str],
    links: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return all errors in one list: sums within a report with the cells they quote, then what reports say against each other."""
    heads = dataset.reports.set_index("report_id")[["agency", "year", "file"]].to_dict("index")
    cells = quoted(dataset, sums)
    pages = {key: next((cell[4] for cell in quotes if cell[4]), None) for key, quotes in cells.items()}

    def source(report: str) -> dict[str, Any]:
        return {"report": report, "file": heads[report]["file"], "link": links[report]}

    found: list[dict[str, Any]] = []
    for check in sums:
        key = check["report_id"], check["check"]
        head = heads[check["report_id"]]
        found.append({
            "agency": numbers.get(head["agency"]), "year": _int(head["year"]), "check": check["check"], "verdict": "source_error",
            "left": _number(check["left"]), "right": _number(check["right"]), "difference": _number(check["difference"]),
            "sides": [check["left_expression"], check["right_expression"]], "cells": cells.get(key, []), **source(check["report_id"]),
            "picture": pictures.get(key, ""), "page": pages.get(key),
        })  # fmt: skip
    for row in between.to_dict("records"):
        found.append({
            "agency": numbers.get(row["agency"]), "year": _int(row["year"]), "check": row["check"], "verdict": row["verdict"],
            "left": _number(row["left"]), "right": _number(row["right"]), "difference": _number(row["difference"]),
            "title": [title(row["check"]), title(row["check"], "en")], "message": [row["message_zh"], row["message"]],
            **source(row["report_id"]), "page": None,
        })  # fmt: skip
    return found


def _shards(
    dataset: Dataset,
    links: Mapping[str, str],
    folder: Path,
    numbers: Mapping[str, int],
    errors: Sequence[Mapping[str, Any]],
) -> None:
    """Write the reports of all agencies, a file for some of them together, with a link to each published file."""
    cells = {report: found for report, *found in report_cells(dataset)}
    reports: dict[int, list[dict[str, Any]]] = defaultdict(list)
    names = ("report_id", "agency", "titled", "year", "file", "format", "edition", "status", "published_on", "counts",
             "cells_present", "cells_expected", "cells_review")  # fmt: skip
    for row in dataset.reports[list(names)].to_dict("records"):
        number = numbers.get(row["agency"])
        if number is None:
            continue
        filled, marks, pages = cells.get(row["report_id"], ([], "", ""))
        reports[number].append({
            "id": row["report_id"], "year": _int(row["year"]), "titled": row["titled"], "file": row["file"],
            "link": links[row["report_id"]], "format": row["format"], "edition": row["edition"] or "",
            "status": row["status"], "published": "" if pd.isna(row["published_on"]) else str(row["published_on"])[:10],
            "counts": bool(row["counts"]), "present": _int(row["cells_present"]), "expected": _int(row["cells_expected"]),
            "review": _int(row["cells_review"]), "cells": filled, "marks": marks, "pages": pages,
        })  # fmt: skip
    found: dict[int, list[int]] = defaultdict(list)
    for i, error in enumerate(errors):
        found[error["agency"]].append(i)
    for start in range(0, len(numbers), SHARD):
        shard = {
            number: {"reports": reports.get(number, []), "errors": [errors[i] for i in found.get(number, [])]}
            for number in range(start, min(start + SHARD, len(numbers)))
        }
        _write(folder, f"agency/{start // SHARD}", shard)


def _link(path: Path | None, folder: Path) -> str:
    """Return the address of a published file from the pages' folder; empty where it is not there."""
    if path is None:
        return ""
    try:
        relative = os.path.relpath(path, folder.resolve())
    except ValueError:  # another drive
        return path.as_uri()
    return quote(Path(relative).as_posix())


def _int(number: Any) -> int | None:
    return None if pd.isna(number) else int(number)


def _number(number: Any) -> float | int | None:
    if pd.isna(number):
        return None
    return int(number) if number == int(number) else round(float(number), 6)
