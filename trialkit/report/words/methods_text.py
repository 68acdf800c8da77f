"""The statistical methods in words, written from the plan that ran."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from trialkit.protocol.methods.comparisons import Adjustment, MissingRule
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.content.manifest import Manifest
from trialkit.report.content.text import Definition
from trialkit.report.numbers.numbers import confidence, plain
from trialkit.report.words.en.wording import capitalised, counted, listing, sentence
from trialkit.report.words.method_words import (
    NAMES,
    adjusts_contrasts,
    describe_method,
    makes_contrasts,
    time_points,
)
from trialkit.results.lookup import ResultIndex, Shelf

ROLES = {
    AnalysisRole.PRIMARY: "Primary analysis",
    AnalysisRole.SECONDARY: "Secondary analysis",
    AnalysisRole.SENSITIVITY: "Sensitivity analysis, in the plan",
    AnalysisRole.EXPLORATORY: "Exploratory analysis, in the plan",
    AnalysisRole.POST_HOC: "Post hoc analysis",
}
ADJUSTMENTS = {
    Adjustment.BONFERRONI: "Bonferroni's method",
    Adjustment.HOLM: "Holm's method",
    Adjustment.HOCHBERG: "Hochberg's method",
    Adjustment.HOMMEL: "Hommel's method",
    Adjustment.BENJAMINI_HOCHBERG: "Benjamini and Hochberg's method (false discovery rate)",
    Adjustment.BENJAMINI_YEKUTIELI: "Benjamini and Yekutieli's method (false discovery rate)",
    Adjustment.FIXED_SEQUENCE: "testing in the fixed sequence of the plan",
}


Measured: TypeAlias = Mapping[str, tuple[str, ...]]
"""The visits at which each outcome's form is filled in; nothing where no data are at hand."""
UNKNOWN: Measured = MappingProxyType({})


def measured_visits(index: ResultIndex, protocol: Protocol) -> Measured:
    """At which visits each outcome was planned to be measured: there its missing values are counted."""
    found = {
        outcome.code: {
            address.visit for address in index.addresses(Shelf.MISSING, outcome=outcome.code)
        }
        for outcome in protocol.outcomes
    }
    return {
        code: tuple(visit for visit in protocol.visit_codes if visit in visits)
        for code, visits in found.items()
        if visits
    }


def analysis_definitions(protocol: Protocol, measured: Measured = UNKNOWN) -> Iterator[Definition]:
    """Each analysis of the plan as a term and a sentence."""
    for analysis in protocol.plan.analyses:
        outcomes = [protocol.outcome(code) for code in analysis.outcomes]
        text = analysis_sentences(analysis, outcomes, protocol, measured)
        yield Definition(term=ROLES[analysis.role], runs=(text,))


def analysis_sentences(
    analysis: Analysis, outcomes: list[Outcome], protocol: Protocol, measured: Measured = UNKNOWN
) -> str:
    """How an analysis was done, in whom, for which question, and why if it was an afterthought."""
    population = next(each for each in protocol.populations if each.code == analysis.population)
    method = describe_method(
        analysis.specification,
        when=time_points(outcomes, protocol),
        protocol=protocol,
        visits=max(len(_visits_used(analysis, each, protocol, measured)) for each in outcomes),
    )
    parts = [
        sentence(listing([each.label for each in outcomes])),
        f"{capitalised(method)}.",
        (
            f"Population: {population.label.lower()}, participants grouped as "
            f"{population.group_by.value} (estimand {analysis.estimand})."
        ),
    ]
    if analysis.role is AnalysisRole.PRIMARY:
        parts += _estimand(analysis, protocol)
    if analysis.reason:
        parts.append(f"Reason: {sentence(analysis.reason)}")
    return " ".join(parts)


def _estimand(analysis: Analysis, protocol: Protocol) -> Iterator[str]:
    """What the primary analysis estimates, in the words of the protocol."""
    for each in protocol.estimands:
        if each.code == analysis.estimand:
            yield f"What is estimated: {sentence(_lowered(each.summary))}"
            yield f"Treatment conditions: {sentence(_lowered(each.treatment))}"
            yield f"Variable: {sentence(_lowered(each.variable))}"
            events = "; ".join(
                f"{_lowered(event.event)} ({event.strategy.value})"
                for event in each.intercurrent_events
            )
            yield f"Intercurrent events: {events or 'none named'}."


def general_sentences(protocol: Protocol) -> str:
    """What holds for every comparison: direction, level, effect sizes."""
    ratio = confidence(protocol.plan.confidence_level)
    if not protocol.experimental:
        return f"The trial has one arm; intervals are two-sided {ratio} confidence intervals."
    experimental = listing([arm.label for arm in protocol.experimental])
    text = (
        f"Differences are experimental ({experimental}) minus reference "
        f"({protocol.reference.label}), with two-sided {ratio} confidence intervals; "
        f"the two-sided significance level is {plain(protocol.plan.alpha)}."
    )
    if _compares_means(protocol):
        text += (
            " Standardised differences are Hedges' g with its confidence interval; for a change, "
            "the standardiser is the pooled standard deviation of the change."
        )
    return text


def _compares_means(protocol: Protocol) -> bool:
    return any(
        isinstance(each.specification, MixedAnova | MeanComparison)
        for each in protocol.plan.analyses
    )


def multiplicity_sentences(protocol: Protocol, *, planned: bool = False) -> str:
    """How the number of tests was dealt with, or that it was not; ``planned``: how it will be."""
    were = "will be" if planned else "were"
    sentences = []
    covered: set[str] = set()
    compared = [each for each in protocol.plan.analyses if makes_contrasts(each.specification)]
    several_arms = len(protocol.experimental) > 1
    within = [each for each in compared if several_arms and adjusts_contrasts(each.specification)]
    together = [each for each in compared if each not in within]
    for family in protocol.plan.families:
        members = [each for each in together if each.family == family.code]
        count = _comparisons(members, protocol)
        if not count:
            continue
        covered.add(family.code)
        label = family.label[:1].lower() + family.label[1:]
        if family.adjustment is Adjustment.NONE:
            sentences.append(f"P values of {label} ({count} comparisons) are not adjusted.")
        else:
            sentences.append(
                f"P values of {label} ({counted(count, 'comparison')}) {were} adjusted together by "
                f"{ADJUSTMENTS[family.adjustment]}; raw and adjusted values are both given."
            )
        if family.after:
            earlier = protocol.plan.family(family.after).label
            sentences.append(
                f"{capitalised(label)}: tested only if every hypothesis of "
                f"{earlier[:1].lower()}{earlier[1:]} is rejected."
            )
    own = _comparisons(within, protocol)
    if own:
        sentences.append(
            f"{capitalised(counted(own, 'comparison'))} {were} adjusted for the number of arms alone, "
            "within the analysis of each outcome."
        )
    rest = _comparisons([each for each in together if each.family not in covered], protocol)
    if rest:
        other = "other " if covered or own else ""
        sentences.append(
            f"The {other}{counted(rest, 'comparison')} "
            f"{_not_adjusted(rest, planned=planned)} for multiplicity."
        )
    return " ".join(sentences)


def _comparisons(analyses: list[Analysis], protocol: Protocol) -> int:
    """How many comparisons of an arm with the reference these analyses make."""
    return sum(len(each.outcomes) for each in analyses) * len(protocol.experimental)


def _not_adjusted(comparisons: int, *, planned: bool) -> str:
    if planned:
        return "will not be adjusted"
    return "was not adjusted" if comparisons == 1 else "were not adjusted"


def harms_sentences(protocol: Protocol) -> str:
    """How harms were compared."""
    return (
        "Harms are counted in the arm that participants received, as participants with at least "
        "one event and as events; risks are given with exact (Clopper and Pearson) "
        f"{confidence(protocol.plan.confidence_level)} limits, also where no event occurred. "
        "No p values are computed for harms."
    )


def _visits_used(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, measured: Measured
) -> tuple[str, ...]:
    """The visits whose values an analysis needs, of those at which the outcome is measured."""
    needed = analysis.specification.needed_visits(protocol.measured(outcome))
    planned = measured.get(outcome.code, protocol.visit_codes)
    return tuple(visit for visit in needed if visit in planned)


def missing_data_sentences(
    protocol: Protocol, measured: Measured = UNKNOWN, *, planned: bool = False
) -> str:
    """How each method of the plan deals with missing values; ``planned``: before it has run."""
    was = "will be" if planned else "was"
    by_method: dict[str, list[str]] = {}
    imputing = False
    for analysis in protocol.plan.analyses:
        specification = analysis.specification
        name = NAMES.get(specification.method, specification.method.value)
        if isinstance(specification, Mmrm):
            words = (
                "uses every value observed after baseline; values may be missing at random given "
                "those observed"
            )
        elif (
            isinstance(specification, ResponderComparison)
            and specification.missing is MissingRule.NON_RESPONDER
        ):
            imputing = True
            words = "counts participants without a value as not improved"
        else:
            outcome = protocol.outcome(analysis.outcomes[0])
            needed = _visits_used(analysis, outcome, protocol, measured)
            visits = listing([_lowered(protocol.visit(code).label) for code in needed])
            words = f"uses participants with a value at {visits}"
        said_of = by_method.setdefault(name, [])
        if words not in said_of:
            said_of.append(words)
    said = "; ".join(
        f"{name} {', and in another analysis '.join(words)}" for name, words in by_method.items()
    )
    imputed = f"Beyond that, nothing {was} imputed" if imputing else f"No value {was} imputed"
    return (
        f"By method: {said}. {imputed}; analyses of complete cases are valid if values are "
        f"missing independently of what they would have been. Who {was} left out of an analysis, and "
        f"why, {'will be' if planned else 'is'} counted with its results."
    )


def _lowered(label: str) -> str:
    return label[:1].lower() + label[1:]


def software_sentence(manifest: Manifest) -> str:
    """The programs and their versions."""
    named = {each.name: each.version for each in manifest.versions}
    libraries = [
        f"{name} {named[key]}"
        for key, name in (
            ("statsmodels", "statsmodels"),
            ("pingouin", "pingouin"),
            ("scipy", "SciPy"),
            ("numpy", "NumPy"),
            ("pandas", "pandas"),
        )
        if key in named
    ]
    own = f"trialkit {named.get('trialkit', '')}".strip()
    text = f"Analyses were made with {own} under Python {named.get('Python', '')}".strip()
    return f"{text} ({', '.join(libraries)})." if libraries else f"{text}."
