"""How a planned model over visits states its contrasts: one at each visit after baseline."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from trialkit.errors import AnalysisError
from trialkit.planned.task.covariates import join_characteristics
from trialkit.planned.task.stating import CONTRAST_STATS, contrast_statement, records
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.specification import Specification
from trialkit.results.effect import MEASURES
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def visits_after_baseline(task: Task, specification: Specification) -> pd.DataFrame:
    """A row a participant and visit after baseline, with the characteristics that are needed.

    Raises :class:`AnalysisError` where values are known at one visit alone.
    """
    rows = task.from_baseline_on(specification.chosen_visits)
    later = rows[(rows["visit"] != task.protocol.baseline.code) & rows["value"].notna()]
    if later["visit"].nunique() < 2:
        raise AnalysisError(
            "a model over visits needs values at two or more visits after baseline, got "
            f"{later['visit'].nunique()}"
        )
    return join_characteristics(later, task, specification).assign(
        visit=later["visit"].cat.remove_unused_categories()
    )


def state_at_visits(task: Task, contrasts: pd.DataFrame, *, note: str = "") -> Iterator[Result]:
    """Each arm against the reference at each visit; what is compared with a normal has no ``df``.

    ``contrasts`` are an estimator's by visit. A ratio of risks is stated by its name, as everywhere.
    """
    about = contrast_statement(task)
    effect = about.effect
    if effect is not None and effect.scale in MEASURES:
        about = about.measure(MEASURES[effect.scale])
    elif effect is not None and effect.scale.is_ratio:
        about = replace(about, unit="")
    for row in records(contrasts):
        own = about.about(visit=str(row["visit"]), term=str(row["contrast"]), note=note)
        df = row[Stat.DF.value]
        finite = df if isinstance(df, float) and np.isfinite(df) else None
        yield from own.state_row({**row, Stat.DF.value: finite}, CONTRAST_STATS)
