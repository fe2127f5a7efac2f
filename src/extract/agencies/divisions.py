"""Division codes (GB/T 2260) from a table that the user supplies: `code` (six digits) and `name`.

The table is not part of this package: it changes every year, and whoever needs codes has the year they need.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from extract.agencies.names import Name
from extract.errors import InputNotFoundError, UsageError


@dataclass(frozen=True, slots=True)
class Divisions:
    """Divisions by their own name: code, and the names of those above."""

    by_name: dict[str, list[tuple[str, tuple[str, ...]]]]

    def find(self, name: Name) -> tuple[str, str]:
        """Return code and level of the division that an agency's name states, two empty texts where none or several fit.

        A town has the code of its county; 市 that the table has below another is a county.
        """
        stated = [part for part in (name.province, name.city, name.county) if part]
        if not stated:
            return "", ""
        *above, own = stated
        fits = [(code, up) for code, up in self.by_name.get(own, ()) if all(part in up for part in above)]
        if len(fits) != 1:
            return "", ""
        level = "town" if name.town else _level(fits[0][0])
        return fits[0][0], level


def _level(code: str) -> str:
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def read_divisions(path: Path) -> Divisions:
    """Read a table of divisions. Raises InputNotFoundError and UsageError with file and line."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise InputNotFoundError(f"cannot read {path}: {error}; save it as CSV UTF-8") from error
    names: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        code, name = (row.get("code") or "").strip(), (row.get("name") or "").strip()
        if len(code) != 6 or not code.isdigit() or not name:
            raise UsageError(
                f"{path}, line {number}: write a code of six digits and a name, such as 110105,朝阳区"
            )
        names[code] = name
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for code, name in names.items():
        above = tuple(names.get(up, "") for up in (f"{code[:2]}0000", f"{code[:4]}00") if up != code)
        found[name].append((code, above))
    return Divisions(dict(found))
