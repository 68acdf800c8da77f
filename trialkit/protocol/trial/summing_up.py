"""What the words of a plan say of an outcome: by what a group is summed up, and which value is meant."""

from enum import StrEnum

from trialkit.protocol.methods.method import Response

_NOT_A_DIFFERENCE = ("percent", "per cent", "%", "relative", "fold", "ratio")
"""Metrics of a change that is no difference of two values."""


class SummedUp(StrEnum):
    """The one number that stands for a group wherever an outcome is printed, if it is no share."""

    MEAN = "mean"
    """The arithmetic mean, also where the plan's words name none of these."""
    MEDIAN = "median"
    GEOMETRIC_MEAN = "geometric mean"

    @property
    def of_changes(self) -> "SummedUp":
        """By what changes are summed up: differences may be negative, and have no geometric mean."""
        return SummedUp.MEAN if self is SummedUp.GEOMETRIC_MEAN else self


def summed_up(aggregation: str) -> SummedUp:
    """By what an ``aggregation`` of the plan sums up a group."""
    words = aggregation.casefold()
    if "median" in words:
        return SummedUp.MEDIAN
    return SummedUp.GEOMETRIC_MEAN if "geometric" in words else SummedUp.MEAN


def declared_response(metric: str) -> Response | None:
    """Which value a ``metric`` of the plan names; None where it names neither, both or another.

    A percentage or fold change is neither the change, which is a difference, nor the final value.
    """
    words = metric.casefold()
    change, final = "change" in words, "final" in words
    if change is final or any(each in words for each in _NOT_A_DIFFERENCE):
        return None
    return Response.CHANGE if change else Response.FINAL
