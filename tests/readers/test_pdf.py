"""PDF: ruled and unruled tables, page furniture, pages that are pictures, files that cannot be opened."""

import io

import pytest
from fpdf import FPDF
from PIL import Image

from extract.errors import ReadError
from extract.model import Block, Document, Picture, Source, Table, Text
from extract.readers import read_document
from extract.settings import Settings
from extract.stitch import stitch


def read(pdf: FPDF | bytes, settings: Settings | None = None) -> Document:
    data = pdf if isinstance(pdf, bytes) else bytes(pdf.output())
    return read_document(Source("a.pdf", data, "pdf"), settings or Settings())


def new(pages: int = 1) -> FPDF:
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_font("Helvetica", size=10)
    for _ in range(pages):
        pdf.add_page()
    return pdf


def draw(
    pdf: FPDF,
    rows: list[list[str]],
    y: float,
    *,
    rules: bool = True,
    right: bool = True,
    x: float = 60,
    width: float = 70,
) -> float:
    """Draw a table of equal cells; without the outer line at the right if `right` is false."""
    n = len(rows[0])
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            pdf.text(x + c * width + 4, y + r * 20 + 14, text)
    bottom = y + 20 * len(rows)
    if rules:
        for r in range(len(rows) + 1):
            pdf.line(x, y + 20 * r, x + n * width, y + 20 * r)
        for c in range(n + right):
            pdf.line(x + c * width, y, x + c * width, bottom)
    return bottom


def tables(blocks: tuple[Block, ...]) -> list[list[list[str]]]:
    found = []
    for table in blocks:
        if isinstance(table, Table):
            grid = [[""] * table.n_columns for _ in range(table.n_rows)]
            for cell in table.cells:
                grid[cell.row][cell.column] = cell.text
            found.append(grid)
    return found


ROWS = [["item", "made", "kept"], ["rules", "0", "3"], ["norms", "12", "45"], ["other", "7", ""]]


def test_a_ruled_table_between_lines_of_text() -> None:
    pdf = new()
    pdf.text(60, 50, "before the table")
    bottom = draw(pdf, ROWS, 100)
    pdf.text(60, bottom + 40, "after the table")
    document = read(pdf)
    assert tables(document.blocks) == [ROWS]
    assert [b.text for b in document.blocks if isinstance(b, Text)] == ["before the table", "after the table"]
    cell = next(c for b in document.blocks if isinstance(b, Table) for c in b.cells if c.text == "45")
    assert cell.place.page == 1 and cell.place.box is not None
    box = cell.place.box
    assert [round(v) for v in (box.x0, box.y0, box.x1, box.y1)] == [200, 140, 270, 160]


def test_an_outer_line_that_is_missing() -> None:
    pdf = new()
    draw(pdf, ROWS, 100, right=False)
    assert tables(read(pdf).blocks) == [ROWS]


def test_a_table_without_vertical_lines() -> None:
    pdf = new()
    rows = [[f"label {i}", str(i * 7), str(i * 13), "0"] for i in range(1, 9)]
    draw(pdf, rows, 100, rules=False)
    for r in range(9):
        pdf.line(60, 100 + 20 * r, 340, 100 + 20 * r)
    (found,) = tables(read(pdf).blocks)
    assert found == rows


def test_a_table_over_two_pages_with_page_numbers_between() -> None:
    pdf = new()
    draw(pdf, ROWS[:2], 760)
    pdf.text(290, 825, "- 1 -")
    pdf.add_page()
    draw(pdf, ROWS[2:], 40)
    pdf.text(290, 825, "- 2 -")
    document = read(pdf)
    assert not [b for b in document.blocks if isinstance(b, Text)]
    joined = stitch(document.blocks)
    assert tables(joined) == [ROWS]
    assert {c.place.page for b in joined if isinstance(b, Table) for c in b.cells} == {1, 2}


def test_a_page_that_is_a_picture() -> None:
    buffer = io.BytesIO()
    Image.new("L", (600, 800), 200).save(buffer, "png")
    buffer.seek(0)
    pdf = new()
    pdf.image(buffer, 0, 0, 595, 842)
    (picture,) = read(pdf).blocks
    assert isinstance(picture, Picture) and picture.name == "page-1" and picture.place.page == 1
    with Image.open(io.BytesIO(picture.data)) as image:
        assert image.width > 500


@pytest.mark.parametrize(
    ("data", "kind"), [(b"%PDF-1.4\n1 0 obj\n<<", "damaged"), (b"%PDF-1.7\n" + b"\0" * 500, "damaged")]
)
def test_a_damaged_file_says_so(data: bytes, kind: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(data)
    assert caught.value.kind == kind


def test_a_locked_file_says_so() -> None:
    pdf = new()
    pdf.set_encryption(owner_password="a", user_password="b")
    with pytest.raises(ReadError) as caught:
        read(pdf)
    assert caught.value.kind == "encrypted"


def test_a_file_with_too_many_pages_is_refused_before_it_is_read() -> None:
    with pytest.raises(ReadError) as caught:
        read(new(4), Settings(max_pages=3))
    assert caught.value.kind == "too_large"
