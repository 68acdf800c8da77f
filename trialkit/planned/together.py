"""All main comparisons of the plan adjusted together, whatever its families say."""

from collections.abc import Iterator, Sequence

from trialkit.analysis.linear.multiplicity import adjust_p_values
from trialkit.planned.families import counted_p_values
from trialkit.protocol.headline_tests import headline_p_values
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.agreement import is_one_sided
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.series import Point, Series, SeriesKind

METHODS = (Adjustment.HOLM, Adjustment.HOCHBERG)
MAIN = frozenset({AnalysisRole.PRIMARY.value, AnalysisRole.SECONDARY.value})


def together_series(protocol: Protocol, rows: Sequence[Result]) -> Iterator[Series]:
    """The headline p values of primary and secondary analyses, adjusted by Holm and by Hochberg.

    Nothing where this run leaves one of them out: adjusted values would be too small. One-sided p
    values, such as those against a margin, answer at a level of their own and stand apart.
    """
    tests = [
        row
        for row in headline_p_values(protocol, rows)
        if row.role in MAIN and not is_one_sided(row)
    ]
    if len(tests) < 2 or any(row.status is Status.NOT_ASKED for row in tests):
        return
    raw = counted_p_values(tests)
    for method in METHODS:
        adjusted = adjust_p_values(raw, method=method).tolist()
        yield Series(
            kind=SeriesKind.TOGETHER,
            analysis_id=method.value,
            outcome="",
            points=tuple(
                Point(x=p, y=y, label=row.result_id)
                for row, p, y in zip(tests, raw, adjusted, strict=True)
                if row.stat is not None
            ),
        )
