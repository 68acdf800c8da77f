"""Within what arms are permuted: all that restricted the randomisation, and nothing unknown."""

from dataclasses import replace

import pytest

from tests.planned.hand import task_of
from trialkit.errors import AnalysisError
from trialkit.planned.task.restrictions import restrictions, with_allocation, within_note
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.trial.conduct import Randomisation, RandomisationType


def task(kind: RandomisationType, **columns: object) -> Task:
    own = task_of(Rerandomisation())
    subjects = own.subjects.assign(block=None, stratum=None).assign(**columns)
    protocol = replace(own.protocol, randomisation=Randomisation(type=kind))
    return replace(own, subjects=subjects, protocol=protocol)


def test_what_the_list_recorded_stands_beside_each_participant() -> None:
    own = task(RandomisationType.SIMPLE, stratum=[f"s{n % 2}" for n in range(24)])
    rows = own.at_time_point()
    found = with_allocation(rows, own)
    assert found["subject_id"].tolist() == rows["subject_id"].tolist()
    of = dict(zip(own.subjects["subject_id"], own.subjects["stratum"], strict=True))
    assert found["stratum"].tolist() == [of[each] for each in rows["subject_id"]]
    assert restrictions(found, own) == ["stratum"]


@pytest.mark.parametrize(
    ("restricted", "said"),
    [
        ([], ", unrestricted"),
        (["block"], ", within the blocks used"),
        (["block", "stratum"], ", within the blocks and strata used"),
    ],
)
def test_the_note_names_them(restricted: list[str], said: str) -> None:
    assert within_note(restricted) == said


def test_what_is_not_known_of_somebody_is_refused() -> None:
    own = task(RandomisationType.PERMUTED_BLOCKS, block=["1"] * 23 + [None])
    with pytest.raises(AnalysisError, match="is not known of 1 of 24 participants"):
        restrictions(with_allocation(own.at_time_point(), own), own)
    assert restrictions(with_allocation(own.at_time_point(), own).iloc[:23], own) == ["block"]
