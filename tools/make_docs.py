"""Write docs/problems.md, dataset.md and crosswalk.md from the data that the code itself uses; a test holds them together."""

from __future__ import annotations

from pathlib import Path

from extract.corrections import DESCRIBED
from extract.facts.data import check_rules, names
from extract.form import EDITIONS, rows_of_file
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
        "`filled` values per cell code; `wide_panel.csv` has those figures that can be compared over the editions of the form "
        "([which, and why not the others](crosswalk.md)). `datapackage.json` describes them all. "
        "Names of facts and checks: [facts.md](facts.md).", "",
    ]  # fmt: skip
    lines += [
        "A run into an OUTPUT that has a dataset brings it up to date; other files there are left alone. `log.jsonl` has a line per event: "
        "`time`, `event` (run_started, file, run_ended, run_stopped), and for a file `file`, `status`, `report_id`, `problems`, `seconds`, "
        "`worker`, `attempts`. The schema `journal` of the database is the run's own memory and may change. With `--engine dask` there is "
        "also `parts/`, see [cluster.md](cluster.md).", "",
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


def facts() -> str:
    """Return the page on names of facts and on checks of the text."""
    lines = [
        "# Facts and checks of the text", "",
        "Made by `tools/make_docs.py` from `src/extract/facts/names.csv` and `checks.csv`.", "",
        "A fact whose sentence states a cell of the form has the cell's code as `name`. Other names:", "",
        "| name | 中文 | sum of |", "|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| `{key}` | {n.title} | {' + '.join(f'`{c}`' for c in n.sum)} |" for key, n in names().items()
    ]
    lines += [
        "| `last_year.NAME`, `change.NAME`, `change_rate.NAME` | 上年数、增减数、增减幅度 |  |",
        "| `count`, `amount`, `percent`, `date` | 其他数字和日期 |  |", "",
        "## Checks of the text", "",
        "Rows of `checks.csv` beside the sums of the form. They are made to raise nothing on a right report; "
        "how far they do is in [accuracy.md](accuracy.md).", "",
        "| check | 中文 | rule |", "|---|---|---|",
    ]  # fmt: skip
    lines += [f"| `{row['check']}` | {row['title']} | {_cell(row['rule'])} |" for row in check_rules()]
    lines += [
        "", "## Where the words are", "",
        "`rules.csv` says how a number is worded, with `words.csv` for the parts of patterns; `zeros.csv` how none is worded; "
        "`wholes.csv` what words after a number say of all that it counts; `smoothed.csv` and `evened.csv` phrases that are replaced "
        "before the rules look, in the whole text and around a number; "
        "`topics.csv`, `scopes.csv`, `compare.csv` and `units.csv` what the text speaks of, whose count it is, comparisons and units. "
        "Applications (申请) of which nothing says what for are requests for information in sections 1 and 3, where no other business "
        "is near (`alien` in `words.csv`). Where words may mean several counts (受理, 答复, 其中…结转), the tables decide; without tables "
        "the sum new + carried in = results + carried out of the numbers of the section. "
        "A wording that is not understood is a row to add, with a line of `samples/maker/statements.csv` that has it.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def crosswalk() -> str:
    """Return the page on what can be compared over the editions of the form."""
    rows = rows_of_file("crosswalk.csv")
    lines = [
        "# What can be compared over the editions", "",
        "Columns of `wide_panel.csv`. Made by `tools/make_docs.py` from `src/extract/form/crosswalk.csv`.", "",
        "`{applicant}` is each of the six kinds of applicants. A column is empty for a report whose edition has no cells for it, and "
        "where one of the cells that it adds up is not known. Cells of local forms go by the codes of 2014.", "",
        "| column | 中文 | 2021 | 2019 | 2014 | 说明 |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name in dict.fromkeys(row["variable"] for row in rows if row["variable"]):
        mine = {row["edition"]: row for row in rows if row["variable"] == name}
        codes = [_codes(mine[e]["codes"]) if e in mine else "" for e in EDITIONS]
        reasons = "；".join(dict.fromkeys(row["reason"] for row in mine.values() if row["reason"]))
        title = next(iter(mine.values()))["title"]
        lines.append(f"| `{name}` | {title} | {' | '.join(codes)} | {reasons} |")
    lines += [
        "",
        "Cells that no other edition has anything like (`*` is any):",
        "",
        "| edition | cells | 原因 |",
        "|---|---|---|",
    ]
    lines += [
        f"| {row['edition']} | `{row['codes']}` | {row['reason']} |"
        for row in rows
        if row["comparison"] == "none"
    ]
    return "\n".join(lines) + "\n"


def _codes(codes: str) -> str:
    return " + ".join(f"`{code}`" for code in codes.split(" + "))


if __name__ == "__main__":
    (DOCS / "facts.md").write_text(facts(), encoding="utf-8")
    (DOCS / "crosswalk.md").write_text(crosswalk(), encoding="utf-8")
    (DOCS / "problems.md").write_text(problems(), encoding="utf-8")
    (DOCS / "dataset.md").write_text(dataset(), encoding="utf-8")
    (DOCS / "measures.md").write_text(measures(), encoding="utf-8")
