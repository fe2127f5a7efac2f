"""Every limit, tolerance and choice of a run that a user may set, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Options of a run; the command line and the Python API both fill this one type.

    Raises ValueError when a value is outside its range.
    """

    ocr: str = "rapidocr"
    """Engine that reads pictures: `rapidocr` (ships with the install) or `tesseract` (a system program)."""
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
    render_dpi: int = 150
    """Resolution at which pages without text are rendered for the picture reader."""
    timeout: float = 300.0
    """Seconds a worker may take for one report before it is ended."""
    workers: int = 0
    """Worker processes; 0 is one per core, 1 reads in this process."""

    def __post_init__(self) -> None:
        if self.ocr not in {"rapidocr", "tesseract"}:
            raise ValueError(f"ocr is 'rapidocr' or 'tesseract', not {self.ocr!r}")
        if self.text not in {"full", "none"}:
            raise ValueError(f"text is 'full' or 'none', not {self.text!r}")
        if not 0 <= self.review_threshold <= 1 or not 0 <= self.clear_threshold <= 1:
            raise ValueError("thresholds are probabilities from 0 to 1")
        if self.workers < 0 or self.timeout <= 0:
            raise ValueError("workers must be 0 or more and timeout above 0")
