"""Planned non-inferiority and equivalence: the interval against the margin, and what it shows."""

from collections.abc import Iterator, Mapping

from trialkit.analysis.frames.groups import contrast_label
from trialkit.analysis.margins.margins import (
    compare_means_with_margin,
    compare_proportions_with_margin,
)
from trialkit.planned.methods.card import MethodCard
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
    return f"{words} ({_TESTS[str(row['method'])]}, margin {_size(task, specification)})"


_TESTS = {
    "welch_t": "Welch's t test",
    "miettinen_nurminen": "Miettinen and Nurminen's score test",
}


def _size(task: Task, specification: MarginComparison) -> str:
    if task.outcome.kind.is_proportion:
        return f"{100 * specification.margin:g} percentage points"
    return f"{specification.margin:g} {task.outcome.unit}".rstrip()


MARGIN_COMPARISON = MethodCard(specification=MarginComparison, carry_out=state_margin_comparison)
