"""What reports say against each other: last year's against this year's, a whole against its parts, two versions of one.

Everything is computed from the store when it is asked for and kept nowhere: a finding is about two reports, and reports come and go
between runs. `rules.csv` holds the sums, `limits.csv` the bands, `scope.csv` the wordings by which a report says that it adds up others,
`messages.csv` the sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from extract.across.findings import COLUMNS, explained
from extract.across.jumps import jumps
from extract.across.parts import parts
from extract.across.same import same_elsewhere, same_numbers, same_text
from extract.across.sums import sums
from extract.across.versions import versions

if TYPE_CHECKING:
    from extract.dataset import Dataset

__all__ = ["COLUMNS", "across"]


def across(dataset: Dataset) -> pd.DataFrame:
    """Return all checks across reports, one row per check: see `findings.COLUMNS`.

    `verdict`: `holds`; `source_error`, the reports contradict each other and both are read clearly; `doubtful`, a reading may be wrong;
    `not_assessable`, a part is missing or unread; `notable`, no contradiction, but worth a look (jumps, repetitions, versions).
    """
    frames = [
        stage(dataset) for stage in (sums, jumps, same_numbers, same_elsewhere, same_text, parts, versions)
    ]
    found = pd.concat(
        [frame for frame in frames if len(frame)] or [pd.DataFrame(columns=COLUMNS)], ignore_index=True
    )
    return explained(found).sort_values(["agency", "year", "check", "code"], ignore_index=True)
