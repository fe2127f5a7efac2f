"""Layouts of the form's tables: they tile their grid, are what the form's shapes are, and are found where lines are worn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.layouts import FORM, layouts
from extract.scan.fitting import fitting
from extract.scan.grid import Grid
from extract.scan.lattice import LatticeCell, find_lattices
from extract.scan.lines import find_rules

_BOX = (0, 0, 9, 9)


@given(st.integers(1, 32), st.integers(1, 16))
def test_a_layout_covers_every_square_once(rows: int, columns: int) -> None:
    for layout in layouts(rows, columns):
        covered = np.zeros((rows, columns), int)
        for r0, c0, r1, c1 in layout:
            covered[r0:r1, c0:c1] += 1
        assert (covered == 1).all()


@pytest.mark.parametrize(("rows", "columns"), [(28, 10), (27, 10), (14, 4)])
def test_a_whole_layout_has_the_shape_of_its_table(rows: int, columns: int) -> None:
    fits = [
        FORM.fit([LatticeCell(r0, c0, r1 - r0, c1 - c0, _BOX) for r0, c0, r1, c1 in layout])
        for layout in layouts(rows, columns)
    ]
    assert 2 in fits


def test_parts_as_page_breaks_leave_them() -> None:
    assert len(layouts(5, 10)) > 10
    assert layouts(2, 10) == ()


_YS = 60 + 48 * np.arange(29)
_XS = np.array([50, 100, 190, 460, 535, 610, 685, 760, 835, 910, 985])


def worn_page(seed: int, left: float) -> np.ndarray:
    """The table of requests in ruling lines of which a share is left, in dots of four pixels."""
    rng = np.random.default_rng(seed)
    (layout,) = layouts(28, 10)
    page = np.full((_YS[-1] + 60, _XS[-1] + 50), 255, np.uint8)
    for r0, c0, r1, c1 in layout:
        for x in (_XS[c0], _XS[c1]):
            page[_YS[r0] : _YS[r1], x : x + 2] = 0
        for y in (_YS[r0], _YS[r1]):
            page[y : y + 2, _XS[c0] : _XS[c1]] = 0
    kept = rng.random((page.shape[0] // 4 + 1, page.shape[1] // 4 + 1)) < left
    page[~np.kron(kept, np.ones((4, 4), bool))[: page.shape[0], : page.shape[1]]] = 255
    return page


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_table_of_worn_lines_is_found(seed: int) -> None:
    found = find_lattices(find_rules(worn_page(seed, 0.75), 18.0), FORM)
    assert [FORM.fit(lattice.cells) for lattice in found] == [2]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hardly_any_line_is_left_but_the_layout_is_told(seed: int) -> None:
    ink = (worn_page(seed, 0.3) == 0).astype(np.uint8) * 255
    nothing = np.zeros_like(ink)
    grid = Grid(nothing, nothing, ink, *([(int(v), int(v)) for v in at] for at in (_XS, _YS)), 18.0, (0, 0))  # type: ignore[arg-type]
    assert all(FORM.fit(cells) == 0 for cells in (grid.cells(), grid.cells(0.7), grid.cells(1.3)))
    (true,) = layouts(28, 10)
    assert grid.likeness(true) > 0.93
    moved = tuple((r0, c0, r1, c1) for r0, c0, r1, c1 in true if c0 > 2 or r0 < 3) + tuple(
        (r, 0, r + 1, 3) for r in range(3, 28)
    )
    assert grid.likeness(moved) < grid.likeness(true) - 0.01


def drawn(xs: list[int], lines: list[int]) -> Grid:
    """The table of requests on columns between `xs` with all that it prints there, upright lines at `lines` only."""
    (layout,) = layouts(28, 10)
    level, upright = (np.zeros((_YS[-1] + 60, _XS[-1] + 50), np.uint8) for _ in range(2))
    for r0, c0, r1, c1 in layout:
        for x in {xs[c0], xs[c1]} & set(lines):
            upright[_YS[r0] : _YS[r1], x - 1 : x + 2] = 255
        for y in (_YS[r0], _YS[r1]):
            level[y - 1 : y + 2, xs[c0] : xs[c1]] = 255
    bands = tuple((x, x) for x in sorted(lines))
    return Grid(level, upright, level | upright, bands, tuple((int(y), int(y)) for y in _YS), 18.0, (0, 0))


def test_a_shifted_table_fits_where_its_lines_are_sure_and_not_where_one_was_added() -> None:
    """A lost line and a false one make ten columns again; only their widths tell, since sums hold under a shift."""
    shifted = [50, 100, 190, 240, 460, 535, 610, 685, 835, 910, 985]
    true, false = (drawn(xs, xs) for xs in ([int(x) for x in _XS], shifted))
    assert [fitting(grid, FORM)[1] for grid in (true, false)] == [2, 2]
    for xs, fit in (([int(x) for x in _XS], 2), (shifted, 0)):
        grid = drawn(xs, xs)
        worn = drawn(xs, [x for x in xs if x != xs[3]])
        dots = np.zeros_like(grid.ink)
        dots[60:1404:4, xs[3] - 1 : xs[3] + 2] = 255  # where all its squares have a border
        seen = replace(worn, ink=worn.ink | dots)
        assert fitting(seen, FORM)[1] == fit
