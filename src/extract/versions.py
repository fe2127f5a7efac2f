"""What a result depends on in this package: a digest of the code and data that reading a kind of file runs through.

A report is read again when that digest is another than when it was read: a new version that mends the PDF reader
reads the PDFs again and leaves the rest. Which modules belong to it is followed from their imports.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

_PACKAGE = Path(__file__).parent
_IMPORT = re.compile(r"^\s*(?:from|import) extract\.([\w.]+)", re.MULTILINE)
_READERS = {"docx": "docx", "doc": "doc", "pdf": "pdf", "html": "html", "picture": "picture", "txt": "text"}
_DATA = frozenset({".csv", ".onnx"})


def reading(kinds: Iterable[str]) -> str:
    """Return the digest for a report whose files are of these kinds."""
    readers = sorted({_READERS[kind] for kind in kinds if kind in _READERS})
    return digest("reading", *(f"readers.{name}" for name in readers))


def everything() -> str:
    """Return the digest for files of every kind: two installations with the same one read the same."""
    return reading(_READERS)


@cache
def digest(*modules: str) -> str:
    """Return 16 hex digits of the code of some modules, of all that they import, and of the package's data."""
    total = sha256()
    for path in sorted({*_closure(modules), *_data()}):
        total.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
        total.update(_bytes(path))
    return total.hexdigest()[:16]


def _closure(modules: Iterable[str]) -> set[Path]:
    waiting = [path for name in modules if (path := _path(name))]
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            names = _IMPORT.findall(_bytes(path).decode("utf-8"))
            waiting += [found for name in names if (found := _path(name))]
    return seen


def _path(name: str) -> Path | None:
    """Return the file of a module of ours; of `form` the package's, of `readers.docx` the module's."""
    base = _PACKAGE.joinpath(*name.split("."))
    choices = (base.with_suffix(".py"), base / "__init__.py")
    return next((path for path in choices if path.is_file()), None)


@cache
def _data() -> tuple[Path, ...]:
    return tuple(path for path in _PACKAGE.rglob("*") if path.suffix in _DATA)


@cache
def _bytes(path: Path) -> bytes:
    return path.read_bytes()
