"""PDF: text, ruled tables and pictures of each page in reading order; pages without text as pictures.

page ─ ink ─▶ glyphs, rules, images ─ lattice ─▶ cells ─ glyphs by their middle ─▶ Table
                                    └ the rest ─▶ lines of Text, Pictures ─ furniture dropped ─▶ blocks
"""

from __future__ import annotations

import io
import logging
from typing import Any

import pdfplumber
from pdfminer.pdftypes import resolve1

from extract.errors import ReadError
from extract.model import Document, Problem, Source
from extract.readers.pdf_furniture import without_furniture
from extract.readers.pdf_ink import Ink, ink_of
from extract.readers.pdf_page import Page, page_of, settle_frames
from extract.readers.pdf_pictures import (
    is_decoration,
    is_picture_page,
    open_pdf,
    regions,
    render_page,
    render_region,
)
from extract.settings import Settings

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # its warnings are about fonts and tell nobody anything
_FILE_NAMES = (".doc", ".docx", ".wps", ".html", ".htm", ".pdf")


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
        pages: list[Page] = []
        problems: list[Problem] = []
        plumber = _plumber(source.data, document)
        for number in range(1, len(document) + 1):
            try:
                pages.append(_read_page(plumber, document, number, settings))
            except (
                Exception
            ) as error:  # hostile pages fail anywhere inside the libraries; the others are read
                problems.append(Problem("read", "page_unreadable", _why(error), source.file, number))
                pages.append(Page(1.0))
        meta = _meta(plumber)
    kept = without_furniture([page.blocks for page in pages], [page.height for page in pages])
    return Document("pdf", settle_frames(kept, pages), meta, tuple(problems))


def _plumber(data: bytes, document: Any) -> Any | None:
    """Open with pdfplumber; what only pdfium can open is saved anew by pdfium first. None where both ways fail."""
    try:
        return _opened(data, len(document))
    except Exception:  # pdfminer raises errors of every kind; a second way is tried below
        repaired = io.BytesIO()
        document.save(repaired)
    try:
        return _opened(repaired.getvalue(), len(document))
    except Exception as error:  # every page is then rendered as a picture
        logging.getLogger(__name__).info("no text layer to be had: %s", _why(error))
        return None


def _opened(data: bytes, n_pages: int) -> Any:
    plumber = pdfplumber.open(io.BytesIO(data))
    if len(plumber.pages) != n_pages:
        raise ValueError(f"{len(plumber.pages)} of {n_pages} pages")
    return plumber


def _why(error: Exception) -> str:
    cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    return f"{type(cause).__name__}: {cause}"[:300]


def _read_page(plumber: Any | None, document: Any, number: int, settings: Settings) -> Page:
    """Read one page (from 1); as a picture where its text cannot be had."""
    ink = _ink(plumber, number) if plumber is not None else None
    if ink is None or is_picture_page(ink, document, number):
        picture = render_page(document, number, settings, ink)
        return Page(picture.place.box.y1 if picture.place.box else 1.0, (picture,))
    pictures = [
        render_region(document, number, region, f"image-{number}-{k + 1}", settings)
        for k, region in enumerate(r for r in regions(ink) if not is_decoration(r, ink))
    ]
    return page_of(ink, pictures, number)


def _ink(plumber: Any, number: int) -> Ink | None:
    """Return what is printed on a page, or None where pdfminer breaks on it, which says nothing of how it looks."""
    page = plumber.pages[number - 1]
    try:
        return ink_of(page)
    except Exception as error:  # pdfminer raises anything on broken pages
        logging.getLogger(__name__).info("page %d goes as a picture: %s", number, _why(error))
        return None
    finally:
        page.close()


def _meta(plumber: Any | None) -> tuple[tuple[str, str], ...]:
    """Return the title that the file states of itself, unless it is the name of a file."""
    for info in plumber.doc.info if plumber is not None else ():
        title = _decoded(resolve1(info.get("Title"))).strip()
        named = title.startswith("Microsoft Word - ") or title.lower().endswith(_FILE_NAMES)
        if title and not named and "\ufffd" not in title:
            return (("title", title),)
    return ()


def _decoded(value: Any) -> str:
    """Decode a text of the file's information, whichever of the usual encodings it is in."""
    if isinstance(value, str):
        return value
    if not isinstance(value, bytes):
        return ""
    marks = ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8"))
    for mark, encoding in marks:
        if value.startswith(mark):
            return value.removeprefix(mark).decode(encoding, "ignore").replace("\0", "")
    for encoding in ("utf-8", "gb18030"):
        try:
            return value.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")
