"""The passages that two texts share, letter by letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from extract.reuse.candidates import within
from extract.reuse.shingles import LENGTH, Flags, Shingled

SHORTEST = 24
"""Letters that a passage has at least."""
OWN = 16
"""Letters of a passage that must be no common form: where two set phrases meet there is nothing of anybody's own."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of letters of a text that stands in another: first and last letter plus one, in letters kept."""

    start: int
    end: int


def shared(text: Shingled, form: Flags, other: Shingled) -> tuple[Passage, ...]:
    """Return the passages of a text that stand in another, in order and apart from each other.

    `form` says for each letter of the text whether it is common form.
    """
    there = within(text.hashes, np.unique(other.hashes))
    return tuple(p for start, end in _runs(there) for p in _exact(text, form, other, start, end + LENGTH - 1))


def _runs(flags: Flags) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.view(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _exact(text: Shingled, form: Flags, other: Shingled, start: int, end: int) -> Iterator[Passage]:
    """Cut a run into pieces that really stand in the other text, the longest first from the left; short ones are none."""
    while end - start >= SHORTEST:
        stop = _longest(text.kept, other.kept, start, end)
        if stop - start >= SHORTEST and np.count_nonzero(~form[start:stop]) >= OWN:
            yield Passage(start, stop)
        start = max(stop, start + 1)


def _longest(text: str, other: str, start: int, end: int) -> int:
    """Return how far a piece from `start` stands in another text, by halving."""
    if text[start:end] in other:
        return end
    low, high = start, end
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if text[start:middle] in other else (low, middle)
    return low


def form_letters(common: Flags, length: int) -> Flags:
    """Return for each letter of a text whether a shingle that is common form covers it."""
    flags = np.zeros(length, dtype=np.bool_)
    flags[(np.flatnonzero(common)[:, None] + np.arange(LENGTH)).ravel()] = True
    return flags


def covered(passages: tuple[Passage, ...], length: int) -> Flags:
    """Return for each letter of a text whether a passage covers it."""
    flags = np.zeros(length, dtype=np.bool_)
    for passage in passages:
        flags[passage.start : passage.end] = True
    return flags
