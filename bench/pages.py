"""Figures written into a page of the documentation, between two marks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def write_between(page: Path, marks: tuple[str, str], lines: Sequence[str]) -> None:
    """Put lines between the marks of a page. ValueError where it has none."""
    before, rest = page.read_text(encoding="utf-8").split(marks[0])
    after = rest.split(marks[1])[1]
    page.write_text(before + "\n".join([marks[0], *lines, marks[1]]) + after, encoding="utf-8")
