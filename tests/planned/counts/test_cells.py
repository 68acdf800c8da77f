"""The values of each outcome, visit and arm are those of its participants, and of nobody else."""

import numpy as np
import pandas as pd
import pytest

from tests.planned.hand import ARM, ARMS, BETTER, PAIN, VISITS, measurements, three_by_three
from trialkit.datasets.measurements import AFTER_CUT, NOT_YET_DUE
from trialkit.decimals.columns import difference
from trialkit.planned.counts.cells import cells_of

PLANNED = {"pain": VISITS, "better": VISITS}


def test_each_cell_holds_its_arm_at_its_visit() -> None:
    found = cells_of(measurements(), three_by_three(), planned=PLANNED)
    assert list(found) == ["pain", "better"]
    for outcome, values in (("pain", PAIN), ("better", BETTER)):
        cells = found[outcome]
        assert list(cells) == [(visit, arm) for visit in VISITS for arm in ARMS]
        for (visit, arm), cell in cells.items():
            own = values[ARMS.index(arm) == ARM]
            place = VISITS.index(visit)
            np.testing.assert_array_equal(cell.value, own[:, place])
            np.testing.assert_array_equal(cell.change, difference(own[:, place], own[:, 0]))
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
    cell = cells_of(rows, three_by_three(), planned=PLANNED)["pain"]["V2", "A1"]
    assert cell.to_come.tolist() == [True, True] + [False] * 6
    assert cell.not_applicable.tolist() == [False] * 3 + [True] + [False] * 4
    assert list(cell.missing_reason[:4]) == [NOT_YET_DUE, AFTER_CUT, "moved away", NOT_YET_DUE]


def test_each_planned_visit_has_a_cell_of_each_arm_whoever_has_rows() -> None:
    rows = measurements()
    rows = rows[(rows["visit"] != "V1") & (rows["arm"] != "A2")]
    cells = cells_of(rows, three_by_three(), planned=PLANNED)["pain"]
    assert list(cells) == [(visit, arm) for visit in VISITS for arm in ARMS]
    assert len(cells["V2", "A2"].value) == len(cells["V1", "A1"].value) == 0
    assert len(cells["V2", "A1"].value) == 8


def test_a_visit_that_is_not_planned_has_no_cell() -> None:
    found = cells_of(
        measurements(), three_by_three(), planned={"pain": ("V2",), "better": ("V0", "V2")}
    )
    assert list(found["pain"]) == [("V2", arm) for arm in ARMS]
    assert list(found["better"]) == [(visit, arm) for visit in ("V0", "V2") for arm in ARMS]


def test_without_a_participant_every_cell_is_there_and_empty() -> None:
    cells = cells_of(measurements().iloc[:0], three_by_three(), planned=PLANNED)
    for outcome in cells.values():
        assert list(outcome) == [(visit, arm) for visit in VISITS for arm in ARMS]
        assert all(len(cell.value) == len(cell.to_come) == 0 for cell in outcome.values())


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_is_the_order_within_a_cell(seed: int) -> None:
    rows = measurements().sample(frac=1, random_state=seed)
    cell = cells_of(rows, three_by_three(), planned=PLANNED)["pain"]["V1", "A2"]
    mine = rows[(rows["outcome"] == "pain") & (rows["visit"] == "V1") & (rows["arm"] == "A2")]
    assert cell.value.tolist() == mine["value"].tolist()
    assert isinstance(mine, pd.DataFrame)
