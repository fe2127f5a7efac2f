"""The digit reader on cells drawn here; skipped where the system has no font."""

import json
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from extract.scan import digits
from extract.scan.digits import ALPHABET, MODEL, UNKNOWN, DigitReader, prepare, search

_FONTS = (
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/freefont/FreeSans.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)
FONTS = [path for path in _FONTS if Path(path).exists()]
HAN_FONTS = [path for path in FONTS if path.endswith(".ttc")]
SIZES = (11, 14, 20, 36)


@pytest.fixture(scope="module")
def reader() -> DigitReader:
    return DigitReader()


def cell(text: str, font: str, size: int, paper: int = 255, ink: int = 0) -> np.ndarray:
    face = ImageFont.truetype(font, size)
    width = round(face.getlength(text)) + 2 * size
    image = Image.new("L", (width, round(1.8 * size)), paper)
    ImageDraw.Draw(image).text((size, round(0.9 * size)), text, fill=ink, font=face, anchor="lm")
    return np.asarray(image)


def best(reader: DigitReader, crops: list[np.ndarray], size: int) -> list[str]:
    return [found[0].text for found in reader.read(crops, 0.9 * size)]


needs_font = pytest.mark.skipif(not FONTS, reason="no font found")
needs_han = pytest.mark.skipif(not HAN_FONTS, reason="no Chinese font found")


@needs_font
@pytest.mark.parametrize("size", SIZES)
def test_lone_marks_that_general_readers_lose(reader: DigitReader, size: int) -> None:
    texts = ["0", "/", "-", "1", "7", "4", "6", "8", "9"]
    for font in FONTS:
        assert best(reader, [cell(t, font, size) for t in texts], size) == texts, font


@needs_font
@pytest.mark.parametrize("size", SIZES)
def test_numbers(reader: DigitReader, size: int) -> None:
    texts = ["10", "2023", "11711", "+2", "-1", "38.441094", "8056321", "68.5%"]
    for font in FONTS:
        assert best(reader, [cell(t, font, size) for t in texts], size) == texts, font


@needs_font
def test_thousands_separators(reader: DigitReader) -> None:
    assert best(reader, [cell(t, FONTS[0], 24) for t in ("1,234", "12,345,678")], 24) == [
        "1,234",
        "12,345,678",
    ]


@needs_han
def test_chinese_and_full_width(reader: DigitReader) -> None:
    printed = ["无", "空", "3件", "43.788万元", "１２０", "—"]
    read = ["无", "空", "3件", "43.788万元", "120", "—"]
    for font in HAN_FONTS:
        assert best(reader, [cell(t, font, 20) for t in printed], 20) == read, font


@needs_font
def test_light_on_dark_and_grey(reader: DigitReader) -> None:
    crops = [cell("305", FONTS[0], 20, paper=40, ink=255), cell("305", FONTS[0], 20, paper=200, ink=90)]
    assert best(reader, crops, 20) == ["305", "305"]


@pytest.mark.parametrize("shade", [255, 200, 90, 0])
def test_blank_reads_as_empty(reader: DigitReader, shade: int) -> None:
    assert best(reader, [np.full((30, 120), shade, np.uint8)], 16) == [""]


def test_rules_left_at_the_edges_are_no_one(reader: DigitReader) -> None:
    crop = np.full((30, 120), 255, np.uint8)
    crop[:, :2] = crop[:, -1:] = crop[:1] = 0
    assert best(reader, [crop], 16) == [""]


@needs_han
def test_junk_is_unknown(reader: DigitReader) -> None:
    crops = [cell(t, HAN_FONTS[0], 20) for t in ("规范性文件", "行政", "NKTH")]
    assert best(reader, crops, 20) == [UNKNOWN] * 3


def test_crop_without_pixels_and_bad_height(reader: DigitReader) -> None:
    assert [r.text for r in reader.read([np.zeros((0, 5), np.uint8)], 16)[0]] == [UNKNOWN]
    with pytest.raises(ValueError, match="above 0"):
        reader.read([], 0.0)


@needs_font
def test_probabilities_and_order(reader: DigitReader) -> None:
    rng = np.random.default_rng(3)
    crops = [
        np.clip(cell(t, FONTS[0], 12) + rng.normal(0, 60, (22, 1)), 0, 255).astype(np.uint8)
        for t in "0123456789"
    ]
    for found in reader.read(crops, 11.0):
        chances = [r.probability for r in found]
        assert chances == sorted(chances, reverse=True)
        assert 0 < sum(chances) <= 1 + 1e-6


@needs_font
def test_same_for_the_same_in_any_company(reader: DigitReader) -> None:
    one = cell("4071", FONTS[0], 13)
    many = [cell(t, FONTS[0], 13) for t in ("1", "22", "4072", "90", "4073")]
    alone = reader.read([one], 12.0)[0]
    among = reader.read([*many, one], 12.0)[-1]
    assert [r.text for r in alone] == [r.text for r in among]
    assert among[0].probability == pytest.approx(alone[0].probability, abs=1e-5)


def test_prepare_gives_strips_of_one_height() -> None:
    rng = np.random.default_rng(1)
    for shape in ((1, 1), (3, 200), (400, 3), (60, 900)):
        strip = prepare(rng.integers(0, 256, shape, dtype=np.uint8), 16.0)
        assert (
            strip.shape[0] == 32 and strip.shape[1] % digits.STEP == 0 and strip.shape[1] <= digits.MAX_WIDTH
        )
        assert strip.min() >= -0.5 and strip.max() <= 1.0


def test_search_adds_up_alignments() -> None:
    steps = np.zeros((3, 1 + len(ALPHABET)), np.float32)
    steps[:, 0], steps[:, 2], steps[:, 8] = 0.4, 0.5, 0.1  # blank, "1", "7"
    found = dict(search(steps, beam=50))
    assert found[""] == pytest.approx(0.4**3)
    assert found["11"] == pytest.approx(0.5 * 0.4 * 0.5)
    assert found["1"] == pytest.approx(0.5**3 + 2 * 0.5**2 * 0.4 + 3 * 0.5 * 0.4**2)


def test_model_and_card_are_small_and_of_one_make() -> None:
    assert MODEL.stat().st_size < 2_000_000
    card = json.loads(MODEL.with_suffix(".card.json").read_text("utf-8"))
    assert card["alphabet"] == ALPHABET
    assert card["held_out"]["sets"]["clean"]["known_right"] > 0.99


@needs_font
def test_fast_enough(reader: DigitReader) -> None:
    crops = [cell(t, FONTS[0], 14) for t in ("0", "0", "0", "12", "/", "", "305", "0")] * 40
    reader.read(crops[:64], 13.0)
    started = time.perf_counter()
    reader.read(crops, 13.0)
    assert (time.perf_counter() - started) / len(crops) < 0.003  # measured 0.3 ms; shared machines are slow
