"""A dataset with cells that want a person: a sample picture read well, then made doubtful by hand."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from conftest import SAMPLES
from extract.api import read
from extract.checks import evaluate
from extract.export import export
from extract.form import edition
from extract.originals import remember_archives
from extract.record import Outcome, Record
from extract.review import mark
from extract.settings import Settings
from extract.store import Store
from extract.values import Option, Value

ONE = Settings(workers=1, text="none")
PICTURE = SAMPLES / "files" / "图片" / "浏览器截图.png"

MISREAD = "requests.partially_granted.total"
"""Read one too many, so that its row is broken; its column is broken as published, and so is a row of that column."""
PUBLISHED = {"requests.row_total.granted", "requests.results_total.total"}
UNSURE = "requests.new.natural_person"
"""Read right, with a rival."""
UNREAD = "requests.carried_out.total"
"""Nothing could be made of it; by the sums it can only be what it was."""


def doubtful(value: Value, shown: Decimal | None, probability: float) -> Value:
    """The value as if read with that probability, its true figure being the rival of a wrong one."""
    true = value.filled or Decimal(0)
    other = true + 5 if shown == true else true
    raw = "" if shown is None else str(shown)
    options = (Option(raw, shown, shown, probability), Option(str(other), other, other, 0.9 - probability))
    return replace(
        value, raw=raw, value=shown, filled=shown, status="printed", confidence=probability, options=options,
        review=shown is None, review_reason="unreadable" if shown is None else "",
    )  # fmt: skip


@cache
def record() -> Record:
    """The report of the picture with three cells in doubt."""
    good = read(PICTURE, ONE)
    good = replace(good, head=replace(good.head, agency="槐浦市审计局", year=2022, region="槐浦市"))
    values = {v.code: v for v in good.values}
    wrong = (values[MISREAD].filled or Decimal(0)) + 1
    values[MISREAD] = doubtful(values[MISREAD], wrong, 0.6)
    values[UNSURE] = doubtful(values[UNSURE], values[UNSURE].filled, 0.7)
    values[UNREAD] = doubtful(values[UNREAD], None, 0.2)
    form = edition(good.edition)
    results = evaluate(values, form.checks, ONE)
    return replace(good, values=tuple(mark(values, form, results, ONE).values()), checks=results)


def dataset(folder: Path) -> tuple[Path, Record]:
    """Write an archive with the picture and its dataset; return OUTPUT and the record as it was read."""
    archive, output = folder / "archive", folder / "output"
    archive.mkdir()
    shutil.copy(PICTURE, archive / PICTURE.name)
    made = record()
    store = Store(output)
    store.add(Outcome((made.file,), made, ()))
    remember_archives(store.connection, [archive])
    export(store.connection, output)
    store.close()
    return output, made
