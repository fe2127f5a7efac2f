"""Small printed tables made by hand, for tests of the stages between readers and dataset."""

from __future__ import annotations

from extract.form import FormTable, edition
from extract.model import Cell, Reading, Table


def table(rows: list[list[str]], source: str = "docx", confidence: float | None = None) -> Table:
    """A table without merged cells; with a confidence it is as if read from a picture."""
    return Table(
        tuple(
            Cell(r, c, text, candidates=(Reading(text, confidence),) if confidence is not None else ())
            for r, row in enumerate(rows)
            for c, text in enumerate(row)
        ),
        source,
    )


def requests_rows(values: dict[str, str], form: str = "2021", blank: str = "0") -> list[list[str]]:
    """The requests table as rows of texts: group, leaf, seven values; `values` by `row.column`."""
    shape: FormTable = edition(form).tables["requests"]
    head = ["", "", *(column.path[-1] for column in shape.columns)]
    body = [
        [
            "".join(row.path[:-1]),
            row.path[-1],
            *(values.get(f"{row.key}.{c.key}", blank) for c in shape.columns),
        ]
        for row in shape.rows
    ]
    return [head, *body]


def consistent(new: int = 3) -> dict[str, str]:
    """Values of a requests table where every sum holds: `new` requests by natural persons, all granted."""
    keys = ("new.natural_person", "new.total", "granted.natural_person", "granted.total")
    return dict.fromkeys((*keys, "results_total.natural_person", "results_total.total"), str(new))


REVIEW = [
    ["行政复议", "", "", "", "", "行政诉讼", *[""] * 9],
    [*["行政复议"] * 5, *["未经复议直接起诉"] * 5, *["复议后起诉"] * 5],
    ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3,
    ["1", "2", "0", "0", "3", *["0"] * 10],
]
