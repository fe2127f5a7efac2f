"""Where archives and datasets lie: paths of this machine, or any place that fsspec knows by a URL (`s3://…`).

A place is a text. The library fsspec is loaded for URLs only; it comes with the extra `extract[dask]`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from extract.errors import EnvironmentFault, OutputError

_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]+://")
_IN_PROCESS = ("memory://",)
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "created")
"""What the file systems of fsspec call the time of the last change."""


class Stat(NamedTuple):
    """Size in bytes and time of the last change in nanoseconds, 0 where the place keeps none."""

    size: int
    mtime: int


class Listed(NamedTuple):
    """What stands in a folder of a place: its whole address, its name, whether it is a folder."""

    address: str
    name: str
    folder: bool
    stat: Stat


def is_url(place: str) -> bool:
    """Tell a URL from a path."""
    return bool(_URL.match(place))


def is_shared(place: str) -> bool:
    """Tell whether another process sees this place too: `memory://` is seen by its own process alone."""
    return not place.startswith(_IN_PROCESS)


def filesystem(url: str) -> tuple[Any, str]:
    """Return the file system of a URL and the path in it. Raises EnvironmentFault where its library is missing."""
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - loaded only where a URL is given

        return cast("tuple[Any, str]", url_to_fs(url))
    except ImportError as error:
        raise EnvironmentFault(
            f"{url} needs a library that is not installed ({error}); run: pip install 'gov-report-extract[dask]', "
            "and for s3:// also s3fs"
        ) from error
    except ValueError as error:
        raise EnvironmentFault(f"{url}: {error}") from error


def opened(place: str) -> IO[bytes]:
    """Open a file to read. Raises OSError."""
    if not is_url(place):
        return Path(place).open("rb")
    files, path = filesystem(place)
    return cast("IO[bytes]", files.open(path, "rb"))


def content(place: str) -> bytes:
    """Return a file's bytes. Raises OSError."""
    if not is_url(place):
        return Path(place).read_bytes()
    files, path = filesystem(place)
    return bytes(files.cat_file(path))


def stat(place: str) -> Stat:
    """Return size and time of a file. Raises OSError."""
    if not is_url(place):
        found = os.stat(place)  # noqa: PTH116 - called once per file of an archive; a Path costs more than the call
        return Stat(found.st_size, found.st_mtime_ns)
    files, path = filesystem(place)
    return _stat(files.info(path))


def kind(place: str) -> str:
    """Return `file`, `folder`, or an empty text where nothing is."""
    try:
        if is_url(place):
            files, path = filesystem(place)
            if files.isfile(path):
                return "file"
            return "folder" if files.isdir(path) else ""
        path_here = Path(place)
        return "folder" if path_here.is_dir() else "file" if path_here.exists() else ""
    except (OSError, ValueError):  # a name that the system does not take
        return ""


def listed(url: str) -> Iterator[Listed]:
    """Yield what stands in a folder of a URL. Raises OSError."""
    files, path = filesystem(url)
    for info in files.ls(path, detail=True):
        name = info["name"].rstrip("/").rpartition("/")[2]
        if info["name"].rstrip("/") != path.rstrip("/"):
            yield Listed(joined(url, name), name, info["type"] == "directory", _stat(info))


def joined(place: str, *names: str) -> str:
    """Return the address of a file below a place."""
    if is_url(place):
        return "/".join((place.rstrip("/"), *names))
    return str(Path(place, *names))


def _stat(info: dict[str, Any]) -> Stat:
    moment = next((info[name] for name in _TIMES if info.get(name)), 0)
    seconds = moment.timestamp() if isinstance(moment, datetime) else float(moment)
    return Stat(int(info.get("size") or 0), int(seconds * 1e9))


def absolute(place: str) -> str:
    """Return a place so that it means the same from wherever it is looked at."""
    return place.rstrip("/") if is_url(place) else str(Path(place).resolve())


def fetch(url: str, folder: Path, names: Iterable[str]) -> None:
    """Copy files of a URL into a folder of this machine, those that are there."""
    files, path = filesystem(url)
    for name in names:
        if files.exists(f"{path}/{name}"):
            files.get_file(f"{path}/{name}", str(folder / name))


def send(folder: Path, url: str) -> None:
    """Copy the files of a folder of this machine to a URL. Raises OutputError."""
    files, path = filesystem(url)
    try:
        files.makedirs(path, exist_ok=True)
        for file in sorted(folder.iterdir()):
            if file.is_file():
                files.put_file(str(file), f"{path}/{file.name}")
    except OSError as error:
        raise OutputError(f"cannot write {url}: {error}; choose another -o") from error
