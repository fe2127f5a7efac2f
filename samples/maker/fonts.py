"""Fonts of this machine that the pictures and PDFs are set in; those that are missing are left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from PIL import ImageFont

_ROOT = Path("/usr/share/fonts")


@dataclass(frozen=True)
class Face:
    """A font file, the number of the face in a collection, and the name that programs know it by."""

    name: str
    file: str
    index: int = 0

    @property
    def path(self) -> Path:
        """Where the file is."""
        return _ROOT / self.file


CHINESE = tuple(
    face
    for face in (
        Face("WenQuanYi Micro Hei", "truetype/wqy/wqy-microhei.ttc"),
        Face("WenQuanYi Zen Hei", "truetype/wqy/wqy-zenhei.ttc"),
        Face("AR PL UMing CN", "truetype/arphic/uming.ttc"),
        Face("AR PL UKai CN", "truetype/arphic/ukai.ttc"),
        Face("Noto Sans CJK SC", "opentype/noto/NotoSansCJK-Regular.ttc", 2),
        Face("Noto Serif CJK SC", "opentype/noto/NotoSerifCJK-Regular.ttc", 2),
        Face("Noto Sans CJK SC", "opentype/noto/NotoSansCJK-Bold.ttc", 2),
    )
    if face.path.exists()
)
LATIN = tuple(
    face
    for face in (
        Face("Liberation Serif", "truetype/liberation/LiberationSerif-Regular.ttf"),
        Face("Liberation Sans", "truetype/liberation/LiberationSans-Regular.ttf"),
        Face("DejaVu Sans", "truetype/dejavu/DejaVuSans.ttf"),
        Face("FreeSerif", "truetype/freefont/FreeSerif.ttf"),
        Face("Liberation Sans Narrow", "truetype/liberation/LiberationSansNarrow-Regular.ttf"),
        Face("Liberation Mono", "truetype/liberation/LiberationMono-Regular.ttf"),
    )
    if face.path.exists()
)


def chinese(name: str) -> Face:
    """Return the face of that name (StopIteration where it is not installed)."""
    return next(f for f in CHINESE if f.name == name)


def any_chinese(rng: Random) -> Face:
    """Return one of the Chinese faces that are here."""
    if not CHINESE:
        raise RuntimeError(
            "no Chinese font found: install fonts-wqy-microhei, fonts-arphic-uming or fonts-noto-cjk"
        )
    return rng.choice(CHINESE)


@lru_cache(maxsize=256)
def load(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """Return the face at a size in pixels."""
    return ImageFont.truetype(str(face.path), size, index=face.index)


class Pen:
    """Sets text at one size: Chinese in one face, digits and Latin letters in another (or the same)."""

    def __init__(self, chinese_face: Face, latin_face: Face | None, size: int) -> None:
        self.size = size
        self.wide = load(chinese_face, size)
        self.narrow = load(latin_face, size) if latin_face else self.wide
        self._widths: dict[str, float] = {}

    def font_of(self, char: str) -> ImageFont.FreeTypeFont:
        """Return the font a character is set in."""
        return self.narrow if char < "\u0250" else self.wide

    def width(self, text: str) -> float:
        """Return the advance of a text in pixels."""
        return sum(self._advance(c) for c in text)

    def _advance(self, char: str) -> float:
        if char not in self._widths:
            self._widths[char] = self.font_of(char).getlength(char)
        return self._widths[char]

    def wrap(self, text: str, width: float) -> list[str]:
        """Return the lines of a text in a column of the given width; a number is never broken."""
        lines = []
        for paragraph in text.split("\n"):
            line = ""
            for word in words(paragraph):
                if line and self.width(line + word) > width:
                    lines.append(line.rstrip())
                    line = ""
                line += word
            lines.append(line.rstrip())
        return lines


def words(text: str) -> list[str]:
    """Runs of digits and signs stay together, every other character stands alone."""
    runs: list[str] = []
    for char in text:
        if runs and char < "\u0250" and char != " " and runs[-1][-1] < "\u0250" and runs[-1][-1] != " ":
            runs[-1] += char
        else:
            runs.append(char)
    return runs
