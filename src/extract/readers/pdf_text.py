"""Glyphs to text: lines by their height on the page, blanks by the gaps between glyphs.

A PDF places glyphs; where one word or number ends is a matter of gaps, measured in sizes of the type (em).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from extract.model import Box
from extract.readers.pdf_ink import Glyph, turn_glyphs

WORD_GAP = 0.18
"""Em between two Latin words or numbers."""
_HAN_GAP = 0.5
"""Em that Chinese text must leave to count as a blank; justified lines stretch."""
_SPREAD = 0.6
"""Em up to which evenly spaced digits are one number; columns stand further apart."""
_EVEN = 0.15
_DIGITS = frozenset("0123456789.,０１２３４５６７８９．，")
_FIGURES = frozenset("0123456789０１２３４５６７８９")


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Group glyphs into lines from the top, each from left to right; blanks stay where they are."""
    lines: list[list[Glyph]] = []
    middle = size = 0.0
    for glyph in sorted(glyphs, key=lambda g: g.cy):
        if lines and glyph.cy - middle <= 0.45 * max(size, glyph.size):
            line = lines[-1]
            line.append(glyph)
            if glyph.text != " ":
                size = max(size, glyph.size)
                middle += (glyph.cy - middle) / len(line)
        else:
            lines.append([glyph])
            middle, size = glyph.cy, glyph.size
    for line in lines:
        line.sort(key=lambda g: g.cx)
    return [line for line in lines if any(g.text != " " for g in line)]


def line_text(line: Sequence[Glyph]) -> str:
    """Return the text of one line, with a blank where the gap says so."""
    marks: list[Glyph] = []
    blank_before: list[bool] = []
    blank = False
    for glyph in line:
        if glyph.text.isspace():
            blank = True
            continue
        marks.append(glyph)
        blank_before.append(blank)
        blank = False
    if not marks:
        return ""
    spaced = [_is_gap(a, b, blank) for (a, b), blank in zip(pairwise(marks), blank_before[1:], strict=True)]
    for start, stop in _numbers(marks):
        if _is_one_number(marks[start:stop], any(blank_before[start + 1 : stop])):
            spaced[start : stop - 1] = [False] * (stop - 1 - start)
    return marks[0].text + "".join(
        (" " if gap else "") + glyph.text for gap, glyph in zip(spaced, marks[1:], strict=True)
    )


def cell_text(glyphs: Sequence[Glyph]) -> str:
    r"""Return the text of a cell, lines joined by `\n`. A cell may be printed sideways as a whole."""
    turns = Counter(g.turn for g in glyphs if g.text != " ")
    if turns and not turns[0]:
        turn = turns.most_common(1)[0][0]
        width, height = max(g.x1 for g in glyphs), max(g.y1 for g in glyphs)
        glyphs = turn_glyphs((g for g in glyphs if g.turn == turn), turn, width, height)
    return "\n".join(line_text(line) for line in lines_of(glyphs))


def box_of(glyphs: Iterable[Glyph]) -> Box:
    """Return the box around glyphs, blanks not counted unless there is nothing else."""
    marks = list(glyphs)
    marks = [g for g in marks if g.text != " "] or marks
    x0, y0 = min(g.x0 for g in marks), min(g.y0 for g in marks)
    x1, y1 = max(g.x1 for g in marks), max(g.y1 for g in marks)
    return Box(round(x0, 2), round(y0, 2), round(max(x0, x1), 2), round(max(y0, y1), 2))


def split_at_gaps(line: Sequence[Glyph], em: float) -> list[list[Glyph]]:
    """Split a line where glyphs stand more than so many em apart; blanks are dropped."""
    parts: list[list[Glyph]] = []
    for glyph in line:
        if glyph.text == " ":
            continue
        if parts and glyph.x0 - parts[-1][-1].x1 <= em * min(glyph.size, parts[-1][-1].size):
            parts[-1].append(glyph)
        else:
            parts.append([glyph])
    return parts


def _gap(left: Glyph, right: Glyph) -> float:
    return (right.x0 - left.x1) / (min(left.size, right.size) or 1.0)


def _is_gap(left: Glyph, right: Glyph, blank: bool) -> bool:
    if right.text[:1] in "、，。；：！？）》”":
        return False  # a blank before closing punctuation is the justification's
    latin = left.text[-1:] < "\u0250" and right.text[:1] < "\u0250"
    return _gap(left, right) > (0.12 if blank else WORD_GAP if latin else _HAN_GAP)


def _numbers(marks: Sequence[Glyph]) -> list[tuple[int, int]]:
    """Return the runs `[start, stop)` of two or more digits, commas and points."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for k, glyph in enumerate((*marks, None)):
        if glyph is not None and glyph.text in _DIGITS:
            start = k if start is None else start
        elif start is not None:
            runs.append((start, k))
            start = None
    return [(a, b) for a, b in runs if b - a > 1]


def _is_one_number(run: Sequence[Glyph], blanks: bool) -> bool:
    """Evenly spaced digits are one number. Two digits with a blank between may be two: the blank stays."""
    gaps = [_gap(a, b) for a, b in pairwise(run) if a.text in _FIGURES and b.text in _FIGURES]
    if not gaps:
        return max((_gap(a, b) for a, b in pairwise(run)), default=0.0) <= WORD_GAP
    even = max(gaps) - min(gaps) <= _EVEN and max(gaps) <= _SPREAD
    return even and not (blanks and len(gaps) == 1)
