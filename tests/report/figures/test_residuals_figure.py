"""Residuals stand against normal quantiles on the left and against fitted values on the right."""

from dataclasses import replace

import pytest
from matplotlib.figure import Figure as Canvas

from tests.report.factory import made_up_protocol
from tests.report.figures.drawn import canvases, marks, points, shape_of, words
from trialkit.drawing.looks import GREY
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.content import Figure
from trialkit.report.figures import residuals_figure
from trialkit.report.figures.residuals_figure import residual_figures
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Results
from trialkit.results.series import Mark, Point, Series, SeriesKind

TRIAL = made_up_protocol()
SPREAD = Point(y=2.5, n=4, label=Mark.SPREAD)


def series(kind: SeriesKind, *found: tuple[str, float, float], outcome: str = "pain") -> Series:
    of = tuple(Point(arm=arm, x=x, y=y) for arm, x, y in found)
    return Series(kind=kind, analysis_id="primary", outcome=outcome, points=(*of, SPREAD))


FITTED = series(
    SeriesKind.RESIDUALS, ("A1", 50, -3.25), ("A0", 40, 1.5), ("A0", 45, -1), ("A1", 52, 4.125)
)
QUANTILES = series(
    SeriesKind.QUANTILES, ("A1", -1.2, -3.25), ("A0", -0.4, -1), ("A0", 0.4, 1.5),
    ("A1", 1.3, 4.125),
)  # fmt: skip


def index_of(*found: Series) -> ResultIndex:
    return ResultIndex(Results(rows=(), series=found))


@pytest.fixture(scope="module")
def made() -> tuple[Figure, Canvas]:
    with canvases(residuals_figure) as canvas:
        (figure,) = residual_figures(TRIAL, index_of(FITTED, QUANTILES))
        assert figure.svg
    return figure, canvas[0]


def test_quantiles_stand_left_and_fitted_values_right_by_arm(made: tuple[Figure, Canvas]) -> None:
    left, right = made[1].axes
    assert marks(left, 0) == [[(-0.4, -1), (0.4, 1.5)]]
    assert marks(left, 1) == [[(-1.2, -3.25), (1.3, 4.125)]]
    assert marks(right, 0) == [[(40, 1.5), (45, -1)]]
    assert marks(right, 1) == [[(50, -3.25), (52, 4.125)]]
    assert [shape_of(left, arm) for arm in (0, 1)] == [{"o"}, {"s"}]
    assert left.get_position().x0 < right.get_position().x0


def test_the_line_of_the_normal_distribution_rises_by_the_standard_deviation(
    made: tuple[Figure, Canvas],
) -> None:
    left, right = made[1].axes
    (normal,) = [points(line) for line in left.lines if line.get_color() == GREY]
    assert normal == [(-1.2, -3.0), (1.3, 3.25)]
    (zero,) = [line for line in right.lines if line.get_color() == GREY]
    assert list(zero.get_ydata()) == [0, 0]


def test_axes_and_arms_are_named(made: tuple[Figure, Canvas]) -> None:
    assert words(made[1]) == [
        "Normal quantiles", "Quantile of the standard normal distribution", "Residual", "Spread",
        "Fitted: Pain", "Residual", "Arm 0", "Arm 1",
    ]  # fmt: skip


def test_the_figure_says_how_many_residuals_how_wide_and_from_which_method(
    made: tuple[Figure, Canvas],
) -> None:
    figure, _ = made
    minus = "\N{MINUS SIGN}"
    assert figure.description == (
        f"4 residuals with standard deviation 2.50, from {minus}3.3 to 4.1."
    )
    assert figure.title == "Pain: residuals of the primary analysis"
    assert figure.caption.startswith(
        "Pain: residuals of the primary analysis (mixed analysis of variance) against quantiles"
    )
    assert (figure.anchor, figure.name) == ("figure-residuals_pain", "residuals_pain")
    assert figure.drawn_from == ("primary/pain/series/residuals", "primary/pain/series/quantiles")


def test_the_label_of_made_up_data_is_in_the_drawing() -> None:
    def svg(protocol: Protocol) -> str:
        (figure,) = residual_figures(protocol, index_of(FITTED, QUANTILES))
        return figure.svg

    labelled = replace(TRIAL, trial=replace(TRIAL.trial, synthetic="Not real data"))
    assert "Not real data" in svg(labelled)
    assert "Not real data" not in svg(TRIAL)


def test_without_both_series_of_an_outcome_nothing_is_drawn() -> None:
    assert residual_figures(TRIAL, index_of(FITTED)) == ()
    assert residual_figures(TRIAL, index_of(QUANTILES)) == ()
    elsewhere = replace(QUANTILES, outcome="better")
    assert residual_figures(TRIAL, index_of(FITTED, elsewhere)) == ()
