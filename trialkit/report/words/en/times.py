"""From when until when an event is looked for, in English."""

from collections.abc import Iterable, Sequence

from trialkit.protocol.methods.time_to_event import CurveLimits, TiedEvents
from trialkit.protocol.trial.at_risk import RANDOMISATION
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.time_points import in_its_unit, stated_time
from trialkit.report.words.en.terms import time_points
from trialkit.report.words.en.wording import listing

TIES = {
    TiedEvents.EFRON: "Efron's method",
    TiedEvents.BRESLOW: "Breslow's method",
    TiedEvents.EXACT: "the exact partial likelihood",
}
"""How events at the same time are treated."""


def counted_from(outcomes: Iterable[Outcome], protocol: Protocol) -> str:
    """In which unit and from when time counts, and where it ends at the latest."""
    return "; ".join(dict.fromkeys(_counted(each, protocol) for each in outcomes))


def _counted(outcome: Outcome, protocol: Protocol) -> str:
    risk = outcome.risk
    if risk is None:
        return protocol.visit(outcome.time_point).label
    since = "randomisation" if risk.origin == RANDOMISATION else f"the day of {risk.origin}"
    text = f"in {risk.unit.value} from {since}"
    if risk.unit.value == "months":
        text += ", months of 30.4375 days"
    if risk.horizon is not None:
        text += f", for {risk.horizon:g} {risk.unit.value} at most"
    return text


LIMITS_OF_SHARES = {
    CurveLimits.LOG_LOG: "limits from the log-log limits of both shares (Zou and Donner)",
    CurveLimits.LOG: "limits from the log limits of both shares (Zou and Donner)",
    CurveLimits.PLAIN: "plain normal limits",
}
"""Where limits of a difference of two shares come from that curves are read at."""


def at_times(at: float | None, outcomes: Iterable[Outcome], protocol: Protocol) -> str:
    """The time that the plan compares at, with its unit; of several outcomes each."""
    times = (in_its_unit(stated_time(at, each, protocol), each) for each in outcomes)
    return " and ".join(dict.fromkeys(times))


def competing_words(outcomes: Iterable[Outcome]) -> str:
    """What competes with the event and is counted as such, and what ends the time without either."""
    competing, reasons = _competing_and_reasons(outcomes)
    text = ""
    if competing:
        text += f"; competing events ({listing(competing)}) keep the event from happening, and are not censoring"
    if reasons:
        text += f"; participants are censored at: {listing(reasons)}"
    return text


def looked_at(outcomes: Sequence[Outcome], protocol: Protocol) -> str:
    """When events are counted: at visits, or as long as somebody is at risk."""
    dated = [each for each in outcomes if each.kind.is_of_time]
    counted = [each for each in outcomes if not each.kind.is_of_time]
    parts = [time_points(counted, protocol)] if counted else []
    parts += [counted_from(dated, protocol)] if dated else []
    return "; ".join(parts)


def ending_words(outcomes: Iterable[Outcome]) -> str:
    """What ends the time in which events that happen again are counted; blank without anything."""
    dated = [each for each in outcomes if each.kind.is_of_time]
    competing, reasons = _competing_and_reasons(dated)
    text = ""
    if reasons:
        text += f"; events are counted no longer after: {listing(reasons)}"
    if competing:
        text += (
            f"; a competing event ({listing(competing)}) ends the follow-up like the end of the study, so that events "
            "are those of participants as long as it has not happened"
        )
    return text


def censoring_words(outcomes: Iterable[Outcome]) -> str:
    """What ends the time without an event, and that competing events do so, too; blank without either."""
    competing, reasons = _competing_and_reasons(outcomes)
    text = ""
    if reasons:
        text += f"; participants are censored at: {listing(reasons)}"
    if competing:
        events = listing(competing)
        text += f"; competing events ({events}) are treated as censoring, so that hazards are those of this event alone"
    return text


def _competing_and_reasons(outcomes: Iterable[Outcome]) -> tuple[list[str], list[str]]:
    competing, reasons = [], []
    for each in outcomes:
        if each.risk is not None:
            competing += [one.label for one in each.risk.competing]
            reasons += [one.reason for one in each.risk.censored_at]
    return list(dict.fromkeys(competing)), list(dict.fromkeys(reasons))
