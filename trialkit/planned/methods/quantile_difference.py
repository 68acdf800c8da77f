"""A planned difference of medians or other quantiles, its limits by rank inversion."""

from collections.abc import Iterator

from trialkit.analysis.quantiles.quantile_regression import quantile_regression
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.covariates import with_characteristics
from trialkit.planned.task.stating import (
    contrast_statement,
    records,
    state_contrast,
    state_numbers_analysed,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.quantile_difference import QuantileDifference
from trialkit.results.notes import several_lines_note
from trialkit.results.results import Result


def state_quantile_difference(task: Task, specification: QuantileDifference) -> Iterator[Result]:
    """Each arm against the reference; where several lines fit alike, between which ends."""
    yield from state_numbers_analysed(task)
    found = quantile_regression(
        with_characteristics(task, specification),
        outcome=response_column(specification.response),
        arm="arm",
        reference=task.reference,
        quantile=specification.quantile,
        covariates=specification.covariates,
        conf_level=task.level,
        subject="subject_id",
    )
    of_contrast = contrast_statement(task)
    for row, contrast in zip(records(found.to_frame()), found.contrasts, strict=True):
        note = several_lines_note(contrast.lowest, contrast.highest)
        about = of_contrast.about(
            visit=task.outcome.time_point, term=contrast.contrast, note=note if row["note"] else ""
        )
        yield from state_contrast(about, row)


QUANTILE_DIFFERENCE = MethodCard(
    specification=QuantileDifference, carry_out=state_quantile_difference
)
