"""Find the files of archives, in a fixed order, and load them; folders, zip files and zips inside them."""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import unquote

from extract.archive import extract_member, members
from extract.containers import may_be_container
from extract.errors import InputNotFoundError, ReadError
from extract.kinds import kind_of
from extract.model import Problem, Source
from extract.settings import Settings

_DATASET = frozenset({"reports.duckdb", "datapackage.json", "cells.csv"})
_CONTAINERS = (".zip", ".eml", ".7z")
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", "__macosx", ".git"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file found: its name in the archive, the file on disk, and the way into it through zips (indexes).

    `base` is the folder that the archive is, beyond which no neighbour of the file is looked for.
    """

    file: str
    path: str
    base: str
    inside: tuple[int, ...] = ()
    size: int = 0


def find(archives: Sequence[Path], settings: Settings) -> Iterator[Found | Problem]:
    """List the files of all archives, sorted; a zip that cannot be opened is a problem.

    With several archives each file's name begins with its archive's. Raises InputNotFoundError for one that is
    not there.
    """
    for archive in archives:
        if not _exists(archive):
            raise InputNotFoundError(f"{archive} does not exist; give a file, a folder or a zip of reports")
    names = _prefixes(archives)
    for archive, prefix in zip(archives, names, strict=True):
        base = archive if archive.is_dir() else archive.parent
        for path in _walk(archive):
            if isinstance(path, OSError):
                where = prefix + _readable(Path(path.filename).relative_to(base).as_posix())
                yield Problem("find", "damaged", f"This folder cannot be listed: {path.strerror}.", where)
                continue
            shown = prefix + _readable(path.relative_to(base).as_posix())
            yield from _opened(Found(shown, str(path), str(base), (), path.stat().st_size), settings)


def _prefixes(archives: Sequence[Path]) -> list[str]:
    """Return what tells the archives apart: nothing for one alone, else their names, numbered where they repeat."""
    if len(archives) == 1:
        return [""]
    result: list[str] = []
    files = Counter(archive.name for archive in archives if not archive.is_dir())
    for archive in archives:
        twin = files[archive.name] > 1
        place = archive.resolve() if archive.is_dir() else archive.resolve().parent
        name = _readable(place.name) + "/" if archive.is_dir() or twin else ""
        number = 2
        while name and name in result:
            name = f"{name.rstrip('/')}-{number}/"
            number += 1
        result.append(name)
    return result


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that the system does not take
        return False


def _walk(archive: Path) -> Iterator[Path | OSError]:
    """Yield the files below a folder in order, and the errors of folders that cannot be listed.

    Links are not followed out of it; a dataset that an earlier run has left there is no part of the archive.
    """
    if archive.is_file():
        yield archive
        return
    errors: list[OSError] = []
    for folder, folders, files in os.walk(archive, followlinks=False, onerror=errors.append):
        yield from errors
        errors.clear()
        if set(files) >= _DATASET:
            folders.clear()
            continue
        folders[:] = sorted(f for f in folders if f.lower() not in _LITTER)
        for name in sorted(files):
            path = Path(folder) / name
            if (
                name.lower() in _LITTER
                or name.startswith(("~$", "._"))
                or path.is_symlink()
                or not path.is_file()
            ):
                continue
            yield path
    yield from errors


def _readable(name: str) -> str:
    """Return a name that any text file can hold, whatever bytes the file system has."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _opened(found: Found, settings: Settings) -> Iterator[Found | Problem]:
    """Yield a file, or, where it is a zip, what is in it."""
    if len(found.inside) > settings.max_zip_depth:
        yield Problem("find", "too_large", "Zips inside zips beyond the limit.", found.file)
        return
    try:
        zipped = _is_zip(found, settings)
        listed = list(members(_bytes(found, settings))) if zipped else []
    except ReadError as error:
        yield Problem("find", error.kind, error.detail, found.file)
        return
    except OSError as error:
        yield Problem("find", "damaged", f"{error.strerror or error}", found.file)
        return
    if not zipped:
        yield found
        return
    seen: dict[str, int] = {}
    for member in sorted(listed, key=lambda m: (m.name, m.index)):
        parts = member.name.lower().split("/")
        if _LITTER & set(parts) or parts[-1].startswith(("~$", "._")):
            continue
        seen[member.name] = seen.get(member.name, 0) + 1
        again = f" ({seen[member.name]})" if seen[member.name] > 1 else ""
        name = f"{found.file}!{_readable(member.name)}{again}"
        yield from _opened(
            Found(name, found.path, found.base, (*found.inside, member.index), member.size), settings
        )


def _is_zip(found: Found, settings: Settings) -> bool:
    """Tell a zip to be opened from a document that is packed as one, reading the whole file only where it may be."""
    if not found.inside:
        with Path(found.path).open("rb") as stream:
            if not may_be_container(stream.read(8192)):
                return False
    elif not found.file.lower().endswith(_CONTAINERS):
        return False
    return kind_of(_bytes(found, settings)) in {"zip", "eml", "7z"}


def _bytes(found: Found, settings: Settings) -> bytes:
    if found.size > settings.max_bytes and not found.inside:
        raise ReadError("too_large", f"{found.size} bytes.")
    data = _outer(found.path, Path(found.path).stat().st_mtime_ns)
    for index in found.inside:
        data = extract_member(data, index, settings)
    return data


@lru_cache(maxsize=2)
def _outer(path: str, _: int) -> bytes:
    """Return a file's bytes; a zip is asked for again by each of its members."""
    return Path(path).read_bytes()


def load(found: Found, settings: Settings) -> Source:
    """Load a file. Raises ReadError where it cannot be had."""
    try:
        data = _bytes(found, settings)
    except OSError as error:
        raise ReadError("damaged", f"{error.strerror or error}") from error
    return Source(found.file, data, kind_of(data), partial(_neighbour, found, settings))


def _neighbour(found: Found, settings: Settings, reference: str) -> bytes | None:
    """Return the file that a reference relative to this file names, never one outside the archive."""
    name = unquote(reference.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]).replace("\\", "/")
    if not name or name.startswith(("/", "//")) or ":" in name[:8]:
        return None
    try:
        return _zipped(found, settings, name) if found.inside else _beside(found, settings, name)
    except (OSError, ReadError, ValueError):
        return None  # what cannot be read is as good as not there: the reader reports the picture as missing


def _beside(found: Found, settings: Settings, name: str) -> bytes | None:
    base = Path(found.base).resolve()
    path = (Path(found.path).parent / name).resolve()
    if not path.is_relative_to(base) or not path.is_file() or path.stat().st_size > settings.max_bytes:
        return None
    return path.read_bytes()


def _zipped(found: Found, settings: Settings, name: str) -> bytes | None:
    outer = Found(found.file, found.path, found.base, found.inside[:-1])
    data = _bytes(outer, settings)
    listed = {member.name: member.index for member in members(data)}
    own = next((m for m, index in listed.items() if index == found.inside[-1]), "")
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(own), name))
    return extract_member(data, listed[wanted], settings) if wanted in listed else None
