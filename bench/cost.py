"""What a million reports take: seconds of a core for each kind of file, measured, times how many there are of each.

    python bench/cost.py [--count 6] [--shares html=0.4,docx=0.25,…] [--price 0.04] [--cores 256] [--write docs/cluster.md]

Seconds are of processor time, libraries loaded, from file to rows; a worker's start and what the client does with a report
are measured too. The price is that of a core for an hour.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "samples")]

from pages import write_between  # noqa: E402

from extract.find import Found, find  # noqa: E402
from extract.group import group  # noqa: E402
from extract.reading import Result, read_unit  # noqa: E402
from extract.settings import Settings  # noqa: E402
from extract.store import Store  # noqa: E402
from maker.fresh import make_fresh  # noqa: E402

SHARES = "html=0.40,docx=0.25,pdf=0.15,doc=0.05,docx_pictures=0.05,pictures=0.03,scan=0.07"
"""A guess at a national archive; give your own."""
REPORTS = 1_000_000
MARKS = "<!-- cost -->", "<!-- end of cost -->"


class Rate(NamedTuple):
    """Of a kind of file: seconds of a core to read one, and what its rows take in the store."""

    shape: str
    seconds: float


def measure(shape: str, count: int, folder: Path) -> tuple[Rate, list[Result]]:
    """Read reports of a kind, made afresh; the first, which loads libraries, is left out."""
    make_fresh(881, count + 1, folder / shape, [shape])
    settings = Settings()
    parts = group([item for item in find([folder / shape / "files"], settings) if isinstance(item, Found)])
    if not parts:
        raise SystemExit(
            f"{shape} cannot be made here: its program is not installed; leave it out of --shares"
        )
    read_unit(parts[0], settings)
    began = time.process_time()
    results = [read_unit(part, settings) for part in parts[1:]]
    return Rate(shape, (time.process_time() - began) / len(results)), results


def taken_in(results: list[Result], folder: Path) -> tuple[float, float]:
    """Return the seconds that committing a report takes, and the bytes it takes in the store."""
    store = Store(folder / "store")
    rounds = 1 + 600 // len(results)
    began = time.process_time()
    for number in range(rounds):
        store.commit([(f"{number}-{i}", f"{number}-{i}", result) for i, result in enumerate(results)])
    seconds = (time.process_time() - began) / (rounds * len(results))
    store.rows("CHECKPOINT")
    size = store.path.stat().st_size / (rounds * len(results))
    store.close()
    return seconds, size


def lines(
    rates: list[Rate], shares: dict[str, float], commit: tuple[float, float], price: float, cores: int
) -> list[str]:
    """Return the table and what follows from it."""
    rows = ["| kind | core-seconds a report | share | core-hours for 10⁶ |", "|---|---|---|---|"]
    total = 0.0
    for rate in rates:
        hours = rate.seconds * shares[rate.shape] * REPORTS / 3600
        total += hours
        rows.append(f"| {rate.shape} | {rate.seconds:.3f} | {shares[rate.shape]:.0%} | {hours:,.0f} |")
    client = commit[0] * REPORTS / 3600
    rows += [
        f"| all | {total * 3600 / REPORTS:.3f} | {sum(shares.values()):.0%} | {total:,.0f} |",
        "",
        f"On {cores} cores {total / cores:,.1f} hours; at {price:.3f} a core-hour {total * price:,.0f}. The client takes in a report in "
        f"{commit[0] * 1000:.1f} ms: {client:,.1f} hours of one core for all, beside the reading, so that more than "
        f"{total / max(client, 0.1):,.0f} cores would wait for it. The store grows by {commit[1] / 1000:.1f} kB a report "
        f"({commit[1] * REPORTS / 1e9:,.0f} GB for all).",
    ]
    return rows


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=6)
    parser.add_argument("--shares", default=SHARES)
    parser.add_argument("--price", type=float, default=0.04)
    parser.add_argument("--cores", type=int, default=256)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    shares = {
        name: float(share) for name, _, share in (pair.partition("=") for pair in options.shares.split(","))
    }
    rates, results = [], []
    with tempfile.TemporaryDirectory() as folder:
        for shape in shares:
            rate, found = measure(shape, options.count, Path(folder))
            rates.append(rate)
            results += found
        commit = taken_in(results, Path(folder))
    told = f"`python bench/cost.py {' '.join(sys.argv[1:])}`, {time.strftime('%Y-%m-%d')}, one core of {os.cpu_count()}:"
    table = [told, "", *lines(rates, shares, commit, options.price, options.cores)]
    print("\n".join(table))
    if options.write:
        write_between(options.write, MARKS, table)


if __name__ == "__main__":
    main()
