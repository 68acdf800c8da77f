"""Rules on p values and the intervals beside them (R21)."""

from collections.abc import Iterator

from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.report.lint.evidence import Evidence, Notice, error, warning
from trialkit.report.numbers.numbers import confidence, p_equals
from trialkit.report.tables.headlines import Headline
from trialkit.report.tables.p_values import comparisons
from trialkit.results.agreement import pair_of


def p_against_interval(evidence: Evidence) -> Iterator[Notice]:
    """R21: a p value that rejects no effect beside an interval that holds it, or the reverse."""
    for analysis in evidence.protocol.plan.analyses:
        for code in analysis.outcomes:
            yield from _of_outcome(analysis, evidence.protocol.analysed(analysis, code), evidence)


def _of_outcome(analysis: Analysis, outcome: Outcome, evidence: Evidence) -> Iterator[Notice]:
    protocol = evidence.protocol
    headline = Headline(analysis=analysis, outcome=outcome, protocol=protocol, index=evidence.index)
    apart: list[str] = []
    for arm, each in zip(protocol.experimental, comparisons(headline), strict=True):
        pair = pair_of(each.effect, each.test)
        if pair is not None and not pair.agrees:
            said = p_equals(pair.p, alpha=protocol.plan.alpha)
            holds = "leaves out" if pair.excludes else "holds"
            level = confidence(pair.level)
            apart.append(f"{arm.label}: {said}, and the {level} interval {holds} no effect")
    if not apart:
        return
    contrast = headline.contrast
    agrees = contrast is not None and contrast.agrees and not headline.is_superiority
    look = error if agrees else warning
    yield look(
        f"In {analysis.id}, p and interval of {outcome.label} disagree ({'; '.join(apart)}).",
        _mend(analysis, agrees=agrees),
        place=f"[[analyses]] {analysis.id}",
    )


def _mend(analysis: Analysis, *, agrees: bool) -> str:
    outside = analysis.specification.made_outside
    if outside is not None:
        return f"Both were read from {outside.file}: check the file, and the script that made it."
    if agrees:
        return "Run the analysis again: both come from one test."
    return (
        "They are of different kinds, which the report says. Say which of both decides, or plan a "
        "test with its own interval in the next trial."
    )
