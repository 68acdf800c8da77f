"""A planned comparison of every two participants of two arms."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from trialkit.analysis.ordinal.pairwise_wins import RankedOutcome
from trialkit.analysis.ordinal.wins import compare_wins
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    EFFECT_STATS,
    Statement,
    contrast_statement,
    records,
    state_numbers_analysed,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.pair_comparison import WIN_SCALES, PairComparison
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import SUPERIORITY, Stat

_METHODS = {SUPERIORITY: Method.WIN_PROBABILITY}
"""What the estimator calls otherwise."""
NOTHING_VARIES = (
    "not estimable: within each arm all stand alike to the other, so that there are no limits"
)


def state_pairs(task: Task, specification: PairComparison) -> Iterator[Result]:
    """The measure that the plan names with its test, and the three others with their limits."""
    yield from state_numbers_analysed(task)
    better = RankedOutcome(
        column="value", higher_is_better=task.outcome.direction is Direction.HIGHER
    )
    found = compare_wins(
        task.at_time_point(),
        outcomes=[better],
        arm="arm",
        reference=task.reference,
        conf_level=task.level,
        subject="subject_id",
    )
    statement = contrast_statement(task)
    for row in records(found.to_frame()):
        name = str(row["measure"])
        measure = _METHODS[name] if name in _METHODS else Method(name)
        about = statement.about(visit=task.outcome.time_point, term=str(row["contrast"]))
        yield from _state_measure(about, row, measure, specification)


def _state_measure(
    about: Statement, row: Mapping[str, object], measure: Method, specification: PairComparison
) -> Iterator[Result]:
    """One measure; where these pairs give it no limits, that is said."""
    effect = about.effect
    is_own = measure is specification.method
    if effect is not None and not is_own:
        effect = replace(effect, scale=WIN_SCALES[measure], has_headline_p=False, agrees=False)
    own = about.by(measure.value, unit="").of(effect)
    note = str(row["note"] or "")
    if note:
        varies = row["status"] == Status.NOT_ESTIMABLE.value
        said = f"not estimable: {note}" if varies else NOTHING_VARIES
        nothing = replace(own, note=said, status=Status.NOT_ESTIMABLE)
        yield nothing.state(Stat.ESTIMATE, None)
        if is_own:
            yield nothing.state(Stat.P_VALUE, None)
        return
    yield from own.state_row(row, _STATS if is_own else EFFECT_STATS)


_STATS = tuple(stat for stat in CONTRAST_STATS if stat is not Stat.SE)

PAIR_COMPARISON = MethodCard(specification=PairComparison, carry_out=state_pairs)
