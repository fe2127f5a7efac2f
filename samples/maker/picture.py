"""Draws grids and whole reports as pictures, as a screenshot of an office program or a web page shows them."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from random import Random

from PIL import Image, ImageDraw

from . import fonts
from .report import Report, flow
from .tables import Grid, GridCell
from .words import Section


@dataclass(frozen=True)
class Look:
    """How a picture of a table is drawn; lengths in pixels."""

    chinese: fonts.Face
    latin: fonts.Face | None = None
    width: int = 900
    size: int = 14
    padding: int = 3
    line: int = 1
    ink: str = "#000000"
    line_ink: str = "#000000"
    shade: str = ""
    """Background of heads, or nothing."""
    align: str = "center"
    """Of values: left, center or right."""
    tall: int = 0
    """Extra height of each row."""
    margin: int = 8
    zoom: float = 1.0
    """Drawn larger or smaller by this and resized to `width`, which blurs it."""
    double: bool = False
    """Whether a second line runs around the table."""

    @property
    def head_ink(self) -> str:
        """The ink of heads: white where they stand on a dark ground."""
        red, green, blue = (
            (int(self.shade[i : i + 2], 16) for i in (1, 3, 5)) if self.shade else (255, 255, 255)
        )
        return "#ffffff" if red + green + blue < 420 else self.ink


def random_look(rng: Random) -> Look:
    """Return a look as varied as published screenshots, 550 to 1400 px wide."""
    width = rng.choice((550, 600, 650, 700, 760, 800, 900, 1000, 1100, 1200, 1400))
    return Look(
        chinese=fonts.any_chinese(rng),
        latin=rng.choice((None, *fonts.LATIN)),
        width=width,
        size=max(10, round(width * rng.uniform(0.0145, 0.0185))),
        padding=rng.randint(2, 5),
        line=rng.choice((1, 1, 1, 2)),
        ink=rng.choice(("#000000", "#000000", "#333333", "#1a1a1a")),
        line_ink=rng.choice(("#000000", "#000000", "#333333", "#808080", "#5b7fa8")),
        shade=rng.choice(("", "", "", "#eeeeee", "#dce6f1")),
        align=rng.choice(("center", "center", "center", "left", "right")),
        tall=rng.choice((0, 0, 2, 4, 8, 14)),
        margin=rng.choice((0, 1, 4, 8, 20)),
        zoom=rng.choice((1.0, 1.0, 1.0, 1.25, 1.5, 2.0)),
    )


def draw_grid(grid: Grid, look: Look) -> Image.Image:
    """Return a picture of one table with a white margin around it."""
    if look.zoom != 1:
        large = draw_grid(grid, _zoomed(look))
        height = round(large.height * look.width / large.width)
        return large.resize((look.width, height), Image.Resampling.LANCZOS)
    pen = fonts.Pen(look.chinese, look.latin, look.size)
    xs = _column_edges(grid, look, pen)
    ys = _row_edges(grid, look, pen, xs)
    image = Image.new("RGB", (look.width, ys[-1] + look.line + look.margin), "white")
    draw = ImageDraw.Draw(image)
    for cell in grid.cells:
        _draw_cell(draw, cell, look, pen, xs, ys)
    if look.double:
        away = 3 * look.line
        edges = xs[0] - away, ys[0] - away, xs[-1] + look.line - 1 + away, ys[-1] + look.line - 1 + away
        draw.rectangle(edges, None, look.line_ink, look.line)
    return image


def _zoomed(look: Look) -> Look:
    z = look.zoom
    return replace(
        look, width=round(look.width * z), size=round(look.size * z), padding=round(look.padding * z),
        line=max(1, round(look.line * z)), tall=round(look.tall * z), margin=round(look.margin * z), zoom=1.0,
    )  # fmt: skip


def _column_edges(grid: Grid, look: Look, pen: fonts.Pen) -> list[int]:
    """Edges by the grid's widths, but no column narrower than its longest number."""
    inner = look.width - 2 * look.margin - look.line
    least = [0.0] * len(grid.widths)
    for cell in grid.cells:
        if cell.column_span == 1 and not cell.head:
            need = pen.width(cell.text) + 2 * look.padding + look.line + 2
            least[cell.column] = max(least[cell.column], need)
    total = sum(grid.widths)
    wanted = [max(least[i], inner * w / total) for i, w in enumerate(grid.widths)]
    spare = sum(wanted) - inner
    give = [w - m for w, m in zip(wanted, least, strict=True)]
    if spare > 0 and sum(give) > 0:
        wanted = [w - spare * g / sum(give) for w, g in zip(wanted, give, strict=True)]
    edges = [float(look.margin)]
    for width in wanted:
        edges.append(edges[-1] + width)
    return [round(e) for e in edges]


def _row_edges(grid: Grid, look: Look, pen: fonts.Pen, xs: list[int]) -> list[int]:
    heights = [pen.size + 2 * look.padding + look.tall + 2] * grid.n_rows
    for cell in sorted(grid.cells, key=lambda c: c.row_span):
        need = _text_height(cell, look, pen, xs) + 2 * look.padding + look.line
        have = sum(heights[cell.row : cell.row + cell.row_span])
        if need > have:
            heights[cell.row + cell.row_span - 1] += need - have
    edges = [look.margin]
    for height in heights:
        edges.append(edges[-1] + height)
    return edges


def _lines(cell: GridCell, look: Look, pen: fonts.Pen, xs: list[int]) -> list[str]:
    room = xs[cell.column + cell.column_span] - xs[cell.column] - 2 * look.padding - look.line
    return pen.wrap(cell.text, max(room, pen.size))


def _line_height(pen: fonts.Pen) -> int:
    return pen.size + max(2, pen.size // 5)


def _text_height(cell: GridCell, look: Look, pen: fonts.Pen, xs: list[int]) -> int:
    return len(_lines(cell, look, pen, xs)) * _line_height(pen)


def _draw_cell(
    draw: ImageDraw.ImageDraw, cell: GridCell, look: Look, pen: fonts.Pen, xs: list[int], ys: list[int]
) -> None:
    x0, x1 = xs[cell.column], xs[cell.column + cell.column_span]
    y0, y1 = ys[cell.row], ys[cell.row + cell.row_span]
    fill = look.shade if cell.head and look.shade else None
    # The far edge is the next cell's near edge, so that lines between cells are drawn once.
    draw.rectangle((x0, y0, x1 + look.line - 1, y1 + look.line - 1), fill, look.line_ink, look.line)
    lines = _lines(cell, look, pen, xs)
    y = y0 + look.line + max(look.padding // 2, (y1 - y0 - look.line - len(lines) * _line_height(pen)) // 2)
    for line in lines:
        _draw_line(draw, line, (x0 + look.line + look.padding, x1 - look.padding), y, cell, look, pen)
        y += _line_height(pen)


def _draw_line(
    draw: ImageDraw.ImageDraw,
    line: str,
    room: tuple[int, int],
    y: int,
    cell: GridCell,
    look: Look,
    pen: fonts.Pen,
) -> None:
    x: float = room[0]
    spare = room[1] - room[0] - pen.width(line)
    align = look.align
    if cell.head:
        align = "center" if cell.column_span + cell.row_span > 2 or align == "center" else "left"
    if align == "center":
        x += spare / 2
    elif align == "right":
        x += spare
    _set(draw, line, round(max(x, room[0])), y, look.head_ink if cell.head else look.ink, pen)


def _set(draw: ImageDraw.ImageDraw, line: str, x: float, y: int, ink: str, pen: fonts.Pen) -> None:
    """Set a line on a common baseline, a run at a time."""
    run = ""
    for char in line + "\0":
        if run and (char == "\0" or pen.font_of(char) is not pen.font_of(run[0])):
            draw.text((x, y + pen.size * 0.88), run, ink, pen.font_of(run[0]), anchor="ls")
            x += pen.width(run)
            run = ""
        run += char


def draw_table(grids: list[Grid], look: Look) -> Image.Image:
    """Return one picture of a statutory table, its parts one below the other where it is split."""
    images = [draw_grid(grid, look) for grid in grids]
    gap = look.size
    image = Image.new("RGB", (look.width, sum(i.height for i in images) + gap * (len(images) - 1)), "white")
    y = 0
    for part in images:
        image.paste(part, (0, y))
        y += part.height + gap
    return image


def draw_report(report: Report, look: Look, height: int = 0) -> list[Image.Image]:
    """Return the whole report as pictures: one long one, or pages of the given height."""
    pen = fonts.Pen(look.chinese, look.latin, look.size + 2)
    strips: list[Image.Image] = []
    for kind, content in flow(report):
        if isinstance(content, Grid):
            strips.append(draw_grid(content, look))
        elif isinstance(content, Section):
            strips.append(_strip("text", content.heading, look, pen))
        else:
            strips.append(_strip(kind, str(content), look, pen))
    return _stack(strips, look, height)


def _strip(kind: str, text: str, look: Look, pen: fonts.Pen) -> Image.Image:
    """One paragraph over the full width."""
    if kind == "title":
        pen = fonts.Pen(look.chinese, look.latin, round(look.size * 1.6))
    edge = look.margin + look.size * 2
    lines = pen.wrap(("　　" if kind == "text" else "") + text, look.width - 2 * edge)
    step = round(pen.size * 1.6)
    image = Image.new("RGB", (look.width, step * len(lines) + pen.size), "white")
    draw = ImageDraw.Draw(image)
    for index, line in enumerate(lines):
        spare = look.width - 2 * edge - pen.width(line)
        x = edge + {"title": spare / 2, "sign": spare}.get(kind, 0.0)
        _set(draw, line, round(x), pen.size // 2 + index * step, look.ink, pen)
    return image


def _stack(strips: list[Image.Image], look: Look, height: int) -> list[Image.Image]:
    limit = height or sum(s.height for s in strips) + 40
    pages: list[list[Image.Image]] = [[]]
    used = 20
    for strip in strips:
        if used + strip.height > limit - 20 and pages[-1]:
            pages.append([])
            used = 20
        pages[-1].append(strip)
        used += strip.height
    return [_page(page, look, limit) for page in pages]


def _page(strips: list[Image.Image], look: Look, height: int) -> Image.Image:
    tall = max(height, sum(s.height for s in strips) + 40)
    image = Image.new("RGB", (look.width, tall), "white")
    y = 20
    for strip in strips:
        image.paste(strip, (0, y))
        y += strip.height
    return image


def encode(image: Image.Image, kind: str, quality: int = 80) -> bytes:
    """Return the picture as a small file: png, gif and bmp with 16 colours, jpeg, tiff (packed)."""
    buffer = io.BytesIO()
    if kind in {"png", "gif", "bmp"}:
        flat = image.convert("L").quantize(16)
        flat.save(buffer, kind.upper(), **({"optimize": True} if kind == "png" else {}))
    elif kind == "jpeg":
        image.convert("L").save(buffer, "JPEG", quality=quality, optimize=True)
    elif kind == "tiff":
        steps = [v // 17 * 17 for v in range(256)]  # fewer grey levels pack better
        image.convert("L").point(steps).save(buffer, "TIFF", compression="tiff_deflate")
    else:
        raise ValueError(f"no encoder for {kind!r}")
    return buffer.getvalue()


def trimmed(screenshot: bytes) -> Image.Image:
    """Return a screenshot without the empty foot of the window."""
    image = Image.open(io.BytesIO(screenshot)).convert("L")
    inked = image.point([255] * 250 + [0] * 6).getbbox() or (0, 0, *image.size)
    return image.crop((0, 0, image.width, min(image.height, inked[3] + 20)))
