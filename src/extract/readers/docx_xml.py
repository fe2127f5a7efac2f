"""Names of WordprocessingML and the text of a paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML = "{urn:schemas-microsoft-com:vml}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/main": A[1:-1].encode(),
}
"""Namespaces of the strict variant (ISO/IEC 29500-1) and those of the usual one."""

_MARKS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
_SKIPPED = {
    W + name
    for name in (
        "del",
        "moveFrom",
        "instrText",
        "pPr",
        "rPr",
        "rt",
        "txbxContent",
        "drawing",
        "pict",
        "object",
        "tbl",
    )
} | {MC + "AlternateContent"}


def find(node: etree._Element, *names: str) -> etree._Element | None:
    """Return the first child of that name in `w:`, its child of the next name, and so on, or None.

    Much quicker than a path given to lxml, and there are thousands of look-ups in a table.
    """
    found: etree._Element | None = node
    for name in names:
        if found is None:
            return None
        found = next(found.iterchildren(W + name), None)
    return found


def value_of(node: etree._Element, *names: str) -> str:
    """Return `w:val` of the element that `find` finds; an empty text where either is missing."""
    element = find(node, *names)
    return "" if element is None else element.get(W + "val") or ""


def paragraphs_of(node: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs of a cell or body, also of tables inside; not those of text boxes, nor deleted ones."""
    for child in node.iterchildren(f"{W}*"):
        if child.tag == W + "p":
            yield child
        elif child.tag not in {W + "del", W + "moveFrom", W + "tcPr"}:
            yield from paragraphs_of(child)


def paragraph_text(node: etree._Element) -> str:
    """Return the visible text of a paragraph or run: tracked deletions, field codes and hidden runs left out.

    Text boxes and drawings are not part of it: they are blocks of their own.
    """
    parts: list[str] = []
    _collect(node, parts)
    return "".join(parts)


def _collect(node: etree._Element, parts: list[str]) -> None:
    for child in node:
        tag = child.tag
        if tag in _SKIPPED:
            continue
        if tag == W + "r" and hidden(child):
            continue
        if tag in {W + "t", M + "t"}:
            parts.append(child.text or "")
        elif tag in _MARKS:
            parts.append(_MARKS[tag])
        elif tag == W + "sym":
            parts.append(_symbol(child.get(W + "char") or ""))
        elif len(child):
            _collect(child, parts)


def hidden(run: etree._Element) -> bool:
    """Tell whether a run is formatted as hidden text."""
    mark = find(run, "rPr", "vanish")
    return mark is not None and mark.get(W + "val", "true") not in {"0", "false"}


def _symbol(code: str) -> str:
    """Return the character of `w:sym`; symbol fonts keep theirs from F020 to F0FF, plain ones 0xF000 below."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    value = value - 0xF000 if 0xF020 <= value <= 0xF0FF else value
    return chr(value) if 0x20 <= value < 0xD800 or 0xE000 <= value < 0xFFFE else ""
