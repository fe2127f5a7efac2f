"""Layouts of the form's tables: they tile their grid, are what the form's shapes are, and are found where lines are worn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.layouts import FORM, layouts
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
