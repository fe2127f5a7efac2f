"""The joint reading: a misread digit is put right by the sums, a publisher's error stays, and no clear cell is touched."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from extract.checks import evaluate
from extract.derive import derive
from extract.form import edition
from extract.mapping import map_tables
from extract.model import Reading, Table
from extract.reconcile import reconcile
from extract.review import careful, mark
from extract.settings import Settings
from extract.values import Value, values_of
from made import REVIEW, consistent, requests_rows, table

FORM = edition("2021")
CELLS = [
    (row, column) for row in ("new", "granted", "results_total") for column in ("natural_person", "total")
]


def picture(readings: dict[str, tuple[tuple[str, float], ...]], base: dict[str, str] | None = None) -> Table:
    """A requests table from a picture, all clear but for the cells whose `readings` are given (`row.column`)."""
    texts = (base or consistent()) | {key: options[0][0] for key, options in readings.items()}
    made = table(requests_rows(texts), "picture", 0.9995)
    order = [
        f"{row.key}.{c.key}" for row in FORM.tables["requests"].rows for c in FORM.tables["requests"].columns
    ]
    at = {(1 + i // 7, 2 + i % 7): key for i, key in enumerate(order)}
    return replace(
        made,
        cells=tuple(
            replace(cell, candidates=tuple(Reading(t, p) for t, p in readings[at[cell.row, cell.column]]))
            if at.get((cell.row, cell.column)) in readings
            else cell
            for cell in made.cells
        ),
    )


def read_reviews(
    readings: dict[str, tuple[tuple[str, float], ...]],
) -> tuple[dict[str, Value], dict[str, str]]:
    """Read the table of reviews from a picture, all clear but for the cells whose `readings` are given by code."""
    made = table(REVIEW, "picture", 0.9995)
    places = {
        code: i for i, code in enumerate(c for c in FORM.cells if c.startswith(("review", "litigation")))
    }
    at = {places[code]: tuple(Reading(t, p) for t, p in options) for code, options in readings.items()}
    last = len(REVIEW) - 1
    cells = (
        replace(cell, candidates=at[cell.column]) if cell.row == last and cell.column in at else cell
        for cell in made.cells
    )
    return read(table(requests_rows(consistent())), replace(made, cells=tuple(cells)))


def read(made: Table, reviews: Table | None = None) -> tuple[dict[str, Value], dict[str, str]]:
    mapping = map_tables([made, reviews or table(REVIEW)])
    values = reconcile(values_of(mapping), FORM.checks, Settings())
    values = derive(values, FORM.checks, Settings())
    return values, {r.check: r.verdict for r in evaluate(values, FORM.checks, Settings())}


@given(st.sampled_from(CELLS), st.integers(0, 9), st.floats(0.5, 0.9))
@settings(max_examples=40, deadline=None)
def test_a_misread_digit_is_put_right(cell: tuple[str, str], wrong: int, p: float) -> None:
    if wrong == 3:
        return
    key = ".".join(cell)
    values, verdicts = read(picture({key: ((str(wrong), p), ("3", 0.95 - p))}))
    value = values[f"requests.{key}"]
    assert (value.filled, value.status, value.raw) == (Decimal(3), "repaired", str(wrong))
    assert value.confidence > 0.95
    assert "doubtful" not in verdicts.values() and "source_error" not in verdicts.values()


@given(st.sampled_from(CELLS), st.integers(4, 9))
@settings(max_examples=30, deadline=None)
def test_a_publishers_error_stays_as_printed(cell: tuple[str, str], wrong: int) -> None:
    key = ".".join(cell)
    values, verdicts = read(picture({}, consistent() | {key: str(wrong)}))
    value = values[f"requests.{key}"]
    assert (value.filled, value.status) == (Decimal(wrong), "printed")
    assert "source_error" in verdicts.values()


def test_beside_a_repair_in_doubt_unsure_cells_go_to_a_person_too() -> None:
    """The misread cell may be another one of the sum, whose reading looked better."""
    values, _ = read(picture({}))
    changed, unsure, sure = (f"requests.new.{c}" for c in ("natural_person", "business", "research"))
    values[changed] = replace(values[changed], status="repaired", confidence=0.4)
    values[unsure] = replace(values[unsure], confidence=0.97)
    results = evaluate(values, FORM.checks, Settings())
    marked = mark(values, FORM, results, Settings())
    assert marked[unsure].review_reason == "sum_broken" and not marked[sure].review
    values[changed] = replace(values[changed], confidence=0.99)
    assert not mark(values, FORM, results, Settings())[unsure].review


def test_a_total_marked_as_none_is_so_where_the_balance_agrees_with_the_mark() -> None:
    def printed(carried: str) -> dict[str, str]:
        rows = {f"requests.{row.key}" for row in FORM.tables["requests"].rows}
        cells = {
            f"{row.removeprefix('requests.')}.{c.key}": "-"
            for row in rows
            for c in FORM.tables["requests"].columns
        }
        return cells | {"new.business": "1", "carried_out.business": carried, "carried_out.total": carried}

    wrong, verdicts = read(picture({}, printed("-")))
    assert (wrong["requests.new.total"].filled, wrong["requests.new.total"].status) == (Decimal(0), "blank")
    assert verdicts["requests.row_total.new"] == verdicts["requests.balance.business"] == "source_error"
    assert verdicts["requests.balance.total"] == "holds"
    right, verdicts = read(picture({}, printed("1")))
    total = right["requests.new.total"]
    assert (total.filled, total.status, total.review) == (Decimal(1), "derived", False)
    assert verdicts["requests.balance.total"] == "holds"


def test_a_clear_cell_is_never_changed_even_where_another_reading_would_fit() -> None:
    values, _ = read(picture({"granted.total": (("8", 0.985), ("3", 0.012))}))
    value = values["requests.granted.total"]
    assert (value.filled, value.status) == (Decimal(8), "printed")
    assert value.confidence < 0.95


def test_two_misread_cells_are_put_right_together() -> None:
    doubtful = {"granted.total": (("8", 0.6), ("3", 0.35)), "new.natural_person": (("5", 0.55), ("3", 0.4))}
    values, verdicts = read(picture(doubtful))
    assert {values[f"requests.{key}"].filled for key in doubtful} == {Decimal(3)}
    assert set(verdicts.values()) == {"holds"}


def test_native_tables_are_left_alone() -> None:
    mapping = map_tables([table(requests_rows(consistent() | {"granted.total": "4"})), table(REVIEW)])
    values = values_of(mapping)
    assert reconcile(values, FORM.checks, Settings()) == values


def test_sums_that_hold_raise_the_confidence_of_an_unclear_cell() -> None:
    values, _ = read(picture({"granted.total": (("3", 0.8), ("8", 0.15))}))
    assert values["requests.granted.total"].confidence > 0.99
    assert values["requests.granted.total"].status == "printed"


def test_an_unreadable_cell_is_solved_but_stays_marked() -> None:
    values, _ = read(picture({"granted.natural_person": (("\ufffd", 0.05),)}))
    value = values["requests.granted.natural_person"]
    assert (value.filled, value.status, value.review) == (Decimal(3), "repaired", True)


def test_unreadable_cells_of_a_row_that_is_full_without_them_are_nothing() -> None:
    """Counts are not negative: where the others already make the total, in row and column, nothing is left."""
    zeros = ("granted.business", "granted.research", "granted.nonprofit")
    unread = dict.fromkeys(zeros, (("\ufffd", 0.05),))
    values, _ = read(picture(unread))
    for key in zeros:
        value = values[f"requests.{key}"]
        assert (value.filled, value.status, value.review) == (Decimal(0), "repaired", True)


def test_two_unreadable_cells_of_a_column_are_told_by_their_rows() -> None:
    unread = dict.fromkeys(("new.natural_person", "carried_in.natural_person"), (("\ufffd", 0.05),))
    values, _ = read(picture(unread))
    told = [values[f"requests.{key}"] for key in unread]
    assert [(value.filled, value.review) for value in told] == [(Decimal(3), True), (Decimal(0), True)]


def test_what_one_sum_alone_tells_is_less_sure_and_goes_to_a_person() -> None:
    """The columns of a review's outcomes add up to nothing: only the row tells its cells."""
    outcomes = {"review.upheld": (("\ufffd", 0.05),)}
    values, verdicts = read_reviews(outcomes)
    value = values["review.upheld"]
    truth = Decimal(REVIEW[-1][0])
    assert (value.filled, value.status, value.review) == (truth, "repaired", True)
    assert value.review_reason == "unreadable_solved_by_sums"
    assert value.confidence < 0.95
    assert verdicts["review.total"] == "holds"


def test_a_sum_that_told_a_cell_makes_its_other_cells_no_surer() -> None:
    doubtful = {"review.corrected": (("2", 0.6), ("8", 0.39))}
    alone, _ = read_reviews(doubtful)
    beside, _ = read_reviews(doubtful | {"review.upheld": (("\ufffd", 0.05),)})
    assert beside["review.corrected"].confidence < alone["review.corrected"].confidence
    assert beside["review.corrected"].confidence <= 0.61


def test_a_blank_total_tells_that_an_unreadable_part_is_none_beside_parts_that_are_none() -> None:
    nothing = {f"denied.state_secret.{c.key}": "" for c in FORM.tables["requests"].columns}
    base = consistent() | nothing
    values, _ = read(picture({"denied.state_secret.research": (("\ufffd", 0.05),)}, base))
    told, total = (
        values["requests.denied.state_secret.research"],
        values["requests.denied.state_secret.total"],
    )
    assert (told.filled, told.status, told.review) == (Decimal(0), "repaired", True)
    assert (total.filled, total.status) == (Decimal(0), "blank")


def test_parts_of_a_total_printed_as_none_are_none_however_badly_all_of_them_are_read() -> None:
    base = consistent() | {f"denied.state_secret.{c.key}": "无" for c in FORM.tables["requests"].columns}
    poor = {"research": "\ufffd", "nonprofit": "日", "legal_service": "66"}
    readings = {f"denied.state_secret.{key}": ((text, 0.3),) for key, text in poor.items()}
    values, _ = read(picture(readings, base))
    for key in poor:
        told = values[f"requests.denied.state_secret.{key}"]
        assert (told.filled, told.status, told.review) == (Decimal(0), "repaired", True)


def test_a_total_printed_as_none_beside_a_part_that_is_not_tells_nothing_of_the_others() -> None:
    base = consistent() | {"granted.total": "-"}
    unread = dict.fromkeys(("granted.research", "results_total.research"), (("\ufffd", 0.05),))
    values, _ = read(picture(unread, base))
    value = values["requests.granted.research"]
    assert (value.filled, value.status) == (Decimal(0), "repaired"), "its column tells it"
    assert value.confidence < 0.89, "and its column alone"


def test_a_figure_read_badly_gives_way_to_one_that_two_sums_agree_on() -> None:
    """What is printed is among none of the readings: `3` with a stroke beside it was read as 31 or 37."""
    poor = {"granted.natural_person": (("31", 0.4), ("37", 0.3))}
    values, _ = read(picture(poor))
    value = values["requests.granted.natural_person"]
    assert (value.raw, value.filled, value.status, value.review) == ("31", Decimal(3), "repaired", True)


def test_a_figure_read_well_does_not_give_way_to_what_no_reading_says() -> None:
    values, verdicts = read(picture({"granted.natural_person": (("31", 0.9), ("37", 0.05))}))
    assert values["requests.granted.natural_person"].filled == Decimal(31)
    assert "doubtful" in verdicts.values()


@given(st.sampled_from(CELLS), st.sampled_from(CELLS))
def test_cells_told_are_what_was_printed(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Any two cells unread, none or all of them in one line: each is told rightly, or not at all."""
    unread = {".".join(cell): (("\ufffd", 0.05),) for cell in (one, other)}
    values, _ = read(picture(unread))
    for key in unread:
        assert values[f"requests.{key}"].filled in {Decimal(consistent().get(key, 0)), None}
        assert values[f"requests.{key}"].review


def test_many_cells_misread_alike_are_put_right_each_by_its_own_sums() -> None:
    """A slim `/` read as 1 in eight cells: no two are read quite alike, so they are eight questions."""
    rows = [row.key for row in FORM.tables["requests"].rows if row.key.startswith(("denied.", "unable."))][:8]
    readings = {
        f"{row}.{('research', 'nonprofit')[i % 2]}": (("1", 0.7 + i / 100), ("/", 0.29 - i / 100))
        for i, row in enumerate(rows)
    }
    values, verdicts = read(picture(readings))
    assert {values[f"requests.{key}"].filled for key in readings} == {Decimal(0)}
    assert set(verdicts.values()) == {"holds"}


def test_an_unclear_figure_is_no_surer_for_a_total_that_was_misread_with_it() -> None:
    """A 1 that a bad copy made a 4, and its total beside it: `4 = 4` holds."""
    unclear = (("4", 0.9), ("1", 0.05))
    keys = "new.natural_person", "new.total"
    for other, least, most in ((unclear, 0.9, 0.97), ((("4", 0.999),), 0.99, 1.0)):
        twins = {keys[0]: unclear, keys[1]: other} | dict.fromkeys(
            (
                "granted.natural_person",
                "granted.total",
                "results_total.natural_person",
                "results_total.total",
            ),
            (("\ufffd", 0.05),),
        )
        values, _ = read(picture(twins, consistent(4)))
        assert least <= values["requests.new.natural_person"].confidence <= most


def test_in_poor_pictures_more_is_asked_of_a_cell_for_its_sum_to_be_called_wrong() -> None:
    values, _ = read(picture({}))
    assert careful(values, Settings()) == Settings()
    unsure = [code for code, value in values.items() if not value.native][:4]
    poor = {
        code: replace(value, confidence=0.5) if code in unsure else value for code, value in values.items()
    }
    assert careful(poor, Settings()).clear_threshold > 0.99
    native = {code: replace(value, options=()) for code, value in values.items() if value.native}
    assert careful(native, Settings()) == Settings()


def test_in_poor_pictures_a_cell_in_no_sum_is_looked_at_unless_it_is_very_sure() -> None:
    values, _ = read(picture({}))
    code = "proactive.licensing.decisions"
    base = next(v for v in values.values() if not v.native)
    alone = replace(base, code=code, confidence=0.97)
    some = values | {code: alone}
    results = evaluate(some, FORM.checks, Settings())
    assert not mark(some, FORM, results, Settings())[code].review
    poor = some | {
        c: replace(some[c], confidence=0.5) for c in [c for c in some if not some[c].native and c != code][:6]
    }
    assert mark(poor, FORM, results, Settings())[code].review_reason == "low_confidence"


def test_in_poor_pictures_all_but_the_surest_cells_of_a_short_sum_in_doubt_are_looked_at() -> None:
    """A 0 read from a blotted 8 is surer than its neighbours, and is what breaks the sum."""
    values, _ = read(picture({"new.business": (("2", 0.9), ("1", 0.05))}))
    wrong = "requests.new.natural_person"
    read_so = {c: v if v.native else replace(v, confidence=0.9995) for c, v in values.items()}
    read_so[wrong] = replace(read_so[wrong], confidence=0.996)
    verdicts = evaluate(read_so, FORM.checks, Settings())
    broken = [replace(r, verdict="doubtful") if r.check == "requests.row_total.new" else r for r in verdicts]
    assert not mark(read_so, FORM, broken, Settings())[wrong].review
    clear = [c for c, v in read_so.items() if not v.native and not c.startswith("requests.new.")][:6]
    poor = read_so | {c: replace(read_so[c], confidence=0.5) for c in clear}
    assert mark(poor, FORM, broken, Settings())[wrong].review_reason == "sum_broken"


def test_cells_of_one_print_are_put_right_together() -> None:
    """A stroke for none in small print, read as 1 in doubt in eight cells of four rows: more than the search changes one by one."""
    rows = ("granted", "partially_granted", "denied.state_secret", "unable.not_held")
    cells = [f"{row}.{column}" for row in rows for column in ("business", "research")]
    stroke = (("1", 0.6), ("/", 0.38))
    values, verdicts = read(picture(dict.fromkeys(cells, stroke)))
    assert {values[f"requests.{c}"].filled for c in cells if f"requests.{c}" in values} == {Decimal(0)}
    assert set(verdicts.values()) == {"holds"}


def test_cells_of_one_print_stay_where_the_sums_want_what_was_read() -> None:
    """The same doubt, and totals that count the ones."""
    cells = ("granted.business", "granted.research", "granted.nonprofit")
    base = consistent()
    for code in (c.removeprefix("granted.") for c in cells):
        base |= {f"new.{code}": "1", f"results_total.{code}": "1"}
    base |= dict.fromkeys(("new.total", "granted.total", "results_total.total"), "6")
    values, verdicts = read(picture(dict.fromkeys(cells, (("1", 0.6), ("/", 0.38))), base))
    assert [values[f"requests.{c}"].filled for c in cells] == [1, 1, 1]
    assert set(verdicts.values()) == {"holds"}


def test_a_total_marked_as_none_that_may_stand_in_another_column_accuses_no_other_sum() -> None:
    """The total of the natural persons stands under the businesses: with their parts put in, the row of totals would be wrong."""
    moved = consistent() | {"results_total.natural_person": "/", "results_total.business": "3"}
    values, verdicts = read(table(requests_rows(moved), "picture", 0.9995))
    assert values["requests.results_total.natural_person"].review_reason == "total_marked_none"
    assert verdicts["requests.row_total.results_total"] == "doubtful"
    assert verdicts["requests.results_total.business"] == "source_error"
