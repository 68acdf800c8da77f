"""A planned comparison of every two participants of two arms."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from trialkit.analysis.ordinal.pairwise_wins import RankedOutcome
from trialkit.analysis.ordinal.wins import WinComparison, compare_wins
from trialkit.planned.methods.card import MethodCard
from trialkit.planned.task.stating import (
    CONTRAST_STATS,
    EFFECT_STATS,
    Statement,
    contrast_statement,
    records,
    state_numbers_analysed,
    statement_of,
)
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.pair_comparison import WIN_SCALES, PairComparison
from trialkit.results.effect import Status
from trialkit.results.lookup import Term
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
    frame = task.at_time_point()
    for code, values in task.further.items():
        frame = frame.join(values.rename(_column(code)), on="subject_id", validate="one_to_one")
    found = compare_wins(
        frame,
        outcomes=list(_priorities(task, specification)),
        arm="arm",
        reference=task.reference,
        conf_level=task.level,
        subject="subject_id",
    )
    statement = contrast_statement(task)
    decided = _decided(found, task, specification)
    for row in records(found.to_frame()):
        name = str(row["measure"])
        measure = _METHODS[name] if name in _METHODS else Method(name)
        term = str(row["contrast"])
        note = _in_words(decided[term]) if specification.then else ""
        about = statement.about(visit=task.outcome.time_point, term=term, note=note)
        yield from _state_measure(about, row, measure, specification)
    if specification.then:
        whole = statement_of(task).by(specification.method.value, unit="%")
        for term, shares in decided.items():
            for label, (won, lost) in shares.items():
                about = whole.about(
                    visit=task.outcome.time_point,
                    term=f"{Term.DECIDED}: {term}: {label}",
                    note=f"won by {100 * won:.1f}% of all pairs, lost by {100 * lost:.1f}%",
                )
                yield about.state(Stat.PERCENT, 100 * (won + lost))


def _column(code: str) -> str:
    """The column of a further outcome, which no other of the measurements has."""
    return f"then {code}"


def _priorities(task: Task, specification: PairComparison) -> Iterator[RankedOutcome]:
    """The outcomes in their order, each with its better direction."""
    yield RankedOutcome(column="value", higher_is_better=task.outcome.direction is Direction.HIGHER)
    for each in specification.then:
        yield RankedOutcome(
            column=_column(each.outcome),
            higher_is_better=task.protocol.outcome(each.outcome).direction is Direction.HIGHER,
            margin=each.more_than,
        )


def _decided(
    found: WinComparison, task: Task, specification: PairComparison
) -> dict[str, dict[str, tuple[float, float]]]:
    """Of each contrast the shares of pairs won and lost by each outcome, by its label."""
    codes = [task.outcome.code, *specification.further_outcomes]
    labels = [task.protocol.outcome(code).label for code in codes]
    return {
        each.contrast: {
            label: (float(won), float(lost))
            for label, (won, lost) in zip(labels, each.by_outcome, strict=True)
        }
        for each in found.wins
    }


def _in_words(shares: Mapping[str, tuple[float, float]]) -> str:
    """Which share of the pairs each outcome decided, and which is left tied."""
    decided = {label: sum(each) for label, each in shares.items()}
    said = [f"{label} {100 * share:.1f}%" for label, share in decided.items()]
    tied = max(1 - sum(decided.values()), 0.0)
    return f"of the pairs {', '.join(said)} decided each, and {100 * tied:.1f}% are tied"


def _state_measure(
    about: Statement, row: Mapping[str, object], measure: Method, specification: PairComparison
) -> Iterator[Result]:
    """One measure; where these pairs give it no limits, that is said."""
    effect = about.effect
    is_own = measure is specification.method
    if effect is not None and not is_own:
        effect = replace(effect, scale=WIN_SCALES[measure], has_headline_p=False, agrees=False)
    own = about.by(measure.value, unit="").of(effect)
    why = str(row["note"] or "")
    if why:
        varies = row["status"] == Status.NOT_ESTIMABLE.value
        said = f"not estimable: {why}" if varies else NOTHING_VARIES
        nothing = replace(own, note=said, status=Status.NOT_ESTIMABLE)
        yield nothing.state(Stat.ESTIMATE, None)
        if is_own:
            yield nothing.state(Stat.P_VALUE, None)
        return
    yield from own.state_row(row, _STATS if is_own else EFFECT_STATS)


_STATS = tuple(stat for stat in CONTRAST_STATS if stat is not Stat.SE)

PAIR_COMPARISON = MethodCard(specification=PairComparison, carry_out=state_pairs)
