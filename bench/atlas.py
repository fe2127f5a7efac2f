"""How long an atlas takes to make, and its pages to open, on a filled dataset of any size; one JSON line per figure.

    python bench/atlas.py [--agencies 3000] [--years 5] [--seed 17] [--open]

Opening is measured in a headless Chromium from disk, from the start of the navigation until the page has drawn its tables and charts, the
median of five.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

from fill import fill  # noqa: E402

from extract.atlas.write import write_atlas  # noqa: E402

PAGES = ("index.html", "agencies.html", "agency.html#17", "measure.html#disclosure_rate", "errors.html")
_DRAWN = """const done = arguments[arguments.length - 1];
const at = location.pathname.split("/").pop();
const drawn = () => at.startsWith("agency") || at.startsWith("measure.") ? (document.body.dataset.charts || document.body.dataset.ready)
    : document.querySelector("main h1");
const wait = () => drawn() ? requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)) : setTimeout(wait, 5);
wait();"""


def opened(first: Path, folder: Path) -> dict[str, float]:
    """Return the seconds each page takes to be drawn, by its file."""
    from browser import browser  # noqa: PLC0415 - only where a browser is asked for

    found: dict[str, float] = {}
    with browser(folder) as chrome:
        chrome.set_script_timeout(60)
        for name in PAGES:
            file, _, place = name.partition("#")
            times = []
            for _ in range(5):
                chrome.get("about:blank")
                chrome.get(first.with_name(file).as_uri() + (f"#{place}" if place else ""))
                times.append(chrome.execute_async_script(_DRAWN) / 1000)
            found[file] = statistics.median(times)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agencies", type=int, default=3000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--open", action="store_true", help="measure in a browser as well")
    options = parser.parse_args()
    size = {"agencies": options.agencies, "years": options.years}
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        fill(output, options.agencies, options.years, options.seed)
        started, worked = time.perf_counter(), time.process_time()
        first = write_atlas(output)
        spent = {"seconds": time.perf_counter() - started, "processor": time.process_time() - worked}
        made = {"figure": "made", **size, **{name: round(value, 1) for name, value in spent.items()}}
        print(json.dumps(made), flush=True)
        total = sum(path.stat().st_size for path in first.parent.rglob("*") if path.is_file())
        print(json.dumps({"figure": "size", **size, "megabytes": round(total / 1e6, 1)}), flush=True)
        if options.open:
            for page, seconds in opened(first, Path(folder)).items():
                print(
                    json.dumps({"figure": "opened", **size, "page": page, "seconds": round(seconds, 2)}),
                    flush=True,
                )


if __name__ == "__main__":
    main()
