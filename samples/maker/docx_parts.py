"""Fixed parts of a .docx package and its pictures in every way that Word anchors them."""

from __future__ import annotations

from .archive import pack

_NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MIME = {"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp", "tiff": "image/tiff",
         "emf": "image/x-emf"}  # fmt: skip
_EMU = 9525


def package(body: str, media: dict[str, bytes], font: str, size: int) -> bytes:
    """Return a .docx: `body` is the content of w:body, `media` the pictures by name (relation rIdP1, rIdP2, …)."""
    document = f'{_XML}<w:document {_NS} mc:Ignorable=""><w:body>{body}{_SECTION}</w:body></w:document>'
    return pack(
        {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
            "word/document.xml": document.replace(' mc:Ignorable=""', "").encode(),
            "word/styles.xml": _styles(font, size).encode(),
            "word/numbering.xml": _NUMBERING.encode(),
            "word/_rels/document.xml.rels": _relations(
                {
                    "rId1": ("styles", "styles.xml"),
                    "rId2": ("numbering", "numbering.xml"),
                    **{f"rIdP{i + 1}": ("image", f"media/{name}") for i, name in enumerate(media)},
                }
            ),
            **{f"word/media/{name}": data for name, data in media.items()},
        }
    )


def _content_types() -> bytes:
    defaults = "".join(f'<Default Extension="{e}" ContentType="{m}"/>' for e, m in _MIME.items())
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for part, kind in (("document", "document.main"), ("styles", "styles"), ("numbering", "numbering"))
    )
    rels = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'{_XML}<Types xmlns="{space}">{rels}{xml}{defaults}{overrides}</Types>'.encode()


def _relations(targets: dict[str, tuple[str, str]]) -> bytes:
    lines = "".join(
        f'<Relationship Id="{key}" Type="{_REL}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_XML}<Relationships xmlns="{space}">{lines}</Relationships>'.encode()


_SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1300" w:right="1134" w:bottom="1300" w:left="1134" w:header="800" w:footer="800" w:gutter="0"/>'
    "</w:sectPr>"
)
_NUMBERING = (
    f"{_XML}<w:numbering {_NS}>"
    '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
    '<w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/>'
    '<w:lvlText w:val="%1、"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def _styles(font: str, size: int) -> str:
    fonts = f'<w:rFonts w:ascii="Liberation Serif" w:hAnsi="Liberation Serif" w:eastAsia="{font}"/>'
    heading = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/>'
        '<w:pPr><w:keepNext/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    )
    return (
        f"{_XML}<w:styles {_NS}><w:docDefaults><w:rPrDefault><w:rPr>{fonts}"
        f'<w:sz w:val="{size * 2}"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
        f"{heading}</w:styles>"
    )


def picture(mode: str, number: int, width: int, height: int) -> str:
    """Return a run with picture `number` (from 1): `inline`, `anchor`, `group` or `vml`; size in pixels.

    Wider pictures are shown at 620 pixels, about the width of the text.
    """
    shown = min(width, 620)
    cx, cy = shown * _EMU, round(height * shown / width) * _EMU
    extent = f'<wp:extent cx="{cx}" cy="{cy}"/>'
    name = f'<wp:docPr id="{number}" name="图片 {number}"/>'
    if mode == "vml":
        style = f"width:{shown * 0.75}pt;height:{cy / _EMU * 0.75}pt"
        return f'<w:r><w:pict><v:shape style="{style}"><v:imagedata r:id="rIdP{number}"/></v:shape></w:pict></w:r>'
    graphic = _graphic(mode, number, cx, cy)
    if mode == "inline":
        return f"<w:r><w:drawing><wp:inline>{extent}{name}{graphic}</wp:inline></w:drawing></w:r>"
    place = (
        '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>0</wp:posOffset>'
        '</wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>60000</wp:posOffset></wp:positionV>'
    )
    drawing = (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0" '
        f'locked="0" layoutInCell="1" allowOverlap="1">{place}{extent}<wp:wrapTopAndBottom/>{name}{graphic}'
        "</wp:anchor></w:drawing>"
    )
    if mode == "anchor":
        return f"<w:r>{drawing}</w:r>"
    fallback = f'<w:pict><v:group style="width:400pt;height:300pt"><v:shape><v:imagedata r:id="rIdP{number}"/></v:shape></v:group></w:pict>'
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wpg">{drawing}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def _graphic(mode: str, number: int, cx: int, cy: int) -> str:
    frame = f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
    shape = (
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="table{number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="rIdP{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr>{frame}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    )
    if mode != "group":
        uri = "http://schemas.openxmlformats.org/drawingml/2006/picture"
        return f'<a:graphic><a:graphicData uri="{uri}">{shape}</a:graphicData></a:graphic>'
    uri = "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"
    inner = f'<a:chOff x="0" y="0"/><a:chExt cx="{cx}" cy="{cy}"/>'
    group = f"<wpg:grpSpPr>{frame.replace('</a:xfrm>', inner + '</a:xfrm>')}</wpg:grpSpPr>"
    return (
        f'<a:graphic><a:graphicData uri="{uri}"><wpg:wgp><wpg:cNvGrpSpPr/>{group}{shape}</wpg:wgp>'
        "</a:graphicData></a:graphic>"
    )


def text_box(text_xml: str) -> str:
    """Return a run with a text box that holds the given paragraphs, with the copy for older programs beside it."""
    uri = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    box = (
        '<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="3" behindDoc="0" '
        'locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column">'
        '<wp:posOffset>0</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>0'
        '</wp:posOffset></wp:positionV><wp:extent cx="4500000" cy="420000"/><wp:wrapTopAndBottom/>'
        f'<wp:docPr id="90" name="文本框"/><a:graphic><a:graphicData uri="{uri}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>'
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="4500000" cy="420000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        f"</a:prstGeom></wps:spPr><wps:txbx><w:txbxContent>{text_xml}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
        "</a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    old = (
        f'<w:pict><v:shape style="width:354pt;height:33pt"><v:textbox><w:txbxContent>{text_xml}</w:txbxContent>'
        "</v:textbox></v:shape></w:pict>"
    )
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )
