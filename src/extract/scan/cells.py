"""The text of the cells of a lattice: ink first, then shape, then the OCR engine."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extract.model import Reading
from extract.scan.glyph import lone_shape
from extract.scan.image import Grey
from extract.scan.ink import Ink, text_lines
from extract.scan.ocr import Engine

_BLANK = 0.995
"""Probability that a cell without ink is blank on the page: faint print can be lost in a copy."""
_SHAPE = 0.98
"""Probability that a mark of the shape of a stroke or dash is one."""
_UNREAD = 0.05
_LOOKS = str.maketrans("OoQD〇○lI|iSBZz", "00000011115822")
_DIGITS = frozenset("0123456789,.+-%")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line of text of a cell, cut out: which cell, its crop, and whether it is short enough to be a number."""

    cell: int
    crop: Grey
    lone: bool


def read_cells(inks: Sequence[Ink], text_height: float, engine: Engine) -> list[tuple[Reading, ...]]:
    """Return the readings of each cell, best first; a blank cell reads "", one that defies reading has 5 % at most.

    A lone character is shown to the engine three times in a row: trained on lines, it misses single marks.
    """
    shapes = [_shape(ink, text_height) for ink in inks]
    pieces = [
        p
        for i, ink in enumerate(inks)
        if not ink.blank and not shapes[i]
        for p in _pieces(i, ink, text_height)
    ]
    texts = engine.read_lines([_shown(piece) for piece in pieces])
    parts: dict[int, list[tuple[str, float]]] = {}
    for piece, (text, score) in zip(pieces, texts, strict=True):
        parts.setdefault(piece.cell, []).append(_thrice(text, score) if piece.lone else (text, score))
    return [_readings(ink, shapes[i], parts.get(i, [])) for i, ink in enumerate(inks)]


def _shape(ink: Ink, text_height: float) -> str:
    if ink.blank:
        return ""
    x0, y0, x1, y1 = ink.box()
    return (
        lone_shape(np.ascontiguousarray(ink.mask[y0:y1, x0:x1]), text_height)
        if x1 - x0 < 3 * text_height
        else ""
    )


def _pieces(cell: int, ink: Ink, text_height: float) -> list[_Piece]:
    found = []
    for top, bottom in text_lines(ink.mask, text_height):
        columns = np.flatnonzero(ink.mask[top:bottom].any(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        crop = np.ascontiguousarray(ink.grey[top:bottom, left:right])
        found.append(_Piece(cell, crop, right - left <= 0.75 * max(bottom - top, 0.6 * text_height)))
    return found


def _shown(piece: _Piece) -> Grey:
    """Return a crop as the engine is to see it: on paper, a lone mark three times over."""
    crop = piece.crop
    h = crop.shape[0]
    paper = int(np.percentile(crop, 95))
    margin = max(2, round(0.18 * h))
    gap = np.full((h, max(1, round(0.22 * h))), paper, np.uint8)
    line = np.hstack([crop, gap, crop, gap, crop]) if piece.lone else crop
    return np.pad(line, ((margin, margin), (2 * margin, 2 * margin)), constant_values=paper)


def _thrice(text: str, score: float) -> tuple[str, float]:
    """Take back the repetition: three equal characters are one; else what is most frequent, with less trust."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").translate(_LOOKS)
    if not plain:
        return "", 0.0
    best = max(sorted(set(plain)), key=plain.count)
    if plain == best * 3:
        return best, score
    return best, score * 0.8 * plain.count(best) / max(len(plain), 3)


def _readings(ink: Ink, shape: str, parts: list[tuple[str, float]]) -> tuple[Reading, ...]:
    if ink.blank:
        return (Reading("", _BLANK),)
    if shape:
        return (Reading(shape, _SHAPE),)
    text = "\n".join(part for part, _ in parts).strip()
    score = min((s for _, s in parts), default=0.0)
    text = _as_number(text)
    return (Reading(text, max(score, _UNREAD)),) if text else (Reading("\ufffd", _UNREAD),)


def _as_number(text: str) -> str:
    """Where all that is read are digits but for look-alikes of digits, write digits."""
    plain = unicodedata.normalize("NFKC", text)
    changed = plain.translate(_LOOKS)
    if changed != plain and changed and set(changed) <= _DIGITS and any(c.isdigit() for c in changed):
        return changed
    return text
