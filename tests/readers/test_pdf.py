"""PDF: ruled and unruled tables, page furniture, pages that are pictures, files that cannot be opened."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from fpdf import FPDF
from PIL import Image

from conftest import missing
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
    pdf = new()
    pdf.image(scan(), 0, 0, 595, 842)
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


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Text)]


def kinds(document: Document) -> list[str]:
    return [type(block).__name__ for block in document.blocks]


def scan(width: int = 600, height: int = 800, shade: int = 200) -> io.BytesIO:
    """A grey picture as PNG."""
    buffer = io.BytesIO()
    Image.new("L", (width, height), shade).save(buffer, "png")
    buffer.seek(0)
    return buffer


def changed(pdf: FPDF, change: Callable[[pypdfium2.PdfPage], None]) -> bytes:
    """The file with its first page changed."""
    saved = io.BytesIO()
    with pypdfium2.PdfDocument(bytes(pdf.output())) as document:
        change(document[0])
        document.save(saved)
    return saved.getvalue()


@pytest.fixture(scope="module")
def font() -> str:
    for pattern in ("**/wqy-zenhei.ttc", "**/wqy-microhei.ttc", "**/NotoSansCJK-Regular.ttc"):
        if found := sorted(Path("/usr/share/fonts").glob(pattern)):
            return str(found[0])
    missing("a Chinese font")
    return ""


def chinese(font: str) -> FPDF:
    pdf = new()
    pdf.add_font("han", fname=font)
    pdf.set_font("han", size=10)
    return pdf


def test_a_head_of_two_rows_with_merged_cells(font: str) -> None:
    pdf = chinese(font)
    pdf.text(60, 60, "三、收到和处理申请情况")
    for y, x0, x1 in ((100, 60, 340), (120, 130, 340), (140, 60, 340), (180, 60, 340)):
        pdf.line(x0, y, x1, y)
    for x, y in ((60, 100), (130, 100), (200, 120), (270, 120), (340, 100)):
        pdf.line(x, y, x, 180)
    head = [
        (70, 124, "事项"),
        (210, 114, "申请人情况"),
        (140, 134, "自然人"),
        (210, 134, "企业"),
        (280, 134, "总计"),
    ]
    row = [(64, 155, "新收申请"), (64, 170, "数量"), (140, 164, "8"), (210, 164, "1,204"), (280, 164, "1212")]
    for x, y, text in (*head, *row):
        pdf.text(x, y, text)
    document = read(pdf)
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells] == [
        *[(0, 0, 2, 1, "事项"), (0, 1, 1, 3, "申请人情况")],
        *[(1, 1, 1, 1, "自然人"), (1, 2, 1, 1, "企业"), (1, 3, 1, 1, "总计")],
        *[(2, 0, 1, 1, "新收申请\n数量"), (2, 1, 1, 1, "8"), (2, 2, 1, 1, "1,204"), (2, 3, 1, 1, "1212")],
    ]
    assert lines(document) == ["三、收到和处理申请情况"]


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom", "left and right"])
def test_a_border_that_is_not_ruled(side: str) -> None:
    pdf = new()
    bottom = draw(pdf, ROWS, 100, rules=False)
    for r in range("top" in side, len(ROWS) + ("bottom" not in side)):
        pdf.line(60, 100 + 20 * r, 270, 100 + 20 * r)
    for c in range("left" in side, 4 - ("right" in side)):
        pdf.line(60 + 70 * c, 100, 60 + 70 * c, bottom)
    assert tables(read(pdf).blocks) == [ROWS]


@pytest.mark.parametrize("way", ["dashes", "filled strips"])
def test_rules_drawn_in_other_ways(way: str) -> None:
    pdf = new()
    bottom = draw(pdf, ROWS, 100, rules=False)
    pdf.set_dash_pattern(dash=2, gap=2)
    for x0, y0, x1, y1 in (
        *((60, 100 + 20 * r, 270, 100 + 20 * r) for r in range(5)),
        *((60 + 70 * c, 100, 60 + 70 * c, bottom) for c in range(4)),
    ):
        if way == "dashes":
            pdf.line(x0, y0, x1, y1)
        else:
            pdf.rect(x0, y0, max(x1 - x0, 0.6), max(y1 - y0, 0.6), style="F")
    assert tables(read(pdf).blocks) == [ROWS]


def test_a_frame_around_text_is_no_table() -> None:
    pdf = new()
    pdf.rect(50, 80, 400, 200)
    for k in range(3):
        pdf.text(60, 100 + 20 * k, f"words {k + 1}")
    assert [getattr(b, "text", "") for b in read(pdf).blocks] == ["words 1", "words 2", "words 3"]


def test_a_watermark_is_not_in_the_cells() -> None:
    pdf = new()
    draw(pdf, ROWS, 100)
    pdf.set_font("Helvetica", size=40)
    with pdf.rotation(45, 170, 140):
        pdf.text(100, 150, "DRAFT")
    assert tables(read(pdf).blocks) == [ROWS]


def test_tables_with_text_between_keep_their_order() -> None:
    pdf = new()
    other = [["name", "count"], ["letters", "9"]]
    draw(pdf, ROWS, 300)
    draw(pdf, other, 100)
    for y, text in ((500, "third part"), (250, "second part"), (60, "first part")):
        pdf.text(60, y, text)
    document = read(pdf)
    assert kinds(document) == ["Text", "Table", "Text", "Table", "Text"]
    assert lines(document) == ["first part", "second part", "third part"]
    assert tables(document.blocks) == [other, ROWS]


OTHER = [["year", "sum", "share", "note"], ["2021", "4", "1", ""]]
CUT = [[ROWS[0], ["1. rules", "", ""]], [["and laws", "4", "5"], ["2. other", "7", "8"]]]


@pytest.mark.parametrize(
    ("pages", "whole"),
    [
        pytest.param([ROWS[:2], [ROWS[0], *ROWS[2:]]], [ROWS], id="head repeated"),
        pytest.param([ROWS[:2], ROWS[2:3], ROWS[3:]], [ROWS], id="three pages"),
        pytest.param(CUT, [[ROWS[0], ["1. rulesand laws", "4", "5"], CUT[1][1]]], id="row cut"),
        pytest.param([ROWS, OTHER], [ROWS, OTHER], id="other columns"),
    ],
)
def test_tables_on_pages_that_follow(pages: list[list[list[str]]], whole: list[list[list[str]]]) -> None:
    pdf = new(0)
    for number, rows in enumerate(pages):
        pdf.add_page()
        draw(pdf, rows, 40 if number else 820 - 20 * len(rows))
    assert tables(stitch(read(pdf).blocks)) == whole


def test_page_numbers_and_running_heads_are_dropped_and_numbers_in_the_text_are_not() -> None:
    pdf = new(0)
    for number in range(1, 5):
        pdf.add_page()
        pdf.text(250, 40, "Annual report of the water office")
        pdf.text(60, 300, f"words of page {number}")
        pdf.text(60, 400, str(number))
        pdf.text(290, 810, (f"- {number} -", str(number), f"{number}/4", f"Page {number} of 4")[number - 1])
    assert lines(read(pdf)) == [
        text for number in range(1, 5) for text in (f"words of page {number}", str(number))
    ]


def test_a_scanned_page_between_pages_of_text() -> None:
    pdf = new()
    pdf.text(60, 100, "first page")
    pdf.add_page()
    pdf.image(scan(), 0, 0, 595, 842)
    pdf.add_page()
    pdf.text(60, 100, "third page")
    document = read(pdf)
    assert kinds(document) == ["Text", "Picture", "Text"]
    assert [block.place.page for block in document.blocks] == [1, 2, 3]


def test_a_scanned_page_with_hidden_text_is_a_picture() -> None:
    pdf = new()
    pdf.image(scan(), 0, 0, 595, 842)
    with pdf.local_context(text_mode="INVISIBLE"):
        for row in range(10):
            pdf.text(60, 100 + 20 * row, "what a machine once recognised 1O7")
    assert kinds(read(pdf)) == ["Picture"]


def test_a_picture_between_two_lines_and_none_for_a_small_mark() -> None:
    pdf = new()
    pdf.text(60, 100, "above")
    pdf.image(scan(400, 200), 60, 150, 200, 100)
    pdf.text(60, 300, "below")
    pdf.image(scan(30, 30, 90), 500, 400, 12, 12)
    document = read(pdf)
    assert kinds(document) == ["Text", "Picture", "Text"]
    picture = document.blocks[1]
    assert isinstance(picture, Picture) and picture.name == "image-1-1" and picture.place.box is not None
    assert [round(v) for v in (picture.place.box.x0, picture.place.box.y0)] == [60, 150]


def test_a_number_wider_than_its_column_stays_in_it() -> None:
    pdf = new()
    rows = [["a", "b", "c"], ["1234567", "8", "9"]]
    draw(pdf, rows, 100, width=36)
    assert tables(read(pdf).blocks) == [rows]


def test_a_page_turned_on_its_side_is_read_as_displayed() -> None:
    pdf = new()
    with pdf.rotation(90, 297.5, 421):
        draw(pdf, ROWS, 300, x=150)
    turned = changed(pdf, lambda page: page.set_rotation(90))
    (found,) = (block for block in read(turned).blocks if isinstance(block, Table))
    assert tables((found,)) == [ROWS]
    box = found.place.box
    assert box is not None and box.x1 - box.x0 > 2 * (box.y1 - box.y0)


def test_places_are_those_of_the_page_as_cropped() -> None:
    pdf = new()
    draw(pdf, ROWS, 100)
    cropped = changed(pdf, lambda page: page.set_cropbox(30, 100, 560, 800))
    (table,) = read(cropped).blocks
    assert tables((table,)) == [ROWS] and table.place.box is not None
    assert [round(v) for v in (table.place.box.x0, table.place.box.y0)] == [30, 58]


def test_a_blank_page_gives_nothing() -> None:
    document = read(new())
    assert document.blocks == () and document.problems == ()


@pytest.mark.parametrize(
    ("title", "meta"), [("年度报告", (("title", "年度报告"),)), ("终稿.docx", ()), ("", ())]
)
def test_the_title_that_the_file_states(title: str, meta: tuple[tuple[str, str], ...]) -> None:
    pdf = new()
    pdf.set_title(title)
    assert read(pdf).meta == meta


def test_a_file_locked_only_against_changes_is_read() -> None:
    pdf = new()
    pdf.text(60, 100, "free to read")
    pdf.set_encryption(owner_password="a")
    assert lines(read(pdf)) == ["free to read"]


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
def test_a_file_that_breaks_off_is_repaired_or_called_damaged(share: float) -> None:
    pdf = new()
    draw(pdf, ROWS, 100)
    data = bytes(pdf.output())
    try:
        document = read(data[: int(share * len(data))])
    except ReadError as error:
        assert error.kind == "damaged"
    else:
        assert document.problems or tables(document.blocks) == [ROWS]
