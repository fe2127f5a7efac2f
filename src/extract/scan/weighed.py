"""Readings weighed by further evidence, by Bayes' rule: the one place that does it."""

from __future__ import annotations

from collections.abc import Mapping

from extract.model import Reading


def weighed(readings: tuple[Reading, ...], factors: Mapping[str, float]) -> tuple[Reading, ...]:
    """Return readings, best first, each made likelier by the factor of its text; what is left to 1 stays other texts'."""
    weights = [r.probability * factors.get(r.text, 1.0) for r in readings]
    whole = sum(weights) + max(1.0 - sum(r.probability for r in readings), 0.0)
    found = [Reading(r.text, w / whole) for r, w in zip(readings, weights, strict=True)]
    return tuple(sorted(found, key=lambda r: (-r.probability, r.text)))
