"""PDFs whose text layer is no text: told from those that are, and read as pictures."""

from __future__ import annotations

import random

import pytest

from conftest import REAL, SAMPLES, missing
from extract.model import Picture, Source, Text
from extract.readers import read_document
from extract.readers.pdf_pictures import is_nonsense
from extract.settings import Settings

SENSE = (
    "根据《中华人民共和国政府信息公开条例》的规定，现公布本机关年度报告。全文由总体情况、主动公开政府信息情况、收到和处理政府信息"
    "公开申请情况等部分组成。本年度共收到申请三十五件，均按规定的期限答复。"
)


def document(name: str) -> list[object]:
    data = (SAMPLES / "files" / name).read_bytes()
    return list(read_document(Source(name, data, "pdf"), Settings()).blocks)


def test_a_page_whose_codes_are_wrong_goes_as_a_picture() -> None:
    blocks = document("pdf/编码错乱.pdf")
    assert blocks and all(isinstance(block, Picture) and block.name.startswith("page-") for block in blocks)


@pytest.mark.parametrize("name", ["pdf/楷体.pdf", "pdf/网页打印.pdf", "pdf/文档导出旧表.pdf"])
def test_pages_that_make_sense_stay_text(name: str) -> None:
    assert any(isinstance(block, Text) for block in document(name))


def test_real_pages_make_sense() -> None:
    paths = sorted(REAL.glob("*.pdf")) if REAL.is_dir() else []
    if not paths:
        missing("a published PDF")
    for path in paths:
        blocks = read_document(Source(path.name, path.read_bytes(), "pdf"), Settings()).blocks
        assert not any(isinstance(block, Picture) and block.name.startswith("page-") for block in blocks)


def shuffled(text: str) -> str:
    """The characters of a text, each always for the same other one, as a table of codes that slipped gives them."""
    kinds = sorted(set(text))
    others = kinds.copy()
    random.Random(4).shuffle(others)
    return text.translate(dict(zip(map(ord, kinds), others, strict=True)))


@pytest.mark.parametrize(
    "text",
    [
        "".join(chr(0x4E00 + (ord(c) * 37 + 11) % 0x5000) for c in SENSE), shuffled(SENSE * 2),
        "".join(chr(0xAC00 + ord(c) % 9000) for c in SENSE), "".join(chr(0x400 + ord(c) % 200) for c in SENSE),
        "kJhq wXzv " * 30,
    ],
    ids=["other Han", "shuffled", "Hangul", "Cyrillic", "letters"],
)  # fmt: skip
def test_nonsense(text: str) -> None:
    assert is_nonsense(text)


@pytest.mark.parametrize(
    "text",
    [
        SENSE, "总计 " * 12, "", "0 1 2 3 " * 60, "This report is published under the regulations on open information. " * 4,
        "一、本年新收政府信息公开申请数量 二、上年结转政府信息公开申请数量 三、本年度办理结果 （一）予以公开 （二）部分公开 属于国家秘密",
    ],
)  # fmt: skip
def test_sense(text: str) -> None:
    assert not is_nonsense(text)
