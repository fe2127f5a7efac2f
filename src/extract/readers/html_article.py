"""The article of a page, what the page says about it, and the site around it, dropped."""

from __future__ import annotations

import re

from lxml import html as lhtml

_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "nav",
        "header",
        "footer",
        "select",
        "button",
    ]
)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|header|footer|foot|topbar|sidebar|breadcrumbs?|crumbs?|position|dqwz|share|bdshare|toolbar|"
    r"copyright|related|pagination|search|login|banner|friendlink|fontsize|print)(?:$|[\s_-]|\d)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"(?:^|[\s_-])(?:TRS_Editor|trs_editor_view|zoom|UCAPCONTENT|vsb_content\w*|pages_content|article[_-]?(?:content|body|con|main)?|"
    r"info-?cont(?:ent)?|news_?con(?:tent)?|content|detail(?:_?content)?|main-?text|bt_content|xxgk_content|con_text|view)(?:$|[\s_-]|\d)",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"TRS_Editor|trs_editor_view|UCAPCONTENT|vsb_content|pages_content|article|xxgk_content", re.IGNORECASE
)
"""Names that only an article has: what holds one is no furniture of the site, whatever its own name."""
_REPORT = re.compile(r"[一二三四五六]、|总体情况|年度报告|信息公开条例")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAMES = {
    "articletitle": "title", "pubdate": "published", "contentsource": "agency", "sitename": "site", "url": "url",
}  # fmt: skip
_VISIBLE = (
    (
        "published",
        re.compile(
            r"(?:发布|公开|生成|发文|成文)(?:日期|时间)\s*[:：]?\s*(\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?)"
        ),
    ),
    (
        "agency",
        re.compile(r"(?:发布机构|发布单位|公开主体|信息来源|稿源|来源)\s*[:：]\s*([^\s:：|,，]{3,30})"),
    ),
)


def metadata(root: lhtml.HtmlElement) -> dict[str, str]:
    """Return what the page says of its article: title, published, agency, site, url; those it states."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = _NAMES.get((element.get("name") or "").strip().lower())
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name, content)
    text = root.text_content()[:20_000]
    for name, pattern in _VISIBLE:
        match = pattern.search(text)
        if match:
            found.setdefault(name, match[1])
    title = root.find(".//title")
    if title is not None and title.text_content().strip():
        found.setdefault("title", re.split(r"[_|]|-{2,}|\s-\s", title.text_content().strip())[0].strip())
    return found


def drop_chrome(root: lhtml.HtmlElement) -> None:
    """Take out what is no content: scripts, navigation, hidden elements; never anything that holds table cells."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None or element.tag in {"html", "body"}:
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        hidden = "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style") or ""))
        chrome = bool(names.strip() and _CHROME.search(names)) or element.tag in {"nav", "header", "footer"}
        if (
            element.tag in _DROPPED - {"nav", "header", "footer"}
            or hidden
            or (
                chrome
                and _cells(element) < 20
                and len(element.text_content()) < 1500
                and not _holds_article(element)
            )
        ):
            element.drop_tree()


def _holds_article(element: lhtml.HtmlElement) -> bool:
    return any(_SURE.search(f"{e.get('class') or ''} {e.get('id') or ''}") for e in element.iterdescendants())


def _cells(element: lhtml.HtmlElement) -> int:
    return sum(1 for _ in element.iter("td", "th"))


def article_of(root: lhtml.HtmlElement) -> lhtml.HtmlElement:
    """Return the element that holds the article: by the names that content systems use, else by its text.

    The element is widened until it holds every table of size, so that a table is never lost with the site.
    """
    body = root.find("body")
    body = root if body is None else body
    weight = len(body.text_content().strip())
    named = [e for e in body.iter() if isinstance(e.tag, str) and _is_named(e)]
    best = max(named, key=lambda e: (len(e.text_content()), -_depth(e)), default=None)
    if best is None or len(best.text_content().strip()) < 0.4 * weight:
        best = _densest(body)
    for table in [t for t in body.iter("table") if _cells(t) >= 8]:
        while best is not None and best is not body and not _holds(best, table):
            best = best.getparent()
    return body if best is None else _with_title(best, body)


def _is_named(element: lhtml.HtmlElement) -> bool:
    if element.tag not in {"div", "td", "article", "section", "main", "ucapcontent"}:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in {"article", "main", "ucapcontent"} or bool(_ARTICLE.search(names))


def _depth(element: lhtml.HtmlElement) -> int:
    return sum(1 for _ in element.iterancestors())


def _holds(element: lhtml.HtmlElement, inner: lhtml.HtmlElement) -> bool:
    return any(ancestor is element for ancestor in inner.iterancestors())


def _densest(body: lhtml.HtmlElement) -> lhtml.HtmlElement:
    """Follow the child that holds most of the text for as long as what stands beside it is only the site."""
    element = body
    while True:
        total = len(element.text_content().strip())
        heavy = [
            e for e in element if isinstance(e.tag, str) and len(e.text_content().strip()) > 0.85 * total
        ]
        if (
            len(heavy) != 1
            or heavy[0].tag in {"p", "table", "tbody", "span"}
            or not _is_site(element, heavy[0])
        ):
            return element
        element = heavy[0]


def _is_site(element: lhtml.HtmlElement, inner: lhtml.HtmlElement) -> bool:
    """Tell whether all that an element holds beside one of its children is the site around the article.

    Text of its own is not, nor what speaks like a report.
    """
    own = (element.text or "") + "".join(child.tail or "" for child in element)
    beside = "".join(
        child.text_content() for child in element if child is not inner and isinstance(child.tag, str)
    )
    return not own.strip() and not _REPORT.search(beside)


def _with_title(best: lhtml.HtmlElement, body: lhtml.HtmlElement) -> lhtml.HtmlElement:
    """Widen an article by its title where that stands just above it."""
    title = re.compile(r"报告|年报")
    for ancestor in [best, *best.iterancestors()][:4]:
        if ancestor is body:
            break
        heads = [e for e in ancestor.iter("h1", "h2", "h3") if title.search(e.text_content())]
        if heads and len(ancestor.text_content()) < 1.5 * len(best.text_content()) + 400:
            return ancestor
    return best
