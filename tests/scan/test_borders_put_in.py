"""Outer borders that are put in where lines reach out: which are doubted first, and when a table found again stands for the first."""

from __future__ import annotations

import numpy as np

from extract.scan.bands import _run_on, _touches, reaching
from extract.scan.lattice import _open_or_closed
from extract.scan.read import _covers


def test_a_border_is_as_sure_as_the_lines_that_reach_it() -> None:
    mask = np.zeros((100, 100), np.uint8)
    bands = [(10, 10), (50, 50), (90, 90)]
    for x, _ in bands[:2]:
        mask[20:100, x] = 255
    mask[60:100, 90] = 255
    assert reaching(mask, bands, (20, 20), 8.0) == 2 / 3
    assert reaching(mask, bands, (98, 98), 8.0) == 1.0
    assert reaching(mask, [], (98, 98), 8.0) == 0.0


def test_the_border_that_the_fewest_lines_reach_is_left_out_first() -> None:
    xs, ys = [(0, 0), (9, 9)], [(0, 0), (5, 5), (9, 9)]
    tried = list(_open_or_closed(xs, ys, [(1, (0, 0)), (0, (9, 9))]))
    assert tried[0] == (xs, ys)
    assert tried[1] == (xs, ys[1:]) and tried[2] == (xs[:1], ys)


def test_a_level_border_that_few_lines_reach_is_tried_without_before_all() -> None:
    xs, ys = [(0, 0), (9, 9)], [(0, 0), (5, 5), (9, 9)]
    tried = list(_open_or_closed(xs, ys, [(1, (0, 0)), (0, (9, 9))], [(1, (0, 0))]))
    assert tried[0] == (xs, ys[1:])
    assert tried[1] == (xs, ys)


def test_a_table_found_again_lacks_no_column_because_it_is_larger_elsewhere() -> None:
    first = (100, 100, 700, 220)
    assert _covers((95, 90, 705, 230), first)
    assert not _covers((100, 40, 560, 220), first)
    assert not _covers((800, 100, 1400, 220), first)


def test_a_border_is_none_where_the_lines_run_past_it() -> None:
    level = np.zeros((120, 200), np.uint8)
    across = [(10, 10), (40, 40), (70, 70), (100, 100)]
    for y, _ in across:
        level[y, 10:150] = 255
    assert not _run_on(level, (149, 149), across, 1, 16.0)
    assert _run_on(level, (120, 120), across, 1, 16.0)
    assert not _run_on(level, (10, 10), across, -1, 16.0)


def test_strokes_that_stand_one_below_another_keep_away_from_the_lines_across() -> None:
    ink = np.zeros((130, 60), np.uint8)
    across = [(10, 10), (50, 50), (90, 90), (120, 120)]
    for y, _ in across:
        ink[y - 1 : y + 2] = 255
    seen = np.array([True, True, False])
    for top in (22, 62):
        ink[top : top + 18, 30] = 255
    assert not _touches(ink, (30, 30), across, seen, 18.0)
    ink[10:90, 30] = 255
    assert _touches(ink, (30, 30), across, seen, 18.0)
