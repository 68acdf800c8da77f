"""Simulated crossover trials: changes are of treatments, in the period in which each is given."""

from dataclasses import replace

import numpy as np
import pytest

from tests.report.crossover_trial import write_crossover
from trialkit.design.simulation.assumptions import ArmChange, OutcomeAssumption
from trialkit.design.simulation.courses import course_of
from trialkit.protocol.loading import load_protocol
from trialkit.protocol.trial.protocol import Protocol

VISITS = ("V0", "V1", "V2", "V3")
ASSUMED = OutcomeAssumption(
    code="pain",
    baseline=50,
    sd=10,
    correlation=0.6,
    changes=(ArmChange(arm="A", change=-2), ArmChange(arm="B", change=-8)),
)


@pytest.fixture(scope="module")
def protocol(tmp_path_factory: pytest.TempPathFactory) -> Protocol:
    return load_protocol(write_crossover(tmp_path_factory.mktemp("simulated") / "trial"))


def means(protocol: Protocol, effect: float) -> tuple[tuple[float, ...], ...]:
    outcome = protocol.outcome("pain")
    course = course_of(protocol, outcome, ASSUMED, VISITS, effect=effect, dropout=0.0)
    covariance = np.array(course.covariance)
    assert covariance[1, 3] / covariance[1, 1] == pytest.approx(0.6)  # within a participant
    return course.means


def test_each_sequence_changes_by_what_it_is_given_and_starts_anew(protocol: Protocol) -> None:
    assert means(protocol, 1.0) == ((50, 48, 50, 42), (50, 42, 50, 48))


def test_without_an_effect_all_change_as_the_reference(protocol: Protocol) -> None:
    assert means(protocol, 0.0) == ((50, 48, 50, 48), (50, 48, 50, 48))


def test_a_change_grows_over_the_visits_of_a_period(protocol: Protocol) -> None:
    first, second = protocol.periods
    longer = replace(first, visits=("V0", "V1", "V2"), time_point="V2")
    one = replace(second, visits=("V3",), baseline="")
    found = means(replace(protocol, periods=(longer, one)), 1.0)
    assert found == ((50, 49, 48, 42), (50, 46, 42, 48))
