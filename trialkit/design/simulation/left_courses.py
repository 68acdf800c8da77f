"""The course of an outcome under a mechanism of leaving, and what an estimand is of it in truth."""

from dataclasses import dataclass, replace

from trialkit.design.simulation.courses import SimulatedCourse, staying_at
from trialkit.design.simulation.leaving import Leaving, leaving_of
from trialkit.design.simulation.mechanisms import (
    DropoutMechanism,
    LeavingAsEvent,
    leaving_as_event,
)
from trialkit.errors import DesignError
from trialkit.protocol.methods.estimands import Strategy
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCourse:
    """A course that participants leave, and by which strategy leaving enters the question."""

    course: SimulatedCourse
    leaving: Leaving
    event: LeavingAsEvent

    @property
    def strategy(self) -> str:
        """Of the estimand, for leaving."""
        return self.event.strategy.value

    def means_at(self, place: int) -> list[float]:
        """The mean of each arm at a visit that the estimand is of.

        By treatment policy that of everybody, what leaving changed included; by the hypothetical strategy
        that which it would be had nobody left.
        """
        had_nobody_left = [means[place] for means in self.course.means]
        if self.event.strategy is not Strategy.TREATMENT_POLICY:
            return had_nobody_left
        deltas, left = self.leaving.deltas, self.leaving.left_by(place)
        return [
            mean + delta * share
            for mean, delta, share in zip(had_nobody_left, deltas, left, strict=True)
        ]


def mechanism_refusal(
    protocol: Protocol, analysis: Analysis, outcome: Outcome, mechanism: DropoutMechanism
) -> str:
    """Why an analysis is not simulated with a mechanism; blank where it is."""
    summary = outcome.kind.summary
    if mechanism.depends_on_values and (summary is not Summary.MEAN):
        return "leaving that depends on values, or changes them, is simulated of numbers alone"
    if summary is Summary.TIME and (mechanism.arms or mechanism.retrieved):
        return "of times to an event all arms leave alike, and nobody is observed afterwards"
    if protocol.is_crossover and mechanism.depends_on_values:
        return "in a crossover trial leaving is simulated completely at random alone"
    found = leaving_as_event(protocol, analysis, mechanism)
    return found if isinstance(found, str) else ""


def left_course(
    course: SimulatedCourse,
    mechanism: DropoutMechanism,
    *,
    protocol: Protocol,
    analysis: Analysis,
    outcome: Outcome,
    visits: tuple[str, ...],
    dropout: float,
) -> LeftCourse:
    """The course as participants leave it by a mechanism, ``dropout`` of those of whom it says no share.

    Raises :class:`DesignError` where :func:`mechanism_refusal` has a reason.
    """
    event = leaving_as_event(protocol, analysis, mechanism)
    if isinstance(event, str):
        raise DesignError(event)
    arms = protocol.arm_codes
    shares = {arm: mechanism.dropout_in(arm, dropout) for arm in arms}
    staying = [staying_at(visits, outcome, protocol, shares[arm]) for arm in arms]
    leaving = leaving_of(
        mechanism, arms=arms, staying=staying, means=course.means, covariance=course.covariance
    )
    if event.sets_missing:
        leaving = replace(leaving, retrieved=0.0)
    return LeftCourse(
        course=replace(course, leaving=leaving, staying=staying[0]), leaving=leaving, event=event
    )
