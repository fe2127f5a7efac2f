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
from extract.readers.docx_table import grid_cells, is_layout, table_of
from extract.readers.docx_xml import MC, VML, A, R, W, hidden, paragraph_text, paragraphs_of
from extract.settings import Settings

_TRANSPARENT = {W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}


_UNDRAWN = {W + name for name in ("del", "moveFrom", "p", "tbl", "pPr", "rPr", "t")}


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
        self.numbering = Numbering(package.related("numbering"), package.related("styles"))
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
        if not len(node):
            return
        label, text = self.numbering.label(node), paragraph_text(node).strip()
        if text:
            self.blocks.append(Text(label + text))
        self._drawn(node)

    def _drawn(self, node: etree._Element) -> None:
        """Take the text boxes and pictures anchored in a paragraph, after its text."""
        for element in _drawings(node):
            if element.tag == W + "txbxContent":
                self.body(element)
            else:
                self._picture(element)

    def _picture(self, element: etree._Element) -> None:
        names = ("embed", "link") if element.tag == A + "blip" else ("id", "pict", "href")
        identifier = next((value for name in names if (value := element.get(R + name))), "")
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
        if is_layout(node, cells):
            for cell in cells:
                self.body(cell.tc)
            return
        self.blocks.append(table_of(cells, self.numbering))
        for cell in cells:
            for paragraph in paragraphs_of(cell.tc):
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
        elif child.tag in _UNDRAWN or (child.tag == W + "r" and hidden(child)):
            continue
        elif len(child):
            yield from _drawings(child)
