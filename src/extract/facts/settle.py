"""Arithmetic between the counts of one section: new + carried in = results + carried out settles what open words mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from extract.facts.types import Fact

_NEW, _IN = "requests.new.total", "requests.carried_in.total"
_DONE, _OUT = "requests.results_total.total", "requests.carried_out.total"
_HANDLED, _ANSWERED = "requests.handled", "requests.answered"
_OTHER = "requests.other.total"
_EXACT = frozenset({"exact", "none"})


def settled(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield facts of one section; one whose words may mean several counts gets the only name with which the counts agree."""
    facts = _told_apart(facts)
    known = {name: next(iter(values)) for name, values in _stated(facts).items() if len(values) == 1}
    for fact in facts:
        yield _named(fact, known) if fact.others else fact


def _told_apart(facts: Sequence[Fact]) -> list[Fact]:
    """Tell two counts under one name apart: `受理15件，新收14件、上年结转1件`, `处理98件，办结99件`."""
    stated = _stated(facts)
    new, carried, done = (stated.get(n, set()) for n in (_NEW, _IN, _DONE))
    more = {a for a in new if len(carried) == 1 and a - next(iter(carried)) in new - {a}}
    sure = {f.value for f in facts if f.name in {_DONE, _ANSWERED} and _HANDLED not in f.others}
    return [_renamed(f, _apart(f, more, sure if len(done) > 1 else set())) for f in facts]


def _apart(fact: Fact, more: set[Decimal], sure: set[Decimal | None]) -> str:
    """Return the name of a count beside others: `more` are those of all that was handled, `sure` those of results."""
    if fact.name == _NEW and fact.value in more:
        return _HANDLED
    done = next(iter(sure)) if len(sure) == 1 else None
    if fact.name == _DONE and _HANDLED in fact.others and done is not None and fact.value is not None:
        return _NEW if fact.value < done else fact.name
    return fact.name


def _renamed(fact: Fact, name: str) -> Fact:
    if name == fact.name and name not in fact.others:
        return fact
    return replace(fact, name=name, others=tuple(n for n in (fact.name, *fact.others) if n != name))


def _named(fact: Fact, known: dict[str, Decimal]) -> Fact:
    names = (fact.name, *fact.others)
    fitting = [n for n in names if fact.value is not None and _fits(n, fact.value, known)]
    if set(fitting) == {_DONE, _ANSWERED} and known.get(_OTHER):  # not all of them were replied to
        fitting = [_DONE]
    return _renamed(fact, fitting[0]) if len(fitting) == 1 else fact


def _stated(facts: Sequence[Fact]) -> dict[str, set[Decimal]]:
    """Return the counts that are stated exactly; replies stand in for results."""
    stated: dict[str, set[Decimal]] = {}
    for fact in facts:
        if fact.value is not None and fact.bound in _EXACT:
            stated.setdefault(_DONE if fact.name == _ANSWERED else fact.name, set()).add(fact.value)
    return stated


def _fits(name: str, value: Decimal, known: dict[str, Decimal]) -> bool:
    """Tell whether the counts agree where a number is the one named; never without all that takes part."""
    new, carried_in, done, out = (known.get(n) for n in (_NEW, _IN, _DONE, _OUT))
    if name == _NEW and None not in (carried_in, done, out):
        return value + (carried_in or 0) == (done or 0) + (out or 0)
    if name == _HANDLED and None not in (done, out):
        return bool(carried_in) and value == (done or 0) + (out or 0)
    if name in {_DONE, _ANSWERED} and None not in (new, carried_in, out):
        return value + (out or 0) == (new or 0) + (carried_in or 0)
    return False
