"""Word files: paragraphs, tables with their spans, pictures, text boxes, in reading order.

The XML is walked here, not through python-docx's cell objects, which look every cell up anew: a report takes
milliseconds. WordprocessingML: ECMA-376 part 1, clause 17.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from extract.model import Block, Document, Picture, Problem, Source, Text
from extract.readers.docx_numbering import Numbering
from extract.readers.docx_package import Package, open_package
from extract.readers.docx_pictures import picture_of
from extract.readers.docx_table import grid_cells, table_of
from extract.readers.docx_xml import MC, VML, A, R, W, paragraph_text
from extract.settings import Settings

_TRANSPARENT = {W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}


def read(source: Source, settings: Settings) -> Document:
    """Read a Word file. Raises ReadError: damaged, too_large."""
    package = open_package(source.data, settings)
    walker = _Walker(package)
    walker.body(package.body)
    for note in package.notes():
        walker.body(note)
    return Document("docx", tuple(walker.blocks), tuple(package.meta().items()), tuple(walker.problems))


class _Walker:
    """Goes through a body once and collects its blocks in order."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.numbering = Numbering(package.part("word/numbering.xml"), package.part("word/styles.xml"))
        self.blocks: list[Block] = []
        self.problems: list[Problem] = []
        self._names: dict[str, int] = {}

    def body(self, node: etree._Element) -> None:
        """Take the children of a body, cell or text box."""
        for child in node:
            if child.tag == W + "p":
                self._paragraph(child)
            elif child.tag == W + "tbl":
                self._table(child)
            elif child.tag in _TRANSPARENT:
                self.body(child)
            elif child.tag == MC + "AlternateContent":
                self.body(_chosen(child))

    def _paragraph(self, node: etree._Element) -> None:
        text = paragraph_text(node)
        if text.strip():
            self.blocks.append(Text(self.numbering.label(node) + text.strip()))
        elif text == "" and not len(node):
            return
        self._drawn(node)

    def _drawn(self, node: etree._Element) -> None:
        """Take the text boxes and pictures anchored in a paragraph, after its text."""
        for element in _drawings(node):
            if element.tag == W + "txbxContent":
                self.body(element)
            else:
                self._picture(element)

    def _picture(self, element: etree._Element) -> None:
        external = element.get(R + "link") if element.tag == A + "blip" else None
        identifier = element.get(R + "embed") or element.get(R + "id") or external or ""
        if not identifier:
            return
        picture, problem = picture_of(self.package, identifier, element)
        if problem is not None:
            self.problems.append(problem)
        if picture is not None:
            self._names[picture.name] = n = self._names.get(picture.name, 0) + 1
            name = picture.name if n == 1 else f"{picture.name}#{n}"
            self.blocks.append(Picture(name, picture.data))

    def _table(self, node: etree._Element) -> None:
        """Take a table; one that only arranges a page is dissolved into what stands in it."""
        cells = grid_cells(node)
        nested = any(True for _ in node.iterdescendants(W + "tbl"))
        columns = len({cell.column for cell in cells})
        if nested or columns < 2:
            for cell in cells:
                for part in cell.parts:
                    self.body(part)
            return
        self.blocks.append(table_of(cells, self.numbering))
        for cell in cells:
            for part in cell.parts:
                for paragraph in part.iter(W + "p"):
                    self._drawn(paragraph)


def _chosen(node: etree._Element) -> etree._Element:
    """Of the two ways of one content take the new one, unless it is empty; never both."""
    choice, fallback = node.find(MC + "Choice"), node.find(MC + "Fallback")
    if choice is not None and (len(choice) or fallback is None):
        return choice
    return fallback if fallback is not None else node


def _drawings(node: etree._Element) -> Iterator[etree._Element]:
    """Yield text boxes and pictures below a node in order, not those inside a text box or another paragraph."""
    for child in node:
        if child.tag == MC + "AlternateContent":
            yield from _drawings(_chosen(child))
        elif child.tag == W + "txbxContent":
            yield child
        elif child.tag in {A + "blip", VML + "imagedata"}:
            yield child
            yield from _drawings(child)
        elif child.tag not in {W + "del", W + "p", W + "tbl"} and isinstance(child.tag, str):
            yield from _drawings(child)
