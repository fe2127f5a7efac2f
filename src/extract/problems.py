"""The catalogue of problem kinds (`problems.csv`): stable codes with a sentence in English and in Chinese.

`docs/problems.md` is generated from it and a test holds the two together.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from extract.model import Problem

INFORMATIVE = frozenset({"joined", "duplicate", "not_a_report"})
"""Kinds that account for a file without anything having gone wrong."""


_ADDRESS = re.compile(r"\s*<[\w.]+ object at 0x[0-9a-f]+>")
"""How libraries name objects in memory: another text in every run, and none of anybody's business."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: stable code, title, and its sentence with a `{detail}` in English and Chinese."""

    kind: str
    title: str
    en: str
    zh: str


@cache
def catalogue() -> dict[str, Kind]:
    """Return all kinds by code, in the file's order."""
    text = files("extract").joinpath("problems.csv").read_text(encoding="utf-8")
    return {row["kind"]: Kind(**row) for row in csv.DictReader(text.splitlines())}


def message(problem: Problem, language: str = "en") -> str:
    """Return the sentence for a person. Raises KeyError for a kind that the catalogue lacks."""
    kind = catalogue()[problem.kind]
    template = kind.zh if language == "zh" else kind.en
    return template.format(detail=_ADDRESS.sub("", problem.detail).strip()).strip()
