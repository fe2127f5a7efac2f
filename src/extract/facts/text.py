"""A section's text in plain characters, with the way back to its offsets; its paragraphs, sentences and labels."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from extract.form import standard_characters

_KEPT = frozenset("，。；：、！？“”‘’《》〈〉【】〔〕…—－～①②③④⑤⑥⑦⑧⑨⑩㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩")
_WIDE = str.maketrans("(),;:?!nN", "（）,；：？！ｎＮ")
_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")
"""Commas but those between thousands."""
_END = re.compile(r"[。！？\n]+[”’）]?")
_LABEL = re.compile(
    r"[^\S\n]*(?P<number>（[一二三四五六七八九十]{1,3}）、?|[一二三四五六七八九十]{1,3}、|[㈠-㈩]|（?\d{1,2}[）.．、](?!\d)|[①-⑩])"
    r"(?P<label>[^。：；\n]{2,30})(?:[。：]|(?=\n)|$)"
)
_LONGEST = 800
"""Characters of a sentence; the longest lists of real reports have about 400."""
_MAIN = re.compile(r"（[一二三四五六七八九十]|[一二三四五六七八九十]|[㈠-㈩]")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in half-width digits and standard characters, without blanks; `places[i]` is the offset of character i."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original text of the characters [start, end)."""
        return self.places[start], self.places[end - 1] + 1


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at [start, end) of a plain text, its labels, where its paragraph and the sentence before it begin."""

    start: int
    end: int
    paragraph: int
    before: int
    label: str


def plain(text: str) -> Plain:
    """Return the plain form of a text. Blanks go, but for one between two digits; line breaks stay.

    `N` and `n` become full-width, since rules write them for numbers.
    """
    table = standard_characters()
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character.isspace() and character != "\n":
            if not _between_digits(text, place):
                continue
            new = " "
        elif character in _KEPT or character == "\n":
            new = character
        else:
            new = unicodedata.normalize("NFKC", character).translate(_WIDE)
        for one in new:
            kept.append(chr_of(table.get(ord(one), one)))
            places.append(place)
    return Plain(_COMMA.sub("，", "".join(kept)), tuple(places))


def chr_of(character: str | int) -> str:
    """Return a character given as itself or by its number."""
    return chr(character) if isinstance(character, int) else character


def _between_digits(text: str, place: int) -> bool:
    return 0 < place < len(text) - 1 and text[place - 1].isdigit() and text[place + 1].isdigit()


def sentences(text: str, heading: str = "") -> Iterator[Sentence]:
    """Yield the sentences of a plain text; labels such as `（二）依申请公开情况` hold until the next of their kind.

    A numbered label below it (`1.`) is added to it. The section's heading stands before all.
    """
    start = paragraph = before = 0
    main = minor = ""
    for end in _ends(text):
        if start == 0 or text[start - 1] == "\n":
            paragraph = before = start
            found = _LABEL.match(text, start, end)
            if found and _MAIN.match(found["number"]):
                main, minor = found["label"], ""
            elif found:
                minor = found["label"]
        if text[start:end].strip():
            yield Sentence(start, end, paragraph, before, f"{heading}/{main}/{minor}")
            before = start
        start = end


def _ends(text: str) -> Iterator[int]:
    """Yield where sentences end; one without an end, such as a page of noise, is cut."""
    place = 0
    for end in (*(found.end() for found in _END.finditer(text)), len(text)):
        while end - place > _LONGEST:
            place += _LONGEST
            yield place
        place = end
        yield end
