"""Wordings as products of words: each verb with each noun, each way to say none with each thing that may be none."""

from __future__ import annotations

from itertools import product

import pytest

from extract.facts import find_facts
from extract.facts.data import codes_of
from extract.facts.smooth import smooth
from extract.facts.text import plain
from extract.sections import Section

NEW, IN, OUT = "requests.new.total", "requests.carried_in.total", "requests.carried_out.total"
DONE, HANDLED = "requests.results_total.total", "requests.handled"
REVIEW, SUIT = "review.total", "litigation.total"
REQUESTS = [
    "政府信息公开申请",
    "信息公开申请",
    "依申请公开",
    "依申请公开事项",
    "依申请公开件",
    "公开申请",
    "申请公开政府信息",
    "依申请公开信息",
]
CAUSES = ["因政府信息公开引发的", "信息公开方面的", "涉及政府信息公开的", "由公开申请产生的"]


def stated(text: str) -> dict[str, float]:
    """Names and values of the facts of a text that state a cell or a sum of cells."""
    facts = find_facts([Section(1, "", text, 0, 0)], 2023)
    return {f.name: float(f.value) for f in facts if f.value is not None and codes_of(f.name, "2021")}


def wrong(cases: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """What was read of the texts that were not read as they should."""
    return {text: read for text, facts in cases.items() if (read := stated(text)) != facts}


@pytest.mark.parametrize(
    "verb", ["收到", "受理", "接收", "接到", "新收", "累计受理", "收到并受理", "承办", "依法受理"]
)
def test_receiving(verb: str) -> None:
    ways = "{v}{n}17件。", "{v}的{n}有17宗。", "全年{v}17份{n}。", "本局{v}{n}共计17条，都已看过。"
    assert not wrong({way.format(v=verb, n=noun): {NEW: 17} for way, noun in product(ways, REQUESTS)})


@pytest.mark.parametrize("verb", ["提出", "提交", "递交"])
def test_receiving_told_from_the_other_side(verb: str) -> None:
    ways = "{w}向我局{v}公开申请17件。", "{w}{v}的公开申请共17件。", "{w}全年{v}了17件公开申请。"
    who = ["群众", "公众", "申请人", "公民、法人和其他组织", "企业和群众"]
    assert not wrong({way.format(v=verb, w=w): {NEW: 17} for way, w in product(ways, who)})


@pytest.mark.parametrize(
    "none", ["没有收到", "未收到", "一件也没有", "一份都没收到", "尚未收到", "为零", "没有"]
)
def test_none_after_the_noun(none: str) -> None:
    ways = "2023年{n}{z}。", "本局公开信息12条，{n}{z}。", "{n}，我局{z}。"
    assert not wrong({way.format(n=noun, z=none): {NEW: 0} for way, noun in product(ways, REQUESTS[:6])})


@pytest.mark.parametrize(
    "none",
    [
        "没有发生",
        "均未发生",
        "均为零",
        "一起也没有",
        "一概没有",
        "均无发生",
        "没有产生",
        "，全年未发生",
        "，2023年一件也没有",
    ],
)
def test_no_disputes(none: str) -> None:
    both = [
        "行政复议和行政诉讼",
        "行政复议、诉讼",
        "行政复议申请及行政诉讼案件",
        "行政复议、提起行政诉讼的情况",
    ]
    assert not wrong(
        {f"{cause}{what}{none}。": {REVIEW: 0, SUIT: 0} for cause, what in product(CAUSES, both)}
    )


@pytest.mark.parametrize(
    "verb", ["", "有", "发生", "办理", "收到", "产生", "共有", "案件为", "依法办理", "合计"]
)
def test_disputes_and_their_verbs(verb: str) -> None:
    assert not wrong({f"{c}行政复议{verb}3件，行政诉讼{verb}2件。": {REVIEW: 3, SUIT: 2} for c in CAUSES})


@pytest.mark.parametrize(
    ("words", "name"), [("结果维持", "upheld"), ("尚未审结", "pending"), ("结果纠正", "corrected"), ("其他结果", "other")]
)  # fmt: skip
def test_outcomes_of_some_and_of_all(words: str, name: str) -> None:
    some = [f"信息公开行政复议3件，{w}。" for w in (f"其中{words}2件", f"{words}的有2件", f"有2件{words}")]
    every = [f"信息公开行政复议3件，{w}{words}。" for w in ("均", "都是", "结果均为", "目前均", "全部")]
    cases = {t: {REVIEW: 3, f"review.{name}": 2} for t in some}
    assert not wrong(cases | {t: {REVIEW: 3, f"review.{name}": 3} for t in every})


@pytest.mark.parametrize(
    ("words", "name"),
    [("同意公开", "granted"), ("部分公开", "partially_granted"), ("不予公开", "denied"), ("无法提供", "unable"),
     ("不予处理", "not_processed"), ("其他处理", "other")],
)  # fmt: skip
def test_results_before_and_after_their_numbers(words: str, name: str) -> None:
    ways = "{w}3件", "{w}的有3件", "{w}的申请3件", "3件{w}", "3件属于{w}", "有3件申请{w}", "{w}共3件，占20%"
    facts = {NEW: 9.0, f"requests.{name}.total": 3.0}
    assert not wrong({f"收到公开申请9件，其中{way.format(w=words)}。": facts for way in ways})


@pytest.mark.parametrize(
    "out", ["结转下年度2件", "2件转到下年度继续办理", "还有2件结转2024年", "2件正在办理", "尚未办结2件", "其余2件结转下年"]
)  # fmt: skip
def test_carrying_over(out: str) -> None:
    ways = "上年结转3件", "2022年结转来的3件", "3件由上年结转", "另有上年遗留3件", "连同去年转来的3件"
    facts = {NEW: 29.0, IN: 3.0, DONE: 30.0, OUT: 2.0}
    assert not wrong({f"收到公开申请29件，{way}，办结30件，{out}。": facts for way in ways})


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("算上上年结转的3件，全年办理的公开申请为32件。", {HANDLED: 32, IN: 3}),
        ("受理公开申请合计32件，拆开看是新收29件、上年结转3件。", {HANDLED: 32, NEW: 29, IN: 3}),
        ("区政府本级新收公开申请2件；各部门新收公开申请4件。", {}),
        ("全区收到公开申请80件，区政府本级收到公开申请20件。", {NEW: 80}),
        ("行政许可、行政处罚、行政强制均没有。",
         {f"proactive.{k}.decisions": 0 for k in ("licensing", "penalties", "coercion")}),
        ("规章和规范性文件既没有制发也没有废止。",
         {f"proactive.{d}.{k}": 0 for d in ("regulations", "normative_documents") for k in ("issued", "repealed")}),
        ("信访局收到的公开申请合计12件。", {NEW: 12}),
        ("公开申请答复没有超期，没有群众提出异议。", {}),
        ("公开申请办理得当，行政复议没有被纠正的。", {}),
        ("行政许可信息没有漏公示，规范性文件没有及时公开的情况未发生。", {}),
    ],
)  # fmt: skip
def test_single_wordings(text: str, facts: dict[str, float]) -> None:
    assert stated(text) == facts


def test_a_smoothed_text_knows_its_places() -> None:
    original = "行政复议和行政诉讼加在一起是3件，眼下均未审结。"
    text = smooth(plain(original))
    assert "合计3件，均未审结" in text.text and len(text.text) == len(text.places)
    place = text.text.index("3件")
    start, end = text.span(place, place + 2)
    assert original[start:end] == "3件"


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("收到政府信息公开申请9件，除1件结转至下年外，其余均已办结。", {NEW: 9, OUT: 1}),
        (
            "因政府信息公开被提起行政复议2件，1件被上级机关维持，1件申请人撤回后终止。",
            {REVIEW: 2, "review.upheld": 1, "review.other": 1},
        ),
        ("我镇无一例依申请公开事项。", {NEW: 0}),
        ("收到政府信息公开申请8件，无一件被复议机关纠正。", {NEW: 8, "review.corrected": 0}),
        (
            "收到政府信息公开申请9条，其中4条涉及个人隐私。",
            {NEW: 9, "requests.denied.third_party_rights.total": 4},
        ),
        ("收到政府信息公开申请3件，上年结转信件4件。", {NEW: 3, IN: 4}),
        (
            "依申请公开方面，按申请人类别分，自然人提出41件，社会公益组织、科研机构均未提出申请。",
            {"requests.new.natural_person": 41, "requests.new.nonprofit": 0, "requests.new.research": 0},
        ),
        (
            "本级现行有效行政规范性文件12件，年内未新增、未废止。",
            {
                "proactive.normative_documents.in_force": 12,
                "proactive.normative_documents.issued": 0,
                "proactive.normative_documents.repealed": 0,
            },
        ),
        ("指导下级税务机关办理政府信息公开申请5件。", {}),
        ("上年度行政许可903项，本年增加121项。", {}),
    ],
)
def test_what_real_passages_said_otherwise(text: str, facts: dict[str, float]) -> None:
    assert stated(text) == facts
