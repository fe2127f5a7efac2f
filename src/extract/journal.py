"""What a run has seen and done, kept in the store, so that the next goes on from there.

    listing    the files on disk, in order: path, size, time            written anew by every run
    entries    what is in each: itself, or what its zip holds, with digests; found again by path, size and time
    units      the reports they make up, in order                       written anew by every run
    done       the reports that are read, with their content and the version that read them
    todo       what is left to read

All of it is asked in SQL and read in pages: nothing here grows with the archive.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import Any, TypeVar

from extract.group import Group
from extract.model import Problem
from extract.record import id_of
from extract.settings import Settings
from extract.store import Store
from extract.walk import Found

_PAGE = 2000
_RECENT = 2_000_000_000
"""Nanoseconds; a file changed so shortly before it was looked at may change again within the same tick of its clock."""
_T = TypeVar("_T")


class Journal:
    """The journal of a store. Every method raises OutputError where the store cannot be written."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_files(self, items: Iterable[Found | Problem]) -> str:
        """Keep the listing of the archives; return its digest, empty where a file is too fresh to be relied on."""
        total, fresh, n = sha256(), False, 0
        limit = time.time_ns() - _RECENT
        with self._store.transaction() as sql:
            sql.execute("DELETE FROM journal.listing; DELETE FROM journal.entries WHERE recent")
            for page in pages(items):
                rows = [_listed(n + i, item) for i, item in enumerate(page)]
                total.update(repr([row[1:] for row in rows]).encode())
                fresh |= any(row[5] > limit for row in rows)
                n += len(rows)
                self._store.insert_rows("journal.listing", rows)
        return "" if fresh else total.hexdigest()

    def forget(self, reread: str) -> None:
        """Have files looked into again: `all`, or those in which that failed."""
        which = (
            "" if reread == "all" else " WHERE path IN (SELECT path FROM journal.entries WHERE kind <> '')"
        )
        if reread != "none":
            self._store.rows(f"DELETE FROM journal.entries{which}")  # noqa: S608 - one of two texts of ours

    def unseen(self) -> Iterator[list[Found]]:
        """Yield, in pages, the files that were not looked into since they changed."""
        after = -1
        while True:
            rows = self._store.rows(
                """SELECT n, file, path, base, size, mtime FROM journal.listing l
                ANTI JOIN journal.entries e USING (path, size, mtime)
                WHERE n > ? AND size >= 0 ORDER BY n LIMIT ?""", [after, _PAGE],
            )  # fmt: skip
            if not rows:
                return
            after = rows[-1][0]
            yield list(
                {
                    path: _found(file, path, base, size, mtime) for _, file, path, base, size, mtime in rows
                }.values()
            )

    def seen(self, looked: Sequence[tuple[Found, Sequence[Found | Problem]]]) -> None:
        """Keep what is in some files of the listing."""
        now = time.time_ns()
        rows: list[tuple[Any, ...]] = []
        for disk, items in looked:
            head = (os.fsencode(disk.path), disk.size, disk.mtime)
            recent = disk.mtime > now - _RECENT
            rows.append((*head, -1, "", "", 0, "", "", "", recent))
            rows += [(*head, m, *_entry(disk, item), recent) for m, item in enumerate(items)]
        with self._store.transaction():
            self._store.insert_rows("journal.entries", rows)

    def entries(self) -> Iterator[Found]:
        """Yield the files of the archives in order, those in zips too, with their digests."""
        for rows in self._paged(
            """SELECT l.n, l.file || e.suffix, l.path, l.base, e.inside, e.bytes, e.digest, l.mtime
            FROM journal.listing l JOIN journal.entries e USING (path, size, mtime)
            WHERE e.m >= 0 AND e.kind = '' AND l.n >= ? AND l.n < ? ORDER BY l.n, e.m""", "listing",
        ):  # fmt: skip
            for _, file, path, base, inside, size, known, mtime in rows:
                way = tuple(map(int, inside.split())) if inside else ()
                yield Found(file, os.fsdecode(path), os.fsdecode(base), way, size, known, mtime)

    def found_problems(self) -> Iterator[tuple[int, Problem]]:
        """Yield the problems met in finding files, each with its place in the listing."""
        for rows in self._paged(
            """SELECT n, file, base, '' FROM journal.listing WHERE size < 0 AND n >= ? AND n < ? ORDER BY n""",
            "listing",
        ):
            for n, file, text, _ in rows:
                kind, detail = json.loads(bytes(text).decode())
                yield n, Problem("find", kind, detail, file)
        for rows in self._paged(
            """SELECT l.n, l.file || e.suffix, e.kind, e.detail FROM journal.listing l
            JOIN journal.entries e USING (path, size, mtime)
            WHERE e.kind <> '' AND l.n >= ? AND l.n < ? ORDER BY l.n, e.m""", "listing",
        ):  # fmt: skip
            yield from ((n, Problem("find", kind, detail, file)) for n, file, kind, detail in rows)

    def make_units(self, groups: Iterable[Group], settings: Settings) -> None:
        """Keep the reports that the files make up."""
        options, n = settings.reading, 0
        with self._store.transaction() as sql:
            sql.execute("DELETE FROM journal.units")
            for page in pages(groups):
                self._store.insert_rows(
                    "journal.units", [_unit(n + i, part, options) for i, part in enumerate(page)]
                )
                n += len(page)

    def units(self) -> Iterator[tuple[Group, str, Group | None]]:
        """Yield the reports in order; of one whose content stands in the archive before, the first's key and files too."""
        for rows in self._paged(
            """SELECT u.n, u.payload, coalesce(f.key, ''), coalesce(f.payload, '') FROM journal.units u
            LEFT JOIN (SELECT content, arg_min(key, n) AS key, arg_min(payload, n) AS payload, min(n) AS n
                FROM journal.units GROUP BY content HAVING count(*) > 1) f ON f.content = u.content AND f.n < u.n
            WHERE u.n >= ? AND u.n < ? ORDER BY u.n""", "units",
        ):  # fmt: skip
            for _, payload, first, text in rows:
                yield group_of(payload), first, group_of(text) if text else None

    def todo(self, limit: int = 256) -> Iterator[tuple[str, str, Group]]:
        """Yield key, content and files of each report that is left to read, in order."""
        after = -1
        while rows := self._store.rows(
            "SELECT n, key, payload FROM journal.todo WHERE n > ? ORDER BY n LIMIT ?", [after, limit]
        ):
            after = rows[-1][0]
            for _, key, payload in rows:
                part = group_of(payload)
                yield key, content_of(part), part

    def _paged(self, query: str, table: str) -> Iterator[list[tuple[Any, ...]]]:
        """Run a query for one stretch of places after the other."""
        last = self._store.number(f"SELECT coalesce(max(n), -1) FROM journal.{table}")  # noqa: S608 - a table of ours
        for start in range(0, last + 1, _PAGE):
            yield self._store.rows(query, [start, start + _PAGE])


def pages(items: Iterable[_T], size: int = _PAGE) -> Iterator[list[_T]]:
    """Yield the items in lists of a size."""
    iterator = iter(items)
    while page := list(islice(iterator, size)):
        yield page


def _listed(n: int, item: Found | Problem) -> tuple[Any, ...]:
    """Return the row of a file; of a folder that cannot be listed with its problem, and a size below 0."""
    if isinstance(item, Problem):
        return n, b"", item.file, json.dumps([item.kind, item.detail]).encode(), -1, 0
    return n, os.fsencode(item.path), item.file, os.fsencode(item.base), item.size, item.mtime


def _entry(disk: Found, item: Found | Problem) -> tuple[Any, ...]:
    suffix = item.file[len(disk.file) :]
    if isinstance(item, Problem):
        return suffix, "", 0, "", item.kind, item.detail
    return suffix, " ".join(map(str, item.inside)), item.size, item.digest, "", ""


def _found(file: str, path: bytes, base: bytes, size: int, mtime: int) -> Found:
    return Found(file, os.fsdecode(path), os.fsdecode(base), (), size, mtime=mtime)


def _unit(n: int, part: Group, options: str) -> tuple[Any, ...]:
    """Return the row of a report. Its key names all that its reading depends on but the code."""
    named = [[found.file, found.digest] for found in (*part.files, *part.assets)]
    key = sha256(json.dumps([options, len(part.files), named]).encode()).hexdigest()[:32]
    payload = [[_plain(found) for found in part.files], [found.file for found in part.assets]]
    return n, key, content_of(part), json.dumps(payload), len(part.files)


def _plain(f: Found) -> list[Any]:
    return [f.file, f.path, f.base, list(f.inside), f.size, f.digest, f.mtime]


def content_of(part: Group) -> str:
    """Return the identifier of a report's content, which becomes its `report_id`."""
    return id_of(found.digest for found in part.files)


def group_of(payload: str) -> Group:
    """Return the report that a row of `units` names."""
    files, assets = json.loads(payload)
    return Group(
        tuple(Found(file, path, base, tuple(way), *rest) for file, path, base, way, *rest in files),
        tuple(Found(file, "", "") for file in assets),
    )
