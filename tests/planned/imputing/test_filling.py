"""A missing baseline value is filled without regard to the arm, and everybody is analysed."""

import numpy as np
import pytest

from tests.planned.hand import ARMS, PAIN, Rows, task_of
from trialkit.errors import AnalysisError
from trialkit.planned.imputing.filling import number_filled, with_filled_baseline
from trialkit.planned.methods.multiple_imputation import MULTIPLE_IMPUTATION
from trialkit.protocol.methods.imputation import CovariateFill
from trialkit.protocol.methods.multiple_imputation import MultipleImputation
from trialkit.results.vocabulary import Stat

AGE = "demographics.age"
MEAN = MultipleImputation(baseline_fill=CovariateFill.MEAN)


def gaps() -> np.ndarray:
    pain = PAIN.copy()
    pain[[0, 9, 10], 0] = np.nan
    pain[3, 2] = np.nan
    return pain


def baselines(specification: MultipleImputation) -> np.ndarray:
    filled = with_filled_baseline(task_of(specification, pain=gaps()), specification)
    rows = filled.included.measurements
    found = rows[rows["visit"] == "V2"].sort_values("subject_id")["baseline"]
    return found.to_numpy(dtype=float)


def test_the_mean_of_all_stands_in_whatever_the_arm() -> None:
    expected = np.where(np.isnan(gaps()[:, 0]), np.nanmean(gaps()[:, 0]), gaps()[:, 0])
    assert baselines(MEAN) == pytest.approx(expected)
    task = task_of(MEAN, pain=gaps())
    filled = with_filled_baseline(task, MEAN)
    assert [number_filled(task, filled, arm) for arm in ARMS] == [1, 2, 0]
    rows = filled.included.measurements
    whole = rows[rows["visit"] != "V0"].dropna(subset=["value"])
    assert (whole["value"] - whole["baseline"]).to_numpy() == pytest.approx(
        whole["change"].to_numpy(dtype=float)
    )


def test_nothing_changes_where_nobody_lacks_it_or_nothing_is_filled() -> None:
    task = task_of(MEAN)
    assert with_filled_baseline(task, MEAN) is task
    plain = MultipleImputation()
    lacking = task_of(plain, pain=gaps())
    assert with_filled_baseline(lacking, plain) is lacking


def test_a_regression_is_on_the_other_numbers() -> None:
    asked = MultipleImputation(auxiliary=(AGE,), baseline_fill=CovariateFill.REGRESSION)
    task = task_of(asked, pain=gaps())
    known = task.characteristics[task.characteristics["characteristic"] == AGE]
    age = known.sort_values("subject_id")["value"].to_numpy(dtype=float)
    seen = ~np.isnan(gaps()[:, 0])
    line = np.polyfit(age[seen], gaps()[seen, 0], 1)
    expected = np.where(seen, gaps()[:, 0], np.polyval(line, age))
    assert baselines(asked) == pytest.approx(expected)
    bare = MultipleImputation(baseline_fill=CovariateFill.REGRESSION)
    with pytest.raises(AnalysisError, match="needs another number at baseline"):
        with_filled_baseline(task_of(bare, pain=gaps()), bare)


def test_who_lacks_the_baseline_is_analysed_and_counted() -> None:
    rows = Rows(MULTIPLE_IMPUTATION.carry_out(task_of(MEAN, pain=gaps()), MEAN))
    counts = [rows.values((Stat.N, Stat.N_EXCLUDED), visit="V2", arm=arm) for arm in ARMS]
    assert counts == [[8, 0]] * 3
    filled = rows.row(Stat.N_IMPUTED, visit="V0", term="imputed", arm="A1")
    assert (filled.stat, filled.note) == (2, "mean of all who are analysed")
    # the adjusted difference is that of an analysis of covariance with the filled values
    complete = PAIN.copy()
    complete[[0, 9, 10], 0] = np.nan
    found = Rows(MULTIPLE_IMPUTATION.carry_out(task_of(MEAN, pain=complete), MEAN))
    arm = np.repeat([0, 1, 2], 8)
    start = np.where(np.isnan(complete[:, 0]), np.nanmean(complete[:, 0]), complete[:, 0])
    design = np.column_stack([np.ones(24), arm == 1, arm == 2, start]).astype(float)
    fit = np.linalg.lstsq(design, complete[:, 2], rcond=None)[0]
    assert found.value(Stat.ESTIMATE, visit="V2", term="A2 - A0") == pytest.approx(fit[2], rel=1e-9)
