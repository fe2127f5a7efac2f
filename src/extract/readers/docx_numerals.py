"""Numerals as Word prints them: the forms of `w:numFmt` (ECMA-376 part 1, 17.18.59)."""

from __future__ import annotations

_COUNTING = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_HAN_FORMS = {
    "chineseCounting": _COUNTING,
    "chineseCountingThousand": _COUNTING,
    "taiwaneseCounting": _COUNTING,
    "taiwaneseCountingThousand": _COUNTING,
    "japaneseCounting": _COUNTING,
    "chineseLegalSimplified": _LEGAL,
    "ideographLegalTraditional": "零壹貳參肆伍陸柒捌玖",
}
_DIGIT_FORMS = {
    "ideographDigital": "〇一二三四五六七八九",
    "japaneseDigitalTenThousand": "〇一二三四五六七八九",
    "taiwaneseDigital": "○一二三四五六七八九",
    "decimalFullWidth": "０１２３４５６７８９",
    "decimalFullWidth2": "０１２３４５６７８９",
}
_ENCLOSED_FORMS = {
    "decimalEnclosedCircle": (0x2460, 20),
    "decimalEnclosedCircleChinese": (0x2460, 20),
    "decimalEnclosedParen": (0x2474, 20),
    "decimalEnclosedFullstop": (0x2488, 20),
    "ideographEnclosedCircle": (0x3280, 10),
    "lowerLetter": (0x61, 26),
    "upperLetter": (0x41, 26),
}
_ROW_FORMS = {"ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥"}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def numeral(n: int, form: str) -> str:
    """Return a number (from 0) in a form of Word's; a form or number not known here in plain digits."""
    if form in _HAN_FORMS:
        return _han(n, _HAN_FORMS[form], bare_ten=_HAN_FORMS[form] is _COUNTING)
    if form in _DIGIT_FORMS:
        return "".join(_DIGIT_FORMS[form][int(d)] for d in str(n))
    first, most = _ENCLOSED_FORMS.get(form, (0, 0))
    if 1 <= n <= most:
        return chr(first + n - 1)
    if 1 <= n <= len(_ROW_FORMS.get(form, "")):
        return _ROW_FORMS[form][n - 1]
    if form in {"lowerRoman", "upperRoman"} and 1 <= n < 40:
        return _roman(n).upper() if form == "upperRoman" else _roman(n)
    return f"{n:02d}" if form == "decimalZero" else str(n)


def _han(n: int, digits: str, bare_ten: bool) -> str:
    """Return a number in Chinese with 十; from 100 on in plain digits, which no heading reaches."""
    if n > 99 or n < 1:
        return str(n)
    tens, ones = divmod(n, 10)
    ten = "十" if bare_ten else "拾"
    lead = digits[tens] if tens > 1 or (tens and not bare_ten) else ""
    return lead + (ten if tens else "") + (digits[ones] if ones else "")


def _roman(n: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        times, n = divmod(n, value)
        text += letters * times
    return text
