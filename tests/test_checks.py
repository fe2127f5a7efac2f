"""The one rule between "misread" and "published so", and what is derived."""

from hypothesis import given
from hypothesis import strategies as st

from extract.checks import evaluate
from extract.derive import derive
from extract.form import edition
from extract.mapping import map_tables
from extract.model import Table
from extract.reconcile import reconcile
from extract.review import mark
from extract.settings import Settings
from extract.values import Value, values_of
from made import REVIEW, consistent, requests_rows, table


def verdicts(*tables: Table) -> tuple[dict[str, str], dict[str, Value]]:
    mapping = map_tables(tables)
    assert mapping.edition is not None
    settings = Settings()
    checks = mapping.edition.checks
    values = derive(reconcile(values_of(mapping), checks, settings), checks, settings)
    results = evaluate(values, checks, settings)
    return {r.check: r.verdict for r in results}, mark(values, mapping.edition, results, settings)


def test_a_consistent_report_has_nothing_to_say() -> None:
    found, values = verdicts(table(requests_rows(consistent())), table(REVIEW))
    assert set(found.values()) == {"holds"} and len(found) == 42
    assert not any(v.review for v in values.values() if v.status != "missing")


def test_a_wrong_total_of_a_native_table_is_the_publishers() -> None:
    found, values = verdicts(table(requests_rows(consistent() | {"granted.total": "4"})))
    broken = {name for name, verdict in found.items() if verdict == "source_error"}
    assert broken == {"requests.row_total.granted", "requests.results_total.total"}
    assert values["requests.granted.total"].value == 4
    assert values["requests.granted.total"].status == "printed"


def test_the_same_in_an_unclear_picture_is_doubtful_and_the_crossing_cell_is_flagged() -> None:
    found, values = verdicts(table(requests_rows(consistent() | {"granted.total": "4"}), "picture", 0.9))
    assert found["requests.row_total.granted"] == "doubtful"
    assert values["requests.granted.total"].review


def test_a_lone_blank_among_printed_zeros_in_a_picture_is_no_error_of_the_publisher() -> None:
    rows = requests_rows(consistent() | {"granted.natural_person": "", "results_total.natural_person": "3"})
    found, values = verdicts(table(rows, "picture", 0.9999))
    assert found["requests.results_total.natural_person"] == "doubtful"
    assert values["requests.granted.natural_person"].review


def test_where_nones_are_left_blank_a_blank_says_what_it_says() -> None:
    rows = requests_rows(consistent() | {"granted.natural_person": ""}, blank="")
    found, values = verdicts(table(rows, "picture", 0.9999))
    assert found["requests.results_total.natural_person"] == "source_error"
    assert not values["requests.granted.natural_person"].review


def test_blank_totals_are_derived_and_prove_nothing() -> None:
    rows = requests_rows(consistent() | {"new.total": "", "granted.total": "/"})
    found, values = verdicts(table(rows))
    assert (values["requests.new.total"].status, values["requests.new.total"].filled) == ("derived", 3)
    assert values["requests.new.total"].value is None
    assert found["requests.row_total.new"] == "not_assessable"
    assert found["requests.balance.total"] == "holds"


def test_a_missing_row_makes_its_sums_not_assessable() -> None:
    rows = [row for row in requests_rows(consistent()) if "国家秘密" not in row[1]]
    found, _ = verdicts(table(rows))
    assert found["requests.row_total.denied.state_secret"] == "not_assessable"
    assert found["requests.results_total.total"] == "not_assessable"
    assert found["requests.row_total.granted"] == "holds"


@given(st.sampled_from(sorted(consistent())), st.integers(1, 9))
def test_any_single_change_breaks_a_sum(key: str, by: int) -> None:
    changed = consistent() | {key: str(3 + by)}
    found, _ = verdicts(table(requests_rows(changed)))
    assert "source_error" in found.values()


def test_every_request_cell_is_tied_to_two_sums() -> None:
    for name in ("2021", "2019"):
        form = edition(name)
        for code in form.cells:
            uses = sum(code in (*c.left, *c.right) for c in form.checks)
            assert uses >= (
                2 if code.startswith("requests.") else 1 if "review" in code or "litigation" in code else 0
            )
