"""Assumptions: read from simulation.toml, with every complaint at once, or by default."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import EXAMPLE, THREE_ARMS
from trialkit.design.simulation.assumptions import (
    OutcomeAssumption,
    SimulatedConduct,
    assume,
    read_assumptions,
)
from trialkit.design.simulation.courses import arm_sizes, course_of, staying
from trialkit.errors import DesignError, ProtocolError
from trialkit.steps.opening import open_trial

STATED = """
[conduct]
participants = 120
dropout = 0.15

[[outcomes]]
code = "function"
baseline = 42
sd = 12
correlation = 0.6
decay = 0.1
changes = [{ arm = "HIGH", change = 9 }, { arm = "CTRL", change = 2 }]

[[scenarios]]
name = "half"
effect = 0.5
"""


def read(tmp_path: Path, text: str):
    trial = open_trial(THREE_ARMS)
    path = tmp_path / "assumed.toml"
    path.write_text(text)
    return read_assumptions(trial.folder, trial.protocol, trial.schemas, path=path)


def test_what_is_stated_is_taken_and_the_rest_is_by_default(tmp_path: Path) -> None:
    found = read(tmp_path, STATED)
    default = assume(open_trial(THREE_ARMS).protocol, open_trial(THREE_ARMS).schemas)

    assert (found.conduct.participants, found.conduct.dropout) == (120, 0.15)
    assert found.conduct.attendance == default.conduct.attendance
    assert found.outcome("function").sd == 12
    assert found.outcome("function").assumed == ""
    assert found.outcome("walk") == default.outcome("walk")
    assert [each.effect for each in found.scenarios] == [0.5]


def test_all_complaints_come_together(tmp_path: Path) -> None:
    text = (
        "[conduct]\ndropuot = 0.1\n"
        '[[outcomes]]\ncode = "funktion"\nbaseline = 1\n'
        '[[outcomes]]\ncode = "walk"\nbaseline = 1\nchanges = [{ arm = "HIHG", change = 1 }]\n'
        '[[outcomes]]\ncode = "improved"\nbaseline = 0.9\n'
        'changes = [{ arm = "HIGH", change = 0.2 }]\n'
        "[[scenario]]\n"
    )
    with pytest.raises(ProtocolError) as caught:
        read(tmp_path, text)
    said = str(caught.value)
    for word in ("dropuot", "funktion", "HIHG", "a risk of 1.1", "scenario"):
        assert word in said


def test_defaults_say_that_they_are_defaults() -> None:
    trial = open_trial(EXAMPLE)
    assumed = assume(trial.protocol, trial.schemas)
    pain = assumed.outcome("vas")
    assert (pain.baseline, pain.change("EG"), pain.change("CG")) == (47.5, -15.0, 0.0)
    assert all("by default" in each.assumed for each in assumed.outcomes)


def test_conduct_that_is_no_table_is_told(tmp_path: Path) -> None:
    (tmp_path / "simulation.toml").write_text("[[conduct]]\nparticipants = 9\n", encoding="utf-8")
    trial = open_trial(EXAMPLE)
    with pytest.raises(ProtocolError, match=r"conduct.*a table"):
        read_assumptions(tmp_path, trial.protocol, trial.schemas)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SimulatedConduct(participants=1), "participants"),
        (lambda: SimulatedConduct(dropout=1.0), "below 1"),
        (lambda: SimulatedConduct(missing=1.5), "share"),
        (lambda: SimulatedConduct(screened=0.5), "screened"),
        (lambda: SimulatedConduct(adverse_events=-1), "0 or more"),
        (lambda: OutcomeAssumption(code="x", baseline=1, sd=0), "sd"),
        (lambda: OutcomeAssumption(code="x", baseline=1, correlation=1), "correlation"),
        (lambda: OutcomeAssumption(code="x", baseline=1, decay=2), "decay"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_cannot_be_assumed_is_refused(make, words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        make()


def test_a_change_grows_with_the_days_and_stays_after_the_time_point() -> None:
    trial = open_trial(THREE_ARMS)
    outcome = replace(trial.protocol.outcome("function"), time_point="W8")
    assumed = OutcomeAssumption(
        code="function",
        baseline=50,
        sd=10,
        correlation=0.5,
        decay=0.2,
        changes=(*assume(trial.protocol, trial.schemas).outcome("function").changes,),
    )
    course = course_of(
        trial.protocol, outcome, assumed, trial.protocol.visit_codes, effect=0.5, dropout=0.2
    )
    high = course.means[trial.protocol.arm_codes.index("HIGH")]
    assert high == pytest.approx((50, 52, 54, 54))
    assert course.means[0] == (50, 50, 50, 50)
    covariance = np.array(course.covariance)
    assert covariance[0] == pytest.approx([100, 50, 40, 32])
    assert course.staying == pytest.approx((1, 0.8 ** (1 / 3), 0.8 ** (2 / 3), 0.8))


def test_values_after_somebody_left_are_missing_for_good() -> None:
    trial = open_trial(THREE_ARMS)
    course = course_of(
        trial.protocol,
        trial.protocol.primary,
        assume(trial.protocol, trial.schemas).outcome("function"),
        trial.protocol.visit_codes,
        effect=1.0,
        dropout=0.4,
    )
    drawn = course.draw((20, 30, 25), replicates=50, rng=np.random.default_rng(1))
    seen = ~np.isnan(drawn.values)
    assert seen[:, :, 0].all()
    assert (seen[:, :, 1:] <= seen[:, :, :-1]).all()
    assert seen[:, :, -1].mean() == pytest.approx(0.6, abs=0.04)
    assert np.bincount(drawn.arms).tolist() == [20, 30, 25]


@pytest.mark.parametrize(
    ("participants", "sizes"), [(10, (3, 4, 3)), (34, (10, 14, 10)), (35, (11, 14, 10))]
)
def test_arms_have_the_ratio_as_nearly_as_whole_people_allow(
    participants: int, sizes: tuple[int, ...]
) -> None:
    assert arm_sizes(open_trial(THREE_ARMS).protocol, participants) == sizes


def test_one_visit_keeps_everybody_and_impossible_correlations_are_refused() -> None:
    assert staying(1, 0.5) == (1.0,)
    trial = open_trial(THREE_ARMS)
    wild = OutcomeAssumption(code="function", baseline=50, sd=1, correlation=0.9, decay=1)
    with pytest.raises(DesignError, match="impossible"):
        course_of(
            trial.protocol,
            trial.protocol.primary,
            wild,
            trial.protocol.visit_codes,
            effect=1,
            dropout=0,
        )


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("participants = 100_001", "participants must be 100,000 or fewer, got 100,001"),
        ("screened = 101", "screened must be from 1 to 100, got 101"),
        ("screened = 0.5", "screened must be from 1 to 100, got 0.5"),
        ("adverse_events = 101", "must be 100 or fewer for each participant"),
        ("other_treatments = 1e9", "must be 100 or fewer for each participant"),
    ],
)
def test_more_people_or_events_than_are_simulated_are_refused(
    stated: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(ProtocolError, match=words):
        read(tmp_path, f"[conduct]\n{stated}\n")


def test_as_many_as_are_simulated_can_be_stated(tmp_path: Path) -> None:
    stated = "[conduct]\nparticipants = 100_000\nscreened = 100\nadverse_events = 100\n"
    assert read(tmp_path, stated).conduct.participants == 100_000
