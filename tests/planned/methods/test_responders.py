"""Responders are counted by hand from the array of the trial."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tests.planned.hand import ARM, ARMS, PAIN, Rows, task_of
from trialkit.errors import AnalysisError
from trialkit.planned.methods.responders import state_responders
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.results.vocabulary import Stat

COUNTS = (Stat.N, Stat.EVENTS, Stat.PERCENT)


def stated(
    *,
    pain: np.ndarray = PAIN,
    direction: Direction = Direction.LOWER,
    missing: MissingRule = MissingRule.OBSERVED_ONLY,
    **options: object,
) -> Rows:
    specification = ResponderComparison(missing=missing, **options)  # type: ignore[arg-type]
    task = task_of(specification, pain=pain)
    moved = replace(task, outcome=replace(task.outcome, direction=direction))
    return Rows(state_responders(moved, specification))


@pytest.mark.parametrize("direction", [Direction.LOWER, Direction.HIGHER])
@pytest.mark.parametrize(
    "options", [{}, {"improved_by": 5.0}, {"improved_by_share": 0.2}], ids=["mic", "by", "share"]
)
def test_who_improved_enough_is_counted_in_each_arm(
    options: dict[str, float], direction: Direction
) -> None:
    rows = stated(direction=direction, **options)
    gain = PAIN[:, 0] - PAIN[:, 2]
    if direction is Direction.HIGHER:
        gain = -gain
    needed = PAIN[:, 0] * 0.2 if "improved_by_share" in options else options.get("improved_by", 15)
    improved = gain >= needed
    counts = [int(improved[code == ARM].sum()) for code in range(3)]
    for code, arm in enumerate(ARMS):
        found = rows.values(COUNTS, term="responders", visit="V2", arm=arm)
        assert found == [8, counts[code], 100 * counts[code] / 8]
    for code, arm in ((1, "A1"), (2, "A2")):
        about = {"term": f"{arm} - A0", "visit": "V2"}
        found = rows.value(Stat.ESTIMATE, **about, by="risk_difference")
        assert found == pytest.approx((counts[code] - counts[0]) / 8)
        table = [[counts[code], 8 - counts[code]], [counts[0], 8 - counts[0]]]
        p_value = rows.value(Stat.P_VALUE, **about, by="chi_square_n_minus_1")
        somebody = 0 < counts[code] + counts[0] < 16
        pearson = stats.chi2_contingency(table, correction=False).statistic if somebody else 0
        assert p_value == pytest.approx(stats.chi2.sf(pearson * 15 / 16, 1))


def test_some_improve_in_either_direction() -> None:
    """Or the counts above would prove nothing."""
    gain = PAIN[:, 0] - PAIN[:, 2]
    assert 0 < (gain >= 15).sum() < (gain >= 5).sum() < 24
    assert (-gain >= 5).any()


@pytest.mark.parametrize(
    ("missing", "n", "excluded"),
    [(MissingRule.OBSERVED_ONLY, 6, 2), (MissingRule.NON_RESPONDER, 8, 0)],
)
def test_who_lacks_the_final_value_is_left_out_or_is_no_responder(
    missing: MissingRule, n: int, excluded: int
) -> None:
    pain = PAIN.copy()
    gain = PAIN[:, 0] - PAIN[:, 2]
    gone = np.flatnonzero((ARM == 2) & (gain >= 15))[:2]
    assert len(gone) == 2
    pain[gone, 2] = np.nan
    rows = stated(pain=pain, missing=missing)
    improved = int((gain[ARM == 2] >= 15).sum()) - 2
    about = {"visit": "V2", "arm": "A2"}
    assert rows.values(COUNTS, term="responders", **about) == pytest.approx(
        [n, improved, 100 * improved / n]
    )
    assert rows.values((Stat.N, Stat.N_EXCLUDED), **about) == [n, excluded]
    assert "2" in rows.row(Stat.N, term="responders", **about).note


def test_an_outcome_without_an_important_change_needs_an_amount() -> None:
    specification = ResponderComparison(missing=MissingRule.OBSERVED_ONLY)
    task = task_of(specification)
    bare = replace(task, outcome=replace(task.outcome, minimal_important_change=None))
    with pytest.raises(AnalysisError, match="'pain' has no minimal_important_change"):
        list(state_responders(bare, specification))
