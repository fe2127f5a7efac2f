"""Legacy Word files (.doc): text and tables by Apache Tika, which the wheel `extractous` carries; pictures from the
OLE streams.

Tika gives the cells of each row but not which of them are merged; `doc_grid` puts them back on a grid.
"""

from __future__ import annotations

import re

import olefile
from extractous import Extractor
from lxml import etree

from extract.errors import ReadError
from extract.model import Block, Document, Picture, Problem, Source, Text
from extract.readers.doc_grid import grid_of_rows
from extract.readers.doc_pictures import pictures_in
from extract.settings import Settings

_X = "{http://www.w3.org/1999/xhtml}"
_ENCRYPTED = 0x0100
"""Bit of the file information block that says the text is encrypted ([MS-DOC] 2.5.2)."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def read(source: Source, settings: Settings) -> Document:
    """Read a .doc file. Raises ReadError: encrypted, damaged."""
    _refuse_encrypted(source.data)
    body = _xhtml(source.data).find(_X + "body")
    blocks: list[Block] = []
    if body is not None:
        _walk(body, blocks)
    pictures = pictures_in(source.data)
    problems = tuple(Problem("read", "picture_unreadable", p.name) for p in pictures if not p.data)
    return Document("doc", tuple(_with_pictures(blocks, pictures)), (), problems)


def _refuse_encrypted(data: bytes) -> None:
    try:
        with olefile.OleFileIO(data) as ole:
            if not ole.exists("WordDocument"):
                raise ReadError("damaged", "No WordDocument stream.")
            head = ole.openstream("WordDocument").read(12)
    except (OSError, ValueError, IndexError) as error:
        raise ReadError("damaged", f"{error}") from error
    if len(head) == 12 and int.from_bytes(head[10:12], "little") & _ENCRYPTED:
        raise ReadError("encrypted")


def _xhtml(data: bytes) -> etree._Element:
    """Return what Tika makes of the file, parsed."""
    try:
        stream, _ = Extractor().set_xml_output(True).extract_bytes(bytearray(data))
        parts = []
        while part := stream.read(1 << 20):
            parts.append(bytes(part))
    except Exception as error:  # the library raises its own untyped errors
        raise ReadError("damaged", f"{error}"[:300]) from error
    text = _NO_TEXT.sub("", b"".join(parts).decode("utf-8", "replace"))
    text = re.sub(r"^<\?xml[^>]*\?>", "", text.lstrip())
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise ReadError("damaged", f"{error}") from error
    if root is None:
        raise ReadError("empty", "No text.")
    return root


def _walk(node: etree._Element, blocks: list[Block]) -> None:
    """Collect paragraphs and tables in order; headers and footers are page furniture."""
    for child in node:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "table":
            rows = [[_text(cell) for cell in row.iter(_X + "td", _X + "th")] for row in child.iter(_X + "tr")]
            if max((len(row) for row in rows), default=0) >= 2:
                blocks.append(grid_of_rows(rows))
            else:
                blocks.extend(Text(text) for row in rows for text in row if text)
        elif name == "div" and (child.get("class") or "") in {"header", "footer"}:
            continue
        elif name == "div":
            _walk(child, blocks)
        elif name == "img":
            blocks.append(Picture("embedded", b""))
        else:
            text = _text(child)
            if text:
                blocks.append(Text(text))
            blocks.extend(Picture("embedded", b"") for _ in child.iter(_X + "img"))


def _text(node: etree._Element) -> str:
    """Return the text of a paragraph or cell; the paragraphs of a cell on lines of their own."""
    paragraphs = list(node.iter(_X + "p"))
    if not paragraphs:
        return "".join(node.itertext()).strip()
    lines = ("".join(p.itertext()).strip() for p in paragraphs)
    return "\n".join(line for line in lines if line)


def _with_pictures(blocks: list[Block], pictures: list[Picture]) -> list[Block]:
    """Put the pictures where Tika marked one each, as far as the marks reach; those left over come at the end."""
    rest = list(pictures)
    result: list[Block] = []
    for block in blocks:
        if not isinstance(block, Picture):
            result.append(block)
        elif rest:
            result.append(rest.pop(0))
    return [*result, *rest]
