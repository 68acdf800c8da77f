"""What the abstract tells, each under its own term in the report; an article gathers them anew."""

from enum import StrEnum


class AbstractTerm(StrEnum):
    """A thing that the abstract tells, and the term that it stands under."""

    OBJECTIVE = "Objective"
    DESIGN = "Design"
    RANDOMISATION = "Randomisation"
    BLINDING = "Blinding"
    SETTING = "Setting"
    PARTICIPANTS = "Participants"
    INTERVENTIONS = "Interventions"
    METHODS = "Methods"
    RECRUITMENT = "Recruitment"
    RESULTS = "Results"
    HARMS = "Harms"
    REGISTRATION = "Registration"
    FUNDING = "Funding"
