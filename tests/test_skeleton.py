"""Tables told by their shape: labels are known where it fits, and read wherever anything speaks against it."""

from collections.abc import Sequence

import numpy as np
import pytest

from extract.form import FormTable, edition
from extract.fragments import is_part, part_guesses
from extract.model import Reading
from extract.scan.cells import Readers, read_cells
from extract.scan.digits import UNKNOWN
from extract.scan.expected import Expected, to_read, told_by_shape
from extract.scan.image import Grey
from extract.scan.ink import Ink
from extract.scan.lattice import LatticeCell
from extract.scan.ocr import Line
from extract.skeleton import expectations


def requests_lattice(form: FormTable, head: int = 3) -> list[LatticeCell]:
    """The requests table as the form draws it: three columns of labels, seven of values."""
    box = (0, 0, 50, 20)
    cells = [LatticeCell(0, 0, head, 3, box), *(LatticeCell(head - 1, 3 + k, 1, 1, box) for k in range(7))]
    begun: set[tuple[str, ...]] = set()
    for k, row in enumerate(form.rows):
        for depth in range(1, len(row.path) + 1):
            prefix = row.path[:depth]
            if prefix in begun:
                continue
            begun.add(prefix)
            span = sum(1 for other in form.rows if other.path[:depth] == prefix)
            last = depth == len(row.path)
            cells.append(LatticeCell(head + k, depth - 1, span, 4 - depth if last else 1, box))
        cells += [LatticeCell(head + k, 3 + c, 1, 1, box) for c in range(7)]
    return cells


def labels(guess: Expected, cells: Sequence[LatticeCell], row: int) -> list[str]:
    at = [
        i
        for i, c in enumerate(cells)
        if c.row <= row < c.row + c.row_span and c.column < 3 and i in guess.wordings
    ]
    return [guess.wordings[i][0] for i in sorted(at, key=lambda i: cells[i].column)]


@pytest.mark.parametrize("name", ["2021", "2019"])
def test_the_forms_own_shape_is_known(name: str) -> None:
    form = edition(name).tables["requests"]
    cells = requests_lattice(form)
    (guess,) = expectations(cells)
    for k, row in enumerate(form.rows):
        assert labels(guess, cells, 3 + k) == list(row.path)
    values = set(range(len(cells))) - set(guess.wordings) - guess.idle
    assert len(values) == 7 * len(form.rows)
    assert guess.probes <= set(guess.wordings) and len(guess.probes) >= 5


def test_a_row_more_or_less_is_another_shape() -> None:
    cells = requests_lattice(edition("2021").tables["requests"])
    last = max(c.row for c in cells)
    assert expectations([c for c in cells if c.row < last]) == []
    assert expectations([*cells, *(LatticeCell(last + 1, k, 1, 1, (0, 0, 9, 9)) for k in range(10))]) == []


def rows_of(cells: Sequence[LatticeCell], first: int, last: int) -> list[LatticeCell]:
    """The rows [first, last) of a lattice as a page of their own, cells that reach beyond cut."""
    kept = []
    for c in cells:
        top, bottom = max(c.row, first), min(c.row + c.row_span, last)
        if top < bottom:
            kept.append(LatticeCell(top - first, c.column, bottom - top, c.column_span, c.box))
    return kept


@pytest.mark.parametrize(("first", "last"), [(3, 12), (9, 28), (14, 22)])
def test_a_part_that_a_page_break_left_has_its_labels_told_but_for_groups_cut_in_two(
    first: int, last: int
) -> None:
    form = edition("2021").tables["requests"]
    part = rows_of(requests_lattice(form), first, last)
    assert is_part(part) and not expectations(part)
    head = max(3 - first, 0)
    told = [(row.path[-1], k) for k, row in enumerate(form.rows[max(first - 3, 0) : last - 3], start=head)]
    assert any(
        all(labels(guess, part, k)[-1:] == [name] for name, k in told)
        and guess.first <= guess.probes <= set(guess.wordings)
        for guess in part_guesses(part)
    )
    cut = {i for i, c in enumerate(part) if c.column == 0 and c.row_span > 3 and c.row >= head}
    assert all(not cut & set(guess.wordings) and not cut & guess.idle for guess in part_guesses(part))


def test_a_head_that_is_none_of_the_forms_is_not_asked_for() -> None:
    """Two of its columns run together: no name is told, so none can confirm the rest."""
    part = rows_of(requests_lattice(edition("2021").tables["requests"]), 2, 14)
    heads = sorted((c for c in part if c.row == 0 and c.column > 2), key=lambda c: c.column)
    joined = LatticeCell(0, heads[3].column, 1, 2, heads[3].box)
    odd = [c for c in part if c not in {heads[3], heads[4]}] + [joined]
    assert all(guess.first <= guess.probes <= set(guess.wordings) for guess in part_guesses(odd))


def test_a_part_of_the_first_table_has_the_labels_of_its_rows() -> None:
    box = (0, 0, 50, 20)
    cells = [LatticeCell(0, 0, 1, 2, box)]
    cells += [LatticeCell(r, c, 1, 1, box) for r in range(1, 4) for c in range(2)]
    guesses = part_guesses(cells)
    guess = next(g for g in guesses if g.wordings[3][0] == "行政处罚")
    assert guess.wordings[5][0] == "行政强制"
    assert not {4, 6} & (set(guess.wordings) | guess.idle)


def test_a_part_whose_blocks_are_named_at_their_left_has_the_labels_of_its_rows() -> None:
    """The end of one block and the whole of the next, as a page begins with them."""
    box = (0, 0, 50, 20)
    names = [LatticeCell(0, 0, 1, 1, box), LatticeCell(1, 0, 2, 1, box)]
    cells = [*names, *(LatticeCell(r, c, 1, 1, box) for r in range(3) for c in (1, 2))]
    guess = next(g for g in part_guesses(cells) if g.wordings.get(2, ("",))[0] == "行政强制")
    assert guess.wordings[1][0] == "第二十条第（八）项" and guess.wordings[6][0] == "行政事业性收费"
    assert 0 not in guess.wordings and not {3, 7} & (set(guess.wordings) | guess.idle)
    joined = [LatticeCell(0, 0, 3, 1, box), *cells[2:]]
    assert all(g.wordings.get(1, ("",))[0] != "行政强制" for g in part_guesses(joined))


def test_the_third_table_may_be_cut_into_its_head_and_a_lone_row() -> None:
    box = (0, 0, 50, 20)
    numbers = [LatticeCell(0, c, 1, 1, box) for c in range(15)]
    head = [LatticeCell(0, 5 * k, 1, 5, box) for k in range(3)] + [
        LatticeCell(1, c, 1, 1, box) for c in range(15)
    ]
    assert is_part(numbers) and is_part(head)
    assert not is_part(numbers[:14]) and not is_part(head[:-1])


def test_shape_and_lengths_do_for_a_whole_table_and_for_a_part_only_if_they_leave_little_doubt() -> None:
    cells = requests_lattice(edition("2021").tables["requests"])
    (whole,) = expectations(cells)
    part = part_guesses(rows_of(cells, 3, 20))[0]
    for guess, share, told in ((whole, 0.2, True), (part, 0.2, False), (part, 0.05, True)):
        lengths = {i: float(len(wordings[0])) for i, wordings in guess.wordings.items()}
        for i in list(lengths)[: round(share * len(lengths))]:
            lengths[i] = 90.0
        assert to_read(guess, lengths) is not None and told_by_shape(guess, lengths) is told


def test_a_label_that_a_page_words_otherwise_everywhere_is_one_oddity() -> None:
    wordings = {i: (f"第{i}个",) for i in range(22)} | dict.fromkeys(range(22, 25), ("上一年项目数量",))
    guess = Expected(
        wordings, frozenset(), frozenset(), frozenset(), lambda text, among: text in among, part=True
    )
    lengths = {i: float(len(w[0])) for i, w in wordings.items()} | dict.fromkeys(range(22, 25), 15.0)
    assert told_by_shape(guess, lengths)
    assert not told_by_shape(guess, lengths | {24: 7.0, 1: 15.0})


def test_labels_of_another_length_are_read_and_too_many_end_the_guess() -> None:
    cells = requests_lattice(edition("2021").tables["requests"])
    (guess,) = expectations(cells)
    lengths = {i: float(len(wordings[0])) for i, wordings in guess.wordings.items()}
    assert to_read(guess, lengths) == (set(guess.first), set(guess.probes))
    assert guess.first < guess.probes
    odd = next(i for i in guess.wordings if i not in guess.probes)
    assert to_read(guess, lengths | {odd: 40.0}) == ({*guess.first, odd}, set(guess.probes))
    assert to_read(guess, dict.fromkeys(lengths, 40.0)) is None


class Says:
    """An engine that reads the same everywhere, and counts what it was asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked = 0

    def read_lines(self, crops: Sequence[Grey]) -> list[tuple[str, float]]:
        self.asked += len(crops)
        return [(self.text, 0.99)] * len(crops)

    def find_text(self, grey: Grey) -> list[Line]:
        return []


class NoDigits:
    """A digit reader that knows nothing."""

    def read(self, crops: Sequence[Grey], height: float) -> list[tuple[Reading, ...]]:
        return [(Reading(UNKNOWN, 1.0),)] * len(crops)


def test_a_guess_that_the_words_contradict_is_given_up() -> None:
    mask = np.zeros((20, 60), np.uint8)
    mask[4:16, 6:54] = 255
    ink = Ink(mask, 255 - mask, 0, 0)
    guess = Expected(
        {0: ("四字标签",), 1: ("另一标签",)},
        frozenset({0}),
        frozenset({0, 1}),
        frozenset(),
        lambda t, among: t in among,
    )
    for said, asked, texts in (
        ("四字标签", 1, ["四字标签", "另一标签"]),
        ("全然不同", 4, ["全然不同", "全然不同"]),
    ):
        engine = Says(said)
        found = read_cells([ink, ink], 12.0, Readers(NoDigits(), engine), [guess])  # type: ignore[arg-type]
        assert [readings[0].text for readings in found] == texts
        assert engine.asked == asked
