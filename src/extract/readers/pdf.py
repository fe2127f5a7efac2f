"""PDF: text, ruled tables and pictures of each page in reading order; pages without text as pictures.

page ─ ink ─▶ glyphs, rules, images ─ lattice ─▶ cells ─ glyphs by their middle ─▶ Table
                                    └ the rest ─▶ lines of Text, Pictures ─ furniture dropped ─▶ blocks
"""

from __future__ import annotations

import io
import logging
from typing import Any

import pdfplumber

from extract.errors import ReadError
from extract.model import Block, Document, Place, Problem, Source, Text
from extract.readers.pdf_aligned import find_aligned
from extract.readers.pdf_furniture import without_furniture
from extract.readers.pdf_ink import Ink, box_on_page, ink_of
from extract.readers.pdf_lattice import find_lattices
from extract.readers.pdf_pictures import (
    is_decoration,
    is_picture_page,
    open_pdf,
    regions,
    render_page,
    render_region,
)
from extract.readers.pdf_tables import fill, take
from extract.readers.pdf_text import box_of, line_text, lines_of
from extract.settings import Settings

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # its warnings are about fonts and tell nobody anything


def read(source: Source, settings: Settings) -> Document:
    """Read a PDF. Places are points from the top left corner of the page as displayed.

    A page that cannot be read becomes a problem `page_unreadable`. Raises ReadError `encrypted` where a password
    is needed to open the file, `damaged` where it cannot be opened, `too_large` above `settings.max_pages`.
    """
    with open_pdf(source.data) as document:
        if len(document) > settings.max_pages:
            raise ReadError("too_large", f"{len(document)} pages.")
        if not len(document):
            raise ReadError("damaged", "No pages.")
        plumber = _plumber(source.data)
        pages: list[list[Block]] = []
        problems: list[Problem] = []
        for number in range(1, len(document) + 1):
            try:
                pages.append(_read_page(plumber, document, number, settings))
            except (
                Exception
            ) as error:  # hostile pages fail anywhere inside the libraries; the others are read
                detail = f"{type(error).__name__}: {error}"[:300]
                problems.append(Problem("read", "page_unreadable", detail, page=number))
                pages.append([])
        heights = [float(document[n].get_size()[1]) for n in range(len(document))]
        meta = _meta(plumber)
    kept = without_furniture(pages, heights)
    return Document("pdf", tuple(block for page in kept for block in page), meta, tuple(problems))


def _plumber(data: bytes) -> Any:
    """Open a document for its text and lines. Raises ReadError: what pdfium repairs may be beyond pdfminer."""
    try:
        return pdfplumber.open(io.BytesIO(data))
    except Exception as error:  # pdfminer raises errors of every kind on damaged files
        raise ReadError("damaged", f"{type(error).__name__}: {error}"[:300]) from error


def _read_page(plumber: Any, document: Any, number: int, settings: Settings) -> list[Block]:
    """Return the blocks of a page (from 1), from the top."""
    page = plumber.pages[number - 1]
    ink = ink_of(page)
    page.close()
    if is_picture_page(ink, document, number):
        return [render_page(document, number, settings)]
    blocks = _tables_and_text(ink, number)
    for i, region in enumerate(regions(ink), 1):
        if not is_decoration(region, ink):
            blocks.append(render_region(document, number, region, f"image-{number}-{i}", settings))
    return sorted(blocks, key=lambda block: block.place.box.y0 if block.place.box else 0.0)


def _tables_and_text(ink: Ink, number: int) -> list[Block]:
    """Part a page into ruled tables, tables that only alignment shows, and lines of text."""
    ruled = find_lattices(ink)
    rest = list(ink.glyphs)
    blocks: list[Block] = []
    for lattice in ruled.lattices:
        if not lattice.one_column:  # a frame around text, or shading behind it, is no table
            mine, rest = take(lattice, rest)
            blocks.append(fill(lattice, mine, ink, number))
    lines = lines_of(rest)
    used: set[int] = set()
    for found in find_aligned(lines, ruled.loose):
        span = range(found.start, found.stop)
        blocks.append(fill(found.lattice, [glyph for i in span for glyph in lines[i]], ink, number))
        used.update(span)
    for i, line in enumerate(lines):
        text = line_text(line).strip()
        if text and i not in used:
            blocks.append(Text(text, Place(page=number, box=box_on_page(ink, box_of(line))), soft=True))
    return blocks


def _meta(plumber: Any) -> tuple[tuple[str, str], ...]:
    """Return the title that the file states of itself, unless it is the name of a file."""
    title = str((plumber.metadata or {}).get("Title") or "").strip()
    usable = (
        title and not title.lower().endswith((".doc", ".docx", ".wps", ".html")) and "\ufffd" not in title
    )
    return (("title", title),) if usable else ()
