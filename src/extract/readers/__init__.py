"""Readers: one module per kind of file, each giving the same `Document`."""

from __future__ import annotations

from importlib import import_module

from extract.errors import ReadError
from extract.model import Document, Source
from extract.settings import Settings

_MODULES = {
    "docx": "docx", "doc": "doc", "pdf": "pdf", "html": "html", "picture": "picture", "txt": "text",
    "xlsx": "sheets", "xls": "sheets", "rtf": "rtf", "mht": "mht", "ofd": "ofd",
}  # fmt: skip


def read_document(source: Source, settings: Settings) -> Document:
    """Read a file by its kind. Raises ReadError for what cannot be read; each library is loaded only when needed."""
    if source.kind in {"empty", "encrypted"}:
        raise ReadError(source.kind)
    if source.kind not in _MODULES:
        raise ReadError("unsupported", f"Kind by content: {source.kind}.")
    if len(source.data) > settings.max_bytes:
        raise ReadError("too_large", f"{len(source.data)} bytes.")
    reader = import_module(f"extract.readers.{_MODULES[source.kind]}")
    document: Document = reader.read(source, settings)
    return document
