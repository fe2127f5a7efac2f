"""Writes a report as plain text: tables as tab-separated lines, or only a mark where a picture stood."""

from __future__ import annotations

from .report import TABLE_OF_SECTION, Report, flow
from .tables import Grid
from .words import Section


def write_text(report: Report, tables: str = "tabs", encoding: str = "utf-8") -> bytes:
    """Return the report as text; `tables`: `tabs`, or `image` for `[image: ]` in the place of each table."""
    lines: list[str] = []
    waiting = False
    for kind, content in flow(report):
        if isinstance(content, Section):
            lines += ["[image: ]"] if waiting else []
            lines.append(content.heading)
            waiting = tables == "image" and content.number in TABLE_OF_SECTION
        elif isinstance(content, Grid):
            lines += [] if tables == "image" else tab_lines(content)
        else:
            lines.append(("        " if kind == "sign" else "") + str(content))
            if kind == "title":
                lines += [""] if content == report.words.title.split("\n")[-1] else []
    return ("\n".join(lines) + "\n").encode(encoding)


def tab_lines(grid: Grid) -> list[str]:
    """Return a line per row; a merged cell's text stands at its first place, the others are empty."""
    field = [[""] * len(grid.widths) for _ in range(grid.n_rows)]
    for cell in grid.cells:
        field[cell.row][cell.column] = cell.text.replace("\n", "")
    return ["\t".join(row) for row in field]
