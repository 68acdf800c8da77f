"""The rule on crossover trials: what a comparison within participants rests on (R33)."""

from collections.abc import Iterator

from trialkit.protocol.sizing.design import SampleSizeMethod
from trialkit.protocol.sizing.specifications import SIZE_SPECIFICATIONS
from trialkit.report.lint.evidence import Evidence, Notice, note, warning
from trialkit.report.numbers.numbers import is_below, p_equals
from trialkit.results.lookup import Term
from trialkit.results.vocabulary import Stat

WITHIN = frozenset({SampleSizeMethod.CROSSOVER_MEANS, SampleSizeMethod.PAIRED_T})
"""Sample sizes that know that participants are compared with themselves."""


def periods_rest_on_the_washout(evidence: Evidence) -> Iterator[Notice]:
    """R33: a marked carry-over, periods without a washout, a size of parallel arms."""
    protocol = evidence.protocol
    if not protocol.is_crossover:
        return
    yield from _marked(evidence)
    for period in protocol.periods:
        if period.no_washout:
            yield note(
                f"No washout is planned before {period.label}, because: {period.no_washout}.",
                "Discuss under item 30 how far the treatment before may have lasted into the period.",
                place=f"[[periods]] {period.code}",
            )
    size = protocol.sample_size.specification if protocol.sample_size is not None else None
    planned = _method_of(evidence)
    if size is not None and planned is not None and planned not in WITHIN:
        yield warning(
            f"The sample size is that of {planned.value}, which compares other people, and the trial "
            "compares participants with themselves.",
            "Use crossover_means, with the standard deviation within participants.",
            place="[sample_size]",
        )


def _method_of(evidence: Evidence) -> SampleSizeMethod | None:
    size = evidence.protocol.sample_size
    if size is None or size.specification is None:
        return None
    return next(
        method
        for method, kind in SIZE_SPECIFICATIONS.items()
        if isinstance(size.specification, kind)
    )


def _marked(evidence: Evidence) -> Iterator[Notice]:
    """A carry-over that is beyond chance: no reason for another analysis, and one to discuss."""
    for analysis, outcome in evidence.main_analyses():
        if not analysis.specification.READS_PERIODS:
            continue
        found = evidence.index.find(
            analysis.id, outcome=outcome.code, visit=outcome.time_point, term=Term.CARRY_OVER
        )
        row = found.get(Stat.P_VALUE)
        if row is None or row.stat is None or not is_below(row.stat, evidence.protocol.plan.alpha):
            continue
        yield warning(
            f"{analysis.id}: carry-over of {outcome.label} is marked ({p_equals(row.stat)}).",
            "Report the planned analysis all the same: to turn to the first period alone by this test "
            "inflates the error of what is then reported. Discuss under item 30 whether the washout "
            "was long enough.",
            place=f"[[analyses]] {analysis.id}",
        )
