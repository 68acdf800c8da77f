"""Planned non-inferiority and equivalence: the interval against the margin, and what it shows."""

from collections.abc import Iterator, Mapping

from trialkit.analysis.frames.groups import contrast_label
from trialkit.analysis.margins.margins import (
    compare_means_with_margin,
    compare_proportions_with_margin,
)
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.methods.methods import card_of
from trialkit.planned.methods.model_margins import (
    margin_size,
    state_model_against_margin,
)
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    contrast_statement,
    records,
    state_numbers_analysed,
)
from trialkit.planned.task.task import Task, response_column
from trialkit.protocol.methods.comparisons import MarginQuestion
from trialkit.protocol.methods.conclusions import conclude
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.results.results import Result
from trialkit.results.series import Series
from trialkit.results.vocabulary import Stat


def state_margin_comparison(task: Task, specification: MarginComparison) -> Iterator[Result]:
    """One row set a contrast; the conclusion in words is the note of its estimate."""
    yield from state_numbers_analysed(task)
    direction = task.outcome.direction
    question = MarginQuestion(specification.method.value)
    frame = task.at_time_point()
    if task.outcome.kind.is_proportion:
        found = compare_proportions_with_margin(
            frame,
            outcome="value",
            arm="arm",
            reference=task.reference,
            question=question,
            margin=specification.margin,
            direction=direction,
            alpha=specification.alpha,
        )
    else:
        found = compare_means_with_margin(
            frame,
            outcome=response_column(specification.response),
            arm="arm",
            reference=task.reference,
            question=question,
            margin=specification.margin,
            direction=direction,
            alpha=specification.alpha,
        )
    for row in records(found.to_frame()):
        about = contrast_statement(task).about(
            visit=task.outcome.time_point,
            term=str(row["contrast"]),
            note=_in_words(row, task, specification),
        )
        yield from about.state_row(row, (*CONTRAST_STATS, Stat.MARGIN))


def _in_words(row: Mapping[str, object], task: Task, specification: MarginComparison) -> str:
    """What the interval shows, with arms, test and margin as a reader knows them."""
    labels = {
        contrast_label(arm, task.reference): task.protocol.arm(arm).label for arm in task.arms[1:]
    }
    _, words = conclude(
        MarginQuestion(specification.method.value),
        task.outcome.direction,
        limits=(float(str(row["conf_low"])), float(str(row["conf_high"]))),
        margin=specification.margin,
        names=(labels[str(row["contrast"])], task.protocol.reference.label),
    )
    size = margin_size(specification, task.outcome.kind.scale, task)
    return f"{words} ({_TESTS[str(row['method'])]}, margin {size})"


_TESTS = {
    "welch_t": "Welch's t test",
    "miettinen_nurminen": "Miettinen and Nurminen's score test",
}


def state_planned_margin(task: Task, specification: MarginComparison) -> Iterator[Result | Series]:
    """The comparison itself, or the model that it asks for, carried out as that model's card says."""
    model = specification.model
    if model is None:
        yield from state_margin_comparison(task, specification)
    else:
        yield from state_model_against_margin(task, specification, card_of(model).carry_out)


MARGIN_COMPARISON = MethodCard(specification=MarginComparison, carry_out=state_planned_margin)
