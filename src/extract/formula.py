"""Formulas over cells of the form, as data files write them: sums and differences of codes, this year's or last year's.

    requests.granted.total + requests.partially_granted.total
    requests.denied.*.total                          every code that fits; a sum
    last_year(requests.carried_out.total)            the same agency's report of the year before

Nothing else: no numbers, no brackets, no functions of a user's; so a formula is always safe and always exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from extract.errors import UsageError

_TERM = re.compile(
    r"\s*(?P<sign>[+-])?\s*(?P<last>last_year\(\s*)?(?P<code>[a-z][a-z0-9_.*]*)\s*(?P<end>\))?"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One cell of a sum: its code, +1 or −1, and whether last year's report is meant."""

    code: str
    sign: int = 1
    last: bool = False


def parse(text: str, codes: Iterable[str]) -> tuple[Term, ...]:
    """Return the terms of a formula, `*` spread over the codes of an edition.

    Raises UsageError for what is no formula and for a code that the edition lacks.
    """
    known = list(codes)
    terms: list[Term] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TERM.match(text, at)
        if not match or bool(match["last"]) != bool(match["end"]) or (at and not match["sign"]):
            raise UsageError(
                f"not a formula: {text!r}, at {text[at:]!r}; write codes with + and - between them"
            )
        found = [code for code in known if fnmatchcase(code, match["code"])]
        if not found:
            raise UsageError(f"no cell {match['code']!r} in this edition of the form, in {text!r}")
        sign = -1 if match["sign"] == "-" else 1
        terms += [Term(code, sign, bool(match["last"])) for code in found]
        at = match.end()
    if not terms:
        raise UsageError("an empty formula: write at least one code")
    return tuple(terms)


def written(terms: Sequence[Term]) -> str:
    """Return terms as a formula, as `checks` writes the sides of a sum."""
    text = ""
    for term in terms:
        code = f"last_year({term.code})" if term.last else term.code
        text += (" - " if term.sign < 0 else " + ") + code
    return text.removeprefix(" + ").lstrip()
