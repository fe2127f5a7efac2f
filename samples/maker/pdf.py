"""Draws a report as a text PDF: tables cut by pages, group labels cut in two, page numbers between the parts."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from PIL import Image

from . import fonts
from .picture import draw_table, random_look
from .report import TABLE_OF_SECTION, Report, flow
from .tables import Grid, GridCell
from .words import Section

logging.getLogger("fontTools").setLevel(logging.ERROR)
_DATE = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True)
class PdfLook:
    """Choices of one drawn PDF; lengths in points."""

    chinese: fonts.Face
    latin: fonts.Face | None = None
    size: float = 14
    cell_size: float = 9
    padding: float = 3
    tall: float = 4
    """Extra height of table rows."""
    margin: float = 60
    align: str = "center"
    rules: str = "lines"
    """`lines`, `rects` (one for each cell) or `fills` (thin filled boxes, as Word writes them)."""
    open_side: str = ""
    """`left` or `right`: the outer line on that side is not drawn."""
    cut_rows: bool = False
    """Whether a page may end inside a row."""
    numbers: str = "- {n} -"
    """Page number at the foot, with {n}."""
    tables: str = "native"
    """`native`, or `picture` for pictures of the tables between the text."""
    password: str = ""
    codes: str = "right"
    """`wrong` where the fonts' tables of codes name other characters, `none` where fonts have no such table."""


def random_pdf_look(rng: Random) -> PdfLook:
    """Return a look; fonts that can be embedded only (TrueType)."""
    faces = [f for f in fonts.CHINESE if f.file.startswith("truetype")]
    return PdfLook(
        chinese=rng.choice(faces),
        latin=rng.choice((None, *fonts.LATIN)),
        size=rng.choice((10.5, 12, 14, 16)),
        cell_size=rng.choice((7.5, 8, 9, 10.5)),
        padding=rng.choice((2, 3, 4)),
        tall=rng.choice((0, 2, 6, 10, 16)),
        margin=rng.choice((45, 60, 72, 85)),
        align=rng.choice(("center", "center", "left", "right")),
        rules=rng.choice(("lines", "rects", "fills")),
        open_side=rng.choice(("", "", "", "left", "right")),
        cut_rows=rng.random() < 0.4,
        numbers=rng.choice(("- {n} -", "-{n}-", "{n}", "— {n} —", "第 {n} 页", "")),
    )


class Sheet:
    """A pen on an FPDF document, with widths remembered."""

    def __init__(self, look: PdfLook) -> None:
        self.look = look
        self.pdf = FPDF(unit="pt", format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_creation_date(_DATE)
        self.pdf.set_line_width(0.5)
        self.pdf.add_font("zh", fname=look.chinese.path, collection_font_number=look.chinese.index)
        if look.latin:
            self.pdf.add_font("en", fname=look.latin.path)
        self._widths: dict[tuple[str, float], float] = {}
        self.y = 0.0
        self.bottom = self.pdf.h - look.margin
        self.turn()

    def turn(self) -> None:
        """Begin a page and number it."""
        self.pdf.add_page()
        self.y = self.look.margin
        if self.look.numbers:
            text = self.look.numbers.format(n=self.pdf.page_no())
            self.line(text, (self.pdf.w - self.width(text, 9)) / 2, self.pdf.h - self.look.margin / 2, 9)

    def _family(self, char: str) -> str:
        return "en" if self.look.latin and char < "\u0250" else "zh"

    def width(self, text: str, size: float) -> float:
        """Return the advance of a text in points."""
        return sum(self._advance(c, size) for c in text)

    def _advance(self, char: str, size: float) -> float:
        if (char, size) not in self._widths:
            self.pdf.set_font(self._family(char), size=size)
            self._widths[char, size] = self.pdf.get_string_width(char)
        return self._widths[char, size]

    def wrap(self, text: str, size: float, width: float) -> list[str]:
        """Return the lines of a text in a column; runs of digits and letters stay together."""
        lines = []
        for paragraph in text.split("\n"):
            line = ""
            for word in fonts.words(paragraph):
                if line and self.width(line + word, size) > width:
                    lines.append(line.rstrip())
                    line = ""
                line += word
            lines.append(line.rstrip())
        return lines

    def line(self, text: str, x: float, baseline: float, size: float) -> None:
        """Set a line of text, a run of one font at a time."""
        run = ""
        for char in text + "\0":
            if run and (char == "\0" or self._family(char) != self._family(run[0])):
                self.pdf.set_font(self._family(run[0]), size=size)
                self.pdf.text(x, baseline, run)
                x += self.width(run, size)
                run = ""
            run += char

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a ruling line as a stroke or as a thin box."""
        if self.look.rules == "fills":
            self.pdf.rect(x0 - 0.25, y0 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5, style="F")
        else:
            self.pdf.line(x0, y0, x1, y1)


def write_pdf(report: Report, look: PdfLook) -> bytes:
    """Return the report as the bytes of a PDF."""
    sheet = Sheet(look)
    draw_report(sheet, report)
    if look.password:
        sheet.pdf.set_encryption(look.password, look.password, EncryptionMethod.RC4)
    if look.codes == "right":
        return bytes(sheet.pdf.output())
    sheet.pdf.set_compression(False)
    return _broken(bytes(sheet.pdf.output()), look.codes)


def _broken(data: bytes, codes: str) -> bytes:
    """Break the tables of codes of a PDF without changing its length: the page looks the same, its text is nonsense."""
    if codes == "none":
        return data.replace(b"/ToUnicode", b"/NoUnicode")

    def other(match: re.Match[bytes]) -> bytes:
        return match[1] + b"<%04X>" % (0x4E00 + (int(match[2], 16) * 37 + 11) % 0x5000)

    return re.sub(rb"(<[0-9A-Fa-f]{2,4}> )<([0-9A-Fa-f]{4})>(?=\n)", other, data)


def draw_report(sheet: Sheet, report: Report) -> None:
    """Draw a whole report."""
    look = sheet.look
    waiting: Image.Image | None = None
    for kind, content in flow(report):
        if isinstance(content, Section):
            _show(sheet, waiting)
            waiting = None
            _paragraph(sheet, "heading", content.heading)
            name = TABLE_OF_SECTION.get(content.number)
            if look.tables == "picture" and name and report.tables.get(name):
                picture_look = replace(random_look(report.rng("pdf picture")), width=1000, size=16)
                waiting = draw_table(report.tables[name], picture_look)
        elif isinstance(content, Grid):
            if look.tables == "native":
                draw_grid(sheet, content)
        else:
            _paragraph(sheet, kind, str(content))
    _show(sheet, waiting)


def _show(sheet: Sheet, image: Image.Image | None) -> None:
    """Place a waiting picture over the width of the text."""
    if image is None:
        return
    width = sheet.pdf.w - 2 * sheet.look.margin
    height = width * image.height / image.width
    if sheet.y + height > sheet.bottom:
        sheet.turn()
    buffer = io.BytesIO()
    image.convert("L").quantize(16).save(buffer, "PNG", optimize=True)
    sheet.pdf.image(buffer, sheet.look.margin, sheet.y, width, height)
    sheet.y += height + 10


def _paragraph(sheet: Sheet, kind: str, text: str) -> None:
    look = sheet.look
    size = look.size * 1.5 if kind == "title" else look.size
    room = sheet.pdf.w - 2 * look.margin
    for line in sheet.wrap(("　　" if kind in {"text", "heading"} else "") + text, size, room):
        if sheet.y + size * 1.7 > sheet.bottom:
            sheet.turn()
        sheet.y += size * 1.7
        spare = room - sheet.width(line, size)
        x = look.margin + {"title": spare / 2, "sign": spare}.get(kind, 0)
        sheet.line(line, x, sheet.y, size)
    sheet.y += 4


def draw_grid(sheet: Sheet, grid: Grid) -> None:
    """Draw a table from the sheet's place on, over as many pages as it takes."""
    xs = _column_edges(sheet, grid)
    ys, lines = _row_edges(sheet, grid, xs)
    start = 0.0
    sheet.y += 6
    while start < ys[-1] - 0.01:
        end = _break(sheet, ys, start)
        if end <= start:
            sheet.turn()
            continue
        for cell in grid.cells:
            _draw_part(sheet, cell, lines, xs, ys, (start, end))
        _frame(sheet, xs, end - start)
        sheet.y += end - start
        start = end
    sheet.y += 10


def _break(sheet: Sheet, ys: list[float], start: float) -> float:
    """Return where on the table's own scale this page's part ends: a row's edge, or inside a row."""
    limit = start + sheet.bottom - sheet.y
    edges = [y for y in ys if start < y <= limit]
    end = max(edges, default=start)
    step = sheet.look.cell_size * 1.3
    if sheet.look.cut_rows and end < ys[-1] and limit - end > 2 * step and limit - start > 4 * step:
        following = min(y for y in ys if y > end)
        inside = end + sheet.look.padding + step * int((limit - end - sheet.look.padding) / step)
        if inside < following - step:
            return inside
    return end


def _column_edges(sheet: Sheet, grid: Grid) -> list[float]:
    room = sheet.pdf.w - 2 * sheet.look.margin
    least = [0.0] * len(grid.widths)
    for cell in grid.cells:
        if cell.column_span == 1 and not cell.head:
            need = sheet.width(cell.text, sheet.look.cell_size) + 2 * sheet.look.padding
            least[cell.column] = max(least[cell.column], need)
    wanted = [max(m, room * w / sum(grid.widths)) for m, w in zip(least, grid.widths, strict=True)]
    spare = sum(wanted) - room
    give = [w - m for w, m in zip(wanted, least, strict=True)]
    if spare > 0 and sum(give) > 0:
        wanted = [w - spare * g / sum(give) for w, g in zip(wanted, give, strict=True)]
    edges = [sheet.look.margin]
    for width in wanted:
        edges.append(edges[-1] + width)
    return edges


def _row_edges(
    sheet: Sheet, grid: Grid, xs: list[float]
) -> tuple[list[float], dict[tuple[int, int], list[str]]]:
    look = sheet.look
    step = look.cell_size * 1.3
    heights = [step + 2 * look.padding + look.tall] * grid.n_rows
    lines: dict[tuple[int, int], list[str]] = {}
    for cell in sorted(grid.cells, key=lambda c: c.row_span):
        room = xs[cell.column + cell.column_span] - xs[cell.column] - 2 * look.padding
        texts = sheet.wrap(cell.text, look.cell_size, max(room, look.cell_size))
        lines[cell.row, cell.column] = texts
        span = slice(cell.row, cell.row + cell.row_span)
        missing = len(texts) * step + 2 * look.padding - sum(heights[span])
        if missing > 0:
            heights[span.stop - 1] += missing
    edges = [0.0]
    for height in heights:
        edges.append(edges[-1] + height)
    return edges, lines


def _draw_part(
    sheet: Sheet, cell: GridCell, lines: dict[tuple[int, int], list[str]], xs: list[float], ys: list[float],
    part: tuple[float, float],
) -> None:  # fmt: skip
    """Draw what of a cell lies on this page: its lines, and the text lines whose middle is here."""
    top, bottom = ys[cell.row], ys[cell.row + cell.row_span]
    start, end = part
    if bottom <= start or top >= end:
        return
    shift = sheet.y - start
    x0, x1 = xs[cell.column], xs[cell.column + cell.column_span]
    _border(sheet, cell, (x0, max(top, start) + shift, x1, min(bottom, end) + shift), len(xs) - 1)
    step = sheet.look.cell_size * 1.3
    texts = lines[cell.row, cell.column]
    y = (top + bottom - len(texts) * step) / 2
    for text in texts:
        if start <= y + step / 2 < end:
            baseline = min(max(y, start + 1), end - step) + shift + sheet.look.cell_size
            sheet.line(text, _x(sheet, cell, text, x0, x1), baseline, sheet.look.cell_size)
        y += step


def _x(sheet: Sheet, cell: GridCell, text: str, x0: float, x1: float) -> float:
    look = sheet.look
    width = sheet.width(text, look.cell_size)
    align = look.align if not cell.head else "center" if look.align == "center" else "left"
    if align == "center" or cell.row_span * cell.column_span > 1:
        return max(x0 + 1, (x0 + x1 - width) / 2)
    return x0 + look.padding if align == "left" else x1 - look.padding - width


def _border(sheet: Sheet, cell: GridCell, box: tuple[float, float, float, float], n_columns: int) -> None:
    x0, y0, x1, y1 = box
    look = sheet.look
    if look.rules == "rects" and not look.open_side:
        sheet.pdf.rect(x0, y0, x1 - x0, y1 - y0)
        return
    sheet.rule(x0, y0, x1, y0)
    if not (look.open_side == "left" and cell.column == 0):
        sheet.rule(x0, y0, x0, y1)
    if look.open_side != "right" and cell.column + cell.column_span == n_columns:
        sheet.rule(x1, y0, x1, y1)


def _frame(sheet: Sheet, xs: list[float], height: float) -> None:
    """Close this page's part of the table at its foot."""
    sheet.rule(xs[0], sheet.y + height, xs[-1], sheet.y + height)
