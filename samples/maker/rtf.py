r"""Writes a report as rich text, as Word and WPS save it: tables with merged cells, Chinese in GBK escapes or as \u."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from .report import Report, flow
from .tables import Grid, GridCell
from .words import Section

_TWIPS = 9000


@dataclass(frozen=True)
class RtfLook:
    """Choices of one file."""

    unicode: bool = False
    r"""Whether characters are written as \u with a fallback, else as escaped bytes of GBK."""
    noise: bool = True
    """Whether destinations stand in it that no reader shows: styles, themes, fields."""


def random_rtf_look(rng: Random) -> RtfLook:
    """Return a look."""
    return RtfLook(rng.random() < 0.5, rng.random() < 0.7)


def write_rtf(report: Report, look: RtfLook) -> bytes:
    """Return the report as the bytes of an .rtf file."""
    parts = [
        "{\\rtf1\\ansi\\ansicpg936\\uc1\\deff0{\\fonttbl{\\f0\\fcharset134 \\'cb\\'ce\\'cc\\'e5;}{\\f1\\fcharset0 Arial;}}"
    ]
    if look.noise:
        parts.append(
            "{\\colortbl;\\red0\\green0\\blue0;}{\\stylesheet{\\s0 Normal;}}{\\*\\generator Some Office 12;}"
        )
        parts.append("{\\info{\\title none}}{\\header\\pard header text\\par}")
    for kind, content in flow(report):
        if isinstance(content, Section):
            parts.append(f"\\pard\\plain\\f0\\b {_text(content.heading, look)}\\b0\\par\n")
        elif isinstance(content, Grid):
            parts.append(_table(content, look))
        else:
            align = {"title": "\\qc", "sign": "\\qr"}.get(kind, "")
            parts.append(f"\\pard\\plain{align}\\f0 {_text(str(content), look)}\\par\n")
    return ("".join(parts) + "}").encode("ascii")


def _text(text: str, look: RtfLook) -> str:
    return "".join(_char(char, look) for char in text)


def _char(char: str, look: RtfLook) -> str:
    if char == "\n":
        return "\\line "
    if char < "\x80":
        return "\\" + char if char in "\\{}" else char
    code = ord(char)
    if look.unicode or not _in_gbk(char):
        return f"\\u{code - 0x10000 if code > 0x7FFF else code}?"
    return "".join(f"\\'{byte:02x}" for byte in char.encode("gbk"))


def _in_gbk(char: str) -> bool:
    try:
        char.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _table(grid: Grid, look: RtfLook) -> str:
    total = sum(grid.widths)
    edges = [round(_TWIPS * sum(grid.widths[: k + 1]) / total) for k in range(len(grid.widths))]
    owners = {
        (r, c): cell
        for cell in grid.cells
        for r in range(cell.row, cell.row + cell.row_span)
        for c in range(cell.column, cell.column + cell.column_span)
    }
    rows = []
    for r in range(grid.n_rows):
        shown: list[GridCell] = []
        for c in range(len(grid.widths)):
            cell = owners.get((r, c), GridCell(r, c, ""))
            if not shown or shown[-1] is not cell:
                shown.append(cell)
        defined = "".join(
            ("\\clvmgf" if cell.row == r else "\\clvmrg") * (cell.row_span > 1)
            + f"\\clbrdrt\\brdrs\\cellx{edges[cell.column + cell.column_span - 1]}"
            for cell in shown
        )
        texts = "".join(f"{_text(cell.text, look) if cell.row == r else ''}\\cell " for cell in shown)
        rows.append(f"\\trowd\\trgaph108{defined}\\pard\\intbl\\f0 {texts}\\row\n")
    return "".join(rows) + "\\pard\\par\n"
