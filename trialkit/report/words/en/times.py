"""From when until when an event is looked for, in English."""

from collections.abc import Iterable

from trialkit.protocol.trial.at_risk import RANDOMISATION
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.words.en.wording import listing


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


def censoring_words(outcomes: Iterable[Outcome]) -> str:
    """What ends the time without an event, and that competing events do so, too; blank without either."""
    competing, reasons = [], []
    for each in outcomes:
        if each.risk is not None:
            competing += [one.label for one in each.risk.competing]
            reasons += [one.reason for one in each.risk.censored_at]
    text = ""
    if reasons:
        text += f"; participants are censored at: {listing(list(dict.fromkeys(reasons)))}"
    if competing:
        events = listing(list(dict.fromkeys(competing)))
        text += f"; competing events ({events}) are treated as censoring, so that hazards are those of this event alone"
    return text
