"""Saved web pages: encodings, the site around the article, spans, pictures."""

import base64
from collections.abc import Callable

import pytest

from extract.model import Document, Picture, Source, Table, Text
from extract.readers import read_document
from extract.settings import Settings

TABLE = (
    "<table border=1><tr><th>信息内容</th><th>本年制发件数</th></tr><tr><td>规章</td><td>3</td></tr></table>"
)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def page(body: str, head: str = "", encoding: str = "utf-8") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding)


def read(data: bytes, neighbour: Callable[[str], bytes | None] = lambda _: None) -> Document:
    return read_document(Source("a.html", data, "html", neighbour), Settings())


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Text)]


def grid(document: Document) -> list[tuple[int, int, int, int, str]]:
    table = next(block for block in document.blocks if isinstance(block, Table))
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [("utf-8", ""), ("gbk", ""), ("gbk", '<meta charset="gb2312">'), ("utf-8", '<meta charset="utf-8">')],
)
def test_encodings_stated_or_not(encoding: str, head: str) -> None:
    document = read(page(f"<p>一、总体情况</p>{TABLE}", head, encoding))
    assert texts(document) == ["一、总体情况"]
    assert (1, 1, 1, 1, "3") in grid(document)


def test_the_site_around_the_article_is_dropped() -> None:
    body = (
        '<div class="nav">首页 政务公开</div><div class="TRS_Editor"><h1>甲局2023年度报告</h1><p>一、总体情况</p>'
        f"<p>{'正文。' * 60}</p>{TABLE}</div><script>var x='秘密';</script><style>p{{}}</style>"
        '<div class="share">分享到：微博</div><footer>版权所有</footer>'
    )
    found = "".join(texts(read(page(body))))
    assert "甲局2023年度报告" in found and "总体情况" in found
    assert not any(word in found for word in ("首页", "秘密", "分享", "版权", "p{}"))


def test_spans_make_a_grid() -> None:
    document = read(
        page(
            "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td></tr><tr><td>1</td><td>2</td></tr></table>"
        )
    )
    assert grid(document) == [(0, 0, 2, 1, "甲"), (0, 1, 1, 2, "乙"), (1, 1, 1, 1, "1"), (1, 2, 1, 1, "2")]


def test_absurd_spans_end_with_the_table() -> None:
    document = read(
        page(
            "<table><tr><td rowspan=1000000000>甲</td><td>1</td></tr><tr><td colspan=999999999>2</td></tr></table>"
        )
    )
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert table.n_rows == 2 and table.n_columns < 2000


def test_a_table_for_layout_is_looked_through() -> None:
    document = read(page(f"<table><tr><td><p>一、总体情况</p>{TABLE}</td></tr></table>"))
    assert "一、总体情况" in texts(document) and (1, 0, 1, 1, "规章") in grid(document)


def test_what_the_page_says_of_itself() -> None:
    head = '<meta name="ArticleTitle" content="甲局年报"><meta name="PubDate" content="2024-01-22 10:00">'
    meta = dict(read(page(f"<p>正文</p>{TABLE}", head)).meta)
    assert meta["title"] == "甲局年报" and meta["published"].startswith("2024-01-22")


def test_pictures_beside_the_page_in_it_and_lost() -> None:
    data = "data:image/png;base64," + base64.b64encode(PNG).decode()
    document = read(
        page(
            f'<p>正文</p><img src="a/b.png"><img src="{data}"><img src="lost.png"><img src="http://x.example/c.png">'
        ),
        lambda name: PNG if name == "a/b.png" else None,
    )
    pictures = [block for block in document.blocks if isinstance(block, Picture)]
    assert [picture.data for picture in pictures[:2]] == [PNG, PNG]
    assert {p.kind for p in document.problems} == {"external_resource", "picture_missing"}


def test_hidden_text_is_not_read() -> None:
    assert texts(read(page('<p>看得见</p><p style="display:none">看不见</p><p hidden>也看不见</p>'))) == [
        "看得见"
    ]
