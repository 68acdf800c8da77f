"""The protocol by what its analyses compare: the arms, or in a crossover trial the treatments."""

from dataclasses import replace

from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.visits import Visit

AT_START = "Start of the period"
AT_END = "End of the period"


def compared(protocol: Protocol) -> Protocol:
    """The same protocol; of a crossover trial with its treatments as arms, and a period's visits.

    What stands in the results by treatment is of the periods together: its visits are the trial's
    baseline, for the baselines of the periods, and the last period's time point, for that of each.
    Nobody sees treatments where nobody sees arms.
    """
    if not protocol.is_crossover or protocol.is_pooled:
        return protocol
    arms = tuple(
        Arm(
            code=each.code,
            label=each.label,
            reference=each.reference,
            intervention=each.intervention,
        )
        for each in protocol.treatments
    )
    return replace(protocol, arms=arms, visits=_visits_of_a_period(protocol))


def _visits_of_a_period(protocol: Protocol) -> tuple[Visit, ...]:
    start, end = protocol.baseline, protocol.visit(protocol.periods[-1].time_point)
    return (replace(start, label=AT_START), replace(end, label=AT_END))
