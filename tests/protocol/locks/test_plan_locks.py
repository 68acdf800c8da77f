"""The record holds together, or says where it does not."""

from dataclasses import replace

import pytest

from tests.protocol.locks.recorded import MADE_UP, NOBODY, SOME, locked, without
from trialkit.protocol.locks.plan_locks import START, chain_problems

LOCKS = locked((without(MADE_UP, "secondary"), NOBODY), (MADE_UP, SOME), (MADE_UP, SOME))


def test_lines_follow_each_other() -> None:
    assert chain_problems(LOCKS) == ()
    assert [each.seq for each in LOCKS] == [1, 2, 3]
    assert LOCKS[0].previous == START
    assert LOCKS[2].previous == LOCKS[1].hash
    assert (
        chain_problems(LOCKS[:2]) == ()
    )  # a line cut off the end is not noticed: its hash is kept


@pytest.mark.parametrize(
    ("harmed", "said"),
    [
        ((LOCKS[0], LOCKS[2]), "does not follow"),
        ((replace(LOCKS[0], time="2024-01-01T00:00:00Z"), *LOCKS[1:]), "not what was hashed"),
        ((replace(LOCKS[0], data=SOME), *LOCKS[1:]), "not what was hashed"),
        ((replace(LOCKS[0], plan={}), *LOCKS[1:]), "not what was hashed"),
        ((LOCKS[0], replace(LOCKS[1], seq=5).sealed()), "is numbered 5"),
        ((LOCKS[0], replace(LOCKS[1], time="2025-02-01T00:00:00Z").sealed()), "lies before"),
    ],
)
def test_a_line_that_was_changed_or_taken_out_is_told(harmed, said) -> None:
    assert any(said in problem for problem in chain_problems(harmed))


def test_a_line_sealed_anew_does_not_follow_from_its_successor() -> None:
    forged = replace(LOCKS[0], data=SOME).sealed()
    assert chain_problems((forged, *LOCKS[1:])) == ("line 2: does not follow the line before it",)
