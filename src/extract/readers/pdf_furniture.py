"""What repeats on pages and is no content: page numbers, running heads, logos."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from extract.model import Block, Box, Picture, Text

_BAND = 0.12
"""Share of the page's height, above and below, where furniture stands."""
_PAGE_NUMBER = re.compile(
    r"[-‐-―－—·•\s]*(?:[1-9]\d{0,2}|[IVXivx]{1,5})[-‐-―－—·•\s]*"
    r"|[.。·•,]\s*[1-9]\d{0,2}\s*[.。·•,]"
    r"|第\s*[\d一二三四五六七八九十]{1,4}\s*页(?:[\s,，/]*共\s*[\d一二三四五六七八九十]{1,4}\s*页)?|共\s*\d{1,3}\s*页"
    r"|[-—\s]*[1-9]\d{0,2}\s*(?:/|of)\s*\d{1,3}[-—\s]*|(?:Page|PAGE|page)\s*\d{1,3}(?:\s*of\s*\d{1,3})?"
)
_NUMBERS = re.compile(r"\d+")
_OF_PAGE = re.compile(r"\d+(?=\s*页)|(?<=[-—/]\s)\d+(?=\s*(?:[-—]|$))")
_FEW_PAGES = 3


def is_page_number(text: str) -> bool:
    """True for the ways to print a page's number: `- 3 -`, `·3·` (read as `.3.`), `3/6`, `第3页 共6页`, `Page 3 of 6`."""
    return _PAGE_NUMBER.fullmatch(text.strip()) is not None


def without_furniture(pages: Sequence[Sequence[Block]], heights: Sequence[float]) -> list[list[Block]]:
    """Drop page numbers, and texts and pictures that stand at the same place on most pages.

    `pages` are the blocks of each page from the top, `heights` the pages' heights in points.
    """
    few = len(pages) <= _FEW_PAGES
    keys = [
        [_key(block, height, few=few) for block in blocks]
        for blocks, height in zip(pages, heights, strict=True)
    ]
    counts = Counter(key for page in keys for key in {k for k in page if k is not None})
    often = max(2, len(pages) // 2 + 1)
    return [
        [
            block
            for block, key in zip(blocks, page, strict=True)
            if not _is_furniture(block, key, key is not None and counts[key] >= often)
        ]
        for blocks, page in zip(pages, keys, strict=True)
    ]


def _is_furniture(block: Block, key: tuple[str, int] | None, often: bool) -> bool:
    return key is not None and (often or (isinstance(block, Text) and is_page_number(block.text)))


def _key(block: Block, height: float, *, few: bool) -> tuple[str, int] | None:
    """What is the same from page to page: the wording without numbers (or the picture) and the place; None inside the page.

    On few pages two lines that differ in a number only (`1. …`, `2. …`) may be content; only a page's number may differ.
    """
    box = block.place.box
    if box is None:
        return None
    if isinstance(block, Text):
        numbers = _OF_PAGE if few else _NUMBERS
        return (numbers.sub("#", block.text), round(box.y0 / 4)) if _in_band(box, height) else None
    if isinstance(block, Picture) and not block.name.startswith("page-"):
        return sha256(block.data).hexdigest(), round(box.y0 / 4)
    return None


def _in_band(box: Box, height: float) -> bool:
    return box.y1 <= _BAND * height or box.y0 >= (1 - _BAND) * height
