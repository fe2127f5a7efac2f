"""Automatic numbers of paragraphs: headings such as 一、 are often not text but numbering (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from extract.readers.docx_numerals import numeral
from extract.readers.docx_xml import W, find, value_of

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int
    plain: bool = False
    """All numbers of the label in plain digits (`w:isLgl`)."""


class Numbering:
    """Renders the label of each numbered paragraph, counting as it is asked for them in order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._levels: dict[_Key, _Level] = {}
        self._own_levels: dict[_Key, _Level] = {}
        self._restarts: dict[_Key, int] = {}
        self._abstract: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._styles: dict[str, tuple[str, str]] = {}
        self._based: dict[str, str] = {}
        self._counts: dict[_Key, int] = {}
        if numbering is not None:
            self._load(numbering)
        if styles is not None:
            self._load_styles(styles)

    def _load(self, root: etree._Element) -> None:
        for abstract in root.iter(W + "abstractNum"):
            identifier = abstract.get(W + "abstractNumId") or ""
            self._links[identifier] = value_of(abstract, "numStyleLink")
            for level in abstract.iterchildren(W + "lvl"):
                self._levels[identifier, _int(level.get(W + "ilvl"))] = _level(level)
        for num in root.iterchildren(W + "num"):
            identifier = num.get(W + "numId") or ""
            self._abstract[identifier] = value_of(num, "abstractNumId")
            for override in num.iterchildren(W + "lvlOverride"):
                key = identifier, _int(override.get(W + "ilvl"))
                own, start = find(override, "lvl"), value_of(override, "startOverride")
                if own is not None:
                    self._own_levels[key] = _level(own)
                if start:
                    self._restarts[key] = _int(start, 1)

    def _load_styles(self, root: etree._Element) -> None:
        for style in root.iterchildren(W + "style"):
            name = style.get(W + "styleId") or ""
            self._based[name] = value_of(style, "basedOn")
            numbered = find(style, "pPr", "numPr")
            if numbered is not None:
                self._styles[name] = (value_of(numbered, "numId"), value_of(numbered, "ilvl"))

    def label(self, paragraph: etree._Element) -> str:
        """Return the label before a paragraph's text (一、), or an empty text; bullets are none.

        To be called once for each paragraph, also an empty one: Word counts those too.
        """
        if not self._abstract:
            return ""
        number, level = self._place(paragraph)
        abstract = self._abstract_of(number)
        described = self._described(number, abstract, level)
        if described is None:
            return ""
        self._count(number, abstract, level, described.start)
        if described.form in {"bullet", "none", ""}:
            return ""
        form = "decimal" if described.plain else ""
        return re.sub(
            r"%([1-9])", lambda m: self._shown(number, abstract, int(m[1]) - 1, form), described.text
        )

    def _place(self, paragraph: etree._Element) -> _Key:
        """Return number and level: the paragraph's own, what it lacks by its style; ("", 0) where unnumbered."""
        properties = find(paragraph, "pPr")
        if properties is None:
            return "", 0
        own = find(properties, "numPr")
        number, level = (value_of(own, "numId"), value_of(own, "ilvl")) if own is not None else ("", "")
        if not number:
            number, styled = self._of_style(value_of(properties, "pStyle"))
            level = level or styled
        return ("", 0) if number == "0" else (number, _int(level))

    def _of_style(self, style: str) -> tuple[str, str]:
        seen: set[str] = set()
        level = ""
        while style and style not in seen:
            seen.add(style)
            number, own = self._styles.get(style, ("", ""))
            level = level or own
            if number:
                return number, level
            style = self._based.get(style, "")
        return "", ""

    def _abstract_of(self, number: str) -> str:
        """Return the list that a number belongs to; one that only names a list style, by that style."""
        abstract = self._abstract.get(number, "")
        link = self._links.get(abstract, "")
        if link:
            abstract = self._abstract.get(self._styles.get(link, ("", ""))[0], abstract)
        return abstract

    def _described(self, number: str, abstract: str, level: int) -> _Level | None:
        return self._own_levels.get((number, level)) or self._levels.get((abstract, level))

    def _count(self, number: str, abstract: str, level: int, start: int) -> None:
        """Count on; numbers of one list go on counting, unless one says where it starts anew."""
        restart = self._restarts.pop((number, level), None)
        if restart is not None:
            self._counts[abstract, level] = restart
        else:
            self._counts[abstract, level] = self._counts.get((abstract, level), start - 1) + 1
        for key in [k for k in self._counts if k[0] == abstract and k[1] > level]:
            del self._counts[key]

    def _shown(self, number: str, abstract: str, level: int, form: str) -> str:
        described = self._described(number, abstract, level) or _Level("decimal", "", 1)
        return numeral(self._counts.get((abstract, level), described.start), form or described.form)


def _level(node: etree._Element) -> _Level:
    plain = find(node, "isLgl")
    return _Level(
        value_of(node, "numFmt"),
        value_of(node, "lvlText"),
        _int(value_of(node, "start"), 1),
        plain is not None and plain.get(W + "val", "1") not in {"0", "false"},
    )


def _int(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() else default
