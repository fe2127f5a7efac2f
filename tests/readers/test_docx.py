"""Word files: one small file per trap, made here as XML, since writers of Word files hide what they write."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from docx import Document as new_docx
from PIL import Image

from extract.errors import ReadError
from extract.model import Block, Document, Picture, Source, Table, Text
from extract.readers.docx import read
from extract.settings import Settings

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_NAMES = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" xmlns:a="{_A}" xmlns:mc="{_MC}" xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*entries: tuple[str, str, str]) -> str:
    """Relations of kind, identifier and target; a target that is an address is external."""
    rows = "".join(
        f'<Relationship Id="{i}" Type="{_R}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if '://' in target else ''}/>"
        for kind, i, target in entries
    )
    return f'<Relationships xmlns="{_RELS}">{rows}</Relationships>'


def package(body: str, parts: dict[str, str | bytes] | None = None, main: str = "word/document.xml") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relations(("officeDocument", "m", main)))
        archive.writestr(main, f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>")
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    return buffer.getvalue()


def read_bytes(data: bytes, settings: Settings | None = None) -> Document:
    return read(Source("a.docx", data, "docx"), settings or Settings())


def blocks(body: str, parts: dict[str, str | bytes] | None = None) -> tuple[Block, ...]:
    return read_bytes(package(body, parts)).blocks


def texts(body: str, parts: dict[str, str | bytes] | None = None) -> list[str]:
    return [b.text for b in blocks(body, parts) if isinstance(b, Text)]


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def tc(text: str, properties: str = "", inner: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}{p(text) if text else '<w:p/>'}</w:tc>"


def tbl(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def only_table(body: str) -> Table:
    (found,) = [b for b in blocks(body) if isinstance(b, Table)]
    return found


def grid(table: Table) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def png(width: int = 6, height: int = 4) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(buffer, "PNG")
    return buffer.getvalue()


def blip(identifier: str, attribute: str = "embed") -> str:
    return f'<w:r><w:drawing><a:blip r:{attribute}="{identifier}"/></w:drawing></w:r>'


def test_a_file_of_python_docx() -> None:
    made = new_docx()
    made.core_properties.title = "年度报告"
    made.add_paragraph("一、总体情况")
    table = made.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"
    table.cell(1, 2).text = "7"
    made.add_paragraph("完")
    buffer = io.BytesIO()
    made.save(buffer)
    document = read_bytes(buffer.getvalue())
    assert document.kind == "docx" and document.meta == (("title", "年度报告"),)
    first, middle, last = document.blocks
    assert first == Text("一、总体情况") and last == Text("完")
    assert isinstance(middle, Table) and middle.source == "docx"
    assert grid(middle)[0] == (0, 0, 1, 2, "合并") and (middle.n_rows, middle.n_columns) == (2, 3)


def test_spans() -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = only_table(
        tbl(
            tc("组", down) + tc("头", '<w:gridSpan w:val="2"/>'),
            tc("看不见", on) + tc("甲") + tc("1"),
            '<w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("乙") + tc("2"),
        )
    )
    assert grid(table) == [
        *[(0, 0, 2, 1, "组"), (0, 1, 1, 2, "头"), (1, 1, 1, 1, "甲"), (1, 2, 1, 1, "1")],
        *[(2, 1, 1, 1, "乙"), (2, 2, 1, 1, "2")],
    ]


def test_a_merge_that_would_cover_other_cells_is_none() -> None:
    wide = '<w:gridSpan w:val="2"/><w:vMerge w:val="restart"/>'
    table = only_table(tbl(tc("宽", wide) + tc("3"), tc("窄", "<w:vMerge/>") + tc("1") + tc("2")))
    taken = [
        (c.row + i, c.column + j)
        for c in table.cells
        for i in range(c.row_span)
        for j in range(c.column_span)
    ]
    assert len(taken) == len(set(taken))
    assert [c.text for c in table.cells] == ["宽", "3", "窄", "1", "2"]


def test_a_continuation_without_a_beginning_is_a_cell() -> None:
    assert [c.text for c in only_table(tbl(tc("甲", "<w:vMerge/>") + tc("1"))).cells] == ["甲", "1"]


def test_horizontal_merge_of_old_files() -> None:
    table = only_table(
        tbl(tc("头", '<w:hMerge w:val="restart"/>') + tc("", "<w:hMerge/>"), tc("1") + tc("2"))
    )
    assert grid(table)[0] == (0, 0, 1, 2, "头") and table.n_columns == 2


def test_content_controls_around_rows_cells_and_paragraphs() -> None:
    def sdt(inner: str) -> str:
        return f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    row = f"<w:tr>{sdt(tc('甲'))}{tc('1')}</w:tr>"
    found = blocks(sdt(p("前")) + f"<w:tbl>{sdt(row)}<w:tr>{tc('乙')}{tc('2')}</w:tr></w:tbl>")
    assert found[0] == Text("前")
    assert isinstance(found[1], Table) and [c.text for c in found[1].cells] == ["甲", "1", "乙", "2"]


def test_paragraphs_of_a_cell_are_lines() -> None:
    assert only_table(tbl(tc("下", inner=p("上")) + tc("1"))).cells[0].text == "上\n下"


def test_layout_tables_are_dissolved_and_data_tables_with_a_small_table_inside_are_not() -> None:
    inner = tbl(tc("甲") + tc("1"), tc("乙") + tc("2"))
    found = blocks(tbl(tc("左", inner=p("题") + inner) + tc("")))
    assert [type(b) for b in found] == [Text, Table, Text]
    assert blocks(tbl(tc("二", inner=p("一")))) == (Text("一"), Text("二"))
    data = only_table(tbl(tc("甲") + tc("乙"), tc("丙") + tc("", inner=tbl(tc("5")))))
    assert [c.text for c in data.cells] == ["甲", "乙", "丙", "5"]


def test_tracked_changes_hidden_text_fields_and_breaks() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>"
    field = "<w:r><w:instrText>PAGE</w:instrText></w:r>"
    body = (
        f"<w:p><w:ins>{run('留')}</w:ins><w:del><w:r><w:delText>删</w:delText><w:t>删</w:t></w:r></w:del>"
        f"{hidden}{field}<w:r><w:tab/><w:t>后</w:t><w:br/><w:t>行</w:t></w:r></w:p>"
    )
    assert texts(body) == ["留\t后\n行"]


def test_a_deleted_row_is_left_out() -> None:
    deleted = "<w:trPr><w:del/></w:trPr>" + tc("旧") + tc("9")
    assert [c.text for c in only_table(tbl(deleted, tc("新") + tc("1"))).cells] == ["新", "1"]


def box(text: str) -> str:
    return f"<w:txbxContent>{p(text)}</w:txbxContent>" if text else ""


@pytest.mark.parametrize(("choice", "fallback"), [("题", "题"), ("", "题"), ("题", "")])
def test_a_text_box_is_read_once(choice: str, fallback: str) -> None:
    both = (
        f"<mc:AlternateContent><mc:Choice>{box(choice)}</mc:Choice>"
        f"<mc:Fallback>{box(fallback)}</mc:Fallback></mc:AlternateContent>"
    )
    assert texts(f"<w:p><w:r>{both}</w:r>{run('正文')}</w:p>") == ["正文", "题"]
    cell = f"<w:tc><w:p><w:r>{both}</w:r>{run('甲')}</w:p></w:tc>"
    found = blocks(tbl(cell + tc("1")))
    assert isinstance(found[0], Table) and found[0].cells[0].text == "甲" and found[1:] == (Text("题"),)


def numbering(form: str, text: str = "%1、", extra: str = "") -> dict[str, str | bytes]:
    level = (
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2 "/></w:lvl>'
    )
    xml = (
        f'<w:numbering {_NAMES}><w:abstractNum w:abstractNumId="7">{level}</w:abstractNum>'
        f'<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="4"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        f"</w:lvlOverride></w:num></w:numbering>"
    )
    styles = (
        f'<w:styles {_NAMES}><w:style w:styleId="base"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>'
        f'</w:style><w:style w:styleId="child"><w:basedOn w:val="base"/></w:style></w:styles>'
    )
    rels = relations(("numbering", "n", "numbering.xml"), ("styles", "s", "styles.xml"))
    parts: dict[str, str | bytes] = {"word/numbering.xml": xml, "word/styles.xml": styles}
    return {**parts, "word/_rels/document.xml.rels": rels}


def numbered(number: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


@pytest.mark.parametrize(
    ("form", "label"),
    [
        *[("chineseCounting", "二、"), ("chineseCountingThousand", "二、"), ("japaneseCounting", "二、")],
        *[("decimal", "2、"), ("decimalEnclosedCircle", "②、"), ("chineseLegalSimplified", "贰、")],
        *[
            ("ideographTraditional", "乙、"),
            ("decimalFullWidth", "２、"),
            ("upperRoman", "II、"),
            ("bullet", ""),
        ],
    ],
)
def test_automatic_numbers(form: str, label: str) -> None:
    body = p("甲", numbered(3)) + p("乙", numbered(3))
    assert texts(body, numbering(form))[1] == label + "乙"


def test_numbers_through_styles_levels_and_restarts() -> None:
    child = '<w:pStyle w:val="child"/>'
    body = (
        p("甲", child)
        + p("子", numbered(3, 1))
        + p("乙", child)
        + p("不", child + numbered(0))
        + p("又", numbered(4))
    )
    found = texts(body, numbering("chineseCounting"))
    assert found == ["一、甲", "一.1 子", "二、乙", "不", "一、又"]


def test_plain_digits_where_a_level_asks_for_them() -> None:
    parts = numbering("chineseCounting")
    xml = str(parts["word/numbering.xml"]).replace(
        '<w:lvlText w:val="%1.%2 "/>', '<w:isLgl/><w:lvlText w:val="%1.%2 "/>'
    )
    body = p("甲", numbered(3)) + p("子", numbered(3, 1))
    assert texts(body, {**parts, "word/numbering.xml": xml}) == ["一、甲", "1.1 子"]


def test_an_empty_paragraph_counts() -> None:
    empty = f"<w:p><w:pPr>{numbered(3)}</w:pPr></w:p>"
    assert texts(empty + p("乙", numbered(3)), numbering("decimal")) == ["2、乙"]


def with_pictures(*targets: tuple[str, str], **media: bytes) -> dict[str, str | bytes]:
    rels = relations(*(("image", i, target) for i, target in targets))
    parts: dict[str, str | bytes] = {
        f"word/media/{name.replace('_', '.')}": data for name, data in media.items()
    }
    return {**parts, "word/_rels/document.xml.rels": rels}


def test_pictures_inline_in_old_markup_and_in_cells() -> None:
    data = png()
    parts = with_pictures(("a", "media/i1.png"), ("b", "/word/media/i2.png"), i1_png=data, i2_png=data)
    vml = '<w:r><w:pict><v:shape><v:imagedata r:id="b"/></v:shape></w:pict></w:r>'
    cell = f"<w:tc><w:p>{blip('a')}{run('甲')}</w:p></w:tc>"
    found = blocks(f"<w:p>{vml}</w:p>" + tbl(cell + tc("1")) + p("后"), parts)
    assert [type(b) for b in found] == [Picture, Table, Picture, Text]
    assert [(b.name, b.data) for b in found if isinstance(b, Picture)] == [
        ("word/media/i2.png", data),
        ("word/media/i1.png", data),
    ]


def test_pictures_outside_and_missing_ones_are_problems() -> None:
    parts = with_pictures(("a", "http://bilder.example/a.png"), ("b", "media/none.png"))
    document = read_bytes(package(f"<w:p>{blip('a', 'link')}{blip('b')}</w:p>", parts))
    assert [b.data for b in document.blocks if isinstance(b, Picture)] == [b"", b""]
    assert [problem.kind for problem in document.problems] == ["external_resource", "picture_missing"]


def emf(bitmap: bool) -> bytes:
    """A metafile with a bitmap of 2 x 2 in one EMR_STRETCHDIBITS, or without any."""
    head = struct.pack("<II", 1, 88) + bytes(32) + b" EMF" + bytes(44)
    dib = struct.pack("<IiiHHIIiiII", 40, 2, 2, 1, 24, 0, 16, 0, 0, 0, 0)
    record = (
        struct.pack("<II", 81, 80 + 40 + 16) + bytes(40) + struct.pack("<IIII", 80, 40, 120, 16) + bytes(16)
    )
    end = struct.pack("<IIIII", 14, 20, 0, 0, 20)
    return head + (record + dib + bytes(16) if bitmap else b"") + end


def test_metafiles() -> None:
    parts = with_pictures(("a", "media/a.emf"), ("b", "media/b.emf"), a_emf=emf(True), b_emf=emf(False))
    document = read_bytes(package(f"<w:p>{blip('a')}{blip('b')}</w:p>", parts))
    first, second = (b for b in document.blocks if isinstance(b, Picture))
    assert Image.open(io.BytesIO(first.data)).size == (2, 2) and second.data == b""
    assert [problem.kind for problem in document.problems] == ["picture_unreadable"]


def test_strict_names_and_another_main_part() -> None:
    strict = package(p("文"), main="word/document2.xml")
    assert read_bytes(strict).blocks == (Text("文"),)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        name = "http://purl.oclc.org/ooxml/wordprocessingml/main"
        xml = f'<w:document xmlns:w="{name}"><w:body>{p("严")}</w:body></w:document>'
        archive.writestr("word/document.xml", xml)
    assert read_bytes(buffer.getvalue()).blocks == (Text("严"),)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut off", package("")[:200], package("<w:p>")])
def test_damaged(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(data)
    assert caught.value.kind == "damaged"


def test_no_main_part_and_parts_over_the_limit() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/other.xml", "<a/>")
    with pytest.raises(ReadError, match="damaged"):
        read_bytes(buffer.getvalue())
    with pytest.raises(ReadError, match="too_large"):
        read_bytes(package(p("长" * 3000)), Settings(max_bytes=2000))


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim", encoding="utf-8")
    xml = (
        f'<!DOCTYPE d [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        f"<w:document {_NAMES}><w:body><w:p><w:r><w:t>甲&e;</w:t></w:r></w:p></w:body></w:document>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", xml)
    assert "geheim" not in str(read_bytes(buffer.getvalue()).blocks)
