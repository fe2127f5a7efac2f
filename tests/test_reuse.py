"""Text reuse: shingles, the passages of two texts, common form."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extract.reuse.candidates import common_form, nearest, within
from extract.reuse.passages import form_letters, shared
from extract.reuse.shingles import LENGTH, shingled

_NONE = np.zeros(10_000, dtype=np.bool_)


def prose(seed: int, sentences: int = 12) -> str:
    rng = Random(seed)
    return "".join(
        "".join(chr(rng.randint(0x4E00, 0x9F00)) for _ in range(25)) + "。" for _ in range(sentences)
    )


def test_digits_blanks_punctuation_and_the_own_name_do_not_count() -> None:
    one = shingled("本局2023年 收到申请12件，全部按时办结并公开。", "本局")
    other = shingled("墨川市民政局2024年收到申请 7 件,全部按时办结并公开", "墨川市民政局")
    assert one.kept == other.kept == "年收到申请件全部按时办结并公开"
    assert list(one.hashes) == list(other.hashes)
    assert [one.kept[i] for i in range(3)] == ["本局2023年 收到申请"[p] for p in one.places[:3]]


def test_a_copied_passage_is_found_letter_by_letter() -> None:
    copied = prose(1, 3)
    one, other = shingled(prose(2) + copied + prose(3)), shingled(prose(4) + copied + prose(5))
    (passage,) = shared(one, _NONE[: len(one.kept)], other)
    assert one.kept[passage.start : passage.end] == shingled(copied).kept


def test_common_form_is_no_reuse() -> None:
    form = prose(1, 3)
    texts = [shingled(form + prose(10 + i)) for i in range(8)]
    agencies = [f"agency {i}" for i in range(8)]
    common = common_form(texts, agencies, 0.05, 5)
    flags = [within(text.hashes, common) for text in texts]
    assert np.count_nonzero(flags[0]) == len(shingled(form).kept) - LENGTH + 1
    assert shared(texts[0], form_letters(flags[0], len(texts[0].kept)), texts[1]) == ()
    assert nearest(texts, flags, agencies, [2023] * 8) == [[]] * 8


def test_the_nearest_are_found_without_looking_at_all() -> None:
    copied = prose(1, 6) + "\n"
    texts = [shingled(prose(20 + i) + "\n" + (copied if i in {3, 17} else "")) for i in range(30)]
    flags = [np.zeros(len(text.hashes), dtype=np.bool_) for text in texts]
    found = nearest(texts, flags, [f"agency {i}" for i in range(30)], [2020 + i % 2 for i in range(30)])
    assert found[3] == [17] and found[17] == [3]
    assert sum(map(len, found)) == 2


@given(st.text(max_size=200), st.text(max_size=200))
def test_every_passage_stands_in_both(one: str, other: str) -> None:
    mine, theirs = shingled(one + other), shingled(other + one)
    for passage in shared(mine, _NONE[: len(mine.kept)], theirs):
        assert mine.kept[passage.start : passage.end] in theirs.kept
