"""The registry of agencies, built from the names in a dataset; what names cannot tell, a user's file adds.

A user's `own_agencies.csv` has a row per name as titled: `name`, `agency` (what it is called here; empty = as titled), `change`:

    alias     the same agency, written otherwise
    renamed   the same agency under a former name: one series of years
    merged    went into `agency` in the year `since`: two series, and the first year of the new one is compared with the sum of the old ones

and, where they should not come from the name, `region`, `level`, `kind`, `parent`, `division_code`. Division codes (GB/T 2260) come from a
user's table with the columns `code` and `name`.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extract.agencies.divisions import Divisions
from extract.agencies.names import LEVELS, Name, kinds, spelled, take_apart
from extract.errors import InputNotFoundError, UsageError

CHANGES = ("alias", "renamed", "merged")
_OVERRIDES = ("region", "level", "kind", "parent", "division_code")


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency: name, the names it reports under, its divisions, level, kind, the government above it, what it went into."""

    agency: str
    names: tuple[str, ...]
    region: str = ""
    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""
    level: str = ""
    kind: str = "other"
    parent: str = ""
    division_code: str = ""
    successor: str = ""
    merged_in: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the user's file."""

    name: str
    agency: str
    change: str
    since: int | None
    overrides: dict[str, str]


def read_changes(path: Path) -> list[Change]:
    """Read a user's file of agencies. Raises InputNotFoundError and UsageError with file and line."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise InputNotFoundError(f"cannot read {path}: {error}; save it as CSV UTF-8") from error
    return [_change(row, f"{path}, line {number}") for number, row in enumerate(rows, start=2)]


def _change(row: Mapping[str, str | None], where: str) -> Change:
    value = {key: (text or "").strip() for key, text in row.items()}
    change, since = value.get("change") or "alias", value.get("since", "")
    if not value.get("name"):
        raise UsageError(
            f"{where}: no name; the columns are name, agency, change, since, {', '.join(_OVERRIDES)}"
        )
    if change not in CHANGES:
        raise UsageError(f"{where}: change is {change!r}; write one of {', '.join(CHANGES)}")
    if (since and not since.isdigit()) or (change == "merged" and not since):
        raise UsageError(f"{where}: since is {since!r}; write the first year of the new agency, such as 2024")
    if (level := value.get("level", "")) not in LEVELS:
        raise UsageError(f"{where}: level is {level!r}; write one of {', '.join(filter(None, LEVELS))}")
    if (kind := value.get("kind", "")) and kind not in {k.kind for k in kinds()}:
        raise UsageError(f"{where}: kind is {kind!r}; write one of {', '.join(k.kind for k in kinds())}")
    overrides = {key: value[key] for key in _OVERRIDES if value.get(key)}
    agency = spelled(value.get("agency") or value["name"])
    return Change(spelled(value["name"]), agency, change, int(since) if since else None, overrides)


def registry(
    titled: Iterable[str], changes: Sequence[Change] = (), divisions: Divisions | None = None
) -> dict[str, Agency]:
    """Return the agency of every titled name; names of one agency share it. Names that are empty are left out."""
    known = {change.name: change for change in changes}
    same = {name: change.agency for name, change in known.items() if change.change != "merged"}
    called = {name: _follow(spelled(name), same) for name in titled if name}
    names: dict[str, list[str]] = defaultdict(list)
    for name, agency in called.items():
        names[agency].append(name)
    for change in changes:  # an agency that only a merger names is known too
        names.setdefault(_follow(change.agency, same), [])
    apart = _completed({agency: take_apart(agency) for agency in names})
    made = {
        agency: _agency(agency, tuple(sorted(names[agency])), apart[agency], divisions) for agency in names
    }
    for change in changes:
        made = _apply(change, made, same)
    above = _governments(made)
    made = {name: a if a.parent else replace(a, parent=_parent(a, above)) for name, a in made.items()}
    return {name: made[agency] for name, agency in called.items()}


def _follow(name: str, same: Mapping[str, str]) -> str:
    """Follow a chain of renamings to its end; a circle ends where it closes."""
    seen: set[str] = set()
    while name in same and name not in seen:
        seen.add(name)
        name = same[name]
    return name


def _completed(apart: dict[str, Name]) -> dict[str, Name]:
    """Complete names by others: a county named without its city is put under the only city that another name gives it.

    So is a 市 that other names have below another 市: it is a county, whatever its own name looks like.
    """
    above: dict[str, set[tuple[str, str]]] = defaultdict(set)
    provinces: dict[str, set[str]] = defaultdict(set)
    for name in apart.values():
        if name.county and (name.city or name.province):
            above[name.county].add((name.province, name.city))
        if name.city and name.province:
            provinces[name.city].add(name.province)
    return {agency: _complete(name, above, provinces) for agency, name in apart.items()}


def _one_place(places: set[tuple[str, str]]) -> bool:
    """Say whether places, some perhaps without their province, are one."""
    return (
        len({city for _, city in places}) == 1 and len({province for province, _ in places if province}) <= 1
    )


def _complete(
    name: Name, above: Mapping[str, set[tuple[str, str]]], provinces: Mapping[str, set[str]]
) -> Name:
    if name.city and not name.county and len(above.get(name.city, ())) == 1 and name.city not in provinces:
        province, city = next(iter(above[name.city]))
        level = "county" if name.level == "prefecture" else name.level
        name = replace(name, province=province, city=city, county=name.city, level=level)
    elif name.county and not name.city and not name.province and _one_place(above.get(name.county, set())):
        province, city = max(above[name.county])
        name = replace(name, province=province, city=city)
    if name.city and not name.province and len(provinces.get(name.city, ())) == 1:
        name = replace(name, province=next(iter(provinces[name.city])))
    return name


def _agency(agency: str, names: tuple[str, ...], name: Name, divisions: Divisions | None) -> Agency:
    code, level = divisions.find(name) if divisions else ("", "")
    return Agency(
        agency, names, name.region, name.province, name.city, name.county, name.town,
        level or name.level, name.kind, "", code,
    )  # fmt: skip


def _apply(change: Change, made: dict[str, Agency], same: Mapping[str, str]) -> dict[str, Agency]:
    """Apply a row of the user's file: a merger to the agency that went, overrides to the agency that is."""
    agency = _follow(change.agency, same)
    if change.change == "merged":
        if change.name in made:
            gone = replace(made[change.name], successor=agency, merged_in=change.since)
            made = {**made, change.name: gone}
        agency = change.name
    if agency in made and change.overrides:
        made = {**made, agency: replace(made[agency], **change.overrides)}  # type: ignore[arg-type]
    return made


def _governments(made: Mapping[str, Agency]) -> dict[tuple[str, str], str]:
    """Return the governments by city and county; a province's own by its name and an empty text."""
    own = (a for a in made.values() if a.kind == "government")
    return {(a.city or a.province, a.county): a.agency for a in own}


def _parent(agency: Agency, governments: Mapping[tuple[str, str], str]) -> str:
    """Return the government above, where the dataset has one: a department's own, a government's of the next level up."""
    places = [(agency.city or agency.province, agency.county), (agency.city, ""), (agency.province, "")]
    for place in places:
        above = governments.get(place, "") if any(place) else ""
        if above and above != agency.agency:
            return above
    return ""
