"""What sentences state: hand-checked readings, and sentences that look alike and state something else."""

from __future__ import annotations

import csv
import time
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.facts import find_facts
from extract.facts.data import names, rules, topics, zeros
from extract.form import EDITIONS, edition
from extract.sections import Section

LABEL = "（二）依申请公开情况。"
PLAIN = {"count", "amount", "percent", "date"}


def stated(text: str, year: int = 2023, number: int = 1) -> dict[str, float]:
    """Names and values of the facts of a text, without those that no rule names."""
    facts = find_facts([Section(number, "", text, 0, 0)], year)
    return {f.name: float(f.value) for f in facts if f.name not in PLAIN and f.value is not None}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("2023年共收到政府信息公开申请8件，上年结转2件，办结9件，结转下年度1件。",
         {"requests.new.total": 8, "requests.carried_in.total": 2, "requests.results_total.total": 9, "requests.carried_out.total": 1}),
        ("全年受理政府信息公开申请10件（含上年结转2件），均已答复。", {"requests.handled": 10, "requests.carried_in.total": 2}),
        ("2022年结转政府信息公开申请2件，2023年新收申请5件。", {"requests.carried_in.total": 2, "requests.new.total": 5}),
        ("收到依申请公开3件，另有4件顺延到下年度答复。", {"requests.new.total": 3, "requests.carried_out.total": 4}),
        ("已答复的申请中，3件予以公开，1件不予公开。", {"requests.granted.total": 3, "requests.denied.total": 1}),
        ("予以公开占62%，共5件；部分公开三件。", {"requests.granted.total": 5, "requests.partially_granted.total": 3}),
        ("不予公开2件（其中内部事务信息1件、过程性信息1件），无法提供1件（本机关不掌握1件）。",
         {"requests.denied.total": 2, "requests.denied.internal_affairs.total": 1,
          "requests.denied.process_information.total": 1, "requests.unable.total": 1, "requests.unable.not_held.total": 1}),
        ("收到政府信息公开申请6件，其中自然人5件，法人或其他组织1件；网络申请4件。",
         {"requests.new.total": 6, "requests.new.natural_person": 5, "requests.new.organisations": 1,
          "requests.channel.online": 4}),
    ],
)  # fmt: skip
def test_requests(text: str, facts: dict[str, float]) -> None:
    assert stated(LABEL + text) == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("政府信息公开行政复议5件，其中结果维持3件，结果纠正1件，尚未审结1件；行政诉讼2件，其中维持2件。",
         {"review.total": 5, "review.upheld": 3, "review.corrected": 1, "review.pending": 1, "litigation.total": 2,
          "litigation.upheld": 2}),
        ("涉政府信息公开行政复议、行政诉讼案件743件。", {"disputes.total": 743}),
        ("政府信息公开行政复议、行政诉讼分别为3件和2件。", {"review.total": 3, "litigation.total": 2}),
        ("因政府信息公开被提起行政诉讼3件，未经复议直接起诉2件，复议后起诉1件。",
         {"litigation.total": 3, "litigation_direct.total": 2, "litigation_after_review.total": 1}),
        ("未发生因政府信息公开引起的行政复议、行政诉讼。", {"review.total": 0, "litigation.total": 0}),
        ("政府信息公开行政复议、行政诉讼均为0件。", {"review.total": 0, "litigation.total": 0}),
        ("未发生政府信息公开行政复议被纠正、行政诉讼败诉情形。", {}),
        ("司法局办理行政复议案件120件，代理行政应诉案件8件。", {}),
    ],
)  # fmt: skip
def test_reviews_and_suits(text: str, facts: dict[str, float]) -> None:
    assert stated(text) == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("全年制发行政规范性文件4件，废止2件，现行有效31件。",
         {"proactive.normative_documents.issued": 4, "proactive.normative_documents.repealed": 2,
          "proactive.normative_documents.in_force": 31}),
        ("制定规章1件，现行有效规章11件。", {"proactive.regulations.issued": 1, "proactive.regulations.in_force": 11}),
        ("本年度未制发规范性文件。", {"proactive.normative_documents.issued": 0}),
        ("清理规范性文件120件，其中继续有效100件，废止20件。", {}),
        ("公开规范性文件12件。", {"proactive.normative_documents.published": 12}),
        ("作出行政许可决定120件、行政处罚决定35件、行政强制决定0件。",
         {"proactive.licensing.decisions": 120, "proactive.penalties.decisions": 35, "proactive.coercion.decisions": 0}),
        ("公示行政许可信息120条，公开行政处罚决定35条。", {}),
        ("收取行政事业性收费43.788万元。", {"proactive.fees.amount": 43.788}),
        ("收取信息处理费380元。", {"fees.collected": 380}),
        ("收取信息处理费1件380元，行政事业性收费2万元。", {"fees.collected": 380, "proactive.fees.amount": 2}),
        ("未收取任何费用。", {"fees.collected": 0}),
        ("免收信息处理费。", {"fees.collected": 0}),
    ],
)  # fmt: skip
def test_documents_and_money(text: str, facts: dict[str, float]) -> None:
    assert stated(text) == facts


@pytest.mark.parametrize(
    "text",
    [
        "本年度未收到政府信息公开申请。", "2023年没有收到公民、法人和其他组织提出的政府信息公开申请。", "全年无政府信息公开申请。",
        "未接到依申请公开的申请。", "无公民、法人或其他组织向我局提出政府信息公开申请。", "收到政府信息公开申请零件。",
        "政府信息公开申请数量为零。",
    ],
)  # fmt: skip
def test_none_received(text: str) -> None:
    assert stated(text) == {"requests.new.total": 0}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("收到政府信息公开申请4件，较上年增加4件。",
         {"requests.new.total": 4, "change.requests.new.total": 4, "last_year.requests.new.total": 0}),
        ("收到政府信息公开申请4件，同比减少3件。",
         {"requests.new.total": 4, "change.requests.new.total": -3, "last_year.requests.new.total": 7}),
        ("收到政府信息公开申请4件，去年同期为9件。", {"requests.new.total": 4, "last_year.requests.new.total": 9}),
        ("收到政府信息公开申请4件，同比下降20%。", {"requests.new.total": 4, "change_rate.requests.new.total": -20}),
        ("2022年，收到政府信息公开申请9件；2023年，收到政府信息公开申请4件。",
         {"last_year.requests.new.total": 9, "requests.new.total": 4}),
    ],
)  # fmt: skip
def test_last_year_is_told_apart(text: str, facts: dict[str, float]) -> None:
    assert stated(LABEL + text) == facts


@pytest.mark.parametrize(
    "text",
    [
        "12345热线收到诉求120件，办结118件。", "受理许可申请30件，办结29件。", "收到来信来访12件，全部办结。",
        "注册窗口收到登记申请9件。", "答复期限为20个工作日。", "依申请公开培训2次的材料发放30份。",
    ],
)  # fmt: skip
def test_what_is_no_count_of_requests(text: str) -> None:
    assert not {n for n in stated(text) if n.startswith("requests.")}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("办理人大代表建议3件、政协提案5件，办复率100%。", {"proposals.npc": 3, "proposals.cppcc": 5, "proposals.reply_rate": 100}),
        ("承办人大代表建议、政协委员提案8件。", {"proposals.handled": 8}),
        ("举办培训2期，参训120人次。", {"training.sessions": 2, "training.people": 120}),
        ("配备专职人员2名，兼职人员11名。", {"staff.full_time": 2, "staff.part_time": 11}),
        ("微信公众号发布信息300条，粉丝1.2万人。", {"proactive.published_items.wechat": 300, "new_media.followers": 12000}),
        ("主动公开政府信息1500余条，发布政策解读21篇，召开新闻发布会12场。",
         {"proactive.published_items": 1500, "proactive.interpretations": 21, "proactive.press_conferences": 12}),
    ],
)  # fmt: skip
def test_plain_names(text: str, facts: dict[str, float]) -> None:
    assert stated(text) == facts


def test_scope_and_year() -> None:
    text = "2023年，全市共收到政府信息公开申请120件。其中，市本级收到政府信息公开申请30件。"
    scopes = [(f.value, f.scope) for f in find_facts([Section(1, "", text, 0, 0)], 2023)]
    assert scopes == [(120, "all"), (30, "own")]


def test_sentence_and_offsets_are_verbatim() -> None:
    text = "总的看。\n  （二）依申请公开。 收到政府信息公开申请 １２ 件，办结12件。\n完。"
    facts = find_facts([Section(1, "", text, 0, 0)], 2023)
    assert [text[f.start : f.end] for f in facts] == [f.raw for f in facts] == ["１２ 件", "12件"]
    assert {f.sentence for f in facts} == {"收到政府信息公开申请 １２ 件，办结12件。"}


def test_every_rule_has_a_known_name_and_topic() -> None:
    known = {*names(), *(code for form in EDITIONS for code in edition(form).cells)}
    prefixes = topics()[1]
    for rule in rules():
        assert rule.topics <= set(prefixes), rule.name
        found = (
            [rule.name.replace("{topic}", prefixes[t]) for t in rule.topics]
            if "{topic}" in rule.name
            else [rule.name]
        )
        assert [n for n in found if n not in known] == []
    assert {z.name for z in zeros()} <= known
    told = {rule.name for rule in rules()} | {z.name for z in zeros()}
    assert [n for n, about in names().items() if not about.sum and n not in told] == []


@settings(deadline=None, max_examples=60)
@given(
    st.text(
        alphabet="收到政府信息公开申请行政复议诉讼结转上下年度办结共其中0123456789件，。；（）%\n较增加无未",
        max_size=200,
    )
)
def test_any_text_is_read(text: str) -> None:
    for fact in find_facts([Section(1, "", text, 0, 0)], 2023):
        assert text[fact.start : fact.end] == fact.raw and fact.name


@pytest.mark.parametrize(
    "piece", ["收到政府信息公开申请", "1", "（", "收到3件，", "上年结转", "行政复议、", "共"]
)
def test_long_texts_take_no_longer_than_their_length(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    started = time.process_time()
    find_facts([Section(1, "", text, 0, 0)], 2023)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "text",
    [
        "对未在法定期限内答复的，申请人可以依法申请政府信息公开行政复议。", "申请人无正当理由对政府信息公开答复提起行政诉讼的，依法应对。",
        "有2件未收到申请人对政府信息公开申请的补正材料。", "无法提供的，告知申请人可以就政府信息公开申请行政复议。",
        "未按规定公开的，可以提起行政诉讼。", "没有收到对依申请公开工作的投诉。",
    ],
)  # fmt: skip
def test_words_of_negation_that_state_no_zero(text: str) -> None:
    assert [n for n, value in stated(text).items() if value == 0] == []


@pytest.mark.parametrize(
    "name",
    [
        "rules",
        "words",
        "zeros",
        "topics",
        "units",
        "names",
        "scopes",
        "compare",
        "aliases",
        "checks",
        "evened",
        "wholes",
    ],
)
def test_every_row_of_the_data_has_the_columns_of_its_head(name: str) -> None:
    text = files("extract.facts").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    head, *rows = csv.reader(text.splitlines())
    assert [row for row in rows if len(row) != len(head)] == []


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("我局收到政府信息公开申请7件，均来自自然人。", {"requests.new.total": 7, "requests.new.natural_person": 7}),
        ("我局收到政府信息公开申请7件，其中自然人5件。", {"requests.new.total": 7, "requests.new.natural_person": 5}),
        ("因信息公开引发行政复议3件，均维持。", {"review.total": 3, "review.upheld": 3}),
        ("因信息公开引发行政复议3件，均按期办结。", {"review.total": 3}),
        ("信息公开类行政复议5件和行政诉讼2件。", {"review.total": 5, "litigation.total": 2}),
        (
            "受理政府信息公开申请30件（含上年度结转4件）。",
            {"requests.handled": 30, "requests.carried_in.total": 4},
        ),
        ("收到政府信息公开申请30件，其中4件是上年度转来的。", {"requests.handled": 30, "requests.carried_in.total": 4}),
        ("依申请公开12件，不掌握相关信息3件。", {"requests.unable.not_held.total": 3}),
        ("不予处理和其他处理的共9件。", {}),
        ("本年度无下年度结转。", {"requests.carried_out.total": 0}),
        ("全年无行政处罚、行政强制。", {"proactive.penalties.decisions": 0, "proactive.coercion.decisions": 0}),
    ],
)  # fmt: skip
def test_wordings_met_in_published_reports(text: str, facts: dict[str, float]) -> None:
    assert stated(LABEL + text) == facts
