"""Mechanisms of leaving as ``simulation.toml`` states them, and what an estimand makes of leaving."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE
from trialkit.design.simulation.assumptions import Assumptions, read_assumptions
from trialkit.design.simulation.mechanisms import (
    DropoutMechanism,
    LeavingAsEvent,
    LeavingDependsOn,
    LeavingOfArm,
    SeenAs,
    leaving_as_event,
)
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.estimands import Strategy
from trialkit.steps.opening import open_trial


def read(tmp_path: Path, text: str) -> Assumptions:
    path = tmp_path / "simulation.toml"
    path.write_text(text, encoding="utf-8")
    trial = open_trial(EXAMPLE)
    return read_assumptions(EXAMPLE, trial.protocol, trial.schemas, path=path)


def test_a_mechanism_is_read_with_what_each_arm_has_of_its_own(tmp_path: Path) -> None:
    (found,) = read(
        tmp_path,
        """
[[mechanisms]]
name = "worse leave"
mechanism = "mnar"
dropout = 0.2
log_odds_per_sd = -0.5
depends_on = "change"
retrieved = 0.3
delta = -2
arms = [{ arm = "EG", dropout = 0.4, delta = -4 }, { arm = "CG", delta = 0 }]
""",
    ).mechanisms
    assert found == DropoutMechanism(
        name="worse leave",
        mechanism=LeavingDependsOn.UNSEEN,
        dropout=0.2,
        log_odds_per_sd=-0.5,
        depends_on=SeenAs.CHANGE,
        retrieved=0.3,
        delta=-2.0,
        arms=(LeavingOfArm(arm="EG", dropout=0.4, delta=-4.0), LeavingOfArm(arm="CG", delta=0.0)),
    )
    assert [found.dropout_in(arm, 0.1) for arm in ("EG", "CG")] == [0.4, 0.2]
    assert [found.delta_in(arm) for arm in ("EG", "CG", "XX")] == [-4.0, 0.0, -2.0]
    bare = replace(found, dropout=None, arms=())
    assert bare.dropout_in("EG", 0.1) == 0.1
    assert read(tmp_path, "").mechanisms == ()


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ('mechanism = "mcar"\nlog_odds_per_sd = 1', "nothing is missing completely at random"),
        ('mechanism = "mcar"\ndelta = 1', "nothing is missing completely at random"),
        ('mechanism = "mar"', "mar needs log_odds_per_sd"),
        ('mechanism = "mar"\nlog_odds_per_sd = 1\ndelta = 1', "has no delta"),
        ('mechanism = "mnar"', "mnar needs log_odds_per_sd"),
        ('mechanism = "mnar"\narms = [{ arm = "EG", delta = 0 }]', "mnar needs log_odds_per_sd"),
        ('mechanism = "mnar"\nlog_odds_per_sd = 11', "from -10 to 10, got 11"),
        ('mechanism = "mcar"\ndropout = 1', "dropout is a share from 0 to below 1, got 1"),
        ('mechanism = "mcar"\nretrieved = 1.5', "retrieved is a share from 0 to 1, got 1.5"),
        ('mechanism = "mcar"\narms = [{ arm = "EG", dropout = -1 }]', "dropout is a share"),
        ('mechanism = "mcar"\narms = [{ arm = "E", dropout = 0.1 }]', "an arm of the protocol"),
        ('mechanism = "mcar"\nevent = "gone"', "an intercurrent event of an estimand"),
        ('mechanism = "random"', "expected one of mcar, mar, mnar"),
    ],
)  # fmt: skip
def test_a_mechanism_that_says_two_things_or_none_is_refused(
    stated: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(ProtocolError, match=words):
        read(tmp_path, f'[[mechanisms]]\nname = "m"\n{stated}\n')


def test_names_stand_once_and_are_not_blank(tmp_path: Path) -> None:
    one = '[[mechanisms]]\nname = "m"\nmechanism = "mcar"\n'
    with pytest.raises(ProtocolError, match="the name again"):
        read(tmp_path, one + one)
    with pytest.raises(ProtocolError, match="name is blank"):
        read(tmp_path, one.replace('"m"', '" "'))


def test_without_an_intercurrent_event_every_value_counts() -> None:
    protocol = open_trial(EXAMPLE).protocol
    (analysis, *_) = protocol.plan.analyses
    none = replace(
        protocol,
        estimands=tuple(replace(each, intercurrent_events=()) for each in protocol.estimands),
    )
    mechanism = DropoutMechanism(name="m", mechanism=LeavingDependsOn.NOTHING)
    assert leaving_as_event(none, analysis, mechanism) == LeavingAsEvent(
        strategy=Strategy.TREATMENT_POLICY, sets_missing=False
    )
