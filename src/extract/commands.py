"""The commands that read a dataset: compare, query, across, reuse, agencies. Heavy libraries are loaded by the command that needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from extract.compare import Comparison
    from extract.dataset import Dataset
    from extract.measures import Measure

Output = Annotated[Path, typer.Argument(metavar="OUTPUT", help="Folder that `extract run` wrote.")]
Save = Annotated[Path | None, typer.Option("--save", "-o", help="Write to a file: .csv, .xlsx or .json.")]
Many = list[str] | None
_PIPED_WIDTH = 160
_SEVERITY = {
    name: i for i, name in enumerate(("source_error", "doubtful", "notable", "not_assessable", "holds"))
}


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    for command in (compare, query, across, reuse, agencies):
        app.command()(command)


def compare(
    output: Output,
    measure: Annotated[Many, typer.Option("--measure", "-m", help="Name or label; again for more.")] = None,
    region: Annotated[Many, typer.Option(help="Only regions that have this in their name.")] = None,
    level: Annotated[
        Many, typer.Option(help="省级, 市级, 县级, 乡级, or province, prefecture, county, town.")
    ] = None,
    kind: Annotated[Many, typer.Option(help="Kind of agency, such as 公安 or public_security.")] = None,
    year: Annotated[list[int] | None, typer.Option("--year", "-y", help="Only these years.")] = None,
    agency: Annotated[Many, typer.Option("--agency", "-a", help="Only these agencies, side by side.")] = None,
    by: Annotated[
        str, typer.Option(help="What stands side by side: agency, region, city, county, level, kind.")
    ] = "agency",
    least: Annotated[int, typer.Option(help="Denominator from which a rate is ranked.")] = 30,
    top: Annotated[int, typer.Option(help="Rows of the ranking that are shown.")] = 10,
    save: Save = None,
    list_: Annotated[bool, typer.Option("--list", help="List the measures and end.")] = False,
) -> None:
    """Compare agencies and years: distribution, ranking, change on last year, outliers."""
    from extract.compare import Filter  # noqa: PLC0415
    from extract.compare import compare as compared  # noqa: PLC0415

    console = _console()
    with _opened(output) as dataset:
        if list_:
            _list(console, dataset.measures.values())
            return
        names = [tuple(given or ()) for given in (region, level, kind, agency)]
        only = Filter(names[0], names[1], names[2], tuple(year or ()), names[3])
        result = compared(dataset, measure, only, by=by, least=least)
        if save is not None:
            from extract.compare_sheets import notes, sheets  # noqa: PLC0415
            from extract.tabular import write  # noqa: PLC0415

            write(save, sheets(result), notes(result, str(output)))
    if agency:
        _side_by_side(console, result)
    else:
        _print(console, result, top)
    if save is not None:
        console.print(f"written to {save}", markup=False)


def query(
    output: Output,
    sql: Annotated[str, typer.Argument(metavar="SQL", help='Such as "SELECT agency, year FROM reports".')],
    save: Save = None,
    rows: Annotated[int, typer.Option(help="Rows that are shown; a file gets all.")] = 50,
) -> None:
    """Run a query on the dataset's tables (DuckDB's SQL; reading only)."""
    with _opened(output) as dataset:
        frame = dataset.query(sql)
    _show(frame, save, rows, "query")


def across(
    output: Output,
    all_: Annotated[bool, typer.Option("--all", help="Also what holds and what cannot be told.")] = False,
    check: Annotated[
        Many, typer.Option(help="Only checks whose name has this in it, such as carried.")
    ] = None,
    save: Save = None,
    rows: Annotated[int, typer.Option(help="Rows that are shown; a file gets all.")] = 50,
    english: Annotated[bool, typer.Option("--english", help="Sentences in English.")] = False,
) -> None:
    """Check reports against each other: last year's, the parts of a whole, versions; what contradicts, repeats or jumps."""
    from extract.across import across as checked  # noqa: PLC0415
    from extract.across.findings import ASSESSED  # noqa: PLC0415

    with _opened(output) as dataset:
        found = checked(dataset)
    if check:
        found = found[[any(word in name for word in check) for name in found["check"]]]
    counts = found["verdict"].value_counts()
    shown = found if all_ else found[found["verdict"].isin(ASSESSED)]
    if save is None:  # contradictions before what is only worth a look
        shown = shown.sort_values("verdict", key=lambda v: v.map(_SEVERITY), kind="stable")
    columns = ["agency", "year", "check", "verdict", "message" if english else "message_zh"]
    _show(shown, save, rows, "across", columns)
    _console().print(
        ", ".join(f"{n:,} {verdict}" for verdict, n in counts.items()) or "no two reports to compare"
    )


def reuse(
    output: Output,
    save: Save = None,
    rows: Annotated[int, typer.Option(help="Rows that are shown; a file gets all.")] = 20,
) -> None:
    """Find text that stands in an agency's own last report, or in other agencies': shares by report, and the passages."""
    from extract.reuse import reuse as found_in  # noqa: PLC0415

    with _opened(output) as dataset:
        found = found_in(dataset)
    if save is not None:
        from extract.tabular import Sheet, write  # noqa: PLC0415

        write(save, [Sheet("passages", found.passages), Sheet("reports", found.reports)], ["extract reuse"])
        _console().print(f"{len(found.passages):,} passages written to {save}", markup=False)
        return
    shares = found.reports.sort_values(["others", "own_last_year"], ascending=False)
    percent = {name: shares[name].map(_percent) for name in ("common", "own_last_year", "others")}
    _show(shares.drop(columns="report_id").assign(**percent), None, rows, "reuse")


def agencies(
    output: Output,
    save: Save = None,
    rows: Annotated[int, typer.Option(help="Rows that are shown; a file gets all.")] = 50,
) -> None:
    """List the agencies of the dataset: region, level, kind, the government above, years."""
    with _opened(output) as dataset:
        frame = dataset.agencies
    _show(
        frame,
        save,
        rows,
        "agencies",
        ["agency", "region", "level", "kind", "parent", "reports", "first_year", "last_year"],
    )


def _opened(output: Path) -> Dataset:
    """Open a dataset without DuckDB's bar, which it draws on stdout for what takes seconds, wherever the output goes."""
    from extract.dataset import open_dataset  # noqa: PLC0415

    dataset = open_dataset(output)
    dataset.connection.execute("SET enable_progress_bar = false")
    return dataset


def _console() -> Console:
    console = Console(highlight=False)
    console.width = console.width if console.is_terminal else _PIPED_WIDTH
    return console


def _show(frame: pd.DataFrame, save: Path | None, rows: int, name: str, columns: Sequence[str] = ()) -> None:
    """Print the first rows of a frame, and write all of it where a file is named."""
    console = _console()
    if save is not None:
        from extract.tabular import Sheet, write  # noqa: PLC0415

        write(save, [Sheet(name, frame)], [f"extract {name}"])
        console.print(f"{len(frame):,} rows written to {save}", markup=False)
        return
    _table(console, frame[list(columns) or list(frame.columns)].head(rows))
    if len(frame) > rows:
        console.print(
            f"… {len(frame) - rows:,} more rows: --rows N shows more, --save FILE.csv writes all",
            markup=False,
        )


def _table(console: Console, frame: pd.DataFrame, title: str = "") -> None:
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    numeric = set(frame.select_dtypes(include="number").columns)
    for column in frame:
        table.add_column(str(column), justify="right" if column in numeric else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(_text(value) for value in row))
    console.print(table)


def _text(value: object) -> str:
    if value is None or value != value or str(value) in {"<NA>", "NaT"}:  # noqa: PLR0124 - NaN is not equal to itself
        return ""
    text = (
        f"{value:,.6g}"
        if isinstance(value, float) and not value.is_integer()
        else f"{value:.0f}"
        if isinstance(value, float)
        else str(value)
    )
    return text.replace("[", "\\[")


def _list(console: Console, measures: Iterable[Measure]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("measure", "中文", "unit", "editions", "caveat"):
        table.add_column(heading, overflow="fold")
    for m in measures:
        table.add_row(m.name, m.zh, m.unit, " ".join(m.formulas), m.caveat_zh)
    console.print(table)


def _print(console: Console, result: Comparison, top: int) -> None:
    """Print a comparison: distribution by measure and year, the ranking of each measure in the last year, outliers."""
    from extract.compare_sheets import number_format  # noqa: PLC0415

    for m in result.measures:
        spread = result.distribution[result.distribution["measure"] == m.name]
        if spread.empty:
            console.print(f"{m.zh}: no report of these has it", markup=False)
            continue
        show: Callable[[float], str] = _percent if number_format(m) == "percent" else _text
        table = Table(title=f"{m.zh} {m.en}（{m.unit}）", title_justify="left", box=None, pad_edge=False)
        for heading in ("年度", "n/N", "P10", "中位数", "P90", "平均", "加权平均"):
            table.add_column(heading, justify="right")
        for row in spread.to_dict("records"):
            values = [show(row[c]) for c in ("p10", "median", "p90", "mean", "weighted")]
            table.add_row(str(row["year"]), f"{row['with_value']}/{row['reports']}", *values)
        console.print(table)
        _ranking(console, result, m, top, show)
    outliers = result.outliers()
    console.print(
        f"{len(outliers):,} outliers; every value, with numerator and denominator, is in a file: --save FILE.xlsx",
        markup=False,
    )


def _side_by_side(console: Console, result: Comparison) -> None:
    """Print a few agencies and all years side by side, a table for each measure."""
    from extract.compare_sheets import number_format  # noqa: PLC0415

    for m in result.measures:
        show: Callable[[float], str] = _percent if number_format(m) == "percent" else _text
        years = result.years(m.name)
        table = Table(title=f"{m.zh} {m.en}（{m.unit}）", title_justify="left", box=None, pad_edge=False)
        for at, column in enumerate(years):
            table.add_column(str(column), justify="right" if at else "left")
        for row in years.itertuples(index=False):
            table.add_row(str(row[0]), *(show(value) for value in row[1:]))
        console.print(table)
        console.print()


def _ranking(
    console: Console, result: Comparison, m: Measure, top: int, show: Callable[[float], str]
) -> None:
    ranked = result.ranking(m.name)
    if ranked.empty:
        console.print(f"nothing to rank: every denominator is under {result.least} (--least)\n", markup=False)
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("排名", result.by, "数值", "分子/分母", "较上年", ""):
        table.add_column(heading, justify="left" if heading in {result.by, ""} else "right")
    low = ranked.tail(min(top, max(0, len(ranked) - top)))
    for part in (ranked.head(top), low):
        for row in part.to_dict("records"):
            parts = f"{_text(row['numerator'])}/{_text(row['denominator'])}" if m.is_ratio else ""
            mark = ("离群 " if row["outlier"] else "") + ("" if row["sure"] else "待核")
            table.add_row(
                str(int(row["rank"])),
                str(row[result.by]),
                show(row["value"]),
                parts,
                _signed(row["change"], show),
                mark,
            )
        if part is not low and len(low):
            table.add_row("…", "", "", "", "", "")
    console.print(table)
    console.print()


def _percent(value: float) -> str:
    return "" if value != value else f"{value:.1%}"  # noqa: PLR0124 - NaN is not equal to itself


def _signed(value: float, show: Callable[[float], str]) -> str:
    text = show(value)
    # the difference of two percentages is a number of points
    text = text.replace("%", " pp")
    return f"+{text}" if text and value > 0 else text
