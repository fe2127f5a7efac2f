"""The package of a Word file: parts and relations, read from the zip within limits, without python objects per cell."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from extract.errors import ReadError
from extract.readers.docx_xml import STRICT, W, find
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


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    target: str
    external: bool


class Package:
    """An open Word file: `body` is its main part's body element."""

    def __init__(self, archive: zipfile.ZipFile, settings: Settings) -> None:
        self._archive = archive
        self.settings = settings
        self._members = {info.filename.replace("\\", "/"): info for info in archive.infolist()}
        self._main = self._main_part()
        document = self.part(self._main)
        body = find(document, "body") if document is not None else None
        if body is None:
            raise ReadError("damaged", f"The main part {self._main} is missing or has no body.")
        self.body: etree._Element = body
        self._targets = self._relations(self._main)

    def _main_part(self) -> str:
        """Return the part that the package names as its main one: some programs write word/document2.xml."""
        for relation in self._relations("").values():
            if relation.kind == "officeDocument" and relation.target.lstrip("/") in self._members:
                return relation.target.lstrip("/")
        return "word/document.xml"

    def read(self, name: str) -> bytes:
        """Return the bytes of a part. Raises ReadError: too_large, damaged."""
        try:
            info = self._members[name]
            if info.flag_bits & 1:
                raise ReadError("encrypted")
            if info.file_size > self.settings.max_bytes:
                raise ReadError("too_large", f"{name}: {info.file_size} bytes.")
            return self._archive.read(info)
        except _FAULTS as error:
            raise ReadError("damaged", f"{name}: {error}") from error

    def part(self, name: str) -> etree._Element | None:
        """Return the root of an XML part, or None where there is no such part. Entities are never expanded."""
        if name not in self._members:
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

    def _relations(self, part: str) -> dict[str, _Relation]:
        """Return the relations of a part by identifier; those of the package itself for an empty name."""
        folder, name = posixpath.split(part)
        root = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        if root is None:
            return {}
        return {
            r.get("Id", ""): _Relation(
                r.get("Type", "").rpartition("/")[2], r.get("Target", ""), r.get("TargetMode") == "External"
            )
            for r in root.iter(_RELATION)
        }

    def target(self, identifier: str) -> tuple[str, bool]:
        """Return the part (or the address) that a relation names, and whether it lies outside the file."""
        relation = self._targets.get(identifier)
        if relation is None or not relation.target or relation.external:
            return (relation.target, True) if relation is not None and relation.external else ("", False)
        return self._path(relation.target), False

    def _path(self, target: str) -> str:
        folder = posixpath.dirname(self._main)
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        return posixpath.normpath(path.replace("\\", "/"))

    def related(self, kind: str) -> etree._Element | None:
        """Return the root of the part of a kind (`numbering`, `styles`) that the main part names, or None."""
        for relation in self._targets.values():
            if relation.kind == kind and not relation.external:
                return self.part(self._path(relation.target))
        return None

    def has(self, name: str) -> bool:
        """Tell whether a part is there."""
        return name in self._members

    def notes(self) -> Iterator[etree._Element]:
        """Yield the footnotes and endnotes that hold text."""
        for kind in ("footnote", "endnote"):
            root = self.related(f"{kind}s")
            if root is not None:
                yield from (n for n in root.iter(W + kind) if n.get(W + "type") in {None, "normal"})

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
