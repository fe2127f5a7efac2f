"""How sure a share is that was counted on a sample."""

from __future__ import annotations

from math import exp, lgamma, log

_STEPS = 60
"""Halvings of 0 to 1: far finer than a float tells apart near any share that matters."""


def share_interval(hits: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact (Clopper–Pearson) confidence interval of a share, of which `hits` of `n` were seen.

    With nothing looked at it is 0 to 1. Raises ValueError unless 0 <= hits <= n. Source: C. J. Clopper and E. S.
    Pearson, Biometrika 26 (1934), 404–413: its ends are the shares at which so high, or so low, a count would be as
    unlikely as (1 - level) / 2.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no count")
    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else _share_where(hits, n, tail)
    high = 1.0 if hits == n else _share_where(hits + 1, n, 1 - tail)
    return low, high


def _share_where(hits: int, n: int, chance: float) -> float:
    """Return the share at which `hits` or more of `n` come up with that chance, which rises with the share."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if 1.0 - sum(_binomial(k, n, middle) for k in range(hits)) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _binomial(k: int, n: int, share: float) -> float:
    """Probability of just k of n, 0 < share < 1."""
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(share) + (n - k) * log(1 - share))
