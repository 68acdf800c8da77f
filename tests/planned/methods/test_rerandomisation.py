"""Arms are permuted within the blocks and strata that were used, and within no less."""

from dataclasses import replace

import numpy as np
import pytest

from tests.planned.hand import Rows, task_of
from trialkit.errors import AnalysisError
from trialkit.planned.methods.rerandomisation import state_rerandomisation
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.trial.conduct import Randomisation, RandomisationType
from trialkit.results.vocabulary import Stat

SPECIFICATION = Rerandomisation(replicates=999)


def made(kind: RandomisationType, **columns: np.ndarray | str | None) -> Task:
    """Pain of 24 participants, whose blocks and strata are these."""
    task = task_of(SPECIFICATION)
    subjects = task.subjects.assign(block=None, stratum=None)
    protocol = replace(task.protocol, randomisation=Randomisation(type=kind))
    return replace(task, protocol=protocol, subjects=subjects.assign(**columns))


def note(task: Task) -> str:
    rows = Rows(state_rerandomisation(task, SPECIFICATION))
    return rows.row(Stat.P_VALUE, term="A1 - A0", visit="V2").note


@pytest.mark.parametrize(
    ("kind", "columns", "within"),
    [
        (RandomisationType.SIMPLE, {}, ", unrestricted"),
        (RandomisationType.PERMUTED_BLOCKS, {"block": "1"}, ", within the blocks used"),
        (
            RandomisationType.STRATIFIED_BLOCKS,
            {"block": "1", "stratum": "north"},
            ", within the blocks and strata used",
        ),
        # what was recorded is used, whatever the protocol says
        (RandomisationType.NOT_REPORTED, {"stratum": "north"}, ", within the strata used"),
    ],
)
def test_the_note_says_what_the_arms_are_permuted_within(
    kind: RandomisationType, columns: dict[str, str], within: str
) -> None:
    assert note(made(kind, **columns)).endswith(within)


@pytest.mark.parametrize("name", ["block", "stratum"])
def test_a_restriction_of_the_protocol_that_nobody_knows_is_refused(name: str) -> None:
    other = {"block": "stratum", "stratum": "block"}[name]
    task = made(RandomisationType.STRATIFIED_BLOCKS, **{other: "1"})
    with pytest.raises(
        AnalysisError, match=rf"{name} .* \(no form asks for it\) is not known of 24"
    ):
        note(task)


def test_a_restriction_that_a_form_asks_for_is_named_by_its_item() -> None:
    task = replace(made(RandomisationType.SIMPLE), restrictions={"block": "list.box"})
    with pytest.raises(AnalysisError, match=r"\(list\.box\) is not known of 24 of 24"):
        note(task)


def test_one_unknown_block_is_too_many() -> None:
    blocks = np.array(["1"] * 23 + [None], dtype=object)
    with pytest.raises(AnalysisError, match="is not known of 1 of 24 participants"):
        note(made(RandomisationType.SIMPLE, block=blocks))
