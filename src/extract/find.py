"""Find the files of archives, those in zips too, and load them; nothing is ever unpacked to disk."""

from __future__ import annotations

import io
import posixpath
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO
from urllib.parse import unquote
from zipfile import ZipFile

from extract.archive import Member, claimed_members, extract_member, members, open_zip
from extract.containers import as_zip, may_be_container
from extract.errors import ReadError
from extract.kinds import kind_of
from extract.model import Problem, Source
from extract.places import content, is_url, joined, kind, stat
from extract.places import opened as open_place
from extract.settings import Settings
from extract.walk import Found, is_litter, readable, walk

__all__ = ["Found", "find", "load", "may_be_zip", "neighbour", "opened"]

_FEW_MEMBERS = 2000
_SMALL_ZIP = 20_000_000
_HELD_IN_MEMORY = 50_000_000
_CONTAINERS = (".zip", ".eml", ".7z")
_KINDS = frozenset({"zip", "eml", "7z"})
_HEAD = 8192


def find(archives: Sequence[str | Path], settings: Settings) -> Iterator[Found | Problem]:
    """List the files of all archives, sorted, those in zips too; a zip that cannot be opened is a problem.

    With several archives each file's name begins with its archive's. Raises InputNotFoundError for one that is
    not there.
    """
    for item in walk(archives):
        if isinstance(item, Problem):
            yield item
        else:
            yield from opened(item, settings)


class _Budget:
    """What a zip may still unpack to, with the zips in it."""

    def __init__(self, settings: Settings) -> None:
        self.members, self.bytes = settings.max_zip_members, settings.max_unpacked

    def take(self, listed: Sequence[Member]) -> None:
        """Take a zip's members out of it. Raises ReadError `too_large`."""
        self.members -= len(listed)
        self.bytes -= sum(member.size for member in listed)
        if self.members < 0 or self.bytes < 0:
            raise ReadError("too_large", "The zip holds more than the limits allow; split it.")


def opened(found: Found, settings: Settings, budget: _Budget | None = None) -> Iterator[Found | Problem]:
    """Yield a file, or, where it is a zip, what is in it."""
    if len(found.inside) > settings.max_zip_depth:
        yield Problem("find", "too_large", "Zips inside zips beyond the limit.", found.file)
        return
    budget = budget or _Budget(settings)
    try:
        zipped = _is_zip(found, settings)
        inside = list(members(_zip_of(found, settings))) if zipped else []
        budget.take(inside)
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
    for member in sorted(inside, key=lambda m: (m.name, m.index)):
        if any(map(is_litter, member.name.split("/"))):
            continue
        seen[member.name] = seen.get(member.name, 0) + 1
        again = f" ({seen[member.name]})" if seen[member.name] > 1 else ""
        name = f"{found.file}!{readable(member.name)}{again}"
        way = (*found.inside, member.index)
        yield from opened(
            Found(name, found.path, found.base, way, member.size, mtime=found.mtime), settings, budget
        )


def may_be_zip(found: Found) -> bool:
    """Tell a file that has to be looked into from one that surely is none, or is a document packed as one.

    Cheap and safe: a directory is read here only where it claims few members.
    """
    with open_place(found.path) as stream:
        head = stream.read(_HEAD)
        if not may_be_container(head):
            return False
        if not head.startswith(b"PK"):
            return True
        if claimed_members(stream) > _FEW_MEMBERS or found.size > _SMALL_ZIP:
            return True
        stream.seek(0)
        return kind_of(stream.read()) == "zip"


def _is_zip(found: Found, settings: Settings) -> bool:
    """Tell a zip to be opened from a document that is packed as one."""
    if found.inside:
        return found.file.lower().endswith(_CONTAINERS) and kind_of(load_bytes(found, settings)) in _KINDS
    with open_place(found.path) as stream:
        if not may_be_container(stream.read(_HEAD)):
            return False
    if found.size <= settings.max_bytes:
        return kind_of(load_bytes(found, settings)) in _KINDS
    names = {member.name for member in members(_zip_of(found, settings))}
    return not names & {"word/document.xml", "xl/workbook.xml", "OFD.xml"}


def load_bytes(found: Found, settings: Settings) -> bytes:
    """Return a file's bytes. Raises ReadError and OSError."""
    if found.inside:
        outer = _ZIPS.get(found.path, found.inside[:-1], settings)
        return extract_member(outer, found.inside[-1], settings)
    if found.size > settings.max_bytes:
        raise ReadError("too_large", f"{found.size} bytes.")
    return content(found.path)


def _zip_of(found: Found, settings: Settings) -> ZipFile:
    return _ZIPS.get(found.path, found.inside, settings)


class _Zips:
    """The zips opened last, on disk or within another: each of a zip's members asks for it again."""

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._open: OrderedDict[tuple[str, int, tuple[int, ...]], tuple[ZipFile, IO[bytes]]] = OrderedDict()

    def get(self, path: str, inside: tuple[int, ...], settings: Settings) -> ZipFile:
        """Return an open zip. Raises ReadError, OSError."""
        known = stat(path)
        key = (path, known.mtime, inside)
        if key not in self._open:
            archive, stream = self._opened(path, inside, known.size, settings)
            self._open[key] = archive, stream
            while len(self._open) > self._most:
                self._open.popitem(last=False)[1][1].close()
        self._open.move_to_end(key)
        return self._open[key][0]

    def _opened(
        self, path: str, inside: tuple[int, ...], size: int, settings: Settings
    ) -> tuple[ZipFile, IO[bytes]]:
        if inside:
            outer = self.get(path, inside[:-1], settings)
            stream: IO[bytes] = io.BytesIO(as_zip(extract_member(outer, inside[-1], settings)))
        elif size <= _HELD_IN_MEMORY:
            stream = io.BytesIO(as_zip(content(path)))
        else:
            stream = open_place(path)
        try:
            return open_zip(stream), stream
        except ReadError:
            stream.close()
            raise


_ZIPS = _Zips()


def load(found: Found, settings: Settings) -> Source:
    """Load a file. Raises ReadError where it cannot be had."""
    try:
        data = load_bytes(found, settings)
    except OSError as error:
        raise ReadError("damaged", f"{error.strerror or error}") from error
    return Source(found.file, data, kind_of(data), partial(_neighbour, found, settings))


def _neighbour(found: Found, settings: Settings, reference: str) -> bytes | None:
    near = neighbour(found, settings, reference)
    return near[1] if near else None


def neighbour(found: Found, settings: Settings, reference: str) -> tuple[str, bytes | None] | None:
    """Return the file that a reference relative to this file names: its name in the archive, and its bytes if any.

    None for a reference that leads out of the archive: nothing there is ever looked at.
    """
    name = unquote(reference.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]).replace("\\", "/")
    if not name or name.startswith(("/", "//")) or ":" in name[:8]:
        return None
    try:
        return _zipped(found, settings, name) if found.inside else _beside(found, settings, name)
    except (OSError, ReadError, ValueError):
        return None  # what cannot be read is as good as not there: the reader reports the picture as missing


def _beside(found: Found, settings: Settings, name: str) -> tuple[str, bytes | None] | None:
    if is_url(found.path):
        own = found.path[len(found.base) :].lstrip("/")
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(own), name))
        if wanted.startswith("../") or wanted == "..":
            return None
        path, there = joined(found.base, wanted), wanted
    else:
        base = Path(found.base).resolve()
        resolved = (Path(found.path).parent / name).resolve()
        if not resolved.is_relative_to(base):
            return None
        path, there = str(resolved), resolved.relative_to(base).as_posix()
        own = Path(found.path).relative_to(found.base).as_posix()
    shown = found.file[: len(found.file) - len(readable(own))] + readable(there)
    if kind(path) != "file" or stat(path).size > settings.max_bytes:
        return shown, None
    return shown, content(path)


def _zipped(found: Found, settings: Settings, name: str) -> tuple[str, bytes | None]:
    outer = _ZIPS.get(found.path, found.inside[:-1], settings)
    listing = {member.name: member.index for member in members(outer)}
    own = next((m for m, index in listing.items() if index == found.inside[-1]), "")
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(own), name))
    shown = f"{found.file.rpartition('!')[0]}!{readable(wanted)}"
    return shown, extract_member(outer, listing[wanted], settings) if wanted in listing else None
