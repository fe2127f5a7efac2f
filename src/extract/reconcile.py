"""The joint reading of all cells of a report that is most probable, given the pictures and the form's sums.

Every cell from a picture comes as readings with probabilities; every sum of the form ties several cells together. A
joint reading costs, in natural logarithms, what the picture says against each changed cell, and a price for each
sum that it leaves broken: the publisher would have to be wrong there (`_publisher_cost`). The search is best-first and
decides one broken sum at a time, so the first joint readings it finishes are the cheapest; it is exact for up to
`_DEEPEST` changes, which is what a table can bear before its sums say nothing. Message passing would have to approximate
here, because rows and columns cross and make short loops; integer programming would need a solver for what is mostly an
empty search, and would give the best reading without the probabilities of its rivals.

The rule between "misread" and "published so": a cell that is clear in the picture is never changed. Where the sums
speak against a clear cell, it stays as read and its confidence falls.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.form import Check
from extract.same_print import same_print
from extract.settings import Settings
from extract.sums import assessable, excess
from extract.told import REASON, told
from extract.values import Value

_WRONG_SUM = 5.0
"""Cost of one error of the publisher: about one published sum in 150 is wrong."""
_SAME_ERROR = 1.0
"""Cost of each further sum that is off by the same amount: one wrong figure breaks its row and its column."""
_DEEPEST = 12
_MOST_STATES = 3000
_MARGIN = 8.0
"""States that cost this much more than the best count for nothing: e**-8 is 0.0003."""
_COINCIDENCE = 0.05
"""Share of misread cells whose sum holds all the same."""
_TWIN = 0.25
"""What a sum counts for a cell whose only other figure in it is the same: about half of the misread ones hold all the same."""

Changes = tuple[tuple[str, int], ...]
"""Cells that are not read as their first option, in order: (code, position of the option)."""


@dataclass(frozen=True, slots=True)
class _State:
    """A joint reading: what is changed, what that costs in the pictures, and the differences of the broken sums.

    `given_up` are broken sums that stay as they are: the publisher's.
    """

    changes: Changes
    cost: float
    broken: tuple[tuple[int, Decimal], ...]
    given_up: frozenset[int] = frozenset()

    @property
    def open(self) -> list[int]:
        """The broken sums of which nothing is decided yet."""
        return [k for k, _ in self.broken if k not in self.given_up]

    @property
    def bound(self) -> float:
        """What this costs at least, whatever is decided of the open sums."""
        return self.cost + _publisher_cost(d for k, d in self.broken if k in self.given_up)

    @property
    def total(self) -> float:
        return self.cost + _publisher_cost(difference for _, difference in self.broken)


@dataclass(frozen=True, slots=True)
class _Move:
    """One cell read as another of its options: what that costs in the picture, and by how much it moves which sums."""

    change: tuple[str, int]
    cost: float
    steps: tuple[tuple[int, Decimal], ...]


def reconcile(values: dict[str, Value], checks: Sequence[Check], settings: Settings) -> dict[str, Value]:
    """Return the values of the most probable joint reading, with their probabilities given pictures and sums.

    A changed cell is `repaired`; native cells and cells clear in the picture are never changed. Cells without a
    readable option get the figure that their sums leave for them (`told`), and stay marked for review.
    """
    if all(value.native for value in values.values()):
        return values
    values = same_print(values, checks, settings)
    read = _joint(values, checks, settings)
    unread = told(read, checks)
    if not unread:
        return read
    whole = _joint(values | unread, checks, settings, unread)
    return whole | {c: replace(whole[c], review=True, review_reason=REASON) for c in unread}


def _joint(
    values: dict[str, Value], checks: Sequence[Check], settings: Settings, unread: Collection[str] = ()
) -> dict[str, Value]:
    """Return the values of the joint reading that is most probable; `unread` are cells that the sums have told."""
    sums = [check for check in checks if assessable(values, check)]
    states = _search(values, sums)
    weights = [math.exp(states[0].total - state.total) for state in states]
    best = next(s for s in states if all(_unclear(values[code], settings) for code, _ in s.changes))
    chosen = _apply(values, best)
    shares = _shares(states, weights)
    doubtful = {c for c, i in best.changes if shares[c][i] < settings.clear_threshold}
    holding = _holding(chosen, sums, best, doubtful | {*unread}, settings)
    return {
        code: value if value.native or not value.options else _weighed(value, shares.get(code), holding[code])
        for code, value in chosen.items()
    }


def _publisher_cost(differences: Iterable[Decimal]) -> float:
    counts: dict[Decimal, int] = defaultdict(int)
    for difference in differences:
        counts[abs(difference)] += 1
    return sum(_WRONG_SUM + _SAME_ERROR * (n - 1) for n in counts.values())


def _search(values: dict[str, Value], sums: Sequence[Check]) -> list[_State]:
    """Return the joint readings worth counting, best first; the first needs not be allowed.

    Each step decides one broken sum: it stays the publisher's, or one of its cells reads otherwise. Every joint reading
    can be reached so, and the cheapest unfinished one is always taken next.
    """
    moves = _moves(values, sums)
    broken = tuple((k, d) for k, check in enumerate(sums) if (d := excess(values, check)))
    as_read = _State((), 0.0, broken, frozenset(k for k, _ in broken))
    finished, best = [as_read], as_read.total
    queue = [(0.0, 0, _State((), 0.0, broken))]
    met: set[tuple[Changes, frozenset[int]]] = set()
    order = 0
    while queue and len(met) < _MOST_STATES:
        bound, _, state = heapq.heappop(queue)
        if bound > best + _MARGIN:
            break
        if (state.changes, state.given_up) in met:
            continue
        met.add((state.changes, state.given_up))
        if not state.open:
            finished.append(state)
            best = min(best, state.total)
            continue
        for following in _decided(state, moves):
            order += 1
            if following.bound <= best + _MARGIN:
                heapq.heappush(queue, (following.bound, order, following))
    worth = {s.changes: s for s in finished if s.total <= best + _MARGIN or not s.changes}
    return sorted(worth.values(), key=lambda state: (state.total, state.changes))


def _moves(values: dict[str, Value], sums: Sequence[Check]) -> list[list[_Move]]:
    """Return for each sum what may be read otherwise in it."""
    signs: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for k, check in enumerate(sums):
        for code in check.left:
            signs[code].append((k, 1))
        for code in check.right:
            signs[code].append((k, -1))
    found: list[list[_Move]] = [[] for _ in sums]
    for code, places in signs.items():
        value = values[code]
        for i, option in enumerate(value.options[1:], start=1):
            if option.filled is None or option.filled == value.filled:
                continue
            step = option.filled - (value.filled or Decimal(0))
            cost = math.log(value.options[0].probability / option.probability)
            move = _Move((code, i), cost, tuple((k, sign * step) for k, sign in places))
            for k, _ in places:
                found[k].append(move)
    return found


def _decided(state: _State, moves: Sequence[Sequence[_Move]]) -> Iterator[_State]:
    """Yield the states in which one more broken sum is decided, the one with the fewest ways to mend it."""
    k = min(state.open, key=lambda k: (len(moves[k]), k))
    yield replace(state, given_up=state.given_up | {k})
    changed = {code for code, _ in state.changes}
    if len(changed) >= _DEEPEST:
        return
    for move in moves[k]:
        if move.change[0] in changed:
            continue
        differences = dict(state.broken)
        for other, step in move.steps:
            differences[other] = differences.get(other, Decimal(0)) + step
        broken = tuple(sorted((k, d) for k, d in differences.items() if d))
        yield _State(
            tuple(sorted((*state.changes, move.change))), state.cost + move.cost, broken, state.given_up
        )


def _unclear(value: Value, settings: Settings) -> bool:
    return not value.native and value.options[0].probability < settings.clear_threshold


def _apply(values: dict[str, Value], state: _State) -> dict[str, Value]:
    """Return the values with the state's changes made. `raw` stays what was read first: it is the evidence."""
    result = dict(values)
    for code, index in state.changes:
        option = values[code].options[index]
        result[code] = replace(
            values[code], value=option.value, filled=option.filled, status="repaired",
            review=False, review_reason="repaired_by_sums", confidence=option.probability,
        )  # fmt: skip
    return result


def _shares(states: Sequence[_State], weights: Sequence[float]) -> dict[str, dict[int, float]]:
    """Return, for each cell that some state changes, the probability of each of its options over all states."""
    whole = sum(weights)
    touched = {code for state in states for code, _ in state.changes}
    shares: dict[str, dict[int, float]] = {code: defaultdict(float) for code in touched}
    for state, weight in zip(states, weights, strict=True):
        changes = dict(state.changes)
        for code in touched:
            shares[code][changes.get(code, 0)] += weight / whole
    return shares


def _holding(
    values: Mapping[str, Value],
    sums: Sequence[Check],
    best: _State,
    unproven: Collection[str],
    settings: Settings,
) -> dict[str, float]:
    """Count for each cell the sums that hold in the reading chosen.

    A sum that had to tell one of its cells, or holds by a repair in doubt, proves nothing. One of unclear twins proves little:
    where a total has but one part, both are one print, and what misreads the one misreads the other.
    """
    broken = {k for k, _ in best.broken}
    counts: dict[str, float] = defaultdict(float)
    for k, check in enumerate(sums):
        codes = (*check.left, *check.right)
        if k not in broken and not any(code in unproven for code in codes):
            figures = [code for code in codes if values[code].filled]
            twins = (
                figures if len(figures) == 2 and all(_unclear(values[c], settings) for c in figures) else ()
            )
            for code in codes:
                counts[code] += _TWIN if code in twins else 1.0
    return counts


def _weighed(value: Value, share: dict[int, float] | None, holding: float) -> Value:
    """Return a value with the probability of its `filled`, given how many sums it holds in and the rival readings."""
    same = sum(option.probability for option in value.options if option.filled == value.filled)
    against = max(1.0 - same, 0.0) * _COINCIDENCE**holding
    confidence = same / (same + against) if same > 0 else 0.0
    if share is not None:
        rival = sum(s for i, s in share.items() if value.options[i].filled != value.filled)
        confidence = min(confidence, 1.0 - rival)
    return replace(value, confidence=min(confidence, value.most))
