"""Numbers of an invented report: they obey every sum of the form until an error is planted."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

FORMS = Path(__file__).resolve().parents[2] / "src" / "extract" / "form"
COLUMNS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org")
RESULTS_2021 = (
    "granted",
    "partially_granted",
    "denied.state_secret",
    "denied.prohibited_by_law",
    "denied.three_securities_one_stability",
    "denied.third_party_rights",
    "denied.internal_affairs",
    "denied.process_information",
    "denied.enforcement_files",
    "denied.administrative_query",
    "unable.not_held",
    "unable.needs_creation",
    "unable.unclear_after_correction",
    "not_processed.petition_complaint",
    "not_processed.repeated",
    "not_processed.publications",
    "not_processed.excessive",
    "not_processed.confirm_or_reissue",
    "other.no_correction_in_time",
    "other.fee_unpaid_in_time",
    "other.other",
)
RESULTS = {"2021": RESULTS_2021, "2019": (*RESULTS_2021[:18], "other")}
BLOCKS = ("review", "litigation_direct", "litigation_after_review")
OUTCOMES = ("upheld", "corrected", "other", "pending")
SCALES = {"none": 0, "tiny": 3, "small": 30, "medium": 400, "large": 6000}
_COLUMN_SHARES = (0.82, 0.09, 0.01, 0.02, 0.05, 0.01)
_ROW_WEIGHTS = (12, 4, 1, 1, 1, 1, 2, 2, 1, 3, 8, 2, 1, 2, 2, 1, 1, 1, 2, 1, 2)

Numbers = dict[str, float]


def codes(edition: str) -> list[dict[str, str]]:
    """Return the rows of the edition's form file: code, table, labels, unit and type."""
    with (FORMS / f"{edition}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rows(edition: str) -> tuple[str, ...]:
    """Return the row codes of the requests table from top to bottom."""
    return ("new", "carried_in", *RESULTS[edition], "results_total", "carried_out")


def make_numbers(rng: Random, edition: str, scale: str) -> Numbers:
    """Return a number for every code of the form; `scale` is a key of `SCALES`."""
    numbers: Numbers = {}
    size = SCALES[scale]
    _requests(rng, edition, size, numbers)
    _reviews(rng, size, numbers)
    (_proactive_2021 if edition == "2021" else _proactive_2019)(rng, size, numbers)
    missing = [c["code"] for c in codes(edition) if c["code"] not in numbers]
    if missing:
        raise ValueError(f"no number made for {missing}")
    return numbers


def _requests(rng: Random, edition: str, size: int, numbers: Numbers) -> None:
    results = RESULTS[edition]
    for column, share in zip(COLUMNS, _COLUMN_SHARES, strict=True):
        new = around(rng, size * share)
        carried_in = around(rng, size * share * 0.05)
        carried_out = min(around(rng, size * share * 0.06), new + carried_in)
        done = spread(rng, new + carried_in - carried_out, _ROW_WEIGHTS[: len(results)])
        amounts = (new, carried_in, *done, sum(done), carried_out)
        for row, amount in zip(rows(edition), amounts, strict=True):
            numbers[f"requests.{row}.{column}"] = amount
    for row in rows(edition):
        numbers[f"requests.{row}.total"] = sum(numbers[f"requests.{row}.{c}"] for c in COLUMNS)


def around(rng: Random, mean: float) -> int:
    """A whole number near `mean`, often 0 where the mean is small."""
    if mean < 1:
        return int(rng.random() < mean) * rng.choice((1, 1, 1, 2))
    return max(0, round(rng.gauss(mean, mean * 0.4)))


def spread(rng: Random, total: int, weights: tuple[int, ...]) -> list[int]:
    """Parts with the given sum; some rows get nothing at all, as in real reports."""
    alive = [w if rng.random() < 0.75 else 0 for w in weights]
    alive[0] = alive[0] or weights[0]
    parts = [int(total * w / sum(alive)) for w in alive]
    rest = total - sum(parts)
    for index in rng.choices(range(len(parts)), weights=alive, k=rest):
        parts[index] += 1
    return parts


def _reviews(rng: Random, size: int, numbers: Numbers) -> None:
    for block, share in zip(BLOCKS, (0.1, 0.02, 0.01), strict=True):
        parts = spread(rng, around(rng, size * share), (4, 2, 3, 2))
        for outcome, part in zip(OUTCOMES, parts, strict=True):
            numbers[f"{block}.{outcome}"] = part
        numbers[f"{block}.total"] = sum(parts)


def _proactive_2021(rng: Random, size: int, numbers: Numbers) -> None:
    for kind, most in (("regulations", size // 1500), ("normative_documents", 3 + size // 50)):
        issued, repealed = rng.randint(0, most), rng.randint(0, most)
        numbers[f"proactive.{kind}.issued"] = issued
        numbers[f"proactive.{kind}.repealed"] = repealed
        numbers[f"proactive.{kind}.in_force"] = (issued + rng.randint(0, most * 6)) if most else 0
    for kind, factor in (("licensing", 120), ("penalties", 40), ("coercion", 8)):
        numbers[f"proactive.{kind}.decisions"] = around(rng, size * factor * rng.random())
    numbers["proactive.fees.amount"] = amount_of(rng, size)


def _proactive_2019(rng: Random, size: int, numbers: Numbers) -> None:
    for kind, most in (("regulations", size // 1500), ("normative_documents", 3 + size // 50)):
        made = rng.randint(0, most)
        numbers[f"proactive.{kind}.made"] = made
        numbers[f"proactive.{kind}.disclosed"] = made
        numbers[f"proactive.{kind}.total_disclosed"] = made + rng.randint(0, most * 6)
    for kind in ("licensing", "other_services", "penalties", "coercion"):
        _items(rng, kind, numbers)
        numbers[f"proactive.{kind}.decisions"] = around(rng, size * 30 * rng.random())
    _items(rng, "fees", numbers)
    items = rng.choice((0, 0, rng.randint(1, 9), rng.randint(10, 80)))
    numbers["proactive.procurement.items"] = items
    numbers["proactive.procurement.amount"] = amount_of(rng, 400) if items else 0


def _items(rng: Random, kind: str, numbers: Numbers) -> None:
    last_year = rng.choice((0, rng.randint(1, 20), rng.randint(20, 400)))
    change = rng.choice((0, 0, 0, rng.randint(1, 25), -min(last_year, rng.randint(1, 12))))
    numbers[f"proactive.{kind}.items_last_year"] = last_year
    numbers[f"proactive.{kind}.items_change"] = change


def amount_of(rng: Random, size: int) -> float:
    """An amount in 万元 with up to six decimals."""
    if size == 0 or rng.random() < 0.3:
        return 0
    return round(rng.random() * size * 2, rng.choice((0, 1, 1, 2, 2, 3, 4, 6)))


def plant_error(rng: Random, edition: str, numbers: Numbers, kind: str) -> str:
    """Change one published number so that a sum is wrong; return the code that was changed.

    `kind`: `off` (a total wrong by 1, 2 or 10), `swap` (two digits exchanged, else as `off`),
    `shift` (a value in its right-hand neighbour's column), `review` (a wrong total of the review table).
    """
    if kind == "review":
        code = f"{rng.choice(BLOCKS)}.total"
        numbers[code] += rng.choice((1, 2, 10))
        return code
    if kind == "shift":
        live = [r for r in rows(edition) if numbers[f"requests.{r}.natural_person"]]
        row = rng.choice(live or ["new"])
        left, right = f"requests.{row}.natural_person", f"requests.{row}.business"
        numbers[left], numbers[right] = numbers[right], numbers[left] or 1
        return left
    totals = [f"requests.{r}.total" for r in rows(edition)]
    if kind == "swap":
        swappable = [c for c in totals if _swapped(numbers[c]) != numbers[c]]
        if swappable:
            code = rng.choice(swappable)
            numbers[code] = _swapped(numbers[code])
            return code
    code = rng.choice([c for c in totals if numbers[c]] or totals)
    numbers[code] += rng.choice((1, 2, 10))
    return code


def _swapped(number: float) -> float:
    digits = str(int(number))
    return int(digits[:-2] + digits[-1] + digits[-2]) if len(digits) > 1 and digits[-2:] > "09" else number
