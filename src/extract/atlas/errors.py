"""Publishers' errors as the atlas shows them: sums that the page itself breaks, and reports that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from extract.dataset import Dataset
from extract.errors import ReadError
from extract.form import EDITIONS, edition
from extract.model import Box
from extract.originals import Originals
from extract.settings import Settings
from extract.sheets import Sheet, cut, sheet_of

_BROKEN = """SELECT k.report_id, k."check", k.left_expression, k.right_expression, k."left", k."right", k.difference
FROM checks k JOIN reports r USING (report_id) WHERE k.verdict = 'source_error'
ORDER BY r.agency, r.year, k.report_id, k.rowid"""


def broken_sums(dataset: Dataset) -> list[dict[str, Any]]:
    """Return the checks of single reports that the page itself breaks, in the order of agencies and years."""
    return [{str(k): v for k, v in row.items()} for row in dataset.query(_BROKEN).to_dict("records")]


def quoted(dataset: Dataset, sums: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[list[Any]]]:
    """Return the cells of broken sums as [code, value, raw, review, page], by report and check."""
    if not sums:
        return {}
    wanted = pd.DataFrame(
        [(s["report_id"], s["check"], code) for s in sums for code in _codes(s)],
        columns=["report_id", "check", "code"],
    )
    dataset.connection.register("wanted", wanted)
    rows = dataset.connection.execute(
        """SELECT w.report_id, w."check", w.code, c.filled, c.raw, c.review, c.page FROM wanted w JOIN cells c USING (report_id, code)"""
    ).fetchall()
    dataset.connection.unregister("wanted")
    found: dict[tuple[str, str], list[list[Any]]] = {}
    for report, check, code, filled, raw, review, page in rows:
        whole = int(filled) if filled is not None and filled == int(filled) else filled
        found.setdefault((report, check), []).append([code, whole, raw or "", bool(review), page])
    return found


def _codes(check: Mapping[str, Any]) -> list[str]:
    """Return the cells that a check adds up: those of its expressions that are cells of a form."""
    known = _known()
    terms = f"{check['left_expression']} + {check['right_expression']}".split(" + ")
    return [term for term in dict.fromkeys(terms) if term in known]


def _known() -> frozenset[str]:
    return frozenset(code for name in EDITIONS for code in edition(name).cells)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A cell of a broken sum with its place."""

    code: str
    box: Box


def crops(
    dataset: Dataset, sums: Sequence[Mapping[str, Any]], originals: Originals, folder: Path, most: int
) -> dict[tuple[str, str], str]:
    """Cut pictures of broken sums out of the published files; return their names in `folder`, by report and check.

    Only of cells that have a place on a page or picture, for the first `most` sums that have. What cannot be opened
    (any more) has no picture; the cells are quoted all the same.
    """
    found: dict[tuple[str, str], str] = {}
    sheets = _Sheets(originals)
    for key, place, spots in _placed(dataset, sums[: 20 * most]):
        if len(found) >= most:
            break
        sheet = sheets.get(place)
        if sheet is None:
            continue
        try:
            picture = cut(sheet, spots[-1].box, [spot.box for spot in spots[:-1]], wide=1000)
        except ReadError:
            continue
        name = f"{sha256('/'.join(key).encode()).hexdigest()[:16]}.png"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture)
        found[key] = name
    return found


_Place = tuple[str, int | None, str]


def _placed(
    dataset: Dataset, sums: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[tuple[str, str], _Place, list[_Spot]]]:
    """Yield the sums whose cells stand on one page or picture, with the cells; the last one is the printed total."""
    for check in sums:
        codes = _codes(check)
        marks = ", ".join("?" * len(codes))
        rows = dataset.connection.execute(
            f"""SELECT code, coalesce(file, ''), page, coalesce(picture, ''), x0, y0, x1, y1 FROM cells
            WHERE report_id = ? AND x0 IS NOT NULL AND code IN ({marks})""",  # noqa: S608 - only question marks
            [check["report_id"], *codes],
        ).fetchall()
        places = {(row[1], row[2], row[3]) for row in rows}
        if len(places) != 1:
            continue
        spots = sorted((_Spot(row[0], Box(*row[4:])) for row in rows), key=lambda s: codes.index(s.code))
        yield (check["report_id"], check["check"]), next(iter(places)), spots


class _Sheets:
    """Pages of the published files; the sums of one page follow each other, so that the last one is kept."""

    def __init__(self, originals: Originals) -> None:
        self._originals = originals
        self._place: _Place | None = None
        self._sheet: Sheet | None = None

    def get(self, place: _Place) -> Sheet | None:
        """Return a page or picture, None where it cannot be had."""
        if place != self._place:
            try:
                self._sheet = sheet_of(self._originals.load(place[0]), place[1], place[2], Settings())
            except ReadError:
                self._sheet = None
            self._place = place
        return self._sheet
