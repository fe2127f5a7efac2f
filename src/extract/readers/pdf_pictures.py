"""Pictures of PDF pages: whole pages without usable text, and images that stand between text.

Images are taken by rendering their place, so that masks, colour spaces and images sliced into strips come out as
they look, upright and as PNG.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.errors import ReadError
from extract.model import Box, Picture, Place
from extract.readers.pdf_ink import Glyph, Image, Ink
from extract.settings import Settings

_INVISIBLE = 3
"""Text render mode of the text that scanners put under their picture."""
_LEAST_PIXELS = (80, 40)
_LEAST_POINTS = (40.0, 15.0)
_LOWEST_DPI, _HIGHEST_DPI = 72.0, 300.0
_PAGE_SHARE = 0.6
"""An image over this share of the page is the page."""
_FEW = 30
"""Fewer glyphs than this beside a page-wide image are a stamp or a page number, not the page's text."""
_COMMON = frozenset(
    "的一是不了在人有我这个们中来上大为和国地到以说时要就出会可也对生能而子那得于着下之年过发后作里用道行所然家种事成方多"
    "经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明"
    "性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老"
    "给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结"
    "府息请申件计局市区县单办管服务收费规章案组织属供项式该第依据"
)
"""The commonest characters of Chinese, and of these reports: of any page that makes sense they are a third or more."""
_COMMON_SHARE = 0.12
_WORDS = tuple(
    re.findall(
        r"\S+",
        "政府 信息 公开 工作 情况 申请 行政 年度 报告 数量 规定 部门 单位 管理 服务 提供 办理 处理 其他 社会 组织 机构 机关 人民 进行 "
        "通过 相关 问题 制度 建设 发展 群众 政策 网站 平台 内容 项目 我们 可以 一个 没有 国家 中国 全国 经济 企业 法律 法规 条例 公民 "
        "培训 监督 保障 落实 加强 推进 开展 及时 有关 统计 总数 本年 上年 中心 电话 地址 会议 文件 教育 安全 环境 生活 时间 我国 目前",
    )
)
_CHINESE_PER_WORD = 60
"""In running Chinese, and in these tables, one of these words stands among so many characters at the least."""
_LETTERS = 40
_FOREIGN = 0.3
_VOWELS = (0.25, 0.55)
"""Shares of vowels between which Latin letters may be words."""
_GARBAGE_SHARE = 0.1
_DRAWN = 50
"""A page without text but with so many drawn paths has its text as outlines."""


class Region(NamedTuple):
    """A place that images cover together, and the finest resolution among them in dots per inch."""

    box: Box
    dpi: float


def open_pdf(data: bytes) -> Any:
    """Open a document with pdfium, which repairs what it can. Raises ReadError `encrypted` or `damaged`."""
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = error.err_code in {pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY}
        raise ReadError("encrypted" if locked else "damaged", "" if locked else str(error)) from error


def render_page(document: Any, number: int, settings: Settings, ink: Ink | None = None) -> Picture:
    """Render a page (from 1) at `settings.render_dpi`, less where it would have too many pixels.

    Where `ink` is given and one picture is the page, its own resolution is taken: every resampling blurs.
    """
    page = document[number - 1]
    width, height = page.get_size()
    scale = (_own_dpi(ink) or settings.render_dpi) / 72
    scale = min(scale, (settings.max_pixels / max(width * height, 1.0)) ** 0.5 * 0.99)
    data = _png(page.render(scale=scale).to_pil())
    page.close()
    box = Box(0.0, 0.0, float(width), float(height))
    return Picture(f"page-{number}", data, Place(page=number, box=box))


def _own_dpi(ink: Ink | None) -> float | None:
    """Return the resolution of the picture that is a page, up to 300 dpi; None where there is none."""
    whole = [r for r in regions(ink) if _share(r.box, ink) >= _PAGE_SHARE] if ink is not None else []
    drawn = ink is not None and ink.shapes >= _DRAWN
    return min(max(whole[0].dpi, _LOWEST_DPI), _HIGHEST_DPI) if len(whole) == 1 and not drawn else None


def render_region(document: Any, number: int, region: Region, name: str, settings: Settings) -> Picture:
    """Render a part of a page at the resolution of the image there, within `render_dpi` and 300 dpi."""
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(max(region.dpi, settings.render_dpi), _HIGHEST_DPI) / 72
    box = region.box
    crop = max(box.x0, 0.0), max(height - box.y1, 0.0), max(width - box.x1, 0.0), max(box.y0, 0.0)
    data = _png(page.render(scale=scale, crop=crop).to_pil())
    page.close()
    return Picture(name, data, Place(page=number, box=box))


def is_picture_page(ink: Ink, document: Any, number: int) -> bool:
    """Decide whether a page must be read as a picture.

    True where its text layer is missing, garbage, or only hidden text recognised from a scan.
    """
    marks = [glyph for glyph in ink.glyphs if glyph.text.strip()]
    covered = max((_share(image.box, ink) for image in ink.images), default=0.0)
    together = max((_share(region.box, ink) for region in regions(ink)), default=0.0)
    if not marks:
        return max(covered, together) > 0.1 or ink.shapes >= _DRAWN
    if is_garbage(marks):
        return True
    if max(covered, together) < _PAGE_SHARE:
        return False
    return len(marks) < _FEW or _text_is_hidden(document, number)


def is_garbage(marks: Sequence[Glyph]) -> bool:
    """True where a text layer is no text: what it says has nothing to do with what the page shows.

    A tenth of the glyphs have no code, a private one, or that of Chinese bytes read as Latin; or the codes are those of
    other characters, since the font's table of codes is broken (`is_nonsense`).
    """
    bad = sum(1 for glyph in marks if any(_is_bad(char) for char in glyph.text))
    return bad > _GARBAGE_SHARE * len(marks) or is_nonsense("".join(glyph.text for glyph in marks))


def is_nonsense(text: str) -> bool:
    """Tell characters that no one wrote: Chinese without any of the commonest, scripts of elsewhere, letters without words.

    A short text proves nothing.
    """
    letters = [char for char in text if char.isalpha()]
    if len(letters) < _LETTERS:
        return False
    han = [char for char in letters if "\u4e00" <= char <= "\u9fff"]
    latin = [char for char in letters if char.isascii()]
    if len(letters) - len(han) - len(latin) > _FOREIGN * len(letters):
        return True
    if len(han) >= _LETTERS:
        words = sum(text.count(word) for word in _WORDS)
        common = sum(char in _COMMON for char in han)
        return common < _COMMON_SHARE * len(han) or words < len(han) // _CHINESE_PER_WORD
    vowels = sum(char in "aeiouAEIOU" for char in latin)
    return len(latin) >= 2 * _LETTERS and not _VOWELS[0] <= vowels / len(latin) <= _VOWELS[1]


def _is_bad(char: str) -> bool:
    latin = "\u00a1" <= char <= "\u00ff" and char not in "·×°±§"
    return latin or char == "\ufffd" or "\ue000" <= char <= "\uf8ff"


def _share(box: Box, ink: Ink) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0) / (ink.width * ink.height)


def _text_is_hidden(document: Any, number: int) -> bool:
    """True where most text is invisible, or is painted over by an image of the page's size."""
    page = document[number - 1]
    width, height = page.get_size()
    hidden: list[bool] = []
    for thing in page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_IMAGE)):
        if thing.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
            hidden.append(pdfium_c.FPDFTextObj_GetTextRenderMode(thing.raw) == _INVISIBLE)
            continue
        x0, y0, x1, y1 = thing.get_bounds()
        if (x1 - x0) * (y1 - y0) > _PAGE_SHARE * width * height:
            hidden = [True] * len(hidden)
    page.close()
    return sum(hidden) > 0.5 * len(hidden)


def regions(ink: Ink) -> list[Region]:
    """Return the places of images, those of strips and tiles that touch as one, in order of reading."""
    found: list[Region] = []
    for image in sorted(ink.images, key=lambda i: (i.box.y0, i.box.x0)):
        region = Region(image.box, _dpi(image))
        while (k := next((k for k, r in enumerate(found) if _touch(r.box, region.box)), None)) is not None:
            other = found.pop(k)
            region = Region(other.box.union(region.box), max(other.dpi, region.dpi))
        found.append(region)
    return sorted(found, key=lambda r: (r.box.y0, r.box.x0))


def is_decoration(region: Region, ink: Ink) -> bool:
    """True for what is too small to hold a table, and for backgrounds that text is printed on."""
    wide, high = region.box.x1 - region.box.x0, region.box.y1 - region.box.y0
    small = wide < _LEAST_POINTS[0] or high < _LEAST_POINTS[1]
    coarse = wide * region.dpi / 72 < _LEAST_PIXELS[0] or high * region.dpi / 72 < _LEAST_PIXELS[1]
    box = region.box
    over = sum(box.x0 < g.cx < box.x1 and box.y0 < g.cy < box.y1 for g in ink.glyphs)
    return small or coarse or over >= _FEW


def _dpi(image: Image) -> float:
    wide, high = image.box.x1 - image.box.x0, image.box.y1 - image.box.y0
    return 72.0 * max(image.pixels[0] / max(wide, 1.0), image.pixels[1] / max(high, 1.0))


def _touch(one: Box, other: Box) -> bool:
    """Overlapping, or edge to edge with the same extent on the other axis."""
    apart_x = max(one.x0, other.x0) - min(one.x1, other.x1)
    apart_y = max(one.y0, other.y0) - min(one.y1, other.y1)
    if apart_x < 0 and apart_y < 0:
        return True
    same_x = abs(one.x0 - other.x0) < 2 and abs(one.x1 - other.x1) < 2
    same_y = abs(one.y0 - other.y0) < 2 and abs(one.y1 - other.y1) < 2
    return (same_x and apart_y <= 1.0) or (same_y and apart_x <= 1.0)


def _png(image: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
