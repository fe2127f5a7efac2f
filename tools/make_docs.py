"""Write docs/problems.md and docs/dataset.md from the data that the code itself uses; a test holds them together."""

from __future__ import annotations

from pathlib import Path

from extract.facts.data import check_rules, names
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
        "`filled` values per cell code. `datapackage.json` describes them all. Names of facts and checks: [facts.md](facts.md).", "",
    ]  # fmt: skip
    for name, fields in schema().items():
        lines += [f"## {name}", "", "| column | type | 中文 | meaning |", "|---|---|---|---|"]
        lines += [
            f"| `{f.field}`{' (key)' if f.key else ''} | {f.type} | {f.title} | {f.description.replace('|', chr(92) + '|')} |"
            for f in fields
        ]
        lines.append("")
    return "\n".join(lines)


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
        "`topics.csv`, `scopes.csv`, `compare.csv` and `units.csv` what the text speaks of, whose count it is, comparisons and units. "
        "A wording that is not understood is a row to add, with a line of `samples/maker/statements.csv` that has it.",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (DOCS / "facts.md").write_text(facts(), encoding="utf-8")
    (DOCS / "problems.md").write_text(problems(), encoding="utf-8")
    (DOCS / "dataset.md").write_text(dataset(), encoding="utf-8")
