"""Draws a report as OFD (GB/T 33190-2016): the same pages as the drawn PDFs, as objects in millimetres."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from . import archive
from .pdf import PdfLook, Sheet, draw_report
from .report import Report

_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MM = 25.4 / 72


@dataclass
class _Page:
    objects: list[str] = field(default_factory=list)


class _OfdSheet(Sheet):
    """A pen that keeps what it draws as OFD objects."""

    def __init__(self, look: PdfLook) -> None:
        self.pages: list[_Page] = []
        self.steps = 0
        super().__init__(look)

    def turn(self) -> None:
        """Begin a page and number it."""
        self.pages.append(_Page())
        super().turn()

    def line(self, text: str, x: float, baseline: float, size: float) -> None:
        """Set a line of text as one object, a place for each character."""
        if not text.strip():
            return
        advances = [self._advance(char, size) * _MM for char in text]
        steps = _steps(advances[:-1], packed=self.steps % 2 == 0)
        self.steps += 1
        width, height = sum(advances), size * _MM * 1.2
        box = f"{x * _MM:.3f} {(baseline - size) * _MM:.3f} {width:.3f} {height:.3f}"
        self._add(
            f'<ofd:TextObject ID="{{id}}" Boundary="{box}" Font="3" Size="{size * _MM:.3f}"><ofd:TextCode X="0" '
            f'Y="{size * _MM:.3f}" DeltaX="{steps}">{escape(text)}</ofd:TextCode></ofd:TextObject>'
        )

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a ruling line as a path in its own frame."""
        box = f"{x0 * _MM:.3f} {y0 * _MM:.3f} {max(x1 - x0, 0.1) * _MM:.3f} {max(y1 - y0, 0.1) * _MM:.3f}"
        path = f"M 0 0 L {(x1 - x0) * _MM:.3f} {(y1 - y0) * _MM:.3f}"
        self._add(
            f'<ofd:PathObject ID="{{id}}" Boundary="{box}" LineWidth="0.18"><ofd:AbbreviatedData>{path}'
            "</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def _add(self, item: str) -> None:
        self.pages[-1].objects.append(item.replace("{id}", str(10 + sum(len(p.objects) for p in self.pages))))


def _steps(advances: list[float], packed: bool) -> str:
    """Return the advances; packed, runs of equal ones as `g count step`, as most programs write them."""
    texts = [f"{a:.3f}" for a in advances]
    if not packed:
        return " ".join(texts)
    runs: list[tuple[str, int]] = []
    for text in texts:
        if runs and runs[-1][0] == text:
            runs[-1] = (text, runs[-1][1] + 1)
        else:
            runs.append((text, 1))
    return " ".join(f"g {n} {text}" if n > 1 else text for text, n in runs)


def write_ofd(report: Report, look: PdfLook) -> bytes:
    """Return the report as the bytes of an OFD file."""
    sheet = _OfdSheet(look)
    draw_report(sheet, report)
    size = f"0 0 {sheet.pdf.w * _MM:.2f} {sheet.pdf.h * _MM:.2f}"
    listed = "".join(
        f'<ofd:Page ID="{k + 1}" BaseLoc="Pages/Page_{k}/Content.xml"/>' for k in range(len(sheet.pages))
    )
    title = escape(report.words.title.replace("\n", ""))
    members = {
        "OFD.xml": f'{_HEAD}<ofd:OFD {_NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:Title>{title}'
        "</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"{_HEAD}<ofd:Document {_NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>9999</ofd:MaxUnitID>"
        f"<ofd:PageArea><ofd:PhysicalBox>{size}</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>{listed}"
        "</ofd:Pages></ofd:Document>",
    }
    for k, page in enumerate(sheet.pages):
        members[f"Doc_0/Pages/Page_{k}/Content.xml"] = (
            f'{_HEAD}<ofd:Page {_NAMESPACE}><ofd:Content><ofd:Layer ID="{9000 + k}">{"".join(page.objects)}'
            "</ofd:Layer></ofd:Content></ofd:Page>"
        )
    return archive.pack({name: text.encode() for name, text in members.items()})
