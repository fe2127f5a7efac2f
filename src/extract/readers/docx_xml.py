"""Names of WordprocessingML and the text of a paragraph."""

from __future__ import annotations

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
        if tag == W + "r" and _hidden(child):
            continue
        if tag in {W + "t", M + "t"}:
            parts.append(child.text or "")
        elif tag in _MARKS:
            parts.append(_MARKS[tag])
        elif tag == W + "sym":
            parts.append(_symbol(child.get(W + "char") or ""))
        elif len(child):
            _collect(child, parts)


def _hidden(run: etree._Element) -> bool:
    properties = run.find(W + "rPr")
    mark = properties.find(W + "vanish") if properties is not None else None
    return mark is not None and mark.get(W + "val", "true") not in {"0", "false"}


def _symbol(code: str) -> str:
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(value - 0xF000 if 0xF020 <= value <= 0xF0FF else value)
