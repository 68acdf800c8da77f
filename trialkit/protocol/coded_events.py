"""The intercurrent events of an estimand that the protocol names by a code, and those that are recorded."""

from trialkit.protocol.methods.estimands import IntercurrentEvent
from trialkit.protocol.trial.protocol import Protocol


def coded_events(estimand: str, protocol: Protocol) -> tuple[IntercurrentEvent, ...]:
    """The events of an estimand that are named by their codes, in the order of its list."""
    return tuple(
        each
        for stated in protocol.estimands
        if stated.code == estimand
        for each in stated.intercurrent_events
        if protocol.intercurrent_event(each.event) is not None
    )


def recorded_events(estimand: str, protocol: Protocol) -> tuple[IntercurrentEvent, ...]:
    """Those of which an item records that they happened, so that their strategies are carried out."""
    recorded = {each.code for each in protocol.intercurrent_events if each.recorded_by}
    return tuple(each for each in coded_events(estimand, protocol) if each.event in recorded)
