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
from pdfminer.pdftypes import resolve1

from extract.errors import ReadError
from extract.model import Block, Document, Place, Problem, Source, Table, Text
from extract.readers.pdf_aligned import find_aligned
from extract.readers.pdf_furniture import without_furniture
from extract.readers.pdf_ink import Glyph, Ink, box_on_page, ink_of
from extract.readers.pdf_lattice import Lattice, find_lattices
from extract.readers.pdf_pictures import (
    is_decoration,
    is_picture_page,
    open_pdf,
    regions,
    render_page,
    render_region,
)
from extract.readers.pdf_tables import fill, fill_aligned, take
from extract.readers.pdf_text import box_of, line_text, lines_of
from extract.settings import Settings

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # its warnings are about fonts and tell nobody anything
_FILE_NAMES = (".doc", ".docx", ".wps", ".html", ".htm", ".pdf")
_SAME_EDGE = 3.0
"""Points to which the outer borders of a table agree over a page break."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Blocks of a page from the top; `frames` are those tables that have one column, with the lines inside."""

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
            except (
                Exception
            ) as error:  # hostile pages fail anywhere inside the libraries; the others are read
                problems.append(Problem("read", "page_unreadable", _why(error), source.file, number))
                pages.append(_Page(1.0))
        meta = _meta(plumber)
    kept = without_furniture([page.blocks for page in pages], [page.height for page in pages])
    return Document("pdf", _settle_frames(kept, pages), meta, tuple(problems))


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


def _read_page(plumber: Any | None, document: Any, number: int, settings: Settings) -> _Page:
    """Read one page (from 1); as a picture where its text cannot be had."""
    ink = _ink(plumber, number) if plumber is not None else None
    if ink is None or is_picture_page(ink, document, number):
        picture = render_page(document, number, settings, ink)
        return _Page(picture.place.box.y1 if picture.place.box else 1.0, (picture,))
    return _page_of_text(ink, document, number, settings)


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


def _page_of_text(ink: Ink, document: Any, number: int, settings: Settings) -> _Page:
    ruled = find_lattices(ink)
    found: list[tuple[float, float, Block]] = []
    frames: list[tuple[Table, tuple[Text, ...]]] = []
    rest: Sequence[Glyph] = ink.glyphs
    for lattice in sorted(ruled.lattices, key=_area):
        inside, outside = take(lattice, rest)
        if not any(glyph.text.strip() for glyph in inside):
            continue
        rest = outside
        table = fill(lattice, inside, ink, number)
        if lattice.one_column:
            frames.append((table, tuple(_text(line, ink, number) for line in lines_of(inside))))
        found.append((lattice.ys[0], lattice.xs[0], table))
    lines = lines_of(rest)
    for aligned in reversed(find_aligned(lines, ruled.loose)):
        del lines[aligned.start : aligned.stop]
        found.append((aligned.rows[0].y0, aligned.xs[0], fill_aligned(aligned, ink, number)))
    for line in lines:
        found.append((min(g.y0 for g in line), line[0].x0, _text(line, ink, number)))
    for k, region in enumerate(r for r in regions(ink) if not is_decoration(r, ink)):
        name = f"image-{number}-{k + 1}"
        picture = render_region(document, number, region, name, settings)
        found.append((region.box.y0, region.box.x0, picture))
    found.sort(key=lambda item: item[:2])
    return _Page(ink.height, tuple(block for _, _, block in found), tuple(frames))


def _area(lattice: Lattice) -> float:
    return (lattice.xs[-1] - lattice.xs[0]) * (lattice.ys[-1] - lattice.ys[0])


def _text(line: Sequence[Glyph], ink: Ink, number: int) -> Text:
    return Text(line_text(line), Place(page=number, box=box_on_page(ink, box_of(line))), soft=True)


def _settle_frames(kept: Sequence[Sequence[Block]], pages: Sequence[_Page]) -> tuple[Block, ...]:
    """Take frames around running text apart into lines; keep those that a table on the facing page continues."""
    blocks: list[Block] = []
    frames = {id(table): texts for page in pages for table, texts in page.frames}
    for i, page in enumerate(kept):
        for k, block in enumerate(page):
            if id(block) not in frames:
                blocks.append(block)
                continue
            facing = [kept[i - 1][-1:]] if k == 0 and i else []
            facing += [kept[i + 1][:1]] if k == len(page) - 1 and i + 1 < len(kept) else []
            whole = any(_goes_on(block, b) for side in facing for b in side if id(b) not in frames)
            blocks.extend((block,) if whole else frames[id(block)])
    return tuple(blocks)


def _goes_on(frame: Block, other: Block) -> bool:
    """True where two tables have the same outer borders."""
    here, there = frame.place.box, other.place.box
    if not isinstance(other, Table) or here is None or there is None:
        return False
    return abs(here.x0 - there.x0) <= _SAME_EDGE and abs(here.x1 - there.x1) <= _SAME_EDGE


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
