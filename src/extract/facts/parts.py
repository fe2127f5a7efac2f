"""Lists that add up: a total and what is listed under it, in brackets, after 其中, under its own label, or before 合计."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.facts.types import Fact, Parts

_AMONG = re.compile(r"(?:其中|包括|包含|分别为|分别是|分为|，含|^：)")
_RESULT = re.compile(r"^[^\n]{0,40}(?:结果|其中|分别)(?:为|是|有)[^，。；\n]{0,8}$")
"""A result told a sentence later is a list of what was counted before, where it adds up."""
_ENDS = re.compile(r"[。\n]|其中|[，、]?(?:另|此外|同时)")
_LABEL = re.compile(r"[、，；：（）。\n]|其中|共计?|合计|包括")
_UNDER = re.compile(r"(?:^|[。；\n])(?P<label>[^，。；、\n]{2,16}?)(?:中|方面|里|内)，")
_TOTAL = re.compile(r"(?:共计|合计|总计|总共|累计|两项|共)[^，。；]{0,12}$")
_REST = re.compile(r"^[、，；]*(?:其余|剩余|其他|其它)(?!处理|结果|方式)")
_OVERLAP = re.compile(r"网站|微信|微博|公众号|平台|渠道|新媒体|媒体|公报|栏|抖音|客户端")
"""Words of channels: the same item may be published through several, so that such parts need not add up."""
_FAR = 600
_PIECES = frozenset({"件", "条", "篇", "个", "项", "份", "则", "宗", "部"})


@dataclass(frozen=True, slots=True)
class _Item:
    """A count of a section: its fact, the text before it back to the count before, and the bracket it stands in."""

    fact: Fact
    gap: str
    bracket: int
    parent: int | None
    """Index of the count right before the bracket."""


def find_parts(facts: Sequence[Fact], text: str) -> tuple[Parts, ...]:
    """Return the lists among the facts of one section, whose text is given; each with two parts or more."""
    items = _items(facts, _even(text))
    found: list[Parts] = []
    for index in range(len(items)):
        for listed in (
            _bracketed(items, index),
            _after(items, index) or _plainly(items, index),
            _before(items, index),
        ):
            if listed is not None:
                found.append(listed)
    found += _under_labels(items, _even(text))
    unique = {(p.total.start, p.parts[0].start): p for p in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda p: (p.total.start, p.parts[0].start)))


def adds_up(parts: Parts) -> bool:
    """True where the parts make the total."""
    return sum((p.value or Decimal(0) for p in parts.parts), Decimal(0)) == parts.total.value


def overlapping(parts: Parts, text: str) -> bool:
    """True where the parts may count the same thing twice: what was published through several channels."""
    first, last = min(p.start for p in parts.parts), max(p.end for p in parts.parts)
    return bool(_OVERLAP.search(text[max(0, min(parts.total.start, first) - 20) : last]))


def with_parts(facts: Sequence[Fact], lists: Sequence[Parts]) -> tuple[Fact, ...]:
    """Return the facts of a section, each part with the place of its total where the list adds up."""
    totals = {p.start: parts.total.start for parts in lists if adds_up(parts) for p in parts.parts}
    return tuple(replace(f, part_of=totals[f.start]) if f.start in totals else f for f in facts)


def _even(text: str) -> str:
    """Full-width marks, the same length."""
    return text.translate(str.maketrans("(),;:", "（），；："))


def _items(facts: Sequence[Fact], text: str) -> list[_Item]:
    """Return the counts of a section in order, with the brackets that they stand in."""
    counts = [
        f
        for f in facts
        if f.value is not None and f.bound in {"exact", "at_least", "about"} and f.unit != "%"
    ]
    counts = [f for f in counts if not f.name.startswith(("change", "last_year"))]
    items: list[_Item] = []
    stack: list[tuple[int, int | None]] = []
    place, brackets = 0, 0
    for index, fact in enumerate({f.start: f for f in counts}.values()):
        gap = text[place : fact.start]
        for at, character in enumerate(gap):
            if character == "（":
                brackets += 1
                directly = index > 0 and not gap[:at].strip()
                stack.append((brackets, index - 1 if directly else None))
            elif character == "）" and stack:
                stack.pop()
            elif character == "\n":
                stack.clear()
        items.append(_Item(fact, gap, *(stack[-1] if stack else (0, None))))
        place = fact.end
    return items


def _bracketed(items: list[_Item], index: int) -> Parts | None:
    """`4条（…2条、…1条、…1条）`."""
    inside = [item for item in items[index + 1 :] if item.parent == index]
    return _list(items[index].fact, inside)


def _after(items: list[_Item], index: int) -> Parts | None:
    """`共90条，其中…21条、…69条`: what stands in further brackets is left out."""
    total = items[index]
    level = [item for item in items[index + 1 :] if item.bracket == total.bracket]
    if not level or not (_AMONG.search(_tail(level[0].gap)) or _RESULT.search(level[0].gap)):
        return None
    taken, sure = [level[0]], 0
    for k, item in enumerate(level[1:40], 1):
        opens_own = k + 1 < len(level) and "其中" in level[k + 1].gap
        if "\n" in item.gap or _ENDS.search(item.gap) or (opens_own and not sure):
            break
        sure = sure or (len(taken) if "；" in item.gap else 0)
        taken.append(item)
        if _sum(total.fact, taken) == total.fact.value:
            return _list(total.fact, taken)
    return _list(total.fact, taken[: sure or len(taken)]) if _AMONG.search(_tail(level[0].gap)) else None


def _plainly(items: list[_Item], index: int) -> Parts | None:
    """`共82条，机构信息3条，规划2条，其他77条`: three parts or more that follow without a word, told only where they add up."""
    total = items[index]
    taken: list[_Item] = []
    for item in items[index + 1 : index + 25]:
        if item.bracket != total.bracket or "。" in item.gap or "\n" in item.gap:
            break
        taken.append(item)
        if len(taken) > 2 and _sum(total.fact, taken) == total.fact.value != 0:
            return _list(total.fact, taken)
    return None


def _tail(gap: str) -> str:
    """The text between two counts from the last sentence end on, but for a full stop right before 其中."""
    return re.sub(r"^[^。\n]*。(?=其中|包括)", "", gap) if not re.search(r"。.*。|\n", gap) else ""


def _before(items: list[_Item], index: int) -> Parts | None:
    """`…3条、…4条，合计7条`: told only where it adds up."""
    total = items[index]
    if not _TOTAL.search(total.gap) or "。" in total.gap:
        return None
    taken: list[_Item] = []
    for item in reversed(items[max(0, index - 20) : index]):
        if item.bracket != total.bracket or item.fact.unit != total.fact.unit:
            break
        taken.insert(0, item)
        if len(taken) > 1 and _sum(total.fact, taken) == total.fact.value:
            return _list(total.fact, taken)
        if "。" in item.gap or "\n" in item.gap:
            break
    return None


def _under_labels(items: list[_Item], text: str) -> Iterator[Parts]:
    """`专题信息21条 … 。专题信息中，…2条，…9条`: a sentence about a total named before."""
    for match in _UNDER.finditer(text):
        end = next((m.start() for m in re.finditer(r"[。\n]", text[match.end() :])), len(text) - match.end())
        inside = [item for item in items if match.end() <= item.fact.start < match.end() + end]
        before = [i for i in items if match.start() - _FAR <= i.fact.start < match.start()]
        totals = [i for i in before if _named(i) == match["label"]]
        totals = totals or [i for i in before if len(inside) > 2 and _sum(i.fact, inside) == i.fact.value]
        if totals and inside:
            outer = [item for item in inside if item.bracket == inside[0].bracket]
            listed = _list(totals[-1].fact, outer)
            if listed is not None:
                yield listed


def _named(item: _Item) -> str:
    """What a count is called: the text right before it."""
    return _LABEL.split(item.gap)[-1].strip()


def _alike(total: Fact, items: Sequence[_Item]) -> list[_Item]:
    """Return the items in the total's unit, or all where only so they add up: documents are counted in 件 and in 条."""
    same = [item for item in items if item.fact.unit == total.unit]
    mixed = [
        item for item in items if {item.fact.unit, total.unit} <= _PIECES or item.fact.unit == total.unit
    ]
    whole = sum((i.fact.value or Decimal(0) for i in mixed), Decimal(0))
    return mixed if whole == total.value else same


def _sum(total: Fact, items: Sequence[_Item]) -> Decimal:
    return sum((i.fact.value or Decimal(0) for i in _alike(total, items)), Decimal(0))


def _list(total: Fact, items: Sequence[_Item]) -> Parts | None:
    same = _alike(total, items)
    if len(same) < 2 or not any(item.fact.value for item in same) or total.value is None:
        return None
    return Parts(total, tuple(i.fact for i in same), bool(_REST.match(same[-1].gap)))
