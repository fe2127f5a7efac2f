"""Saved web pages: encodings, the site around the article, spans, pictures."""

import base64
from collections.abc import Callable

import pytest

from extract.errors import ReadError
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


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def test_a_wrong_statement_of_the_encoding_is_not_believed() -> None:
    document = read(page(f"<p>一、总体情况</p>{TABLE}", '<meta charset="utf-8">', "gb18030"))
    assert texts(document) == ["一、总体情况"]
    document = read(page(f"<p>一、总体情况</p>{TABLE}", '<meta charset="no-such-thing">'))
    assert texts(document) == ["一、总体情况"]


def test_an_encoding_stated_the_old_way() -> None:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=GBK">'
    assert texts(read(page("<p>镕基路办事处</p>", head, "gbk"))) == ["镕基路办事处"]


def test_scripts_are_neither_run_nor_shown() -> None:
    body = (
        "<script>document.write('<p>写出来的</p>')</script><p onclick=\"alert('点')\">正文<script>'里'</script>。</p>"
        "<noscript>请开启脚本</noscript><template><p>模板</p></template><!-- 注释 --><iframe src=x.html>框</iframe>"
        '<a href="javascript:void(0)">链接</a>'
    )
    assert texts(read(page(body))) == ["正文。", "链接"]


def test_what_is_cut_off_as_the_site_never_holds_a_table_of_size() -> None:
    rows = "".join(f"<tr><td>项目{i}</td><td>{i}</td></tr>" for i in range(12))
    body = f'<div id="zoom"><p>{"正文。" * 80}</p></div><div class="footer"><table>{rows}</table></div>'
    (table,) = tables(read(page(body)))
    assert table.n_rows == 12


def test_a_table_outside_the_named_article_is_kept() -> None:
    rows = "".join(f"<tr><td>项目{i}</td><td>{i}</td></tr>" for i in range(6))
    body = f'<div><div class="TRS_Editor"><p>{"正文。" * 80}</p></div><table>{rows}</table></div>'
    document = read(page(body))
    assert len(tables(document)) == 1 and "正文。" in texts(document)[0]


def test_a_title_above_the_article_is_kept() -> None:
    body = f'<div><h1>甲局年度报告</h1><div class="TRS_Editor"><p>{"正文。" * 80}</p></div></div>'
    assert texts(read(page(body)))[0] == "甲局年度报告"


def test_rowspans_past_the_end_and_of_nought_end_with_the_table() -> None:
    body = (
        "<table><tr><td rowspan=9>甲</td><td rowspan=0>乙</td><td>1</td></tr><tr><td>2</td></tr>"
        "<tr><td>3</td></tr></table>"
    )
    assert grid(read(page(body))) == [
        *[(0, 0, 3, 1, "甲"), (0, 1, 3, 1, "乙")],
        *[(0, 2, 1, 1, "1"), (1, 2, 1, 1, "2"), (2, 2, 1, 1, "3")],
    ]


@pytest.mark.parametrize("span", ["1000000000", "99999999999999999999", "-3", "x", "", "0", "1.9", "200%"])
def test_spans_of_any_kind_never_overlap(span: str) -> None:
    body = (
        f'<table><tr><td>甲</td><td rowspan="{span}">乙</td><td>1</td></tr>'
        f'<tr><td colspan="{span}">丙</td><td>2</td></tr><tr><td>丁</td><td>3</td></tr></table>'
    )
    cells = grid(read(page(body)))
    taken = [(r + i, c + j) for r, c, down, across, _ in cells for i in range(down) for j in range(across)]
    assert len(taken) == len(set(taken)) < 1000
    assert [text for *_, text in cells] == ["甲", "乙", "1", "丙", "2", "丁", "3"]


def test_a_wide_cell_ends_where_one_hangs_down() -> None:
    body = "<table><tr><td>甲</td><td rowspan=2>乙</td></tr><tr><td colspan=2>丙</td></tr></table>"
    assert grid(read(page(body))) == [(0, 0, 1, 1, "甲"), (0, 1, 2, 1, "乙"), (1, 0, 1, 1, "丙")]


def test_rows_of_head_body_and_foot_are_one_table() -> None:
    body = (
        "<table><caption>表一</caption><thead><tr><th>甲</th><th>乙</th></tr></thead>"
        "<tbody><tr><td>1</td><td>2</td></tr></tbody><tfoot><tr><td>3</td><td>4</td></tr></tfoot></table>"
    )
    document = read(page(body))
    assert texts(document) == ["表一"] and [c[4] for c in grid(document)] == ["甲", "乙", "1", "2", "3", "4"]


def test_lines_and_blanks_within_cells() -> None:
    body = (
        "<table><tr><td>商业<br>企业</td><td><p>社会</p><p>公益</p></td><td>&nbsp;总\n计&#12288;</td></tr>"
        '<tr><td><input value="5"></td><td> </td><td>&nbsp;</td></tr></table>'
    )
    assert [c[4] for c in grid(read(page(body)))] == ["商业\n企业", "社会\n公益", "总 计", "5", "", ""]


def test_layout_tables_within_layout_tables() -> None:
    body = (
        f"<table><tr><td><a>目录</a></td><td><table><tr><td><p>一、总体情况</p>{TABLE}<p>二、其他</p></td></tr>"
        "</table></td></tr></table>"
    )
    document = read(page(body))
    assert [type(block).__name__ for block in document.blocks] == ["Text", "Text", "Table", "Text"]
    assert texts(document) == ["目录", "一、总体情况", "二、其他"]
    assert [c.text for c in tables(document)[0].cells] == ["信息内容", "本年制发件数", "规章", "3"]


def test_a_visible_line_says_when_and_who() -> None:
    line = "<div>发布日期：2024-01-22 来源：甲市乙局 字号：大 中 小</div>"
    meta = dict(read(page(f"<h1>年报</h1>{line}<p>正文</p>", "<title>乙局年报_甲市政府</title>")).meta)
    assert meta == {"published": "2024-01-22", "agency": "甲市乙局", "title": "乙局年报"}


def test_stated_data_come_before_visible_ones() -> None:
    head = (
        '<meta name="ContentSource" content="乙局"><meta name="SiteName" content="甲市政府">'
        '<meta name="Url" content="/a/b.html"><meta name="ArticleTitle" content=" "><title>丙</title>'
    )
    meta = dict(read(page("<p>来源：丁站网 发布时间：2024年1月5日</p>", head)).meta)
    assert meta == {
        "agency": "乙局",
        "site": "甲市政府",
        "url": "/a/b.html",
        "title": "丙",
        "published": "2024年1月5日",
    }


def test_a_lost_picture_leaves_its_place() -> None:
    document = read(page('<p>前</p><img src="表/一.png"><p>后</p>'))
    assert document.blocks == (Text("前"), Picture("表/一.png", b""), Text("后"))
    assert [(p.stage, p.kind, p.detail) for p in document.problems] == [
        ("read", "picture_missing", "表/一.png")
    ]


def test_a_picture_is_looked_for_under_its_name_only() -> None:
    asked: list[str] = []

    def neighbour(name: str) -> bytes | None:
        asked.append(name)
        return PNG

    body = '<img src="a.png"><img data-src="b.png"><img src="logo.png"><img src="c.png" width="16">'
    document = read(page(f"<p>正文</p>{body}"), neighbour)
    assert asked == ["a.png", "b.png"] and document.problems == ()


def test_pictures_in_a_table_come_after_it() -> None:
    body = '<table><tr><td>甲</td><td><img src="a.png"></td></tr><tr><td>乙</td><td>2</td></tr></table>'
    document = read(page(body), lambda _: PNG)
    assert [type(block).__name__ for block in document.blocks] == ["Table", "Picture"]


@pytest.mark.parametrize(
    "uri",
    ["data:image/png;base64,", "data:image/png", "data:text/html;base64,AAAA", "data:image/png;base64,A"],
)
def test_a_broken_picture_in_the_page_is_told(uri: str) -> None:
    document = read(page(f'<p>正文</p><img src="{uri}">'))
    assert [(b.name, b.data) for b in document.blocks if isinstance(b, Picture)] == [("data-uri-1", b"")]
    assert [p.kind for p in document.problems] == ["picture_missing"]


@pytest.mark.parametrize("data", [b"", b"   ", b"<html></html>", b"<table><tr><td>1", b"<p>\xff\xfe\x00</p>"])
def test_scraps_of_pages(data: bytes) -> None:
    try:
        document = read(data)
    except ReadError as error:
        assert error.kind == "empty"
    else:
        assert document.kind == "html"


def test_very_deep_pages_are_told() -> None:
    with pytest.raises(ReadError) as caught:
        read(page("<div>" * 5000 + "正文" + "</div>" * 5000))
    assert caught.value.kind == "damaged"


def test_a_first_part_beside_the_element_that_holds_the_rest_is_kept() -> None:
    rest = "".join(f"<p>{n}、{'内容。' * 60}</p>" for n in "二三四五六")
    found = texts(read(page(f"<div><p>一、总体情况{'正文。' * 30}</p><div>{rest}</div></div>")))
    assert [text[:2] for text in found] == ["一、", "二、", "三、", "四、", "五、", "六、"]


def test_elements_that_are_never_closed_lose_nothing() -> None:
    body = "".join(f"<div>第{n}段。" for n in range(50)) + TABLE
    document = read(page(body))
    assert len(tables(document)) == 1 and texts(document) == [f"第{n}段。" for n in range(50)]


@pytest.mark.parametrize("name", ["print", "position", "share"])
def test_an_article_in_an_element_named_like_the_site_is_kept(name: str) -> None:
    body = f'<div id="{name}"><div class="TRS_Editor"><p>一、总体情况</p><img src="表.png"></div></div>'
    document = read(page(body), lambda _: PNG)
    assert [type(block).__name__ for block in document.blocks] == ["Text", "Picture"]


def test_what_lies_too_deep_is_read_or_told() -> None:
    document = read(page(f'<div class="content">{"<div>" * 300}{TABLE}{"</div>" * 300}</div>'))
    assert tables(document) or document.problems


def test_a_row_that_is_not_opened_is_a_row() -> None:
    body = "<table><td>规章</td><td>1</td></tr><tr><td>规范性文件</td><td>2</td></tr></table>"
    assert [c[4] for c in grid(read(page(body)))] == ["规章", "1", "规范性文件", "2"]


def test_a_form_between_a_table_and_its_rows_is_nothing() -> None:
    body = "<table><form><tr><td>规章</td><td>1</td></tr><tr><td>收费</td><td>2</td></tr></form></table>"
    assert len(tables(read(page(body)))) == 1


def test_a_table_of_data_with_a_small_table_inside_is_not_for_layout() -> None:
    rows = "".join(f"<tr><td>项目{n}</td><td>{n}</td></tr>" for n in range(9))
    small = "<tr><td>项目九</td><td><table><tr><td>9</td></tr></table></td></tr>"
    (table,) = tables(read(page(f"<table>{rows}{small}</table>")))
    assert (table.n_rows, table.n_columns) == (10, 2)
