"""Writes a report as .docx: tables native, nested in a layout table, or as pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from xml.sax.saxutils import escape

from PIL import Image

from . import docx_parts, emf
from .picture import Look, draw_table, encode, random_look
from .report import TABLE_OF_SECTION, Report, flow
from .tables import Grid, GridCell
from .words import Section

_TWIPS = 9600
_FONTS = (
    "宋体",
    "仿宋_GB2312",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "AR PL UMing CN",
    "AR PL UKai CN",
    "Noto Serif CJK SC",
)
"""Names only: a .docx needs no font where it is written."""


@dataclass(frozen=True)
class DocxLook:
    """Choices of one .docx file."""

    font: str = "WenQuanYi Micro Hei"
    size: int = 12
    cell_size: int = 9
    headings: str = "plain"
    """`plain`, `style` (a heading style), `auto` (numbered by Word), `box` (the title in a text box)."""
    tables: str = "native"
    """`native`, `nested` (inside a cell of a layout table), or the mode of pictures: inline, anchor, group, vml."""
    picture: str = "png"
    """Format of pictures: png, jpeg, gif, bmp, tiff, emf."""
    border: str = "single"
    align: str = "center"
    runs: bool = False
    """Labels broken into several runs, as Word does after edits."""


def random_docx_look(rng: Random) -> DocxLook:
    """Return a look for a .docx with native tables."""
    return DocxLook(
        font=rng.choice(_FONTS),
        size=rng.choice((10, 12, 14, 16)),
        cell_size=rng.choice((8, 9, 10, 11)),
        headings=rng.choice(("plain", "plain", "style", "auto", "box")),
        tables=rng.choice(("native", "native", "native", "native", "nested")),
        border=rng.choice(("single", "single", "single", "dotted", "none")),
        align=rng.choice(("center", "center", "left", "right")),
        runs=rng.random() < 0.3,
    )


@dataclass
class _Writer:
    report: Report
    look: DocxLook
    picture_look: Look | None
    media: dict[str, bytes] = field(default_factory=dict)
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def body(self) -> str:
        pictures = self.look.tables not in {"native", "nested"}
        parts: list[str] = []
        for kind, content in flow(self.report):
            if isinstance(content, Section):
                parts.append(self.heading(content))
            elif isinstance(content, Grid):
                if not pictures:
                    parts.append(self.grid(content) + paragraph(""))
            else:
                parts.append(self.text(kind, str(content)))
            if pictures and kind == "heading" and isinstance(content, Section):
                parts.append("\0" + str(content.number))
        return "".join(parts) if not pictures else self.with_pictures(parts)

    def with_pictures(self, parts: list[str]) -> str:
        """Put each table's picture after the text of its section, before the next heading."""
        result: list[str] = []
        waiting = ""
        for part in parts:
            if part.startswith("\0"):
                name = TABLE_OF_SECTION.get(int(part[1:]))
                waiting = (
                    self.table_picture(self.report.tables[name])
                    if name and self.report.tables.get(name)
                    else ""
                )
                continue
            if waiting and "w:outlineLvl" in part:
                result.append(waiting)
                waiting = ""
            result.append(part)
        return "".join([*result, waiting])

    def text(self, kind: str, text: str) -> str:
        if kind == "title" and self.look.headings == "box":
            return f"<w:p>{docx_parts.text_box(paragraph(text, jc='center', bold=True))}</w:p>"
        jc = {"title": "center", "sign": "right"}.get(kind, "")
        return paragraph(
            text, jc=jc, bold=kind == "title", size=22 if kind == "title" else 0, indent=kind == "text"
        )

    def heading(self, section: Section) -> str:
        level = '<w:outlineLvl w:val="0"/>'
        if self.look.headings == "auto":
            number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
            return f"<w:p><w:pPr>{number}{level}</w:pPr>{run(section.title, bold=True)}</w:p>"
        style = '<w:pStyle w:val="1"/>' if self.look.headings == "style" else ""
        return f"<w:p><w:pPr>{style}{level}</w:pPr>{run(section.heading, bold=True)}</w:p>"

    def table_picture(self, grids: list[Grid]) -> str:
        look = self.picture_look or random_look(self.report.rng("docx picture"))
        image = draw_table(grids, look)
        data = picture_bytes(image, self.look.picture)
        number = len(self.media) + 1
        self.media[f"image{number}.{self.look.picture}"] = data
        return f"<w:p>{docx_parts.picture(self.look.tables, number, *image.size)}</w:p>"

    def grid(self, grid: Grid) -> str:
        xml = table(grid, self.look, self.report.rng(f"docx {grid.table}"))
        if self.look.tables != "nested":
            return xml
        return (
            '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/></w:tblPr><w:tblGrid><w:gridCol w:w="9638"/></w:tblGrid>'
            f"<w:tr><w:tc><w:tcPr/>{xml}{paragraph('')}</w:tc></w:tr></w:tbl>"
        )


def write_docx(report: Report, look: DocxLook, picture_look: Look | None = None) -> bytes:
    """Return the report as the bytes of a .docx file."""
    if look.headings == "auto":  # Word's numbers, not the publisher's
        for section, c in zip(report.words.sections, "一二三四五六", strict=True):
            section.ordinal = c + "、"
    writer = _Writer(report, look, picture_look)
    body = writer.body()
    return docx_parts.package(body, writer.media, look.font, look.size)


def picture_bytes(image: Image.Image, kind: str) -> bytes:
    """Return the picture in a format that Word embeds."""
    return emf.encode(image) if kind == "emf" else encode(image, kind)


def run(text: str, bold: bool = False, size: int = 0) -> str:
    """Return a run; line breaks become w:br."""
    properties = ("<w:b/>" if bold else "") + (f'<w:sz w:val="{size * 2}"/>' if size else "")
    pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(t)}</w:t>' for t in text.split("\n"))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{pieces}</w:r>"


def paragraph(text: str, jc: str = "", bold: bool = False, size: int = 0, indent: bool = False) -> str:
    """Return a paragraph of one run."""
    properties = ('<w:ind w:firstLineChars="200" w:firstLine="480"/>' if indent else "") + (
        f'<w:jc w:val="{jc}"/>' if jc else ""
    )
    inner = run(text, bold, size) if text else ""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def table(grid: Grid, look: DocxLook, rng: Random) -> str:
    """Return a w:tbl with gridSpan and vMerge."""
    total = sum(grid.widths)
    widths = [round(_TWIPS * w / total) for w in grid.widths]
    sides = "".join(
        f'<w:{side} w:val="{look.border}" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    borders = f"<w:tblBorders>{sides}</w:tblBorders>"
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    rows = _by_row(grid)
    body = "".join(
        f"<w:tr>{''.join(_cell(c, top, widths, look, rng) for c, top in rows[r])}</w:tr>"
        for r in range(grid.n_rows)
    )
    layout = '<w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/>'
    return f'<w:tbl><w:tblPr>{layout}{borders}<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{body}</w:tbl>'


def _by_row(grid: Grid) -> dict[int, list[tuple[GridCell, bool]]]:
    """Cells of each row from the left; a cell that spans rows is in each of them, first with True."""
    rows: dict[int, list[tuple[GridCell, bool]]] = {r: [] for r in range(grid.n_rows)}
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            rows[row].append((cell, row == cell.row))
    for members in rows.values():
        members.sort(key=lambda m: m[0].column)
    return rows


def _cell(cell: GridCell, top: bool, widths: list[int], look: DocxLook, rng: Random) -> str:
    width = sum(widths[cell.column : cell.column + cell.column_span])
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if cell.column_span > 1:
        properties += f'<w:gridSpan w:val="{cell.column_span}"/>'
    if cell.row_span > 1:
        properties += '<w:vMerge w:val="restart"/>' if top else "<w:vMerge/>"
    properties += '<w:vAlign w:val="center"/>'
    text = cell.text if top else ""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_cell_text(text, cell, look, rng)}</w:tc>"


def _cell_text(text: str, cell: GridCell, look: DocxLook, rng: Random) -> str:
    jc = f'<w:pPr><w:jc w:val="{look.align}"/></w:pPr>'
    set_run: Callable[[str], str] = lambda t: run(t, size=look.cell_size)  # noqa: E731
    lines = text.split("\n") if rng.random() < 0.5 else [text]
    paragraphs = []
    for line in lines:
        cut = rng.randint(1, len(line) - 1) if look.runs and cell.head and len(line) > 2 else 0
        inner = set_run(line[:cut]) + set_run(line[cut:]) if cut else set_run(line) if line else ""
        paragraphs.append(f"<w:p>{jc}{inner}</w:p>")
    return "".join(paragraphs)
