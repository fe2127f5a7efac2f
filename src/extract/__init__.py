"""Read annual reports on government information (政府信息公开工作年度报告) into a dataset.

>>> import extract
>>> record = extract.read("某局2023年政府信息公开工作年度报告.docx")     # doctest: +SKIP
>>> record.cell("requests.new.total").value                            # doctest: +SKIP
Decimal('12')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.api import read, read_archive
    from extract.dataset import Dataset, open_dataset
    from extract.errors import (
        EnvironmentFault,
        ExtractError,
        InputNotFoundError,
        OutputError,
        ReadError,
        UsageError,
    )
    from extract.record import Record
    from extract.settings import Settings

__all__ = [
    "Dataset",
    "EnvironmentFault",
    "ExtractError",
    "InputNotFoundError",
    "OutputError",
    "ReadError",
    "Record",
    "Settings",
    "UsageError",
    "open_dataset",
    "read",
    "read_archive",
]

_HOMES = {
    "read": "api",
    "read_archive": "api",
    "Record": "record",
    "Settings": "settings",
    "Dataset": "dataset",
    "open_dataset": "dataset",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first used, so that one stage does not load the libraries of all others."""
    if name not in __all__:
        raise AttributeError(f"module 'extract' has no attribute {name!r}")
    return getattr(import_module(f"extract.{_HOMES.get(name, 'errors')}"), name)
