"""Files of the archive that are no reports: look-alikes, and files that cannot be read."""

from __future__ import annotations

from . import fonts
from .docx import DocxLook, write_docx
from .docx import paragraph as docx_paragraph
from .docx_parts import package
from .html import HtmlLook, write_html
from .pdf import PdfLook, write_pdf
from .printing import Truth
from .report import Report, Wish, make_report
from .tables import make_tables, official
from .text import write_text
from .words import Section, Words

Files = dict[str, bytes]

_NOTICE = (
    "青禾市人民政府办公室关于做好2023年政府信息公开工作年度报告编制工作的通知",
    "各县区人民政府，市政府各部门：",
    "为做好2023年度政府信息公开工作年度报告的编制和公布，现就有关事项通知如下。",
    "一、编制内容。年度报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六部分组成。",
    "二、时间安排。请于2024年1月20日前将年度报告电子版报送市政府办公室，1月31日前在本单位网站公布。",
    "三、工作要求。表格项目名称不得改动，没有数据的填0。",
    "联系人：稻小满，电话：0304-6120388。",
    "青禾市人民政府办公室",
    "2024年1月3日",
)
_GUIDE = (
    "墨川市水务局政府信息公开指南",
    "为了方便公民、法人和其他组织获取本机关政府信息，编制本指南。",
    "一、公开内容。机构职能、规章和规范性文件、行政许可、行政处罚、行政事业性收费等信息。",
    "二、公开形式。网站、公告栏、查阅点。",
    "三、依申请公开。申请人可当面、邮寄或在线提交申请表，本机关自收到申请之日起二十个工作日内答复。",
    "四、监督方式。认为本机关未依法履行公开义务的，可以申请行政复议或者提起行政诉讼。",
    "办公地址：墨川市砚池大街6号，联系电话：0302-5513206。",
)
_EXPLANATION = (
    "一图读懂：芷汀市听泉县2022年政府信息公开工作年度报告解读",
    "近日，听泉县公布了上一年度的政府信息公开工作年度报告，现就群众关心的问题作如下解读。",
    "问：去年一共收到多少件申请？答：全年新收政府信息公开申请36件，均已答复。",
    "问：为什么有的申请不予公开？答：涉及第三方合法权益的，需要征求意见。",
    "问：在哪里可以看到全文？答：可在县政府网站年度报告栏目查看。",
)
_BUDGET = (
    "澜屿市商务局2022年度部门决算公开",
    "第一部分 部门概况",
    "一、主要职能。负责商贸流通和市场运行监测。",
    "第二部分 2022年度部门决算情况说明",
    "2022年度收入总计1207.36万元，支出总计1207.36万元。",
    "政府采购支出总额86.20万元，其中货物支出51.00万元，服务支出35.20万元。",
)
_WEBSITE = (
    "政府网站工作年度报表（2022年度）",
    "填报单位：榆泽市统计局",
    "网站名称：榆泽市统计局网站　首页网址：http://www.yuze.example",
    "独立用户访问总量（个）：10532　网站总访问量（次）：88410",
    "信息发布总数（条）：412　专栏专题数量（个）：3　解读回应数量（条）：9",
    "收到留言数量（条）：15　办结留言数量（条）：15　平均办理时间（天）：3",
)


def look_alikes() -> Files:
    """Return files that must not be taken for reports."""
    return {
        "非报告/编制通知.docx": _plain_docx(_NOTICE),
        "非报告/统计表空白模板.docx": write_docx(_blank_form(), DocxLook()),
        "非报告/年报解读.html": _plain_html(_EXPLANATION),
        "非报告/部门决算.docx": _plain_docx(_BUDGET),
        "非报告/公开指南.html": _plain_html(_GUIDE),
        "非报告/网站年度报表.html": _plain_html(_WEBSITE),
        "非报告/上半年统计.txt": write_text(_half_year()),
    }


def faults() -> list[tuple[str, bytes, str]]:
    """Return files that cannot be read, each with the kinds of problem (parted by |) that are right."""
    report = make_report(900, Wish(edition="2021", scale="tiny", plain=True, error="none"))
    face = next(f for f in fonts.CHINESE if f.file.startswith("truetype"))
    docx = write_docx(report, DocxLook())
    locked = write_pdf(report, PdfLook(face, password="geheim"))
    pdf = write_pdf(report, PdfLook(face))
    return [
        ("故障/损坏.docx", docx[: len(docx) // 2], "damaged"),
        ("故障/截断.pdf", pdf[:900], "damaged"),
        ("故障/加密.pdf", locked, "encrypted"),
        ("故障/空文件.docx", b"", "empty"),
        ("故障/空压缩包.zip", b"", "empty"),
        ("故障/只有空白.txt", "　 \r\n\r\n \t\r\n".encode(), "empty"),
        ("故障/坏图.png", b"\x89PNG\r\n\x1a\n" + bytes(range(64)), "damaged|picture_unreadable"),
        ("故障/录音.mp3", b"ID3\x04\x00\x00\x00\x00\x00\x0f" + bytes(200), "unsupported"),
    ]


def _plain_docx(lines: tuple[str, ...]) -> bytes:
    body = docx_paragraph(lines[0], jc="center", bold=True) + "".join(map(docx_paragraph, lines[1:]))
    return package(body, {}, "WenQuanYi Micro Hei", 14)


def _plain_html(lines: tuple[str, ...]) -> bytes:
    words = Words("墨川市", 2022, lines[0], list(lines[1:]), [], [], published_on="2023-02-14")
    report = Report("2021", words, {}, {}, 1)
    return next(iter(write_html(report, HtmlLook(), "x").values()))


def _blank_form() -> Report:
    """The form as a government office sends it out to be filled in."""
    filled = make_report(901, Wish(edition="2021", scale="tiny", plain=True, error="none"))
    cells = {code: Truth("", "", "0", "blank", t.unit) for code, t in filled.cells.items()}
    titles = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况",
              "存在的主要问题及改进情况", "其他需要报告的事项")  # fmt: skip
    sections = [Section(i + 1, "一二三四五六"[i] + "、", t, []) for i, t in enumerate(titles)]
    sections[0].before = ["（此处填写本机关总体情况，不超过八百字）"]
    words = Words("××单位", 0, "（单位名称）××××年政府信息公开工作年度报告（模板）", ["填表说明：没有数据的项目填0，请勿改动表格。"],
                  sections, [])  # fmt: skip
    return Report("2021", words, cells, make_tables("2021", cells, official()), 901)


def _half_year() -> Report:
    """Statistics of half a year in the form's own table."""
    report = make_report(902, Wish(edition="2021", year=2023, scale="small", plain=True, error="none"))
    words = report.words
    words.title = f"{words.agency}2023年上半年政府信息公开工作统计表"
    words.head = ["统计时段：2023年1月1日至2023年6月30日。"]
    words.sections = [Section(3, "", "申请办理情况", [])]
    return report
