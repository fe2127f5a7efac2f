"""Shards of prepared samples, rendered in worker processes from seeds: shard i is the same on every run."""

from __future__ import annotations

import multiprocessing as mp
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from extract.scan.digits import ALPHABET, prepare
from training.fonts import Font, find_fonts
from training.render import Sample, draw_sample
from training.texts import UNKNOWN

SHARD = 2048
CODES = {char: i + 1 for i, char in enumerate(ALPHABET)}


@dataclass(frozen=True, slots=True)
class Batch:
    """Strips of one width (B, 1, 32, W), each one's characters as codes, and whether it is a known text."""

    strips: NDArray[np.float32]
    codes: list[list[int]]
    known: NDArray[np.float32]


class Drawer:
    """Draws samples of one group of fonts."""

    def __init__(self, roots: tuple[Path, ...], group: str) -> None:
        self.fonts: list[Font] = [f for f in find_fonts(roots) if f.group == group]
        weights = np.array([f.weight for f in self.fonts])
        self.weights = weights / weights.sum()

    def draw(
        self, seed: tuple[int, int], count: int, kinds: dict[str, float] | None = None, stamps: float = 0.03
    ) -> list[Sample]:
        """Return `count` samples of a seed."""
        rng = np.random.default_rng(seed)
        return [draw_sample(rng, self.fonts, self.weights, kinds, stamps) for _ in range(count)]


_drawer: Drawer


def _start(roots: tuple[Path, ...]) -> None:
    global _drawer  # noqa: PLW0603 - one per worker process, made once
    cv2.setNumThreads(1)
    _drawer = Drawer(roots, "train")


def _shard(seed: tuple[int, int]) -> list[tuple[NDArray[np.float32], str]]:
    return [(prepare(s.crop, s.text_height), s.label) for s in _drawer.draw(seed, SHARD)]


def batches(roots: tuple[Path, ...], seed: int, shards: int, size: int, workers: int) -> Iterator[Batch]:
    """Yield batches of fresh samples, shard after shard; every sample is seen once."""
    with mp.get_context("fork").Pool(workers, _start, (roots,)) as pool:
        for number, shard in enumerate(pool.imap(_shard, [(seed, i) for i in range(shards)])):
            yield from _mixed(np.random.default_rng((seed, 1, number)), shard, size)


def _mixed(
    rng: np.random.Generator, shard: list[tuple[NDArray[np.float32], str]], size: int
) -> Iterator[Batch]:
    """Batches of near widths (each padded to its widest as the runtime pads: with "outside"), in random order."""
    order = rng.permutation(len(shard))
    order = order[np.argsort([shard[i][0].shape[1] for i in order], kind="stable")]
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    for g in rng.permutation(len(groups)):
        yield _batch([shard[i] for i in groups[g]])


def _batch(rows: list[tuple[NDArray[np.float32], str]]) -> Batch:
    width = max(strip.shape[1] for strip, _ in rows)
    strips = [np.pad(s, ((0, 0), (0, width - s.shape[1])), constant_values=-0.5) for s, _ in rows]
    codes = [[] if label == UNKNOWN else [CODES[c] for c in label] for _, label in rows]
    known = np.array([label != UNKNOWN for _, label in rows], np.float32)
    return Batch(np.stack(strips)[:, None], codes, known)
