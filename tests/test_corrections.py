"""Decisions of people: a file that only grows, cells that follow it, sums that are evaluated again."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from archives import report_text, rows
from extract import archive_run
from extract.correct import correct
from extract.corrections import (
    CONFIRMED,
    CORRECTED,
    FILE,
    Decision,
    append_decision,
    apply,
    current,
    figure,
    figures,
    read_decisions,
)  # fmt: skip
from extract.errors import OutputError
from extract.form import edition
from extract.record import Record
from extract.settings import Settings
from extract.values import Value
from reviewed import MISREAD, ONE, PUBLISHED, UNREAD, UNSURE, dataset

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)


def decision(record_id: str, code: str, new: str, action: str = "corrected", reason: str = "") -> Decision:
    return Decision(
        "2024-03-01T09:00:00+08:00", "核对员", record_id, code, action, "", new, reason, "doubtful"
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Record]:
    return dataset(tmp_path_factory.mktemp("made"))


@pytest.fixture
def output(made: tuple[Path, Record]) -> Iterator[Path]:
    """OUTPUT as read, whatever the test before decided."""
    yield made[0]
    (made[0] / FILE).unlink(missing_ok=True)
    carry(made[0])


def carry(output: Path) -> int:
    with duckdb.connect(str(output / "reports.duckdb")) as connection:
        return correct(connection, output, ONE)


def ask(output: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(output / "reports.duckdb")) as connection:
        return connection.execute(sql).fetchall()


def cell(output: Path, code: str) -> dict[str, object]:
    names = ("value", "filled", "status", "confidence", "review", "review_reason", "raw")
    return dict(
        zip(names, ask(output, f"SELECT {', '.join(names)} FROM cells WHERE code = '{code}'")[0], strict=True)
    )


def everything(output: Path) -> list[list[tuple[object, ...]]]:
    return [ask(output, f'SELECT * FROM "{name}" ORDER BY rowid') for name in ("reports", "cells", "checks")]


# --- the file


@tried(deadline=None)  # each line is seen to the disk
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
def test_what_is_appended_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("file") / FILE
    given_ = [
        Decision(
            "t",
            " ".join(who.split()),
            "id",
            f"code{i}",
            "corrected",
            "1",
            str(-i),
            " ".join(why.split()),
            "doubtful",
        )
        for i, (who, why) in enumerate(texts)
    ]
    before = b""
    for one in given_:
        append_decision(path, one)
        assert path.read_bytes().startswith(before)  # append-only
        before = path.read_bytes()
    back, bad = read_decisions(path)
    assert bad == [] and [(d.code, d.new) for d in back] == [(d.code, d.new) for d in given_]
    assert [d.reason.lstrip("'") for d in back] == [d.reason.lstrip("'") for d in given_]


def test_the_file_opens_in_a_spreadsheet_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / FILE
    append_decision(path, decision("id", "code", "-3", reason='=HYPERLINK("http://x.example")'))
    assert path.read_bytes().startswith(
        b"\xef\xbb\xbfwhen,who,report_id,code,action,old,new,reason,queue\r\n"
    )
    row = next(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert row["new"] == "-3" and row["reason"].startswith("'=")
    assert read_decisions(path)[0][0].reason.startswith("=HYPERLINK")


def test_the_last_decision_counts_and_undone_is_none() -> None:
    first, second = decision("a", "x", "1"), decision("a", "x", "2")
    other, undone = decision("a", "y", "5"), decision("a", "y", "", "undone")
    assert current([first, other, second]) == {("a", "x"): second, ("a", "y"): other}
    assert current([first, other, second, undone]) == {("a", "x"): second}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("t,w,id,c,maybe,,1,,doubtful", "maybe"),
        ("t,w,,c,corrected,,1,,", "empty"),
        ("t,w,id,c,corrected,,abc,,", "abc"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_with_its_number(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / FILE
    path.write_text(f"when,who,report_id,code,action,old,new,reason,queue\n{line}\n", encoding="utf-8")
    good, bad = read_decisions(path)
    assert good == [] and bad[0].line == 2 and says in bad[0].why


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        append_decision(tmp_path / "none" / FILE, decision("id", "c", "1"))


@pytest.mark.parametrize(
    ("text", "unit", "value", "filled"),
    [
        ("24", "件", 24, 24), ("", "件", None, 0), ("/", "件", None, 0), ("?", "件", None, None), ("0", "件", 0, 0),
        ("251000元", "万元", Decimal("25.1"), Decimal("25.1")), ("1,288", "件", 1288, 1288), ("１２", "件", 12, 12),
    ],
)  # fmt: skip
def test_figures_as_people_type_them(text: str, unit: str, value: object, filled: object) -> None:
    assert figures(text, unit) == (value, filled)


@pytest.mark.parametrize(("text", "unit"), [("abc", "件"), ("3元", "件"), ("1 2x", "")])
def test_what_is_no_figure_is_refused(text: str, unit: str) -> None:
    with pytest.raises(ValueError, match=r"is no number|amount of money"):
        figures(text, unit)


@given(st.one_of(st.none(), st.decimals(0, 10**9, places=2)), st.booleans())
def test_figures_written_are_read_back(value: Decimal | None, known: bool) -> None:
    filled = value if value is not None else Decimal(0) if known else None
    assert figures(figure(value, filled)) == (value, filled)


# --- what it makes of a report


def test_a_corrected_cell_mends_its_sums_and_the_doubts_that_they_cast(
    made: tuple[Path, Record], output: Path
) -> None:
    broken = "SELECT count(*) FROM checks WHERE verdict = 'doubtful'"
    assert ask(output, broken)[0][0] == 2
    was = cell(output, MISREAD)
    true = str(int(float(str(was["filled"]))) - 1)
    append_decision(output / FILE, decision(made[1].report_id, MISREAD, true))
    assert carry(output) == 1
    now = cell(output, MISREAD)
    assert (now["filled"], now["status"], now["review"], now["review_reason"]) == (
        float(true),
        "corrected",
        False,
        CORRECTED,
    )
    assert now["raw"] == was["raw"] and now["confidence"] == 1.0
    assert ask(output, broken)[0][0] == 0
    assert {
        row[0] for row in ask(output, "SELECT \"check\" FROM checks WHERE verdict = 'source_error'")
    } == PUBLISHED
    assert ask(output, "SELECT checks_failed FROM reports")[0][0] == len(PUBLISHED)


def test_a_confirmed_cell_makes_the_page_itself_wrong(made: tuple[Path, Record], output: Path) -> None:
    shown = figure(*(made[1].cell(MISREAD).value, made[1].cell(MISREAD).filled))
    append_decision(output / FILE, decision(made[1].report_id, MISREAD, shown, "confirmed"))
    carry(output)
    assert (
        cell(output, MISREAD)["review_reason"] == CONFIRMED and cell(output, MISREAD)["status"] == "printed"
    )
    verdicts = dict(ask(output, 'SELECT "check", verdict FROM checks WHERE difference <> 0'))  # type: ignore[arg-type]
    assert verdicts == dict.fromkeys([*PUBLISHED, "requests.row_total.partially_granted"], "source_error")


def test_undoing_gives_back_what_was_read(made: tuple[Path, Record], output: Path) -> None:
    before = everything(output)
    for code, new in ((MISREAD, "99"), (UNREAD, "0"), (UNSURE, "")):
        append_decision(output / FILE, decision(made[1].report_id, code, new))
    carry(output)
    assert everything(output) != before
    once = everything(output)
    carry(output)
    assert everything(output) == once  # a second time changes nothing
    for code in (MISREAD, UNREAD, UNSURE):
        append_decision(output / FILE, decision(made[1].report_id, code, "", "undone"))
    carry(output)
    assert everything(output) == before


def test_what_cannot_be_carried_out_is_a_problem_and_stops_nothing(
    made: tuple[Path, Record], output: Path
) -> None:
    append_decision(output / FILE, decision(made[1].report_id, "requests.no.such", "1"))
    append_decision(output / FILE, decision(made[1].report_id, UNSURE, "3元"))
    append_decision(output / FILE, decision("another report", UNSURE, "3"))
    with (output / FILE).open("a", encoding="utf-8") as stream:
        stream.write("t,w,id,c,maybe,,1,,\r\n")
    carry(output)
    carry(output)
    told = ask(output, "SELECT message FROM problems WHERE kind = 'correction_unusable'")
    assert len(told) == 3 and any("Line 5" in str(row[0]) for row in told)


def test_what_the_text_states_is_held_against_the_corrected_cell(
    made: tuple[Path, Record], output: Path
) -> None:
    report, code = made[1].report_id, UNSURE
    was = made[1].cell(code).filled
    assert was is not None
    with duckdb.connect(str(output / "reports.duckdb")) as connection:
        columns = (
            'report_id, "check", left_expression, right_expression, "left", "right", difference, verdict'
        )
        for name, left, verdict in (("text.a", was, "holds"), ("text.b", was + 1, "doubtful")):
            row = [report, name, "section 3: …", code, float(left), float(was), float(left - was), verdict]
            connection.execute(f"INSERT INTO checks ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("UPDATE reports SET checks_failed = checks_failed + 1")
    before = everything(output)
    append_decision(output / FILE, decision(report, code, str(was + 1)))
    carry(output)
    told = ask(
        output, 'SELECT "check", "right", difference, verdict FROM checks WHERE "check" LIKE \'text.%\''
    )
    assert told == [("text.a", float(was + 1), -1.0, "doubtful"), ("text.b", float(was + 1), 0.0, "holds")]
    append_decision(output / FILE, decision(report, code, "", "undone"))
    carry(output)
    assert everything(output) == before
    with duckdb.connect(str(output / "reports.duckdb")) as connection:
        connection.execute("DELETE FROM checks WHERE \"check\" LIKE 'text.%'")
        connection.execute("UPDATE reports SET checks_failed = checks_failed - 1")


def test_a_blank_total_is_derived_anew(made: tuple[Path, Record]) -> None:
    form = edition("2021")
    read = {v.code: v for v in made[1].values}
    total, part = "review.total", "review.upheld"
    decisions = {total: decision("id", total, ""), part: decision("id", part, "7")}
    others = {f"review.{k}": decision("id", f"review.{k}", "0") for k in ("corrected", "other", "pending")}
    blank, _ = apply(read, form, {total: decisions[total], **others, part: decision("id", part, "2")}, ONE)
    assert (
        blank[total].status == "corrected" and blank[total].filled == 0
    )  # a person's word is not derived over
    left_blank = {**read, total: _blank(read[total])}
    values, results = apply(left_blank, form, {part: decisions[part], **others}, ONE)
    assert (values[total].status, values[total].filled) == ("derived", 7)
    assert next(r for r in results if r.check == "review.total").verdict == "not_assessable"


def _blank(value: Value) -> Value:
    return replace(value, raw="", value=None, filled=Decimal(3), status="derived", options=())


# --- runs


def test_decisions_outlive_runs_and_reach_every_file(tmp_path: Path) -> None:
    archive, output = tmp_path / "in", tmp_path / "out"
    archive.mkdir()
    (archive / "a.txt").write_bytes(report_text(new=3))
    settings = Settings(workers=1)
    archive_run.run([archive], output, settings)
    report = rows(output / "reports.csv")[0]["report_id"]
    code = "requests.new.natural_person"
    append_decision(output / FILE, decision(report, code, "4", reason="原件为4"))
    (archive / "a.txt").rename(archive / "b.txt")  # the content is what counts, not its place
    for _ in range(2):
        archive_run.run([archive], output, settings)
        row = next(r for r in rows(output / "cells.csv") if r["code"] == code)
        assert (row["raw"], row["value"], row["filled"], row["status"]) == ("3", "4", "4", "corrected")
        assert rows(output / "wide.csv")[0][code] == "4"
        broken = {
            r["check"] for r in rows(output / "checks.csv") if r["verdict"] in {"source_error", "doubtful"}
        }
        sums = {name for name in broken if not name.startswith(("text.", "structure."))}
        assert sums == {"requests.row_total.new", "requests.balance.natural_person"}
        assert rows(output / "reports.csv")[0]["checks_failed"] == str(len(broken))
