"""Every result that has an estimate is drawn, with its numbers, and says so where it cannot be."""

from collections.abc import Iterator

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

import trialkit
from tests.analysis.frames.test_any_frame import CALLS, DRAWING_LOTS
from tests.conftest import few_at_once
from trialkit.drawing.level_bars import draw_bar, greys
from trialkit.drawing.looks import look
from trialkit.drawing.marks import draw_course, draw_effect
from trialkit.drawing.plots import draw
from trialkit.drawing.steps import draw_steps, write_at_risk
from trialkit.errors import AnalysisError
from trialkit.results.pictures import (
    CurvesPicture,
    DrawnCurve,
    DrawnEffect,
    EffectsPicture,
    LevelsPicture,
    PictureKind,
)
from trialkit.results.tabular import Tabular

matplotlib.use("Agg")
from matplotlib import pyplot as plt

WITHOUT_ESTIMATES = {
    "compare_paired_proportions", "describe", "describe_categories", "fill_baseline", "gray_test",
    "imputation_model", "log_rank", "rerandomisation_test", "sequential_imputations",
    "summarise_adherence",
}  # fmt: skip
"""What has no estimate with one pair of limits, or no limits at all."""


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def result_of(name: str) -> Tabular:
    make, options = CALLS[name]
    lots = {"rng": np.random.default_rng(1)} if name in DRAWING_LOTS else {}
    return getattr(trialkit, name)(make(), **options, **lots)


@pytest.mark.parametrize("name", few_at_once(sorted(CALLS), 8))
def test_what_an_estimator_gives_is_drawn_in_each_of_its_ways(name: str) -> None:
    result = result_of(name)
    if name in WITHOUT_ESTIMATES:
        with pytest.raises(AnalysisError, match="has an estimate with limits"):
            result.plot()
        return
    for kind in result.pictures():
        if name == "proportional_odds" and kind is PictureKind.MEANS:
            continue
        ax = result.plot(kind)
        assert isinstance(ax, Axes)
        assert ax.has_data()
        ax.figure.canvas.draw()
        words = " ".join(each.get_text() for each in ax.texts)
        assert ax.get_title(loc="left").replace("\n", " ") == result.title
        assert ("At risk" in words) == (kind is PictureKind.CURVES)


def test_effects_stand_where_the_table_has_them() -> None:
    fit = result_of("ancova")
    table = fit.contrasts()
    ax = fit.plot()
    limits, mark = [each for each in ax.lines if len(each.get_xdata()) <= 2][1:3]
    assert list(limits.get_xdata()) == pytest.approx([table["conf_low"][0], table["conf_high"][0]])
    assert list(mark.get_xdata()) == pytest.approx(table["estimate"])
    assert [each.get_text() for each in ax.get_yticklabels()] == ["EG - CG"]
    assert ax.get_xlabel() == "Difference with 95% limits"
    assert ax.get_xscale() == "linear"


def test_ratios_are_on_a_logarithmic_axis_with_none_at_one() -> None:
    ax = result_of("cox_regression").plot()
    assert ax.get_xscale() == "log"
    assert ax.get_xlabel() == "Hazard ratio with 95% limits"
    assert list(ax.lines[0].get_xdata()) == [1.0, 1.0]
    assert all(
        "10" not in each.get_text() or "{" not in each.get_text() for each in ax.get_xticklabels()
    )


def test_curves_are_those_of_the_table_in_percent_with_the_numbers_at_risk() -> None:
    fit = result_of("kaplan_meier")
    table = fit.curve()
    own = table[table["arm"] == "EG"]
    ax = fit.plot()
    drawn = next(each for each in ax.lines if each.get_label() == "EG")
    assert list(drawn.get_xdata()) == [0.0, *own["time"]]
    assert list(drawn.get_ydata()) == pytest.approx([100.0, *(100 * own["survival"])])
    ticks = list(ax.get_xticks())
    at_risk = fit.at([each for each in ticks if each > 0]).query("arm == 'EG'")["at_risk"]
    numbers = [each.get_text() for each in ax.texts if each.get_text().isdigit()]
    assert numbers[-len(ticks) :] == ["24", *(str(int(n)) for n in at_risk)]


def test_incidence_rises_from_nothing_and_a_mean_number_has_its_own_axis() -> None:
    rising = result_of("cumulative_incidence").plot()
    assert {each.get_ydata()[0] for each in rising.lines} == {0.0}
    labels = [each.get_text() for each in rising.get_legend().get_texts()]
    assert labels == ["CG, 1", "CG, 2", "EG, 1", "EG, 2"]
    mean = result_of("mean_cumulative")
    last = max(each.get_ydata()[-1] for each in mean.plot().lines)
    assert last == pytest.approx(mean.curve()["mean"].max())


def test_means_are_drawn_over_the_visits() -> None:
    fit = result_of("mmrm")
    ax = fit.plot()
    assert [each.get_text() for each in ax.get_xticklabels()] == ["W4", "W8", "W12"]
    means = fit.marginal_means().query("arm == 'CG'")["estimate"]
    assert list(ax.lines[0].get_ydata()) == pytest.approx(list(means))
    assert ax.get_ylabel() == "score, mean with 95% limits"


def test_levels_are_shares_of_a_bar() -> None:
    fit = result_of("proportional_odds")
    counts = fit.counts_by_level()
    widths = [each.get_width() for each in fit.plot().patches]
    shares = 100 * counts.div(counts.sum(axis=1), axis=0).to_numpy().ravel()
    assert widths == pytest.approx(shares)


def test_axes_of_the_caller_are_drawn_on() -> None:
    _, ax = plt.subplots()
    assert result_of("compare_means").plot(ax=ax) is ax


def test_a_picture_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with pytest.raises(
        AnalysisError, match="'curves': Ancova can be drawn as effects, means, residuals"
    ):
        result_of("ancova").plot("curves")


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name="matplotlib")

    monkeypatch.setattr("trialkit.results.tabular.import_module", lacking)
    with pytest.raises(
        AnalysisError, match="needs matplotlib, which is not installed; pip install"
    ):
        result_of("compare_means").plot()


def test_what_cannot_be_estimated_is_named_beside_what_can() -> None:
    effects = (
        DrawnEffect(label="A - B", estimate=2.0, low=0.0, high=float("inf")),
        DrawnEffect(label="C - B", estimate=0.5, low=0.2, high=1.1),
    )
    picture = EffectsPicture(
        across="Odds ratio", null=1.0, logarithmic=True, effects=effects, left_out=("D - B",)
    )
    ax = draw(picture, title="$x_1$", ax=None)
    ax.figure.canvas.draw()
    labels = [each.get_text() for each in ax.get_yticklabels()]
    assert labels == ["A - B", "C - B", "D - B: not estimable"]
    low, high = ax.get_xlim()
    assert 0 < low < 0.2
    assert list(ax.lines[1].get_xdata()) == [low, high]


def test_an_arm_without_anybody_has_an_empty_bar() -> None:
    picture = LevelsPicture(levels=("low", "high"), counts={"A": (0, 0), "B": (1, 3)})
    ax = draw(picture, title="", ax=None)
    assert [each.get_width() for each in ax.patches] == [0, 0, 25, 75]


def test_who_is_at_risk_at_a_time() -> None:
    numbers = np.array([0.0, 1.0, 4.0])
    curve = DrawnCurve(
        label="A", times=numbers, values=numbers, low=numbers, high=numbers,
        at_risk=np.array([9, 9, 3]), censored=numbers > 0,
    )  # fmt: skip
    assert curve.at_risk_at(np.array([0, 0.5, 1, 2, 4, 5])) == [9, 9, 9, 3, 3, 0]
    picture = CurvesPicture(across="t", upwards="n", is_share=False, curves=(curve,))
    assert draw(picture, title="", ax=None).get_ylim()[0] == 0


def test_the_parts_that_the_report_draws_with_too() -> None:
    _, ax = plt.subplots()
    draw_steps(ax, [0, 1], [1, 2], look(1))
    draw_course(ax, [0], [1], ([0], [3]), label="A", look=look(2))
    draw_effect(ax, 1, (0, 2), height=4, look=look(0))
    assert ax.lines[0].get_drawstyle() == "steps-post"
    assert ax.containers[0].get_label() == "A"
    draw_bar(ax, [0, 40, 100], [2, 3], top=0, height=1, size=8, has_room=lambda *_: True)
    assert [each.get_text() for each in ax.texts] == ["2", "3"]
    write_at_risk(ax, [0, 1], [(["A"], ["5", "4"], look(0))], size=8, line=12)
    assert [each.get_text() for each in ax.texts][2:] == ["At risk", "A", "5", "4"]
    assert list(greys(2)) == [0.95, pytest.approx(0.25)]


def test_a_table_without_limits_is_refused() -> None:
    from trialkit.results.pictures import effects_picture

    with pytest.raises(AnalysisError, match="has an estimate with limits"):
        effects_picture(pd.DataFrame({"estimate": [1.0]}))
    lost = pd.DataFrame({"estimate": [np.nan], "conf_low": [np.nan], "conf_high": [np.nan]})
    with pytest.raises(AnalysisError, match="no effect of this result is estimable"):
        effects_picture(lost)
