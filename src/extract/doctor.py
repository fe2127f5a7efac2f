"""Probes for the optional programs: are they there, which version, what they are for."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table as Sheet

from extract.errors import EnvironmentFault

LANGUAGE = "chi_sim"


@dataclass(frozen=True, slots=True)
class Part:
    """An optional part: its name, whether it can be used, what was found, and what it is for."""

    name: str
    present: bool
    found: str
    purpose: str


def probe() -> tuple[Part, ...]:
    """Look for every optional part. Never raises for one that is absent or broken."""
    tesseract = _answer(["tesseract", "--version"])
    languages = _answer(["tesseract", "--list-langs"]).splitlines()[1:] if tesseract else []
    office = next((p for name in ("soffice", "libreoffice") if (p := shutil.which(name))), "")
    return (
        Part("RapidOCR", True, "built in", "reads pictures of tables and scanned pages"),
        Part(
            "Tesseract",
            bool(tesseract),
            tesseract.partition("\n")[0],
            "reads pictures (--ocr tesseract), or doubtful numbers once more (--second tesseract)",
        ),
        Part(
            f"Tesseract {LANGUAGE}",
            LANGUAGE in languages,
            " ".join(languages[:8]),
            "its Chinese language data",
        ),
        Part("LibreOffice", bool(office), office, "reads a legacy .doc that the built-in reader cannot"),
    )


def require_tesseract() -> None:
    """Raise EnvironmentFault, saying what to install, where Tesseract with Chinese is not there."""
    missing = [part.name for part in probe() if part.name.startswith("Tesseract") and not part.present]
    if missing:
        raise EnvironmentFault(
            f"--ocr and --second tesseract need {' and '.join(missing)}: install the system packages tesseract-ocr and "
            "tesseract-ocr-chi-sim, or leave --ocr and --second out to use the built-in reader"
        )


def _answer(command: list[str]) -> str:
    """Return what a program prints, or an empty text where it is absent, fails or hangs."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout or done.stderr).strip() if done.returncode == 0 else ""


def print_report(console: Console) -> None:
    """Print the probes as a table."""
    sheet = Sheet("part", "", "found", "what for", box=None)
    for part in probe():
        sheet.add_row(
            part.name, "[green]yes[/]" if part.present else "[yellow]no[/]", part.found or "-", part.purpose
        )
    console.print(sheet)
