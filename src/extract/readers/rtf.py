"""Rich text (.rtf): paragraphs, tables with their spans, pictures; as Word and WPS write them (RTF 1.9.1).

One pass over the tokens. A group that begins with a destination we do not show is skipped with all in it; text is collected
as bytes, since a Chinese character may be two escapes, or an escape and a plain letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extract.errors import ReadError
from extract.model import Block, Document, Picture, Problem, Source, Text
from extract.readers.docx_metafile import bitmap_of, is_metafile
from extract.readers.rtf_table import Row, RowCell, table_of
from extract.settings import Settings

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<mark>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n\x00]+|(?P<text>[^\\{}\r\n\x00]+)",
    re.DOTALL,
)
_HIDDEN = frozenset(
    (
        "fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "themedata",
        "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "info", "header", "headerl", "headerr", "headerf",
        "footer", "footerl", "footerr", "footerf", "ftnsep", "ftnsepc", "nonshppict", "fldinst", "sp", "sn", "sv", "bkmkstart",
        "bkmkend", "filetbl", "template", "passwordhash", "objdata", "objclass", "nesttableprops", "pnseclvl", "mmathPr",
    )
)  # fmt: skip
_SHOWN = frozenset(["shppict", "shpinst", "shptxt", "listtext", "pntext"])
"""Destinations that a reader may skip, and we do not."""
_SPECIAL = {
    "tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
_MARKS = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}
_CHINESE = {134: "gb18030", 136: "cp950"}
"""Character sets of fonts (\\fcharset) that are not the document's."""
_KINDS = {"pngblip": "png", "jpegblip": "jpeg", "emfblip": "emf", "wmetafile": "wmf", "dibitmap": "bmp"}
_DEEPEST = 2000


@dataclass(frozen=True, slots=True)
class _Group:
    r"""What holds in a group: whether it is shown, its encoding, how many bytes stand in for one \u, what it is of."""

    shown: bool = True
    encoding: str = "gb18030"
    fallback: int = 1
    of: str = ""


@dataclass(slots=True)
class _State:
    """Where the reader is: text being collected, the row being built, what is done."""

    group: _Group = field(default_factory=_Group)
    stack: list[_Group] = field(default_factory=list)
    waiting: bytearray = field(default_factory=bytearray)
    skip: int = 0
    line: list[str] = field(default_factory=list)
    in_table: bool = False
    defined: list[RowCell] = field(default_factory=list)
    pending: RowCell = field(default_factory=RowCell)
    left: int = 0
    texts: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    picture: bytearray = field(default_factory=bytearray)
    kind: str = ""


def read(source: Source, settings: Settings) -> Document:
    """Read a rich text file. Raises ReadError: damaged, empty."""
    if not source.data.lstrip().startswith(b"{\\rtf"):
        raise ReadError("damaged", "It does not begin as rich text.")
    state = _State()
    for token in _tokens(source.data):
        _take(state, token)
    _end_paragraph(state)
    _end_table(state)
    if not state.blocks:
        raise ReadError("empty", "No text.")
    blocks = [_drawn(block, settings) for block in state.blocks]
    problems = [
        Problem("read", "picture_unreadable", b.name) for b in blocks if isinstance(b, Picture) and not b.data
    ]
    if state.stack:
        problems.append(Problem("read", "damaged", "The file ends before its text does."))
    return Document("rtf", tuple(blocks), (), tuple(problems))


def _drawn(block: Block, settings: Settings) -> Block:
    """Take the bitmap out of a picture that is a metafile."""
    if isinstance(block, Picture) and is_metafile(block.name, block.data):
        return replace(block, data=bitmap_of(block.data, settings) or b"")
    return block


def _tokens(data: bytes) -> Iterator[re.Match[bytes]]:
    r"""Yield the tokens of a file; the raw bytes that \bin announces are passed over."""
    at = 0
    while (token := _TOKEN.match(data, at)) is not None:
        yield token
        at = token.end()
        if token["word"] == b"bin":
            at += max(int(token["number"] or 0), 0)


def _take(state: _State, token: re.Match[bytes]) -> None:
    if token["brace"]:
        _brace(state, token["brace"])
    elif token["hex"]:
        _bytes(state, bytes([int(token["hex"], 16)]))
    elif token["text"]:
        _bytes(state, token["text"])
    elif token["mark"]:
        _mark(state, token["mark"])
    elif token["word"]:
        _word(state, token["word"].decode(), int(token["number"]) if token["number"] else None)


def _brace(state: _State, brace: bytes) -> None:
    _flush(state)
    state.skip = 0
    if brace == b"{":
        if len(state.stack) >= _DEEPEST:
            raise ReadError("damaged", "Groups are nested too deeply.")
        state.stack.append(state.group)
        return
    if state.group.of == "pict" and (not state.stack or state.stack[-1].of != "pict"):
        _end_picture(state)
    state.group = state.stack.pop() if state.stack else _Group()


def _bytes(state: _State, data: bytes) -> None:
    r"""Take bytes of text; those that stand in for a character given by \u are passed over."""
    passed = min(state.skip, len(data))
    state.skip -= passed
    if state.group.of == "pict":
        state.picture += data[passed:]
    elif state.group.shown:
        state.waiting += data[passed:]


def _flush(state: _State) -> None:
    if state.waiting:
        state.line.append(state.waiting.decode(state.group.encoding, "replace"))
        state.waiting.clear()


def _mark(state: _State, mark: bytes) -> None:
    if mark == b"*":
        state.group = replace(state.group, of="*")
    elif mark in b"\r\n":
        _word(state, "par", None)
    elif mark in _MARKS and state.group.shown:
        _flush(state)
        state.line.append(_MARKS[mark])


def _word(state: _State, word: str, number: int | None) -> None:
    _flush(state)
    group = state.group
    if group.of == "*" and word not in _SHOWN:
        state.group = replace(group, shown=False, of="")
    elif word in _HIDDEN:
        state.group = replace(group, shown=False, of=word)
    elif word == "pict":
        state.group = replace(group, of="pict" if group.shown else "")
        state.kind = ""
    elif group.of == "*":
        state.group = replace(group, of="")
    elif group.of == "pict":
        state.kind = _KINDS.get(word, state.kind)
    _encoding(state, word, number)
    if state.group.shown and state.group.of != "pict":
        _layout(state, word, number or 0)


def _encoding(state: _State, word: str, number: int | None) -> None:
    r"""Follow what changes how bytes are read: the document's code page, the fonts' character sets, \u."""
    value = number or 0
    if word == "ansicpg":
        name = "gb18030" if value in {0, 936, 65001} else f"cp{value}"
        state.group = replace(state.group, encoding=name if _known(name) else "gb18030")
    elif word == "uc":
        state.group = replace(state.group, fallback=value)
    elif word == "f":
        state.font = value
        if state.group.shown and value in state.fonts:
            state.group = replace(state.group, encoding=state.fonts[value])
    elif word == "fcharset" and value in _CHINESE:
        state.fonts[state.font] = _CHINESE[value]
    elif word == "u" and state.group.shown:
        state.line.append(chr(value % 0x10000))
        state.skip = state.group.fallback


def _known(encoding: str) -> bool:
    try:
        "".encode(encoding)
    except LookupError:
        return False
    return True


def _layout(state: _State, word: str, value: int) -> None:
    """Follow paragraphs, cells and rows."""
    if word in _SPECIAL:
        state.line.append(_SPECIAL[word])
    elif word in {"par", "sect", "page"}:
        _end_paragraph(state)
    elif word == "pard":
        state.in_table = False
    elif word == "intbl":
        state.in_table = True
    elif word == "trowd":
        state.defined, state.pending, state.left = [], RowCell(), 0
    elif word == "trleft":
        state.left = value
    elif word in {"clmgf", "clmrg", "clvmgf", "clvmrg"}:
        state.pending = replace(state.pending, **{word[2:]: True})
    elif word == "cellx":
        state.defined.append(replace(state.pending, right=value))
        state.pending = RowCell()
    elif word in {"cell", "nestcell"}:
        state.texts.append(_text(state))
    elif word == "row":
        state.rows.append(Row(state.left, tuple(state.defined), tuple(state.texts)))
        state.texts = []


def _text(state: _State) -> str:
    """Return what was collected, with surrogates put together, and begin anew."""
    text = "".join(state.line).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    state.line = []
    return text.strip("\n ")


def _end_paragraph(state: _State) -> None:
    if state.in_table or state.texts:
        state.line.append("\n")
        return
    text = _text(state)
    _end_table(state)
    if text.strip():
        state.blocks.append(Text(text.strip()))


def _end_table(state: _State) -> None:
    rows: Sequence[Row] = [row for row in state.rows if row.texts]
    if rows:
        state.blocks.append(table_of(rows))
    state.rows = []


def _end_picture(state: _State) -> None:
    data = re.sub(rb"[^0-9a-fA-F]", b"", bytes(state.picture))
    state.picture.clear()
    if not data:
        return
    _end_table(state)
    number = 1 + sum(isinstance(block, Picture) for block in state.blocks)
    name = f"picture-{number}.{state.kind or 'bin'}"
    state.blocks.append(Picture(name, bytes.fromhex(data[: len(data) // 2 * 2].decode())))
