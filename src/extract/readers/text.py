"""Plain text: paragraphs, tables of tabs, bars or aligned blanks, and marks where a picture was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from extract.kinds import decode
from extract.model import Block, Cell, Document, Picture, Problem, Source, Table, Text
from extract.settings import Settings

_PICTURE = re.compile(
    r"^\s*(?:\[(?:image|图片|图)\s*[:：]?\s*(?P<name>[^\]]*)\]|!\[[^\]]*\]\((?P<link>[^)]*)\))\s*$",
    re.IGNORECASE,
)
_MARK = re.compile(r"^\[bookmark:[^\]]*\]", re.IGNORECASE)
_RULE = re.compile(r"^(?=.*[-=]{3})[\s|+:=-]+$")
_WIDE = re.compile(r"\s{2,}|\u3000+")


def read(source: Source, settings: Settings) -> Document:
    """Read a text file. Lines with tabs or bars, two or more in a row, are a table."""
    text = decode(source.data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")
    blocks: list[Block] = []
    problems: list[Problem] = []
    for kind, lines in groupby(enumerate(text.split("\n"), 1), key=lambda pair: _kind(pair[1])):
        if kind == "picture":
            for number, line in lines:
                picture, problem = _picture(source, line, number)
                blocks.append(picture)
                problems.extend(problem)
        elif kind:
            blocks.extend(_table([line for _, line in lines], kind))
        else:
            blocks.extend(Text(t) for _, line in lines if (t := _MARK.sub("", line.strip()).strip()))
    return Document("txt", tuple(blocks), (), tuple(problems))


def _kind(line: str) -> str:
    if _PICTURE.match(line):
        return "picture"
    if "\t" in line.strip() or line.count("\t") >= 2:
        return "\t"
    return "|" if line.count("|") >= 2 else ""


def _picture(source: Source, line: str, number: int) -> tuple[Picture, list[Problem]]:
    match = _PICTURE.match(line)
    name = ((match["name"] or match["link"] or "") if match else "").strip()
    data = source.neighbour(name) if name else None
    problem = [] if data else [Problem("read", "picture_missing", f"Line {number}: {line.strip()}")]
    return Picture(name or f"line-{number}", data or b""), problem


def _table(lines: list[str], mark: str) -> Iterator[Block]:
    """Yield a table of two rows and columns or more, else the lines as text."""
    rows = [_cells(line, mark) for line in lines if not _RULE.match(line)]
    inner = any(mark in line.strip() for line in lines)  # else the tabs only indent, as before a signature
    if len(rows) < 2 or max(map(len, rows)) < 2 or not inner:
        yield from (Text(" ".join(_WIDE.split(line.strip()))) for line in lines)
        return
    cells = [Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    yield Table(tuple(cells), "txt")


def _cells(line: str, mark: str) -> list[str]:
    if mark == "|":
        line = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip() for cell in line.rstrip("\n").split(mark)]
