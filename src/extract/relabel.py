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
_TELLING_SHAPE = 25
"""Cells of a table whose rows, columns and spans are the form's by more than chance."""
_CLEAR, _WORDS = 0.9, 3
"""Score and length of a text that reads well."""
_MOST = 5
"""Tables that may be parts of one."""
_ASSUMED = 0.9
"""Probability of a label that shape alone tells."""


def relabel(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with unreadable labels of picture tables replaced where shape tells them.

    The form's first table is often several: tables one after another are also tried as one.
    """
    result = list(blocks)
    done: set[int] = set()
    for length in range(1, _MOST + 1):
        for first in range(len(result) - length + 1):
            run = range(first, first + length)
            tables = [b for b in (result[i] for i in run) if isinstance(b, Table) and b.source == "picture"]
            if len(tables) == length and done.isdisjoint(run) and (told := _relabelled(tables)):
                result[first : first + length] = told
                done.update(run)
    return tuple(result)


def _relabelled(tables: Sequence[Table]) -> list[Table] | None:
    """Return tables with their labels told by their shape, one below another; None where it tells nothing."""
    offsets = [sum(t.n_rows for t in tables[:i]) for i in range(len(tables))]
    ordered = [sorted(table.cells, key=lambda c: (c.row, c.column)) for table in tables]
    cells = [replace(c, row=c.row + by) for part, by in zip(ordered, offsets, strict=True) for c in part]
    guesses = [(_agreement(guess, cells), guess) for guess in expectations(cells)]
    share, guess = max(guesses, key=lambda pair: pair[0], default=(0.0, None))
    if guess is None or share < _ENOUGH:
        return None
    told = iter([_told(cell, guess.wordings.get(i, ())) for i, cell in enumerate(cells)])
    return [
        replace(table, cells=tuple(replace(next(told), row=c.row) for c in part))
        for table, part in zip(tables, ordered, strict=True)
    ]


def _agreement(guess: Expected, cells: Sequence[Cell]) -> float:
    """Return the share of a table's labels that look most like what a guess expects in their places.

    Even remains of a label tell it from others of its table; by chance hardly one in five would. Where print is so worn
    that hardly any label says anything, the shape of a large table is enough, unless words stand there that read well.
    """
    names = list(dict.fromkeys(among[0] for among in guess.wordings.values()))
    places = list(guess.wordings)
    likeness = similarity([cells[i].text for i in places], names)
    own = np.array([names.index(guess.wordings[i][0]) for i in places])
    mine = likeness[np.arange(len(places)), own]
    telling = likeness.max(axis=1) >= _SHOWS
    if int(telling.sum()) >= _LEAST:
        return float((mine >= likeness.max(axis=1))[telling].mean())
    other = sum(cells[i].confidence >= _CLEAR and len(cells[i].text) >= _WORDS for i in places)
    return _ENOUGH if len(cells) >= _TELLING_SHAPE and 10 * other <= len(places) else 0.0


def _told(cell: Cell, among: tuple[str, ...]) -> Cell:
    if not among or closest(cell.text, among) >= _READS:
        return cell
    return replace(cell, text=among[0], candidates=(Reading(among[0], _ASSUMED),))
