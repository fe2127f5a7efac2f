"""Write docs/problems.md and docs/dataset.md from the data that the code itself uses; a test holds them together."""

from __future__ import annotations

from pathlib import Path

from extract.corrections import DESCRIBED
from extract.measures import measures as known_measures
from extract.problems import INFORMATIVE, catalogue
from extract.rows import schema

DOCS = Path(__file__).resolve().parent.parent / "docs"


def _cell(text: str) -> str:
    """Return a text as it stands in a cell of a table."""
    return text.replace("|", "\\|")


def problems() -> str:
    """Return the page on kinds of problems."""
    lines = [
        "# Problems",
        "",
        "Rows of `problems.csv`, by `kind`. Made by `tools/make_docs.py` from `src/extract/problems.csv`.",
        "",
    ]
    lines += ["| kind | what to do | 怎么办 |", "|---|---|---|"]
    for kind in catalogue().values():
        mark = " (an account, not a failure)" if kind.kind in INFORMATIVE else ""
        en, zh = (text.replace(" {detail}", "").replace("{detail}", "") for text in (kind.en, kind.zh))
        lines.append(f"| `{kind.kind}` | **{kind.title}**{mark}. {en} | {zh} |")
    return "\n".join(lines) + "\n"


def dataset() -> str:
    """Return the page on the dataset's files and columns."""
    lines = [
        "# The dataset", "",
        "What `extract run ARCHIVE... -o OUTPUT` leaves in OUTPUT. Made by `tools/make_docs.py` from `src/extract/fields.csv`.", "",
        "Each table below is a table of `reports.duckdb` and a CSV of the same name (UTF-8 with a byte order mark; a text that a "
        "spreadsheet would run as a formula has a `'` before it; empty = none). `wide.csv` has one row per report and one column of "
        "`filled` values per cell code. `datapackage.json` describes them all. `facts` is there and still empty.", "",
    ]  # fmt: skip
    for name, fields in schema().items():
        lines += [f"## {name}", "", "| column | type | 中文 | meaning |", "|---|---|---|---|"]
        lines += [
            f"| `{f.field}`{' (key)' if f.key else ''} | {f.type} | {f.title} | {f.description.replace('|', chr(92) + '|')} |"
            for f in fields
        ]
        lines.append("")
    return "\n".join([*lines, *_corrections()])


def _corrections() -> list[str]:
    """Return the lines on the file of decisions."""
    lines = [
        "## corrections.csv", "",
        "Written by `extract review` in OUTPUT, line by line; a run reads it and never changes it, so decisions outlive new runs "
        "and new readings. The last decision about a cell counts. Its cell has `status` `corrected` (or, where it was confirmed, "
        "the status as read), `review_reason` says so, `raw` stays, and the sums of the report are evaluated again. Lines may be "
        "added by hand; one that cannot be used is told in `problems` (`correction_unusable`).", "",
        "| column | 中文 | meaning |", "|---|---|---|",
    ]  # fmt: skip
    return [*lines, *(f"| `{name}` | {zh} | {en} |" for name, (zh, en) in DESCRIBED.items()), ""]


def measures() -> str:
    """Return the page on measures."""
    lines = [
        "# Measures", "",
        "What `extract compare` and `Dataset.panel` compute, from cells whose codes are in [dataset.md](dataset.md) and the forms. Made by "
        "`tools/make_docs.py` from `src/extract/measures/measures.csv`. Unit 率: a share, 0.25 for 25 %; empty where its denominator is 0 "
        "or was not read. `last_year(…)`: the same agency's report of the year before. `*`: every row of the group.", "",
        "| measure | 中文 | English | unit | editions: formula | caveat |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for m in known_measures().values():
        written = {f.written: "" for f in m.formulas.values()}
        formulas = "; ".join(
            f"{', '.join(e for e, f in m.formulas.items() if f.written == text)}: `{text}`"
            for text in written
        )
        lines.append(f"| `{m.name}` | {m.zh} | {m.en} | {m.unit} | {formulas} | {m.caveat_zh} {m.caveat} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (DOCS / "problems.md").write_text(problems(), encoding="utf-8")
    (DOCS / "dataset.md").write_text(dataset(), encoding="utf-8")
    (DOCS / "measures.md").write_text(measures(), encoding="utf-8")
