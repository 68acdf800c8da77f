"""The rule on counts whose events are taken as independent (R28)."""

from collections.abc import Iterator

from trialkit.report.lint.evidence import Evidence, Notice, warning
from trialkit.report.numbers.numbers import number
from trialkit.results.lookup import Term, value
from trialkit.results.vocabulary import Stat

MOST_DISPERSION = 1.25
"""So much more than Poisson's may counts vary: standard errors are then a tenth too small."""


def counts_vary_more(evidence: Evidence) -> Iterator[Notice]:
    """R28: an analysis that takes the variance of a count for its mean, while counts vary more."""
    for analysis in evidence.protocol.plan.analyses:
        if not analysis.specification.takes_events_as_independent:
            continue
        for outcome in map(evidence.protocol.outcome, analysis.outcomes):
            found = evidence.index.find(
                analysis.id,
                outcome=outcome.code,
                visit=outcome.time_point,
                term=Term.DISPERSION,
            )
            dispersion = value(found, Stat.DISPERSION)
            if dispersion is not None and dispersion > MOST_DISPERSION:
                yield warning(
                    f"{analysis.id} takes all events of {outcome.label} as independent, and they vary "
                    f"{number(dispersion, digits=1)} times as much as then: its limits are too narrow, "
                    "and its p is too small.",
                    "Plan negative_binomial, or poisson with variance = 'HC1' or 'quasi', in the next "
                    "trial; in this one report such an analysis beside it.",
                    place=f"[[analyses]] {analysis.id}",
                )
