"""What an analysis of times to an event can be asked for, in the words of the plan."""

from enum import StrEnum


class TiedEvents(StrEnum):
    """How the partial likelihood of a Cox regression treats events at the same time."""

    EFRON = "efron"
    """Of those with an event at one time the average share is at risk; R's default, and ours."""
    BRESLOW = "breslow"
    """All of them are at risk at once; the default of SAS and Stata."""
    EXACT = "exact"
    """Every set of as many people could have had the events: the discrete model of Cox."""


class CurveLimits(StrEnum):
    """The scale on which limits of a survival or incidence curve are symmetric."""

    LOG_LOG = "log-log"
    """Of log(−log S): never beyond 0 and 1; the default of SAS, and ours."""
    LOG = "log"
    """Of log S, cut at 1; the default of R."""
    PLAIN = "plain"
    """Of S itself, cut at 0 and 1."""


class RestrictedContrast(StrEnum):
    """How two restricted mean times are compared."""

    DIFFERENCE = "difference"
    """In the unit of the time at risk."""
    RATIO = "ratio"
    """With limits and test of its logarithm."""


class HazardLimits(StrEnum):
    """Where the limits of a hazard ratio come from."""

    WALD = "wald"
    """Its standard error, robust or not."""
    PROFILE = "profile"
    """The partial likelihood: they exist where the ratio itself is 0 or infinite."""


class RankWeights(StrEnum):
    """What a log-rank test weighs each event time by."""

    LOG_RANK = "log-rank"
    """All alike: best where hazards are proportional."""
    PETO_PETO = "peto-peto"
    """By the survival of all arms together just before: early differences count more."""


class TimeScale(StrEnum):
    """The function of time against which proportional hazards are tested."""

    KAPLAN_MEIER = "km"
    """1 minus the survival of all just before; R's default, and ours."""
    IDENTITY = "identity"
    """Time itself."""
    RANK = "rank"
    """The rank of the time among all times, ties in the middle."""
    LOG = "log"
    """The logarithm of time."""


class RecurrentClock(StrEnum):
    """From when time counts in a model of a subject's successive events."""

    TOTAL = "total"
    """From the subject's origin."""
    GAP = "gap"
    """From the event before."""
