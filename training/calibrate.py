"""Fit the two temperatures on fonts that are neither trained on nor tested with."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from extract.scan.digits import UNKNOWN, DigitReader, prepare, readings
from training.data import Drawer

SEED = 5001
_GRID = tuple(round(0.6 * 1.1**i, 3) for i in range(20))


def fit_temperatures(model: Path, roots: tuple[Path, ...], count: int) -> tuple[float, float]:
    """Return (temperature of texts, temperature of "known") of least log loss over `count` validation cells."""
    samples = Drawer(roots, "validation").draw((SEED, 0), count)
    scored = DigitReader(model=model).score([prepare(s.crop, s.text_height) for s in samples])

    def loss(temperature: float, unknown: float) -> float:
        total = 0.0
        for sample, (texts, known) in zip(samples, scored, strict=True):
            found = {r.text: r.probability for r in readings(texts, known, temperature, unknown)}
            total -= math.log(
                found.get(sample.label, found.get({"-": "—", "—": "-"}.get(sample.label, ""), 1e-5))
            )
        return total / count

    unknown = min(
        _GRID,
        key=lambda t: float(
            np.mean([_known_loss(k, s.label, t) for s, (_, k) in zip(samples, scored, strict=True)])
        ),
    )
    return min(_GRID, key=lambda t: loss(t, unknown)), unknown


def _known_loss(logit: float, label: str, temperature: float) -> float:
    sign = -1.0 if label == UNKNOWN else 1.0
    return float(np.logaddexp(0.0, -sign * logit / temperature))
