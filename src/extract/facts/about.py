"""What a passage speaks of: the topic and scope at a number, and what a sentence takes over from those before it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from extract.facts.data import scopes, topics, words
from extract.facts.text import Sentence

_WEAK = "applications"
"""The topic of applications that are not said to be for information: only the passage tells."""
_INHERITED = "信息公开申请"
_COUNTED = frozenset({1, 3})
"""Sections in which applications without a word of what for are those for information."""
_DISPUTES = 4
_DISPUTE = re.compile(r"(?:\d+[件起宗例]的?)?(?:行政)?(?:复议|诉讼|应诉|起诉|争议)")
_COUNT = re.compile(r"\d(?!\d*年)")


class About:
    """Topics and scopes of a section's plain text by their places."""

    def __init__(self, text: str, number: int) -> None:
        self._text, self._number = text, number
        self._alien = re.compile(words()["alien"])
        found = ((m.start(), self._topic(m)) for m in topics()[0].finditer(text))
        self._topics = [(start, topic) for start, topic in found if topic]
        self._starts = [start for start, _ in self._topics]
        self._scopes = [(m.start(), m.lastgroup or "") for m in scopes().finditer(text)]

    def _topic(self, match: re.Match[str]) -> str:
        """Return the topic of a match; mere applications are those for information where nothing else is near."""
        topic = match.lastgroup or ""
        if topic != _WEAK:
            return topic
        line = self._line(match.start())
        near = re.split(r"[。；]", self._text[line.start : match.start()])[-1]
        after = re.split(r"[，。；]", self._text[match.end() : line.stop], maxsplit=1)[0]
        alien = self._alien.search(near + match[0] + after)
        return "request" if self._number in _COUNTED and not alien else ""

    def _line(self, place: int) -> slice:
        end = self._text.find("\n", place)
        return slice(self._text.rfind("\n", 0, place) + 1, end if end >= 0 else len(self._text))

    def topics(self, sentence: Sentence, end: int) -> tuple[str, ...]:
        """Return the topic named last before `end` in the sentence.

        Where it names none, that of the labels above it and the one named last before it: in the paragraph where the labels
        have a topic or there are none, else only in the sentence right before. Where there is none either, requests named
        later in the sentence.
        """
        last = bisect_right(self._starts, end - 1) - 1
        start, topic = self._topics[last] if last >= 0 else (-1, "")
        if start >= sentence.start:
            return (topic,)
        above = topic_in(sentence.label)
        reach = sentence.paragraph if above or not sentence.label.strip("/") else sentence.before
        inherited = topic if start >= reach and not (above and topic == "elsewhere") else ""
        found = tuple(t for t in dict.fromkeys((inherited, above)) if t)
        return found or self._later(sentence, last + 1)

    def _later(self, sentence: Sentence, index: int) -> tuple[str, ...]:
        start, topic = self._topics[index] if index < len(self._topics) else (sentence.end, "")
        return (topic,) if topic == "request" and start < sentence.end else ()

    def whole(self, sentence: Sentence) -> str:
        """Return a sentence after its labels; one in a passage on requests that has no word of it takes that over."""
        text = self._text[sentence.start : sentence.end]
        label = sentence.label
        if "公开" not in text and self._inherits(sentence, text):
            label += _INHERITED
        return f"{label}/{text}"

    def _inherits(self, sentence: Sentence, text: str) -> bool:
        if self._number == _DISPUTES or _DISPUTE.search(sentence.label):
            return True
        earlier = self._text[sentence.before : sentence.start]
        if _DISPUTE.match(text) and "公开" in earlier and _DISPUTE.search(earlier):
            return not self._alien.search(text)
        first, here, last = (
            bisect_left(self._starts, p) for p in (sentence.paragraph, sentence.start, sentence.end)
        )
        named = [topic for _, topic in self._topics[first:last]]
        before, *dispute = _DISPUTE.split(text, maxsplit=1)
        other = dispute and _COUNT.search(before) and "request" not in named[here - first :]
        return not ("request" not in named or "elsewhere" in named or other or self._alien.search(text))

    def scope(self, sentence: Sentence, start: int) -> str:
        """Return the scope named last before `start` in the sentence."""
        last = bisect_left(self._scopes, (start, "")) - 1
        place, scope = self._scopes[last] if last >= 0 else (-1, "")
        return scope if place >= sentence.start else ""


def topic_in(text: str) -> str:
    """Return the topic that a label or an item of a list names last."""
    found = [m.lastgroup or "" for m in topics()[0].finditer(text)]
    return next((t for t in reversed(found) if t != _WEAK), "")
