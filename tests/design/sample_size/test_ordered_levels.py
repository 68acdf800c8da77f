"""Sizes for an ordered outcome against R's Hmisc, a closed form of two levels, and simulated trials."""

import json
from math import inf, log, sqrt

import numpy as np
import pytest
from scipy.stats import norm

from tests.design.size_reference import FOLDER, values_of
from trialkit.analysis.ordinal.batched_odds import proportional_odds_batch
from trialkit.design.sample_size.ordered_levels import OrdinalOdds, shares_moved
from trialkit.design.sample_size.situation import EffectRange
from trialkit.errors import ProtocolError

HMISC = json.loads((FOLDER / "proportional_odds.json").read_text(encoding="utf-8"))
LEVELS = (0.2, 0.5, 0.2, 0.1)


@pytest.mark.parametrize("case", HMISC["cases"], ids=lambda case: str(case["odds_ratio"]))
def test_sizes_and_shares_are_those_of_hmisc(case: dict) -> None:
    trial = OrdinalOdds(
        odds_ratio=case["odds_ratio"],
        levels=tuple(case["levels"]),
        allocation=tuple(case["allocation"]),
        alpha=case["alpha"],
    )
    size = trial.solve_n(case["power"])
    assert size.n_unrounded == pytest.approx(case["n"], rel=1e-9)
    named = values_of(size.quantities)[:-1]
    assert [value for _, value in named] == pytest.approx(case["experimental"], abs=1e-12)
    assert named[0][0] == "experimental_level_1"


def test_two_levels_have_the_information_of_a_risk() -> None:
    """1 − p̄³ − q̄³ is 3 p̄ q̄: n₀ n₁ p̄ q̄ / n, with the risks averaged by the arms' sizes."""
    trial = OrdinalOdds(odds_ratio=2.2, levels=(0.7, 0.3), alpha=0.02)
    risk = 2.2 * 0.3 / (0.7 + 2.2 * 0.3)
    average = (40 * 0.3 + 70 * risk) / 110
    information = 40 * 70 / 110 * average * (1 - average)
    expected = norm.cdf(log(2.2) * sqrt(information) - norm.isf(0.01))
    assert trial.power((40, 70)) == pytest.approx(expected, abs=1e-12)
    assert dict(values_of(trial.quantities((40, 70))))["se_of_log_odds_ratio"] == pytest.approx(
        1 / sqrt(information)
    )


def test_simulated_trials_of_the_size_have_the_power() -> None:
    trial = OrdinalOdds(odds_ratio=1.8, levels=LEVELS)
    reference, experimental = (int(n) for n in trial.solve_n(0.8).n_by_arm)
    rng = np.random.default_rng(20_260_815)
    moved = np.array(shares_moved(LEVELS, 1.8))
    drawn = [
        rng.choice(4, size=(4000, reference), p=LEVELS),
        rng.choice(4, size=(4000, experimental), p=moved / moved.sum()),
    ]
    found = proportional_odds_batch(
        np.concatenate(drawn, axis=1), np.repeat([0, 1], [reference, experimental])
    )
    rejected = float((found.p_value[:, 0] <= 0.05).mean())
    assert rejected == pytest.approx(trial.power((reference, experimental)), abs=0.02)
    assert found.estimate.mean() == pytest.approx(log(1.8), abs=0.02)


def test_turning_the_order_of_the_levels_turns_the_ratio() -> None:
    down = OrdinalOdds(odds_ratio=1 / 1.8, levels=LEVELS[::-1])
    assert down.power(200) == pytest.approx(OrdinalOdds(odds_ratio=1.8, levels=LEVELS).power(200))
    assert down.effect_range() == EffectRange(null=1.0, limit=0.0)
    more = OrdinalOdds(odds_ratio=1.8, levels=LEVELS)
    assert more.effect_range() == EffectRange(null=1.0, limit=inf)
    assert more.detectable(200, more.power(200)) == pytest.approx(1.8, rel=1e-6)
    assert [more.possible(each) for each in ((1, 1), (0.9, 5))] == [True, False]


def test_question_and_note_say_what_is_assumed() -> None:
    trial = OrdinalOdds(odds_ratio=1.8, levels=LEVELS, sides=1)
    assert trial.question() == (
        "to detect an odds ratio of 1.8 for a higher level, with shares of 0.2, 0.5, 0.2, 0.1 at the "
        "levels under the reference, by a one-sided test of proportional odds at the level 0.05"
    )
    assert "Whitehead's for small effects" in trial.notes()[0]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"odds_ratio": 1}, "odds_ratio is 1: there is nothing to detect"),
        ({"odds_ratio": 0}, "odds_ratio must be above 0"),
        ({"levels": (1.0,)}, "a share for each level of the outcome"),
        ({"levels": (0.5, 0.4)}, "must add up to 1, got 0.9"),
        ({"levels": (0.5, 0.5, 0.0)}, "share 3 of levels must lie between 0 and 1"),
        ({"allocation": (1, 1, 1)}, "allocation must be 2 whole numbers"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict, said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        OrdinalOdds(**{"odds_ratio": 1.8, "levels": LEVELS} | wrong)
