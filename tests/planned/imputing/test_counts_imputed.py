"""Counts are imputed for the time at risk of the median participant, and their rates pooled as logarithms."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.planned.equal.planned import with_the_plan
from tests.report.falls_trial import write_falls
from tests.report.kinds_of_trial import Row
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.imputing.sequential import (
    planned_sequential_imputations,
    with_exposure_of_all,
)
from trialkit.planned.task.task import Task, tasks
from trialkit.protocol.methods.imputation import DrawMethod, ImputationStrategy, SequentialFamily
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.protocol.methods.poisson import PoissonComparison
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

GONE = ("P003", "P010", "P011", "P031")
RANDOM = MultipleImputation(
    draws=DrawMethod.APPROXIMATE_BAYES,
    samples=10,
    seed=6,
    strategy=ImputationStrategy.COPY_REFERENCE,
)
PLANNED = {
    "usual": RANDOM,
    "poisson": replace(RANDOM, model=PoissonComparison()),
    "more": replace(RANDOM, delta={"CARE": 3.0, "TRAIN": 3.0}),
}


def without_diaries(rows: list[Row]) -> None:
    rows[:] = [row for row in rows if row["subject_id"] not in GONE]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Result], Task]:
    folder: Path = write_falls(tmp_path_factory.mktemp("falls") / "trial", change=without_diaries)
    protocol, datasets = with_the_plan(folder, PLANNED, lambda _: "falls")
    task = next(each for each in tasks(protocol, datasets) if each.analysis.id == "usual")
    return list(carry_out(protocol, datasets).rows), task


def found(rows: list[Result], analysis: str, stat: Stat, term: str = "TRAIN - CARE") -> Result:
    (row,) = [
        row for row in rows if (row.analysis_id, row.stat_name, row.term) == (analysis, stat, term)
    ]
    return row


def test_who_left_without_a_diary_is_analysed(planned: tuple[list[Result], Task]) -> None:
    rows, _ = planned
    imputed = [
        row for row in rows if row.analysis_id == "usual" and row.stat_name is Stat.N_IMPUTED
    ]
    assert sum(int(row.stat or 0) for row in imputed) == len(GONE)
    assert {row.note for row in imputed} == {
        f"copy-reference: {int(row.stat or 0)}" for row in imputed
    }
    analysed = [row for row in rows if row.analysis_id == "usual" and row.stat_name is Stat.N]
    assert sum(int(row.stat or 0) for row in analysed) == 80
    ratio = found(rows, "usual", Stat.ESTIMATE)
    assert ratio.unit == ""
    assert ratio.scale == "rate_ratio"
    low, high = (found(rows, "usual", stat).stat for stat in (Stat.CONF_LOW, Stat.CONF_HIGH))
    assert low
    assert high
    assert np.sqrt(low * high) == pytest.approx(ratio.stat)


def test_a_delta_moves_the_mean_and_another_model_the_family(
    planned: tuple[list[Result], Task],
) -> None:
    rows, _ = planned
    usual, poisson, more = (found(rows, each, Stat.ESTIMATE).stat for each in PLANNED)
    assert len({usual, poisson, more}) == 3


def test_the_time_at_risk_is_the_median_of_those_who_are_known(
    planned: tuple[list[Result], Task],
) -> None:
    _, task = planned
    whole = with_exposure_of_all(task)
    days = whole.exposures.set_index("subject_id")["exposure"]
    known = days[~days.index.isin(GONE)]
    assert (days[list(GONE)] == known.median()).all()
    before = task.exposures.set_index("subject_id")["exposure"].astype(float)
    assert known.to_dict() == before[known.index].to_dict()
    made = planned_sequential_imputations(
        whole, RANDOM, {}, family=SequentialFamily.NEGATIVE_BINOMIAL
    )
    assert made.values.shape == (10, len(GONE))
    assert (made.values == np.round(made.values)).all()
