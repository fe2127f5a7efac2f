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

from extract.form import standard_characters, variants

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NUMBERING = re.compile(r"^(?:\(?[一二三四五六七八九十]{1,3}[)、.,:]+|\(?\d{1,2}[)、.,:]+(?!\d)|[①-⑳㈠-㈩])+")
_NOISE = re.compile(r"[^\w]|_")

BLANK_SIMILARITY = 0.62
"""What a label without any text is worth: enough to be placed between its neighbours, less than any likeness."""


@lru_cache(maxsize=20_000)
def standard(text: str) -> str:
    """Half-width, no blanks, standard characters; punctuation and numbering kept."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain.translate(standard_characters())


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


def similarity(printed: Sequence[str], form: Sequence[str]) -> NDArray[np.float64]:
    """Likeness (0 to 1) of each printed label to each label of the form, best of its wordings.

    Shape (len(printed), len(form)). A printed label without text gives 0 everywhere.
    """
    columns = [(j, wording) for j, label in enumerate(form) for wording in wordings(label)]
    texts = [normalise(text) for text in printed]
    result = np.zeros((len(texts), len(form)))
    if not texts or not columns:
        return result
    scores = process.cdist(texts, [wording for _, wording in columns], scorer=fuzz.ratio) / 100.0
    for k, (j, _) in enumerate(columns):
        np.maximum(result[:, j], scores[:, k], out=result[:, j])
    result[[i for i, text in enumerate(texts) if not text]] = 0.0
    return result


def closest(text: str, form: Sequence[str]) -> float:
    """Likeness of one printed label to the nearest of some labels of the form."""
    return float(similarity([text], form).max(initial=0.0))
