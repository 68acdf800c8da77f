from dataclasses import replace

import matplotlib as mpl
import pytest

from tests.report.factory import content_of, made_up_line, made_up_protocol
from trialkit.planned.series.courses import course_series
from trialkit.protocol.trial.visits import Visit, Window
from trialkit.report.figures.slope_figure import is_true_to_time
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result, Results


def visit(code: str, day: int) -> Visit:
    return Visit(code=code, label=code, target_day=day, window=Window(early=0, late=0))


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


def without_arm(rows: tuple[Result, ...]) -> tuple[Result, ...]:
    """As if nobody of the second arm had ever been described."""
    return tuple(row for row in rows if (row.analysis_id, row.arm) != ("descriptive", "A1"))


def test_an_arm_with_nobody_measured_is_an_empty_panel() -> None:
    line = made_up_line()
    measured = line.datasets.measurements
    nobody = measured["value"].mask((measured["arm"] == "A1").to_numpy())
    datasets = replace(line.datasets, measurements=measured.assign(value=nobody))
    index = ResultIndex(Results(rows=without_arm(line.results.rows)))
    series = tuple(course_series(line.protocol, datasets, index))
    content = content_of(line, results=replace(line.results, series=series))
    assert "Arm 1: mean none" in content.figure("course_pain").description


def test_mathematics_in_a_label_is_text() -> None:
    one = made_up_protocol()
    outcomes = (replace(one.outcomes[0], label="Cost in $ or $x^2$"), one.outcomes[1])
    svg = (
        content_of(made_up_line(protocol=replace(one, outcomes=outcomes))).figure("course_pain").svg
    )
    assert "$x^2$" in svg
