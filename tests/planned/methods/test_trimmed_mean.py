"""Who stopped ranks worst, and who has no value; what is still to come does neither."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.planned.hand import ARM, PAIN, PER_ARM, SUBJECTS, Rows, task_of
from trialkit.datasets.measurements import NOT_YET_DUE
from trialkit.errors import AnalysisError, ProtocolError
from trialkit.planned.methods.trimmed_mean import state_trimmed_mean
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.comparisons import MissingRank
from trialkit.protocol.methods.method import Response
from trialkit.protocol.methods.trimmed_mean import MOST_REPLICATES, TrimmedMean
from trialkit.protocol.trial.conduct import Randomisation, RandomisationType
from trialkit.results.effect import Status
from trialkit.results.intercurrent import Treated
from trialkit.results.vocabulary import Stat

FINAL = TrimmedMean(replicates=999, response=Response.FINAL)
LOST = PAIN.copy()
LOST[[0, 1, 9], 2] = np.nan


def events(*rows: tuple[int, str, Treated]) -> pd.DataFrame:
    """What became of values of participants, by number, at a visit after an event."""
    return pd.DataFrame(
        {
            "subject_id": [SUBJECTS[number] for number, *_ in rows],
            "event": "stopped",
            "visit": [visit for _, visit, _ in rows],
            "treated": [treated for *_, treated in rows],
        }
    )


def stated(specification: TrimmedMean, pain: np.ndarray = LOST, **task: object) -> Rows:
    own = replace(task_of(specification, pain=pain), **task)  # type: ignore[arg-type]
    return Rows(state_trimmed_mean(own, specification))


def mean_of_best(arm: int, out: int, *, worst: tuple[int, ...] = ()) -> float:
    """Low pain is good: the mean without the ``out`` highest, those who rank worst before all."""
    values = np.where(np.isin(np.arange(24), worst), np.inf, LOST[:, 2])[arm == ARM]
    return float(np.sort(np.nan_to_num(values, nan=np.inf))[: PER_ARM - out].mean())


def test_who_has_no_value_ranks_worst_and_is_in_the_analysis() -> None:
    rows = stated(FINAL)
    for arm, worst in ((0, 2), (1, 1), (2, 0)):
        about = {"visit": "V2", "arm": f"A{arm}"}
        assert rows.value(Stat.N, **about) == PER_ARM
        assert rows.value(Stat.N_EXCLUDED, **about) == 0
        kept = rows.row(Stat.MEAN, term="kept after trimming", **about)
        assert kept.stat == pytest.approx(mean_of_best(arm, 2))
        assert kept.note == f"trimmed: 2; ranking worst, below every value: {worst}"
        assert rows.value(Stat.N, term="kept after trimming", **about) == PER_ARM - 2
    for arm in (1, 2):
        row = rows.row(Stat.ESTIMATE, term=f"A{arm} - A0", visit="V2")
        assert row.stat == pytest.approx(mean_of_best(arm, 2) - mean_of_best(0, 2))
        assert row.note.endswith(
            "; the worst 25 % of each arm trimmed, the largest share of an arm that ranks worst"
        )


def test_an_event_of_the_composite_strategy_ranks_worst_whatever_was_measured() -> None:
    had = events(
        (16, "V2", Treated.RANKED_WORST),
        (17, "V1", Treated.RANKED_WORST),
        (17, "V2", Treated.RANKED_WORST),
        (18, "V2", Treated.COUNTED_AS),
        (2, "V2", Treated.KEPT),  # another strategy is none of a rank
        (3, "V1", Treated.RANKED_WORST),  # of another visit
    )
    rows = stated(FINAL, treated=had)
    kept = rows.row(Stat.MEAN, term="kept after trimming", visit="V2", arm="A2")
    assert kept.stat == pytest.approx(mean_of_best(2, 3, worst=(16, 17, 18)))
    assert kept.note == "trimmed: 3; ranking worst, below every value: 3"
    reference = rows.row(Stat.MEAN, term="kept after trimming", visit="V2", arm="A0")
    assert reference.note == "trimmed: 3; ranking worst, below every value: 2"


def test_missing_values_that_are_left_out_are_told_and_who_stopped_stays() -> None:
    own = replace(FINAL, missing=MissingRank.LEFT_OUT)
    rows = stated(own, treated=events((0, "V2", Treated.RANKED_WORST)))
    excluded = rows.row(Stat.N_EXCLUDED, visit="V2", arm="A0")
    assert excluded.stat == 1
    assert excluded.note == "no value at Week 8 (moved away): 1"
    assert rows.value(Stat.N, visit="V2", arm="A0") == PER_ARM - 1
    kept = rows.row(Stat.N, term="kept after trimming", visit="V2", arm="A0")
    assert kept.note == "trimmed: 1; ranking worst, below every value: 1"


def test_what_is_still_to_come_is_no_failure() -> None:
    own = task_of(FINAL, pain=LOST)
    rows = own.included.measurements
    waiting = (rows["subject_id"] == SUBJECTS[0]) & (rows["visit"] == "V2")
    reasons = rows["missing_reason"].astype("object").mask(waiting, NOT_YET_DUE)
    included = replace(own.included, measurements=rows.assign(missing_reason=reasons))
    found = Rows(state_trimmed_mean(replace(own, included=included), FINAL))
    excluded = found.row(Stat.N_EXCLUDED, visit="V2", arm="A0")
    assert excluded.note == f"no value at Week 8 ({NOT_YET_DUE}): 1"
    kept = found.row(Stat.N, term="kept after trimming", visit="V2", arm="A0")
    assert kept.note == "trimmed: 1; ranking worst, below every value: 1"


def test_a_change_needs_the_baseline() -> None:
    pain = LOST.copy()
    pain[5, 0] = np.nan
    rows = stated(TrimmedMean(replicates=999), pain)
    excluded = rows.row(Stat.N_EXCLUDED, visit="V2", arm="A0")
    assert excluded.note == "no value at Baseline (moved away): 1"


def within(task: Task, **columns: object) -> Task:
    subjects = task.subjects.assign(block=None, stratum=None).assign(**columns)
    kind = Randomisation(type=RandomisationType.PERMUTED_BLOCKS)
    return replace(task, subjects=subjects, protocol=replace(task.protocol, randomisation=kind))


def test_arms_are_permuted_within_the_blocks_unless_the_plan_says_otherwise() -> None:
    own = within(task_of(FINAL, pain=LOST), block=[f"{n % 4}" for n in range(24)])
    note = Rows(state_trimmed_mean(own, FINAL)).row(Stat.P_VALUE, term="A1 - A0", visit="V2").note
    assert "of 1296 all allocations as extreme, within the blocks used; " in note  # 6 ** 4
    free = replace(FINAL, restricted=False)
    note = Rows(state_trimmed_mean(own, free)).row(Stat.P_VALUE, term="A1 - A0", visit="V2").note
    assert "of 12870 all allocations as extreme, unrestricted; " in note
    with pytest.raises(AnalysisError, match="is not known of 24 of 24"):
        list(state_trimmed_mean(within(task_of(FINAL, pain=LOST)), FINAL))


def test_a_fixed_share_that_leaves_somebody_worst_is_not_estimable_and_says_so() -> None:
    with pytest.raises(AnalysisError, match="of 8 in A0 1 are trimmed, but 2 rank worst"):
        stated(replace(FINAL, trim=0.1))


def test_limits_that_so_few_allocations_do_not_have_are_said_to_be_none() -> None:
    one = ["first" if n % PER_ARM == 0 else str(n) for n in range(24)]
    found = Rows(state_trimmed_mean(within(task_of(FINAL, pain=LOST), block=one), FINAL))
    assert "of 2 all allocations" in found.row(Stat.P_VALUE, term="A1 - A0", visit="V2").note
    row = found.row(Stat.CONF_LOW, term="A1 - A0", visit="V2")
    assert row.status is Status.NOT_ESTIMABLE


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trim": 1.0}, "from 0 to below 1, got 1"),
        ({"trim": -0.5}, "from 0 to below 1, got -0.5"),
        ({"replicates": 99}, "replicates must be from 999"),
        ({"replicates": MOST_REPLICATES + 1}, "at most 1000000 for trimmed means"),
        ({"seed": -1}, "seed must be 0 or more"),
    ],
)
def test_what_a_plan_cannot_mean_is_refused(changed: dict[str, float], said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        TrimmedMean(**changed)  # type: ignore[arg-type]
