"""Running text that states the numbers of a report, from a bank of phrasings, with what it states as truth.

`statements.csv` has parts: `tune`, for making rules, and others that were written to be measured unseen. In a statement `{new}`
prints a number, `{new:0}` prints nothing and states that the number is 0, `{share_nat}` prints what share in percent that
number is of the new applications or of the concluded ones; what is not in `SLOTS` is chatter.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from random import Random

from .report import Report
from .words import ordinal

_REQUESTS = {
    "new": "new", "in": "carried_in", "done": "results_total", "out": "carried_out", "granted": "granted",
    "part": "partially_granted", "third": "denied.third_party_rights", "internal": "denied.internal_affairs",
    "process": "denied.process_information", "query": "denied.administrative_query", "notheld": "unable.not_held",
    "create": "unable.needs_creation", "unclear": "unable.unclear_after_correction",
    "repeat": "not_processed.repeated", "petition": "not_processed.petition_complaint",
}  # fmt: skip
SLOTS = {
    **{slot: f"requests.{row}.total" for slot, row in _REQUESTS.items()},
    "handled": "requests.handled", "denied": "requests.denied.total", "unable": "requests.unable.total",
    "notproc": "requests.not_processed.total", "other": "requests.other.total",
    "nat": "requests.new.natural_person", "org": "requests.new.organisations",
    "rev": "review.total", "rev_up": "review.upheld", "rev_co": "review.corrected", "rev_ot": "review.other",
    "rev_pe": "review.pending", "lit": "litigation.total", "lit_up": "litigation.upheld",
    "lit_co": "litigation.corrected", "lit_ot": "litigation.other", "lit_pe": "litigation.pending",
    "dir": "litigation_direct.total", "aft": "litigation_after_review.total", "dis": "disputes.total",
    "nd_i": "proactive.normative_documents.issued", "nd_r": "proactive.normative_documents.repealed",
    "nd_f": "proactive.normative_documents.in_force", "rg_i": "proactive.regulations.issued",
    "rg_f": "proactive.regulations.in_force", "lic": "proactive.licensing.decisions",
    "pen": "proactive.penalties.decisions", "coe": "proactive.coercion.decisions", "fee": "proactive.fees.amount",
}  # fmt: skip
"""What a slot prints: a code of the form, or the name of a sum of codes."""
PLAIN = {
    "published": "proactive.published_items", "fees": "fees.collected", "npc": "proposals.npc",
    "cppcc": "proposals.cppcc", "prop": "proposals.handled",
}  # fmt: skip
_SUMS = {
    "requests.handled": ("requests.new.total", "requests.carried_in.total"),
    "litigation": ("litigation_direct", "litigation_after_review"),
    "disputes.total": ("review.total", "litigation_direct.total", "litigation_after_review.total"),
}
_SLOT = re.compile(r"\{(\w+)(:0)?\}")
_SHARE = "share_"
_HAN = "零一二三四五六七八九"


@dataclass(frozen=True)
class Stated:
    """A number that the text states: section, name (a code or a sum's name), and value."""

    section: int
    name: str
    value: Decimal


@dataclass
class Told:
    """What the text of a report states, and the names whose numbers in the text are not those of the tables."""

    facts: list[Stated] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)


@cache
def statements(part: str) -> tuple[tuple[str, str], ...]:
    """Return the phrasings of a part, such as `tune` or `held`: (place, text)."""
    path = Path(__file__).with_name("statements.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple((r["place"], r["text"]) for r in csv.DictReader(file) if r["part"] == part)


def tell(report: Report, part: str, rng: Random, *, contradict: bool = False) -> Told:
    """Replace the text of sections 1 and 6 by statements of a part; with `contradict` one number is told wrong."""
    teller = _Teller(report, rng)
    chosen = teller.choose(statements(part))
    wrong = teller.pick_wrong(chosen) if contradict else None
    told = Told()
    paragraphs: dict[str, list[str]] = {}
    for index, (place, text) in enumerate(chosen):
        section = 6 if place == "other" else 1
        said = teller.say(text, section, told, wrong[1] if wrong and wrong[0] == index else "")
        paragraphs.setdefault({"results": "requests", "review": "requests"}.get(place, place), []).append(
            said
        )
    sections = report.words.sections
    style = "{d}." if sections[0].ordinal.startswith(("（", "㈠")) else "（{c}）"
    topics = (("主动公开情况。", "proactive"), ("依申请公开情况。", "requests"), ("监督保障情况。", "noise"))
    sections[0].before = [
        ordinal(style, i) + label + "".join(paragraphs.get(key, []))
        for i, (label, key) in enumerate(topics, 1)
    ]
    sections[5].before = paragraphs.get("other", ["无。"])
    return told


class _Teller:
    def __init__(self, report: Report, rng: Random) -> None:
        self._rng, self._edition = rng, report.edition
        self._cells = {code: Decimal(t.filled) for code, t in report.cells.items() if t.filled != ""}
        self._agency, self._year = report.words.agency, report.words.year
        self._ours = rng.choice(
            ("我局" if report.words.agency.endswith("局") else "本机关", "本机关", self._agency)
        )

    def value(self, slot: str) -> Decimal | None:
        """Return the number of a slot by the tables, None where the edition or the page has none."""
        name = SLOTS[slot]
        if name in self._cells:
            return self._cells[name]
        if name in _SUMS:
            codes: Iterable[str] = _SUMS[name]
        elif name.startswith("litigation."):
            codes = [f"{block}.{name.partition('.')[2]}" for block in _SUMS["litigation"]]
        elif name == "requests.new.organisations":
            columns = ("business", "research", "nonprofit", "legal_service", "other_org")
            codes = [f"requests.new.{column}" for column in columns]
        else:
            group = name.removesuffix(".total") + "."
            codes = [c for c in self._cells if c.startswith(group) and c.endswith(".total")]
        found = [self._cells.get(code) for code in codes]
        return sum(found, Decimal(0)) if found and None not in found else None  # type: ignore[arg-type]

    def choose(self, bank: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """Draw statements for every place that can be said of this report."""
        usable: dict[str, list[str]] = {}
        for place, text in bank:
            if self._sayable(text):
                usable.setdefault(place, []).append(text)
        chosen = []
        for place, chance in (
            ("proactive", 1.0),
            ("requests", 1.0),
            ("results", 0.6),
            ("review", 0.7),
            ("noise", 1.0),
            ("other", 1.0),
        ):
            if place in usable and self._rng.random() < chance:
                count = 2 if place in {"noise", "proactive"} else 1
                chosen += [
                    (place, t) for t in self._rng.sample(usable[place], min(count, len(usable[place])))
                ]
        return self._without_twice(chosen)

    def _without_twice(self, chosen: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Leave out a statement that tells again what another one tells."""
        kept, seen = [], set()
        for place, text in chosen:
            slots = {s for s, _ in _SLOT.findall(text) if s in SLOTS or s in PLAIN}
            if not slots & seen:
                kept.append((place, text))
                seen |= slots
        return kept

    def _sayable(self, text: str) -> bool:
        found = _SLOT.findall(text)
        shares = [self._share(slot.removeprefix(_SHARE)) for slot, _ in found if slot.startswith(_SHARE)]
        return None not in shares and all(self._can(s, zero=bool(zero)) for s, zero in found if s in SLOTS)

    def _share(self, slot: str) -> Decimal | None:
        """Return the share in percent that the number of a slot is of the whole of its kind, None without a whole."""
        part, whole = self.value(slot), self.value("new" if slot in {"nat", "org"} else "done")
        return None if part is None or not whole or part > whole else 100 * part / whole

    def _percent(self, slot: str, told: Told, wrong: str) -> str:
        """Print a share with none to two decimals, rounded or cut; a wrong one is none of the whole's."""
        share = self._share(slot.removeprefix(_SHARE)) or Decimal(0)
        if slot == wrong:
            share = (share + self._rng.randint(31, 69)) % 100 + Decimal("0.37")
            told.planted.append(f"share.{SLOTS[slot.removeprefix(_SHARE)]}")
        step = Decimal(1).scaleb(-self._rng.choice((0, 1, 1, 2, 2)))
        return f"{share.quantize(step, self._rng.choice((ROUND_HALF_UP, ROUND_DOWN)))}"

    def _can(self, slot: str, *, zero: bool) -> bool:
        value = self.value(slot)
        return value is not None and (value == 0 or not zero)

    def pick_wrong(self, chosen: list[tuple[str, str]]) -> tuple[int, str] | None:
        """Choose the statement and slot to be told wrong."""
        possible = [
            (i, s)
            for i, (_, t) in enumerate(chosen)
            for s, zero in _SLOT.findall(t)
            if (s in SLOTS or s.startswith(_SHARE)) and not zero
        ]
        return self._rng.choice(possible) if possible else None

    def say(self, text: str, section: int, told: Told, wrong: str) -> str:
        """Print a statement and note what it states."""
        chatter: dict[str, str] = {}

        def put(match: re.Match[str]) -> str:
            slot, zero = match.groups()
            if slot in SLOTS:
                value = self.value(slot) or Decimal(0)
                if slot == wrong and not zero:
                    value = self._falsified(value)
                    told.planted.append(SLOTS[slot])
                told.facts.append(Stated(section, SLOTS[slot], value))
                return "" if zero else self._printed(value)
            if slot in PLAIN:
                value = Decimal(
                    0 if zero else self._rng.randint(1, 40) * (10 if slot in {"published", "fees"} else 1)
                )
                told.facts.append(Stated(section, PLAIN[slot], value))
                return "" if zero else str(value)
            if slot.startswith(_SHARE):
                return self._percent(slot, told, wrong)
            return chatter.setdefault(slot, self._chatter(slot))

        return _SLOT.sub(put, text)

    def _falsified(self, value: Decimal) -> Decimal:
        ways = [value + self._rng.randint(1, 9), value * 10 + self._rng.randint(1, 9)]
        if value > 1:
            ways += [value - self._rng.randint(1, min(9, int(value)))]
        return self._rng.choice(ways)

    def _printed(self, value: Decimal) -> str:
        style, plain = self._rng.random(), f"{value.normalize():f}"
        if value != int(value):
            return plain
        if style < 0.05:
            return f" {plain} "
        if style < 0.08:
            return plain.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        if style < 0.14:
            return f"{int(value):,}"
        if style < 0.18 and value < 100:
            return _in_words(int(value))
        return plain

    def _chatter(self, slot: str) -> str:
        fixed = {
            "y": self._year,
            "pre": self._year - 1,
            "next": self._year + 1,
            "w": self._ours,
            "a": self._agency,
        }
        ranges = {"k": (2, 9), "m": (2, 40), "pc": (5, 99), "n3": (9000, 900_000)}
        low, high = ranges.get(slot, (11, 2000))
        return str(fixed.get(slot) or self._rng.randint(low, high))


def _in_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _HAN[tens] + "十"
    return head + (_HAN[ones] if ones or not tens else "")
