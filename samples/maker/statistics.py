"""Numbers of an invented statistics sheet of 2014 to 2018, and the sums that they obey until an error is planted."""

from __future__ import annotations

from random import Random

from .values import SCALES, Numbers, amount_of, around, spread

PARTS: dict[str, tuple[str, ...]] = {
    "requests.received": ("requests.received.in_person", "requests.received.fax", "requests.received.online",
                          "requests.received.letter"),
    "requests.concluded": ("requests.concluded.on_time", "requests.concluded.extended"),
    "requests.answered": tuple(f"requests.answered.{k}" for k in (
        "already_public", "granted", "partially_granted", "denied", "not_this_agency", "not_existing",
        "correction_asked", "other_channel")),
    "requests.answered.denied": tuple(f"requests.answered.denied.{k}" for k in (
        "state_secret", "trade_secret", "privacy", "three_securities_one_stability", "not_government_information",
        "other_legal")),
    "review.total": ("review.upheld", "review.corrected", "review.other"),
    "litigation.total": ("litigation.upheld", "litigation.corrected", "litigation.other"),
    "capacity.staff": ("capacity.staff.full_time", "capacity.staff.part_time"),
}  # fmt: skip
"""Totals and what they are the sums of, in the order in which a total of totals comes first."""

WITHIN = {
    "proactive.normative_documents_disclosed": "proactive.total",
    "response.press_conferences_by_leaders": "response.press_conferences",
    "response.online_interviews_by_leaders": "response.online_interviews",
}
"""Figures that are a part (其中) of another."""


def make_statistics(rng: Random, scale: str) -> Numbers:
    """Return a number for every indicator of the sheet; `scale` is a key of `SCALES`."""
    size = SCALES[scale]
    numbers: Numbers = {}
    _proactive(rng, size, numbers)
    received = around(rng, size)
    concluded = max(0, received - around(rng, size * 0.04))
    for total, amount, weights in (
        ("requests.received", received, (5, 1, 12, 6)),
        ("requests.concluded", concluded, (9, 1)),
        ("requests.answered", concluded, (4, 9, 2, 3, 2, 4, 1, 2)),
        ("review.total", around(rng, size * 0.06), (4, 1, 1)),
        ("litigation.total", around(rng, size * 0.03), (4, 1, 1)),
        ("capacity.staff", rng.randint(1, 3 + size // 20), (1, 3)),
    ):
        numbers[total] = amount
        numbers.update(zip(PARTS[total], spread(rng, amount, weights), strict=True))
    denied = int(numbers["requests.answered.denied"])
    numbers.update(
        zip(PARTS["requests.answered.denied"], spread(rng, denied, (1, 2, 2, 1, 3, 2)), strict=True)
    )
    numbers["complaints.total"] = around(rng, size * 0.01)
    numbers["fees.amount"] = amount_of(rng, size // 100)
    numbers["capacity.offices"] = rng.choice((0, 1, 1, 1, 1 + size // 60))
    numbers["capacity.reading_points"] = rng.choice((1, 1, 2, 1 + size // 40))
    numbers["capacity.budget"] = amount_of(rng, max(size // 20, 3))
    for code, most in (("meetings", 6), ("courses", 5), ("trainees", 160)):
        numbers[f"training.{code}"] = rng.randint(0, most)
    return numbers


def _proactive(rng: Random, size: int, numbers: Numbers) -> None:
    total = 40 + around(rng, size * 20)
    numbers["proactive.total"] = total
    numbers["proactive.normative_documents_disclosed"] = min(total, rng.randint(0, 3 + size // 50))
    numbers["proactive.normative_documents_issued"] = numbers[
        "proactive.normative_documents_disclosed"
    ] + rng.randint(0, 3)
    for channel, share in (
        ("gazette", 0.05),
        ("website", 0.9),
        ("weibo", 0.1),
        ("wechat", 0.2),
        ("other", 0.1),
    ):
        numbers[f"proactive.via.{channel}"] = min(total, around(rng, total * share * rng.random()))
    numbers["response.total"] = around(rng, size * 0.1)
    for whole, part in (("press_conferences", True), ("online_interviews", True), ("policy_explanations", False),
                        ("weibo_wechat", False), ("other", False)):  # fmt: skip
        number = rng.choice((0, rng.randint(0, 6), around(rng, size * 0.1)))
        numbers[f"response.{whole}"] = number
        if part:
            numbers[f"response.{whole}_by_leaders"] = rng.randint(0, number)


def plant_statistics_error(rng: Random, numbers: Numbers, kind: str) -> str:
    """Change one published number so that a sum is wrong, or with `within` a limit; return the code that was changed."""
    if kind == "within":
        part, whole = rng.choice(list(WITHIN.items()))
        numbers[part] = numbers[whole] + rng.choice((1, 3, 20))
        return part
    code = rng.choice(list(PARTS))
    numbers[code] += rng.choice((1, 2, 10))
    return code
