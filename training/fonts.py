"""The fonts of `fonts.csv` as found on this machine: which file belongs to which set, and how often it is used."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from PIL import ImageFont

HAN = "无空元万件增减加少"
ROOTS = (Path("/usr/share/fonts"), Path("/usr/share/texmf/fonts"), Path("/usr/share/wine/fonts"))
_ODD = re.compile(
    "thin|hairline|black|extralight|heavy|ultra|outline|alt|math|display|caps|dunhill|swash", re.I
)
_SLANTED = re.compile("italic|oblique|ita$|-i$|-it$|ri$|bi$|bdita", re.I)


@dataclass(frozen=True, slots=True)
class Font:
    """A font file: where it is, has it the Chinese characters, its group (train, validation, held-out), its weight."""

    path: str
    han: bool
    group: str
    weight: float


def find_fonts(roots: tuple[Path, ...] = ROOTS) -> list[Font]:
    """Return every usable font of `fonts.csv` under `roots`, each file name once, in a fixed order."""
    with (Path(__file__).parent / "fonts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    files: dict[str, Path] = {}
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.suffix.lower() in {".ttf", ".otf", ".ttc"} and not _ODD.search(path.stem):
                files.setdefault(path.name, path)
    found: list[Font] = []
    for row in rows:
        mine = [files[name] for name in sorted(files) if name.startswith(row["pattern"])]
        usable = [(path, han) for path in mine if (han := _covers(path)) is not None]
        shares = [0.15 if _SLANTED.search(path.stem) else 1.0 for path, _ in usable]
        for (path, han), share in zip(usable, shares, strict=True):
            weight = float(row["weight"]) * share / sum(shares)
            found.append(Font(str(path), bool(han), row["group"], weight))
    return found


def _covers(path: Path) -> bool | None:
    """True with Chinese characters, False with digits alone, None where the font is of no use here."""
    try:
        characters = TTFont(path, fontNumber=0, lazy=True).getBestCmap() or {}
        font = ImageFont.truetype(str(path), 100)
    except (TTLibError, OSError):
        return None
    if not all(ord(c) in characters for c in "0123456789,.-+/%"):
        return None
    boxes = [font.getbbox(c, anchor="ls") for c in "0123456789"]
    tops, bottoms = [b[1] for b in boxes], [b[3] for b in boxes]
    if max(tops) - min(tops) > 12 or max(bottoms) - min(bottoms) > 12:
        return None  # old-style figures of unequal height
    return all(ord(c) in characters for c in HAN + "０９，．－％天")


@lru_cache(maxsize=3000)
def load(path: str, size: int) -> ImageFont.FreeTypeFont:
    """The font at a size in px, kept."""
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def covers(path: str, char: str) -> bool:
    """True where the font has the character."""
    return ord(char) in _characters(path)


@cache
def _characters(path: str) -> frozenset[int]:
    return frozenset(TTFont(path, fontNumber=0, lazy=True).getBestCmap() or ())


@cache
def dash_width(path: str, char: str) -> float:
    """Width of a dash's ink in ems: decides whether it is to be read as `-` or as `—`."""
    box = load(path, 100).getbbox(char)
    return float(box[2] - box[0]) / 100
