"""Measure the digit reader on fonts and damage it never saw: `python training/evaluate.py [--sheet OUT.png]`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np

REPO = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO))

from extract.model import Reading  # noqa: E402
from extract.scan.digits import MODEL, UNKNOWN, DigitReader, prepare, readings  # noqa: E402
from training.data import Drawer  # noqa: E402
from training.fonts import ROOTS  # noqa: E402
from training.render import Sample  # noqa: E402
from training.sheet import contact_sheet  # noqa: E402

SETS: dict[str, dict[str, float]] = {
    "clean": {"clean": 1.0},
    "jpeg": {"jpeg": 1.0},
    "scan": {"scan": 2.0, "soften": 1.0, "grain": 1.0, "resample": 1.0},
    "bad copy": {"bilevel": 1.0, "photocopy": 1.0, "photo": 1.0},
    "unseen damage": {"motion": 1.0, "halo": 1.0, "webp": 1.0, "palette": 1.0},
    "stamped": {"clean": 1.0, "jpeg": 1.0},
}
"""Kinds of damage in each set; all are drawn with held-out fonts; stamps lie over cells only in the last set."""
SEED = 9001
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0)
SIZES = (8, 10, 12, 16, 24, 64)


@dataclass(frozen=True, slots=True)
class Result:
    """A sample with what was read."""

    sample: Sample
    read: tuple[Reading, ...]

    @property
    def right(self) -> bool:
        """True where the best reading is what was printed."""
        said, label = self.read[0].text, self.sample.label
        return said == label or {said, label} == {"-", "—"}  # the length of a lone dash is not judged


def kind_of(label: str) -> str:
    """The class a text is counted in."""
    lone = {"": "blank", UNKNOWN: "unknown", "0": "0", "1": "1", "7": "7", "/": "/", "-": "-", "—": "—"}
    if label in lone:
        return lone[label]
    if any(c in label for c in "增减"):
        return "signed"
    if any(c in label for c in "无空元万件%"):
        return "无 空" if label in "无空" else "with unit"
    for char, name in ((",", "thousands"), (".", "decimal"), ("+", "signed"), ("-", "signed")):
        if char in label:
            return name
    return "other lone digit" if len(label) == 1 else "number"


def share(results: Iterable[Result]) -> dict[str, float]:
    """Count, share right, and share of known texts that were refused."""
    rows = list(results)
    known = [r for r in rows if r.sample.label != UNKNOWN]
    refused = sum(r.read[0].text == UNKNOWN for r in known)
    silent = sum(not r.right and r.read[0].probability >= 0.97 for r in rows)
    return {
        "cells": len(rows),
        "right": round(sum(r.right for r in rows) / max(len(rows), 1), 5),
        "known_right": round(sum(r.right for r in known) / max(len(known), 1), 5),
        "refused": round(refused / max(len(known), 1), 5),
        "wrong_and_sure": round(silent / max(len(rows), 1), 6),
    }


def reliability(results: Sequence[Result]) -> tuple[list[dict[str, float]], float]:
    """The reliability table, and the expected calibration error over its bins."""
    sure = np.array([r.read[0].probability for r in results])
    right = np.array([r.right for r in results])
    rows, error = [], 0.0
    for low, high in pairwise(EDGES):
        inside = (sure >= low) & ((sure < high) | (high == 1.0))
        if inside.any():
            said, was = float(sure[inside].mean()), float(right[inside].mean())
            error += abs(said - was) * float(inside.mean())
            rows.append(
                {"from": low, "cells": int(inside.sum()), "said": round(said, 5), "right": round(was, 5)}
            )
    return rows, round(error, 5)


def measure(reader: DigitReader, samples: list[Sample]) -> list[Result]:
    """Read samples; each has a text height of its own."""
    scored = reader.score([prepare(s.crop, s.text_height) for s in samples])
    return [
        Result(s, readings(texts, known, *reader.temperatures))
        for s, (texts, known) in zip(samples, scored, strict=True)
    ]


def speed(reader: DigitReader, samples: list[Sample]) -> float:
    """Milliseconds a cell, preparing included, in batches of 64 crops."""
    crops = [s.crop for s in samples if 12 <= s.text_height < 16][:640]
    started = time.perf_counter()
    for i in range(0, len(crops), 64):
        reader.read(crops[i : i + 64], 14.0)
    return round(1000 * (time.perf_counter() - started) / len(crops), 3)


def evaluate(reader: DigitReader, roots: tuple[Path, ...], count: int) -> tuple[dict[str, Any], list[Result]]:
    """Return the figures for the card, and all results."""
    drawer = Drawer(roots, "held-out")
    everything: list[Result] = []
    report: dict[str, Any] = {"sets": {}, "fonts": sorted({Path(f.path).name for f in drawer.fonts})}
    for number, (name, kinds) in enumerate(SETS.items()):
        results = measure(reader, drawer.draw((SEED, number), count, kinds, float(name == "stamped")))
        table, error = reliability(results)
        by_kind: dict[str, list[Result]] = defaultdict(list)
        by_size: dict[str, list[Result]] = defaultdict(list)
        for r in results:
            by_kind[kind_of(r.sample.label)].append(r)
            low = max((s for s in SIZES if s <= r.sample.text_height), default=0)
            by_size[f"{low}+" if low else "under 8"].append(r)
        report["sets"][name] = {
            **share(results),
            "ece": error,
            "reliability": table,
            "by_class": {k: share(v) for k, v in sorted(by_kind.items())},
            "by_text_height": {
                k: share(by_size[k]) for k in ["under 8", *(f"{s}+" for s in SIZES)] if by_size[k]
            },
        }
        everything += results
    report["ms_per_cell"] = speed(reader, [r.sample for r in everything])
    return report, everything


def show(report: dict[str, Any], results: list[Result]) -> None:
    """Print the figures that matter, and the commonest confusions."""
    for name, row in report["sets"].items():
        print(name, {k: v for k, v in row.items() if not isinstance(v, dict | list)})
        print("   size ", {k: v["known_right"] for k, v in row["by_text_height"].items()})
        print("   class", {k: v["right"] for k, v in row["by_class"].items()})
        print("   ", [(r["from"], r["cells"], r["said"], r["right"]) for r in row["reliability"]])
    wrong = Counter((r.sample.label, r.read[0].text) for r in results if not r.right)
    print("ms a cell", report["ms_per_cell"], "wrong", sum(wrong.values()), wrong.most_common(40))


def main() -> None:
    """Measure, print, and write a contact sheet of what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="cells a set")
    parser.add_argument("--fonts", type=Path, nargs="*", default=ROOTS)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--card", type=Path, help="card (JSON) whose figures are to be brought up to date")
    parser.add_argument("--sheet", type=Path, help="PNG of the crops that were misread")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    reader = DigitReader(model=options.model)
    report, results = evaluate(reader, tuple(options.fonts), options.count)
    show(report, results)
    if options.card:
        card = json.loads(options.card.read_text("utf-8")) if options.card.exists() else {}
        card["held_out"] = report
        options.card.write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.sheet:
        wrong = [r for r in results if not r.right]
        wrong.sort(key=lambda r: -r.read[0].probability)
        contact_sheet(
            [(r.sample, f"{r.sample.label!r}>{r.read[0].text!r} {r.read[0].probability:.3f}") for r in wrong],
            options.sheet,
        )


if __name__ == "__main__":
    main()
