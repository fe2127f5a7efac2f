"""What people decided about cells: `corrections.csv`, a file that only ever grows, and what it makes of a report.

A decision is keyed by `report_id` (the content of the report's files) and the cell's code, so it outlives every new
run and every new reading. The last decision about a cell counts; one that is `undone` counts no more.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from pathlib import Path

from extract.checks import CheckResult, evaluate
from extract.derive import derive
from extract.errors import OutputError
from extract.form import Edition
from extract.numbers import in_wan, parse
from extract.review import mark
from extract.settings import Settings
from extract.values import Value

FILE = "corrections.csv"
ILLEGIBLE = "?"
"""What a person writes for a cell that nobody can read: it then has neither `value` nor `filled`."""
ACTIONS = ("confirmed", "corrected", "undone")
QUEUES = ("doubtful", "sample", "sample_pictures")
"""Where the cell came up: because it was doubtful, or drawn by chance from the cells that were not (all, pictures)."""

CONFIRMED, CORRECTED = "confirmed_by_person", "corrected_by_person"
"""What `review_reason` says of a cell that a person has decided."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of `corrections.csv`: who decided what about which cell, and when (ISO 8601 with its offset).

    `old` and `new` are figures as `figure` writes them: a number in the cell's unit, empty for a cell that prints
    none, `?` for one that cannot be read.
    """

    when: str
    who: str
    report_id: str
    code: str
    action: str
    old: str
    new: str
    reason: str
    queue: str

    @property
    def key(self) -> tuple[str, str]:
        """The cell it is about."""
        return self.report_id, self.code


@dataclass(frozen=True, slots=True)
class Unusable:
    """A line of the file (from 1) that cannot be used, and why."""

    line: int
    why: str


_COLUMNS = [field.name for field in fields(Decision)]
DESCRIBED = {
    "when": ("时间", "When it was decided, ISO 8601 with the offset from UTC"),
    "who": ("何人", "Who decided: `--who`, else the name of the user's account"),
    "report_id": ("报告编号", "Report, by its content"),
    "code": ("代码", "Code of the cell"),
    "action": (
        "动作",
        "confirmed (it is as it was read), corrected, or undone (the decision before is taken back)",
    ),
    "old": (
        "原读数",
        "Figure before any decision: a number, empty for a blank, ? where nothing could be said",
    ),
    "new": ("判定", "Figure that the page shows, written likewise; ? is a cell that nobody can read"),
    "reason": ("理由", "Why, in the person's words; may be empty"),
    "queue": ("来自", "doubtful, sample or sample_pictures: how the cell came up"),
}
"""What each column means, in Chinese and in English."""


def read_decisions(path: Path) -> tuple[list[Decision], list[Unusable]]:
    """Read all decisions, oldest first, and the lines that cannot be used. Raises OutputError."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace") if path.exists() else ""
    except OSError as error:
        raise OutputError(
            f"cannot read {path}: {error}; give yourself the right to, and run again"
        ) from error
    good: list[Decision] = []
    bad: list[Unusable] = []
    reader = csv.DictReader(text.splitlines(), restval="")
    for row in reader:
        decision = Decision(**{name: _plain(row.get(name) or "") for name in _COLUMNS})
        fault = _fault(decision)
        if fault:
            bad.append(Unusable(reader.line_num, fault))
        else:
            good.append(decision)
    return good, bad


def _fault(decision: Decision) -> str:
    if decision.action not in ACTIONS:
        return f"action {decision.action!r} is none of {', '.join(ACTIONS)}"
    if not (decision.report_id and decision.code):
        return "report_id or code is empty"
    if decision.action != "undone" and decision.new != ILLEGIBLE and parse(decision.new).kind == "unreadable":
        return f"new {decision.new!r} is no number"
    return ""


def append_decision(path: Path, decision: Decision) -> None:
    """Add a decision at the end of the file and see it to the disk; nothing that is there is ever changed.

    Raises OutputError.
    """
    try:
        new = not path.exists() or path.stat().st_size == 0
        with path.open("a", encoding="utf-8", newline="") as stream:
            if new:
                stream.write("\ufeff" + ",".join(_COLUMNS) + "\r\n")
            csv.DictWriter(stream, _COLUMNS).writerow(
                {name: _safe(text) for name, text in asdict(decision).items()}
            )
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error}; the decision was not kept, close the file elsewhere"
        ) from error


def _safe(text: str) -> str:
    """Return a text on one line that no spreadsheet would run; a signed number stays what it is."""
    line = " ".join(text.split())
    return f"'{line}" if line[:1] in "=+-@＝＋－＠" and line[:1] and parse(line).kind != "number" else line


def _plain(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@＝＋－＠" else text.strip()


def current(decisions: Iterable[Decision]) -> dict[tuple[str, str], Decision]:
    """Return the decision that counts for each cell; none where the last one undoes what was decided."""
    last = {decision.key: decision for decision in decisions}
    return {key: decision for key, decision in last.items() if decision.action != "undone"}


def figure(value: Decimal | None, filled: Decimal | None) -> str:
    """Write what a cell says, as decisions do: `24`, empty for a blank, `?` where nothing can be said."""
    number = filled if value is None and filled else value
    if number is not None:
        return f"{number.normalize():f}"
    return ILLEGIBLE if filled is None else ""


def figures(text: str, unit: str = "") -> tuple[Decimal | None, Decimal | None]:
    """Return `value` and `filled` of a figure that a person typed; an amount may say its own unit (`251000元`).

    Raises ValueError where it is no number.
    """
    if text.strip() in {ILLEGIBLE, "？"}:
        return None, None
    number = parse(text)
    if number.kind == "unreadable":
        raise ValueError(f"{text!r} is no number")
    if number.value is None:
        return None, Decimal(0)
    if number.unit and unit != "万元":
        raise ValueError(f"{text!r} states an amount of money, and this cell has none")
    value = in_wan(number.value, number.unit) if number.unit else number.value
    return value, value


def apply(
    read: Mapping[str, Value], edition: Edition | None, decisions: Mapping[str, Decision], settings: Settings
) -> tuple[dict[str, Value], tuple[CheckResult, ...]]:
    """Return the cells of a report as people decided, by code, and the form's sums evaluated again.

    Totals that the page leaves blank are derived anew, and what was doubtful only for a broken sum is so no more
    where the sum now holds. `raw` is never touched. Without decisions the cells come back as they were read.
    """
    values = dict(read)
    if decisions:
        values = {code: _reset(value) for code, value in values.items()}
        decided = dict(_decided(read, decisions))
        values |= decided
        if edition is not None:
            values = derive(values, edition.checks, settings)
            values |= dict(_confirmed_totals(values, decided, decisions))
            kept = {code: values[code] for code in decisions if code in values}
            values = mark(values, edition, evaluate(values, edition.checks, settings), settings)
            values |= {code: value for code, value in kept.items() if is_decided(value)}
    return values, evaluate(values, edition.checks, settings) if edition else ()


def is_decided(value: Value) -> bool:
    """True for a cell that a person has confirmed or corrected."""
    return value.review_reason in {CONFIRMED, CORRECTED}


_OF_SUMS = frozenset(
    {"sum_broken", "derived_from_doubtful", "total_blank_parts_unknown", "total_marked_none"}
)


def _reset(value: Value) -> Value:
    """Take back what was only concluded from other cells of the report."""
    if value.review_reason in _OF_SUMS:
        value = replace(value, review=False, review_reason="")
    return replace(value, filled=Decimal(0), status="blank") if _is_blank_total(value) else value


def _is_blank_total(value: Value) -> bool:
    return value.status == "derived" or (value.status == "blank" and value.filled is None)


def _decided(read: Mapping[str, Value], decisions: Mapping[str, Decision]) -> Iterator[tuple[str, Value]]:
    """Yield the cells that were decided, but for confirmed totals that have to be derived first."""
    for code, decision in decisions.items():
        value = read.get(code)
        if value is None:
            continue
        same = figure(value.value, value.filled) == decision.new
        if decision.action == "confirmed" and same:
            if not _is_blank_total(value):
                yield code, _by_person(value, CONFIRMED)
            continue
        number, filled = figures(decision.new, value.unit)
        changed = replace(value, value=number, filled=filled, status="corrected")
        yield code, _by_person(changed, CORRECTED)


def _confirmed_totals(
    values: Mapping[str, Value], decided: Mapping[str, Value], decisions: Mapping[str, Decision]
) -> Iterator[tuple[str, Value]]:
    """Yield derived totals that were confirmed and still are what was confirmed."""
    for code, decision in decisions.items():
        value = values.get(code)
        if value is not None and code not in decided and figure(value.value, value.filled) == decision.new:
            yield code, _by_person(value, CONFIRMED)


def _by_person(value: Value, reason: str) -> Value:
    """A cell that a person has looked at is certain, and no reading of the picture stands against it."""
    return replace(value, confidence=1.0, review=False, review_reason=reason, options=())
