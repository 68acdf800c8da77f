"""Wins against the files ordinal_licorice_pain.json, ordinal_pgic_simulated.json and by brute force."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.ordinal.scale_cases import CASES, from_counts, read
from tests.conftest import examples
from trialkit.analysis.means.probability_of_superiority import probability_of_superiority
from trialkit.analysis.ordinal.pairwise_wins import RankedOutcome, TimedOutcome
from trialkit.analysis.ordinal.wins import compare_wins
from trialkit.errors import AnalysisError

Y = (RankedOutcome(column="y"),)
ARMS: dict[str, Any] = {"arm": "arm", "reference": "C"}


@pytest.mark.parametrize("case", CASES)
def test_they_are_those_of_the_file(case: str) -> None:
    expected, frame = read(case)
    found = compare_wins(frame, outcomes=Y, arm="arm", reference=expected["arms"][0])
    wins, table = found.wins[0], found.to_frame().set_index("measure")
    for name in ("win", "loss", "tie", "win_ratio", "win_odds", "net_benefit"):
        assert getattr(wins, name) == pytest.approx(expected[name], rel=1e-12)
    assert wins.probability == pytest.approx(expected["probability_superiority"], rel=1e-12)
    munzel, row = expected["brunner_munzel"], table.loc["probability_of_superiority"]
    for column, name in (("statistic", "statistic"), ("df", "df"), ("se", "se"), ("p_value", "p")):
        assert row[column] == pytest.approx(munzel[name], rel=1e-9)
    np.testing.assert_allclose([row["conf_low"], row["conf_high"]], munzel["ci_t"], rtol=1e-10)
    benefit = table.loc["net_benefit"]
    assert benefit["conf_low"] == pytest.approx(2 * row["conf_low"] - 1)
    assert benefit["p_value"] == row["p_value"]


@settings(max_examples=examples(40))
@given(st.integers(0, 2**32 - 1))
def test_one_outcome_is_brunner_and_munzels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 5, 9).astype(float), rng.integers(0, 5, 12).astype(float)
    x[:2], y[:2] = [0, 4], [1, 3]
    frame = pd.DataFrame({"arm": ["E"] * 9 + ["C"] * 12, "y": np.append(x, y)})
    found = compare_wins(frame, outcomes=Y, **ARMS).to_frame().iloc[0]
    wanted = probability_of_superiority(x, y)
    for name in ("estimate", "se", "df", "p_value", "conf_low", "conf_high"):
        assert found[name] == pytest.approx(getattr(wanted, name), rel=1e-9)


def made_up(seed: int, n: int = 24) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "arm": np.resize(["C", "E", "E"], n),
            "time": rng.integers(1, 9, n).astype(float),
            "died": rng.integers(0, 2, n),
            "pain": rng.integers(0, 4, n).astype(float),
            "walk": rng.normal(400, 50, n).round(),
        }
    )


HIERARCHY = (
    TimedOutcome(time="time", event="died"),
    RankedOutcome(column="pain", higher_is_better=False),
    RankedOutcome(column="walk", margin=30),
)


def better(one: Any, two: Any) -> int:
    """Who of two is better, written as a person would."""
    if two.died and (two.time < one.time or (two.time == one.time and not one.died)):
        return 1
    if one.died and (one.time < two.time or (two.time == one.time and not two.died)):
        return -1
    if one.pain != two.pain:
        return 1 if one.pain < two.pain else -1
    if abs(one.walk - two.walk) > 30:
        return 1 if one.walk > two.walk else -1
    return 0


@settings(max_examples=examples(20))
@given(st.integers(0, 2**32 - 1))
def test_several_outcomes_are_asked_in_their_order(seed: int) -> None:
    frame = made_up(seed)
    found = compare_wins(frame, outcomes=HIERARCHY, **ARMS)
    ours = list(frame[frame["arm"] == "E"].itertuples())
    theirs = list(frame[frame["arm"] == "C"].itertuples())
    grid = np.array([[better(one, two) for two in theirs] for one in ours])
    wins = found.wins[0]
    assert wins.win == pytest.approx((grid > 0).mean())
    assert wins.loss == pytest.approx((grid < 0).mean())
    shares = found.shares()
    assert shares["outcome"].tolist() == ["all", "time", "pain", "walk"]
    assert shares["win"][1:].sum() == pytest.approx(wins.win)
    assert shares["tie"].iloc[-1] == pytest.approx(wins.tie, abs=1e-12)
    swapped = compare_wins(frame, outcomes=HIERARCHY, arm="arm", reference="E").wins[0]
    assert (swapped.win, swapped.loss) == (pytest.approx(wins.loss), pytest.approx(wins.win))
    np.testing.assert_allclose(swapped.covariance[::-1, ::-1], wins.covariance, atol=1e-12)


@pytest.mark.slow
def test_the_limits_of_the_win_ratio_hold_in_repetition() -> None:
    """The spread of the logarithm over many trials is the standard error that each states."""
    rng = np.random.default_rng(1)
    logs, errors = [], []
    for _ in range(200):
        y = np.append(rng.integers(0, 5, 60), np.minimum(rng.integers(0, 6, 60), 4))
        frame = pd.DataFrame({"arm": ["C"] * 60 + ["E"] * 60, "y": y})
        row = (
            compare_wins(frame, outcomes=Y, **ARMS).to_frame().set_index("measure").loc["win_ratio"]
        )
        logs.append(np.log(row["estimate"]))
        errors.append(row["se"])
    assert np.std(logs) == pytest.approx(np.mean(errors), rel=0.1)


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = made_up(3)
    whole = compare_wins(frame, outcomes=HIERARCHY, **ARMS).to_frame()
    monkeypatch.setattr("trialkit.analysis.ordinal.pairwise_wins.CHUNK", 20)
    pd.testing.assert_frame_equal(compare_wins(frame, outcomes=HIERARCHY, **ARMS).to_frame(), whole)


def test_a_missing_value_asks_the_next_outcome_and_a_row_of_none_is_left_out() -> None:
    frame = pd.DataFrame(
        {
            "id": list("abcdef"),
            "arm": list("CCEEEC"),
            "first": [1.0, 2.0, np.nan, 3.0, np.nan, 2.0],
            "second": [5.0, 6.0, 7.0, 1.0, np.nan, 1.0],
        }
    )
    outcomes = (RankedOutcome(column="first"), RankedOutcome(column="second"))
    found = compare_wins(frame, outcomes=outcomes, subject="id", **ARMS)
    assert found.excluded.to_dict("records") == [{"subject": "e", "reason": "no outcome is there"}]
    assert found.wins[0].win == 1
    table = found.to_frame().set_index("measure")
    assert table["status"].tolist() == ["estimated", "not_estimable", "not_estimable", "estimated"]
    assert table["estimate"]["win_ratio"] == np.inf
    assert (table["conf_low"]["net_benefit"], table["conf_high"]["net_benefit"]) == (1, 1)


def test_all_alike_is_no_effect_without_variance() -> None:
    found = compare_wins(from_counts({"C": [0, 3], "E": [0, 4]}), outcomes=Y, **ARMS)
    table = found.to_frame().set_index("measure")
    assert table["estimate"]["probability_of_superiority"] == 0.5
    assert table["p_value"]["probability_of_superiority"] == 1
    assert np.isnan(table["estimate"]["win_ratio"])


@pytest.mark.parametrize(
    ("outcomes", "message"),
    [
        ((), "must be a sequence"),
        (RankedOutcome(column="pain"), "must be a sequence"),
        ((RankedOutcome(column="pain", margin=-1),), "must be 0 or more"),
        ((TimedOutcome(time="time", event="pain"),), "must be 1 or 0"),
        ((RankedOutcome(column="pian"),), "did you mean 'pain'"),
    ],
)
def test_what_is_no_outcome_is_refused(outcomes: Any, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        compare_wins(made_up(1).assign(pain=[3.0] * 24), outcomes=outcomes, **ARMS)


def test_an_arm_of_one_is_refused() -> None:
    with pytest.raises(AnalysisError, match="two subjects an arm with an outcome; E has less"):
        compare_wins(from_counts({"C": [1, 2], "E": [1]}), outcomes=Y, **ARMS)
