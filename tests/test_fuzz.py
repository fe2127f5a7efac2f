"""`make fuzz` in short: mutated files of every kind end as reports or problems, within the limit."""

import random
import sys
from pathlib import Path

from conftest import ROOT

sys.path.insert(0, str(ROOT / "bench"))
from fuzz import fuzz, mutated, seeds


def test_mutated_files_are_all_accounted_for(tmp_path: Path) -> None:
    found = fuzz(tmp_path, 120, 11, timeout=30)
    assert (found["inputs"], found["not_accounted_for"], found["over_the_limit"]) == (120, 0, 0)
    assert found["reports"] > 10 and sum(found["problems"].values()) > 40
    assert "crashed" not in found["problems"], found["examples"]


def test_mutations_change_every_kind_and_can_be_made_again() -> None:
    for of_kind in seeds(11).values():
        made = [mutated(of_kind[0], random.Random(n)) for n in range(20)]
        assert made == [mutated(of_kind[0], random.Random(n)) for n in range(20)]
        assert len(set(made)) > 15 and of_kind[0] not in made[:3]
