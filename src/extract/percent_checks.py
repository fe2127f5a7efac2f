"""Percentages of the text against the numbers they are made of: shares (占43%) and changes since last year (增长12.5%).

A share is one of a count that stands beside it; of what whole is often left unsaid. So it holds where any number that may be
the whole makes it so, of the tables or of the text around it, and is told only where none does. A change is told where both
years' numbers are stated. Printed decimals say how exactly: 43.9 % may be printed as 43 %, 43.9 %, 44 %.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from extract.checks import CheckResult
from extract.facts import Fact
from extract.facts.data import codes_of
from extract.sections import Section
from extract.settings import Settings
from extract.values import Value

_AFTER = re.compile(
    r"(?:余|左右)?[），（(、]*(?:约|大约|数量|件数)?占(?:比例?|到|了)?(?P<of>[^，。；：%\d]{0,16}?)(?:的?比[例重率]?)?(?:约|近|超过?)?(?:为|是|达到?|的)?(?:约|近|超过?)?"
)
"""What stands between a count and its share: `自然人申请10件，占申请总数的83.3%`."""
_BEFORE = re.compile(r"[，、（]?(?:共计?|计|合计|为|有|即)?")
"""What stands between a share and its count: `予以公开占43%，共88件`."""
_OPENS = re.compile(r"占(?:比例?|总数的?|总量的?)?(?:约|近)?(?:为|达)?$")
_ROUGHLY = re.compile("约|近|超过")
_OTHER_WHOLE = re.compile(
    r"全[市省区县州盟国镇乡街]|系统|同期|各级|信息公开总|条|发布|公开信息|上年|去年|年初|预算|满意"
)
"""Words of a whole that the form does not count."""
_WHOLES = (
    ("requests.new.", ("requests.new.total", "requests.handled")),
    ("requests.channel.", ("requests.new.total", "requests.handled")),
    ("requests.carried_", ("requests.new.total", "requests.handled", "requests.results_total.total")),
    (
        "requests.",
        (
            "requests.results_total.total", "requests.answered", "requests.new.total", "requests.handled",
            "requests.denied.total", "requests.unable.total", "requests.not_processed.total", "requests.other.total",
            "requests.disclosed.total",
        ),
    ),
    ("review.", ("review.total", "disputes.total")),
    ("litigation", ("litigation.total", "litigation_direct.total", "litigation_after_review.total", "disputes.total")),
)  # fmt: skip
"""What a count may be a share of, by the beginning of its name; the first is named where none makes the share."""
_RATE = "change_rate."
_SHOWN = Decimal("0.01")


def percent_checks(
    facts: Sequence[Fact], sections: Sequence[Section], values: dict[str, Value], edition: str, settings: Settings,
    *, clear: bool,
) -> Iterator[CheckResult]:  # fmt: skip
    """Yield the checks of shares and of changes of a report's text; `clear` is false where it was read from pictures."""
    for section in sections:
        mine = sorted((f for f in facts if f.section == section.number), key=lambda f: f.start)
        for share, count in _shares(mine, section.text):
            yield from _share(share, count, mine, values, edition, settings, clear=clear)
        for rate in mine:
            if rate.name.startswith(_RATE) and rate.unit == "%":
                yield from _change(rate, mine, clear=clear)


def right_of(name: str, values: dict[str, Value], edition: str) -> tuple[tuple[str, ...], Decimal | None]:
    """Return the codes of a name and the sum of their cells, None where one of them has no number."""
    codes = codes_of(name, edition)
    known = [v for c in codes if c in values and (v := values[c].filled) is not None]
    return codes, sum(known, Decimal(0)) if codes and len(known) == len(codes) else None


def _shares(facts: Sequence[Fact], text: str) -> Iterator[tuple[Fact, Fact]]:
    """Yield each percentage that is the share of a count beside it, with that count."""
    counts = [f for f in facts if f.bound == "exact" and f.value is not None and _wholes(f.name)]
    for share in facts:
        if share.name != "percent" or share.unit != "%" or share.bound not in {"exact", "about"}:
            continue
        before = [f for f in counts if f.end <= share.start and f.sentence == share.sentence]
        after = [f for f in counts if f.start >= share.end and f.sentence == share.sentence]
        gap = _AFTER.fullmatch(text[before[-1].end : share.start]) if before else None
        bracket = before and text[before[-1].end : share.start] == "（" and text[share.end :][:1] == "）"
        if bracket or (gap and not _OTHER_WHOLE.search(gap["of"])):
            yield replace(share, bound="about") if gap and _ROUGHLY.search(gap[0]) else share, before[-1]
        elif (
            after
            and _OPENS.search(text[: share.start])
            and _BEFORE.fullmatch(text[share.end : after[0].start])
        ):
            yield share, after[0]


def _wholes(name: str) -> tuple[str, ...]:
    return next((wholes for prefix, wholes in _WHOLES if name.startswith(prefix)), ())


def _share(
    share: Fact, count: Fact, facts: Sequence[Fact], values: dict[str, Value], edition: str, settings: Settings,
    *, clear: bool,
) -> Iterator[CheckResult]:  # fmt: skip
    """Check a share; nothing is said where no whole is known, or of a count whose whole is that of other offices too."""
    names = _wholes(count.name)
    cells = [right for name in names if (right := right_of(name, values, edition)[1])]
    stated = [f.value for f in facts if f.value and f.unit == count.unit and f is not count]
    n, p = count.value or Decimal(0), share.value or Decimal(0)
    codes, right = right_of(count.name, values, edition)
    numbers = (
        {n} if right is None else {n, right}
    )  # where the count is wrong the share may be that of the right one
    made = [100 * k / whole for k in numbers for whole in (*cells, *stated) if whole >= k and whole]
    if not cells or not made:
        return
    fits = any(_agrees(m, share) for m in made)
    sure = (
        clear
        and share.bound == "exact"
        and right == n
        and not count.scope
        and all(values[c].native or values[c].confidence >= settings.clear_threshold for c in codes)
    )
    verdict = (
        "holds"
        if fits
        else "not_assessable"
        if count.scope == "all"
        else "source_error"
        if sure
        else "doubtful"
    )
    likely = min(made, key=lambda m: abs(m - p)).quantize(_SHOWN)
    yield CheckResult(
        f"text.share.{count.name}", f"section {share.section}: {share.raw}", f"{count.name} / {names[0]}", p, likely,
        p - likely, verdict, share.sentence,
    )  # fmt: skip


def _agrees(made: Decimal, stated: Fact) -> bool:
    """Tell whether a percentage may be printed so: rounded or cut to its decimals, or about that."""
    p = stated.value or Decimal(0)
    near = _step(stated) if stated.bound == "exact" else max(_step(stated), abs(p) / 10)
    return abs(abs(made) - abs(p)) < near


def _step(fact: Fact) -> Decimal:
    """Return the worth of one in the last printed digit of a percentage."""
    value = fact.value or Decimal(0)
    return Decimal(1).scaleb(min(int(value.as_tuple().exponent), 0))


def _change(rate: Fact, facts: Sequence[Fact], *, clear: bool) -> Iterator[CheckResult]:
    """Check a change in percent where the same sentence states the numbers of both years."""
    name = rate.name.removeprefix(_RATE)
    same = [f for f in facts if f.sentence == rate.sentence and f.value is not None]
    now = [f for f in same if f.name == name and f.start < rate.start]
    before = [f for f in same if f.name == f"last_year.{name}"]
    if len(now) != 1 or len(before) != 1 or not before[0].value or rate.bound not in {"exact", "about"}:
        return
    this, last = now[0].value or Decimal(0), before[0].value
    if now[0].bound != "exact" or before[0].bound not in {"exact", "derived"}:
        return
    made, p = 100 * (this - last) / last, rate.value or Decimal(0)
    fits = _agrees(made, rate) and (made >= 0) == (p >= 0 or not made)
    verdict = "holds" if fits else "source_error" if clear and rate.bound == "exact" else "doubtful"
    yield CheckResult(
        f"text.{rate.name}", f"section {rate.section}: {rate.raw}", f"({this} - {last}) / {last}", p, made.quantize(_SHOWN),
        p - made.quantize(_SHOWN), verdict, rate.sentence,
    )  # fmt: skip
