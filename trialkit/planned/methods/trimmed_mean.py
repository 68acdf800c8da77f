"""Planned trimmed means: who had an event of the composite strategy, or has no value, ranks worst."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trialkit.analysis.trimmed.trimmed_means import TrimmedMeans, compare_trimmed_means
from trialkit.datasets.measurements import NOT_EXPECTED
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.restrictions import restrictions, with_allocation, within_note
from trialkit.planned.task.stating import (
    contrast_statement,
    records,
    state_contrast,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.comparisons import MissingRank
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.results.intercurrent import Treated
from trialkit.results.notes import Allocations, Trimmed, allocations_note, ranked_note, trimmed_note
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

_FAILED = (Treated.RANKED_WORST, Treated.COUNTED_AS)


def state_trimmed_mean(task: Task, specification: TrimmedMean) -> Iterator[Result]:
    """Each arm's trimmed mean, and each arm against the reference."""
    rows = task.at_time_point()
    failed = rows["subject_id"].isin(_who_failed(task))
    dropped = _left_out(rows, failed, specification, task)
    kept = ~rows["subject_id"].isin(dropped["subject"])
    frame = with_allocation(rows[kept].assign(failed=failed[kept]), task)
    restricted = restrictions(frame, task) if specification.restricted else []
    found = compare_trimmed_means(
        frame,
        outcome=response_column(specification.response),
        arm="arm",
        reference=task.reference,
        direction=task.outcome.direction,
        failed="failed",
        trim=specification.trim,
        block="block" if "block" in restricted else None,
        strata=("stratum",) if "stratum" in restricted else (),
        conf_level=task.level,
        replicates=specification.replicates,
        rng=np.random.default_rng(specification.seed),
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, dropped)
    yield from _state_arms(task, found)
    trimmed = trimmed_note(Trimmed(share=found.trim, adaptive=found.adaptive))
    for row in records(found.to_frame()):
        among = Allocations(number=int(str(row["allocations"])), exact=bool(row["exact"]))
        counted = f"{allocations_note(row['as_extreme'], among)}{within_note(restricted)}"
        about = contrast_statement(task).about(
            visit=task.outcome.time_point,
            term=str(row["contrast"]),
            note=f"{counted}; {trimmed}",
        )
        yield from state_contrast(about, row)


def _who_failed(task: Task) -> pd.Series:
    """Whose value at the time point lies after an event that the composite strategy counts."""
    treated = task.treated
    here = (treated["visit"] == task.outcome.time_point) & treated["treated"].isin(_FAILED)
    who: pd.Series = treated.loc[here, "subject_id"]
    return who


def _left_out(
    rows: pd.DataFrame, failed: pd.Series, specification: TrimmedMean, task: Task
) -> pd.DataFrame:
    """Who is not ranked: a value is still to come, was not to be asked, or is missing by the plan."""
    missing = rows["value"].isna() & ~failed
    if specification.missing is MissingRank.WORST:
        missing &= rows["missing_reason"].isin(NOT_EXPECTED)
    where = task.protocol.visit(task.outcome.time_point).label
    reason = f"no value at {where} (" + rows["missing_reason"].astype("str") + ")"
    return pd.DataFrame({"subject": rows["subject_id"], "reason": reason})[missing]


def _state_arms(task: Task, found: TrimmedMeans) -> Iterator[Result]:
    for arm in found.arms:
        about = statement_of(task).about(
            visit=task.outcome.time_point,
            term="kept after trimming",
            arm=arm.arm,
            note=ranked_note(arm.n_trimmed, arm.n_worst),
        )
        yield from about.state_all({Stat.N: arm.n - arm.n_trimmed, Stat.MEAN: arm.mean})


TRIMMED_MEAN = MethodCard(specification=TrimmedMean, carry_out=state_trimmed_mean)
