"""The values of each outcome, visit and arm are those of its participants, and of nobody else."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.planned.hand import ARM, ARMS, BETTER, PAIN, VISITS, measurements, three_by_three
from trialkit.datasets.measurements import AFTER_CUT, NOT_YET_DUE
from trialkit.planned.counts.cells import cells_of


def test_each_cell_holds_its_arm_at_its_visit() -> None:
    found = cells_of(measurements(), three_by_three())
    assert list(found) == ["pain", "better"]
    for outcome, values in (("pain", PAIN), ("better", BETTER)):
        cells = found[outcome]
        assert list(cells) == [(visit, arm) for visit in VISITS for arm in ARMS]
        for (visit, arm), cell in cells.items():
            own = values[ARMS.index(arm) == ARM]
            place = VISITS.index(visit)
            np.testing.assert_array_equal(cell.value, own[:, place])
            np.testing.assert_array_equal(cell.change, own[:, place] - own[:, 0])
            assert not cell.to_come.any()
            assert not cell.not_applicable.any()
            assert all(reason is None for reason in cell.missing_reason)


def test_what_is_still_to_come_and_what_cannot_be_are_told_apart() -> None:
    pain = PAIN.copy()
    pain[8:12, 2] = np.nan
    rows = measurements(pain)
    lacking = rows["value"].isna()
    rows.loc[lacking, "missing_reason"] = [NOT_YET_DUE, AFTER_CUT, "moved away", NOT_YET_DUE]
    rows.loc[lacking, "not_applicable"] = [False, False, False, True]
    cell = cells_of(rows, three_by_three())["pain"]["V2", "A1"]
    assert cell.to_come.tolist() == [True, True] + [False] * 6
    assert cell.not_applicable.tolist() == [False] * 3 + [True] + [False] * 4
    assert list(cell.missing_reason[:4]) == [NOT_YET_DUE, AFTER_CUT, "moved away", NOT_YET_DUE]


def test_a_visit_without_rows_has_no_cell_and_an_arm_without_rows_an_empty_one() -> None:
    rows = measurements()
    rows = rows[(rows["visit"] != "V1") & (rows["arm"] != "A2")]
    cells = cells_of(rows, three_by_three())["pain"]
    assert list(cells) == [(visit, arm) for visit in ("V0", "V2") for arm in ARMS]
    assert len(cells["V2", "A2"].value) == 0
    assert len(cells["V2", "A1"].value) == 8


def test_an_outcome_without_rows_has_no_cells() -> None:
    protocol = three_by_three()
    other = replace(protocol.outcomes[0], code="sleep")
    more = replace(protocol, outcomes=(*protocol.outcomes, other))
    found = cells_of(measurements(), more)
    assert dict(found["sleep"]) == {}
    assert len(found["pain"]) == 9


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_is_the_order_within_a_cell(seed: int) -> None:
    rows = measurements().sample(frac=1, random_state=seed)
    cell = cells_of(rows, three_by_three())["pain"]["V1", "A2"]
    mine = rows[(rows["outcome"] == "pain") & (rows["visit"] == "V1") & (rows["arm"] == "A2")]
    assert cell.value.tolist() == mine["value"].tolist()
    assert isinstance(mine, pd.DataFrame)
