"""PDF: text, ruled tables and pictures of each page in reading order; pages without text as pictures.

page ─ ink ─▶ glyphs, rules, images ─ lattice ─▶ cells ─ glyphs by their middle ─▶ Table
                                    └ the rest ─▶ lines of Text, Pictures ─ furniture dropped ─▶ blocks
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pdfplumber

from extract.errors import ReadError
from extract.model import Block, Document, Picture, Place, Problem, Source, Table, Text
from extract.readers.pdf_aligned import find_aligned
from extract.readers.pdf_furniture import without_furniture
from extract.readers.pdf_ink import Glyph, Ink, box_on_page, ink_of
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
_SAME_EDGE = 3.0
"""Points to which the outer borders of a table agree over a page break."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Blocks of a page from the top; `frames` are one-column tables by position, with the lines inside."""

    height: float
    blocks: tuple[Block, ...] = ()
    frames: tuple[tuple[Table, tuple[Text, ...]], ...] = ()


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
        pages: list[_Page] = []
        problems: list[Problem] = []
        plumber = _plumber(source.data, document)
        for number in range(1, len(document) + 1):
            try:
                pages.append(_read_page(plumber, document, number, settings))
            except Exception as error:  # noqa: BLE001 - hostile files fail anywhere inside the libraries
                problems.append(Problem("read", "page_unreadable", _why(error), source.file, number))
                pages.append(_Page(1.0))
        meta = _meta(plumber)
    kept = without_furniture([page.blocks for page in pages], [page.height for page in pages])
    blocks = _settle_frames(kept, pages)
    return Document("pdf", blocks, meta, tuple(problems))
