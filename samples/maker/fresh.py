"""A fresh archive of any size from a seed: for measuring on input that no code has seen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

from PIL import Image

from . import copies, fonts, mail, ofd, pdf, picture, programs, rtf, scan, sheets, text
from .docx import DocxLook, random_docx_look, write_docx
from .html import HtmlLook, random_html_look, write_html
from .report import Report, Wish, make_report
from .truth import Entry, Truths, write_truth

Files = dict[str, bytes]
Writer = Callable[[Report, str, Random], Files]


def _docx(report: Report, name: str, rng: Random) -> Files:
    return {f"{name}.docx": write_docx(report, random_docx_look(rng))}


def _docx_pictures(report: Report, name: str, rng: Random) -> Files:
    look = DocxLook(
        tables=rng.choice(("inline", "anchor", "group", "vml")),
        picture=rng.choice(("png", "png", "jpeg", "gif", "bmp", "tiff", "emf")),
    )
    return {f"{name}.docx": write_docx(report, look, picture.random_look(rng))}


def _html(report: Report, name: str, rng: Random) -> Files:
    return write_html(report, random_html_look(rng), name)


def _html_pictures(report: Report, name: str, rng: Random) -> Files:
    return write_html(report, HtmlLook(tables=rng.choice(("files", "data"))), name, picture.random_look(rng))


def _txt(report: Report, name: str, rng: Random) -> Files:
    return {f"{name}.txt": text.write_text(report, "tabs", rng.choice(("utf-8", "utf-8-sig", "gb18030")))}


def _png(report: Report, name: str, rng: Random) -> Files:
    """The whole report as one long picture."""
    image = picture.draw_report(report, picture.random_look(rng))[0]
    return {f"{name}.png": picture.encode(image, "png")}


def _pictures(report: Report, name: str, rng: Random) -> Files:
    """One picture per table; agency and year are in the files' names."""
    look = picture.random_look(rng)
    images = [picture.draw_table(grids, look) for grids in report.tables.values()]
    return {f"{_stem(name)}_{i + 1}.png": picture.encode(image, "png") for i, image in enumerate(images)}


def _pdf(report: Report, name: str, rng: Random) -> Files:
    return {f"{name}.pdf": pdf.write_pdf(report, pdf.random_pdf_look(rng))}


def _pdf_pictures(report: Report, name: str, rng: Random) -> Files:
    look = replace(pdf.random_pdf_look(rng), tables="picture")
    return {f"{name}.pdf": pdf.write_pdf(report, look)}


def _pdf_browser(report: Report, name: str, rng: Random) -> Files:
    look = replace(random_html_look(rng), font=fonts.any_chinese(rng).name, layout_table=False)
    page = next(iter(write_html(report, look, name).values()))
    return {f"{name}.pdf": programs.print_page(page)}


def _png_browser(report: Report, name: str, rng: Random) -> Files:
    look = replace(random_html_look(rng), font=fonts.any_chinese(rng).name, chrome=False, title="body")
    page = next(iter(write_html(report, look, name).values()))
    shot = programs.screenshot(page, rng.choice((800, 900, 1000, 1200)), 6000)
    return {f"{name}.png": picture.encode(picture.trimmed(shot), "png")}


def _scan(report: Report, name: str, rng: Random) -> Files:
    look = scan.random_scan_look(rng)
    pages = scan.render(pdf.write_pdf(report, pdf.random_pdf_look(rng)), look.dpi)
    scans = scan.scanned(pages, look, rng)
    if rng.random() < 0.2:
        return {f"{name}.tiff": scan.as_tiff(scans)}
    return {f"{name}.pdf": scan.as_pdf(scans, look)}


def _stem(name: str) -> str:
    """The name of a file that has to say agency and year itself, since its text is not read."""
    return f"{name}年政府信息公开工作年度报告"


def _screenshot(report: Report, name: str, rng: Random) -> Files:
    images = [picture.draw_table(grids, copies.wide_look(rng)) for grids in report.tables.values()]
    return {f"{_stem(name)}_{i + 1}.png": picture.encode(image, "png") for i, image in enumerate(images)}


def _jpeg(report: Report, name: str, rng: Random) -> Files:
    images = [picture.draw_table(grids, copies.wide_look(rng)) for grids in report.tables.values()]
    return {f"{_stem(name)}_{i + 1}.jpg": copies.jpeg(image, rng) for i, image in enumerate(images)}


def _copies(report: Report, look: copies.Copy, rng: Random) -> list[Image.Image]:
    pages = scan.render(pdf.write_pdf(report, pdf.random_pdf_look(rng)), look.dpi)
    return [copies.copied(page, look, rng) for page in pages]


def _office_scan(report: Report, name: str, rng: Random) -> Files:
    look = copies.office_scan(rng)
    how = scan.ScanLook(dpi=look.dpi, quality=look.quality, bilevel=look.level > 0)
    return {f"{_stem(name)}.pdf": scan.as_pdf(_copies(report, look, rng), how)}


def _bad_copy(report: Report, name: str, rng: Random) -> Files:
    look = copies.bad_copy(rng)
    how = scan.ScanLook(dpi=look.dpi, quality=look.quality, bilevel=look.level > 0)
    return {f"{_stem(name)}.pdf": scan.as_pdf(_copies(report, look, rng), how)}


def _photo(report: Report, name: str, rng: Random) -> Files:
    look = copies.phone_photo(rng)
    return {
        f"{_stem(name)}_{i + 1}.jpg": copies.as_jpeg(page, look.quality)
        for i, page in enumerate(_copies(report, look, rng))
    }


def _xlsx(report: Report, name: str, rng: Random) -> Files:
    return {f"{name}.xlsx": sheets.write_xlsx(report, rng)}


def _xls(report: Report, name: str, rng: Random) -> Files:
    return {f"{name}.xls": sheets.write_xls(report, rng)}


def _rtf(report: Report, name: str, rng: Random) -> Files:
    return {f"{name}.rtf": rtf.write_rtf(report, rtf.random_rtf_look(rng))}


def _ofd(report: Report, name: str, rng: Random) -> Files:
    look = replace(pdf.random_pdf_look(rng), rules="lines", open_side="")
    return {f"{name}.ofd": ofd.write_ofd(report, look)}


def _mht(report: Report, name: str, rng: Random) -> Files:
    page = write_html(report, random_html_look(rng), name)
    return {f"{name}.mht": mail.write_mht(page, rng)}


def _mht_pictures(report: Report, name: str, rng: Random) -> Files:
    page = write_html(report, HtmlLook(tables="files"), name, picture.random_look(rng))
    return {f"{name}.mht": mail.write_mht(page, rng)}


WRITERS: dict[str, Writer] = {
    "docx": _docx,
    "docx_pictures": _docx_pictures,
    "html": _html,
    "html_pictures": _html_pictures,
    "txt": _txt,
    "png": _png,
    "pictures": _pictures,
    "pdf": _pdf,
    "pdf_pictures": _pdf_pictures,
    "pdf_browser": _pdf_browser,
    "png_browser": _png_browser,
    "scan": _scan,
    "screenshot": _screenshot,
    "jpeg": _jpeg,
    "office_scan": _office_scan,
    "bad_copy": _bad_copy,
    "photo": _photo,
    "xlsx": _xlsx,
    "xls": _xls,
    "rtf": _rtf,
    "ofd": _ofd,
    "mht": _mht,
    "mht_pictures": _mht_pictures,
    "doc": _docx,
    "pdf_office": _docx,
}
_CONVERTED = {"doc": "doc:MS Word 97", "pdf_office": "pdf"}
"""Shapes that LibreOffice makes of a .docx, all in one start at the end."""
_BROWSER = {"pdf_browser", "png_browser"}
_NO_TEXT = {"pictures", "screenshot", "jpeg", "office_scan", "bad_copy", "photo"}
"""Shapes that show the tables only, or whose text is not asked for."""


def make_fresh(
    seed: int,
    count: int,
    out: Path,
    shapes: list[str],
    edition: str | None = None,
    errors: float = Wish.errors,
) -> Truths:
    """Write `count` reports, the shapes in turn, to out/files and their truth to out/truth; all of one edition if named.

    The publisher made an error in a share of them, `errors`, on the page.

    Shapes whose program is not installed are left out with a notice on stderr.
    """
    unknown = set(shapes) - set(WRITERS)
    if unknown:
        raise SystemExit(f"unknown shapes {sorted(unknown)}; there are: {', '.join(WRITERS)}")
    shapes = _possible(shapes)
    truths = Truths()
    waiting: dict[str, Files] = {}
    for index in range(count if shapes else 0):
        shape = shapes[index % len(shapes)]
        report = make_report(seed * 1_000_003 + index, Wish(edition=edition, errors=errors))
        name = f"{index:04d}-{report.words.agency}{report.words.year}"
        files = WRITERS[shape](report, name, report.rng("fresh"))
        if shape in _CONVERTED:
            waiting.setdefault(shape, {}).update(files)
        else:
            save(out / "files", files)
        first, *rest = files
        if shape in _CONVERTED:
            first = str(Path(first).with_suffix("." + _CONVERTED[shape].split(":", maxsplit=1)[0]))
        text_there = shape not in _NO_TEXT
        truths.entries.append(Entry(first, report, shape, sections=text_there, head=text_there))
        truths.problems += [(r, "joined", "picture of the report beside it") for r in rest]
    for shape, files in waiting.items():
        save(out / "files", programs.convert(files, _CONVERTED[shape]))
    write_truth(out / "truth", truths)
    return truths


def _possible(shapes: list[str]) -> list[str]:
    left_out = {s for s in shapes if s in _CONVERTED and not programs.has_office()}
    left_out |= {s for s in shapes if s in _BROWSER and programs.browser() is None}
    if left_out:
        print(f"left out, their program is not installed: {', '.join(sorted(left_out))}", file=sys.stderr)
    return [s for s in shapes if s not in left_out]


def save(folder: Path, files: Files) -> None:
    """Write files under a folder, making folders as needed."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
