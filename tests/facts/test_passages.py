"""Passages: what a sentence takes over from its neighbours, words in any order, sums that settle what words mean."""

from __future__ import annotations

import pytest

from extract.facts import find_facts
from extract.sections import Section

NEW, IN, OUT = "requests.new.total", "requests.carried_in.total", "requests.carried_out.total"
DONE, ANSWERED, HANDLED = "requests.results_total.total", "requests.answered", "requests.handled"
GRANTED, DENIED = "requests.granted.total", "requests.denied.total"
ISSUED, REPEALED = "proactive.normative_documents.issued", "proactive.normative_documents.repealed"
IN_FORCE = "proactive.normative_documents.in_force"
PLAIN = {"count", "amount", "percent", "date"}


def stated(text: str, number: int = 1) -> dict[str, float]:
    """Names and values of the facts of a text, without those that no rule names and without channels."""
    facts = find_facts([Section(number, "", text, 0, 0)], 2023)
    kept = [f for f in facts if f.name not in PLAIN and "channel" not in f.name and f.value is not None]
    return {f.name: float(f.value or 0) for f in kept}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("青柳县水务局一年受理申请31件，办结29件，2件结转下一年。", {NEW: 31, DONE: 29, OUT: 2}),
        ("本年度新收申请12件，上年转来3件，已办理14件，1件留到明年。", {NEW: 12, IN: 3, DONE: 14, OUT: 1}),
        ("全镇公开事项受理6件，申请人都是自然人。", {NEW: 6, "requests.new.natural_person": 6}),
        ("收到政府信息公开申请8件。由此产生行政复议2件，行政诉讼1件。",
         {NEW: 8, "review.total": 2, "litigation.total": 1}),
        ("收到申请0件，没有引发行政复议、诉讼。", {NEW: 0, "review.total": 0, "litigation.total": 0}),
        ("上年没办完转来的申请有5件，今年共收公开申请40件。", {IN: 5, NEW: 40}),
        ("办理申请中，除上年结转的7件外，线上线下收到依申请公开90件。", {IN: 7, NEW: 90}),
        ("公民、法人及其他组织向我局提出的信息公开申请共19件。", {NEW: 19}),
        ("2023年青柳县依申请公开总量达到210件。", {NEW: 210}),
        ("本年收到17件公开申请，予以公开和部分公开各2件。",
         {NEW: 17, GRANTED: 2, "requests.partially_granted.total": 2}),
        ("收到申请、上年结转、当年办结均为0件。", {NEW: 0, IN: 0, DONE: 0}),
    ],
)  # fmt: skip
def test_requests_that_only_the_passage_tells(text: str, facts: dict[str, float]) -> None:
    assert stated(text) == facts


@pytest.mark.parametrize(
    "text",
    [
        "窗口受理不动产登记申请31件，办结29件。", "受理补贴申请12件，发放9件。", "收到政府信息公开申请8件。\n调解仲裁申请15件，结案12件。",
        "法治审核文件90件，合同40件，应诉12件。", "受理复议申请20件，审结18件。",
    ],
)  # fmt: skip
def test_other_business_is_not_taken_for_requests(text: str) -> None:
    assert {n: v for n, v in stated(text).items() if n != NEW or v != 8} == {}


def test_mere_applications_count_only_where_requests_are_told() -> None:
    text = "全年受理申请31件，办结29件。"
    assert stated(text, 3) == {NEW: 31, DONE: 29} and stated(text, 2) == stated(text, 5) == {}


def test_section_4_is_on_disputes_about_information() -> None:
    text = "行政复议3件，其中维持2件、纠正1件。"
    assert stated(text, 4) == {"review.total": 3, "review.upheld": 2, "review.corrected": 1}
    assert "review.total" not in stated(text, 5)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("13件依申请公开已在规定的期限内答复。", {ANSWERED: 13}),
        ("收到公开申请13件，11件按时办结，另外2件转到下年。", {NEW: 13, DONE: 11, OUT: 2}),
        ("公开申请中，1件因涉及第三方权益不予公开，2件因没有现成信息需另行制作无法提供。",
         {"requests.denied.third_party_rights.total": 1, "requests.unable.needs_creation.total": 2}),
        ("公开申请中，3件因内容敏感，不予公开，1件属于行政查询。",
         {DENIED: 3, "requests.denied.administrative_query.total": 1}),
        ("对公开申请，同意提供的4件，区分处理后公开的2件，决定不公开的1件，我局未掌握的3件。",
         {GRANTED: 4, "requests.partially_granted.total": 2, DENIED: 1, "requests.unable.not_held.total": 3}),
        ("办理依申请公开2件，均为本机关不掌握的信息。", {DONE: 2, "requests.unable.not_held.total": 2}),
        ("公开申请延期答复3件，其中2件因补正。", {}),
        ("青柳县共办理依申请公开26件。", {DONE: 26}),
        ("收到公开申请26件，受理25件。", {NEW: 26}),
        ("今年新收的26件公开申请都已办结。", {NEW: 26}),
        ("依申请公开共计办理26件，其中同意公开9件。", {DONE: 26, GRANTED: 9}),
        ("通过网站受理依申请公开6件，当面受理2件。", {}),
    ],
)  # fmt: skip
def test_numbers_before_and_after_their_words(text: str, facts: dict[str, float]) -> None:
    assert stated(text) == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("受理政府信息公开申请33件，这当中含有上年结转的3件。", {HANDLED: 33, IN: 3}),
        ("办理公开申请33件，含本年度30件和上年度结转3件。", {HANDLED: 33, NEW: 30, IN: 3}),
        ("共受理公开申请33件，其中自然人30件，企业3件；办结32件，结转1件。",
         {NEW: 33, "requests.new.natural_person": 30, "requests.new.business": 3, DONE: 32, OUT: 1}),
        ("公开申请总数27件，其中当年新申请26件，上年结转1件。", {HANDLED: 27, NEW: 26, IN: 1}),
        ("办理公开申请27件，其中26件系本年度新收，1件系上年度结转。", {HANDLED: 27, NEW: 26, IN: 1}),
        ("收到公开申请8份，当年回复7份，次年回复1份。", {NEW: 8, ANSWERED: 7}),
        # 30 + 3 = 31 + 2: the three came besides
        ("收到公开申请30件，其中3件是上年结转的，办结31件，结转下年2件。", {NEW: 30, IN: 3, DONE: 31, OUT: 2}),
        # 30 = 28 + 2: the three are among them
        ("收到公开申请30件，其中3件是上年结转的，办结28件，结转下年2件。", {HANDLED: 30, IN: 3, DONE: 28, OUT: 2}),
        ("受理公开申请30件，上年结转3件，办结28件，结转下年2件。", {HANDLED: 30, IN: 3, DONE: 28, OUT: 2}),
        ("予以公开5件，部分公开1件，不予公开2件，总计8件。公开申请结转下年1件。",
         {GRANTED: 5, "requests.partially_granted.total": 1, DENIED: 2, DONE: 8, OUT: 1}),
    ],
)  # fmt: skip
def test_with_or_without_what_was_carried_over(text: str, facts: dict[str, float]) -> None:
    assert stated(text) == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("因信息公开引发行政争议5件，即行政复议3件、行政诉讼2件，均为结果维持。",
         {"disputes.total": 5, "review.total": 3, "review.upheld": 3, "litigation.total": 2, "litigation.upheld": 2}),
        ("信息公开方面行政复议和行政诉讼各有1件。", {"review.total": 1, "litigation.total": 1}),
        ("信息公开行政复议1件，审结后结果维持。", {"review.total": 1, "review.upheld": 1}),
        ("信息公开行政诉讼4件，胜诉2件，其他结果1件，还没审结1件。",
         {"litigation.total": 4, "litigation.upheld": 2, "litigation.other": 1, "litigation.pending": 1}),
        ("信息公开复议2件，复议机关维持1件。", {"review.total": 2, "review.upheld": 1}),
        ("未经复议直接起诉的信息公开行政诉讼案件3件，均维持。", {"litigation.total": 3, "litigation.upheld": 3}),
        ("因信息公开而申请复议的，全年为0件。", {"review.total": 0}),
        ("全年行政应诉案件9件，其中信息公开类2件。", {}),
        ("本年度未被申请行政复议、未被提起行政诉讼。", {"review.total": 0, "litigation.total": 0}),
        ("行政处罚没有引起行政复议。", {}),
    ],
)  # fmt: skip
def test_disputes(text: str, facts: dict[str, float]) -> None:
    assert stated(text) == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("规章方面，新制定1件；规范性文件方面，新制定9件。", {"proactive.regulations.issued": 1, ISSUED: 9}),
        ("印发并公布规范性文件3份。", {ISSUED: 3}),
        ("现行有效规章6件、规范性文件80件。", {"proactive.regulations.in_force": 6, IN_FORCE: 80}),
        ("本年发布行政规范性文件7件，废止2件，现行有效30件。", {ISSUED: 7, REPEALED: 2, IN_FORCE: 30}),
        ("今年新发布的2件行政规范性文件都有图解。", {ISSUED: 2}),
        ("全县有效的规范性文件共44件。", {IN_FORCE: 44}),
        ("没有新增规章和规范性文件。", {ISSUED: 0, "proactive.regulations.issued": 0}),
        ("全年未发布行政规范性文件。", {ISSUED: 0}),
        ("以县政府名义出台规范性文件4件，以县府办名义出台6件。", {}),
        ("本年行政事业性收费为零。", {"proactive.fees.amount": 0}),
    ],
)  # fmt: skip
def test_documents(text: str, facts: dict[str, float]) -> None:
    assert {n: v for n, v in stated(text, 2).items() if "published" not in n} == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("公开申请一件也没有收到。", {NEW: 0}), ("本年度没有收到任何申请。", {NEW: 0}), ("要求公开政府信息的申请没有收到。", {NEW: 0}),
        ("公开申请没有需要转到2024年的。", {OUT: 0}), ("公开申请同意公开3件，没有不予公开的情况。", {GRANTED: 3, DENIED: 0}),
    ],
)  # fmt: skip
def test_none(text: str, facts: dict[str, float]) -> None:
    assert stated(text) == facts
