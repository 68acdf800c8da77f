"""On which side of no effect a margin stands, and what limits on each scale show."""

import pytest

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.margins import better_effect, conclude_of, refuse_margin
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.results.effect import Scale

NON_INFERIORITY, EQUIVALENCE = MarginQuestion.NON_INFERIORITY, MarginQuestion.EQUIVALENCE
HIGHER, LOWER = Direction.HIGHER, Direction.LOWER


def test_a_hazard_runs_against_the_time() -> None:
    for scale in (Scale.HAZARD_RATIO, Scale.SUBDISTRIBUTION_HAZARD_RATIO):
        assert better_effect(scale, HIGHER, of=Summary.TIME) is LOWER
        assert better_effect(scale, LOWER, of=Summary.TIME) is HIGHER
    # a difference of risks is of an event that is better had or not, but for a share of time
    assert better_effect(Scale.PERCENTAGE_POINTS, LOWER, of=Summary.PROPORTION) is LOWER
    assert better_effect(Scale.PERCENTAGE_POINTS, LOWER, of=Summary.TIME) is HIGHER
    for scale in (Scale.DIFFERENCE, Scale.RATE_RATIO, Scale.RISK_RATIO):
        assert better_effect(scale, LOWER, of=Summary.MEAN) is LOWER


@pytest.mark.parametrize(
    ("scale", "better", "good", "bad"),
    [
        (Scale.RATE_RATIO, LOWER, 1.25, 0.8),
        (Scale.RISK_RATIO, HIGHER, 0.8, 1.25),
        (Scale.HAZARD_RATIO, LOWER, 1.25, 0.8),
        (Scale.HAZARD_RATIO, HIGHER, 0.8, 1.25),
    ],
)
def test_a_ratio_is_held_against_a_margin_on_the_side_of_worse(
    scale: Scale, better: Direction, good: float, bad: float
) -> None:
    refuse_margin(good, scale=scale, question=NON_INFERIORITY, better=better)
    with pytest.raises(ProtocolError, match=f"such as {good:g}"):
        refuse_margin(bad, scale=scale, question=NON_INFERIORITY, better=better)
    refuse_margin(bad, scale=scale, question=EQUIVALENCE, better=better)
    names = ("E", "C")
    about = {"scale": scale, "names": names, "margin": good}
    bad_limit, good_limit = (1.3, 0.7) if good > 1 else (0.7, 1.3)
    for limit, shown in ((bad_limit, False), (good_limit, True)):
        limits = (min(limit, 1.0), max(limit, 1.0))
        assert conclude_of(NON_INFERIORITY, better, limits=limits, **about)[0] is shown


def test_shares_and_ones_are_no_margins() -> None:
    about = {"question": EQUIVALENCE, "better": LOWER}
    with pytest.raises(ProtocolError, match=r"a share below 1 \(0.1 is 10 %\), got 5"):
        refuse_margin(5, scale=Scale.PERCENTAGE_POINTS, **about)
    with pytest.raises(ProtocolError, match="a ratio of 1 is no difference"):
        refuse_margin(1, scale=Scale.ODDS_RATIO, **about)
    refuse_margin(5, scale=Scale.DIFFERENCE, **about)


def test_a_ratio_whose_interval_reaches_down_to_none_excludes_no_margin_below_one() -> None:
    about = {"scale": Scale.RISK_RATIO, "names": ("E", "C"), "margin": 0.8}
    assert not conclude_of(NON_INFERIORITY, HIGHER, limits=(0, 2), **about)[0]
