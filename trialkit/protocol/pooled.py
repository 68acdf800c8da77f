"""The protocol as a report sees it in which nobody sees arms: one arm, all participants."""

from collections.abc import Collection
from dataclasses import replace

from trialkit.errors import AnalysisError
from trialkit.protocol.trial.interventions import Arm, Intervention
from trialkit.protocol.trial.protocol import Protocol

ALL = "all"
"""The code of the one arm of a pooled protocol."""
LABEL = "All participants"


def pooled(
    protocol: Protocol,
    *,
    outcomes: Collection[str],
    characteristics: Collection[str],
    events: Collection[str] = (),
) -> Protocol:
    """The protocol with one arm, and with those outcomes, characteristics and events that all arms share.

    Raises :class:`AnalysisError` where the primary outcome is not among them.
    """
    if protocol.primary.code not in outcomes:
        raise AnalysisError(
            f"a pooled report would tell arms: the primary outcome {protocol.primary.label!r} is "
            "not asked of every arm alike; leave out --pooled"
        )
    analyses = (
        replace(each, outcomes=tuple(code for code in each.outcomes if code in outcomes))
        for each in protocol.plan.analyses
    )
    return replace(
        protocol,
        arms=(Arm(code=ALL, label=LABEL, reference=True, intervention=_one_dose(protocol)),),
        outcomes=tuple(each for each in protocol.outcomes if each.code in outcomes),
        characteristics=tuple(
            each for each in protocol.characteristics if each.name in characteristics
        ),
        intercurrent_events=tuple(
            each for each in protocol.intercurrent_events if each.code in events
        ),
        plan=replace(protocol.plan, analyses=tuple(each for each in analyses if each.outcomes)),
        factors=(),
        written=protocol,
    )


def _one_dose(protocol: Protocol) -> Intervention | None:
    """The sessions that are planned for everybody; None where they depend on the arm.

    Sessions of some arms alone would tell how these are doing, and unequal numbers how many are
    in which arm.
    """
    doses = {
        None if arm.intervention is None else (arm.intervention.sessions, arm.intervention.weeks)
        for arm in protocol.arms
    }
    first = protocol.arms[0].intervention
    if len(doses) > 1 or first is None:
        return None
    return Intervention(name=LABEL, sessions=first.sessions, weeks=first.weeks)
