import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from extract.align import align

MATRICES = st.tuples(st.integers(1, 7), st.integers(1, 7)).flatmap(
    lambda shape: arrays(float, shape, elements=st.floats(0, 1, width=16))
)


def test_a_doubtful_label_is_placed_by_its_neighbours() -> None:
    scores = np.array([[1.0, 0.6, 0.6], [0.6, 0.6, 0.6], [0.6, 0.6, 1.0]])
    assert align(scores, 0.55) == [(0, 0), (1, 1), (2, 2)]


def test_an_unknown_line_is_left_out_and_the_order_kept() -> None:
    scores = np.array([[0.9, 0.1], [0.2, 0.3], [0.1, 0.8]])
    assert align(scores, 0.5) == [(0, 0), (2, 1)]


@given(MATRICES)
def test_pairs_rise_and_pass_the_threshold(scores: np.ndarray) -> None:
    pairs = align(scores, 0.5)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(pairs))
    assert all(scores[i, j] > 0.5 for i, j in pairs)


@given(MATRICES)
def test_no_alignment_is_better(scores: np.ndarray) -> None:
    gain = scores - 0.5

    def best(i: int, j: int) -> float:
        if i == gain.shape[0] or j == gain.shape[1]:
            return 0.0
        options = [best(i + 1, j), best(i, j + 1)]
        if gain[i, j] > 0:
            options.append(gain[i, j] + best(i + 1, j + 1))
        return max(options)

    if scores.size <= 20:
        assert np.isclose(sum(gain[i, j] for i, j in align(scores, 0.5)), best(0, 0))
