"""A planned effect in who complies: the difference by arm over that in what was received."""

from dataclasses import replace

import numpy as np
import pytest

from tests.planned.hand import ARM, ARMS, PAIN, SUBJECTS, Rows, task_of
from trialkit.errors import AnalysisError, ProtocolError
from trialkit.planned.methods.complier_effect import COMPLIER_EFFECT, state_complier_effect
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.complier_effect import ComplierEffect
from trialkit.protocol.methods.linear_models import RobustCovariance
from trialkit.results.vocabulary import Stat

PLAIN = ComplierEffect(covariates=())


def received(*, nothing: tuple[int, ...] = (), unknown: tuple[int, ...] = (), **other: str) -> Task:
    """The trial in which these participants received nothing, or nobody knows what."""
    task = task_of(PLAIN)
    people = task.subjects.set_index("subject_id")
    lost, gone = ([SUBJECTS[each] for each in which] for which in (unknown, nothing))
    codes = people["arm_received"].mask(people.index.isin([*lost, *gone]))
    for who, arm in other.items():
        codes[SUBJECTS[int(who.removeprefix("p"))]] = arm
    as_allocated = (codes == people["arm"]).astype("boolean").mask(people.index.isin(lost))
    people = people.assign(arm_received=codes, received_intervention=as_allocated)
    return replace(task, subjects=people.reset_index())


def test_it_is_the_difference_by_arm_over_that_in_what_was_received() -> None:
    rows = Rows(state_complier_effect(received(nothing=(8, 9), p0="A2"), PLAIN))
    means = [PAIN[arm == ARM, 2].mean() for arm in range(3)]
    for code, moved in ((1, 6 / 8), (2, 7 / 8)):
        term = f"A{code} - A0"
        found = rows.value(Stat.ESTIMATE, term=term, visit="V2")
        assert found == pytest.approx((means[code] - means[0]) / moved)
        first = rows.value(Stat.ESTIMATE, term=f"first stage: {term}", visit="V2")
        assert first == pytest.approx(moved)
    note = rows.row(Stat.ESTIMATE, term="A1 - A0", visit="V2").note
    assert note.startswith("Arm 1 was received by 75% of Arm 1 and 0% of Arm 0; first stage F = ")
    note = rows.row(Stat.ESTIMATE, term="A2 - A0", visit="V2").note
    assert note.startswith("Arm 2 was received by 100% of Arm 2 and 12% of Arm 0; first stage F = ")


def test_of_whom_it_is_not_recorded_what_they_received_is_left_out_and_told() -> None:
    rows = Rows(state_complier_effect(received(unknown=(3, 10)), PLAIN))
    counts = [rows.values((Stat.N, Stat.N_EXCLUDED), visit="V2", arm=arm) for arm in ARMS]
    assert counts == [[7, 1], [7, 1], [8, 0]]
    row = rows.row(Stat.N_EXCLUDED, visit="V2", arm="A0")
    assert row.note == "what was received is not recorded: 1"


def test_where_all_did_as_allocated_it_is_the_difference_by_arm() -> None:
    rows = Rows(state_complier_effect(received(), PLAIN))
    row = rows.row(Stat.ESTIMATE, term="A1 - A0", visit="V2")
    assert row.stat == pytest.approx(PAIN[ARM == 1, 2].mean() - PAIN[ARM == 0, 2].mean())
    assert row.note.endswith("; all did as allocated")
    assert not [
        each
        for each in rows.rows
        if "first stage" in each.term and each.stat_name is Stat.STATISTIC
    ]


def test_an_arm_that_nobody_received_has_no_effect_in_who_complies() -> None:
    nobody = received(nothing=tuple(np.flatnonzero(ARM == 1)))
    with pytest.raises(AnalysisError):
        COMPLIER_EFFECT.analyse(nobody, PLAIN)


def test_errors_are_those_of_two_stages() -> None:
    with pytest.raises(ProtocolError, match="robust = 'HC3' is not defined of two stages"):
        ComplierEffect(robust=RobustCovariance.HC3)
