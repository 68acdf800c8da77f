"""What a linear mixed model with random intercepts can be asked for, in the words of the plan."""

from enum import StrEnum


class MixedInference(StrEnum):
    """Where standard errors and denominator degrees of freedom come from."""

    KENWARD_ROGER = "kenward-roger"
    """Kenward and Roger 1997, with the expected information, as R's pbkrtest has it."""
    SATTERTHWAITE = "satterthwaite"
    """Model-based errors; degrees of freedom with the observed information, as R's lmerTest."""


class IccLimits(StrEnum):
    """Where the limits of an intraclass correlation come from."""

    EXACT = "exact"
    """Wald's F, exact for one grouping of unequal sizes; Searle's where sizes are equal."""
    PROFILE = "profile"
    """The values that the (restricted) likelihood ratio does not reject."""
