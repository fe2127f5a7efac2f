"""Words that say that there is none (未收到, 没有发生): which rule of `zeros.csv` holds in which clause of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.facts.data import Zero, word, zeros

_MARKS = re.compile(r"([，；。\n])")
_SHORTEST = 3
_OBJECT = re.compile(
    r"(?:复议|诉讼|应诉|申请|案件|情况|情形|事项|公开|件|许可|处罚|强制|收费|规章|文件|信息|现象|的|方面)$"
)
"""How a clause ends whose verb is that of the next: `因公开引起的行政复议，全年没有发生`."""
_OWN = re.compile(r"复议|诉讼|申请|许可|处罚|强制|收费|规章|文件|公开|结转")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause at `start` of a sentence, ending at `end`; it may be two that belong together, without the mark between."""

    text: str
    start: int
    end: int


def absent(sentence: str, whole: str) -> Iterator[tuple[Zero, int, int, str]]:
    """Yield the rules that hold in a sentence with the place of their words and the clause; `whole` has its labels."""
    for clause in clauses(sentence):
        for zero in zeros():
            match = zero.pattern.search(clause.text)
            if match is None or (zero.needs and not zero.needs.search(whole)):
                continue
            if zero.unless and zero.unless.search(clause.text):
                continue
            end = clause.end if match.end() == len(clause.text) else clause.start + match.end()
            yield zero, clause.start + match.start(), end, clause.text


def clauses(sentence: str) -> Iterator[Clause]:
    """Yield the clauses of a sentence; one that only says that there is none also together with the one before it."""
    place, before, mark = 0, None, ""
    for piece in _MARKS.split(sentence):
        clause = Clause(piece, place, place + len(piece))
        place = clause.end
        if _MARKS.fullmatch(piece):
            mark = piece
            continue
        if len(piece) >= _SHORTEST:
            yield clause
        if before and mark == "，" and _only_none(piece) and _OBJECT.search(before.text):
            yield Clause(before.text + piece, before.start, clause.end)
        before = clause


def _only_none(clause: str) -> bool:
    """Tell whether a clause says that there is none and not of what."""
    found = re.fullmatch(word("predicate"), clause)
    return found is not None and not _OWN.search(found["lead"])
