"""Make the sample archive again, or a fresh archive of any size with its truth.

python samples/make_samples.py                       the fixed archive: samples/files and samples/truth
python samples/make_samples.py --seed 7 --count 200 --out DIR --shapes docx,html,pdf
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from maker.fixed import make_fixed
from maker.fresh import WRITERS, make_fresh
from maker.report import Wish


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, help="make a fresh archive from this seed")
    parser.add_argument("--count", type=int, default=50, help="number of reports of a fresh archive")
    parser.add_argument(
        "--out", type=Path, help="folder for a fresh archive: files/ and truth/ are made in it"
    )
    parser.add_argument("--shapes", default="docx,html", help=f"of: {','.join(WRITERS)}")
    parser.add_argument(
        "--edition", choices=("2021", "2019", "2014"), help="of the form in all reports of a fresh archive"
    )
    parser.add_argument(
        "--errors", type=float, default=Wish.errors, help="share of reports with a publisher's error, 0 to 1"
    )
    arguments = parser.parse_args()
    if arguments.seed is None:
        truths = make_fixed(Path(__file__).resolve().parent)
    elif arguments.out is None:
        parser.error("--seed needs --out")
    else:
        shapes = arguments.shapes.split(",")
        truths = make_fresh(
            arguments.seed, arguments.count, arguments.out, shapes, arguments.edition, arguments.errors
        )
    print(f"{len(truths.entries)} reports, {len(truths.problems)} other files")


if __name__ == "__main__":
    main()
