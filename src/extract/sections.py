"""The six sections of a report, found by their titles in order, whatever their numbering says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from extract.align import align
from extract.form import section_titles
from extract.labels import normalise, standard
from extract.model import Block, Text

_LONGEST = 45
"""A heading is one short line; the longest title of the form has 24 characters."""
_THRESHOLD = 0.78
_LOWERED = 0.15
"""What a number of the second level, (一), takes from a heading's likeness, unless most headings have one."""
_PROSE = 6
"""A line on which more than so many characters follow is a paragraph with a label rather than a heading."""
_LEVEL_ONE = re.compile(r"^(?:第?([一二三四五六七八九十])(?:、|[.:,]|部分|章)|(\d)[、.](?!\d))")
_LEVEL_TWO = re.compile(r"^(?:\([一二三四五六七八九十]+\)、?|[㈠-㈩]|\(\d\))")
_PART = re.compile(r"^第[一二三四五六七八九十](?:部分|章)[、.:：\s]*")
_ENCLOSED = re.compile(r"^([㈠-㈩])")
_ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Section:
    """A section: number (0 = head, 1 to 6), heading as printed, text verbatim, and its blocks as [start, stop)."""

    number: int
    heading: str
    text: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Heading:
    block: int
    heading: str
    rest: str
    scores: tuple[float, ...]


def find_sections(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """Divide the blocks of a report into head and sections 1 to 6; a section that is not there is left out.

    Headings are matched to the form's titles by likeness, numbering and order; where fewer than two titles are
    recognised, by the numbering 一、 to 六、 alone.
    """
    chosen = _choose(_candidates(blocks, _LOWERED))
    if sum(bool(_LEVEL_TWO.match(_plain(h.heading))) for h, _ in chosen) > len(chosen) / 2:
        chosen = _choose(_candidates(blocks, 0.0))
    bounds = [h.block for h, _ in chosen] + [len(blocks)]
    head = Section(0, "", _text(blocks[: bounds[0]]), 0, bounds[0])
    found = [head]
    for k, (heading, number) in enumerate(chosen):
        body = _text(blocks[heading.block + 1 : bounds[k + 1]])
        text = "\n".join(part for part in (heading.rest, body) if part)
        found.append(Section(number, heading.heading, text, heading.block, bounds[k + 1]))
    return tuple(found)


def _candidates(blocks: Sequence[Block], lowered: float) -> list[_Heading]:
    return [h for i, b in enumerate(blocks) if isinstance(b, Text) and (h := _heading(i, b.text, lowered))]


def _plain(first: str) -> str:
    return standard(_ENCLOSED.sub(lambda m: m[1], first))


def _heading(index: int, text: str, lowered: float) -> _Heading | None:
    """Return what could be a heading at the beginning of a paragraph, with its likeness to titles 1 to 6."""
    stripped = text.strip()
    first = re.split(r"[。：:\n]", stripped, maxsplit=1)[0]
    if not first or len(first) > _LONGEST:
        return None
    rest = stripped[len(first) :].lstrip("。：:\n ")
    plain = _plain(first)
    if rest and not _LEVEL_ONE.match(plain):
        return None
    scores = _scores(first, plain, lowered)
    if len(rest) > _PROSE:
        labelled = 0.4 if plain[:1].isdigit() else 0.2
        scores = tuple(score - labelled for score in scores)
    return _Heading(index, first, rest, scores) if max(scores) >= _THRESHOLD - 0.2 else None


def _scores(first: str, plain: str, lowered: float) -> tuple[float, ...]:
    """Likeness to each title, raised by a level-one number (more if it is the title's), lowered by (一)."""
    one = _LEVEL_ONE.match(plain)
    ordinal = 0
    if one:
        ordinal = _ORDINALS.index(one[1]) + 1 if one[1] else int(one[2])
    bare = normalise(_PART.sub("", first.strip()))
    scores = [0.0] * 6
    for number, title, exact in section_titles():
        likeness = fuzz.ratio(bare, normalise(title)) / 100.0
        if exact and likeness < 1.0:
            continue
        if likeness < 0.7 or (exact and not one):
            likeness *= 0.6
        bonus = (0.2 if ordinal == number else 0.1) if one else (-lowered if _LEVEL_TWO.match(plain) else 0.0)
        scores[number - 1] = max(scores[number - 1], likeness + bonus if likeness >= 0.7 else likeness)
    return tuple(scores)


def _choose(candidates: list[_Heading]) -> list[tuple[_Heading, int]]:
    """Pick one heading per section, in order. Of two equal ones the later counts: the first was a contents page."""
    if not candidates:
        return []
    matrix = np.array([h.scores for h in candidates])
    pairs = align(matrix[::-1, ::-1], _THRESHOLD)
    n = len(candidates)
    chosen = [(candidates[n - 1 - i], 6 - j) for i, j in reversed(pairs)]
    return [_first_of_twins(heading, number, candidates) for heading, number in chosen]


def _first_of_twins(heading: _Heading, number: int, candidates: list[_Heading]) -> tuple[_Heading, int]:
    """Of a heading printed twice in a row the first opens the section."""
    for other in candidates:
        if other.block == heading.block - 1 and normalise(other.heading) == normalise(heading.heading):
            return other, number
    return heading, number


def _text(blocks: Sequence[Block]) -> str:
    return "\n".join(b.text.strip() for b in blocks if isinstance(b, Text) and b.text.strip())
