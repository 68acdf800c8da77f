"""Of which rows of a form an outcome is, and how they become one value, in words."""

from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.trial.outcomes import Combine, Outcome
from trialkit.report.words.en.wording import listing

_COMBINED = {
    Combine.MEAN: "the mean of the measurements",
    Combine.SUM: "the sum of the measurements",
    Combine.MAX: "the highest of the measurements",
    Combine.MIN: "the lowest of the measurements",
    Combine.FIRST: "the first measurement with a value",
}


def picked_words(outcome: Outcome) -> str:
    """What of several measurements at a visit counts: ‘the mean of the measurements with …’.

    Of an event in time it says which events count.
    """
    said = [f"{name.replace('_', ' ')} {_or(codes)}" for name, codes in outcome.where.items()]
    if outcome.kind.is_of_time:
        return f"{'the first' if outcome.kind.happens_once else 'every'} event with {listing(said)}"
    of = f" with {listing(said)}" if said else " of the visit"
    return f"{_what(outcome)}{of}{_needed(outcome)}"


def _what(outcome: Outcome) -> str:
    if outcome.combine is None:
        return "the measurement"
    if outcome.combine is Combine.WORST:
        end = "highest" if outcome.direction is Direction.LOWER else "lowest"
        return f"the worst ({end}) of the measurements"
    return _COMBINED[outcome.combine]


def _or(codes: tuple[str, ...]) -> str:
    *before, last = codes
    return f"{', '.join(before)} or {last}" if before else last


def _needed(outcome: Outcome) -> str:
    if outcome.combine in {None, Combine.FIRST}:
        return ""
    if outcome.at_least is None:
        return "; missing unless all of them have a value"
    return f"; missing where fewer than {outcome.at_least} have a value"
