"""Measures as data: what each is called, and from which cells of which edition it is computed.

`measures.csv` holds them, one row per measure and group of editions that share a formula; a user's file of the same columns adds
measures, or replaces those of the same name. Where `edition` is `crosswalk` the formula is written in the variables of the crosswalk
(`form/crosswalk.csv`) and holds in each edition that has all of them, so that what is compared over the years means the same.
Source of the list: the indicators that supervisors and scholars compute from these reports.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from extract.errors import InputNotFoundError, UsageError
from extract.form import EDITIONS
from extract.form.crosswalk import link, variables
from extract.formula import Term, parse, written

COLUMNS = ("measure", "zh", "en", "edition", "numerator", "denominator", "unit", "caveat_zh", "caveat")
CROSSWALK = "crosswalk"
"""In place of editions: the formula names variables of the crosswalk."""
RATE = "率"
"""Unit of a share of one in another; shown as a percentage, kept as a plain number."""


@dataclass(frozen=True, slots=True)
class Formula:
    """How a measure is computed in one edition; without a denominator it is the numerator itself."""

    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    caveat: str
    caveat_zh: str
    written: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: stable name, label in both languages, unit, and its formula by edition."""

    name: str
    zh: str
    en: str
    unit: str
    formulas: dict[str, Formula] = field(default_factory=dict)

    @property
    def is_ratio(self) -> bool:
        """Whether it divides one figure by another."""
        return any(f.denominator for f in self.formulas.values())

    @property
    def is_rate(self) -> bool:
        """Whether people read it as a percentage."""
        return self.unit == RATE

    @property
    def caveat_zh(self) -> str:
        """What a reader should know, in Chinese; of all editions."""
        return self._told([f.caveat_zh for f in self.formulas.values()], "；", "{} 年格式：{}", "、")

    @property
    def caveat(self) -> str:
        """What a reader should know, in English; of all editions."""
        return self._told([f.caveat for f in self.formulas.values()], "; ", "{}: {}", ", ")

    def _told(self, caveats: list[str], between: str, of_edition: str, editions_between: str) -> str:
        """Return caveats as one text; where editions have different ones, each with the editions that it is about."""
        about: dict[str, list[str]] = {}
        for edition, caveat in zip(self.formulas, caveats, strict=True):
            about.setdefault(caveat, []).append(edition)
        told = {caveat: editions for caveat, editions in about.items() if caveat}
        if len(told) < 2:
            return between.join(told)
        return between.join(of_edition.format(editions_between.join(e), caveat) for caveat, e in told.items())


@cache
def codes_of(edition: str) -> tuple[str, ...]:
    """Return the codes of an edition in the form's order. Raises UsageError for an edition that is not known."""
    source = files("extract.form").joinpath(f"{edition}.csv")
    if not edition.isdigit() or not source.is_file():
        raise UsageError(
            f"edition {edition!r} is not known; write 2021, 2019 or 2014, with | between several"
        )
    return tuple(row["code"] for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


@cache
def _built_in() -> tuple[Measure, ...]:
    text = files("extract.measures").joinpath("measures.csv").read_text(encoding="utf-8")
    return tuple(_read(text, "measures.csv").values())


def measures(own: Path | None = None) -> dict[str, Measure]:
    """Return all measures by name, those of a user's own file after the built-in ones, or in their place.

    Raises InputNotFoundError and UsageError, naming file and line, for a file that cannot be used.
    """
    known = {measure.name: measure for measure in _built_in()}
    if own is None:
        return known
    try:
        text = own.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputNotFoundError(f"cannot read {own}: {error}; save it as CSV UTF-8") from error
    return {**known, **_read(text, str(own))}


def _read(text: str, name: str) -> dict[str, Measure]:
    reader = csv.DictReader(text.splitlines())
    lacking = {"measure", "edition", "numerator"} - set(reader.fieldnames or ())
    if lacking:
        raise UsageError(f"{name} lacks the column {min(lacking)}; its columns are {', '.join(COLUMNS)}")
    found: dict[str, Measure] = {}
    for number, row in enumerate(reader, start=2):
        try:
            _add({key: (row.get(key) or "").strip() for key in COLUMNS}, found)
        except UsageError as error:
            raise UsageError(f"{name}, line {number}: {error}") from error
    return found


def _add(row: dict[str, str], found: dict[str, Measure]) -> None:
    name = row["measure"]
    if not name.isidentifier():
        raise UsageError(f"{name!r} is no name for a measure; use letters, digits and _")
    measure = found.setdefault(name, Measure(name, row["zh"] or name, row["en"] or name, row["unit"]))
    for edition, formula in _formulas(row):
        if edition in measure.formulas:
            raise UsageError(f"{name} is given twice for edition {edition}")
        measure.formulas[edition] = formula


def _formulas(row: dict[str, str]) -> Iterator[tuple[str, Formula]]:
    """Yield the editions of a row with the formula for each."""
    if row["edition"] == CROSSWALK:
        yield from _comparable(row)
        return
    for edition in row["edition"].split("|"):
        codes = codes_of(edition)
        bottom = parse(row["denominator"], codes) if row["denominator"] else ()
        text = " / ".join(filter(None, (row["numerator"], row["denominator"])))
        top = parse(row["numerator"], codes)
        yield edition, Formula(top, bottom, row["caveat"], row["caveat_zh"], text)


def _comparable(row: dict[str, str]) -> Iterator[tuple[str, Formula]]:
    """Yield the editions that say all variables of a formula, with the cells that say them."""
    top = parse(row["numerator"], variables())
    bottom = parse(row["denominator"], variables()) if row["denominator"] else ()
    for edition in EDITIONS:
        links = [link(term.code, edition) for term in (*top, *bottom)]
        reasons = dict.fromkeys(x.reason for x in links if x and x.reason)
        if None not in links:
            sides = [_spread(side, edition) for side in (top, bottom)]
            text = " / ".join(written(side) for side in sides if side)
            told = "；".join(filter(None, (row["caveat_zh"], *reasons)))
            yield edition, Formula(sides[0], sides[1], row["caveat"], told, text)


def _spread(terms: Sequence[Term], edition: str) -> tuple[Term, ...]:
    """Return the cells of an edition that variables stand for."""
    found = [(term, link(term.code, edition)) for term in terms]
    return tuple(Term(code, term.sign, term.last) for term, x in found if x for code in x.codes)


def chosen(names: Iterable[str], known: dict[str, Measure]) -> list[Measure]:
    """Return measures by their names or labels. Raises UsageError for one that is not known, with the nearest ones."""
    by_label = {label: m for m in known.values() for label in (m.zh, m.en, m.name)}
    missing = [name for name in names if name not in by_label]
    if missing:
        raise UsageError(f"no measure {missing[0]!r}; {_nearest(missing[0], list(by_label))}")
    return list({by_label[name].name: by_label[name] for name in names}.values())


def _nearest(name: str, labels: Sequence[str]) -> str:
    from rapidfuzz import process  # noqa: PLC0415 - only for a mistyped name

    near = [label for label, _, _ in process.extract(name, labels, limit=3)]
    return f"did you mean {', '.join(near)}? `extract compare --list` names them all"
