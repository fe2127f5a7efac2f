"""Labels as printed against labels of the form: normalised, then compared as strings.

Printed labels carry numbering, brackets, notes, line breaks, wide blanks, traditional characters and, from
pictures, misread characters; none of these may decide which cell a number belongs to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from extract.form import EDITIONS, edition, standard_characters, standard_words, variants

_BRACKETS = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|(?<=.{4})\([^()]{4,}$"
)  # the last: its end is lost
_NUMBERING = re.compile(r"^(?:\(?[一二三四五六七八九十]{1,3}[)、.,:]+|\(?\d{1,2}[)、.,:]+(?!\d)|[①-⑳㈠-㈩])+")
_NOISE = re.compile(r"[^\w]|_")

BLANK_SIMILARITY = 0.62
"""What a label without any text is worth: enough to be placed between its neighbours, less than any likeness."""


@lru_cache(maxsize=20_000)
def standard(text: str) -> str:
    """Half-width, no blanks, standard characters; punctuation and numbering kept."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    plain = plain.translate(standard_characters())
    for variant, word in standard_words():
        plain = plain.replace(variant, word)
    return plain


@lru_cache(maxsize=20_000)
def normalise(text: str) -> str:
    """Return a label's bare wording: no numbering, notes in brackets, punctuation or blanks."""
    plain = standard(text)
    bare = _BRACKETS.sub("", plain)
    bare = _NUMBERING.sub("", bare) or bare
    return _NOISE.sub("", bare) or _NOISE.sub("", plain)


@cache
def wordings(label: str) -> tuple[str, ...]:
    """All normalised wordings of a label of the form, its own first."""
    return tuple(dict.fromkeys(normalise(text) for text in (label, *variants().get(label, ()))))


@cache
def _flat(form: tuple[str, ...]) -> tuple[list[str], list[int]]:
    """Return all wordings of some labels one after the other, and where each label's begin."""
    groups = [wordings(label) for label in form]
    starts = [sum(len(g) for g in groups[:i]) for i in range(len(groups))]
    return [wording for group in groups for wording in group], starts


def similarity(printed: Sequence[str], form: Sequence[str]) -> NDArray[np.float64]:
    """Likeness (0 to 1) of each printed label to each label of the form, best of its wordings.

    Shape (len(printed), len(form)). A printed label without text gives 0 everywhere.
    """
    if not printed or not form:
        return np.zeros((len(printed), len(form)))
    texts = [normalise(text) for text in printed]
    flat, starts = _flat(tuple(form))
    scores = process.cdist(texts, flat, scorer=fuzz.ratio, dtype=np.float64) / 100.0
    result: NDArray[np.float64] = np.maximum.reduceat(scores, starts, axis=1)
    result[[i for i, text in enumerate(texts) if not text]] = 0.0
    return result


def best_of(printed: Sequence[Sequence[str]], form: Sequence[str]) -> NDArray[np.float64]:
    """Likeness of groups of printed labels, best of each group; shape (len(printed), len(form)), 0 for none."""
    result = np.zeros((len(printed), len(form)))
    filled = [i for i, texts in enumerate(printed) if texts]
    if filled and form:
        starts = np.cumsum([0, *(len(printed[i]) for i in filled[:-1])])
        scores = similarity([text for texts in printed for text in texts], form)
        result[filled] = np.maximum.reduceat(scores, starts, axis=0)
    return result


def closest(text: str, form: Sequence[str]) -> float:
    """Likeness of one printed label to the nearest of some labels of the form."""
    return float(similarity([text], form).max(initial=0.0))


_COMPLETE = 0.9


def completes(beginning: str, end: str) -> bool:
    """Tell whether two pieces of text together are a label of the form that the first alone is not yet."""
    whole, part = (closest(text, _form_labels()) for text in (beginning + end, beginning))
    return whole >= _COMPLETE and whole > part


def is_label(text: str) -> bool:
    """Tell whether a text is a whole label of the form."""
    return closest(text, _form_labels()) >= _COMPLETE


@cache
def _form_labels() -> tuple[str, ...]:
    """All labels of rows and columns of the editions."""
    lines = [
        line
        for name in EDITIONS
        for form in edition(name).tables.values()
        for line in (*form.rows, *form.columns)
    ]
    parts = dict.fromkeys(part for line in lines for part in line.path)
    return tuple(part for part in parts if len(normalise(part)) > 1)
