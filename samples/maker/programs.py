"""The outside programs that write some shapes: LibreOffice and Chromium, both optional."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .archive import repack

_DATE = b"20240102030405"


def has_office() -> bool:
    """Return whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def browser() -> str | None:
    """Return the path of Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((p for p in map(shutil.which, names) if p), None)


def convert(files: dict[str, bytes], to: str) -> dict[str, bytes]:
    """Return the files converted by LibreOffice in one start: `to` is pdf, docx or a filter such as `doc:MS Word 97`.

    Results have the given names with the new ending. Raises CalledProcessError where it fails.
    """
    ending = to.split(":", maxsplit=1)[0]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in"), Path(folder, "out")
        source.mkdir()
        for index, (name, data) in enumerate(files.items()):
            (source / f"{index:05d}{Path(name).suffix}").write_bytes(data)
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", to,
             "--outdir", str(target), *map(str, sorted(source.iterdir()))],
            check=True, capture_output=True, timeout=60 + 20 * len(files),
            env={**os.environ, "SOURCE_DATE_EPOCH": "1704164645"},
        )  # fmt: skip
        return {
            str(Path(name).with_suffix(f".{ending}")): steady((target / f"{index:05d}.{ending}").read_bytes())
            for index, name in enumerate(files)
        }


def print_page(html: bytes) -> bytes:
    """Return the page printed to PDF by Chromium."""
    return steady(_browse(html, "--no-pdf-header-footer", "--print-to-pdf={out}"))


def screenshot(html: bytes, width: int, height: int) -> bytes:
    """Return a PNG of the page in a window of the given size."""
    return _browse(html, f"--window-size={width},{height}", "--hide-scrollbars", "--screenshot={out}")


def _browse(html: bytes, *options: str) -> bytes:
    program = browser()
    if program is None:
        raise FileNotFoundError("Chromium is not installed")
    with tempfile.TemporaryDirectory() as folder:
        page, out = Path(folder, "page.html"), Path(folder, "out.png")
        page.write_bytes(html)
        subprocess.run(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
             *(o.format(out=out) for o in options), page.as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return out.read_bytes()


def steady(data: bytes) -> bytes:
    """Return a PDF with fixed dates and identifier, of the same length, or a zip with fixed times."""
    if data.startswith(b"PK"):
        return repack(data)
    if not data.startswith(b"%PDF"):
        return data
    data = re.sub(rb"(/(?:CreationDate|ModDate)\s*\(D:)\d{14}", rb"\g<1>" + _DATE, data)
    ids = rb"(/(?:ID|DocChecksum)\b[\s\[/]*)((?:<?[0-9A-Fa-f]{32}>?\s*){1,2})"
    return re.sub(ids, lambda m: m[1] + re.sub(rb"[0-9A-Fa-f]", b"0", m[2]), data)
