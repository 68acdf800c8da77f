"""Events of a log-rank test against rpact and the two formulas, and the participants they need."""

from math import exp, inf, log, sqrt

import pytest
from scipy.stats import norm

from tests.design.size_reference import R
from trialkit.design.sample_size.log_rank import LogRank
from trialkit.design.sample_size.situation import EffectRange
from trialkit.errors import DesignError, ProtocolError


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
    assert size.sentence.endswith(
        "610 participants (305 reference and 305 experimental) are to be randomised; 137 reference and 110 "
        "experimental of the events are expected."
    )
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
    assert trial.notes() == ()
    unknown = LogRank(hazard_ratio=0.7)
    assert unknown.participants_of((110,)) is None
    (lacking,) = unknown.notes()
    assert lacking.endswith(
        "give event_share_reference and event_share_experimental, or median_reference and follow_up"
    )


FOLLOWED = {"hazard_ratio": 0.6, "median_reference": 10, "accrual": 12, "follow_up": 6}


def test_hazards_and_shares_of_them_are_one_calculation() -> None:
    trial = LogRank(**FOLLOWED, allocation=(1, 2), loss_hazards=(0.01, 0.02))
    shares = trial.event_shares
    assert shares is not None
    given = LogRank(
        hazard_ratio=0.6,
        event_share_reference=shares[0],
        event_share_experimental=shares[1],
        allocation=(1, 2),
    )
    assert given.participants_of((97,)) == pytest.approx(trial.participants_of((97,)), rel=1e-12)
    assert trial.power(97) == given.power(97)
    found = {each.name: each.value for each in trial.quantities((97.0,))}
    assert found["events_reference"] + found["events_experimental"] == pytest.approx(97)
    assert found["event_share_experimental"] == shares[1]
    assert (trial.counts_losses, given.counts_losses) == (True, False)
    same = LogRank(**{**FOLLOWED, "median_reference": None}, hazards_reference=(log(2) / 10,))
    assert same.event_shares == LogRank(**FOLLOWED).event_shares


def test_lachin_and_foulkes_written_out_for_unequal_arms() -> None:
    trial = LogRank(**FOLLOWED, formula="lachin_foulkes", allocation=(1, 2))

    def share(hazard: float) -> float:
        return 1 - (exp(-6 * hazard) - exp(-18 * hazard)) / (12 * hazard)

    hazard = log(2) / 10
    arms, mean = (share(hazard), share(0.6 * hazard)), share(hazard * (1 + 2 * 0.6) / 3)
    n = 300
    null = 1 / (n / 3 * mean) + 1 / (2 * n / 3 * mean)
    actual = 1 / (n / 3 * arms[0]) + 1 / (2 * n / 3 * arms[1])
    expected = norm.cdf((-log(0.6) - norm.isf(0.025) * sqrt(null)) / sqrt(actual))
    events = n / 3 * arms[0] + 2 * n / 3 * arms[1]
    assert trial.power(events) == pytest.approx(expected, rel=1e-9)


def test_the_sentence_says_what_is_assumed_of_hazards_entry_and_losses() -> None:
    assert (
        LogRank(**FOLLOWED)
        .question()
        .endswith(
            "at the level 0.05, assuming a median of 10 in the reference arm; uniform entry over 12, and the "
            "end 6 after the last entry"
        )
    )
    pieces = LogRank(
        hazard_ratio=0.6, hazards_reference=(0.1, 0.2), hazard_changes=(4,), follow_up=12,
        loss_hazards=(0.01, 0.02), formula="lachin_foulkes",
    )  # fmt: skip
    assert pieces.question().endswith(
        "(Lachin and Foulkes' formula) at the level 0.05, assuming a hazard of 0.1, 0.2 from 4 on in the "
        "reference arm; a follow-up of 12 for everybody; hazards of leaving of 0.01 in the reference and "
        "0.02 in the experimental arm"
    )


def test_nobody_with_the_event_is_said() -> None:
    late = {
        "hazard_ratio": 0.6,
        "hazards_reference": (0, 1),
        "hazard_changes": (20,),
        "follow_up": 12,
    }
    assert LogRank(**late).notes() == ("nobody has the event as long as participants are followed",)
    with pytest.raises(DesignError, match="nobody has the event as long"):
        LogRank(**late, formula="lachin_foulkes").power(50)


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
        ({"median_reference": 5}, "needs both the hazard of the reference arm"),
        ({"follow_up": 5}, "needs both the hazard of the reference arm"),
        ({"median_reference": 0, "follow_up": 5}, "median_reference must be above 0"),
        ({"median_reference": 5, "hazards_reference": (1,), "follow_up": 5}, "not both"),
        ({"hazards_reference": (0, 0), "hazard_changes": (1,), "follow_up": 5}, "0 at all times"),
        ({"hazards_reference": (1, 2), "follow_up": 5}, "one time fewer than hazards_reference"),
        (
            {"hazards_reference": (1, 2, 3), "hazard_changes": (2, 2), "follow_up": 5},
            "hazard_changes must rise",
        ),
        ({"hazards_reference": (1, -1), "hazard_changes": (2,), "follow_up": 5}, "0 or more"),
        ({"median_reference": 5, "follow_up": 0}, "nobody is followed"),
        ({"median_reference": 5, "follow_up": 5, "accrual": -1}, "accrual must be 0 or more"),
        ({"median_reference": 5, "follow_up": 5, "loss_hazards": (1,)}, "loss_hazards has two"),
        ({"accrual": 5}, "say nothing without the hazard"),
        ({"formula": "lachin_foulkes"}, "lachin_foulkes needs the hazard"),
        (
            {
                "event_share_reference": 0.5,
                "event_share_experimental": 0.5,
                "median_reference": 5,
                "follow_up": 5,
            },
            "or the hazard of the reference arm",
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
