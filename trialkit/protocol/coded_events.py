"""The intercurrent events of an estimand that are recorded, so that their strategies are carried out."""

from trialkit.protocol.methods.estimands import IntercurrentEvent
from trialkit.protocol.trial.protocol import Protocol


def coded_events(estimand: str, protocol: Protocol) -> tuple[IntercurrentEvent, ...]:
    """The events of an estimand that the protocol records, in the order of its list."""
    return tuple(
        each
        for stated in protocol.estimands
        if stated.code == estimand
        for each in stated.intercurrent_events
        if (recorded := protocol.intercurrent_event(each.event)) is not None
        and recorded.recorded_by
    )
