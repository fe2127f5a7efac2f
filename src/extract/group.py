"""Which files make up one report: annexes and pictures that are named as parts of it.

Joined only where names say so; two versions of a report (the same name as docx and as pdf) stay two.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from extract.walk import Found, page_of

_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"})
_DOCUMENTS = frozenset(
    {
        ".docx",
        ".doc",
        ".pdf",
        ".html",
        ".htm",
        ".txt",
        ".docm",
        ".mht",
        ".mhtml",
        ".wps",
        ".rtf",
        ".ofd",
        ".xls",
        ".xlsx",
    }
)
_PART = re.compile(
    r"[\s_\-—.·]*(?:[(（\[【]\s*\d{1,3}\s*[)）\]】]|(?:附件|附表|附|表|图|第)\s*[一二三四五六七八九十\d]{0,3}\s*[页张]?|[_\-\s]\d{1,2})$"
)
_NUMBER_ONLY = re.compile(
    r"^(?:第?\d{1,3}[页张]?|(?:附件|附表|附|表|图|page|img|image|微信图片|截图)[\s_\-]*[\d一二三四五六七八九十]*.*)$",
    re.IGNORECASE,
)
_ANNEX = re.compile(r"附件|附表|^表\s*\d|^附\s*\d|^统计表")
_AGENCY = re.compile(
    r"(?:19|20)\d{2}|(?:局|委|委员会|办|办公[室厅]|厅|院|中心|镇|乡|街道|政府|处|署|队|站|所|学校|大学|公司|海关)$"
)


@dataclass(frozen=True, slots=True)
class Group:
    """The files of one report, main one first, and the assets (pictures, styles) of its saved page."""

    files: tuple[Found, ...]
    assets: tuple[Found, ...] = ()


def group(files: Sequence[Found]) -> list[Group]:
    """Group files into reports, in the order of their main files."""
    assets = _assets(files)
    belong = {a.file for part in assets.values() for a in part}
    left = [f for f in files if f.file not in belong]
    groups: list[Group] = []
    for members in _by_folder(left).values():
        groups += [Group(part, ()) for part in _in_folder(members)]
    with_assets = [Group(g.files, tuple(assets.get(_stem(g.files[0]), ()))) for g in groups]
    order = {f.file: i for i, f in enumerate(files)}
    return sorted(with_assets, key=lambda g: order[g.files[0].file])


def groups(files: Iterable[Found]) -> Iterator[Group]:
    """Group files that come in the order of `walk`, a folder at a time: what is held is never more than that.

    The folders of a page's pictures are walked right after the page's own folder, and stay with it.
    """
    held: list[Found] = []
    home = ""
    for file in files:
        folder = _folder(file)
        if held and folder != home and not _is_of_pages(folder, home):
            yield from group(held)
            held = []
        if not held:
            home = folder
        held.append(file)
    yield from group(held) if held else ()


def _folder(found: Found) -> str:
    """Return the folder that holds a file, or the zip that the file is in."""
    return found.path.replace(os.sep, "/").rpartition("/")[0]


def _is_of_pages(folder: str, home: str) -> bool:
    """Tell a folder of a saved page's pictures, or one inside it, below `home`."""
    below = folder.removeprefix(home).lstrip("/") if folder.startswith(home) else ""
    return bool(below) and page_of(below.split("/")[0]) is not None


def _parts(found: Found) -> PurePosixPath:
    return PurePosixPath(found.file.replace("!", "/"))


def _stem(found: Found) -> str:
    path = _parts(found)
    return str(path.parent / path.stem)


def _assets(files: Sequence[Found]) -> dict[str, list[Found]]:
    """Return the files in a saved page's folder (`X_files`), by the page's name without its ending."""
    pages = {_stem(f) for f in files if f.file.lower().endswith((".html", ".htm"))}
    found: dict[str, list[Found]] = {}
    for file in files:
        for folder in _parts(file).parents:
            page = page_of(str(folder))
            if page in pages:
                found.setdefault(page, []).append(file)
                break
    return found


def _by_folder(files: Sequence[Found]) -> dict[str, list[Found]]:
    folders: dict[str, list[Found]] = {}
    for file in files:
        folders.setdefault(str(_parts(file).parent), []).append(file)
    return folders


def _in_folder(files: Sequence[Found]) -> list[tuple[Found, ...]]:
    """Group the files of one folder: a folder named for an agency may be one report, else names must agree."""
    folder = _parts(files[0]).parent.name
    documents = [f for f in files if not _is_part_name(f) and _parts(f).suffix.lower() in _DOCUMENTS]
    known = {f.file for f in documents}
    others = [f for f in files if f.file not in known]
    named = bool(_AGENCY.search(folder))
    if named and len(files) > 1 and len(documents) <= 1 and all(map(_is_part_name, others)) and others:
        return [(*documents, *sorted(others, key=_natural))]
    result: list[list[Found]] = []
    bases: dict[str, int] = {}
    for file in sorted(files, key=lambda f: (_is_part(f), _natural(f))):
        base = _base(file)
        if _is_part(file) and base in bases:
            result[bases[base]].append(file)
        else:
            if base not in bases or not _is_part(file):
                bases[base] = len(result)
            result.append([file])
    return [tuple(part) for part in result]


def _is_part_name(found: Found) -> bool:
    """Tell a file that by its name is a part of something: a number, 附件1, 表2."""
    stem = _parts(found).stem
    picture = _parts(found).suffix.lower() in _PICTURES
    return bool((picture and _NUMBER_ONLY.match(stem)) or _ANNEX.search(stem))


def _is_part(found: Found) -> bool:
    """Tell a picture or an annex whose name is a report's with a number after it."""
    suffix = _parts(found).suffix.lower()
    stem = _parts(found).stem
    return bool(_PART.search(stem)) and (suffix in _PICTURES or bool(_ANNEX.search(stem)))


def _base(found: Found) -> str:
    """Return the name of the report that a part belongs to."""
    stem = _parts(found).stem
    return _PART.sub("", stem) if _is_part(found) else stem


def _natural(found: Found) -> tuple[tuple[int, str], ...]:
    """Return a key by which 2 comes before 10."""
    pieces = re.split(r"(\d+)", _parts(found).name)
    return tuple((int(p), "") if p.isdigit() else (-1, p) for p in pieces)
