"""What the text states against the tables, and lists of the text against their totals.

A right report should raise nothing here, so a difference is the publisher's error only where text and table surely count the
same thing: counts of a whole area (全市) and of one agency (本级) are two things, and words such as 受理 may mean
what came in this year or that and what was carried over. Rules: a number stated for a cell equals it; stated roughly it is near
it; a list that says it is complete adds up; none is no more than its total.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from extract.checks import CheckResult
from extract.facts import Fact, Parts
from extract.facts.data import aliases, codes_of
from extract.facts.parts import adds_up, find_parts, overlapping, with_parts
from extract.percent_checks import percent_checks, right_of
from extract.sections import Section
from extract.settings import Settings
from extract.values import Value

_ROUGH = Decimal("0.15")
"""How far a number stated with 约 may be off, and by how much 余 may be exceeded, as a share."""
_ALL_DONE = re.compile(
    r"(?:全部|均已|都已|已全部)(?:按[期时规]|如期|依法|依规|及时)*(?:办结|办理完毕|办理完成|处理完毕)(?!率)"
)
_REQUESTS = re.compile(r"信息公开的?申请|依申请公开|申请公开")
_CARRIED = re.compile(r"结转|顺延|转入下|转下|下一?年|在办|未办结|跨年|正在")


def listed(facts: Sequence[Fact], sections: Sequence[Section]) -> tuple[tuple[Fact, ...], tuple[Parts, ...]]:
    """Return all facts, those in a list that adds up with the place of its total, and the lists themselves."""
    kept: list[Fact] = []
    lists: list[Parts] = []
    for section in sections:
        mine = [f for f in facts if f.section == section.number]
        found = find_parts(mine, section.text)
        lists += [p for p in found if _tells(p, section.text)]
        kept += with_parts(mine, found)
    return tuple(kept), tuple(lists)


def _tells(parts: Parts, text: str) -> bool:
    """Tell whether a list is one that has to add up.

    One that falls short may name a few of many, one of channels may count a thing twice, and 其中 at the beginning of a
    sentence need not be about the number before it. Applications are told by the tables: their stages (concluded, going on)
    may include last year's, and their kinds (by applicant, by answer) may be told in one list.
    """
    if adds_up(parts):
        return True
    apart = "。" in text[parts.total.end : parts.parts[0].start]
    if apart or any(p.name.startswith("requests.") for p in parts.parts):
        return False
    total = parts.total.value or Decimal(0)
    more = sum((p.value or Decimal(0) for p in parts.parts), Decimal(0)) > total
    return parts.closed or (more and not overlapping(parts, text))


def resolve(facts: Sequence[Fact], values: dict[str, Value], edition: str) -> tuple[Fact, ...]:
    """Give facts the names of the edition, and one whose words may mean several counts that which the tables confirm.

    Where they confirm several or none it is the first that is a cell rather than a sum of cells.
    """
    known = aliases()
    own = tuple(
        replace(
            f,
            name=known.get((f.name, edition), f.name),
            others=tuple(known.get((other, edition), other) for other in f.others),
        )
        for f in facts
    )
    return tuple(_resolved(fact, own, values, edition) for fact in own)


def _resolved(fact: Fact, facts: Sequence[Fact], values: dict[str, Value], edition: str) -> Fact:
    if not fact.others or not edition:
        return fact
    meant = (fact.name, *_open_others(fact, facts))
    confirmed = [name for name in meant if right_of(name, values, edition)[1] == fact.value]
    cells = [name for name in confirmed or meant if len(codes_of(name, edition)) == 1]
    name = (cells or confirmed or [fact.name])[0]
    others = tuple(other for other in (fact.name, *fact.others) if other != name)
    return replace(fact, name=name, others=others)


def _open_others(fact: Fact, facts: Sequence[Fact]) -> tuple[str, ...]:
    """What else the words may mean: 受理 includes what was carried over only where that is not counted beside it."""
    beside = any(f.name == "requests.carried_in.total" and f.sentence == fact.sentence for f in facts)
    new = fact.name == "requests.new.total"
    return () if new and beside else fact.others


def text_checks(
    facts: Sequence[Fact], lists: Sequence[Parts], sections: Sequence[Section], values: dict[str, Value],
    edition: str, settings: Settings, *, clear: bool = True,
) -> tuple[CheckResult, ...]:  # fmt: skip
    """Return the checks of a report's text; `clear` is false where the text itself was read from pictures."""
    results = list(_against_tables(facts, values, edition, settings, clear=clear)) if edition else []
    results += [_sum_of(parts, clear=clear) for parts in lists]
    if edition:
        results += percent_checks(facts, sections, values, edition, settings, clear=clear)
    done = _all_done(sections, values)
    return (*_numbered(results), *([done] if done else []))


def _numbered(results: Sequence[CheckResult]) -> Iterator[CheckResult]:
    """A check met again gets `.2`, `.3` … after its name."""
    seen: dict[str, int] = {}
    for result in results:
        count = seen[result.check] = seen.get(result.check, 0) + 1
        yield result if count == 1 else replace(result, check=f"{result.check}.{count}")


def _against_tables(
    facts: Sequence[Fact], values: dict[str, Value], edition: str, settings: Settings, *, clear: bool
) -> Iterator[CheckResult]:
    tied = [f for f in facts if f.value is not None and codes_of(f.name, edition)]
    tied = [f for f in tied if not _part_of_its_like(f, facts)]
    agreeing = [f for f in tied if f.value and right_of(f.name, values, edition)[1] == f.value]
    scopes, names = {f.scope for f in agreeing}, {f.name for f in agreeing}
    for fact in tied:
        codes, right = right_of(fact.name, values, edition)
        if right is None:
            verdict = "not_assessable"
        elif any(_fits(fact, r) for r in (right, *_other_rights(fact, facts, values, edition))):
            verdict = "holds"
        elif fact.name in names and "其中" in fact.sentence.partition(fact.raw)[0]:
            verdict = "not_assessable"  # what one of several offices counted, of a total that agrees
        else:
            exact = fact.bound in {"exact", "none"} and fact.name not in names
            sure = clear and exact and all(_clear(values[c], settings) for c in codes)
            verdict = _broken(fact, right, scopes, sure=sure)
        left = fact.value or Decimal(0)
        yield CheckResult(
            f"text.{fact.name}", f"section {fact.section}: {fact.raw}", " + ".join(codes), left, right,
            left - right if right is not None else None, verdict, fact.sentence,
        )  # fmt: skip


def _other_rights(
    fact: Fact, facts: Sequence[Fact], values: dict[str, Value], edition: str
) -> Iterator[Decimal]:
    """Yield what else the words of a fact may mean in numbers."""
    for other in _open_others(fact, facts):
        right = right_of(other, values, edition)[1]
        if right is not None:
            yield right


def _part_of_its_like(fact: Fact, facts: Sequence[Fact]) -> bool:
    """A part of a total of the same name counts some of it: what one office or one channel received."""
    if fact.part_of is None:
        return False
    return any(f.start == fact.part_of and f.section == fact.section and f.name == fact.name for f in facts)


def _fits(fact: Fact, right: Decimal) -> bool:
    """Tell whether a cell can be what the text states, given how exactly it states it."""
    value = fact.value or Decimal(0)
    if fact.bound == "range":
        return fact.high is not None and value <= right <= fact.high
    if fact.bound == "at_least":
        return value <= right <= value * (1 + _ROUGH) + 10 * fact.step
    if fact.bound in {"about", "at_most"}:
        return abs(value - right) <= max(value * _ROUGH, fact.step)
    return value == right or (fact.step > 1 and abs(value - right) < fact.step)


def _clear(value: Value, settings: Settings) -> bool:
    return value.native or value.confidence >= settings.clear_threshold


def _broken(fact: Fact, right: Decimal, agreeing: set[str], *, sure: bool) -> str:
    """Judge a number that is not its cell's.

    Where the text counts for a whole area or for one office alone, the table may count the other: that is an error only where
    another number of the same scope agrees with the table, or where a part would be more than the whole.
    """
    value = fact.value or Decimal(0)
    if fact.scope and fact.scope not in agreeing:
        possible = value > right if fact.scope == "all" else value < right
        if possible:
            return "not_assessable"
    return "source_error" if sure else "doubtful"


def _sum_of(parts: Parts, *, clear: bool) -> CheckResult:
    left = sum((p.value or Decimal(0) for p in parts.parts), Decimal(0))
    right = parts.total.value or Decimal(0)
    closed = parts.closed and clear and all(p.bound == "exact" for p in (*parts.parts, parts.total))
    verdict = "holds" if left == right else "source_error" if closed else "doubtful"
    return CheckResult(
        f"text.parts.{parts.total.section}.{parts.total.start}", " + ".join(p.raw for p in parts.parts),
        parts.total.raw, left, right, left - right, verdict, parts.total.sentence,
    )  # fmt: skip


def _all_done(sections: Sequence[Section], values: dict[str, Value]) -> CheckResult | None:
    """`所有申请均已办结` against what the table carries over to the next year."""
    cell = values.get("requests.carried_out.total")
    for section in sections:
        for line in section.text.splitlines():
            done = _ALL_DONE.search(line)
            if not done or not _REQUESTS.search(line[: done.start()]) or _CARRIED.search(line):
                continue
            sentence = next(s for s in re.findall(r"[^。]*。?", line) if done[0] in s).strip()
            if not _REQUESTS.search(sentence) or cell is None or cell.filled is None:
                continue
            verdict = "doubtful" if cell.filled > 0 else "holds"
            return CheckResult(
                "text.all_done", "0", cell.code, Decimal(0), cell.filled, -cell.filled, verdict, sentence
            )
    return None
