"""Paragraphs from the lines of a page: where a line break is only the page's, it is taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.model import Block, Box, Text

_STARTS = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}[）)、.．](?!\d)|附[件表]|[㈠-㈩①-⑩])"
)
_LARGER = 1.3
"""Lines whose heights differ by more are of different type sizes."""
_FEW = 5
"""The height of so few characters read from a picture says little: `一。` is lower than its line."""
_ENDS = ("。", "！", "？", "；", "：", ":", ";")


def paragraphs(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Join soft lines into paragraphs; other blocks stay as they are and end a paragraph.

    A soft line goes on into the next where it reaches the right margin of its page and the next line begins at the
    left margin, without indent or numbering. Without boxes a line goes on unless it ends a sentence or is short.
    """
    margins = _margins(blocks)
    result: list[Block] = []
    previous: Text | None = None
    for block in blocks:
        joined = previous is not None and isinstance(block, Text) and _goes_on(previous, block, margins)
        if joined and isinstance(block, Text):
            last = result[-1]
            assert isinstance(last, Text)  # noqa: S101 - a line goes on only from a line
            result[-1] = replace(
                last, text=last.text.rstrip() + _gap(last.text, block.text) + block.text.strip()
            )
        else:
            result.append(block)
        previous = block if isinstance(block, Text) else None
    return tuple(result)


def _margins(blocks: Sequence[Block]) -> dict[tuple[str, int | None], Box]:
    """Return the box of all running text, by file and page; a page is as wide as the widest of its file."""
    found: dict[tuple[str, int | None], Box] = {}
    for block in blocks:
        if isinstance(block, Text) and block.soft and block.place.box is not None:
            key = block.place.file, None
            found[key] = found[key].union(block.place.box) if key in found else block.place.box
    return found


def _goes_on(line: Text, following: Text, margins: dict[tuple[str, int | None], Box]) -> bool:
    if not (line.soft and following.soft) or _STARTS.match(following.text):
        return False
    here, there = line.place.box, following.place.box
    margin = margins.get((line.place.file, None))
    if here is None or there is None or margin is None:
        return len(line.text) > 20 and not line.text.rstrip().endswith(_ENDS)
    height = max(here.y1 - here.y0, 1.0)
    if _other_size(line, following):
        return False
    return here.x1 >= margin.x1 - 2.2 * height and there.x0 <= margin.x0 + 1.2 * height


def _other_size(line: Text, following: Text) -> bool:
    """Tell lines of different type sizes: a title does not go on into the text below it."""
    low, high = sorted(t.place.box.y1 - t.place.box.y0 for t in (line, following) if t.place.box is not None)
    return high > _LARGER * low and min(len(line.text), len(following.text)) > _FEW


def _gap(left: str, right: str) -> str:
    """A blank only between two words of Latin letters or digits that the line break separated."""
    tail, head = left.rstrip()[-1:], right.lstrip()[:1]
    return " " if tail.isascii() and head.isascii() and tail.isalpha() and head.isalpha() else ""
