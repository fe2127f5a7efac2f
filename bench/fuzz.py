"""`make fuzz`: mutated reports of every kind through the whole pipeline: every input ends as a report or a problem.

    python bench/fuzz.py [--inputs 10000] [--seed 3] [--timeout 20] [--write docs/reliability.md] [--keep FOLDER]

Seeds are small reports made afresh: docx, pdf, html, png, zip, txt. A mutation changes bytes, cuts, doubles or swaps
stretches, or, within docx and zip, does that to a member before packing it again, so that it gets past the checksums. Inputs that
crashed a worker or ran into a limit are listed, and kept where asked.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import platform
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "samples")]

from fpdf import FPDF  # noqa: E402
from pages import write_between  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402

import extract  # noqa: E402
from maker.archive import pack  # noqa: E402
from maker.fresh import WRITERS  # noqa: E402
from maker.report import make_report  # noqa: E402

_SEEDS = 3
"""Reports of each kind that mutations start from."""
_SHAPES = {"docx": "docx", "html": "html", "txt": "txt"}
_TURNS = ("docx", "html", "zip", "docx", "html", "pdf", "docx", "html", "zip", "txt", "txt", "png")
"""Kinds in turn: PDFs and pictures are fewer, since one takes as long as twenty others."""
_A_FOLDER = 3000


def seeds(number: int) -> dict[str, list[bytes]]:
    """Return small reports by kind."""
    found: dict[str, list[bytes]] = {}
    for index in range(_SEEDS):
        report = make_report(number * 1_000_003 + index)
        for kind, shape in _SHAPES.items():
            found.setdefault(kind, []).append(
                next(iter(WRITERS[shape](report, "a", report.rng("fuzz")).values()))
            )
        found.setdefault("png", []).append(_picture(index))
        found.setdefault("pdf", []).append(
            WRITERS["pdf"](report, "a", report.rng("fuzz"))["a.pdf"] if not index else _page(index)
        )
        found.setdefault("zip", []).append(
            pack({f"{kind}.{kind}": found[kind][index] for kind in ("docx", "txt", "html")})
        )
    return found


def _picture(index: int) -> bytes:
    """A little ruled table: what a whole report takes to read would leave no time for other inputs."""
    image = Image.new("L", (240 + 40 * index, 120), "white")
    draw = ImageDraw.Draw(image)
    for x in range(0, image.width, 40):
        draw.line((x, 0, x, 119), fill=0)
    for y in range(0, 120, 30):
        draw.line((0, y, image.width, y), fill=0)
        draw.text((8, y + 8), str(index + y), fill=0)
    buffer = io.BytesIO()
    image.save(buffer, "png")
    return buffer.getvalue()


def _page(index: int) -> bytes:
    """A PDF of one small page with a table: a page whose text is broken is read as a picture, which takes its time."""
    sheet = FPDF(unit="pt", format=(300, 160))
    sheet.add_page()
    sheet.set_font("helvetica", size=9)
    sheet.set_compression(index % 2 == 0)
    with sheet.table(rows=[[str(row * index + column) for column in range(6)] for row in range(4)]):
        sheet.set_title("report")
    return bytes(sheet.output())


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return some bytes with one to six mutations."""
    if data[:2] == b"PK" and rng.random() < 0.7:
        return _repacked(data, rng)
    changed = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        if changed:
            rng.choice(_MUTATIONS)(changed, rng)
    return bytes(changed)


def _repacked(data: bytes, rng: random.Random) -> bytes:
    """Mutate a member of a zip, or its name, and pack it again."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    name = rng.choice(list(members))
    members[name] = mutated(members[name], rng)
    if rng.random() < 0.1:
        members[name[:-1] + rng.choice("\x00/é\n年")] = members.pop(name)
    return pack(members)


def _flip(data: bytearray, rng: random.Random) -> None:
    data[rng.randrange(len(data))] = rng.randrange(256)


def _cut(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    del data[start : start + rng.choice((1, 10, 1000, len(data)))]


def _double(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.choice((1, 20, 500, 5000))]
    data[start:start] = piece * rng.choice((1, 2, 50))


def _insert(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    data[start:start] = rng.choice(_WORDS)


def _number(data: bytearray, rng: random.Random) -> None:
    """Put a monstrous number where digits stand: lengths, counts, spans."""
    digits = [i for i, byte in enumerate(data[:100_000]) if 48 <= byte <= 57]
    if digits:
        at = rng.choice(digits)
        data[at : at + 1] = rng.choice((b"99999999999", b"-1", b"0", b"2147483648", b"1e308"))


_MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _flip,
    _cut,
    _double,
    _insert,
    _number,
)
_WORDS = (
    b"\x00" * 64, b"\xff" * 64, b"<", b">", b"<table>" * 20, b"<td rowspan=1000000000>", b"]]>", b"&#x0;", b"&a;", b"<!--",
    b"<w:tbl>", b"</w:tc>", b"endobj", b"stream\n", b" 0 R", b"<<", b">>", b"%PDF-", b"PK\x03\x04", "总计".encode(), b"\xd0\xcf",
)  # fmt: skip


def make(folder: Path, inputs: int, seed: int) -> None:
    """Write the inputs, in folders by kind."""
    rng = random.Random(seed)  # noqa: S311 - inputs that can be made again, not secrets
    of_kinds = seeds(seed)
    for index in range(inputs):
        kind = _TURNS[index % len(_TURNS)]
        of_kind = of_kinds[kind]
        path = folder / f"{kind}-{index // _A_FOLDER:03d}" / f"{index:06d}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mutated(rng.choice(of_kind), rng))


def fuzz(folder: Path, inputs: int, seed: int, timeout: float, workers: int = 2) -> dict[str, Any]:
    """Read mutated inputs; return what became of them."""
    archive, output = folder / "in", folder / "out"
    make(archive, inputs, seed)
    settings = extract.Settings(
        workers=workers, timeout=timeout, memory=1_500_000_000, text="none", render_dpi=72
    )
    started = time.perf_counter()
    summary = extract.read_archive(archive, output, settings)
    seconds = time.perf_counter() - started
    named = {name for table in ("reports", "problems") for name in _files(output / f"{table}.csv")}
    there = {path.relative_to(archive).as_posix() for path in archive.rglob("*") if path.is_file()}
    slowest = max(_seconds(output / "log.jsonl"), default=0.0)
    with (output / "problems.csv").open(encoding="utf-8-sig", newline="") as stream:
        problems = list(csv.DictReader(stream))
    hard = [row for row in problems if row["kind"] in {"crashed", "timeout", "out_of_memory"}]
    return {
        "inputs": len(there), "not_accounted_for": len(there - {name.split("!")[0] for name in named}),
        "reports": sum(summary.reports.values()), "problems": dict(Counter(row["kind"] for row in problems).most_common()),
        "ended_by_a_limit_or_crash": len(hard), "slowest_seconds": round(slowest, 1), "timeout": timeout,
        "over_the_limit": int(slowest > timeout + 1), "seconds": round(seconds, 1), "load": round(os.getloadavg()[0], 1),
        "examples": [f"{row['file']}: {row['message']}"[:300] for row in hard[:20]],
    }  # fmt: skip


def _files(path: Path) -> set[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {row["file"].lstrip("'") for row in csv.DictReader(stream)}


def _seconds(log: Path) -> list[float]:
    events = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
    return [event["seconds"] for event in events if event["event"] == "file"]


def main() -> None:
    """Make, read, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=20.0)
    parser.add_argument("--write", type=Path, help="write the figures into this page, between their marks")
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        figures = fuzz(options.keep or Path(place), options.inputs, options.seed, options.timeout)
    figures |= {"version": version("gov-report-extract"), "python": platform.python_version()}
    print(json.dumps(figures, ensure_ascii=False, indent=1), flush=True)
    if options.write:
        rows = [
            f"`python bench/fuzz.py --inputs {options.inputs} --seed {options.seed}`, {time.strftime('%Y-%m-%d')}:",
            "",
        ]
        rows += ["| figure | value |", "|---|---|"]
        rows += [f"| {name} | {_shown(value)} |" for name, value in figures.items() if name != "examples"]
        write_between(options.write, ("<!-- fuzz -->", "<!-- end of fuzz -->"), rows)


def _shown(value: object) -> str:
    return ", ".join(f"{n} {kind}" for kind, n in value.items()) if isinstance(value, dict) else str(value)


if __name__ == "__main__":
    main()
