"""The plain data that every stage speaks; this module imports nothing of ours.

The way of the data: a `Source` is read into a `Document` of blocks (`Text`, `Table`, `Picture`) in reading
order; pictures of tables become `Table`s too; from there on only tables and text are seen.

Every value is frozen. Boxes have their origin at the top left: PDF points of the page for text PDFs, pixels of
the picture for pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, origin top left, `x0 <= x1` and `y0 <= y1` (ValueError otherwise)."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if not (self.x0 <= self.x1 and self.y0 <= self.y1):
            raise ValueError(f"box with negative size: {self}")

    def union(self, other: Box) -> Box:
        """Return the smallest box around both."""
        return Box(
            min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1)
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the file of a report of several files, page (from 1), box, picture's name."""

    file: str = ""
    page: int | None = None
    box: Box | None = None
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One possible text of a cell with its probability (0 to 1)."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Cell:
    r"""A cell of a table: position and spans on the table's grid (from 0), its text, and where it stands.

    `text` is exactly what is printed (line breaks inside a cell as `\n`). `candidates` is empty for a cell read
    from native text, which is certain; for a cell read from a picture, or of a table whose columns were guessed, it
    holds the possible readings, best first (the first one's text equals `text`). A cell without ink has the single
    candidate "" and text "".
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    place: Place = Place()
    candidates: tuple[Reading, ...] = ()

    @property
    def confidence(self) -> float:
        """Probability that `text` is what is printed; 1.0 for native text."""
        return self.candidates[0].probability if self.candidates else 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table as cells that do not overlap on a grid; merged cells appear once, with their spans.

    `source` is where its cells come from: docx, doc, html, pdf, txt or picture. `columns` are the borders of its columns
    as shares of its width, from 0 to 1, where the reader has straightened it: boxes of places are those of the bent page.
    """

    cells: tuple[Cell, ...]
    source: str
    place: Place = Place()
    columns: tuple[float, ...] = ()

    @property
    def n_rows(self) -> int:
        """Number of grid rows."""
        return max((c.row + c.row_span for c in self.cells), default=0)

    @property
    def n_columns(self) -> int:
        """Number of grid columns."""
        return max((c.column + c.column_span for c in self.cells), default=0)


def column_borders(spans: Iterable[tuple[int, int, float, float]], n_columns: int) -> tuple[float, ...]:
    """Return the borders of a table's columns as shares of its width, ascending, or none where its cells do not tell them all.

    `spans` are of the cells: column, column after the last, left and right edge. The middle of what the cells say counts.
    """
    found: list[list[float]] = [[] for _ in range(n_columns + 1)]
    for first, after, left, right in spans:
        found[first].append(left)
        found[after].append(right)
    if not all(found):
        return ()
    at = [median(values) for values in found]
    if any(b <= a for a, b in pairwise(at)):
        return ()
    return tuple((x - at[0]) / (at[-1] - at[0]) for x in at)


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph of running text, without a line break at its end.

    `soft` is true where the line break after it may only be the page's (text PDF, OCR), so that paragraphs
    have to be put together from lines.
    """

    text: str
    place: Place = Place()
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as found: encoded bytes (png, jpeg, …), or `b""` where the file only says that one belongs here.

    `name` is stable within the file, such as `word/media/image3.png` or `page-4`.
    """

    name: str
    data: bytes
    place: Place = Place()


Block = Text | Table | Picture


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, and why: `kind` is a code of the catalogue in `problems.py`.

    `detail` fills the catalogue's sentence (a page count, a library's message, a name).
    """

    stage: str
    kind: str
    detail: str = ""
    file: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader makes of a file: blocks in reading order, metadata (name, value), and problems met.

    Known names in `meta`: title, published, agency, site, url; a reader gives those it finds.
    """

    kind: str
    blocks: tuple[Block, ...]
    meta: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()

    def with_blocks(self, blocks: tuple[Block, ...]) -> Document:
        """Return the same document with other blocks."""
        return replace(self, blocks=blocks)


def _no_neighbour(_: str) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the archive: its name there (`a.zip!b/c.docx` inside a zip), bytes, and kind by content.

    `neighbour` gives the bytes of a file named relative to this one (a saved page's pictures), or None; it never
    leaves the archive and never touches the network.
    """

    file: str
    data: bytes
    kind: str
    neighbour: Callable[[str], bytes | None] = field(default=_no_neighbour, compare=False)

    @property
    def sha256(self) -> str:
        """Hex digest of the content."""
        return sha256(self.data).hexdigest()
