"""Numbers stated in the running text: found, named by rules that are data, and listed under the totals they add up to."""

from __future__ import annotations

from extract.facts.find import find_facts
from extract.facts.types import Fact, Parts

__all__ = ["Fact", "Parts", "find_facts"]
