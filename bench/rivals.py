"""General tools on the same pictures: their text put into the cells of this project's lattice, nothing weighed by sums.

So a rival has the geometry for free; what is compared is the reading alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytesseract
from PIL import Image
from score import Score, score_cells

from extract.mapping import map_tables
from extract.model import Cell, Picture, Place, Source, Table
from extract.readers import read_document
from extract.scan.image import Grey, decode
from extract.scan.lattice import Lattice, find_lattices
from extract.scan.ocr import load_engine
from extract.scan.upright import upright
from extract.settings import Settings
from extract.stitch import stitch
from extract.values import values_of

Texts = Callable[[Grey, tuple[Lattice, ...]], list[list[str]]]
_SETTINGS = Settings()


def rapidocr() -> Texts:
    """RapidOCR over the whole picture; each line goes to the cell that its middle lies in."""
    engine = load_engine(_SETTINGS.ocr)

    def read(grey: Grey, lattices: tuple[Lattice, ...]) -> list[list[str]]:
        lines = engine.find_text(grey)
        return [
            ["".join(line.text for line in lines if _inside(line.box, cell.box)) for cell in lattice.cells]
            for lattice in lattices
        ]

    return read


def tesseract() -> Texts:
    """Tesseract on each cell by itself."""

    def read(grey: Grey, lattices: tuple[Lattice, ...]) -> list[list[str]]:
        return [[_one(grey, cell.box) for cell in lattice.cells] for lattice in lattices]

    return read


RIVALS: dict[str, Callable[[], Texts]] = {
    "RapidOCR, whole picture": rapidocr,
    "Tesseract, per cell": tesseract,
}


def _one(grey: Grey, box: tuple[int, int, int, int]) -> str:
    x0, y0, x1, y1 = box
    crop = grey[y0 + 3 : y1 - 2, x0 + 3 : x1 - 2]
    if min(crop.shape) < 4:
        return ""
    return str(pytesseract.image_to_string(Image.fromarray(crop), lang="chi_sim", config="--psm 6")).strip()


def _inside(line: tuple[float, float, float, float], cell: tuple[int, int, int, int]) -> bool:
    x, y = (line[0] + line[2]) / 2, (line[1] + line[3]) / 2
    return cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]


def rival_score(name: str, made: Path, shape: str, count: int) -> dict[str, Any]:
    """Let a rival read the first reports of an archive and score it as this project is scored."""
    texts = RIVALS[name]()
    truth = pd.read_csv(made / "truth" / "cells.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    groups = truth.groupby("file", sort=True)
    total = Score(shape)
    seconds = 0.0
    for file in sorted(groups.groups)[:count]:
        pictures = _pictures(made / "files", str(file))
        started = time.perf_counter()
        tables = [table for picture in pictures for table in _tables(picture, texts)]
        seconds += time.perf_counter() - started
        values = values_of(map_tables([b for b in stitch(tables) if isinstance(b, Table)]))
        found = {
            code: {
                "value": _text(v.value), "filled": _text(v.filled), "raw": v.raw, "status": v.status,
                "review": "false",
            }
            for code, v in values.items()
        }  # fmt: skip
        one = Score(shape, reports=1, reports_found=int(bool(values)))
        score_cells(one, str(file), found, groups.get_group(file).to_dict("records"))
        total.add(one)
    row = total.row()
    row.pop("examples")
    return row | {"tool": name, "reading_seconds": round(seconds / count, 3)}


def _text(number: object) -> str:
    return "" if number is None else str(number)


def _pictures(files: Path, first: str) -> list[Picture]:
    """Return the pictures of a report: those of its file, and of the files numbered on from it."""
    stem = first.rsplit("_", 1)[0] if Path(first).suffix != ".pdf" else Path(first).stem
    found: list[Picture] = []
    for path in sorted(p for p in files.iterdir() if p.name.startswith(stem)):
        kind = "pdf" if path.suffix == ".pdf" else "picture"
        document = read_document(Source(path.name, path.read_bytes(), kind), _SETTINGS)
        found += [block for block in document.blocks if isinstance(block, Picture)]
    return found


def _tables(picture: Picture, texts: Texts) -> list[Table]:
    made = upright(decode(picture.data, _SETTINGS))
    lattices = find_lattices(made.rules)
    found = []
    for lattice, read in zip(lattices, texts(made.legible, lattices), strict=True):
        cells = tuple(
            Cell(c.row, c.column, text, c.row_span, c.column_span, Place(page=picture.place.page))
            for c, text in zip(lattice.cells, read, strict=True)
        )
        found.append(Table(cells, "picture", Place(page=picture.place.page, picture=picture.name)))
    return found
