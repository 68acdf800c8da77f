"""Rules on imputation: whether its model holds what the analyses hold (R36)."""

from collections.abc import Iterator

from trialkit.grammar import by_number
from trialkit.protocol.methods.measured_outcome import BASELINE
from trialkit.protocol.methods.outcome_kinds import OutcomeKind
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.specification import MODEL, Specification
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.report.lint.evidence import MAIN, Evidence, Notice, warning
from trialkit.report.words.en.terms import covariates_listed
from trialkit.report.words.en.wording import listing


def imputed_by_less(evidence: Evidence) -> Iterator[Notice]:
    """R36: an imputation lacks what its own analysis, or a main one of the outcome, adjusts for."""
    protocol = evidence.protocol
    for analysis in protocol.plan.analyses:
        if not analysis.specification.IMPUTES or analysis.role is AnalysisRole.POST_HOC:
            continue
        lacking, adjusting = dict[str, None](), dict[str, None]()
        for code in analysis.outcomes:
            for name, wanted in _adjusted_for(analysis, protocol.outcome(code), evidence):
                left = [each for each in wanted if each not in analysis.specification.imputed_from]
                lacking.update(dict.fromkeys(left))
                adjusting.update({name: None} if left else {})
        if lacking:
            adjusts = by_number(len(adjusting), "adjusts", "adjust")
            yield warning(
                f"The imputation of {analysis.id} does not hold {covariates_listed([*lacking], protocol)}, "
                f"for which {listing([*adjusting])} {adjusts}: imputed values do not depend on it, so that "
                "estimates given it are biased towards those without it.",
                "Name it among covariates, covariates_by_visit or auxiliary of the imputation.",
                place=f"[[analyses]] {analysis.id}",
            )


def _adjusted_for(
    analysis: Analysis, outcome: Outcome, evidence: Evidence
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The analysis of the imputed data sets, and each main one of the outcome, with what it adjusts for."""
    own = analysis.specification
    model = getattr(own, MODEL) if own.HOLDS_A_MODEL else None
    if model is not None:
        yield f"the model of {analysis.id}", _terms(model, outcome.kind)
    for each in evidence.protocol.plan.analyses:
        is_main = each.role.value in MAIN and outcome.code in each.outcomes
        if is_main and each is not analysis:
            yield each.id, _terms(each.specification, outcome.kind)


def _terms(specification: Specification, kind: OutcomeKind) -> tuple[str, ...]:
    baseline = (BASELINE,) if specification.adjusts_for_baseline else ()
    return (*baseline, *specification.baseline_items(kind))
