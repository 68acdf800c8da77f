from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.conftest import Line
from tests.report.factory import content_of, made_up_line, made_up_protocol
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.report.figures.slope_figure import is_true_to_time, mean_point, person_lines
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat


def visit(code: str, day: int) -> Visit:
    return Visit(code=code, label=code, target_day=day, window=Window(early=0, late=0))


def test_the_interval_that_is_drawn_is_students(example: Line) -> None:
    described = ResultIndex(example.results).find(
        "descriptive", outcome="vas", visit="W6", term="", arm="EG"
    )
    measured = example.datasets.measurements
    own = measured[
        (measured["outcome"] == "vas") & (measured["visit"] == "W6") & (measured["arm"] == "EG")
    ]["value"]
    low, high = stats.t.interval(0.95, len(own) - 1, loc=own.mean(), scale=stats.sem(own))
    point = mean_point(described, confidence_level=0.95)
    assert point is not None
    assert (point.n, point.mean) == (13, pytest.approx(own.mean()))
    assert (point.low, point.high) == (pytest.approx(low), pytest.approx(high))


def test_one_participant_has_a_mean_and_no_interval(example: Line) -> None:
    described = ResultIndex(example.results).find(
        "descriptive", outcome="vas", visit="W6", term="", arm="EG"
    )
    alone = {Stat.N: replace(described[Stat.N], stat=1), Stat.MEAN: described[Stat.MEAN]}
    point = mean_point(alone, confidence_level=0.95)
    assert point is not None
    assert point.low == point.mean == point.high
    assert mean_point({}, confidence_level=0.95) is None


def test_a_participant_keeps_a_row_when_nothing_was_measured() -> None:
    measured = pd.DataFrame(
        {
            "subject_id": ["a", "a", "b"],
            "visit": pd.Categorical(["V0", "V1", "V1"], categories=["V0", "V1"]),
            "value": [1.0, 2.0, 3.0],
        }
    )
    lines = person_lines(measured, subjects=["b", "a", "c"], visits=["V0", "V1"])
    np.testing.assert_array_equal(lines, [[np.nan, 3], [1, 2], [np.nan, np.nan]])


def test_visits_that_would_collide_are_evenly_spaced() -> None:
    assert is_true_to_time([visit("a", 0), visit("b", 42)])
    assert not is_true_to_time([visit("a", 0), visit("b", 1), visit("c", 365)])


@pytest.mark.parametrize(("arms", "visits"), [(2, 2), (4, 3), (6, 6)])
def test_every_arm_has_a_panel(arms: int, visits: int) -> None:
    line = made_up_line(arms=arms, visits=visits)
    svg = content_of(line).figure("course_pain").svg
    assert all(f">{arm.label}</text>" in svg for arm in line.protocol.arms)
    assert "Thin lines: participants." in svg


def test_the_drawing_is_the_same_every_time_and_leaves_no_trace() -> None:
    before = dict(mpl.rcParams)
    one = content_of(made_up_line()).figure("course_pain").svg
    assert one == content_of(made_up_line()).figure("course_pain").svg
    assert dict(mpl.rcParams) == before
    assert "<metadata" not in one
    assert "<!DOCTYPE" not in one


def test_an_arm_with_nobody_measured_is_an_empty_panel() -> None:
    line = made_up_line()
    measured = line.datasets.measurements
    nobody = measured["value"].mask((measured["arm"] == "A1").to_numpy())
    datasets = replace(line.datasets, measurements=measured.assign(value=nobody))
    kept = tuple(
        row
        for row in line.results.rows
        if not (row.analysis_id == "descriptive" and row.arm == "A1")
    )
    content = content_of(line, datasets=datasets, results=type(line.results)(rows=kept))
    assert "Arm 1: mean none" in content.figure("course_pain").description


def test_mathematics_in_a_label_is_text() -> None:
    one = made_up_protocol()
    outcomes = (replace(one.outcomes[0], label="Cost in $ or $x^2$"), one.outcomes[1])
    svg = (
        content_of(made_up_line(protocol=replace(one, outcomes=outcomes))).figure("course_pain").svg
    )
    assert "$x^2$" in svg
