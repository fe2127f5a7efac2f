"""The wordings of facts as data: `words.csv` names parts of patterns, `rules.csv` and `zeros.csv` use them.

In the patterns `N` is the number that is being named, `n` one that follows it in the same sentence, and `{word}` a row
of `words.csv`. A new way to say something is a new row.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from extract.form import edition


@dataclass(frozen=True, slots=True)
class Rule:
    """How a number is said: its name, in which units, under which topic, and the words around it.

    `cue` are pieces one of which has to be there; `needs` is looked for in the sentence and its labels, `unless` in
    the clause. `others` are further sums of codes that the words may mean. A name with `{topic}` takes the topic's prefix.
    """

    name: str
    groups: frozenset[str]
    topics: frozenset[str]
    cue: tuple[str, ...]
    pattern: re.Pattern[str]
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Zero:
    """Words that state 0 without a number, and the names they are said of."""

    name: str
    pattern: re.Pattern[str]
    needs: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: the groups that rules ask for, and the unit it is the same as."""

    groups: frozenset[str]
    base: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name that is no code: its Chinese title, the codes whose sum it is, and what is also 0 where it is 0."""

    title: str
    sum: tuple[str, ...]
    zero_means: tuple[str, ...]


def _rows(name: str) -> list[dict[str, str]]:
    text = files("extract.facts").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def words() -> dict[str, str]:
    """Return the named parts of patterns."""
    return {row["word"]: row["pattern"] for row in _rows("words.csv")}


def _filled(pattern: str) -> str:
    """Return a pattern with the words for `{word}`, which may have words in them."""
    return re.sub(r"\{([a-z]+)\}", lambda m: _filled(words()[m[1]]), pattern)


@cache
def word(name: str) -> str:
    """Return a named pattern by itself."""
    return _filled(words()[name])


def _optional(pattern: str) -> re.Pattern[str] | None:
    return re.compile(_filled(pattern)) if pattern else None


@cache
def rules() -> tuple[Rule, ...]:
    """Return all rules in the file's order; of equally near ones the first counts."""
    return tuple(
        Rule(
            row["name"], frozenset(row["units"].split()), frozenset(row["topic"].split()),
            tuple(row["cue"].split("|")), re.compile(_filled(row["pattern"])), _optional(row["needs"]),
            _optional(row["unless"]), tuple(row["or"].split("|")) if row["or"] else (),
        )
        for row in _rows("rules.csv")
    )  # fmt: skip


@cache
def zeros() -> tuple[Zero, ...]:
    """Return the rules for words that state 0."""
    return tuple(
        Zero(
            row["names"],
            re.compile(_filled(row["pattern"])),
            _optional(row["needs"]),
            _optional(row["unless"]),
        )
        for row in _rows("zeros.csv")
    )


@cache
def wholes() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Return what words after a number say of all that it counts: (name, the name of the number, pattern).

    In `{of}.upheld` each of the kinds of disputes in `of` stands in turn, and the number is its total.
    """
    found: list[tuple[str, str, re.Pattern[str]]] = []
    for row in _rows("wholes.csv"):
        pattern = re.compile(_filled(row["pattern"]))
        for of in row["of"].split():
            kind = row["name"].startswith("{of}")
            found.append((row["name"].replace("{of}", of), f"{of}.total" if kind else of, pattern))
    return tuple(found)


@cache
def evened() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return phrases that mean the same, written in many ways, and what stands for them."""
    return tuple((re.compile(_filled(row["pattern"])), row["as"]) for row in _rows("evened.csv"))


@cache
def smoothed() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return phrases of a whole text that mean the same, and what stands for them."""
    return tuple((re.compile(_filled(row["pattern"])), row["as"]) for row in _rows("smoothed.csv"))


@cache
def comparisons() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the ways to compare with last year: (kind, pattern)."""
    return tuple((row["kind"], re.compile(_filled(row["pattern"]))) for row in _rows("compare.csv"))


@cache
def topics() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return one pattern that finds any topic as a named group, and the prefix of each topic's names."""
    found = _rows("topics.csv")
    order = sorted(found, key=lambda row: row["topic"] not in {"direct", "after"})
    joined = "|".join(f"(?P<{row['topic']}>{row['pattern']})" for row in order)
    return re.compile(joined), {row["topic"]: row["prefix"] for row in found}


@cache
def scopes() -> re.Pattern[str]:
    """Return one pattern that finds words for the scope of a count as the named groups own and all."""
    return re.compile("|".join(f"(?P<{row['scope']}>{row['pattern']})" for row in _rows("scopes.csv")))


@cache
def units() -> dict[str, Unit]:
    """Return the units by their printed form."""
    return {
        row["unit"]: Unit(frozenset(row["groups"].split()), row["base"] or row["unit"])
        for row in _rows("units.csv")
    }


@cache
def names() -> dict[str, Name]:
    """Return the names that are no codes."""
    return {
        row["name"]: Name(
            row["title"], tuple(t for t in row["sum"].split(" + ") if t), tuple(row["zero_means"].split())
        )
        for row in _rows("names.csv")
    }


@cache
def aliases() -> dict[tuple[str, str], str]:
    """Return the code that an edition has for a name, where it is another one: (name, edition) to code."""
    return {(row["name"], row["edition"]): row["code"] for row in _rows("aliases.csv")}


@cache
def check_rules() -> tuple[dict[str, str], ...]:
    """Return the checks of text and structure with their rules, for the documentation."""
    return tuple(_rows("checks.csv"))


@cache
def codes_of(name: str, form: str) -> tuple[str, ...]:
    """Return the codes of an edition whose sum a name, or a sum such as `a + b`, stands for; empty for none.

    A `*` stands for one part of a code.
    """
    known = edition(form).cells
    terms = (name,) if name in known else names()[name].sum if name in names() else tuple(name.split(" + "))
    found: list[str] = []
    for term in terms:
        pattern = re.compile(re.escape(term).replace(r"\*", r"[^.]+"))
        codes = [code for code in known if pattern.fullmatch(code)]
        if not codes:
            return ()
        found += codes
    return tuple(found)


def amount_unit(name: str) -> tuple[str, Decimal]:
    """Return the unit in which an amount of a name is kept, and what one 元 is in it: cells of the form are in 万元."""
    return ("万元", Decimal("0.0001")) if name == "proactive.fees.amount" else ("元", Decimal(1))
