"""How the results name what became of values after intercurrent events, and who had which event."""

from enum import StrEnum


class Treated(StrEnum):
    """What the strategy of an estimand made of a value that lies after an intercurrent event."""

    KEPT = "kept"
    NOT_OBSERVED = "not observed"
    """Kept, were there one: nothing was observed at an affected visit, whose value is missing as it was."""
    SET_MISSING = "set missing"
    COUNTED_AS = "counted as a value"
    """As the value that the composite strategy has for the event, whatever was observed."""
    RANKED_WORST = "worst, without a value"
    """As worse than every value, for methods that rank: no number says how bad."""
    CARRIED = "last value before it"
    NOT_KNOWN = "not known whether after it"
    NOTHING_BEFORE = "no value before it"


class EventCount(StrEnum):
    """Which participants with an intercurrent event a row counts, beside the event's code."""

    ANY = ""
    NO_VISIT = "no visit affected"
    VISIT_NOT_KNOWN = "first affected visit not known"

    def of(self, event: str) -> str:
        """The term of the row that counts them."""
        return f"{event}: {self.value}" if self.value else event


def treated_term(analysis: str, event: str, treated: Treated) -> str:
    """The term of the row that counts values which an analysis treats so after an event."""
    return f"{analysis}: {event}: {treated.value}"
