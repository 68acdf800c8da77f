"""A planned re-randomisation test, from a seed in the plan."""

from collections.abc import Iterator

import numpy as np

from trialkit.analysis.resampling.rerandomisation import rerandomisation_test
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.restrictions import restrictions, with_allocation, within_note
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
    frame = with_allocation(with_characteristics(task, specification), task)
    restricted = restrictions(frame, task)
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
    for row in records(found.to_frame()):
        among = Allocations(number=int(str(row["allocations"])), exact=bool(row["exact"]))
        note = allocations_note(row["as_extreme"], among)
        about = contrast_statement(task).about(
            visit=task.outcome.time_point,
            term=str(row["contrast"]),
            note=f"{note}{within_note(restricted)}",
        )
        yield from about.state_row(row, CONTRAST_STATS)


RERANDOMISATION = MethodCard(specification=Rerandomisation, carry_out=state_rerandomisation)
