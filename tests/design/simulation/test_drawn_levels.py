"""Levels are drawn with the shares that are assumed, and odds that are proportional."""

from math import exp, log
from pathlib import Path

import numpy as np
import pytest

from tests.report.kinds_of_trial import KINDS, write_trial
from trialkit.design.simulation.assumptions import (
    ArmChange,
    OutcomeAssumption,
    assume,
    read_assumptions,
)
from trialkit.design.simulation.courses import course_of
from trialkit.errors import ProtocolError
from trialkit.steps.opening import open_trial

LEVELS = (0.1, 0.2, 0.3, 0.2, 0.2)


def test_shares_and_odds_are_those_assumed(tmp_path: Path) -> None:
    protocol = open_trial(write_trial(tmp_path / "trial", KINDS["ordinal primary"])).protocol
    assumed = OutcomeAssumption(
        code="effect", levels=LEVELS, changes=(ArmChange(arm="TRAIN", change=log(2)),)
    )
    course = course_of(protocol, protocol.primary, assumed, ("V1", "V2"), effect=1.0, dropout=0.19)
    assert course.thresholds == pytest.approx([log(p / (1 - p)) for p in (0.1, 0.3, 0.6, 0.8)])
    # the baseline, at which it is not asked, counts as the first visit
    assert course.staying == pytest.approx((0.9, 0.81))
    drawn = course.draw((4000, 4000), replicates=5, rng=np.random.default_rng(3))
    end = drawn.values[:, :, 1]
    care, train = (end[:, drawn.arms == arm] for arm in (0, 1))
    assert np.isnan(end).mean() == pytest.approx(0.19, abs=0.01)
    shares = [np.mean(care[~np.isnan(care)] == level) for level in range(1, 6)]
    assert shares == pytest.approx(LEVELS, abs=0.01)
    for cut in range(1, 5):
        odds = [np.mean(each > cut) / np.mean(each <= cut) for each in (care, train)]
        assert odds[1] / odds[0] == pytest.approx(exp(log(2)), abs=0.15)


def test_what_nobody_stated_is_a_placeholder_of_the_forms_levels(tmp_path: Path) -> None:
    trial = open_trial(write_trial(tmp_path / "trial", KINDS["ordinal primary"]))
    default = assume(trial.protocol, trial.schemas).outcome("effect")
    assert default.levels == (0.2,) * 5
    assert default.changes == (ArmChange(arm="TRAIN", change=log(2)),)
    stated = tmp_path / "assumed.toml"
    stated.write_text('[[outcomes]]\ncode = "effect"\nlevels = [0.5, 0.5]\n', "utf-8")
    with pytest.raises(ProtocolError, match=r"2 shares.*5 levels"):
        read_assumptions(tmp_path, trial.protocol, trial.schemas, path=stated)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "give baseline or, of an ordinal outcome, levels"),
        ({"baseline": 1.0, "levels": LEVELS}, "give baseline or"),
        ({"levels": (0.5, 0.4)}, "must add up to 1"),
        ({"levels": LEVELS, "sd": 2.0}, "sd is of numbers"),
    ],
)
def test_levels_stand_alone(wrong: dict, said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        OutcomeAssumption(code="effect", **wrong)
