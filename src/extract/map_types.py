"""What the mapping of one printed table gives, and the pieces that all three ways of mapping share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extract.form import Line
from extract.grid import Slot
from extract.labels import BLANK_SIMILARITY, best_of, normalise, similarity
from extract.model import Cell

COLUMN_UNKNOWN = "column_unknown"
"""Why a value is doubted of which nothing but its place tells the column: the heads are lost or cannot be read."""
THRESHOLD = 0.55
"""A printed label less like a form label than this is no match. Two-character labels that share one character
score 0.5, a four-character label with one misread character 0.75."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell of the form found in print: the cell, its labels as printed, and the heads that may state a unit.

    `source` is the kind of source of its table (docx, pdf, picture, …), `doubt` a reason why the cell may be another one.
    """

    cell: Cell
    row_label: str
    column_label: str
    heads: tuple[str, ...] = ()
    source: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """A printed number in a row or column that the form does not have."""

    table: str
    placed: Placed


@dataclass(frozen=True, slots=True)
class Fragment:
    """One printed table mapped to a form table: places by code, extras, and how well it fits (above 0)."""

    table: str
    placed: dict[str, Placed]
    extras: tuple[Extra, ...]
    score: float


def leaf_scores(printed: Sequence[Sequence[str]], lines: Sequence[Line]) -> NDArray[np.float64]:
    """Likeness of printed label paths to lines of the form, shape (printed, lines).

    The leaf decides; the group above it separates leaves of the same wording. A path glued into one cell is
    compared as a whole too. A path without text is worth `BLANK_SIMILARITY` everywhere.
    """
    leaves = similarity([path[-1] if path else "" for path in printed], [line.path[-1] for line in lines])
    groups = similarity(["".join(path[:-1]) for path in printed], ["".join(line.path[:-1]) for line in lines])
    inner = similarity(
        [path[-2] if len(path) > 1 else "" for path in printed],
        [line.path[-2] if len(line.path) > 1 else "" for line in lines],
    )
    whole = similarity(["".join(path) for path in printed], ["".join(line.path[-2:]) for line in lines])
    scores = np.maximum(0.85 * leaves + 0.15 * np.maximum(groups, inner), 0.95 * whole)
    for i, path in enumerate(printed):
        if not any(normalise(text) for text in path):
            scores[i] = BLANK_SIMILARITY
    return scores


def slot_scores(printed: Sequence[Slot], lines: Sequence[Line]) -> NDArray[np.float64]:
    """Likeness of printed columns to columns of the form by any one of their heads, shape (slots, lines)."""
    texts = [[*slot.texts, "".join(slot.texts[-2:])] if slot.texts else [] for slot in printed]
    result = best_of(texts, [line.path[-1] for line in lines])
    result[[i for i, group in enumerate(texts) if not group]] = BLANK_SIMILARITY
    return result


def label_of(cells: Sequence[Cell]) -> str:
    """Return labels as printed, from group to leaf, joined as in the form's files."""
    return " / ".join("".join(cell.text.split()) for cell in cells)
