"""The review station without its network: queues, cells, crops, decisions; every answer is plain data."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from extract.correct import correct, correct_report, is_behind
from extract.corrections import (
    FILE,
    ILLEGIBLE,
    QUEUES,
    Decision,
    append_decision,
    current,
    figure,
    figures,
    read_decisions,
)
from extract.errors import ReadError
from extract.export import export
from extract.model import Box
from extract.originals import Originals, known_archives
from extract.settings import Settings
from extract.sheets import Sheet, cut, sheet_of
from extract.station.queue import Dataset, Key, Row, silent_errors, sums_of
from extract.station.view import cell_view

_AHEAD = 25
"""Cells of a queue that the page is told at a time."""
_SHEETS = 6
_LONGEST = 2000


class Refused(Exception):  # noqa: N818 - it is the answer, not a fault
    """What was asked for cannot be; `code` is a word that the page has a sentence for."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code


class Station:
    """A dataset under review by one person. Methods may be called from several threads; they raise Refused."""

    def __init__(self, folder: Path, archives: Sequence[Path], who: str, settings: Settings) -> None:
        self._data = Dataset(folder)
        self._folder, self._who, self._settings = folder, who, settings
        known = list(archives) or self._data.ask(known_archives)
        self._originals = Originals(known, settings)
        self._lock = RLock()
        self._sheets: OrderedDict[tuple[str, int | None, str], Sheet | None] = OrderedDict()
        self._skipped: list[Key] = []
        self._samples: dict[str, list[Key]] = {}
        self._changed = is_behind(folder)
        self._data.ask(lambda connection: correct(connection, folder, settings), write=True)

    # --- queues

    def state(self, queue: str) -> dict[str, Any]:
        """Return how far a queue is, and the cells that come next."""
        if queue not in QUEUES:
            raise Refused("unknown", queue)
        with self._lock:
            decisions = current(read_decisions(self._folder / FILE)[0])
            done = {key for key, d in decisions.items() if d.queue == queue}
            waiting = [key for key in self._queue(queue) if key not in decisions]
            later = [key for key in self._skipped if key in set(waiting)]
            now = [key for key in waiting if key not in set(later)]
            return {
                "queue": queue, "done": len(done), "waiting": len(waiting), "skipped": len(later), "who": self._who,
                "next": [*now, *later][:_AHEAD], "decisions": len(decisions), "unsaved": self._changed,
                "population": 0 if queue == "doubtful" else self._data.population(queue),
                "sample": None if queue == "doubtful" else silent_errors(decisions.values(), queue),
            }  # fmt: skip

    def _queue(self, queue: str) -> list[Key]:
        if queue == "doubtful":
            return self._data.doubtful()
        if queue not in self._samples:
            self._samples[queue] = self._data.sample(queue)
        return self._samples[queue]

    def skip(self, report: str, code: str) -> None:
        """Put a cell at the end of its queue, for as long as this station runs."""
        with self._lock:
            self._skipped = [key for key in self._skipped if key != (report, code)] + [(report, code)]

    # --- one cell

    def cell(self, report: str, code: str) -> dict[str, Any]:
        """Return all about a cell; see `view`."""
        with self._lock:
            head = self._data.report(report)
            cells = self._data.cells(report)
            if head is None or code not in cells:
                raise Refused("unknown", f"{report} {code}")
            return cell_view(head, cells, code)

    def crop(self, report: str, code: str, *, partners: bool) -> bytes:
        """Return a PNG of the cell, alone or with the cells that it sums with."""
        with self._lock:
            head, cells = self._data.report(report), self._data.cells(report)
            if head is None or code not in cells:
                raise Refused("unknown", f"{report} {code}")
            row = cells[code]
            if row.box is None:
                raise Refused("no_box")
            sheet = self._sheet(row, head.sha256 if row.file in {"", head.file} else "")
            if sheet is None:
                raise Refused("no_box")
            others = self._partners(
                cells, row, [c for check in sums_of(head, code) for c in (*check.left, *check.right)]
            )
            try:
                return cut(sheet, row.box, others if partners else ())
            except ReadError as error:
                raise Refused("no_picture", str(error)) from error

    @staticmethod
    def _partners(cells: Mapping[str, Row], row: Row, codes: Sequence[str]) -> list[Box]:
        place = row.file, row.page, row.picture
        there = [cells[c] for c in dict.fromkeys(codes) if c != row.code]
        return [box for r in there if (r.file, r.page, r.picture) == place and (box := r.box) is not None]

    def _sheet(self, row: Row, sha256: str) -> Sheet | None:
        key = row.file, row.page, row.picture
        if key not in self._sheets:
            try:
                source = self._originals.load(row.file)
                if sha256 and source.sha256 != sha256:
                    raise Refused("other_file", row.file)
                self._sheets[key] = sheet_of(source, row.page, row.picture, self._settings)
            except ReadError as error:
                raise Refused(
                    "no_original" if "not in the archives" in error.detail else "no_picture", error.detail
                ) from error
            while len(self._sheets) > _SHEETS:
                self._sheets.popitem(last=False)
        self._sheets.move_to_end(key)
        return self._sheets[key]

    # --- decisions

    def decide(self, report: str, code: str, new: str, reason: str, queue: str) -> dict[str, Any]:
        """Keep a decision and carry it into the store; return the cell as it is now.

        `new` is what the person says the page shows: what is there already confirms it.
        """
        if queue not in QUEUES or len(new) > 100 or len(reason) > _LONGEST:
            raise Refused("unknown", queue)
        with self._lock:
            row = self._data.cells(report).get(code)
            if row is None:
                raise Refused("unknown", f"{report} {code}")
            try:
                now = figure(*figures(new, row.unit))
            except ValueError as error:
                raise Refused("no_number", str(error)) from error
            before = current(read_decisions(self._folder / FILE)[0]).get((report, code))
            old = before.old if before else row.shown
            action = "confirmed" if now == old and now != ILLEGIBLE else "corrected"
            self._keep(Decision(_now(), self._who, report, code, action, old, now, reason, queue))
            return self.cell(report, code)

    def undo(self) -> dict[str, Any]:
        """Take back the last decision that still counts; return its cell as it is now, with the queue it came from."""
        with self._lock:
            made, _ = read_decisions(self._folder / FILE)
            counting = current(made)
            last = next((d for d in reversed(made) if counting.get(d.key) == d), None)
            if last is None:
                raise Refused("nothing_to_undo")
            self._keep(
                Decision(
                    _now(), self._who, last.report_id, last.code, "undone", last.new, last.old, "", last.queue
                )
            )
            self._skipped = [key for key in self._skipped if key != last.key]
            return {**self.cell(last.report_id, last.code), "queue": last.queue}

    def _keep(self, decision: Decision) -> None:
        append_decision(self._folder / FILE, decision)
        self._data.ask(
            lambda connection: correct_report(connection, self._folder, decision.report_id, self._settings),
            write=True,
        )
        self._changed = True

    def save(self) -> None:
        """Write the CSVs again where decisions have changed the store since. Raises OutputError."""
        with self._lock:
            if self._changed:
                self._data.ask(lambda connection: export(connection, self._folder))
                self._changed = False


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
