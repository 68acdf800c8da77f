"""A planned bootstrap interval has the limits, from the seed, that the plan asks for."""

import numpy as np
import pytest

from tests.planned.hand import ARM, PAIN, Rows, task_of
from trialkit.errors import AnalysisError
from trialkit.planned.methods.bootstrap import state_bootstrap
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.comparisons import BootstrapLimits, TwoGroupEstimate
from trialkit.results.vocabulary import Stat

LIMITS = (Stat.CONF_LOW, Stat.CONF_HIGH)
AT_END = {"term": "A1 - A0", "visit": "V2"}
GAIN = PAIN[:, 2] - PAIN[:, 0]


def stated(pain: np.ndarray = PAIN, **options: object) -> Rows:
    specification = Bootstrap(replicates=999, seed=3, **options)  # type: ignore[arg-type]
    return Rows(state_bootstrap(task_of(specification, pain=pain), specification))


def test_percentile_limits_are_the_percentiles_of_the_resamples_of_the_seed() -> None:
    rows = stated(interval=BootstrapLimits.PERCENTILE)
    rng = np.random.default_rng(3)
    one, other = GAIN[ARM == 1], GAIN[ARM == 0]
    drawn = [one[rng.integers(0, 8, (999, 8))].mean(axis=1)]
    drawn.append(other[rng.integers(0, 8, (999, 8))].mean(axis=1))
    level = rows.value(Stat.CONF_LEVEL, **AT_END)
    expected = np.quantile(drawn[0] - drawn[1], [(1 - level) / 2, (1 + level) / 2])
    assert rows.values(LIMITS, **AT_END) == pytest.approx(list(expected))
    assert rows.value(Stat.ESTIMATE, **AT_END) == pytest.approx(one.mean() - other.mean())


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (BootstrapLimits.BCA, "mean difference, BCa from 999 replicates"),
        (BootstrapLimits.BC, "mean difference, bias-corrected (BC) limits from 999 replicates"),
        (BootstrapLimits.PERCENTILE, "mean difference, percentile limits from 999 replicates"),
    ],
)
def test_each_row_says_which_limits_they_are(interval: BootstrapLimits, words: str) -> None:
    specification = Bootstrap(replicates=999, seed=3, interval=interval)
    notes = {
        row.note
        for row in state_bootstrap(task_of(specification), specification)
        if row.stat_name is Stat.CONF_LOW
    }
    assert notes == {words}


def test_medians_that_stay_whoever_is_left_out_have_bc_limits_and_no_bca() -> None:
    tied = np.column_stack([np.full(24, 50.0), np.full(24, 50.0), np.full(24, 50.0)])
    tied[:, 2] -= np.tile([1.0, 3, 3, 3, 3, 3, 3, 9], 3)
    options = {"estimator": TwoGroupEstimate.MEDIAN_DIFFERENCE}
    with pytest.raises(AnalysisError, match="interval = 'bc' or 'percentile' has limits"):
        stated(tied, **options)
    low, high = stated(tied, interval=BootstrapLimits.BC, **options).values(LIMITS, **AT_END)
    assert low <= 0 <= high
