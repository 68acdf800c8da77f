"""Events of a log-rank test against rpact and the two formulas, and the participants they need."""

from math import inf, log, sqrt

import pytest
from scipy.stats import norm

from tests.design.size_reference import R
from trialkit.design.sample_size.log_rank import LogRank
from trialkit.design.sample_size.situation import EffectRange
from trialkit.errors import ProtocolError


@pytest.mark.parametrize("formula", ["schoenfeld", "freedman"])
def test_events_are_those_of_rpact(formula: str) -> None:
    expected = R["log_rank"]
    equal = LogRank(hazard_ratio=0.7, formula=formula).solve_n(0.8)
    assert equal.n_unrounded == pytest.approx(expected[formula], rel=1e-10)
    unequal = LogRank(hazard_ratio=0.7, formula=formula, allocation=(1, 2)).solve_n(0.8)
    assert unequal.n_unrounded == pytest.approx(expected[f"{formula}_2_to_1"], rel=1e-9)


def test_participants_follow_from_the_shares_with_an_event() -> None:
    trial = LogRank(hazard_ratio=0.7, event_share_reference=0.5, event_share_experimental=0.4)
    size = trial.solve_n(0.8, dropout=0.1)
    assert size.n == 247
    assert size.n_randomised == 610
    assert "247 events" in size.sentence
    assert "610 participants" in size.sentence
    alone = LogRank(hazard_ratio=0.7).solve_n(0.8)
    assert alone.n_randomised is None
    assert any("event_share_reference" in note for note in alone.notes)


def test_both_formulas_by_hand_at_one_to_three() -> None:
    """80 events: Schoenfeld log(HR) √(80 · 3 / 16), Freedman (1 - HR) √(80 · 3) / (1 + 3 HR)."""
    assumed = {"hazard_ratio": 1.8, "allocation": (1, 3), "alpha": 0.02}
    schoenfeld = LogRank(**assumed)
    freedman = LogRank(**assumed, formula="freedman", sides=1)
    expected = norm.cdf(log(1.8) * sqrt(80 * 3 / 16) - norm.isf(0.01))
    assert schoenfeld.power(80) == pytest.approx(expected, abs=1e-12)
    expected = norm.cdf(0.8 * sqrt(240) / (1 + 3 * 1.8) - norm.isf(0.02))
    assert freedman.power(80) == pytest.approx(expected, abs=1e-12)
    assert schoenfeld.shares == (1,)
    assert [schoenfeld.possible((events,)) for events in (0.99, 1)] == [False, True]


def test_participants_are_the_events_over_each_arms_share_of_them() -> None:
    """One to three, half and a fifth with an event: 1.1 events for each 4 randomised."""
    trial = LogRank(
        hazard_ratio=0.7,
        allocation=(1, 3),
        event_share_reference=0.5,
        event_share_experimental=0.2,
    )
    assert trial.participants_of((110,)) == pytest.approx((100, 300))
    assert trial.notes() == ("trialkit cannot yet analyse times to an event",)
    unknown = LogRank(hazard_ratio=0.7)
    assert unknown.participants_of((110,)) is None
    assert unknown.notes()[0] == trial.notes()[0]
    assert unknown.notes()[1].endswith("give event_share_reference and event_share_experimental")


def test_the_detectable_ratio_is_the_one_assumed_on_its_side_of_one() -> None:
    fewer, more = LogRank(hazard_ratio=0.7), LogRank(hazard_ratio=1.6, formula="freedman")
    assert fewer.effect_range() == EffectRange(null=1.0, limit=0.0)
    assert more.effect_range() == EffectRange(null=1.0, limit=inf)
    for trial in (fewer, more):
        found = trial.detectable(200, trial.power(200))
        assert found == pytest.approx(trial.assumed_effect, rel=1e-6)


def test_the_question_names_the_formula() -> None:
    assert LogRank(hazard_ratio=0.7, alpha=0.01).question() == (
        "to detect a hazard ratio of 0.7 by a two-sided log-rank test (Schoenfeld's formula) at "
        "the level 0.01"
    )
    assert "one-sided log-rank test (Freedman's formula)" in (
        LogRank(hazard_ratio=0.7, formula="freedman", sides=1).question()
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hazard_ratio": 1}, "hazard_ratio is 1: there is nothing to detect"),
        ({"hazard_ratio": 0}, "hazard_ratio must be above 0"),
        ({"event_share_reference": 0.5}, "give event_share_reference and event_share_experimental"),
        ({"event_share_experimental": 0.5}, "and event_share_experimental, or none"),
        (
            {"event_share_reference": 0, "event_share_experimental": 0.5},
            "event_share_reference must be above 0, at most 1, got 0",
        ),
        (
            {"event_share_reference": 1, "event_share_experimental": 1.1},
            "event_share_experimental must be above 0, at most 1, got 1.1",
        ),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict, said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        LogRank(**{"hazard_ratio": 0.7} | wrong)
