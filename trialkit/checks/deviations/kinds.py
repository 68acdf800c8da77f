"""Which findings may be deviations from the protocol, of which kind, and how that is said.

The words name neither an arm nor a form that belongs to some arms alone, and repeat no answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from trialkit.schemas.forms.built_in import BuiltIn


class DeviationKind(StrEnum):
    """What was not as the protocol has it; the report counts the first five from the data."""

    NOT_SCREENED = "Randomised without being screened"
    NOT_ELIGIBLE = "Randomised although not eligible"
    OTHER_ARM = "Received another arm than allocated"
    NO_CARE = "Received no arm's care"
    OUT_OF_WINDOW = "Visit outside its window"
    MISSED_VISIT = "Visit missed"
    MISSED_FORM = "Form of a visit missing"
    NO_CONSENT = "Randomised without a date of consent"
    DATE_ORDER = "Done in another order than planned"
    NOT_RANDOMISED = "Treated or assessed without being randomised"
    OTHER_ARMS_FORM = "Filled in a form of another arm"
    FEWER_SESSIONS = "Fewer sessions than planned"
    MORE_SESSIONS = "More sessions than planned"
    AFTER_THE_END = "Seen after the last day in the study"
    LATE_REPORT = "Serious event reported late"
    UNREPORTED_EVENT = "Serious event not reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a finding of a rule is as a deviation."""

    kind: DeviationKind
    says: str
    """What was found; the visit and the day are added."""


GROUNDS: Mapping[BuiltIn, Ground] = MappingProxyType(
    {
        BuiltIn.VISIT_WINDOW: Ground(
            kind=DeviationKind.OUT_OF_WINDOW, says="The visit was dated outside its window"
        ),
        BuiltIn.MISSING_FORM: Ground(
            kind=DeviationKind.MISSED_FORM, says="A form that is due was not found"
        ),
        BuiltIn.NOT_ELIGIBLE: Ground(
            kind=DeviationKind.NOT_ELIGIBLE,
            says="Randomised, and not said to be eligible",
        ),
        BuiltIn.OTHER_ARM_RECEIVED: Ground(
            kind=DeviationKind.OTHER_ARM,
            says="What was received is not what was allocated",
        ),
        BuiltIn.NO_CONSENT: Ground(
            kind=DeviationKind.NO_CONSENT, says="Randomised, and no date of consent is entered"
        ),
        BuiltIn.DATE_ORDER: Ground(
            kind=DeviationKind.DATE_ORDER,
            says="Dated out of the planned order",
        ),
        BuiltIn.NOT_RANDOMISED: Ground(
            kind=DeviationKind.NOT_RANDOMISED,
            says="There are data that only randomised participants have, and no randomisation",
        ),
        BuiltIn.OTHER_ARM: Ground(
            kind=DeviationKind.OTHER_ARMS_FORM,
            says="A form was filled in that participants allocated as this one do not have",
        ),
        BuiltIn.TOO_MANY_SESSIONS: Ground(
            kind=DeviationKind.MORE_SESSIONS, says="More sessions were attended than are planned"
        ),
        BuiltIn.AFTER_THE_END: Ground(
            kind=DeviationKind.AFTER_THE_END, says="Dated after the last day in the study"
        ),
        BuiltIn.LATE_REPORT: Ground(
            kind=DeviationKind.LATE_REPORT,
            says="A serious event was reported later than within 24 hours",
        ),
        BuiltIn.UNREPORTED_EVENT: Ground(
            kind=DeviationKind.UNREPORTED_EVENT, says="No report names a serious event of the log"
        ),
    }
)
"""By built-in rule; a rule that is not here finds what is wrong with data, not with conduct."""

SHOWN: Mapping[DeviationKind, str] = MappingProxyType(
    {
        DeviationKind.NOT_SCREENED: "Randomised, and there is no screening",
        DeviationKind.NOT_ELIGIBLE: GROUNDS[BuiltIn.NOT_ELIGIBLE].says,
        DeviationKind.OTHER_ARM: GROUNDS[BuiltIn.OTHER_ARM_RECEIVED].says,
        DeviationKind.NO_CARE: "No care of any arm was received",
    }
)
"""How it is said what the datasets show of a participant as a whole."""
OF_SESSIONS = frozenset({DeviationKind.FEWER_SESSIONS, DeviationKind.MORE_SESSIONS})
"""They tell the arm unless every arm has planned sessions."""
OF_PARTICIPANT = frozenset(
    {*SHOWN, *OF_SESSIONS, DeviationKind.NO_CONSENT, DeviationKind.NOT_RANDOMISED,
     DeviationKind.OTHER_ARMS_FORM}
)  # fmt: skip
"""What is true of a participant as a whole, and of no visit."""
