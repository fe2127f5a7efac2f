"""Read annual reports on government information (政府信息公开工作年度报告) into a dataset.

>>> import extract
>>> record = extract.read("某局2023年政府信息公开工作年度报告.docx")     # doctest: +SKIP
>>> record.cell("requests.new.total").value                            # doctest: +SKIP
Decimal('12')
"""

from extract.api import read, read_archive
from extract.errors import EnvironmentFault, ExtractError, InputNotFoundError, OutputError, ReadError
from extract.record import Record
from extract.settings import Settings

__all__ = [
    "EnvironmentFault",
    "ExtractError",
    "InputNotFoundError",
    "OutputError",
    "ReadError",
    "Record",
    "Settings",
    "read",
    "read_archive",
]
