"""One report on the terminal: head, sections, tables, checks, and what needs a look."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Sheet

from extract.form import FormTable, edition
from extract.problems import message
from extract.record import Record
from extract.values import Value

_MARKS = {"missing": "[red]?[/]", "derived": "[cyan]{}[/]", "repaired": "[magenta]{}[/]"}


def show_record(record: Record, console: Console) -> None:
    """Print a record. Blank cells stay blank; `?` is a cell not found; a doubtful one is marked with `!`."""
    _head(record, console)
    if record.edition:
        values = {value.code: value for value in record.values}
        for table in edition(record.edition).tables.values():
            console.print(_sheet(table, values))
    _extras(record, console)
    _facts(record, console)
    _checks(record, console)
    _looks(record, console)


def _head(record: Record, console: Console) -> None:
    head = record.head
    console.print(f"[bold]{escape(head.title or record.file)}[/]")
    facts = {
        "机关": head.agency, "年度": head.year or "", "发布": head.published_on, "邮编": head.postcode, "电话": head.phone,
        "邮箱": head.email, "格式": f"{record.format}, edition {record.edition or '-'}", "状态": record.status,
    }  # fmt: skip
    console.print("  ".join(f"{k} {escape(str(v))}" for k, v in facts.items() if v))
    for section in record.sections:
        if section.number:
            console.print(f"  {escape(section.heading)} [dim]({len(section.text)} 字)[/]")


def _sheet(table: FormTable, values: dict[str, Value]) -> Sheet:
    sheet = Sheet(
        title=table.name, box=box.SIMPLE_HEAD, title_justify="left", padding=(0, 1, 0, 0), expand=True
    )
    sheet.add_column("", overflow="fold", min_width=18, ratio=3)
    for column in table.columns:
        sheet.add_column(column.path[-1], overflow="fold", justify="right", min_width=4, ratio=1)
    for row in table.rows:
        cells = [table.cells.get((row.key, column.key)) for column in table.columns]
        found = [values.get(cell.code) if cell else None for cell in cells]
        if any(found):  # a local form asks for a part of the rows
            sheet.add_row(escape(row.path[-1]), *(_shown(value) if value else "" for value in found))
    return sheet


def _shown(value: Value) -> str:
    text = escape(" ".join(value.raw.split()))
    if value.status == "derived":
        text = f"{value.filled}"
    marked = _MARKS.get(value.status, "{}").format(text)
    return f"[yellow]{marked}![/]" if value.review else marked


def _extras(record: Record, console: Console) -> None:
    for value in record.values:
        if value.code.startswith("extra."):
            label = " | ".join(x for x in (value.row_label, value.column_label) if x)
            console.print(f"extra  {escape(label)}: {escape(value.raw)}")


def _checks(record: Record, console: Console) -> None:
    for kind, title in (("sum", "checks"), ("text", "text"), ("structure", "build")):
        of_kind = [check for check in record.checks if check.kind == kind]
        counts: dict[str, int] = {}
        for check in of_kind:
            counts[check.verdict] = counts.get(check.verdict, 0) + 1
        if of_kind or kind == "sum":
            told = ", ".join(f"{n} {verdict}" for verdict, n in counts.items()) or "none"
            console.print(f"{title}  {told}")
        for check in of_kind:
            if check.verdict in {"source_error", "doubtful"}:
                sign = ">" if check.relation == "at_most" else "≠"
                where = f" [dim]{escape(check.sentence)}[/]" if check.sentence else ""
                console.print(
                    f"  [red]{check.check}[/]: {check.left} {sign} {check.right} ({check.verdict}){where}"
                )


def _facts(record: Record, console: Console) -> None:
    """Print the numbers of the text that have a name; those without one are in `facts.csv`."""
    for fact in record.facts:
        if "." in fact.name:
            value = fact.date or f"{fact.value} {fact.unit}"
            console.print(f"fact  {fact.name} = {value} [dim]section {fact.section}: {escape(fact.raw)}[/]")


def _looks(record: Record, console: Console) -> None:
    for value in record.values:
        if value.review and value.status != "missing":
            at = f"page {value.place.page}" if value.place.page else value.place.picture
            console.print(
                f"look  {value.code} = {escape(repr(value.raw))} {value.review_reason} {escape(at)}"
            )
    for problem in record.problems:
        console.print(f"problem  {problem.kind}: {escape(message(problem))}")
