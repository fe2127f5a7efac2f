"""Fill a dataset of any size fast, without reading a report: for timing what reads the store.

    python bench/fill.py OUTPUT [--agencies 3000] [--years 5] [--seed 17]

Invented agencies of all levels and kinds, tables whose sums hold and whose years follow on each other, and running text of which a known
part is last year's or another agency's. Rows go straight into the store's own tables; CSVs are not written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "samples")]

from extract.form import edition  # noqa: E402
from extract.rows import schema  # noqa: E402
from extract.store import Store  # noqa: E402
from maker import phrases as p  # noqa: E402

COLUMNS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org")
SHARES = (0.82, 0.09, 0.01, 0.02, 0.05, 0.01)
FIRST_YEAR = 2021
_CHARACTERS = "".join(chr(c) for c in range(0x4E00, 0x5200))
Ints = NDArray[np.int64]


def names(count: int) -> list[str]:
    """Return invented agencies: cities, their districts, towns, and departments of both."""
    found: list[str] = []
    towns = [t if t.endswith("办事处") else f"{t}人民政府" for t in p.TOWNS]
    cities = [f"{a}{b}市" for b in ("", *"东南西北上下新") for a in p.CITIES]
    for city in cities:
        found += [f"{city}人民政府", f"{city}人民政府办公室", *(city + b for b in p.BUREAUS[:-1])]
        for district in p.DISTRICTS:
            place = city + district
            found += [f"{place}人民政府", *(place + b for b in p.BUREAUS[:18]), *(place + t for t in towns)]
    if count > len(found):
        raise ValueError(f"at most {len(found)} agencies")
    return found[:count]


def numbers(
    rng: np.random.Generator, sizes: NDArray[np.float64], carried_in: Ints, stock: Ints
) -> dict[str, Ints]:
    """Return all 200 cells of the edition of 2021 for one year: n values per code; all sums hold, and last year's are taken up."""
    n = len(sizes)
    form = edition("2021")
    rows = [r.key for r in form.tables["requests"].rows]
    results = [r for r in rows if r not in {"new", "carried_in", "results_total", "carried_out"}]
    made: dict[str, Ints] = {}
    for i, column in enumerate(COLUMNS):
        new = rng.poisson(sizes * SHARES[i])
        to_do = new + carried_in[:, i]
        out = rng.binomial(to_do, 0.05)
        done = rng.multinomial(to_do - out, np.array([6.0] + [1.0] * (len(results) - 1)) / (5 + len(results)))
        amounts = [new, carried_in[:, i], *done.T, to_do - out, out]
        made |= {f"requests.{row}.{column}": amount for row, amount in zip(rows, amounts, strict=True)}
    for row in rows:
        made[f"requests.{row}.total"] = np.sum([made[f"requests.{row}.{c}"] for c in COLUMNS], axis=0)
    for block in ("review", "litigation_direct", "litigation_after_review"):
        outcomes = rng.poisson(sizes[:, None] * 0.02, (n, 4)).T
        made |= {
            f"{block}.{o}": v
            for o, v in zip(("upheld", "corrected", "other", "pending"), outcomes, strict=True)
        }
        made[f"{block}.total"] = outcomes.sum(axis=0)
    issued, repealed = rng.poisson(3, n), rng.binomial(2, 0.4, n)
    made["proactive.normative_documents.issued"], made["proactive.normative_documents.repealed"] = (
        issued,
        repealed,
    )
    made["proactive.normative_documents.in_force"] = stock + issued - repealed
    for kind in ("licensing", "penalties", "coercion"):
        made[f"proactive.{kind}.decisions"] = rng.poisson(sizes * 10)
    zeros = np.zeros(n, dtype=np.int64)
    return {code: made.get(code, zeros) for code in form.cells}


def texts(rng: Random, count: int, years: int) -> list[list[str]]:
    """Return a text per agency and year: a third common form, a third last year's, the rest new; one in twenty copies a neighbour's."""

    def prose(sentences: int) -> str:
        return (
            "".join("".join(rng.choices(_CHARACTERS, k=rng.randint(18, 42))) + "。" for _ in range(sentences))
            + "\n"
        )

    common = [prose(10) for _ in range(6)]
    own = [prose(7) + prose(6) for _ in range(count)]
    found: list[list[str]] = []
    for agency in range(count):
        copied = own[agency - 1].split("\n")[0] + "\n" if agency % 20 == 1 else ""
        found.append([rng.choice(common) + own[agency] + copied + prose(7) + prose(6) for _ in range(years)])
    return found


def fill(folder: Path, agencies: int, years: int, seed: int) -> None:
    """Write the dataset into a folder."""
    store = Store(folder)
    rng = np.random.default_rng(seed)
    called = names(agencies)
    sizes = np.exp(rng.normal(3.0, 1.2, agencies))
    carried_in, stock = np.zeros((agencies, 6), dtype=np.int64), rng.poisson(20, agencies)
    text = texts(Random(seed), agencies, years)  # noqa: S311 - no secret
    for year in range(years):
        cells = numbers(rng, sizes, carried_in, stock)
        carried_in = np.stack([cells[f"requests.carried_out.{c}"] for c in COLUMNS], axis=1)
        stock = cells["proactive.normative_documents.in_force"]
        _write(store, called, FIRST_YEAR + year, cells, [row[year] for row in text])
    store.close()


def _write(
    store: Store, called: Sequence[str], year: int, cells: dict[str, Ints], text: Sequence[str]
) -> None:
    identifiers = [f"{year}{i:012x}" for i in range(len(called))]
    reports = pd.DataFrame({"report_id": identifiers, "agency": called, "year": year})
    reports["file"] = reports["agency"] + f"{year}.docx"
    reports = reports.assign(
        format="docx", edition="2021", title=reports["agency"] + f"{year}年政府信息公开工作年度报告", published_on=f"{year + 1}-01-20",
        cells_expected=200, cells_present=200, cells_review=0, checks_failed=0, status="complete", seconds=0.0,
    )  # fmt: skip
    _insert(store, "reports", reports)
    form = pd.DataFrame(
        [(c.code, c.table, c.row_label, c.column_label, c.unit) for c in edition("2021").cells.values()],
        columns=["code", "table", "row_label", "column_label", "unit"],
    )
    wide = np.stack([cells[code] for code in form["code"]], axis=1).astype(np.float64)
    many = pd.DataFrame({
        "report": np.repeat(np.arange(len(called)), len(form)), "cell": np.tile(np.arange(len(form)), len(called)), "value": wide.ravel(),
    })  # fmt: skip
    store.connection.register("made", many)
    store.connection.register("form", form.assign(cell=np.arange(len(form))))
    store.connection.register("known", reports.assign(report=np.arange(len(called))))
    store.connection.execute(
        """INSERT INTO cells BY NAME SELECT report_id, agency, year, '2021' AS edition, "table", code, row_label, column_label, unit,
        CAST(CAST(value AS BIGINT) AS VARCHAR) AS raw, value, value AS filled, 'printed' AS status, 1.0 AS confidence, false AS review,
        '' AS review_reason, 'docx' AS source, file FROM made JOIN form USING (cell) JOIN known USING (report)"""
    )
    _insert(
        store,
        "sections",
        pd.DataFrame({"report_id": identifiers, "number": 1, "heading": "一、总体情况", "text": text}),
    )


def _insert(store: Store, name: str, frame: pd.DataFrame) -> None:
    known = [f.field for f in schema()[name] if f.field in frame]
    store.connection.register("incoming", frame[known])
    store.connection.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM incoming')  # noqa: S608


def main() -> None:
    """Fill a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("output", type=Path)
    parser.add_argument("--agencies", type=int, default=3000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    fill(options.output, options.agencies, options.years, options.seed)


if __name__ == "__main__":
    main()
