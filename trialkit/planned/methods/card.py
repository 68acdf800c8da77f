"""The card of a method: everything that the line asks of it beyond its specification."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from trialkit.planned.methods.kernel import Kernel
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.specification import Specification
from trialkit.results.results import Result
from trialkit.results.series import Series

Asked = TypeVar("Asked", bound=Specification)
"""The specification of one method."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodCard(Generic[Asked]):
    """A method of the plan. Its words stand by the same key in ``report/words``."""

    specification: type[Asked]
    carry_out: Callable[[Task, Asked], Iterator[Result | Series]]
    """The rows of an analysis of one outcome: its numbers analysed, estimates and diagnostics; and, of
    a model of the mean, the residuals of that very fit."""
    kernel: Kernel[Asked] | None = None
    """How it is rehearsed in many simulated trials at once; None where it cannot be."""
