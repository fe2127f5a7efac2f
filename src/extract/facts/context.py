"""What stands around a number: its clause, what follows, the topic spoken of, and whose count it is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.facts.about import About, topic_in
from extract.facts.data import evened
from extract.facts.text import Sentence
from extract.facts.types import Quantity

_YEARS = "上年", "本年", "下年"
_FAR = 60
"""Characters before a number that may name it."""
_REST = 50
"""Characters after a number that may name it."""
_CUT = re.compile(r"[，；：、。）]")
_LOCAL = re.compile(r"[，；：。、（）\n]")
_EMPTY = re.compile(r"[、，只仅共计合总为数量其中累有全年均已达约近超过的是到至今当底]*")
"""A clause that only leads to the number: what it is about stands in the clause before."""
YEAR = re.compile(r"(?<!\d)(20\d\d)年(?!\d{1,2}月)")
_SHARED = re.compile(
    r"(?P<before>.*?)(?P<items>[^，；。]*)(?:数量|数|件数|案件)?(?P<way>分别|各|均|都)(?:为|是|有|计)?$"
)
_STAGE = re.compile(r"收到|受理|新收|结转|办结|答复|(?:公开|提供|处理|行政许可|行政处罚|行政强制)$")
"""Items that each have a cell of their own."""
_NEXT = re.compile(r"n|和|(?<!涉)及")
"""Where what is said after a number is of the next one."""
_OTHER = re.compile(r"(?:和|及|与)(?=[^，。；]{0,6}(?:复议|诉讼))")
"""Where a number ends and the next kind of dispute begins."""
_JOINT = re.compile(r"[、和及与]|以及")


@dataclass(frozen=True, slots=True)
class Context:
    """A quantity in its surroundings.

    `clause` leads to the number (`N`), `rest` follows it, with further numbers as `n`; `local` is the clause, `N`, and what
    follows up to the next mark. `topics` are what it may be about, `scope` whose count it is, `year` the one that the clause
    names.
    """

    quantity: Quantity
    sentence: Sentence
    clause: str
    rest: str
    local: str
    topics: tuple[str, ...]
    scope: str
    year: int | None

    @property
    def joint(self) -> str:
        """The clause, the number and what follows."""
        return f"{self.clause}N{self.rest}"


def contexts(
    text: str,
    parts: Sequence[Sentence],
    quantities: Sequence[Quantity],
    about: About,
    year: int | None = None,
) -> Iterator[Context]:
    """Yield each quantity of a plain text with its surroundings, in order; `A、B各1件` is yielded for A and for B.

    The year reported on and those beside it are written 上年, 本年, 下年 in them: `结转到2025年` in a report on 2024.
    Phrases of `evened.csv` are replaced.
    """
    starts = [s.start for s in parts]
    by_sentence: dict[int, list[Quantity]] = {}
    for quantity in quantities:
        by_sentence.setdefault(bisect_right(starts, quantity.start) - 1, []).append(quantity)
    for index, group in by_sentence.items():
        if index >= 0:
            found = [_context(text, parts[index], group, i, about) for i in range(len(group))]
            for context in _distributed(found):
                yield from _each(_evened(context, year))


def _evened(context: Context, year: int | None) -> Context:
    clause, rest, local = context.clause, context.rest, context.local
    for pattern, new in evened():
        clause, rest, local = (pattern.sub(new, t) for t in (clause, rest, local))
    for away, word in enumerate(_YEARS, -1) if year is not None else ():
        clause, rest, local = (t.replace(f"{(year or 0) + away}年", word) for t in (clause, rest, local))
    return replace(context, clause=clause, rest=rest, local=local)


def _context(text: str, sentence: Sentence, group: list[Quantity], i: int, about: About) -> Context:
    quantity = group[i]
    first = _leading(text, group, i)
    begin = max(group[first - 1].end if first else sentence.start, quantity.start - _FAR)
    near = text[begin : group[first].start]
    clause = _clause(near if first == i else near.rstrip("占比例为达到了近约"), after_number=first > 0)
    rest = _rest(text, sentence, group, i)
    after = _OTHER.split(_LOCAL.split(rest, maxsplit=1)[0], maxsplit=1)[0]
    end = quantity.end + len(_NEXT.split(after, maxsplit=1)[0])
    return Context(
        quantity, sentence, clause, rest, f"{clause}N{after}", about.topics(sentence, end),
        about.scope(sentence, quantity.start), years[-1] if (years := [int(y) for y in YEAR.findall(clause)]) else None,
    )  # fmt: skip


def _leading(text: str, group: list[Quantity], i: int) -> int:
    """Return the number whose clause leads to this one.

    In `予以公开占43%，共88件` that of the percentage, in `信息处理费1件380元` that of the other number.
    """
    if not i:
        return 0
    gap = text[group[i - 1].end : group[i].start]
    share = group[i - 1].unit == "%" and _EMPTY.fullmatch(gap.lstrip("，（"))
    return i - 1 if share or not gap else i


def _clause(near: str, *, after_number: bool) -> str:
    """Return the clause that leads to a number; what follows the number before it belongs to that one."""
    if after_number:
        mark = _CUT.search(near)
        joined = re.match(r"[^，；：、。）]{0,12}?(?:和|及|以及|与|并)", near)
        near = near[joined.end() :] if joined else near[mark.start() :] if mark else near
    pieces = re.split(r"[，；]", near)
    clause = pieces.pop()
    while pieces and _EMPTY.fullmatch(clause):
        clause = f"{pieces.pop()}，{clause}"
    opened = clause.rfind("（")
    if opened > clause.rfind("）"):
        clause = clause[opened + 1 :]
    return clause.lstrip("、）。：，")


def _each(context: Context) -> Iterator[Context]:
    """Yield a number of several items (`行政复议和行政诉讼各1件`, `收到、办结均为0件`) once for each."""
    shared = _SHARED.match(context.clause)
    items = [i for i in _JOINT.split(shared["items"]) if i] if shared and shared["way"] != "分别" else []
    own = [topic_in(item) for item in items]
    if (
        shared is None
        or len(items) < 2
        or not _apart(shared["way"], items, own, none=not context.quantity.value)
    ):
        yield context
        return
    for item, topic in zip(items, own, strict=True):
        yield replace(
            context, clause=item, rest="", local=f"{item}N", topics=(topic,) if topic else context.topics
        )


def _apart(way: str, items: Sequence[str], own: Sequence[str], *, none: bool) -> bool:
    """Tell whether a number is of each item by itself rather than of all together; none of all is none of each."""
    return (none and not any(own)) or (way == "各" and all(own)) or all(_STAGE.search(item) for item in items)


def _rest(text: str, sentence: Sentence, group: list[Quantity], i: int) -> str:
    pieces, place = [], group[i].end
    stop = min(sentence.end, place + _REST)
    for other in group[i + 1 :]:
        if other.start >= stop:
            break
        pieces += [text[place : other.start], "n"]
        place = other.end
    return "".join([*pieces, text[place:stop]]).rstrip("\n")


def _distributed(group: list[Context]) -> list[Context]:
    """Give each number of `A、B分别为1件、2件` its own item; `A、B各1件` and `A、B均为0件` stay with both."""
    result = list(group)
    for i, first in enumerate(group):
        shared = _SHARED.match(first.clause)
        if shared is None or shared["way"] != "分别":
            continue
        items = [item for item in _JOINT.split(shared["items"]) if item]
        if 2 <= len(items) <= len(group) - i:
            for k, item in enumerate(items):
                own = topic_in(item)
                topics_of = (own,) if own else first.topics
                result[i + k] = replace(
                    group[i + k], clause=item, local=f"{item}N", topics=topics_of, scope=first.scope
                )
    return result
