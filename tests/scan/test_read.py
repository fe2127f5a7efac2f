"""Pictures of tables drawn here: lines, lattice, ink, reading; and pictures that must not become numbers."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from extract.model import Picture, Place, Table
from extract.scan.lattice import find_lattices
from extract.scan.lines import find_rules, grain
from extract.scan.read import Readers, load_readers, read_picture
from extract.settings import Settings

SETTINGS = Settings(text="none")
ROWS = [
    ["item", "a", "b", "c", "d"], ["rules", "0", "1", "/", ""], ["norms", "12", "-", "7", "0"],
    ["grants", "4", "1288", "0", "—"], ["total", "16", "1289", "7", "0"],
]  # fmt: skip


@pytest.fixture(scope="module")
def readers() -> Readers:
    return load_readers(SETTINGS)


def drawn(
    rows: list[list[str]], width: int = 120, height: int = 40, line: int = 1, size: int = 20
) -> Image.Image:
    image = Image.new("L", (len(rows[0]) * width + 40, len(rows) * height + 40), 255)
    pen = ImageDraw.Draw(image)
    face = ImageFont.load_default(size)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x, y = 20 + c * width, 20 + r * height
            pen.rectangle((x, y, x + width, y + height), outline=0, width=line)
            pen.text((x + width / 2, y + height / 2), text.replace("—", "-"), fill=0, font=face, anchor="mm")
    return image


def picture(image: Image.Image, kind: str = "png", **options: object) -> Picture:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return Picture("p", buffer.getvalue(), Place(page=1))


def grids(image: Picture, readers: Readers) -> list[list[list[str]]]:
    found = []
    for block in read_picture(image, SETTINGS, readers)[0]:
        if isinstance(block, Table):
            grid = [[""] * block.n_columns for _ in range(block.n_rows)]
            for cell in block.cells:
                grid[cell.row][cell.column] = cell.text
            found.append(grid)
    return found


def numbers(grid: list[list[str]]) -> list[list[str]]:
    return [[text.replace("—", "-") for text in row[1:]] for row in grid[1:]]


WANTED = numbers(ROWS)


@pytest.mark.parametrize(
    "damage", ["none", "jpeg", "blur", "grain", "skew", "large", "small", "coloured", "double"]
)
def test_numbers_of_a_table(readers: Readers, damage: str) -> None:
    image = drawn(ROWS, line=2 if damage == "double" else 1)
    options: dict[str, object] = {}
    if damage == "blur":
        image = image.filter(ImageFilter.GaussianBlur(0.8))
    elif damage == "grain":
        noise = np.random.default_rng(3).normal(0, 6, (image.height, image.width))
        image = Image.fromarray(np.clip(np.asarray(image, float) - 12 + noise, 0, 255).astype(np.uint8))
    elif damage == "skew":
        image = image.rotate(2.2, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    elif damage in {"large", "small"}:
        scale = 2.5 if damage == "large" else 0.7
        image = image.resize(
            (round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS
        )
    elif damage == "coloured":
        image = image.convert("RGB")
        ImageDraw.Draw(image).rectangle((21, 21, 619, 59), fill=(190, 215, 240))
    elif damage == "jpeg":
        options = {"quality": 40}
    (grid,) = grids(picture(image, "jpeg" if damage == "jpeg" else "png", **options), readers)
    assert numbers(grid) == WANTED


def test_places_are_pixels_of_the_original(readers: Readers) -> None:
    image = drawn(ROWS).rotate(1.5, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    (table,) = (b for b in read_picture(picture(image), SETTINGS, readers)[0] if isinstance(b, Table))
    box = next(c.place.box for c in table.cells if c.text == "1288")
    assert box is not None
    crop = np.asarray(
        image.crop((round(box.x0) + 4, round(box.y0) + 4, round(box.x1) - 4, round(box.y1) - 4))
    )
    assert crop.min() < 90


def test_lines_drawn_several_times_are_one() -> None:
    image = drawn(ROWS)
    pen = ImageDraw.Draw(image)
    for x in range(621, 650, 4):
        pen.line((x, 20, x, 220), fill=0)
    (lattice,) = find_lattices(find_rules(np.asarray(image)))
    assert max(c.column + c.column_span for c in lattice.cells) <= 6


def test_grain_is_measured() -> None:
    noise = np.random.default_rng(1).normal(200, 5, (300, 300)).astype(np.uint8)
    assert 4 < grain(noise) < 6.5
    assert grain(np.full((50, 50), 255, np.uint8)) == 0


@pytest.mark.parametrize("mode", ["RGBA", "P", "CMYK", "I;16", "1", "LA"])
def test_kinds_of_pixels(readers: Readers, mode: str) -> None:
    image = drawn(ROWS)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    else:
        image = image.convert("RGB").convert(mode) if mode in {"CMYK", "P"} else image.convert(mode)
    (grid,) = grids(picture(image, "tiff" if mode in {"CMYK", "I;16"} else "png"), readers)
    assert numbers(grid) == WANTED


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_of_nothing_is_no_table(readers: Readers, level: int) -> None:
    blocks, _ = read_picture(picture(Image.new("L", (800, 600), level)), SETTINGS, readers)
    assert blocks == ()


def test_a_photograph_is_no_table(readers: Readers) -> None:
    noise = np.random.default_rng(2).integers(0, 255, (60, 80)).astype(np.uint8)
    image = Image.fromarray(noise).resize((800, 600), Image.Resampling.BICUBIC)
    assert not grids(picture(image), readers)


def test_what_cannot_be_decoded_is_a_problem(readers: Readers) -> None:
    whole = picture(drawn(ROWS)).data
    for data, kind in (
        (whole[: len(whole) // 2], "picture_unreadable"),
        (b"\x89PNG\r\n\x1a\nxx", "picture_unreadable"),
    ):
        blocks, problems = read_picture(Picture("p", data, Place(page=1)), SETTINGS, readers)
        assert blocks == () and problems[0].kind == kind
    _, problems = read_picture(picture(drawn(ROWS)), Settings(max_pixels=1000), readers)
    assert problems[0].kind == "too_large"


def test_reading_is_the_same_each_time(readers: Readers) -> None:
    one = picture(drawn(ROWS), "jpeg", quality=35)
    assert read_picture(one, SETTINGS, readers) == read_picture(one, SETTINGS, readers)


WORDS = [
    ["statistics", "approved", "rejected"],
    ["regulations", "12", "0"],
    ["documents", "7", "35"],
    ["licences", "418", "6"],
]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_picture_that_lies_on_its_side(readers: Readers, degrees: int) -> None:
    image = drawn(WORDS, width=150).rotate(degrees, expand=True)
    (table,) = (b for b in read_picture(picture(image), SETTINGS, readers)[0] if isinstance(b, Table))
    cells = {(c.row, c.column): c for c in table.cells}
    assert [[cells[r, c].text for c in (1, 2)] for r in (1, 2, 3)] == [row[1:] for row in WORDS[1:]]
    box = cells[3, 1].place.box
    assert box is not None
    upright = image.crop((round(box.x0), round(box.y0), round(box.x1), round(box.y1))).rotate(
        -degrees, expand=True
    )
    assert 140 <= upright.width <= 160 and 30 <= upright.height <= 50
    assert np.asarray(upright)[8:-8, 8:-8].min() < 90
