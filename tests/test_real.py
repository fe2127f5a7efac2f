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


def test_numbers_in_the_text_of_a_real_pdf() -> None:
    record = extract.read(found("*.pdf"))
    stated = {f.name: f.value for f in record.facts}
    wanted = {  # read by hand from the page
        "requests.new.total": 3119, "requests.results_total.total": 3050, "requests.carried_in.total": 34,
        "requests.carried_out.total": 103, "review.total": 351, "review.upheld": 72, "review.corrected": 64,
        "review.other": 178, "review.pending": 37, "litigation.total": 46, "litigation.upheld": 25,
        "litigation.corrected": 5, "litigation.other": 9, "litigation.pending": 7, "fees.collected": 3940,
        "proactive.interpretations": 21, "proactive.press_conferences": 12, "proactive.gazette_issues": 6,
        "new_media.accounts": 95,
    }  # fmt: skip
    assert {name: int(stated.get(name) or 0) for name in wanted} == wanted
    text = {c.check: c for c in record.checks if c.kind == "text"}
    assert {c.verdict for c in text.values()} == {"holds"} and len(text) >= 14
    suits = text["text.litigation.total"]
    assert (suits.left, suits.right, suits.right_expression.count("+")) == (46, 46, 1)
    assert {c.verdict for c in record.checks if c.kind == "structure"} == {"holds"}


def test_numbers_in_a_real_text() -> None:
    record = extract.read(found("*.txt"))
    sections = {s.number: s.text for s in record.sections}
    assert all(sections[f.section][f.start : f.end] == f.raw for f in record.facts)
    stated = {(f.section, f.name): f for f in record.facts}
    assert stated[1, "requests.new.total"].value == 4 and stated[1, "last_year.requests.new.total"].value == 0
    assert stated[1, "last_year.requests.new.total"].year == 2022
    for name in ("review.total", "litigation.total", "fees.collected"):
        assert (stated[1, name].value, stated[1, name].bound) == (0, "none")
    assert stated[6, "fees.collected"].value == 0
    assert (stated[6, "proposals.handled"].value, stated[6, "proposals.reply_rate"].value) == (3, 100)
    people = next(f for f in record.facts if f.unit == "人次")
    assert (people.value, people.bound, people.raw) == (46_000, "at_least", "4.6万余人次")
    lists = {
        (int(c.right or 0), c.left_expression) for c in record.checks if c.check.startswith("text.parts")
    }
    assert {total for total, _ in lists} == {90, 21, 69, 4, 3}
    assert (21, "2条 + 9条 + 3条 + 4条 + 3条") in lists and (69, "14条 + 3条 + 52条") in lists
    assert {c.verdict for c in record.checks} == {"holds"}
