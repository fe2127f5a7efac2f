"""Saved web pages: the article without the site around it, tables with their spans, pictures."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from lxml import etree
from lxml import html as lhtml

from extract.errors import ReadError
from extract.kinds import decode
from extract.model import Block, Document, Picture, Problem, Source, Text
from extract.readers.html_article import article_of, drop_chrome, metadata
from extract.readers.html_table import cell_text, is_layout, table_of
from extract.settings import Settings

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "ul",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "caption",
        "body",
        "html",
    ]
)
_SMALL = 60
"""A picture said to be narrower or lower than this, in pixels, is an icon."""
_ICON = re.compile(
    r"(?:icon|logo|qr|erweima|weixin|wechat|share|print|dot|arrow|banner|blank|spacer|blue|beian)",
    re.IGNORECASE,
)
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


def read(source: Source, settings: Settings) -> Document:
    """Read a page. Raises ReadError("empty") for one without any content."""
    text = _INVISIBLE.sub("", decode(source.data)).replace("\x00", "")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = lhtml.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = lhtml.document_fromstring(text, parser=parser, ensure_head_body=True)
    except (etree.ParserError, ValueError) as error:
        raise ReadError("empty", f"{error}") from error
    meta = metadata(root)
    drop_chrome(root)
    walker = _Walker(source)
    try:
        walker.walk(article_of(root))
    except RecursionError as error:
        raise ReadError("damaged", "Elements are nested too deeply.") from error
    walker.end_paragraph()
    if any("depth" in fault.message.lower() for fault in parser.error_log):
        walker.problems.append(Problem("read", "damaged", "What is nested too deeply is not read."))
    return Document("html", tuple(walker.blocks), tuple(meta.items()), tuple(walker.problems))


class _Walker:
    """Goes through an article once and collects its blocks in order."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        self._line: list[str] = []
        self._pictures = 0

    def end_paragraph(self) -> None:
        """Close the paragraph being collected."""
        text = re.sub(r"[ \t\r\n\xa0]+", " ", "".join(self._line)).strip(" \u3000")
        self._line = []
        if text:
            self.blocks.append(Text(text))

    def walk(self, node: lhtml.HtmlElement) -> None:
        """Take a node with all below it; its tail belongs to whoever called."""
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag == "table" and not is_layout(node):
            self._table(node)
            return
        if tag == "img":
            self._picture(node)
            return
        block = tag in _BLOCKS or tag == "table"
        if block or tag == "br":
            self.end_paragraph()
        self._line.append(node.text or "")
        for child in node:
            self.walk(child)
            self._line.append(child.tail or "")
        if block:
            self.end_paragraph()

    def _table(self, node: lhtml.HtmlElement) -> None:
        self.end_paragraph()
        caption = node.find("caption")
        if caption is not None and cell_text(caption):
            self.blocks.append(Text(cell_text(caption)))
        table = table_of(node)
        if any(cell.text for cell in table.cells):
            self.blocks.append(table)
        for picture in node.iter("img"):
            self._picture(picture)

    def _picture(self, node: lhtml.HtmlElement) -> None:
        source = (node.get("src") or node.get("data-src") or node.get("data-original") or "").strip()
        if not source or _is_icon(node, source):
            return
        self.end_paragraph()
        data = _data_uri(source) if source.startswith("data:") else self.source.neighbour(source)
        self._pictures += 1
        name = f"data-uri-{self._pictures}" if source.startswith("data:") else source
        if not data:
            kind = "external_resource" if re.match(r"(?:https?:)?//", source) else "picture_missing"
            self.problems.append(Problem("read", kind, source[:200]))
            if kind == "external_resource":
                self.problems.append(Problem("read", "picture_missing", source[:200]))
        self.blocks.append(Picture(name[:200], data or b""))


def _is_icon(node: lhtml.HtmlElement, source: str) -> bool:
    """Tell decoration from content by the size that the page states, else by the name."""
    sizes = [int(m[0]) for a in ("width", "height") if (m := re.match(r"\d+(?=(?:px)?$)", node.get(a) or ""))]
    if sizes:
        return min(sizes) < _SMALL
    return not source.startswith("data:") and bool(_ICON.search(source.rsplit("/", 1)[-1]))


def _data_uri(source: str) -> bytes | None:
    """Return the bytes of a data URI, or None where it is broken or holds no picture."""
    head, comma, body = source.partition(",")
    if not comma or not head.startswith("data:image/") or "svg" in head:
        return None
    raw = unquote_to_bytes(body)
    if not head.endswith(";base64"):
        return raw
    try:
        return base64.b64decode(re.sub(rb"\s", b"", raw), validate=False)
    except (binascii.Error, ValueError):
        return None
