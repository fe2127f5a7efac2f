"""Which ruling lines belong to one table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.lines import Rules
from extract.scan.marks import Mask

_ROW = 3.0
"""Text heights; the height of a row with one line of text."""
_APART = 1.5
"""Text heights from the end of one table to the next, at least: the heading between them."""
_THROUGH = 0.6
"""Share of the height or width between two tables that no line runs over."""
_REMAINS = 0.25
"""Share of the length of a faded line at which ink is left."""
_SPARSE = 3
"""Of pixels, one in so many each way is looked at where it is asked whose lines stand where."""
_WORN = 0.6
"""Share of a table's width; a lone line below it that is as long is one of its own, worn at its ends."""
_ROOM = 1.4
"""Text heights; the least height of a table: a page break leaves one row."""
_LOW = 0.7
"""Text heights of the page; the least height of a row in smaller print."""
_BROKEN = 3.0, 1.2
"""Text heights by which a piece of a level or upright line is made longer where it is asked what belongs together:
tables stand one below another, hardly ever side by side."""
Frame = tuple[int, int, int, int]
"""A box in pixels: x0, y0, x1, y1."""


def groups(rules: Rules) -> Iterator[tuple[NDArray[np.bool_], Frame]]:
    """Yield for each group of lines that may be a table where its own lines are in its frame, and the frame.

    Lines belong together that touch, or stand so that only one table can have them all.
    """
    labels, count, framed = _framed(rules)
    for group, (x0, y0, x1, y1) in framed:
        if y1 - y0 < _ROOM * rules.text_height:
            continue
        own = _of(labels[y0:y1, x0:x1], group, count)  # a page's edge may run around other tables
        for top, bottom in _parts(rules, (x0, y0, x1, y1)):
            yield own[top - y0 : bottom - y0], (x0, top, x1, bottom)


def low_frames(rules: Rules) -> list[Frame]:
    """Return the frames too low for text of the page's height: a row of a table in smaller print, cut off by a page break."""
    least, most = (share * rules.text_height for share in (_LOW, _ROOM))
    return [frame for _, frame in _framed(rules)[2] if least <= frame[3] - frame[1] < most]


def _framed(rules: Rules) -> tuple[NDArray[np.int32], int, list[tuple[list[int], Frame]]]:
    """Return labels (h, w) of pieces of line, how many there are, and the groups of them wide enough for a table, each in its frame."""
    height = rules.text_height
    across, down = (
        _bridged(mask, height, far)
        for mask, far in zip((rules.horizontal, rules.vertical.T), _BROKEN, strict=True)
    )
    joined = cv2.bitwise_or(across, down.T)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    members = _inside(labels, stats, 8 * height)
    lines = cv2.bitwise_or(rules.horizontal, rules.vertical) > 0
    boxes = [_tight(lines, labels, stats, group) for group in members]
    framed = [(g, f) for g, f in _together(members, boxes, rules) if f[2] - f[0] >= 8 * height]
    return labels, len(stats), framed


def _bridged(mask: Mask, height: float, far: float) -> Mask:
    """Return the marks of horizontal lines grown until pieces of one line, and lines that cross, touch."""
    reach, along = max(2, round(height / 4)), max(2, round(far * height))
    return np.asarray(cv2.dilate(mask, np.ones((2 * reach + 1, 2 * along + 1), np.uint8)), np.uint8)


def _inside(labels: NDArray[np.int32], stats: NDArray[np.int32], least: float) -> list[list[int]]:
    """Group lines of which some stand in the box of others: tables do not overlap, pieces of one do.

    A frame, or the edge of the paper, has nothing of its own where the table inside it stands. Pieces narrower than
    `least` pixels are no tables of their own.
    """
    own = list(range(len(stats)))
    boxes = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h in stats[:, :4]]
    parts = [labels[y0:y1:_SPARSE, x0:x1:_SPARSE] for x0, y0, x1, y1 in boxes]
    within = [set(np.flatnonzero(np.bincount(part.ravel())).tolist()) - {0} for part in parts[1:]]
    for i, others in enumerate(within, start=1):
        for j in others:
            if i in within[j - 1] or not _holds(boxes[i], boxes[j]) or boxes[j][2] - boxes[j][0] < least:
                old, new = own[j], own[i]
                own = [new if k == old else k for k in own]
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(1, len(own)):
        groups[own[i]].append(i)
    return list(groups.values())


def _tight(
    lines: NDArray[np.bool_], labels: NDArray[np.int32], stats: NDArray[np.int32], group: Sequence[int]
) -> Frame:
    """Return the box of a group's lines themselves: what was grown to see what belongs together is wider."""
    x0, y0, x1, y1 = _around([(x, y, x + w, y + h) for x, y, w, h in stats[list(group), :4].tolist()])
    own = lines[y0:y1, x0:x1] & _of(labels[y0:y1, x0:x1], group, len(stats))
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    return x0 + int(columns[0]), y0 + int(rows[0]), x0 + int(columns[-1]) + 1, y0 + int(rows[-1]) + 1


def _of(labels: NDArray[np.int32], group: Sequence[int], count: int) -> NDArray[np.bool_]:
    """Return where labels from 0 to `count` - 1 are of a group."""
    wanted = np.zeros(count, dtype=bool)
    wanted[list(group)] = True
    return np.asarray(wanted[labels])


def _holds(one: Frame, other: Frame) -> bool:
    return one[0] < other[0] and one[1] < other[1] and other[2] < one[2] and other[3] < one[3]


def _around(boxes: Sequence[Frame]) -> Frame:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _together(
    members: Sequence[list[int]], boxes: Sequence[Frame], rules: Rules
) -> list[tuple[list[int], Frame]]:
    """Join groups of lines: pieces one row apart and equally wide are one table if dots of a side are left.

    So are a table and a lone line, or lone lines: tables without upright lines are printed like that.
    """
    height = rules.text_height
    groups: list[tuple[list[int], Frame]] = []
    for i in sorted(range(len(boxes)), key=lambda i: (boxes[i][1], i)):
        x, y, right, bottom = boxes[i]
        w, h = right - x, bottom - y
        for k, (others, (x0, y0, x1, y1)) in enumerate(groups):
            alike = max(abs(x - x0), abs(x + w - x1)) <= height and w >= 8 * height
            near = 0 <= y - y1 <= _ROW * height
            bare = min(h, y1 - y0) <= height  # a lone line: upright ones are all gone, or were never printed
            below = h <= height and x0 - height <= x and x + w <= x1 + height and w >= _WORN * (x1 - x0)
            if near and (
                below or (alike and (bare or any(_side(rules, side, y1, y) for side in (x, x + w))))
            ):
                groups[k] = [*others, *members[i]], _around([boxes[i], (x0, y0, x1, y1)])
                break
        else:
            groups.append((members[i], boxes[i]))
    return groups


def _parts(rules: Rules, box: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """Cut connected lines into tables, from `top` to `bottom`, where both their sides stop and later begin again.

    A stamp may join two tables by its strokes, a false line in a heading by its place. Where only the sides are worn, other
    upright lines go on.
    """
    x0, y0, x1, y1 = box
    reach = max(2, round(rules.text_height / 2))
    upright = rules.vertical[y0:y1] > 0
    level = (
        cv2.dilate(rules.horizontal[y0:y1], np.ones((5, 1), np.uint8)) > 0
    )  # hardly any line keeps to one row of pixels
    strips = (upright[:, max(x - reach, 0) : x + reach + 1] for x in (x0, x1 - 1))
    beside = np.any(np.concatenate(list(strips), axis=1), axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[True], beside, [True]]).astype(np.int8)))
    end = y1 - y0
    gaps = [(int(a), int(b)) for a, b in edges.reshape(-1, 2) if b - a >= _APART * rules.text_height]
    empty = [
        (a, b)
        for a, b in gaps
        if (a, b) != (0, end)
        and not _runs_on(upright[:, x0:x1], a, b, reach)
        and not (level[a + reach * (a > 0) : b - reach * (b < end), x0:x1].mean(axis=1) > _THROUGH).any()
    ]
    bounds = [0, *(y for gap in empty for y in gap), end]
    return [(y0 + a, y0 + b) for a, b in zip(bounds[::2], bounds[1::2], strict=True) if b > a]


def _runs_on(upright: NDArray[np.bool_], top: int, bottom: int, reach: int) -> bool:
    """Tell whether an upright line runs from above `top` to below `bottom`, as the strokes of a stamp do not."""
    most = upright[top:bottom].mean(axis=0) > _THROUGH
    ends = [(upright[max(y - reach, 0) : y + reach].any(axis=0)) for y in (top, bottom)]
    return bool((most & ends[0] & ends[1]).any())


def _side(rules: Rules, x: int, top: int, bottom: int) -> bool:
    """Tell whether the remains of a vertical line run from `top` to `bottom` near `x`."""
    reach = max(2, round(rules.text_height / 4))
    strip = rules.ink[top:bottom, max(x - reach, 0) : x + reach + 1]
    return strip.size == 0 or bool(strip.any(axis=1).mean() >= _REMAINS)
