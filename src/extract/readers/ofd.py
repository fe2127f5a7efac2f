"""OFD, the national format of fixed pages (GB/T 33190-2016): print and lines of each page, laid out as those of a PDF.

A page is a list of objects in millimetres: texts with the place of each character, paths, images by reference. Lengths are
turned into points, so that boxes mean the same as in a PDF.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from extract.errors import ReadError
from extract.model import Block, Box, Document, Picture, Place, Problem, Source, Table
from extract.readers.ofd_package import Package, children, first, local
from extract.readers.ofd_page import drawn, glyphs_of
from extract.readers.pdf_furniture import without_furniture
from extract.readers.pdf_ink import Glyph, Ink, Rule
from extract.readers.pdf_page import Page, page_of, settle_frames
from extract.readers.pdf_pictures import is_garbage
from extract.settings import Settings

POINTS = 72 / 25.4
"""Points in a millimetre."""
_WHOLE = 0.7
"""Share of a page that the scan of a page covers at least."""
_SMALL = 40.0
"""Points; an image lower or narrower is a mark or a seal."""
_FEW = 30


def read(source: Source, settings: Settings) -> Document:
    """Read an OFD file. Raises ReadError: damaged, encrypted, too_large, empty."""
    package = Package(source.data, settings)
    pages: list[Page] = []
    problems: list[Problem] = []
    for number, (path, page, backgrounds) in enumerate(package.pages(), 1):
        if number > settings.max_pages:
            raise ReadError("too_large", f"More than {settings.max_pages} pages.")
        if page is None:
            problems.append(Problem("read", "page_unreadable", f"{path} is missing or damaged.", page=number))
            pages.append(Page(1.0))
            continue
        laid, found = _page(package, page, backgrounds, number)
        pages.append(laid)
        problems.extend(found)
    if not pages:
        raise ReadError("empty", "No pages.")
    kept = without_furniture([page.blocks for page in pages], [page.height for page in pages])
    blocks = tuple(_ofd(block) for block in settle_frames(kept, pages))
    meta = (("title", package.title),) if package.title else ()
    return Document("ofd", blocks, meta, tuple(problems))


def _ofd(block: Block) -> Block:
    return replace(block, source="ofd") if isinstance(block, Table) else block


def _page(
    package: Package, page: etree._Element, backgrounds: list[etree._Element], number: int
) -> tuple[Page, list[Problem]]:
    """Lay a page out; a page that is one picture goes as that, to be read by its look."""
    width, height = package.size(page)
    glyphs: list[Glyph] = []
    across: list[Rule] = []
    down: list[Rule] = []
    fills: list[Box] = []
    pictures: list[Picture] = []
    for item in (x for layer in (*backgrounds, page) for x in _objects(layer)):
        kind = local(item)
        if kind == "TextObject":
            glyphs += glyphs_of(item, POINTS)
        elif kind == "PathObject":
            a, d, f = drawn(item, POINTS)
            across, down, fills = across + a, down + d, fills + f
        elif kind == "ImageObject" and (box := _box(item)) is not None:
            name = f"image-{number}-{len(pictures) + 1}"
            pictures.append(
                Picture(name, package.media(item.get("ResourceID", "")), Place(page=number, box=box))
            )
    marks = [glyph for glyph in glyphs if glyph.text.strip()]
    problems = [Problem("read", "picture_unreadable", p.name, page=number) for p in pictures if not p.data]
    whole = next((p for p in pictures if _share(p, width * height) >= _WHOLE), None)
    if whole is not None and (len(marks) < _FEW or is_garbage(marks)):
        at = Place(page=number, box=Box(0.0, 0.0, width, height))
        return Page(height, (replace(whole, name=f"page-{number}", place=at),)), problems
    if marks and is_garbage(marks):
        problems.append(Problem("read", "page_unreadable", "Its characters have no codes.", page=number))
    ink = Ink(width, height, tuple(glyphs), tuple(across), tuple(down), tuple(fills), ())
    shown = [p for p in pictures if p is not whole and not _is_small(p)]
    return page_of(ink, shown, number), problems


def _objects(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the objects of a page in the order of print, those in blocks too."""
    content = first(element, "Content")
    for layer in children(content) if content is not None else ():
        yield from (x for x in layer.iter() if local(x) in {"TextObject", "PathObject", "ImageObject"})


def _box(item: etree._Element) -> Box | None:
    try:
        x, y, w, h = (float(n) * POINTS for n in item.get("Boundary", "").split())
    except ValueError:
        return None
    return Box(x, y, x + w, y + h) if w > 0 and h > 0 else None


def _share(picture: Picture, area: float) -> float:
    box = picture.place.box
    return (box.x1 - box.x0) * (box.y1 - box.y0) / area if box else 0.0


def _is_small(picture: Picture) -> bool:
    box = picture.place.box
    return box is None or min(box.x1 - box.x0, box.y1 - box.y0) < _SMALL
