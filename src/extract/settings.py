"""Every limit, tolerance and choice of a run that a user may set, in one place."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields

_HOW = frozenset({"timeout", "memory", "workers", "isolate", "engine", "scheduler", "reread", "log"})
"""Options that say how a run goes, not what it reads."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Options of a run; the command line and the Python API both fill this one type.

    Raises ValueError when a value is outside its range.
    """

    ocr: str = "rapidocr"
    """Engine that reads pictures: `rapidocr` (ships with the install) or `tesseract` (a system program)."""
    second: str = "none"
    """A second opinion on numbers in doubt: `tesseract`, or `none`. Not used unasked: what is read must not depend on what
    else happens to be installed."""
    text: str = "full"
    """Running text of scanned pages: `full` reads it, `none` leaves it out and says so."""
    review_threshold: float = 0.95
    """A cell read with less than this probability goes to a person."""
    clear_threshold: float = 0.95
    """From this probability on a picture counts as clear: a wrong sum of clear cells is the publisher's, and a clear
    cell is never changed. The same as the review threshold: what nobody is asked about is taken as read."""
    max_pixels: int = 120_000_000
    """A picture with more pixels is not decoded (kind `too_large`)."""
    max_pages: int = 300
    """A PDF with more pages is not read; the form takes 4 to 20."""
    max_bytes: int = 200_000_000
    """A file, or a member of a zip after unpacking, larger than this is not read."""
    max_zip_ratio: int = 200
    """A zip member that unpacks to more than this many times its size is refused as a bomb."""
    max_zip_depth: int = 3
    """Zips inside zips deeper than this are not opened."""
    max_zip_members: int = 200_000
    """A zip with more files than this is refused."""
    max_unpacked: int = 50_000_000_000
    """Bytes that a zip, with all zips inside it, may unpack to; one that claims more is refused as a bomb."""
    render_dpi: int = 150
    """Resolution at which pages without text are rendered for the picture reader."""
    timeout: float = 300.0
    """Seconds a worker may take for one report before it is ended."""
    memory: int = 2_000_000_000
    """Bytes of memory a worker may take before it is ended."""
    workers: int = 0
    """Worker processes; 0 is one per core."""
    isolate: bool = True
    """Read in worker processes, which can be ended; False reads in this process: no limit of time or memory holds."""
    engine: str = "local"
    """`local` reads on this machine, `dask` on a cluster (extra `extract[dask]`)."""
    scheduler: str = ""
    """Address of the cluster's scheduler; empty starts a small cluster on this machine."""
    reread: str = "none"
    """What is read again although nothing changed: none, failed (no report came of it), partial (those, and reports
    read in part), all."""
    log: str = ""
    """Path of the log in JSON lines, one event per file; empty is `log.jsonl` in OUTPUT."""

    def __post_init__(self) -> None:
        if self.ocr not in {"rapidocr", "tesseract"}:
            raise ValueError(f"ocr is 'rapidocr' or 'tesseract', not {self.ocr!r}")
        if self.second not in {"none", "tesseract"}:
            raise ValueError(f"second is 'none' or 'tesseract', not {self.second!r}")
        if self.text not in {"full", "none"}:
            raise ValueError(f"text is 'full' or 'none', not {self.text!r}")
        if not 0 <= self.review_threshold <= 1 or not 0 <= self.clear_threshold <= 1:
            raise ValueError("thresholds are probabilities from 0 to 1")
        if self.workers < 0 or self.timeout <= 0:
            raise ValueError("workers must be 0 or more and timeout above 0")
        if self.memory < 200_000_000:
            raise ValueError(
                "memory is at least 200 MB: a worker that reads nothing takes more than half of that"
            )
        if self.engine not in {"local", "dask"}:
            raise ValueError(f"engine is 'local' or 'dask', not {self.engine!r}")
        if self.scheduler and self.engine != "dask":
            raise ValueError("a scheduler goes with engine 'dask'")
        if self.reread not in {"none", "failed", "partial", "all"}:
            raise ValueError(f"reread is 'none', 'failed', 'partial' or 'all', not {self.reread!r}")

    @property
    def reading(self) -> str:
        """The options that decide what is read from a file, as text: a report read under others is read again."""
        shown = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _HOW}
        return json.dumps(shown, sort_keys=True)

    @property
    def limits(self) -> str:
        """The limits of a worker, as text: a report that they ended is read again under others."""
        return f"{self.timeout:g} s, {self.memory // 1_000_000} MB"
