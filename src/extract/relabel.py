"""Labels that a bad copy made unreadable, told by the shape of the whole table.

Works on tables from pictures after their parts are put together: a table that has the form's rows, columns and spans is
the form's table where enough of its labels are still readable to agree. Labels that read well stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extract.labels import closest, similarity
from extract.model import Block, Cell, Reading, Table
from extract.scan.expected import Expected
from extract.skeleton import expectations

_READS = 0.75
"""Likeness (0 to 1) from which a label counts as read."""
_SHOWS = 0.15
"""Likeness from which a label's remains say anything."""
_ENOUGH = 0.4
"""Share of these labels that must look more like what the shape says than like any other label of the table."""
_LEAST = 4
"""Fewer labels that say anything prove nothing."""
_ASSUMED = 0.9
"""Probability of a label that shape alone tells."""


def relabel(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with unreadable labels of picture tables replaced where the table's shape tells them."""
    return tuple(_relabelled(b) if isinstance(b, Table) and b.source == "picture" else b for b in blocks)


def _relabelled(table: Table) -> Table:
    cells = sorted(table.cells, key=lambda c: (c.row, c.column))
    guesses = [(_agreement(guess, cells), guess) for guess in expectations(cells)]
    share, guess = max(guesses, key=lambda pair: pair[0], default=(0.0, None))
    if guess is None or share < _ENOUGH:
        return table
    told = [_told(cell, guess.wordings.get(i, ())) for i, cell in enumerate(cells)]
    return replace(table, cells=tuple(told))


def _agreement(guess: Expected, cells: Sequence[Cell]) -> float:
    """Return the share of a table's labels that look most like what a guess expects in their places.

    Even remains of a label tell it from others of its table; by chance hardly one in five would.
    """
    names = list(dict.fromkeys(among[0] for among in guess.wordings.values()))
    places = list(guess.wordings)
    likeness = similarity([cells[i].text for i in places], names)
    own = np.array([names.index(guess.wordings[i][0]) for i in places])
    mine = likeness[np.arange(len(places)), own]
    telling = likeness.max(axis=1) >= _SHOWS
    if int(telling.sum()) < _LEAST:
        return 0.0
    return float((mine >= likeness.max(axis=1))[telling].mean())


def _told(cell: Cell, among: tuple[str, ...]) -> Cell:
    if not among or closest(cell.text, among) >= _READS:
        return cell
    return replace(cell, text=among[0], candidates=(Reading(among[0], _ASSUMED),))
