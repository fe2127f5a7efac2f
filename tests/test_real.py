"""Two published reports, read where they lie beside the project; nothing of them is part of it."""

from pathlib import Path

import pytest

import extract
from conftest import REAL


def found(pattern: str) -> Path:
    files = sorted(REAL.glob(pattern)) if REAL.is_dir() else []
    if not files:
        pytest.skip("the published reports do not lie beside the project")
    return files[0]


def test_a_real_pdf_cell_by_cell() -> None:
    record = extract.read(found("*.pdf"))
    head = record.head
    assert (head.agency, head.year, head.postcode) == ("淮安市人民政府", 2024, "223001")
    assert head.phone.startswith("0517-") and "@163.com" in head.email
    assert [s.number for s in record.sections] == [0, 1, 2, 3, 4, 5, 6]
    assert record.status == "complete" and len(record.values) == 200
    assert all(v.place.page and v.place.box for v in record.values)
    assert [c.verdict for c in record.checks if c.kind == "sum"] == ["holds"] * 42
    wanted = {  # keyed by hand from the page; the sums tie the other cells to these
        "proactive.regulations.in_force": 11, "proactive.normative_documents.repealed": 26,
        "proactive.licensing.decisions": 447228, "proactive.penalties.decisions": 3985758,
        "proactive.coercion.decisions": 88283, "requests.new.natural_person": 3001, "requests.new.total": 3119,
        "requests.unable.not_held.total": 769, "requests.unable.needs_creation.total": 11,
        "requests.other.no_correction_in_time.total": 71, "requests.other.other.total": 110,
        "requests.results_total.total": 3050, "requests.carried_out.total": 103, "review.other": 178,
        "litigation_direct.upheld": 13, "litigation_after_review.total": 20,
    }  # fmt: skip
    assert {code: int(record.cell(code).value or 0) for code in wanted} == wanted
    assert float(record.cell("proactive.fees.amount").value or 0) == 96171.6


def test_a_real_text_whose_tables_were_pictures() -> None:
    record = extract.read(found("*.txt"))
    head = record.head
    assert (head.agency, head.year, head.published_on) == ("威海市公安局文登分局", 2023, "2024-01-22")
    assert head.phone == "0631-8452538" and head.address and head.website
    assert [s.number for s in record.sections] == [0, 1, 2, 3, 4, 5, 6]
    assert [s.heading[:2] for s in record.sections[1:]] == ["一、", "2、", "3、", "四、", "5、", "六、"]
    assert record.status == "no_tables"
    assert [p.kind for p in record.problems] == ["picture_missing"] * 3
