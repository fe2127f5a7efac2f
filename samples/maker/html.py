"""Writes a report as a saved page of a government site, with the site's own furniture around it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from html import escape
from random import Random

from .picture import Look, draw_table, encode, random_look
from .report import TABLE_OF_SECTION, Report, flow
from .tables import Grid, GridCell
from .words import Section


@dataclass(frozen=True)
class HtmlLook:
    """Choices of one saved page."""

    charset: str = "utf-8"
    """As declared and written: utf-8, gb2312 or gbk."""
    declared: bool = True
    chrome: bool = True
    """Navigation, breadcrumb, share and print buttons, footer."""
    tables: str = "native"
    """`native`, `files` (pictures in NAME_files/) or `data` (pictures in data URIs)."""
    cells: str = "plain"
    """`plain`, `th`, `word` (paragraphs and spans as Word saves them), `loose` (closing tags left out)."""
    blank: str = ""
    """What stands in a blank cell: nothing, `&nbsp;` or an ideographic space."""
    title: str = "body"
    """`body`, `meta` (only in the page's metadata) or `twice`."""
    font: str = ""
    """Named in the page's style sheet; empty leaves it to the browser."""
    layout_table: bool = False
    """Whether the article stands in a table made for layout."""


def random_html_look(rng: Random) -> HtmlLook:
    """Return a look for a page with native tables."""
    return HtmlLook(
        charset=rng.choice(("utf-8", "utf-8", "utf-8", "gb2312", "gbk")),
        declared=rng.random() < 0.9,
        chrome=rng.random() < 0.8,
        cells=rng.choice(("plain", "plain", "th", "word", "word", "loose")),
        blank=rng.choice(("", "", "&nbsp;", "　")),
        title=rng.choice(("body", "body", "body", "meta", "twice")),
        layout_table=rng.random() < 0.15,
    )


@dataclass
class _Page:
    report: Report
    look: HtmlLook
    name: str
    picture_look: Look | None
    files: dict[str, bytes] = field(default_factory=dict)

    def article(self) -> str:
        parts: list[str] = []
        waiting = ""
        for kind, content in flow(self.report):
            if isinstance(content, Section):
                parts += [waiting, f'<p class="bt"><strong>{escape(content.heading)}</strong></p>']
                waiting = self.pictures(content)
            elif isinstance(content, Grid):
                if self.look.tables == "native":
                    parts.append(table(content, self.look))
            elif kind == "title":
                if self.look.title != "meta":
                    parts.append(f'<h1 style="text-align:center">{escape(str(content))}</h1>')
            else:
                side = ' style="text-align:right"' if kind == "sign" else ' style="text-indent:2em"'
                parts.append(f"<p{side}>{escape(str(content))}</p>")
        return "\n".join(p for p in (*parts, waiting) if p)

    def pictures(self, section: Section) -> str:
        name = TABLE_OF_SECTION.get(section.number)
        if self.look.tables == "native" or name is None or not self.report.tables.get(name):
            return ""
        look = self.picture_look or random_look(self.report.rng("html picture"))
        data = encode(draw_table(self.report.tables[name], look), "png")
        if self.look.tables == "data":
            source = "data:image/png;base64," + base64.b64encode(data).decode()
        else:
            stored = f"{self.name}_files/tb{section.number}.png"
            self.files[stored] = data
            source = stored.rsplit("/", 2)[-2] + "/" + stored.rsplit("/", 1)[-1]
        return f'<p style="text-align:center"><img src="{source}" alt="" border="0"></p>'

    def page(self) -> str:
        words = self.report.words
        title = escape(words.title.replace("\n", ""))
        meta = f'<meta charset="{self.look.charset}">\n' if self.look.declared else ""
        article = self.article()
        if self.look.title == "twice":
            article = f'<div class="title">{title}</div>\n{article}'
        if self.look.layout_table:
            article = f'<table width="96%" align="center"><tr><td>{article}</td></tr></table>'
        css = f"body{{font-family:'{self.look.font}'}}" if self.look.font else ""
        if not self.look.chrome:
            meta += f"<style>{css}</style>" if css else ""
            return f"<!DOCTYPE html>\n<html><head>{meta}<title>{title}</title></head>\n<body>\n{article}\n</body></html>\n"
        day = words.published_on
        meta += (
            f'<meta name="ArticleTitle" content="{title}">\n<meta name="PubDate" content="{day} 09:30">\n'
            f'<meta name="ContentSource" content="{escape(words.agency)}">\n'
        )
        return _CHROME.format(
            meta=meta, css=css, title=title, day=day, agency=escape(words.agency), article=article
        )


_CHROME = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">
<html><head>
{meta}<title>{title}_政府信息公开</title>
<style>.nav a{{margin:0 8px}} .bt{{font-weight:bold}} td,th{{padding:3px}} {css}</style>
<script type="text/javascript">var siteId = "20240001"; function dy(){{ window.print(); }}</script>
</head><body>
<div class="top"><a href="#">无障碍浏览</a> | <a href="#">登录</a> | <a href="#">繁體</a></div>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li>
<li><a href="/bsfw">办事服务</a></li><li><a href="/hdjl">互动交流</a></li></ul>
<div class="crumb">您当前的位置：<a href="/">首页</a> &gt; <a href="/zwgk">政府信息公开</a> &gt; <a href="/nb">政府信息公开年报</a></div>
<table class="info" width="100%"><tr><td>索引号：000014349/{day}-00017</td><td>发布机构：{agency}</td></tr>
<tr><td>发布日期：{day}</td><td>信息分类：政府信息公开年报</td></tr></table>
<div class="tools">字号：【<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>】
<a href="javascript:dy()">打印</a> <span>分享到：</span></div>
<div id="zoom" class="article">
{article}
</div>
<div class="qr">扫一扫在手机打开当前页</div>
<div class="near"><p>上一篇：<a href="#">关于调整便民窗口工作时间的公告</a></p><p>下一篇：没有了</p></div>
<div class="footer"><p>主办：{agency}　网站标识码：0000000000</p><p>版权所有 未经许可不得转载</p></div>
</body></html>
"""


def write_html(
    report: Report, look: HtmlLook, name: str, picture_look: Look | None = None
) -> dict[str, bytes]:
    """Return the page and the picture files beside it, by path; `name` is the page's name without its ending."""
    page = _Page(report, look, name, picture_look)
    text = page.page()
    encoding = "gb18030" if look.charset != "utf-8" else "utf-8"
    return {f"{name}.html": text.encode(encoding), **page.files}


def table(grid: Grid, look: HtmlLook) -> str:
    """Return a table element with rowspan and colspan."""
    rows: list[list[str]] = [[] for _ in range(grid.n_rows)]
    for cell in sorted(grid.cells, key=lambda c: (c.row, c.column)):
        rows[cell.row].append(_cell(cell, look))
    end = "" if look.cells == "loose" else "</tr>"
    body = "\n".join("<tr>" + "".join(row) + end for row in rows)
    kind = ' class="MsoNormalTable"' if look.cells == "word" else ""
    return f'<table{kind} border="1" cellspacing="0" cellpadding="2" width="100%"><tbody>\n{body}\n</tbody></table>'


def _cell(cell: GridCell, look: HtmlLook) -> str:
    tag = "th" if look.cells == "th" and cell.head else "td"
    spans = (f' rowspan="{cell.row_span}"' if cell.row_span > 1 else "") + (
        f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    )
    text = escape(cell.text, quote=False).replace("\n", "<br>") or look.blank
    if look.cells == "word":
        text = f'<p class="MsoNormal" align="center"><span lang="EN-US">{text}<o:p></o:p></span></p>'
    return f"<{tag}{spans}>{text}" + ("" if look.cells == "loose" else f"</{tag}>")
