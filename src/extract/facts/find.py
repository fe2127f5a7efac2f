"""Facts of a section: every number and date in its text, named where its words say what it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from extract.facts.about import About
from extract.facts.absent import absent
from extract.facts.compared import Placed, plain_name, sign_of, with_compared
from extract.facts.context import YEAR, Context, contexts
from extract.facts.data import Rule, amount_unit, comparisons, names, wholes
from extract.facts.quantities import find_dates, find_quantities
from extract.facts.ruled import Ruled, name_of
from extract.facts.scoped import without_parts
from extract.facts.settle import settled
from extract.facts.smooth import smooth
from extract.facts.text import Plain, Sentence, plain, sentences
from extract.facts.types import Fact
from extract.sections import Section

_OPENS = re.compile(r"(?:^|[；。：])(?:截至|截止|在|自)?(20\d\d)年(?!\d{1,2}月)|，(20\d\d)年(?:度|全年)?，")
_FROM_LAST_YEAR = ".carried_in."
"""Counts that a sentence may rightly name after the year before."""


def find_facts(sections: Sequence[Section], year: int | None) -> tuple[Fact, ...]:
    """Return the facts of all sections in order of their places; `year` is the year reported on."""
    return tuple(fact for section in sections for fact in section_facts(section, year))


def section_facts(section: Section, year: int | None) -> tuple[Fact, ...]:
    """Return the facts of a section."""
    text = smooth(plain(section.text))
    parts = list(sentences(text.text, section.heading if section.number in {2, 3, 4} else ""))
    about = About(text.text, section.number)
    made = _Maker(section, text, year, about)
    dates = find_dates(text.text)
    taken = [(start, end) for start, end, _ in dates]
    quantities = [q for q in find_quantities(text.text) if not any(a <= q.start < b for a, b in taken)]
    found = [fact for c in contexts(text.text, parts, quantities, about, year) for fact in made.named(c)]
    found = [fact for s in parts for fact in with_compared([f for f in found if f[1] is s])]
    stated = {(fact.name, s.start) for fact, s in found}
    for sentence in parts:
        found += [(f, s) for f, s in made.zeros(sentence) if (f.name, s.start) not in stated]
    facts = [
        *without_parts([*settled([fact for fact, _ in found])]),
        *(made.date(parts, *date) for date in dates),
    ]
    return tuple(sorted(facts, key=lambda f: (f.start, f.name)))


class _Maker:
    """Makes facts of one section."""

    def __init__(self, section: Section, text: Plain, year: int | None, about: About) -> None:
        self._section, self._text, self._year, self._about_what = section, text, year, about
        self._rules = Ruled()

    def named(self, context: Context) -> Iterator[Placed]:
        """Yield the facts that a quantity states; none for a bare number that no rule names."""
        quantity = context.quantity
        compared = next((k for k, p in comparisons() if p.search(f"{context.clause}N")), "")
        rule = (
            None
            if compared in {"change", "part"}
            else self._rules.rule(context, self._about_what.whole(context.sentence))
        )
        compared = "" if compared == "part" else compared
        if rule is None and not compared and (quantity.groups == {"case", "bare"} or self._idle(context)):
            return
        name = name_of(rule, context) if rule else plain_name(quantity.unit)
        if _FROM_LAST_YEAR in name:
            compared = ""
        if compared:
            name = f"{compared}.{name if rule else ''}"
        year = self._about(context)
        if (
            rule
            and year
            and self._year
            and year < self._year
            and _FROM_LAST_YEAR not in name
            and not compared
        ):
            name = f"last_year.{name}" if year == self._year - 1 else plain_name(quantity.unit)
        fact = self._fact(context, name, year, rule)
        also = names()[name].zero_means if name in names() and quantity.value == 0 else ()
        for one in also or (name,):
            yield replace(fact, name=one, others=() if also else fact.others), context.sentence
        for whole, of, pattern in wholes():
            if of == name and quantity.value and pattern.search(context.rest):
                yield replace(fact, name=whole, others=()), context.sentence

    def _idle(self, context: Context) -> bool:
        """Tell set phrases (一个, 两级) from counts: a single Chinese digit without a rule is none."""
        raw = self._text.text[context.quantity.start : context.quantity.end]
        return not any(c.isdigit() and c.isascii() for c in raw) and context.quantity.value < 11

    def _fact(self, context: Context, name: str, year: int | None, rule: Rule | None) -> Fact:
        q, s = context.quantity, context.sentence
        unit, factor = q.unit or "件", Decimal(1)
        if unit == "元":
            unit, factor = amount_unit(name)
        value = q.value
        if name.startswith("change") and (sign := sign_of(context)):
            value *= sign
        start, end = self._text.span(q.start, q.end)
        return Fact(
            self._section.number, name, value * factor, unit, self._verbatim(s), start, end, self._section.text[start:end],
            q.bound, q.high * factor if q.high is not None else None, q.step * factor, context.scope,
            year or self._year, others=rule.others if rule else (),
        )  # fmt: skip

    def _verbatim(self, sentence: Sentence) -> str:
        start, end = self._text.span(sentence.start, sentence.end)
        return self._section.text[start:end].strip()

    def _about(self, context: Context) -> int | None:
        """Return the year that a clause names, or that opens the part of the sentence it stands in."""
        if context.year:
            return context.year
        s = context.sentence
        opened = _OPENS.findall(self._text.text[s.start : context.quantity.start])
        return int("".join(opened[-1])) if opened else None

    def zeros(self, sentence: Sentence) -> Iterator[Placed]:
        """Yield the facts that words such as 未收到 state, one per name and sentence."""
        text = self._text.text[sentence.start : sentence.end]
        whole = self._about_what.whole(sentence)
        seen: set[str] = set()
        for zero, first, last, clause in absent(text, whole):
            if zero.name in seen or self._other_year(clause):
                continue
            seen.add(zero.name)
            start, end = self._text.span(sentence.start + first, sentence.start + last)
            unit = "元" if zero.name.startswith("fees.") else "万元" if "fees" in zero.name else "件"
            yield Fact(
                self._section.number, zero.name, Decimal(0), unit, self._verbatim(sentence), start, end,
                self._section.text[start:end], "none", year=self._year,
            ), sentence  # fmt: skip

    def _other_year(self, clause: str) -> bool:
        years = {int(y) for y in YEAR.findall(clause)}
        return bool(
            years
            and self._year
            and self._year not in years
            and not re.search("结转|转[入到至]|顺延|[延留移][到至待]", clause)
        )

    def date(self, parts: Sequence[Sentence], start: int, end: int, iso: str) -> Fact:
        """Return the fact of a date."""
        sentence = next(s for s in parts if s.start <= start < s.end)
        a, b = self._text.span(start, end)
        raw = self._section.text[a:b]
        return Fact(
            self._section.number,
            "date",
            None,
            "",
            self._verbatim(sentence),
            a,
            b,
            raw,
            year=int(iso[:4]),
            date=iso,
        )
