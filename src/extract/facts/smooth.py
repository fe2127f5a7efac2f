"""A plain text in which phrases that mean the same read the same, with the way back to the offsets of the original."""

from __future__ import annotations

from extract.facts.data import smoothed
from extract.facts.text import Plain


def smooth(text: Plain) -> Plain:
    """Return a text in which the phrases of `smoothed.csv` are replaced; a new phrase has the place of the old one."""
    for pattern, new in smoothed():
        kept: list[str] = []
        places: list[int] = []
        done = 0
        for match in pattern.finditer(text.text):
            start, end = match.span()
            phrase = match.expand(new)
            kept += text.text[done:start], phrase
            places += text.places[done:start]
            places += _spread(text.places[start:end], len(phrase))
            done = end
        if done:
            text = Plain("".join([*kept, text.text[done:]]), (*places, *text.places[done:]))
    return text


def _spread(places: tuple[int, ...], length: int) -> list[int]:
    """Return the places of a new phrase of some length, in the order of the old one's."""
    last = len(places) - 1
    return [places[min(i, last)] for i in range(max(length - 1, 0))] + ([places[last]] if length else [])
