"""Legacy Word files (.doc): text and tables by Apache Tika, in the wheel `extractous`; pictures from the streams.

Tika gives the cells of each row but not which of them are merged; `doc_grid` puts them back on a grid. What Tika cannot
read goes through LibreOffice, where that is installed.
"""

from __future__ import annotations

import re
from dataclasses import replace

import olefile
from extractous import Extractor, TesseractOcrConfig
from lxml import etree

from extract.errors import ReadError
from extract.model import Block, Document, Picture, Problem, Source, Table, Text
from extract.readers import docx, office
from extract.readers.doc_grid import grid_of_rows
from extract.readers.doc_pictures import Pictures, pictures_in
from extract.settings import Settings

_X = "{http://www.w3.org/1999/xhtml}"
_ENCRYPTED = 0x0100
"""Bit of the file information block that says the text is encrypted ([MS-DOC] 2.5.2)."""
_WORD_97 = 0x00C0
"""Files with a smaller version number are Word 95 and older, of which Tika gives no tables."""
_MARK = "embedded:"
_OFFICE_SECONDS = 120.0
_CONTROLS = re.compile(r"[\x00-\x08\x0c\x0e-\x1f\ufffe\uffff]")


def read(source: Source, settings: Settings) -> Document:
    """Read a .doc file. Raises ReadError: encrypted, damaged, timeout, empty."""
    version = _checked_version(source.data)
    if version < _WORD_97 and office.program():
        return _through_office(source, settings)
    try:
        body = _xhtml(source.data).find(_X + "body")
    except ReadError:
        if not office.program():
            raise
        return _through_office(source, settings)
    blocks: list[Block] = []
    if body is not None:
        _walk(body, blocks)
    placed = _with_pictures(blocks, pictures_in(source.data, settings))
    problems = (
        Problem("read", "picture_unreadable", b.name) for b in placed if isinstance(b, Picture) and not b.data
    )
    return Document("doc", tuple(placed), (), tuple(problems))


def _checked_version(data: bytes) -> int:
    """Return the version number of the file. Raises ReadError: encrypted, damaged."""
    try:
        with olefile.OleFileIO(data) as ole:
            if not ole.exists("WordDocument"):
                raise ReadError("damaged", "No WordDocument stream.")
            head = ole.openstream("WordDocument").read(12)
    except (OSError, ValueError, IndexError) as error:
        raise ReadError("damaged", f"{error}") from error
    if len(head) < 12:
        raise ReadError("damaged", "The WordDocument stream is cut off.")
    if int.from_bytes(head[10:12], "little") & _ENCRYPTED:
        raise ReadError("encrypted")
    return int.from_bytes(head[2:4], "little")


def _through_office(source: Source, settings: Settings) -> Document:
    converted = office.docx_of(source.data, min(_OFFICE_SECONDS, settings.timeout))
    document = docx.read(replace(source, data=converted, kind="docx"), settings)
    blocks = tuple(replace(b, source="doc") if isinstance(b, Table) else b for b in document.blocks)
    return replace(document, kind="doc", blocks=blocks)


def _xhtml(data: bytes) -> etree._Element:
    """Return what Tika makes of the file, parsed. Raises ReadError: damaged, empty."""
    # Tika would read pictures by tesseract where that is installed: seconds for garbage. No time turns it off.
    extractor = Extractor().set_xml_output(True).set_ocr_config(TesseractOcrConfig().set_timeout_seconds(0))
    parts = []
    try:
        stream, _ = extractor.extract_bytes(bytearray(data))
        while part := stream.read(1 << 20):
            parts.append(bytes(part))
    except (OSError, RuntimeError, TypeError) as error:  # TypeError is how the library reports faults of Java
        raise ReadError("damaged", f"{error}".partition("\n")[0][:200]) from error
    text = b"".join(parts).decode("utf-8", "replace").replace("\x0b", "\n")
    text = re.sub(r"^<\?xml[^>]*\?>", "", _CONTROLS.sub("", text).lstrip())
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root: etree._Element | None = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise ReadError("damaged", f"{error}") from error
    if root is None:
        raise ReadError("empty", "No text.")
    return root


def _walk(node: etree._Element, blocks: list[Block]) -> None:
    """Collect paragraphs and tables in order; headers and footers are page furniture."""
    for child in node.iterchildren(f"{_X}*"):
        kind = child.get("class") or ""
        if child.tag == _X + "table":
            _table(child, blocks)
        elif child.tag == _X + "div":
            if kind not in {"header", "footer", "ocr"}:
                _walk(child, blocks)
        else:
            text = _text(child)
            if text:
                blocks.append(Text(text))
            _marks(child, blocks)


def _table(node: etree._Element, blocks: list[Block]) -> None:
    """Take a table; one that holds tables or has one column only arranges a page, and is dissolved."""
    rows = [
        list(row.iterchildren(_X + "td", _X + "th")) for row in node.iter(_X + "tr") if _owner(row) is node
    ]
    nested = next(node.iterdescendants(_X + "table"), None) is not None
    if nested or max((len(row) for row in rows), default=0) < 2:
        for row in rows:
            for cell in row:
                _walk(cell, blocks)
        return
    blocks.append(grid_of_rows([[_text(cell) for cell in row] for row in rows]))
    _marks(node, blocks)


def _owner(row: etree._Element) -> etree._Element | None:
    return next(row.iterancestors(_X + "table"), None)


def _marks(node: etree._Element, blocks: list[Block]) -> None:
    """Note where pictures belong; the marks' names say no more than the kind (embedded:image1.png)."""
    blocks.extend(Picture(i.get("src") or _MARK, b"") for i in node.iter(_X + "img"))


def _text(node: etree._Element) -> str:
    """Return the text of a paragraph or cell; the paragraphs of a cell on lines of their own."""
    paragraphs = list(node.iter(_X + "p")) or [node]
    lines = (_line(p).strip() for p in paragraphs)
    return "\n".join(line for line in lines if line)


def _line(node: etree._Element) -> str:
    parts = [node.text or ""]
    for child in node.iterchildren(f"{_X}*"):
        if child.tag == _X + "br":
            parts.append("\n")
        elif child.tag != _X + "div":
            parts.append(_line(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _with_pictures(blocks: list[Block], pictures: Pictures) -> list[Block]:
    """Put the pictures where Tika marked one each; those left over come at the end, marks left over stay empty.

    A mark takes the next inline or the next floating picture, whichever is of its kind.
    """
    inline, floating = list(pictures.inline), list(pictures.floating)
    result: list[Block] = []
    for block in blocks:
        if not isinstance(block, Picture):
            result.append(block)
            continue
        queues = [queue for queue in (inline, floating) if queue]
        fitting = [queue for queue in queues if _kind(queue[0].name) == _kind(block.name)]
        queue = (fitting or queues or [[block]])[0]
        result.append(queue.pop(0))
    # behind the text Tika marks once more every stored picture that it could not place
    while result and isinstance(result[-1], Picture) and result[-1].name.startswith(_MARK):
        result.pop()
    return [*result, *inline, *floating]


def _kind(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    return {"jpg": "jpeg", "dib": "bmp", "tif": "tiff"}.get(ending, ending)
