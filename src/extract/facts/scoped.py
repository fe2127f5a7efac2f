"""Counts of a part of the whole: what one office counts beside the whole area (全市30件，其中市本级5件) is no cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.facts.compared import plain_name
from extract.facts.types import Fact

_PARTS = re.compile(
    r"(?<!全[市区县省州旗])各(?:部门|单位|县|区|镇|乡|街道|科室)|所属单位|下属|下级|直属|基层单位"
)


def without_parts(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the facts of a section; of one name told of an office and of the whole area, only the whole keeps the name.

    Where the others are told beside the office (本级2件，各部门4件), neither is the whole.
    """
    scopes: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        scopes[fact.name].add(fact.scope)
    for fact in facts:
        others = scopes[fact.name] - {fact.scope, ""} if fact.scope else set()
        if others and (fact.scope == "own" or _PARTS.search(fact.sentence)):
            yield replace(fact, name=plain_name(fact.unit), others=())
        else:
            yield fact
