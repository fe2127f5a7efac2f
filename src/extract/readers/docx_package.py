"""The package of a Word file: parts and relations, read from the zip within limits, without python objects per cell."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from extract.errors import ReadError
from extract.readers.docx_xml import STRICT, W
from extract.settings import Settings

_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    NotImplementedError,
    ValueError,
    RuntimeError,
    KeyError,
)
_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"


class Package:
    """An open Word file: `body` is its main part's body element."""

    def __init__(self, archive: zipfile.ZipFile, settings: Settings) -> None:
        self._archive = archive
        self._settings = settings
        self._names = set(archive.namelist())
        document = self.part("word/document.xml")
        body = document.find(W + "body") if document is not None else None
        if body is None:
            raise ReadError("damaged", "The main part word/document.xml is missing or has no body.")
        self.body: etree._Element = body
        self._targets = self._relations("word/_rels/document.xml.rels")

    def read(self, name: str) -> bytes:
        """Return the bytes of a part. Raises ReadError: too_large, damaged."""
        try:
            info = self._archive.getinfo(name)
            if info.file_size > self._settings.max_bytes:
                raise ReadError("too_large", f"{name}: {info.file_size} bytes.")
            return self._archive.read(info)
        except _FAULTS as error:
            raise ReadError("damaged", f"{name}: {error}") from error

    def part(self, name: str) -> etree._Element | None:
        """Return the root of an XML part, or None where there is no such part. Entities are never expanded."""
        if name not in self._names:
            return None
        data = self.read(name)
        if b"purl.oclc.org/ooxml" in data[:8192]:
            for strict, usual in STRICT.items():
                data = data.replace(strict, usual)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=False)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise ReadError("damaged", f"{name}: {error}") from error

    def _relations(self, name: str) -> dict[str, tuple[str, bool]]:
        root = self.part(name)
        if root is None:
            return {}
        return {
            r.get("Id", ""): (r.get("Target", ""), r.get("TargetMode") == "External")
            for r in root.iter(_RELATION)
        }

    def target(self, identifier: str) -> tuple[str, bool]:
        """Return the part (or the address) that a relation names, and whether it lies outside the file."""
        target, external = self._targets.get(identifier, ("", False))
        if external or not target:
            return target, external
        path = target.lstrip("/") if target.startswith("/") else posixpath.join("word", target)
        return posixpath.normpath(path), False

    def has(self, name: str) -> bool:
        """Tell whether a part is there."""
        return name in self._names

    def notes(self) -> Iterator[etree._Element]:
        """Yield the footnotes and endnotes that hold text."""
        for name, tag in (("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote")):
            root = self.part(name)
            if root is not None:
                yield from (n for n in root.iter(W + tag) if n.get(W + "type") in {None, "normal"})

    def meta(self) -> dict[str, str]:
        """Return the title of the core properties, where there is one."""
        root = self.part("docProps/core.xml")
        title = (root.findtext(_DC_TITLE) or "").strip() if root is not None else ""
        return {"title": title} if title else {}


def open_package(data: bytes, settings: Settings) -> Package:
    """Open a Word file. Raises ReadError("damaged") where it is no zip or lacks its main part."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _FAULTS as error:
        raise ReadError("damaged", f"{error}") from error
    return Package(archive, settings)
