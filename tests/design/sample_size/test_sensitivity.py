"""One assumption changed at a time, and the power of other sizes, each by a direct calculation."""

from dataclasses import replace

import pandas as pd
import pytest

from trialkit.design.sample_size.log_rank import LogRank
from trialkit.design.sample_size.margins import NonInferiorityMeans
from trialkit.design.sample_size.proportions import TwoProportions
from trialkit.design.sample_size.sensitivity import (
    EFFECTS,
    FACTORS,
    drawn_curve,
    power_curve,
    sensitivity_table,
)
from trialkit.design.sample_size.t_tests import PairedT, TwoSampleT

TRIAL = TwoSampleT(difference=-10, sd=24, allocation=(1, 2))
SIZE = TRIAL.solve_n(0.8, dropout=0.2)


def test_each_assumption_is_moved_by_each_factor_with_the_others_kept() -> None:
    table = sensitivity_table(SIZE)
    assert (FACTORS, EFFECTS) == ((0.8, 0.9, 1.1, 1.25), (0.8, 1.0, 1.25))
    assert table.columns.tolist() == [
        "assumption", "factor", "value", "power", "n", "n_randomised",
    ]  # fmt: skip
    assert table["assumption"].tolist() == ["as planned", *["difference"] * 4, *["sd"] * 4]
    assert table["factor"].tolist() == [1.0, *FACTORS, *FACTORS]
    values = table["value"].astype(float).tolist()[1:]
    assert values == pytest.approx([-8, -9, -11, -12.5, 19.2, 21.6, 26.4, 30])
    for row in table.itertuples():
        planned = row.assumption == "as planned"
        changed = TRIAL if planned else replace(TRIAL, **{row.assumption: row.value})
        again = changed.solve_n(0.8, dropout=0.2)
        assert row.power == pytest.approx(changed.power(SIZE.n_by_arm))
        assert (row.n, row.n_randomised) == (again.n, again.n_randomised)


def test_an_effect_is_moved_from_where_there_is_none() -> None:
    """A hazard ratio from 1, a risk from the reference's, a margin from the true difference."""
    cases = (
        (LogRank(hazard_ratio=0.7).evaluate(200), "hazard_ratio", 1 - 0.3 * 0.5),
        (
            TwoProportions(risk_reference=0.2, risk_experimental=0.4, test="normal").evaluate(200),
            "risk_experimental",
            0.2 + 0.2 * 0.5,
        ),
        (
            NonInferiorityMeans(margin=2, difference=-0.4, direction="higher").evaluate(200),
            "margin",
            0.4 + 1.6 * 0.5,
        ),
    )
    for size, name, value in cases:
        table = sensitivity_table(size, factors=(0.5,)).set_index("assumption")
        assert table.loc[name, "value"] == pytest.approx(value)
        # only the power was asked for
        assert table["n"].isna().all()
        assert table["n_randomised"].isna().all()
    # of an assumption that is no effect, from nothing
    risks = sensitivity_table(cases[1][0], factors=(0.5,)).set_index("assumption")
    assert risks.loc["risk_reference", "value"] == pytest.approx(0.1)


def test_what_is_not_stated_or_cannot_be_is_left_out() -> None:
    zero = NonInferiorityMeans(margin=2, direction="higher").evaluate(200)
    assert set(sensitivity_table(zero)["assumption"]) == {"as planned", "margin", "sd"}
    likely = TwoProportions(risk_reference=0.3, risk_experimental=0.9, test="normal").evaluate(80)
    moved = sensitivity_table(likely)
    factors = moved[moved["assumption"] == "risk_experimental"]["factor"].tolist()
    # 0.3 + 0.6 * 1.25 is more than 1
    assert factors == [0.8, 0.9, 1.1]


def test_the_curve_has_whole_blocks_from_a_third_to_nearly_twice_the_size() -> None:
    curve = power_curve(SIZE, effects=(1.0, 0.5))
    assert curve.columns.tolist() == ["factor", "effect", "n", "power"]
    assert curve["factor"].drop_duplicates().tolist() == [1.0, 0.5]
    assert curve[curve["factor"] == 0.5]["effect"].unique() == pytest.approx([-5])
    blocks = SIZE.n // 3
    for factor, line in curve.groupby("factor"):
        sizes = line["n"].tolist()
        assert (sizes[0], sizes[-1]) == (3 * round(0.3 * blocks), 3 * (round(1.7 * blocks) + 3))
        assert sizes == sorted(set(sizes))
        assert {n % 3 for n in sizes} == {0}
        assert 30 <= len(sizes) <= 34
        trial = TwoSampleT(difference=-10 * factor, sd=24, allocation=(1, 2))
        assert line["power"].tolist() == pytest.approx([trial.power(n) for n in sizes])


def test_sizes_for_which_there_is_no_test_are_not_on_the_curve() -> None:
    curve = power_curve(PairedT(difference=3).evaluate(2), effects=(1.0,))
    assert curve["n"].tolist() == [2, 3, 4, 5, 6]


def test_what_a_figure_draws_is_the_curve_line_by_line() -> None:
    curve = power_curve(SIZE)
    drawn = drawn_curve(SIZE)
    assert drawn == drawn_curve(SIZE, curve)
    assert (drawn.title, drawn.sentence) == (SIZE.title, SIZE.sentence)
    assert (drawn.unit, drawn.effect_name) == ("participants", "difference")
    assert (drawn.n, drawn.power, drawn.target_power) == (SIZE.n, SIZE.power, 0.8)
    assert [line.effect for line in drawn.lines] == [-8, -10, -12.5]
    assert [line.assumed for line in drawn.lines] == [False, True, False]
    for line, factor in zip(drawn.lines, EFFECTS, strict=True):
        rows = curve[curve["factor"] == factor]
        expected = pd.DataFrame({"n": line.sizes, "power": line.powers})
        assert rows[["n", "power"]].to_numpy().tolist() == expected.to_numpy().tolist()
