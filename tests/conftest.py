"""Where things are, and what may be missing: skipped with a reason here, an error under CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"
REAL = ROOT.parent / "shared" / "real"


def missing(what: str) -> None:
    """Skip the test, or fail it where everything should be installed."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and under CI=true nothing may be")
    pytest.skip(f"{what} is not here")
