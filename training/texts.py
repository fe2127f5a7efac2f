"""What stands in value cells: draws a text to print, and the text that it is to be read as."""

from __future__ import annotations

import numpy as np

from training.fonts import HAN, Font, covers, dash_width

UNKNOWN = "\ufffd"
_FULL = str.maketrans("0123456789,.-+/%", "０１２３４５６７８９，．－＋／％")
_JUNK_HAN = (
    "规章行政范性文件自然人商业企科研机构社会公益组织法律服务其他总计天夫无"
    "万方亿个条次本年新收请结果维持中日口目日月合一三六八元允兀空穴究件仵牛"
)
_JUNK_LETTERS = "AEFHKMNPRTUVWXYadefhkmnrtuwxy&#?*<>=;★√×？《》"
_PAIRS = (
    "68",
    "06",
    "08",
    "09",
    "38",
    "56",
    "17",
    "71",
    "11",
    "77",
    "88",
    "00",
    "41",
    "14",
    "23",
    "35",
    "89",
    "47",
)

Spec = tuple[str, str]
"""The text to print and the text to read."""


def draw_text(rng: np.random.Generator, font: Font) -> Spec:
    """Draw (printed, read); read is "" for an empty cell and U+FFFD for what is not to be known."""
    kinds = (
        "zero",
        "digit",
        "number",
        "mark",
        "blank",
        "junk",
        "thousands",
        "decimal",
        "signed",
        "unit",
        "full",
    )
    shares = np.array([0.13, 0.13, 0.25, 0.12, 0.10, 0.10, 0.06, 0.05, 0.06, 0.045, 0.03])
    kind = str(rng.choice(kinds, p=shares / shares.sum()))
    if kind == "blank":
        return "", ""
    if kind == "mark":
        return _mark(rng, font)
    if kind == "junk":
        return _junk(rng, font), UNKNOWN
    if kind == "unit":
        return _unit(rng, font)
    if kind == "signed" and font.han and rng.random() < 0.5:
        return _changed(rng)
    return _number(rng, kind, han=font.han)


def _number(rng: np.random.Generator, kind: str, *, han: bool) -> Spec:
    if kind == "full" and han:
        text = _numeric(rng, str(rng.choice(["number", "number", "signed", "thousands", "decimal"])))
        return text.translate(_FULL), text
    text = _numeric(rng, kind)
    return _set(rng, text, han=han), text


def _set(rng: np.random.Generator, text: str, *, han: bool) -> str:
    """Return a number as it may be set: a full-width comma or sign among plain digits, a sign apart from its number."""
    if han and "," in text and rng.random() < 0.2:
        return text.replace(",", "，")
    if text[0] not in "+-" or rng.random() < 0.6:
        return text
    sign = text[0].translate(_FULL) if han and rng.random() < 0.4 else text[0]
    return (
        sign
        + " " * int(rng.integers(0, 2))
        + (text[1:].translate(_FULL) if han and rng.random() < 0.3 else text[1:])
    )


def _numeric(rng: np.random.Generator, kind: str) -> str:
    if kind == "zero":
        return "0"
    if kind == "digit":
        return str(rng.integers(1, 10)) if rng.random() < 0.8 else str(rng.choice(["1", "7"]))
    if kind == "thousands":
        groups = [f"{rng.integers(0, 1000):03d}" for _ in range(rng.integers(1, 3))]
        return ",".join([str(rng.integers(1, 1000)), *groups])
    if kind == "decimal":
        return f"{_whole(rng, 5)}.{''.join(str(d) for d in rng.integers(0, 10, rng.integers(1, 7)))}"
    if kind == "signed":
        return str(rng.choice(["+", "-", "-"])) + _whole(rng, 5)
    return _whole(rng, 7)


def _changed(rng: np.random.Generator) -> Spec:
    """A change since last year as the form of 2019 has it: 增2, 减少3, 增加0."""
    text = str(rng.choice(["增", "减", "增", "减", "增加", "减少"])) + _whole(rng, 4)
    return text, text


def _whole(rng: np.random.Generator, most: int) -> str:
    """A number of 1 to `most` digits, some of them pairs that are easily confused."""
    length = int(rng.choice(np.arange(1, most + 1), p=_lengths(most)))
    digits = "".join(str(d) for d in rng.integers(0, 10, length))
    if length > 1 and rng.random() < 0.4:
        at = int(rng.integers(0, length - 1))
        digits = digits[:at] + str(rng.choice(_PAIRS)) + digits[at + 2 :]
    return digits.lstrip("0") or "0" if rng.random() < 0.9 else digits


def _lengths(most: int) -> np.ndarray:
    shares = np.array([1.5, 3, 3, 2.5, 1.5, 1.0, 0.7])[:most]
    return np.asarray(shares / shares.sum())


def _mark(rng: np.random.Generator, font: Font) -> Spec:
    """`/`, dashes and 无/空: the ways to print that there is none."""
    kind = rng.random()
    if kind < 0.3:
        return (str(rng.choice(["/", "/", "/", "／"])) if font.han else "/"), "/"
    if kind < 0.7 or not font.han:
        dash = str(
            rng.choice(["-", "-", "–", "—", "——", "－", "−"] if font.han else ["-", "-", "–", "—", "——"])
        )
        width = dash_width(font.path, dash)
        return dash, "-" if width < 0.6 else "—"
    char = str(rng.choice(["无", "无", "空"]))
    return char, char


def _unit(rng: np.random.Generator, font: Font) -> Spec:
    number = _whole(rng, 5) if rng.random() < 0.7 else _numeric(rng, "decimal")
    if not font.han or rng.random() < 0.3:
        return number + "%", number + "%"
    text = number + str(rng.choice(["元", "万元", "件", "万", "件", "万件"]))
    return text, text


def _junk(rng: np.random.Generator, font: Font) -> str:
    """Characters outside the alphabet; some stand among digits, as in `12条` and `2017年`."""
    if font.han and rng.random() < 0.05:
        return f"{rng.integers(1995, 2040)}年"
    if font.han and rng.random() < 0.7:
        plain = rng.random() < 0.5
        chars = [c for c in _JUNK_HAN if covers(font.path, c) and not (plain and c in HAN)]
        text = "".join(rng.choice(chars, rng.integers(1, 6)))
        if all(c in HAN + "一三六八日口目" for c in text):
            text += "章"
        return f"{rng.integers(0, 100)}{text}" if rng.random() < 0.15 else text
    pool = [c for c in _JUNK_LETTERS if covers(font.path, c)]
    return (
        "".join(rng.choice(list(_JUNK_LETTERS[:34]), rng.integers(1, 5)))
        if rng.random() < 0.7
        else str(rng.choice(list(pool)))
    )
