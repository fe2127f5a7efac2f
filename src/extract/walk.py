"""The files of archives as they lie on disk or at a URL, zips closed, in a fixed order."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from extract.errors import InputNotFoundError
from extract.model import Problem
from extract.places import is_url, joined, kind, listed, stat

_DATASET = "reports.duckdb"
"""The file that says a folder is the dataset of a run, finished or not: no part of an archive."""
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx", ".git"})
_WEB_FOLDER = re.compile(r"(?P<page>.+?)(?:_files|\.files|-files|_文件)$")


@dataclass(frozen=True, slots=True)
class Found:
    """A file found: its name in the archive, where it lies, and the way into it through zips (indexes).

    `path` is a path or a URL. `base` is the folder that the archive is, beyond which no neighbour of the file is
    looked for. `digest` is the SHA-256 of its content, or says why there is none; empty before `survey` has looked.
    """

    file: str
    path: str
    base: str
    inside: tuple[int, ...] = ()
    size: int = 0
    digest: str = ""
    mtime: int = 0


def walk(archives: Sequence[str | Path]) -> Iterator[Found | Problem]:
    """List the files of all archives as they lie on disk, zips closed. Raises InputNotFoundError."""
    places = [str(archive) for archive in archives]
    kinds = [kind(place) for place in places]
    for place, sort in zip(places, kinds, strict=True):
        if not sort:
            raise InputNotFoundError(f"{place} does not exist; give a file, a folder or a zip of reports")
    for place, sort, prefix in zip(places, kinds, _prefixes(places, kinds), strict=True):
        yield from _walk_url(place, sort, prefix) if is_url(place) else _walk_here(Path(place), sort, prefix)


def _prefixes(places: Sequence[str], kinds: Sequence[str]) -> list[str]:
    """Return what tells the archives apart: nothing for one alone, else their names, numbered where they repeat."""
    if len(places) == 1:
        return [""]
    result: list[str] = []
    files = Counter(_names(place)[1] for place, sort in zip(places, kinds, strict=True) if sort == "file")
    for place, sort in zip(places, kinds, strict=True):
        folder, own = _names(place)
        twin = sort == "file" and files[own] > 1
        name = readable(own if sort == "folder" else folder) + "/" if sort == "folder" or twin else ""
        number = 2
        while name and name in result:
            name = f"{name.rstrip('/')}-{number}/"
            number += 1
        result.append(name)
    return result


def _names(place: str) -> tuple[str, str]:
    """Return the names of a place's folder and of the place itself."""
    if is_url(place):
        *_, folder, name = ("", *place.rstrip("/").split("/"))
        return folder, name
    path = Path(place).resolve()
    return path.parent.name, path.name


def _walk_here(archive: Path, sort: str, prefix: str) -> Iterator[Found | Problem]:
    """Yield the files below a folder in order, and problems of folders that cannot be listed.

    Links are not followed out of it; a dataset that an earlier run has left there is no part of the archive.
    """
    base = archive if sort == "folder" else archive.parent
    if sort == "file":
        yield _found_here(archive, base, prefix)
        return
    errors: list[OSError] = []
    for folder, folders, files in os.walk(archive, followlinks=False, onerror=errors.append):
        yield from _unlisted(errors, base, prefix)
        if _DATASET in files:
            folders.clear()
            continue
        folders[:] = in_order(folders, files)
        for name in sorted(files):
            path = Path(folder) / name
            if not (is_litter(name) or path.is_symlink() or not path.is_file()):
                yield _found_here(path, base, prefix)
    yield from _unlisted(errors, base, prefix)


def _found_here(path: Path, base: Path, prefix: str) -> Found:
    found = path.stat()
    name = prefix + readable(path.relative_to(base).as_posix())
    return Found(name, str(path), str(base), (), found.st_size, mtime=found.st_mtime_ns)


def _unlisted(errors: list[OSError], base: Path, prefix: str) -> Iterator[Problem]:
    for error in errors:
        where = prefix + readable(Path(error.filename).relative_to(base).as_posix())
        yield Problem("find", "damaged", f"This folder cannot be listed: {error.strerror}.", where)
    errors.clear()


def _walk_url(place: str, sort: str, prefix: str) -> Iterator[Found | Problem]:
    """Yield the files below a URL in the order of `_walk_here`."""
    if sort == "file":
        base, _, name = place.rstrip("/").rpartition("/")
        known = stat(place)
        yield Found(prefix + readable(name), place, base, (), known.size, mtime=known.mtime)
        return
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        address = joined(place, *filter(None, [folder]))
        try:
            entries = {entry.name: entry for entry in listed(address)}
        except OSError as error:
            yield Problem("find", "damaged", f"This folder cannot be listed: {error}.", prefix + folder)
            continue
        files = [name for name, entry in entries.items() if not entry.folder]
        if _DATASET in files:
            continue
        for name in sorted(files):
            if not is_litter(name):
                entry, own = entries[name], f"{folder}/{name}".lstrip("/")
                shown = prefix + readable(own)
                yield Found(
                    shown, entry.address, place.rstrip("/"), (), entry.stat.size, mtime=entry.stat.mtime
                )
        below = in_order([name for name, entry in entries.items() if entry.folder], files)
        waiting += [f"{folder}/{name}".lstrip("/") for name in reversed(below)]


def in_order(folders: Sequence[str], files: Sequence[str]) -> list[str]:
    """Return the folders to go into, sorted: those of pages saved beside them first, so that these stay together."""
    pages = {name.rpartition(".")[0] for name in files if name.lower().endswith((".html", ".htm"))}
    wanted = [name for name in folders if name.lower() not in _LITTER]
    return sorted(wanted, key=lambda name: (page_of(name) not in pages, name))


def page_of(folder: str) -> str | None:
    """Return the name of the page, without its ending, whose pictures a browser puts into a folder of this name."""
    match = _WEB_FOLDER.fullmatch(folder)
    return match["page"] if match else None


def is_litter(name: str) -> bool:
    """Tell what systems and programs leave behind from files of people."""
    return name.lower() in _LITTER or name.startswith(("~$", "._"))


def readable(name: str) -> str:
    """Return a name that any text file can hold, whatever bytes the file system has."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
