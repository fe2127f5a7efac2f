"""Which way up a picture is: by how well the words of its tables read in each of four positions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extract.scan.image import Grey
from extract.scan.lattice import Lattice
from extract.scan.lines import Rules
from extract.scan.ocr import Engine

_SAMPLES = 5
_READS = 0.95
"""A mean score from which the words read well enough as they stand."""
_BETTER = 0.05
"""By so much a turn must read better than the picture as it stands."""
_ALIKE = 0.6
"""Share of the best score from which a position is still possible: characters one below another read sideways too."""
_LEAST_CELLS = 8


def turns(grey: Grey, tables: Sequence[tuple[Lattice, Rules]], engine: Engine) -> int:
    """Return how many quarter turns counterclockwise bring a picture upright, 0 to 3.

    The wordiest cells of the largest table are read as they stand, and, where they read badly, in the other positions;
    between positions whose lines read well, single characters decide.
    """
    lattice, rules = max(tables, key=lambda table: len(table[0].cells), default=(None, None))
    if lattice is None or rules is None or len(lattice.cells) < _LEAST_CELLS:
        return 0
    crops = _wordy(grey, lattice, rules.text_height)
    scores = [_score(crops, engine)]
    if scores[0] >= _READS:
        return 0
    scores += [_turned_score(crops, k, engine) for k in (1, 2, 3)]
    possible = [k for k in range(4) if scores[k] >= _ALIKE * max(scores)]
    if len(possible) > 1:
        pieces = [piece for crop in crops for piece in _characters(crop)]
        scores = [_turned_score(pieces, k, engine) if k in possible else 0.0 for k in range(4)]
    best = int(np.argmax(scores))
    return best if scores[best] >= scores[0] + _BETTER else 0


def _turned_score(crops: Sequence[Grey], quarters: int, engine: Engine) -> float:
    return _score([np.ascontiguousarray(np.rot90(crop, quarters)) for crop in crops], engine)


def _characters(crop: Grey) -> list[Grey]:
    """Cut a line of characters, side by side or one below another, into about as many squares."""
    pieces = max(1, round(max(crop.shape) / min(crop.shape)))
    along = int(crop.shape[1] > crop.shape[0])
    return [np.ascontiguousarray(piece) for piece in np.array_split(crop, pieces, axis=along)]


def _wordy(grey: Grey, lattice: Lattice, height: float) -> list[Grey]:
    """Cut the insides of the cells with most ink for their size out, those of one line of text first."""
    inset = max(2, round(height / 6))
    crops = []
    for cell in lattice.cells:
        x0, y0, x1, y1 = cell.box
        crop = grey[y0 + inset : y1 - inset, x0 + inset : x1 - inset]
        if crop.size and min(crop.shape) >= 0.8 * height:
            crops.append(_trimmed(crop))
    inked = [crop for crop in crops if crop.size]
    inked.sort(key=lambda crop: (-max(crop.shape) / max(min(crop.shape), height), crop.shape))
    return inked[:_SAMPLES]


def _trimmed(crop: Grey) -> Grey:
    """Cut a crop to its ink, with a little paper around it; nothing where it holds none."""
    paper = float(np.percentile(crop, 80))
    dark = paper - crop.astype(np.float32) > 60
    if not dark.any():
        return crop[:0]
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    inside = crop[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.pad(inside, max(2, min(inside.shape) // 6), constant_values=int(paper))


def _score(crops: Sequence[Grey], engine: Engine) -> float:
    """Return the mean score of what is read, longer texts counting more; a text of no length counts as 0."""
    read = engine.read_lines(crops)
    weights = [max(len(text), 1) for text, _ in read]
    return (
        float(np.average([score if text else 0.0 for text, score in read], weights=weights)) if read else 0.0
    )
