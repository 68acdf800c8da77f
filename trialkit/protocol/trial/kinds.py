"""What kind of thing an intervention or an outcome is: what no name can tell."""

from enum import StrEnum


class InterventionKind(StrEnum):
    """What an arm gets, in one word; checklists and the lint depend on it."""

    DRUG = "drug"
    VACCINE = "vaccine"
    DEVICE = "device"
    SURGERY = "surgery"
    EXERCISE = "exercise"
    REHABILITATION = "rehabilitation"
    PSYCHOLOGICAL = "psychological"
    EDUCATION = "education"
    PLACEBO = "placebo"
    SHAM = "sham"
    USUAL_CARE = "usual care"
    WAITING_LIST = "waiting list"
    NO_INTERVENTION = "no intervention"
    OTHER = "other"

    @property
    def is_untreated(self) -> bool:
        """Whether participants know that they get nothing."""
        return self in {InterventionKind.NO_INTERVENTION, InterventionKind.WAITING_LIST}

    @property
    def is_nonpharmacological(self) -> bool:
        """Whether skill, place and time of people are part of what is given."""
        return self in {
            InterventionKind.DEVICE,
            InterventionKind.SURGERY,
            InterventionKind.EXERCISE,
            InterventionKind.REHABILITATION,
            InterventionKind.PSYCHOLOGICAL,
            InterventionKind.EDUCATION,
        }


class Reporter(StrEnum):
    """Whose judgement an outcome's value is."""

    PARTICIPANT = "participant"
    PROXY = "proxy"
    CLINICIAN = "clinician"
    ASSESSOR = "assessor"
    DEVICE = "device"


class Side(StrEnum):
    """The side of the body that is measured; the affected one is a rule, left and right are not."""

    LEFT = "left"
    RIGHT = "right"
    AFFECTED = "affected"
    UNAFFECTED = "unaffected"
    BOTH = "both"
