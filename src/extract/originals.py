"""The published files behind a dataset: where its archives are, and one of their files by its name in the dataset."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from extract.errors import ExtractError, ReadError
from extract.find import Found, find, load
from extract.model import Source
from extract.settings import Settings


def remember_archives(connection: duckdb.DuckDBPyConnection, archives: Sequence[Path]) -> None:
    """Note in the store where the archives of a run are on this machine, in the order given."""
    connection.execute("CREATE OR REPLACE TABLE archives (number INTEGER, path VARCHAR)")
    for number, archive in enumerate(archives):
        connection.execute("INSERT INTO archives VALUES (?, ?)", [number, str(Path(archive).resolve())])


def known_archives(connection: duckdb.DuckDBPyConnection) -> list[Path]:
    """Return where the archives of the last run were; empty where the store does not say."""
    try:
        rows = connection.execute("SELECT path FROM archives ORDER BY number").fetchall()
    except duckdb.CatalogException:
        return []
    return [Path(row[0]) for row in rows]


class Originals:
    """The files of some archives, by their names in the dataset; nothing outside the archives is ever opened."""

    def __init__(self, archives: Sequence[Path], settings: Settings) -> None:
        self.archives = [archive for archive in archives if archive.exists()]
        self._settings = settings
        self._index: dict[str, Found] | None = None

    def path(self, file: str) -> Path | None:
        """Return where a file, or the zip it is in, lies on disk; None where it is not in the archives."""
        outer = file.partition("!")[0]
        several = len(self.archives) > 1  # each name then begins with its archive's
        for archive in self.archives:
            base = (archive if archive.is_dir() else archive.parent).resolve()
            for name in (outer, outer.partition("/")[2]) if several else (outer,):
                path = base / name
                if (
                    name
                    and path.is_file()
                    and not path.is_symlink()
                    and _within(path.resolve(), archive.resolve())
                ):
                    return path
        return None

    def load(self, file: str) -> Source:
        """Load a file. Raises ReadError, also where it is not there (any more)."""
        found = self._find(file)
        if found is None:
            raise ReadError(
                "damaged", f"{file} is not in the archives: {', '.join(map(str, self.archives)) or '-'}"
            )
        return load(found, self._settings)

    def _find(self, file: str) -> Found | None:
        if self._index is None:
            quick = self._near(file)
            if quick is not None:
                return quick
            self._index = {f.file: f for f in self._all(self.archives)}
        return self._index.get(file)

    def _near(self, file: str) -> Found | None:
        """Find a file of a single folder without looking at all the others; None says nothing yet."""
        path = self.path(file) if len(self.archives) == 1 and self.archives[0].is_dir() else None
        if path is None:
            return None
        inner = file.partition("!")[2]
        if not inner:
            return Found(file, str(path), str(self.archives[0].resolve()), (), path.stat().st_size)
        return next((f for f in self._all([path]) if f.file.partition("!")[2] == inner), None)

    def _all(self, archives: Sequence[Path]) -> list[Found]:
        try:
            return [item for item in find(archives, self._settings) if isinstance(item, Found)]
        except (ExtractError, OSError):
            return []  # an archive that went away: its files are told as not found, one by one


def _within(path: Path, archive: Path) -> bool:
    return path == archive or path.is_relative_to(archive)
