"""Arithmetic between the counts of one section: new + carried in = results + carried out settles what open words mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from extract.facts.types import Fact

_NEW, _IN = "requests.new.total", "requests.carried_in.total"
_DONE, _OUT = "requests.results_total.total", "requests.carried_out.total"
_HANDLED, _ANSWERED = "requests.handled", "requests.answered"


def settled(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield facts of one section; one whose words may mean several counts gets the only name with which the counts agree."""
    known = _known(facts)
    for fact in facts:
        yield _named(fact, known) if fact.others else fact


def _named(fact: Fact, known: dict[str, Decimal]) -> Fact:
    names = (fact.name, *fact.others)
    fitting = [n for n in names if fact.value is not None and _fits(n, fact.value, known)]
    if len(fitting) != 1:
        return fact
    return replace(fact, name=fitting[0], others=tuple(n for n in names if n != fitting[0]))


def _known(facts: Sequence[Fact]) -> dict[str, Decimal]:
    """Return the counts that are stated exactly and once; replies stand in for results."""
    stated: dict[str, set[Decimal]] = {}
    for fact in facts:
        if fact.value is not None and fact.bound in {"exact", "none"}:
            stated.setdefault(_DONE if fact.name == _ANSWERED else fact.name, set()).add(fact.value)
    return {name: next(iter(values)) for name, values in stated.items() if len(values) == 1}


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
