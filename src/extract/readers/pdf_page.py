"""One page of print, laid out: ruled and aligned tables, lines of text, pictures, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extract.model import Block, Picture, Place, Table, Text
from extract.readers.pdf_aligned import find_aligned
from extract.readers.pdf_ink import Glyph, Ink, box_on_page
from extract.readers.pdf_lattice import Lattice, find_lattices
from extract.readers.pdf_tables import fill, fill_aligned, take
from extract.readers.pdf_text import box_of, line_text, lines_of

_SAME_EDGE = 3.0
"""Points to which the outer borders of a table agree over a page break."""


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks of a page from the top; `frames` are those tables that have one column, with the lines inside."""

    height: float
    blocks: tuple[Block, ...] = ()
    frames: tuple[tuple[Table, tuple[Text, ...]], ...] = ()


def page_of(ink: Ink, pictures: Iterable[Picture], number: int) -> Page:
    """Lay a page (from 1) out: its tables, lines of text and pictures in reading order, from the top."""
    ruled = find_lattices(ink)
    found: list[tuple[float, float, Block]] = []
    frames: list[tuple[Table, tuple[Text, ...]]] = []
    rest: Sequence[Glyph] = ink.glyphs
    for lattice in sorted(ruled.lattices, key=_area):
        inside, outside = take(lattice, rest)
        if not any(glyph.text.strip() for glyph in inside):
            continue
        rest = outside
        table = fill(lattice, inside, ink, number)
        if lattice.one_column:
            frames.append((table, tuple(_text(line, ink, number) for line in lines_of(inside))))
        found.append((lattice.ys[0], lattice.xs[0], table))
    lines = lines_of(rest)
    for aligned in reversed(find_aligned(lines, ruled.loose)):
        del lines[aligned.start : aligned.stop]
        found.append((aligned.rows[0].y0, aligned.xs[0], fill_aligned(aligned, ink, number)))
    for line in lines:
        found.append((min(g.y0 for g in line), line[0].x0, _text(line, ink, number)))
    for picture in pictures:
        box = picture.place.box
        found.append((box.y0, box.x0, picture) if box else (ink.height, 0.0, picture))
    found.sort(key=lambda item: item[:2])
    return Page(ink.height, tuple(block for _, _, block in found), tuple(frames))


def _area(lattice: Lattice) -> float:
    return (lattice.xs[-1] - lattice.xs[0]) * (lattice.ys[-1] - lattice.ys[0])


def _text(line: Sequence[Glyph], ink: Ink, number: int) -> Text:
    return Text(line_text(line), Place(page=number, box=box_on_page(ink, box_of(line))), soft=True)


def settle_frames(kept: Sequence[Sequence[Block]], pages: Sequence[Page]) -> tuple[Block, ...]:
    """Take frames around running text apart into lines; keep those that a table on the facing page continues."""
    blocks: list[Block] = []
    frames = {id(table): texts for page in pages for table, texts in page.frames}
    for i, page in enumerate(kept):
        for k, block in enumerate(page):
            if id(block) not in frames:
                blocks.append(block)
                continue
            facing = [kept[i - 1][-1:]] if k == 0 and i else []
            facing += [kept[i + 1][:1]] if k == len(page) - 1 and i + 1 < len(kept) else []
            whole = any(_goes_on(block, b) for side in facing for b in side if id(b) not in frames)
            blocks.extend((block,) if whole else frames[id(block)])
    return tuple(blocks)


def _goes_on(frame: Block, other: Block) -> bool:
    """True where two tables have the same outer borders."""
    here, there = frame.place.box, other.place.box
    if not isinstance(other, Table) or here is None or there is None:
        return False
    return abs(here.x0 - there.x0) <= _SAME_EDGE and abs(here.x1 - there.x1) <= _SAME_EDGE
