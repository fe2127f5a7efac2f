"""What the words of a table should be, judged by the table's shape alone, so that only a few of them need reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

_LENGTH = 0.3
"""Share by which the printed length of a label may differ from its wording's."""
_ODD, _FEW_ODD = 0.25, 0.1
"""Share of labels that may have another length: lines and stamps run into some. And the share where lengths alone tell a part."""
_CHARACTERS = 1.6
"""The same in characters, for short labels."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A guess at a table: wordings of its label cells, by index of the lattice's cells, and which to read.

    `first` are read to begin with, and will do where they all agree and all lengths fit; else `probes` are read too.
    `idle` are cells with words that nothing depends on. `agrees` tells whether a text read is one of some wordings.
    `part` is True where a page break may have left these rows or others like them.
    """

    wordings: Mapping[int, tuple[str, ...]]
    first: frozenset[int]
    probes: frozenset[int]
    idle: frozenset[int]
    agrees: Callable[[str, tuple[str, ...]], bool]
    part: bool = False


class Square(Protocol):
    """A cell as the shape of a table has it: of a lattice, or of a table already read."""

    @property
    def row(self) -> int:
        """Its first row, from 0."""

    @property
    def column(self) -> int:
        """Its first column, from 0."""

    @property
    def row_span(self) -> int:
        """How many rows it covers."""

    @property
    def column_span(self) -> int:
        """How many columns it covers."""


Rectangle = tuple[int, int, int, int]
"""A cell on a grid: its first row and column, and the row and column after its last."""
Layouts = Callable[[int, int], Sequence[Sequence[Rectangle]]]
"""Gives the ways in which a form's tables are printed on a grid of so many rows and columns."""
Expects = Callable[[Sequence[Square]], Sequence[Expected]]
"""Gives the guesses that fit a lattice, the best first."""


def _nothing(_: Sequence[Square]) -> Sequence[Expected]:
    return ()


def _unknown(_rows: int, _columns: int) -> Sequence[Sequence[Rectangle]]:
    return ()


def _nowhere(_: Sequence[Square]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Shapes:
    """What is known of a form's tables by their shape: guesses at a whole table or at a part of one, and whether it can be one.

    By default nothing is known: every word is read, and tables are what their lines make them.
    """

    expects: Expects = _nothing
    expects_parts: Expects = _nothing
    is_part: Callable[[Sequence[Square]], bool] = _nowhere
    layouts: Layouts = _unknown

    def fit(self, cells: Sequence[Square]) -> int:
        """Return 2 for cells that have the shape of a whole table, 1 for that of a part of one, else 0."""
        return 2 if self.expects(cells) else int(self.is_part(cells))

    def guesses(self, cells: Sequence[Square]) -> Sequence[Expected]:
        """Return the guesses at a whole table or, where none fits, at the part of one that a page break left."""
        return self.expects(cells) or self.expects_parts(cells)


NO_FORM = Shapes()
"""Knows nothing."""


def to_read(expected: Expected, lengths: Mapping[int, float]) -> tuple[set[int], set[int]] | None:
    """Return the cells to read to make sure of a guess: first, and where these leave doubt.

    None where too many labels have another length. `lengths` are the printed lengths of all cells in characters.
    """
    odd = _odd(expected, lengths)
    if len(odd) > _ODD * len(expected.wordings):
        return None
    return odd | expected.first, set(expected.probes)


def told_by_shape(expected: Expected, lengths: Mapping[int, float]) -> bool:
    """Tell whether a guess that `to_read` let pass does without any label read: a whole table, or a part that leaves little doubt.

    A part of which a line is lost has the shape of other rows. A label that has another length wherever it stands is one that
    this page words otherwise (上一年项目数量（指上年末事项数）), and counts once.
    """
    if not expected.part:
        return True
    odd = _odd(expected, lengths)
    otherwise = {
        w for w in expected.wordings.values() if all(i in odd for i, v in expected.wordings.items() if v == w)
    }
    once = sum(expected.wordings[i] not in otherwise for i in odd) + len(otherwise)
    return once <= _FEW_ODD * len(expected.wordings)


def _odd(expected: Expected, lengths: Mapping[int, float]) -> set[int]:
    return {i for i, wordings in expected.wordings.items() if not _fits(lengths.get(i, 0.0), wordings)}


def _fits(length: float, wordings: tuple[str, ...]) -> bool:
    return any(abs(length - len(w)) <= max(_CHARACTERS, _LENGTH * len(w)) for w in wordings)
