"""A planned re-randomisation test, from a seed in the plan."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trialkit.analysis.resampling.rerandomisation import rerandomisation_test
from trialkit.errors import AnalysisError
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    contrast_statement,
    records,
    state_numbers_analysed,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.results.notes import Allocations, allocations_note
from trialkit.results.results import Result


def state_rerandomisation(task: Task, specification: Rerandomisation) -> Iterator[Result]:
    """The p value among the allocations that the recorded blocks and strata allowed."""
    frame = _with_allocation(with_characteristics(task, specification), task)
    restricted = _restrictions(frame, task)
    block = "block" if "block" in restricted else None
    strata = ("stratum",) if "stratum" in restricted else ()
    found = rerandomisation_test(
        frame,
        outcome=response_column(specification.response),
        arm="arm",
        reference=task.reference,
        covariates=specification.covariates,
        block=block,
        strata=strata,
        alternative=specification.alternative,
        replicates=specification.replicates,
        rng=np.random.default_rng(specification.seed),
        subject="subject_id",
    )
    yield from state_numbers_analysed(task, found.excluded)
    within = " and ".join([*(["blocks"] if block else []), *(["strata"] if strata else [])])
    for row in records(found.to_frame()):
        among = Allocations(number=int(str(row["allocations"])), exact=bool(row["exact"]))
        note = allocations_note(row["as_extreme"], among)
        about = contrast_statement(task).about(
            visit=task.outcome.time_point,
            term=str(row["contrast"]),
            note=f"{note}, within the {within} used" if within else f"{note}, unrestricted",
        )
        yield from about.state_row(row, CONTRAST_STATS)


def _restrictions(frame: pd.DataFrame, task: Task) -> list[str]:
    """What the arms are permuted within: what the protocol says, a form asks for or anybody has.

    Raises :class:`AnalysisError` where it is not known of everybody: a test with fewer restrictions
    than the randomisation had would answer for another design.
    """
    stated = task.protocol.randomisation
    said = {"block": stated.is_blocked, "stratum": stated.is_stratified}
    restricted = [
        name
        for name in said
        if said[name] or name in task.restrictions or frame[name].notna().any()
    ]
    for name in restricted:
        unknown = int(frame[name].isna().sum())
        if unknown:
            item = task.restrictions.get(name, "no form asks for it")
            raise AnalysisError(
                f"the {name} of the randomisation ({item}) is not known of {unknown} of "
                f"{len(frame)} participants: without it nobody knows what the arms were permuted "
                "within; enter it, or plan another test"
            )
    return restricted


def _with_allocation(frame: pd.DataFrame, task: Task) -> pd.DataFrame:
    """The block and the stratum of each participant, as the list of allocations recorded them."""
    allocation = task.subjects[["subject_id", "block", "stratum"]]
    return frame.merge(allocation, on="subject_id", how="left", validate="one_to_one")


RERANDOMISATION = MethodCard(specification=Rerandomisation, carry_out=state_rerandomisation)
