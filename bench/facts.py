"""Facts and text checks on reports made afresh, as JSON lines.

    python bench/facts.py [--seed 7301] [--count 200] [--part held] [--examples] [--write docs/accuracy.md]
    python bench/facts.py --texts FILE [--examples]

Line 1: precision and recall of facts that state a cell, of plain facts, seconds per report for the text alone. Line 2:
reports with one number told wrong, how many were found. Line 3: clean reports, and what was claimed of them. The phrasings
are those of `samples/maker/statements.csv`; what each part showed before any rule knew it stands in docs/accuracy.md.
With --texts, texts of your own whose facts you know: JSON lines with `section` (1 to 6), `year`, `text`, `facts` (pairs of a
name and a value, all that the text states of the form's cells) and `unsure` (names that count neither way).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "bench"), str(ROOT / "samples")]

from bench import commit  # noqa: E402
from pages import write_between  # noqa: E402

from extract.facts import find_facts  # noqa: E402
from extract.facts.data import codes_of  # noqa: E402
from extract.model import Source  # noqa: E402
from extract.pipeline import read_report  # noqa: E402
from extract.record import Record  # noqa: E402
from extract.sections import Section  # noqa: E402
from extract.settings import Settings  # noqa: E402
from maker.report import Wish, make_report  # noqa: E402
from maker.text import write_text  # noqa: E402
from maker.told import PLAIN, Stated, Told, tell  # noqa: E402

MARKS = "<!-- facts -->", "<!-- end of facts -->"
Key = tuple[int, str, Decimal]


@dataclass
class Counts:
    """Facts asked for, found and right, and what went wrong in words."""

    told: int = 0
    found: int = 0
    right: int = 0
    plain_told: int = 0
    plain_right: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, record: Record, told: Told) -> None:
        """Hold the facts of a report against what its text was made to state."""
        true = Counter(key for f in told.facts if f.name not in PLAIN.values() for key in keys_of(f))
        read = Counter(cell_facts(record))
        self.told, self.found = self.told + true.total(), self.found + read.total()
        self.right += (true & read).total()
        plain = Counter((f.section, f.name, f.value) for f in told.facts if f.name in PLAIN.values())
        stated = Counter(
            (f.section, f.name.removesuffix(".website"), f.value) for f in record.facts if f.value is not None
        )
        self.plain_told, self.plain_right = (
            self.plain_told + plain.total(),
            self.plain_right + (plain & stated).total(),
        )
        for what, keys in (("lost", (true | plain) - read - stated), ("invented", read - true)):
            self.examples += [f"{what}: {k} in {sentences(record, k)}" for k in keys]


def keys_of(fact: Stated) -> Iterator[Key]:
    """Yield what a statement states: that there are no disputes says that there is neither review nor suit."""
    both = fact.name == "disputes.total" and not fact.value
    for name in ("review.total", "litigation.total") if both else (fact.name,):
        yield fact.section, name, fact.value


def sentences(record: Record, key: Key) -> str:
    """Return the sentences of a section that hold a number, for looking at what went wrong."""
    text = next((s.text for s in record.sections if s.number == key[0]), "")
    return " | ".join(t for t in text.split("。") if not key[2] or f"{key[2]}" in t)[:300].replace("\n", "/")


def cell_facts(record: Record) -> Iterator[Key]:
    """Yield the facts of a record that state a cell of the form or a sum of cells."""
    for fact in record.facts:
        if fact.value is not None and codes_of(fact.name, record.edition):
            yield fact.section, fact.name, fact.value


def made(seed: int, part: str, *, contradict: bool) -> tuple[Record, Told]:
    """Make a report and read it, as a text file with its tables."""
    report = make_report(seed, Wish(edition="2021", error="none"))
    told = tell(report, part, report.rng(f"{part}/told"), contradict=contradict)
    source = Source(f"{report.words.agency}{report.words.year}.txt", write_text(report), "txt")
    record = read_report([source], Settings(workers=1)).record
    if record is None or record.edition != "2021":
        raise SystemExit(f"{source.file} was not read as a report")
    if any(
        c in report.words.sections[1].ordinal for c in "一㈠1"
    ):  # printed twice: a fault that is to be told
        kept = tuple(c for c in record.checks if c.check != "structure.order" or c.verdict != "source_error")
        record = replace(record, checks=kept)
    return record, told


def claims(record: Record) -> set[str]:
    """Return the checks of text and structure that do not hold."""
    wrong = (c for c in record.checks if c.verdict in {"source_error", "doubtful"})
    return {c.check for c in wrong if c.check.startswith(("text.", "structure."))}


def texts_line(path: Path, *, examples: bool) -> dict[str, object]:
    """Score the facts of texts that somebody has read by hand."""
    told = found = right = empty = invented = 0
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        unsure = set(row.get("unsure", ()))
        section = Section(row["section"], "", row["text"], 0, 0)
        facts = find_facts([section], row["year"])
        read = {(f.name, f.value) for f in facts if f.value is not None and codes_of(f.name, "2021")}
        read = {(name, value) for name, value in read if name not in unsure}
        true = {(name, Decimal(str(value))) for name, value in row["facts"] if name not in unsure}
        true = {(name, value) for name, value in true if codes_of(name, "2021")}
        told, found, right = told + len(true), found + len(read), right + len(true & read)
        empty, invented = empty + (not true), invented + (not true and bool(read))
        if examples:
            print(*(("lost", *k, row["text"][:160]) for k in true - read), sep="\n", file=sys.stderr)
            print(*(("invented", *k, row["text"][:160]) for k in read - true), sep="\n", file=sys.stderr)
    return {
        "what": "texts", "told": told, "found": found, "right": right, "precision": round(right / max(found, 1), 4),
        "recall": round(right / max(told, 1), 4), "without_facts": empty, "of_these_with_one": invented,
    }  # fmt: skip


def named(check: str) -> str:
    """Return the name that a check of the text is about."""
    name = check.removeprefix("text.")
    return name.rpartition(".")[0] if name.rpartition(".")[2].isdigit() else name


def facts_line(options: argparse.Namespace, records: list[tuple[Record, Told]]) -> dict[str, object]:
    """Score the facts of clean reports."""
    counts = Counts()
    for record, told in records:
        counts.add(record, told)
    started = time.process_time()
    for record, _ in records:
        find_facts(record.sections, record.year)
    seconds = (time.process_time() - started) / len(records)
    if options.examples:
        print(*counts.examples, sep="\n", file=sys.stderr)
    return {
        "what": "facts", "part": options.part, "reports": len(records), "told": counts.told, "found": counts.found,
        "right": counts.right, "precision": round(counts.right / counts.found, 4),
        "recall": round(counts.right / counts.told, 4), "plain_recall": round(counts.plain_right / counts.plain_told, 4),
        "seconds_per_report": round(seconds, 4),
    }  # fmt: skip


def planted_line(options: argparse.Namespace) -> dict[str, object]:
    """Score reports with one number told wrong."""
    planted = found = other = index = 0
    while planted < options.count:
        record, told = made(options.seed * 7919 + index, options.part, contradict=True)
        index += 1
        if not told.planted:
            continue
        planted += 1
        claimed = {named(c) for c in claims(record) if not c.startswith("text.parts")}
        found += told.planted[0] in claimed
        other += bool(claimed - set(told.planted))
        if options.examples and claimed != set(told.planted):
            print(f"planted {told.planted}, claimed {claimed}: {record.sections[1].text}", file=sys.stderr)
    return {
        "what": "planted",
        "part": options.part,
        "reports": planted,
        "found": found,
        "other_claims": other,
    }


def main() -> None:
    """Print the lines, and write them into a page where asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=7301)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument(
        "--part", default="held", choices=("tune", "held", "second", "third", "fourth", "fifth", "shares")
    )
    parser.add_argument("--examples", action="store_true", help="list what went wrong (for the part `tune`)")
    parser.add_argument("--write", type=Path, help="write the figures into this page, between its marks")
    parser.add_argument("--texts", type=Path, help="texts with their facts, as JSON lines")
    options = parser.parse_args()
    if options.texts:
        print(json.dumps(texts_line(options.texts, examples=options.examples) | {"commit": commit()}))
        return
    clean = [made(options.seed * 1_000_003 + i, options.part, contradict=False) for i in range(options.count)]
    wrong = [claims(record) for record, _ in clean if claims(record)]
    lines = [
        facts_line(options, clean), planted_line(options),
        {"what": "clean", "part": options.part, "reports": len(clean), "with_a_claim": len(wrong)},
    ]  # fmt: skip
    for line in lines:
        print(json.dumps(line | {"commit": commit()}))
    if options.examples:
        print(*wrong, sep="\n", file=sys.stderr)
    if options.write:
        rows = [
            f"`python bench/facts.py {' '.join(sys.argv[1:])}`, {time.strftime('%Y-%m-%d')}, commit {commit()}:",
            "",
        ]
        rows += [f"- {', '.join(f'{k} {v}' for k, v in line.items())}" for line in lines]
        write_between(options.write, MARKS, rows)


if __name__ == "__main__":
    main()
