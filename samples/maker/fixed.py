"""The fixed archive of samples: one file for each shape and trouble that real archives hold."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

from PIL import Image

from . import archive, fonts, mail, ofd, others, programs, rtf, scan, sheets, tables
from .docx import DocxLook, write_docx
from .fresh import Files, save
from .html import HtmlLook, write_html
from .pdf import PdfLook, write_pdf
from .picture import Look, draw_report, draw_table, encode, trimmed
from .printing import Style
from .report import Report, Wish, make_report
from .sheet import SheetLook
from .text import write_text
from .truth import Entry, Truths, write_truth

MICRO, ZEN, UMING, UKAI = "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "AR PL UMing CN", "AR PL UKai CN"
SANS, SERIF = "Noto Sans CJK SC", "Noto Serif CJK SC"


class Archive:
    """Collects files and their truth."""

    def __init__(self) -> None:
        self.files: Files = {}
        self.truths = Truths()

    def add(self, files: Files, report: Report, shape: str, **special: object) -> None:
        """Add a report; its first file is the one that the tool names it by, the others are joined to it."""
        first, *rest = files
        self.files.update(files)
        self.truths.entries.append(Entry(first, report, shape, **special))  # type: ignore[arg-type]
        for name in rest:
            self.problem(name, "joined", "picture of the report beside it")

    def problem(self, file: str, kind: str, note: str) -> None:
        """Note a file's problem that must be reported."""
        self.truths.problems.append((file, kind, note))


def make_fixed(folder: Path) -> Truths:
    """Write files/ and truth/ under the folder, replacing what was there.

    Raises RuntimeError where LibreOffice, Chromium or a font is missing: a part of the archive would be lost.
    """
    if not programs.has_office() or programs.browser() is None or len({f.name for f in fonts.CHINESE}) < 6:
        raise RuntimeError(
            "the fixed archive needs LibreOffice, Chromium and the fonts named in samples/README.md"
        )
    made = Archive()
    for part in (
        _word,
        _word_pictures,
        _office,
        _drawn,
        _scans,
        _pages,
        _pictures,
        _texts,
        _containers,
        _statistics,
        _formats,
        _others,
    ):
        part(made)
    shutil.rmtree(folder / "files", ignore_errors=True)
    save(folder / "files", made.files)
    write_truth(folder / "truth", made.truths)
    return made.truths


def _report(seed: int, edition: str = "2021", scale: str = "small", **wish: object) -> Report:
    return make_report(seed, Wish(edition=edition, scale=scale, **{"error": "none", **wish}))  # type: ignore[arg-type]


def _look(name: str, width: int, size: int, **more: object) -> Look:
    return Look(chinese=fonts.chinese(name), width=width, size=size, **more)  # type: ignore[arg-type]


def _latin(index: int) -> fonts.Face:
    return fonts.LATIN[index]


def _word(made: Archive) -> None:
    def add(name: str, report: Report, look: DocxLook, notes: str = "") -> None:
        made.add({f"docx/{name}.docx": write_docx(report, look)}, report, "docx", notes=notes)

    official = _report(101, plain=True, year=2023, agency="青禾市临湖区市场监督管理局")
    add("官方格式", official, DocxLook())
    add("旧版表格", _report(102, "2019", "medium", year=2020), DocxLook(font=UMING))
    add("自动编号", _report(103, style=Style(zeros="blank")), DocxLook(headings="auto", font=ZEN))
    add("文本框标题", _report(104, style=Style(zeros="slash")), DocxLook(headings="box", runs=True))
    add(
        "嵌套表格", _report(105, "2019", style=Style(zeros="mixed", signs="words")), DocxLook(tables="nested")
    )
    wide = replace(tables.official(), empty_columns=9)
    add("多余空列", _report(106, wording=wide, style=Style(zeros="parts_blank")), DocxLook(font=UKAI))
    more = replace(tables.official(), extra_row=True, extra_column=True)
    add(
        "多出行列",
        _report(107, "2019", wording=more, style=Style(signs="bare")),
        DocxLook(),
        "extra row and column",
    )
    lost = ("requests.not_processed.excessive.",)
    add(
        "缺一行",
        _report(108, scale="tiny", drop=lost, style=Style()),
        DocxLook(),
        "a row of the form is not there",
    )
    add("缺一表", _report(109, drop=("review.", "litigation_")), DocxLook(), "the review table is not there")
    made.problem("docx/缺一表.docx", "table_missing", "the review table is not in the report")
    add("合计错误", _report(110, scale="medium", error="off", style=Style()), DocxLook(font=SERIF))
    add("列错位", _report(111, scale="medium", error="shift", style=Style(zeros="dash")), DocxLook())
    add("合计留空", _report(112, scale="medium", style=Style(totals="blank")), DocxLook())
    split = replace(tables.official(), split=True, group_rows=False, applicant_head=False)
    add(
        "分表无边框",
        _report(113, wording=split, style=Style(zeros="emdash")),
        DocxLook(border="none", align="left"),
    )
    wan = Style(zeros="piece", amount="wan", full_width=True)
    add("全角带单位", _report(114, scale="medium", style=wan), DocxLook(size=16))


def _word_pictures(made: Archive) -> None:
    def add(name: str, report: Report, mode: str, kind: str, look: Look) -> None:
        data = write_docx(report, DocxLook(tables=mode, picture=kind), look)
        made.add({f"docx图片/{name}.docx": data}, report, "docx_pictures")

    add("嵌入png", _report(121, scale="medium", style=Style()), "inline", "png", _look(MICRO, 800, 13))
    anchor = _look(SANS, 900, 14, shade="#eeeeee")
    add("浮动jpeg", _report(122, style=Style(zeros="blank")), "anchor", "jpeg", anchor)
    add("组合gif", _report(123, "2019", style=Style(zeros="slash")), "group", "gif", _look(UMING, 900, 15))
    add(
        "旧格式bmp", _report(124, style=Style(zeros="parts_blank")), "vml", "bmp", _look(ZEN, 760, 12, tall=4)
    )
    tiff = _look(SERIF, 1000, 15, latin=_latin(0))
    add(
        "嵌入tiff",
        _report(125, "2019", "medium", error="off", style=Style(signs="plus")),
        "inline",
        "tiff",
        tiff,
    )
    add(
        "嵌入emf",
        _report(126, scale="large", style=Style(zeros="dash")),
        "inline",
        "emf",
        _look(MICRO, 1000, 14),
    )


def _office(made: Archive) -> None:
    """Files that LibreOffice writes: legacy .doc, its own .docx, exported PDF."""
    first = _report(131, scale="medium", plain=True)
    second = _report(132, "2019", style=Style(zeros="slash"))
    third, fourth = _report(133, scale="medium"), _report(134, scale="large", style=Style(thousands=","))
    fifth = _report(135, "2019", "medium")
    doc = programs.convert(
        {
            "doc/旧版Word.docx": write_docx(first, DocxLook()),
            "doc/旧版Word旧表.docx": write_docx(second, DocxLook(font=UMING)),
        },
        "doc:MS Word 97",
    )
    for (name, data), report in zip(doc.items(), (first, second), strict=True):
        made.add({name: data}, report, "doc")
    saved = programs.convert({"docx/另存.docx": write_docx(third, DocxLook())}, "docx:MS Word 2007 XML")
    made.add(saved, third, "docx")
    sources = {
        "pdf/文档导出.docx": write_docx(fourth, DocxLook()),
        "pdf/文档导出旧表.docx": write_docx(fifth, DocxLook(font=UKAI)),
    }
    for (name, data), report in zip(programs.convert(sources, "pdf").items(), (fourth, fifth), strict=True):
        made.add({name: data}, report, "pdf")


def _drawn(made: Archive) -> None:
    def add(name: str, report: Report, look: PdfLook, notes: str = "") -> None:
        made.add({f"pdf/{name}.pdf": write_pdf(report, look)}, report, "pdf", notes=notes)

    cut = PdfLook(fonts.chinese(MICRO), rules="fills", cut_rows=True, tall=10)
    add("跨页断行", _report(141, scale="large", style=Style()), cut, "rows and group labels cut by the page")
    side = PdfLook(fonts.chinese(UMING), latin=_latin(0), open_side="right", numbers="第 {n} 页", tall=12)
    add("缺边线", _report(142, "2019", "medium"), side, "outer line missing on the right")
    rects = PdfLook(fonts.chinese(UKAI), rules="rects", align="right", margin=45)
    add("楷体", _report(143, error="swap", scale="medium", style=Style()), rects)
    page = _report(144, scale="medium", style=Style(zeros="mixed"))
    look = HtmlLook(font=MICRO)
    made.add({"pdf/网页打印.pdf": programs.print_page(_page(page, look))}, page, "pdf_browser")
    _broken_codes(made)
    pictures = _report(145, style=Style())
    look_pictures = PdfLook(fonts.chinese(ZEN), tables="picture")
    made.add({"pdf/表格为图片.pdf": write_pdf(pictures, look_pictures)}, pictures, "pdf_pictures")


def _broken_codes(made: Archive) -> None:
    """A PDF whose text layer names other characters than those it shows."""
    report = _report(146, scale="tiny", plain=True)
    look = PdfLook(fonts.chinese(MICRO), size=12, codes="wrong")
    made.add(
        {"pdf/编码错乱.pdf": write_pdf(report, look)},
        report,
        "pdf_broken",
        notes="its text layer is nonsense",
    )


def _page(report: Report, look: HtmlLook) -> bytes:
    return next(iter(write_html(report, look, "x").values()))


def _scans(made: Archive) -> None:
    grey = _report(151, style=Style())
    look = scan.ScanLook(dpi=150, quality=40)
    pages = scan.render(write_pdf(grey, PdfLook(fonts.chinese(MICRO), size=12, tall=2)), look.dpi)
    made.add({"扫描/灰度.pdf": scan.as_pdf(scan.scanned(pages, look, Random(1)), look)}, grey, "scan")
    black = _report(152, "2019", style=Style(zeros="slash"))
    look = scan.ScanLook(dpi=200, bilevel=True, turn=0.5)
    pages = scan.render(write_pdf(black, PdfLook(fonts.chinese(UMING), latin=_latin(0), size=12)), look.dpi)
    made.add({"扫描/黑白.pdf": scan.as_pdf(scan.scanned(pages, look, Random(2)), look)}, black, "scan")
    fax = _report(153, style=Style(zeros="blank"))
    pages = scan.render(write_pdf(fax, PdfLook(fonts.chinese(ZEN), size=12)), look.dpi)
    made.add(
        {"扫描/多页.tiff": scan.as_tiff(scan.scanned(pages, replace(look, turn=0.2), Random(3)))}, fax, "scan"
    )
    half = _report(154, scale="medium", style=Style())
    text = write_pdf(half, PdfLook(fonts.chinese(MICRO), size=12, tall=6))
    data = programs.steady(scan.mixed(text, scan.ScanLook(quality=45), Random(4)))
    made.add({"扫描/混合.pdf": data}, half, "scan", notes="first and last page are text, the others scans")


def _pages(made: Archive) -> None:
    def add(name: str, report: Report, look: HtmlLook, picture_look: Look | None = None) -> None:
        shape = "html" if look.tables == "native" else "html_pictures"
        made.add(write_html(report, look, f"html/{name}", picture_look), report, shape)

    add("网页", _report(201, scale="large", style=Style()), HtmlLook())
    made.files["html/网页2.html"] = made.files["html/网页.html"]
    made.problem("html/网页2.html", "duplicate", "same bytes as html/网页.html")
    add("国标编码", _report(202, "2019", error="off"), HtmlLook(charset="gb2312", cells="word"))
    add(
        "未声明编码",
        _report(203, style=Style(zeros="none")),
        HtmlLook(charset="gbk", declared=False, chrome=False),
    )
    add("表头单元格", _report(204, "2019", "medium"), HtmlLook(cells="th", title="meta"))
    add("不闭合标签", _report(205, scale="tiny"), HtmlLook(cells="loose", blank="&nbsp;", layout_table=True))
    yuan = _report(206, error="review", scale="medium", style=Style(amount="yuan"))
    add("元为单位", yuan, HtmlLook(cells="word", title="twice"))
    add("图片表格", _report(207, style=Style()), HtmlLook(tables="files"), _look(MICRO, 700, 12))
    logo = Image.new("L", (180, 40), 200)
    made.files["html/图片表格_files/logo.png"] = encode(logo, "png")
    made.problem("html/图片表格_files/logo.png", "joined|not_a_report", "the site's logo")
    add("内嵌图片", _report(208, "2019", style=Style()), HtmlLook(tables="data"), _look(SANS, 860, 14))


def _pictures(made: Archive) -> None:
    def add(name: str, report: Report, look: Look, kind: str = "png") -> None:
        ending = "jpg" if kind == "jpeg" else kind
        image = draw_report(report, look)[0]
        made.add({f"图片/{name}.{ending}": encode(image, kind)}, report, "png")

    add("长截图", _report(301, plain=True), _look(ZEN, 900, 14))
    add("窄截图", _report(302, scale="medium", style=Style()), _look(MICRO, 550, 10, latin=_latin(1)))
    add(
        "长截图旧表",
        _report(303, "2019", style=Style(zeros="blank")),
        _look(SERIF, 1000, 16, line_ink="#808080"),
        "jpeg",
    )
    report = _report(304, scale="medium", error="swap", style=Style(zeros="dash"))
    shot = programs.screenshot(_page(report, HtmlLook(font=SANS, chrome=False)), 860, 3400)
    data = encode(trimmed(shot), "png")
    made.add({"图片/浏览器截图.png": data}, report, "png")
    report = _report(305, "2021", "medium", style=Style(), year=2022, agency="槐浦市审计局")
    stem = "图片/槐浦市审计局2022年政府信息公开工作年度报告"
    images = [draw_table(grids, _look(UMING, 820, 14)) for grids in report.tables.values()]
    files = {f"{stem}_{i + 1}.png": encode(image, "png") for i, image in enumerate(images)}
    made.add(files, report, "pictures", sections=False, head=False, notes="one picture per table, no text")


def _texts(made: Archive) -> None:
    report = _report(401, style=Style(thousands="，"))
    made.add({"文本/制表符.txt": write_text(report)}, report, "txt")
    report = _report(402, scale="tiny")
    made.add({"文本/缺图.txt": write_text(report, "image")}, report, "txt_no_tables", tables=False)
    made.problem("文本/缺图.txt", "picture_missing", "three tables were pictures")
    report = _report(403, "2019")
    made.add({"文本/国标编码.txt": write_text(report, encoding="gb18030")}, report, "txt")


def _containers(made: Archive) -> None:
    """A zip with GBK names, a zip inside it, a folder named for the agency, and wrong endings."""
    inside = [
        _report(501, scale="tiny"),
        _report(502, "2019", "tiny"),
        _report(503, scale="none"),
        _report(504),
    ]
    word, page, text, deep = inside
    nested = archive.pack({"街道/工作年报.docx": write_docx(deep, DocxLook())})
    members = {
        "镇街年报/甲.docx": write_docx(word, DocxLook()),
        "镇街年报/乙.html": _page(page, HtmlLook(charset="gbk")),
        "丙.txt": write_text(text),
        "下级.zip": nested,
    }
    made.files["压缩包/报送材料.zip"] = archive.pack(members, gbk=True)
    names = ("镇街年报/甲.docx", "镇街年报/乙.html", "丙.txt", "下级.zip!街道/工作年报.docx")
    for name, report, shape in zip(names, inside, ("docx", "html", "txt", "docx"), strict=True):
        made.truths.entries.append(Entry(f"压缩包/报送材料.zip!{name}", report, shape))
    _annexes(made)
    report = _report(506)
    data = write_pdf(report, PdfLook(fonts.chinese(ZEN)))
    made.add({"后缀有误/其实是PDF.doc": data}, report, "pdf", notes="wrong ending")
    report = _report(507, "2019")
    made.add(
        {"后缀有误/其实是DOCX.pdf": write_docx(report, DocxLook())}, report, "docx", notes="wrong ending"
    )


def _annexes(made: Archive) -> None:
    report = _report(505, year=2024, agency="霁水市民政局", style=Style(), plain=True)
    folder = "霁水市民政局"
    bare = Report(
        report.edition, report.words, report.cells, {name: [] for name in report.tables}, report.seed
    )
    for number, section in zip("123", report.words.sections[1:4], strict=True):
        section.before = [f"具体数据见附件{number}。"]
    files = {f"{folder}/报告.docx": write_docx(bare, DocxLook())}
    for index, grids in enumerate(report.tables.values()):
        files[f"{folder}/附件{index + 1}.png"] = encode(draw_table(grids, _look(SANS, 900, 15)), "png")
    made.add(files, report, "docx_annexes", notes="tables in pictures beside the text")


def _statistics(made: Archive) -> None:
    """The statistics sheet of 2014 to 2018, native and as pictures."""
    official = _report(601, "2014", "medium", plain=True, year=2016)
    made.add({"统计表/官方统计表.docx": write_docx(official, DocxLook())}, official, "docx")
    coded = SheetLook(codes="代码", value="本级", other=("汇总",), stroke="")
    two = _report(602, "2014", sheet=coded, error="within", style=Style())
    made.add(
        {"统计表/本级与汇总.html": _page(two, HtmlLook())},
        two,
        "html",
        notes="code column; a part larger than its whole",
    )
    years = SheetLook(value="2017年度", other=("历年累计",), first=False, title=True, notes=False)
    third = _report(603, "2014", "small", year=2017, sheet=years, error="off", style=Style(zeros="dash"))
    drawn = PdfLook(fonts.chinese(ZEN), rules="rects", tall=8)
    made.add({"统计表/历年累计.pdf": write_pdf(third, drawn)}, third, "pdf", notes="years side by side")
    shot = _report(604, "2014", "large", plain=True, year=2018)
    image = draw_report(shot, _look(MICRO, 900, 14))[0]
    made.add({"统计表/截图.png": encode(image, "png")}, shot, "png")


def _formats(made: Archive) -> None:
    """Formats that are rarer: rich text, workbooks, OFD, a page saved in one file, an e-mail."""
    rng = Random(7)
    rich = _report(611, scale="medium", style=Style())
    made.add({"其他格式/富文本.rtf": rtf.write_rtf(rich, rtf.RtfLook())}, rich, "rtf")
    book = _report(612, "2019", "medium", style=Style())
    made.add({"其他格式/工作簿.xlsx": sheets.write_xlsx(book, rng)}, book, "xlsx")
    old = _report(613, "2014", year=2015, style=Style())
    made.add({"其他格式/旧工作簿.xls": sheets.write_xls(old, rng)}, old, "xls")
    fixed = _report(614, scale="large", style=Style(zeros="slash"))
    pages = PdfLook(fonts.chinese(MICRO), size=12)
    made.add({"其他格式/版式文件.ofd": ofd.write_ofd(fixed, pages)}, fixed, "ofd")
    page = _report(615, style=Style())
    files = write_html(page, HtmlLook(tables="files"), "页", _look(SANS, 800, 13))
    made.add({"其他格式/单文件网页.mht": mail.write_mht(files, rng)}, page, "mht_pictures")
    sent = _report(616, "2019", style=Style(zeros="blank"))
    data = write_docx(sent, DocxLook())
    made.files["其他格式/来信.eml"] = mail.write_eml({"年度报告.docx": data})
    made.truths.entries.append(Entry("其他格式/来信.eml!年度报告.docx", sent, "docx"))


def _others(made: Archive) -> None:
    for name, data in others.look_alikes().items():
        made.files[name] = data
        made.problem(name, "not_a_report", "")
    for name, data, kind in others.faults():
        made.files[name] = data
        made.problem(name, kind, "")
