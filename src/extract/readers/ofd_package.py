"""The package of an OFD file: its pages, their backgrounds and media, read from the zip within limits."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from extract.errors import ReadError
from extract.settings import Settings

_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError, RuntimeError)
_A4 = "0 0 210 297"
_POINTS = 72 / 25.4


def local(element: etree._Element) -> str:
    """Return a tag without its namespace: programs write the standard's, an older one, or none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element, name: str = "") -> list[etree._Element]:
    """Return the children of a name, or all."""
    return [child for child in element if local(child) and (not name or local(child) == name)]


def first(element: etree._Element, *path: str) -> etree._Element | None:
    """Return the first element down a path of names, or None."""
    found: etree._Element | None = element
    for name in path:
        found = next(iter(children(found, name)), None) if found is not None else None
    return found


def _words(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


class Package:
    """An open OFD file and its first document. Raises ReadError: damaged, encrypted, too_large."""

    def __init__(self, data: bytes, settings: Settings) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _FAULTS as error:
            raise ReadError("damaged", f"{error}") from error
        infos = self._archive.infolist()
        self._names = {info.filename.replace("\\", "/").lstrip("/"): info for info in infos}
        if any(name.endswith("Encryptions.xml") for name in self._names) or any(
            i.flag_bits & 1 for i in infos
        ):
            raise ReadError("encrypted")
        if sum(info.file_size for info in infos) > settings.max_bytes:
            raise ReadError("too_large", "The parts of the package, unpacked.")
        root = self._xml("OFD.xml")
        body = first(root, "DocBody") if root is not None else None
        if body is None:
            raise ReadError("damaged", "OFD.xml is missing or names no document.")
        self.title = _words(first(body, "DocInfo", "Title"))
        self._main = self._path("", _words(first(body, "DocRoot")))
        document = self._xml(self._main)
        if document is None:
            raise ReadError("damaged", f"{self._main} is missing or damaged.")
        self._document = document
        self._media = dict(self._media_files())

    def pages(self) -> Iterator[tuple[str, etree._Element | None, list[etree._Element]]]:
        """Yield the pages in order: name of the part, its content or None where that is lost, and its backgrounds."""
        common = first(self._document, "CommonData")
        templates = {
            t.get("ID", ""): self._path(self._main, t.get("BaseLoc", ""))
            for t in (children(common, "TemplatePage") if common is not None else ())
        }
        listed = first(self._document, "Pages")
        for entry in children(listed, "Page") if listed is not None else ():
            path = self._path(self._main, entry.get("BaseLoc", ""))
            page = self._xml(path)
            named = [t.get("TemplateID", "") for t in children(page, "Template")] if page is not None else []
            backgrounds = [self._xml(templates[name]) for name in named if name in templates]
            yield path, page, [b for b in backgrounds if b is not None]

    def size(self, page: etree._Element) -> tuple[float, float]:
        """Return width and height of a page in points: its own, the document's, or those of A4."""
        areas = (
            first(page, "Area", "PhysicalBox"),
            first(self._document, "CommonData", "PageArea", "PhysicalBox"),
        )
        for text in (*(_words(area) for area in areas), _A4):
            try:
                _, _, width, height = (float(n) * _POINTS for n in text.split())
            except ValueError:
                continue
            if width > 1 and height > 1:
                return width, height
        raise ReadError("damaged", "A page has no size.")

    def media(self, identifier: str) -> bytes:
        """Return the bytes of a picture, or b"" where it is not there."""
        return self._bytes(self._media.get(identifier, "")) or b""

    def _media_files(self) -> Iterator[tuple[str, str]]:
        common = first(self._document, "CommonData")
        for resource in children(common) if common is not None else ():
            if local(resource) not in {"PublicRes", "DocumentRes"}:
                continue
            path = self._path(self._main, _words(resource))
            root = self._xml(path)
            media = first(root, "MultiMedias") if root is not None else None
            base = posixpath.join(
                posixpath.dirname(path), root.get("BaseLoc", "") if root is not None else "", "x"
            )
            for entry in children(media) if media is not None else ():
                yield entry.get("ID", ""), self._path(base, _words(first(entry, "MediaFile")))

    @staticmethod
    def _path(beside: str, name: str) -> str:
        """Return a part's name: from the root where it begins with a stroke, else beside the part that names it."""
        if name.startswith("/"):
            return name.lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(beside), name)) if name else ""

    def _bytes(self, name: str) -> bytes | None:
        info = self._names.get(name)
        if info is None:
            return None
        try:
            return self._archive.read(info)
        except _FAULTS as error:
            raise ReadError("damaged", f"{name}: {error}") from error

    def _xml(self, name: str) -> etree._Element | None:
        data = self._bytes(name)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        try:
            return etree.fromstring(data, parser) if data else None
        except (etree.XMLSyntaxError, ValueError):
            return None
