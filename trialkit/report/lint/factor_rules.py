"""The rule on factorial trials: that the interaction is planned, and not passed over (R32)."""

from collections.abc import Iterator

from trialkit.protocol.methods.factorial_options import FactorialEffect
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.trial.factors import FactorialContrast, factorial_contrasts
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.report.lint.evidence import Evidence, Notice, error, warning
from trialkit.report.numbers.numbers import is_below, p_equals
from trialkit.report.words.en.factors import effect_of_factor
from trialkit.report.words.en.wording import listing, lowered
from trialkit.results.vocabulary import Stat


def interactions_passed_over(evidence: Evidence) -> Iterator[Notice]:
    """R32: a factorial trial without an analysis of its factors, or with a marked interaction."""
    if not evidence.protocol.factors:
        return
    yield from _unplanned(evidence)
    yield from _marked(evidence)


def _unplanned(evidence: Evidence) -> Iterator[Notice]:
    """A primary outcome of which no analysis estimates the interaction."""
    analyses = evidence.protocol.plan.analyses
    factors = listing([lowered(each.label) for each in evidence.protocol.factors])
    for outcome in evidence.protocol.outcomes:
        own = [each for each in analyses if outcome.code in each.outcomes]
        told = any(_tells_of_factors(each) for each in own)
        if outcome.role.value == "primary" and own and not told:
            yield error(
                f"No analysis of {outcome.label} estimates the effects of {factors} or their interaction: "
                "each combination is compared with the reference alone.",
                "Plan factorial or factorial_risks, or another program's analysis (method = 'external'), "
                "in the next trial; in this one report such an analysis as post hoc.",
            )


def _tells_of_factors(analysis: Analysis) -> bool:
    specification = analysis.specification
    return specification.READS_FACTORS or specification.made_outside is not None


def _marked(evidence: Evidence) -> Iterator[Notice]:
    """An interaction that is beyond chance, so that an effect at the margin is that of nobody."""
    interactions = [
        each
        for each in factorial_contrasts(evidence.protocol.factors)
        if each.effect is FactorialEffect.INTERACTION
    ]
    for analysis, outcome in evidence.main_analyses():
        if analysis.specification.READS_FACTORS:
            for each in interactions:
                yield from _of_interaction(evidence, analysis, outcome, each)


def _of_interaction(
    evidence: Evidence, analysis: Analysis, outcome: Outcome, contrast: FactorialContrast
) -> Iterator[Notice]:
    alpha = evidence.protocol.plan.alpha
    found = evidence.index.find(
        analysis.id,
        outcome=outcome.code,
        visit=outcome.time_point,
        term=contrast.term,
        having=Stat.P_VALUE,
    )
    row = found.get(Stat.P_VALUE)
    if row is None or row.stat is None or not is_below(row.stat, alpha):
        return
    yield warning(
        f"{analysis.id}: {lowered(effect_of_factor(contrast))} on {outcome.label} is marked "
        f"({p_equals(row.stat, alpha=alpha)}): the effects at the margin are averages of effects that "
        "differ.",
        "Tell the effects where the other factor is held, which stand in the table, beside or before those "
        "at the margin, and draw no conclusion from a margin alone.",
        place=f"[[analyses]] {analysis.id}",
    )
