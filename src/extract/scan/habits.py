"""What a table's cells mostly say weighs where one is in doubt: who prints `/` for none a hundred times prints few ones.

The network learned how often each text stands in cells in general. Its probabilities are brought to the shares of the table
at hand (Saerens, Latinne and Decaestecker, Neural Computation 14, 2002; one step of theirs: further ones let the commonest
text swallow what it is like).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extract.model import Reading
from extract.scan.weighed import weighed

_USUAL = {
    "0": 0.14,
    "1": 0.028,
    "7": 0.028,
    "/": 0.039,
    "-": 0.026,
    "—": 0.026,
    "无": 0.02,
    "空": 0.01,
    "": 0.1,
}
_DIGIT = 0.015
"""Shares of texts of one character in `training/texts.py`; of any other digit."""
_LEAST = 30
"""Cells; fewer do not tell a table's habits."""
_TRUST = 10.0
"""Cells that the general shares count for beside the table's own."""
_MOST = 20.0
"""A reading becomes likelier or less likely by this factor at most."""
_SURE = 0.97
"""A cell whose own reading is so probable keeps it."""

MARKS, _MANY, _RARE, _WORN = frozenset({"-", "—", "/", "无", "0"}), 20, 0.4, 0.1
"""Texts that say none; so many cells have the commonest of them, and blank ones are at most this share of these, in a table that
never leaves a cell blank; and the share of its readings in doubt from which its print is worn."""
_DASHES = frozenset({"-", "—"})
_ONE_HABIT = 0.8
"""Share of its commonest mark among all: who mixes them may leave cells blank as well."""

Rows = tuple[Reading, ...]


def lost(blank: Sequence[bool], readings: Sequence[Rows]) -> list[int]:
    """Return the blank cells of a table that marks what there is none of, where its print is worn: what stood there may be gone."""
    best = [rows[0] for rows, empty in zip(readings, blank, strict=True) if not empty]
    if not _worn_marks(best) or sum(blank) > _RARE * max(_marks(best).values(), default=0):
        return []
    return [i for i, empty in enumerate(blank) if empty]


def worn_marks(readings: Sequence[Rows]) -> bool:
    """Tell whether cells that are not blank mostly say that there is none, by one mark, in worn print."""
    return _worn_marks([rows[0] for rows in readings])


def _worn_marks(best: Sequence[Reading]) -> bool:
    marks = _marks(best)
    values = [r for r in best if r.text in MARKS or r.text.isdigit()]
    worn = sum(r.probability < _SURE for r in values) >= _WORN * len(values)
    return worn and max(marks.values(), default=0) >= max(_MANY, _ONE_HABIT * marks.total())


def _marks(best: Sequence[Reading]) -> Counter[str]:
    return Counter("-" if r.text in _DASHES else r.text for r in best if r.text in MARKS)


def by_habit(readings: Sequence[Rows]) -> list[Rows]:
    """Return the readings of a table's cells, those in doubt weighed by what the others say."""
    if len(readings) < _LEAST or all(rows[0].probability >= _SURE for rows in readings):
        return list(readings)
    factors = _factors(readings)
    return [rows if rows[0].probability >= _SURE else weighed(rows, factors) for rows in readings]


def _factors(readings: Sequence[Rows]) -> dict[str, float]:
    """Return for each text of one character how much commoner it is here than in general."""
    sums: dict[str, float] = {}
    for rows in readings:
        for reading in rows:
            sums[reading.text] = sums.get(reading.text, 0.0) + reading.probability
    usual = {
        text: _USUAL.get(text, _DIGIT)
        for text in sums
        if text in _USUAL or (len(text) == 1 and text.isdigit())
    }
    shares = {t: (sums[t] + _TRUST * share) / (len(readings) + _TRUST) for t, share in usual.items()}
    return {text: min(max(shares[text] / usual[text], 1 / _MOST), _MOST) for text in usual}
