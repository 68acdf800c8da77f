"""A model of the plan carried out in each imputed data set, as if its values had been observed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from trialkit.analysis.imputation.analysing import FrameAnalysis
from trialkit.errors import AnalysisError
from trialkit.planned.task.contrasts_stated import compared_arm, contrasts_stated
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.specification import Specification
from trialkit.results.effect import Effect, Scale
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat

CarryOut = Callable[[Task, Any], Iterator[Result | Series]]
"""How a model states its rows."""
ARM = "arm"
"""The column of :func:`model_analysis` that names what is compared with the reference."""


def model_analysis(
    task: Task, model: Specification, effect: Effect, carry_out: CarryOut
) -> FrameAnalysis:
    """What analyses one imputed data set: the contrasts at the time point, by ``arm``.

    A frame has the columns of the rows that were imputed; of ratios the logarithm is given beside.
    """
    values = _Values.of(task)

    def analyse(frame: pd.DataFrame) -> pd.DataFrame:
        stated = list(carry_out(values.imputed(task, frame), model))
        found = contrasts_stated(stated, task, effect.scale)
        rows = {
            compared_arm(term, task): own
            for (_, visit, term), own in found.items()
            if visit == task.outcome.time_point
        }
        return pd.DataFrame([_row(arm, rows.get(arm, {}), effect.scale) for arm in task.arms[1:]])

    return analyse


def _row(arm: str, own: dict[Stat, Result], scale: Scale) -> dict[str, object]:
    """The estimate of an arm with its error; what is not there, or infinite, is missing."""
    estimate, se, df = (_number(own, stat) for stat in (Stat.ESTIMATE, Stat.SE, Stat.DF))
    if np.isnan(estimate) or np.isnan(se):
        note = own[Stat.ESTIMATE].note if Stat.ESTIMATE in own else ""
        raise AnalysisError(
            f"an imputed data set has no estimate for {arm!r} that could be pooled"
            + (f" ({note})" if note else "")
        )
    row: dict[str, object] = {
        ARM: arm,
        Stat.ESTIMATE.value: estimate,
        Stat.SE.value: se,
        Stat.DF.value: np.inf if np.isnan(df) else df,
    }
    return {**row, "log_estimate": float(np.log(estimate))} if scale.is_ratio else row


def _number(own: dict[Stat, Result], stat: Stat) -> float:
    number = own[stat].stat if stat in own else None
    return np.nan if number is None or not np.isfinite(number) else float(number)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Values:
    """The measurements of the task, whose rows are found by subject and visit."""

    keys: pd.MultiIndex
    baseline: np.ndarray

    @classmethod
    def of(cls, task: Task) -> "_Values":
        rows = task.included.measurements
        keys = pd.MultiIndex.from_arrays(
            [rows["subject_id"].astype("str"), rows["visit"].astype("str")]
        )
        return cls(keys=keys, baseline=rows["baseline"].to_numpy(dtype=float))

    def imputed(self, task: Task, frame: pd.DataFrame) -> Task:
        """The task in which nothing is missing that the frame has."""
        rows = task.included.measurements
        place = self.keys.get_indexer(
            pd.MultiIndex.from_arrays(
                [frame["subject_id"].astype("str"), frame["visit"].astype("str")]
            )
        )
        value = rows["value"].to_numpy(dtype=float).copy()
        value[place] = frame["value"].to_numpy(dtype=float)
        filled = rows.assign(
            value=value,
            change=value - self.baseline,
            missing_reason=rows["missing_reason"].where(np.isnan(value)),
        )
        return replace(task, included=replace(task.included, measurements=filled))
