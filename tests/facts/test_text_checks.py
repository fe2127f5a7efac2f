"""Text against tables: what is an error, what only looks like one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extract.facts import Fact, find_facts
from extract.facts.data import check_rules
from extract.form import edition
from extract.sections import Section
from extract.settings import Settings
from extract.text_checks import listed, resolve, text_checks
from extract.values import Option, Value

LABEL = "（二）依申请公开情况。"


def values(**given: int | float) -> dict[str, Value]:
    """Native values of every cell of the form, 0 but for those given with `__` for the dots of their codes."""
    numbers = {code.replace("__", "."): Decimal(str(n)) for code, n in given.items()}
    return {
        code: Value(code, c.table, c.row_label, c.column_label, c.unit, "", (n := numbers.get(code, Decimal(0))), n, "printed", 1.0)
        for code, c in edition("2021").cells.items()
    }  # fmt: skip


def checked(
    text: str, cells: dict[str, Value], *, clear: bool = True
) -> tuple[dict[str, str], tuple[Fact, ...]]:
    """Verdicts by check, and the facts."""
    section = Section(1, "", LABEL + text, 0, 0)
    facts, lists = listed(find_facts([section], 2023), [section])
    facts = resolve(facts, cells, "2021")
    found = text_checks(facts, lists, [section], cells, "2021", Settings(), clear=clear)
    return {c.check: c.verdict for c in found}, facts


NEW = "requests__new__total"
IN = "requests__carried_in__total"
DONE = "requests__results_total__total"


@pytest.mark.parametrize(
    ("text", "cells", "verdict"),
    [
        ("收到政府信息公开申请3件。", {NEW: 3}, "holds"),
        ("收到政府信息公开申请2件。", {NEW: 3}, "source_error"),
        ("未收到政府信息公开申请。", {NEW: 0}, "holds"),
        ("未收到政府信息公开申请。", {NEW: 2}, "source_error"),
        ("收到政府信息公开申请3万余件。", {NEW: 30500}, "holds"),
        ("收到政府信息公开申请近300件。", {NEW: 297}, "holds"),
        ("收到政府信息公开申请近300件。", {NEW: 120}, "doubtful"),
        ("收到政府信息公开申请1.2万件。", {NEW: 12345}, "holds"),
        ("受理政府信息公开申请10件。", {NEW: 8, IN: 2}, "holds"),
        ("受理政府信息公开申请10件，上年结转2件。", {NEW: 8, IN: 2}, "source_error"),
        ("收到政府信息公开申请10件。", {NEW: 8, IN: 2}, "source_error"),
    ],
)  # fmt: skip
def test_new_requests(text: str, cells: dict[str, int], verdict: str) -> None:
    found, _ = checked(text, values(**cells))
    assert (
        next(v for k, v in found.items() if k in {"text.requests.new.total", "text.requests.handled"})
        == verdict
    )


def test_words_for_several_counts_take_the_name_that_the_table_confirms() -> None:
    _, facts = checked("受理政府信息公开申请10件。", values(**{NEW: 8, IN: 2}))
    assert [f.name for f in facts] == ["requests.handled"]


@pytest.mark.parametrize(
    ("text", "table", "verdict"),
    [
        ("全市共收到政府信息公开申请120件。", 30, "not_assessable"),  # the table may be the agency's own
        ("全市共收到政府信息公开申请120件。", 300, "source_error"),  # a part is never more than the whole
        ("市本级收到政府信息公开申请20件。", 300, "not_assessable"),
        ("市本级收到政府信息公开申请20件。", 3, "source_error"),
        ("全市共收到政府信息公开申请120件，全市办结119件。", 130, "source_error"),
    ],
)
def test_counts_of_an_area_and_of_one_office_are_two_things(text: str, table: int, verdict: str) -> None:
    found, _ = checked(text, values(**{NEW: table, DONE: 119}))
    assert found["text.requests.new.total"] == verdict


def test_both_scopes_stated() -> None:
    found, _ = checked(
        "全市共收到政府信息公开申请120件。其中，市本级收到政府信息公开申请30件。", values(**{NEW: 120})
    )
    assert "source_error" not in found.values() and found["text.requests.new.total"] == "holds"


def test_what_is_read_from_pictures_is_doubtful() -> None:
    cells = values(**{NEW: 3})
    code = "requests.new.total"
    unsure = cells | {
        code: replace(cells[code], confidence=0.6, options=(Option("3", Decimal(3), Decimal(3), 0.6),))
    }
    assert checked("收到政府信息公开申请2件。", unsure)[0]["text.requests.new.total"] == "doubtful"
    assert (
        checked("收到政府信息公开申请2件。", cells, clear=False)[0]["text.requests.new.total"] == "doubtful"
    )


def test_missing_cells_say_nothing() -> None:
    cells = values()
    cells["requests.new.total"] = replace(cells["requests.new.total"], filled=None, status="missing")
    assert checked("收到政府信息公开申请2件。", cells)[0] == {"text.requests.new.total": "not_assessable"}


def test_reviews_and_suits_together() -> None:
    cells = values(review__total=5, litigation_direct__total=26, litigation_after_review__total=20)
    found, _ = checked("政府信息公开行政诉讼46件。涉及政府信息公开的行政复议、行政诉讼案件共51件。", cells)
    assert found == {"text.litigation.total": "holds", "text.disputes.total": "holds"}


@pytest.mark.parametrize(
    "text",
    [
        "收取信息处理费380元。",  # not the fees of the first table
        "公示行政许可信息120条。",
        "去年收到政府信息公开申请9件。",
        "司法局办理行政复议案件120件。",
        "清理规范性文件40件，废止12件。",
    ],
)
def test_what_is_no_statement_about_a_cell(text: str) -> None:
    assert checked(text, values())[0] == {}


@pytest.mark.parametrize(("carried", "verdict"), [(0, "holds"), (2, "doubtful")])
def test_all_requests_concluded(carried: int, verdict: str) -> None:
    found, _ = checked(
        "收到政府信息公开申请3件，均已办结。",
        values(requests__new__total=3, requests__carried_out__total=carried),
    )
    assert found["text.all_done"] == verdict


def test_answered_in_time_is_not_concluded() -> None:
    found, _ = checked(
        "收到政府信息公开申请3件，均在法定期限内予以答复。",
        values(requests__new__total=3, requests__carried_out__total=2),
    )
    assert found == {"text.requests.new.total": "holds"}


def test_a_name_met_again_is_numbered_and_every_check_is_documented() -> None:
    found, _ = checked(
        "收到政府信息公开申请3件。全年收到政府信息公开申请3件。", values(requests__new__total=3)
    )
    assert list(found) == ["text.requests.new.total", "text.requests.new.total.2"]
    assert {row["check"].split(".")[0] for row in check_rules()} == {"text", "structure"}


@pytest.mark.parametrize(
    "text",
    [
        "收到政府信息公开申请12件，其中财政局收到政府信息公开申请5件。",
        "收到政府信息公开申请12件。上半年收到政府信息公开申请5件。",
        "收到政府信息公开申请12件。条例实施以来累计收到政府信息公开申请512件。",
        "收到政府信息公开申请12件，答复10件，2件由申请人撤回。",
        "收到政府信息公开申请12件，较上年增加5件。",
    ],
)
def test_other_numbers_beside_a_right_one_raise_nothing(text: str) -> None:
    cells = values(requests__new__total=12, requests__results_total__total=12, requests__granted__total=10,
                   requests__other__other__total=2)  # fmt: skip
    found, _ = checked(text, cells)
    assert found["text.requests.new.total"] == "holds" and not {"source_error", "doubtful"} & set(
        found.values()
    )
