"""One report as a record: head, sections, cells, checks, problems; and what becomes of a file that is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from extract.checks import CheckResult
from extract.facts import Fact
from extract.head import Head
from extract.model import Problem, Source
from extract.sections import Section
from extract.values import Value

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Record:
    """A report read: everything that the dataset holds about it."""

    report_id: str
    file: str
    files: tuple[str, ...]
    sha256: str
    format: str
    head: Head
    edition: str
    sections: tuple[Section, ...]
    values: tuple[Value, ...]
    checks: tuple[CheckResult, ...]
    problems: tuple[Problem, ...]
    seconds: float = 0.0
    facts: tuple[Fact, ...] = ()

    @property
    def agency(self) -> str:
        """Agency as titled."""
        return self.head.agency

    @property
    def year(self) -> int | None:
        """Year reported on."""
        return self.head.year

    @property
    def form_values(self) -> tuple[Value, ...]:
        """The cells of the form, without the extras."""
        return tuple(v for v in self.values if not v.code.startswith("extra."))

    @property
    def cells_present(self) -> int:
        """Number of cells of the form found in print."""
        return sum(1 for v in self.form_values if v.status != "missing")

    @property
    def cells_review(self) -> int:
        """Number of found cells that a person should look at."""
        return sum(1 for v in self.values if v.review)

    @property
    def checks_failed(self) -> int:
        """Number of checks that do not hold."""
        return sum(1 for c in self.checks if c.verdict in {"source_error", "doubtful"})

    @property
    def status(self) -> str:
        """`complete`, `partial` (cells missing or unread parts) or `no_tables`."""
        if not self.cells_present:
            return "no_tables"
        return "complete" if self.cells_present == len(self.form_values) else "partial"

    def cell(self, code: str) -> Value:
        """Return the value of a code of the form. Raises KeyError for a code that its edition lacks."""
        for value in self.values:
            if value.code == code:
                return value
        raise KeyError(code)

    def to_frame(self) -> pd.DataFrame:
        """Return the cells as a pandas frame with the columns of `cells.csv`."""
        from extract.rows import cells_frame  # noqa: PLC0415 - pandas is loaded only where a frame is asked for

        return cells_frame(self)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading a report's files gave: a record, or none, and the problems of those files."""

    files: tuple[str, ...]
    record: Record | None
    problems: tuple[Problem, ...]


def report_id(sources: Sequence[Source]) -> str:
    """Return the identifier of a report: 16 hex digits from its files' contents, whatever their names."""
    return id_of([source.sha256 for source in sources])


def id_of(digests: Iterable[str]) -> str:
    """Return the identifier of a report from the digests of its files."""
    return sha256("".join(sorted(digests)).encode()).hexdigest()[:16]
