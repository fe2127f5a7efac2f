"""Which rule names a number."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.facts.context import Context
from extract.facts.data import Rule, rules, topics

_DOCUMENTS = re.compile(
    r"(?:行政|[省市区县州旗]?政府|及其?|和|办公[厅室]|部门|本级)*(?:规范性文件|规章)[共有为计]{0,2}$"
)


class Ruled:
    """Finds rules for the numbers of a section in order, since the verb of one may serve the next."""

    def __init__(self) -> None:
        self._verb: Context | None = None

    def rule(self, context: Context, whole: str) -> Rule | None:
        """Return the rule of a number; in `废止规章1件、规范性文件2件` the second takes over the verb of the first."""
        verb = self._verb if self._verb and self._verb.sentence is context.sentence else None
        if verb and _DOCUMENTS.fullmatch(context.clause):
            clause = _DOCUMENTS.sub(context.clause, verb.clause)
            context = replace(context, clause=clause, local=f"{clause}N")
        self._verb = context if _DOCUMENTS.search(context.clause) else None
        return best_rule(context, whole)


def best_rule(context: Context, whole: str) -> Rule | None:
    """Return the rule whose words stand nearest before the number, or None."""
    joint, best, nearest = context.joint, None, -1
    for rule in rules():
        if not rule.groups & context.quantity.groups or (
            rule.topics and not rule.topics.intersection(context.topics)
        ):
            continue
        if not any(cue in joint for cue in rule.cue):
            continue
        match = rule.pattern.search(joint)
        if match is None or match.start() <= nearest:
            continue
        if (rule.unless and rule.unless.search(context.local)) or (
            rule.needs and not rule.needs.search(whole)
        ):
            continue
        best, nearest = rule, match.start()
    return best


def name_of(rule: Rule, context: Context) -> str:
    """Return the name that a rule gives to a number."""
    topic = next((t for t in context.topics if t in rule.topics), "")
    return rule.name.replace("{topic}", topics()[1].get(topic, ""))
