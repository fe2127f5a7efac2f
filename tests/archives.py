"""Small archives made by hand: zips, Word files, pages; and the dataset that a run leaves."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx

from extract.model import Source
from extract.pipeline import read_report
from extract.record import Outcome
from extract.settings import Settings
from made import consistent, requests_rows

ONE = Settings(workers=1, isolate=False)
"""Settings of a run in this process."""


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def word(lines: Sequence[str], *tables: Sequence[Sequence[str]]) -> bytes:
    """A .docx: paragraphs, then tables."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    for rows in tables:
        sheet = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(sheet.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        document.add_paragraph()
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def page(lines: Sequence[str], title: str = "") -> bytes:
    """A saved web page of paragraphs."""
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def tabbed(lines: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A text file: lines, then a table by tabs."""
    return "\n".join([*lines, *("\t".join(row) for row in rows)]).encode()


def report_text(agency: str = "岚汀市砚池区粮食局", year: int = 2023, new: int = 3) -> bytes:
    """A report as a text file: title, two headings and the requests table, whose sums all hold."""
    lines = [
        f"{agency}{year}年政府信息公开工作年度报告",
        "一、总体情况",
        "全年按时公开各类政府信息，答复各类申请，没有出现差错。",
        "三、收到和处理政府信息公开申请情况",
    ]
    return tabbed(lines, requests_rows(consistent(new)))


def outcome(name: str, data: bytes, kind: str) -> Outcome:
    return read_report([Source(name, data, kind)], ONE)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
