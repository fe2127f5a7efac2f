"""Texts as sets of short strings: what is left of a text when blanks, digits and punctuation are gone, ten characters at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

LENGTH = 10
"""Characters of a shingle: longer than most set phrases, shorter than any sentence."""
BLOCK = 90
"""Characters that a block has at least, where it does not end with its paragraph."""
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_ENDS = np.array([ord(c) for c in "。！？!?\n"], dtype=np.uint32)
_LINE = ord("\n")

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]
Points = NDArray[np.uint32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Shingled:
    """A text made comparable: `kept` its letters and characters, `places` where each stands in the text, `hashes` one per shingle.

    `blocks` are pieces of it as ranges of shingles, cut where the text itself says: at the ends of paragraphs, and of every third
    sentence or so by what stands in it, so that a passage that was copied is cut alike in both reports.
    """

    kept: str
    places: Places
    hashes: Hashes
    blocks: tuple[tuple[int, int], ...]


@cache
def _letters() -> Flags:
    """Return for each character of the basic plane whether it is a letter (not a digit)."""
    return np.array([chr(i).isalpha() for i in range(0x10000)], dtype=np.bool_)


def shingled(text: str, name: str = "") -> Shingled:
    """Make a text comparable. The agency's own name counts for nothing: who copies a report puts the own name in."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    keep = np.zeros(len(points), dtype=np.bool_)
    plane = points < 0x10000
    keep[plane] = _letters()[points[plane]]
    for match in re.finditer(re.escape(name), text) if name else ():
        keep[match.start() : match.end()] = False
    places = np.flatnonzero(keep)
    letters = points[places].astype(np.uint64)
    kept = points[places].tobytes().decode("utf-32-le", "surrogatepass")
    return Shingled(kept, places, _hashes(letters), _blocks(points, places))


def _hashes(letters: Hashes) -> Hashes:
    """Return a hash of every run of `LENGTH` letters, well mixed."""
    count = len(letters) - LENGTH + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    mixed = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for i in range(LENGTH):
            mixed = (mixed + letters[i : i + count]) * _PRIME
        mixed ^= mixed >> np.uint64(32)
        mixed *= _PRIME
        mixed ^= mixed >> np.uint64(29)
    return mixed


def _blocks(points: Points, places: Places) -> tuple[tuple[int, int], ...]:
    """Return the blocks as ranges of shingles; a block too short for one is left out."""
    ends = np.append(np.flatnonzero(np.isin(points, _ENDS)), len(points))
    sums = np.concatenate(([0], np.cumsum(points, dtype=np.int64), [0]))
    letters = np.searchsorted(places, ends)
    found, start, first, before = [], 0, 0, 0
    for end, last in zip(ends.tolist(), letters.tolist(), strict=True):
        # a sentence that ends a block does so in every report that it stands in
        cut = (sums[end] - sums[before]) % 3 == 0 and end - start >= BLOCK
        before = end
        if cut or end == len(points) or points[end] == _LINE or end - start >= 4 * BLOCK:
            if last - first >= 2 * LENGTH:
                found.append((first, last - LENGTH + 1))
            start, first = end, last
    return tuple(found)
