"""Automatic numbers of paragraphs: headings such as 一、 are often not text but numbering."""

from __future__ import annotations

import re

from lxml import etree

from extract.readers.docx_xml import W

_HAN = "零一二三四五六七八九"
_CHINESE = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "ideographTraditional",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "chineseLegalSimplified",
        "japaneseDigitalTenThousand",
        "koreanCounting",
    ]
)
_Level = tuple[str, str, int]


class Numbering:
    """Renders the label of each numbered paragraph, counting as it is asked for them in order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[tuple[str, int], _Level] = {}
        self._abstract: dict[str, str] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        if numbering is not None:
            self._load(numbering)
        if styles is not None:
            self._load_styles(styles)

    def _load(self, root: etree._Element) -> None:
        for abstract in root.iter(W + "abstractNum"):
            identifier = abstract.get(W + "abstractNumId") or ""
            for level in abstract.iter(W + "lvl"):
                number = int(level.get(W + "ilvl") or 0)
                start = _value(level, "start") or "1"
                described = (
                    _value(level, "numFmt"),
                    _value(level, "lvlText"),
                    int(start) if start.isdigit() else 1,
                )
                self._levels[identifier, number] = described
        for num in root.iter(W + "num"):
            self._abstract[num.get(W + "numId") or ""] = _value(num, "abstractNumId")

    def _load_styles(self, root: etree._Element) -> None:
        for style in root.iter(W + "style"):
            properties = style.find(f"{W}pPr/{W}numPr")
            if properties is not None:
                level = _value(properties, "ilvl")
                self._styles[style.get(W + "styleId") or ""] = (_value(properties, "numId"), int(level or 0))

    def label(self, paragraph: etree._Element) -> str:
        """Return the label before a paragraph's text (一、), or an empty text; bullets are none."""
        identifier, level = self._place(paragraph)
        abstract = self._abstract.get(identifier, "")
        if not identifier or identifier == "0" or (abstract, level) not in self._levels:
            return ""
        self._count(abstract, level)
        form, text, _ = self._levels[abstract, level]
        if form in {"bullet", "none", ""}:
            return ""
        return re.sub(r"%(\d)", lambda m: self._shown(abstract, int(m[1]) - 1), text)

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        own = paragraph.find(f"{W}pPr/{W}numPr")
        if own is not None and _value(own, "numId"):
            return _value(own, "numId"), int(_value(own, "ilvl") or 0)
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self._styles.get(style.get(W + "val") or "", ("", 0)) if style is not None else ("", 0)

    def _count(self, abstract: str, level: int) -> None:
        start = self._levels[abstract, level][2]
        self._counts[abstract, level] = self._counts.get((abstract, level), start - 1) + 1
        for key in [k for k in self._counts if k[0] == abstract and k[1] > level]:
            del self._counts[key]

    def _shown(self, abstract: str, level: int) -> str:
        form, _, start = self._levels.get((abstract, level), ("decimal", "", 1))
        n = self._counts.get((abstract, level), start)
        if form in _CHINESE:
            return _han(n)
        if form == "decimalEnclosedCircle" and 1 <= n <= 20:
            return chr(0x2460 + n - 1)
        if form in {"lowerLetter", "upperLetter"} and 1 <= n <= 26:
            return chr((0x61 if form == "lowerLetter" else 0x41) + n - 1)
        return str(n)


def _value(node: etree._Element, name: str) -> str:
    element = node.find(W + name)
    return (element.get(W + "val") or "") if element is not None else ""


def _han(n: int) -> str:
    """Return a number from 1 to 99 in Chinese."""
    if n > 99 or n < 1:
        return str(n)
    tens, ones = divmod(n, 10)
    return (_HAN[tens] if tens > 1 else "") + ("十" if tens else "") + (_HAN[ones] if ones else "")
