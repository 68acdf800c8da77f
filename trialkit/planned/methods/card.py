"""The card of a method: everything that the line asks of it beyond its specification."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from trialkit.analysis.engines.one_thread import one_thread
from trialkit.errors import AnalysisError, UnorderedError
from trialkit.planned.methods.kernel import Kernel
from trialkit.planned.task.known import in_trial_words, refuse_unknown
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

    @one_thread()
    def analyse(self, task: Task, specification: Asked) -> list[Result | Series]:
        """What the method states of the task, the same to the last digit on any number of threads.

        Raises :class:`AnalysisError` in the words of the trial where it cannot be carried out, such
        as for want of anybody of whom all is known that the analysis needs.
        """
        refuse_unknown(task)
        try:
            return list(self.carry_out(task, specification))
        except UnorderedError as error:
            reason = (
                f"{in_trial_words(error.reason, task)}, as the choices of its item in a form do"
            )
            raise AnalysisError(reason) from error
        except AnalysisError as error:
            raise AnalysisError(in_trial_words(error.reason, task)) from error
