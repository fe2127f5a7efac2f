"""`make people`: what is planted in made archives is found, nothing else is claimed; and how long comparing takes. JSON lines.

    python bench/people.py [--seeds 301,302,303] [--agencies 3000] [--years 5] [--big FOLDER] [--only planted|times]

Planted: archives of 60 agencies over four years (`samples/maker/series.py`), written, read by `extract run`'s own code, and
checked; the seeds are not those of any test. Times: a dataset filled by `fill.py`; `seconds` is the wall clock, `cpu` the processor's
time of the command and its children, `load` the load average when it began (above the number of cores the wall clock says little).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "samples")]

from fill import fill  # noqa: E402

import extract  # noqa: E402
from extract.across import across  # noqa: E402
from extract.across.findings import ASSESSED  # noqa: E402
from extract.reuse import reuse  # noqa: E402
from maker.series import write_series  # noqa: E402

Key = tuple[str, str, int, str]


def planted(seed: int, folder: Path) -> list[dict[str, object]]:
    """Make an archive, read it, check it; return a line for the contradictions and one for the reuse."""
    series = write_series(seed, folder)
    extract.read_archive(folder / "files", folder / "out", extract.Settings(workers=1))
    with extract.open_dataset(folder / "out") as dataset:
        found = across(dataset)
        passages = reuse(dataset).passages
    claimed = {(r.check, r.agency, r.year, r.code) for r in found[found.verdict.isin(ASSESSED)].itertuples()}
    told = {
        (r.check, r.agency, r.year, r.code) for r in found[found.verdict == "not_assessable"].itertuples()
    }
    known = {(p.check, p.agency, p.year, p.code) for p in series.planted}
    cannot = {(p.check, p.agency, p.year, p.code) for p in series.cannot_tell}
    reused = {(p.check, p.agency, p.year, p.other) for p in series.reused}
    standing = {(p.source, p.agency, p.year, p.other_agency) for p in passages.itertuples()}
    return [
        {
            "seed": seed,
            "what": "across",
            **_counts(known, claimed),
            "cannot_tell": f"{len(cannot & told)}/{len(cannot)}",
        },
        {"seed": seed, "what": "reuse", **_counts(reused, standing)},
    ]


def _counts(known: set[Key], claimed: set[Key]) -> dict[str, object]:
    extra = sorted(map(str, claimed - known))
    return {
        "planted": len(known),
        "found": len(known & claimed),
        "claimed_and_not_there": len(extra),
        "examples": extra[:3],
    }


def timed(name: str, code: str, arguments: Iterable[str] = ()) -> dict[str, object]:
    """Run Python code in a process of its own and return its times."""
    load = os.getloadavg()[0]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "what": name,
        "seconds": round(seconds, 2),
        "cpu": round(cpu, 2),
        "load": round(load, 1),
        "cores": os.cpu_count(),
    }


def times(folder: Path) -> Iterable[dict[str, object]]:
    """Yield the times of the commands on a big dataset, after that of loading the libraries they stand on."""
    yield timed("loading pandas and duckdb alone", "import duckdb, pandas")
    for command in (
        ["compare"], ["compare", "--by", "kind"], ["compare", "-m", "disclosure_rate", "-y", "2025"], ["across"], ["reuse"],
    ):  # fmt: skip
        name, *options = command
        yield timed(" ".join(command), "from extract.cli import main; main()", [name, str(folder), *options])


def main() -> None:
    """Print the lines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="301,302,303")
    parser.add_argument("--agencies", type=int, default=3000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--big", type=Path, help="a folder that fill.py has filled already")
    parser.add_argument("--only", choices=("planted", "times"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if options.only != "times":
            for seed in map(int, options.seeds.split(",")):
                for line in planted(seed, Path(name) / str(seed)):
                    print(json.dumps(line, ensure_ascii=False), flush=True)
        if options.only != "planted":
            folder = options.big or Path(name) / "big"
            if options.big is None:
                fill(folder, options.agencies, options.years, 17)
            for line in times(folder):
                print(
                    json.dumps(
                        {"agencies": options.agencies, "years": options.years, **line}, ensure_ascii=False
                    ),
                    flush=True,
                )


if __name__ == "__main__":
    main()
