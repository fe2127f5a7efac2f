"""The notebook in docs/ runs from top to bottom on a dataset of the samples' kind, in a process and kernel of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archives import report_text
from extract.archive_run import run
from extract.settings import Settings

NOTEBOOK = Path(__file__).parent.parent / "docs" / "compare.ipynb"
_RUN = """
import sys
import nbformat
from nbclient import NotebookClient
book = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(book, timeout=120, resources={"metadata": {"path": sys.argv[2]}}).execute()
shown = ["".join(o.get("data", {}).get("text/plain", "")) for cell in book.cells if cell.cell_type == "code" for o in cell.outputs]
print("\\n".join(shown))
"""


@pytest.mark.slow
def test_the_notebook_runs(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    for agency in ("岚汀市砚池区粮食局", "岚汀市砚池区统计局"):
        for year, new in ((2021, 40), (2022, 80)):
            (archive / f"{agency}{year}.txt").write_bytes(report_text(agency, year, new))
    run([archive], tmp_path / "out", Settings(workers=1))
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(NOTEBOOK), str(tmp_path)],
        env={**os.environ, "EXTRACT_OUTPUT": str(tmp_path / "out")}, capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "岚汀市砚池区粮食局" in done.stdout and "(4, " in done.stdout
