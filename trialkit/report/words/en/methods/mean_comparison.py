"""Comparisons of means and ranks in English."""

from trialkit.protocol.methods.comparisons import Alternative, MeansMethod, Standardiser
from trialkit.protocol.methods.effects import STANDARDISERS as STANDARDISED_BY
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.report.words.en.terms import (
    HIGHER_VALUE,
    STANDARDISERS,
    response_label,
    sides,
    time_points,
    value_of,
)
from trialkit.report.words.language.method_words import MethodWords, Telling
from trialkit.results.vocabulary import SUPERIORITY

_NAMES = {
    Method.WELCH_T: "Welch's t test",
    Method.STUDENT_T: "Student's t test",
    Method.MANN_WHITNEY: "exact Mann-Whitney test",
    Method.MANN_WHITNEY_ASYMPTOTIC: "asymptotic Mann-Whitney test",
    Method.MANN_WHITNEY_CORRECTED: "asymptotic Mann-Whitney test with continuity correction",
    Method.PERMUTATION: "permutation test",
    Method.ONE_WAY_ANOVA: "one-way analysis of variance",
    Method.WELCH_ANOVA: "Welch's analysis of variance",
    Method.KRUSKAL_WALLIS: "Kruskal-Wallis test",
}
_RANK_TESTS = frozenset(
    {Method.MANN_WHITNEY, Method.MANN_WHITNEY_ASYMPTOTIC, Method.MANN_WHITNEY_CORRECTED}
)


def _describe(specification: MeanComparison, told: Telling) -> str:
    method = specification.method
    value = value_of(specification.response, time_points(told.outcomes, told.protocol))
    text = f"{_NAMES[method]} of the {value}"
    if MeansMethod(method.value).is_omnibus:
        return f"{text}, of all arms at once"
    text += f", {sides(specification.alternative)}"
    if method in _RANK_TESTS:
        text += (
            "; the effect is Hodges and Lehmann's estimate of the shift between arms or, where ties "
            "leave the shift of any comparison of an outcome without limits, for all its "
            f"comparisons the {HIGHER_VALUE}, ties counted half"
        )
    if specification.standardiser is not Standardiser.POOLED:
        by = STANDARDISED_BY[specification.standardiser, specification.response]
        text += f"; Hedges' g is standardised by {STANDARDISERS[by]}"
    return text


def _variant(specification: MeanComparison) -> str:
    return f" of the {response_label(specification.response)}"


def _effect(specification: MeanComparison) -> str:
    method = specification.method
    one_sided = "" if _is_two_sided(specification) else f", {sides(specification.alternative)}"
    if MeansMethod(method.value).is_t_test:
        change = specification.response is Response.CHANGE
        value = "mean change from baseline" if change else "means"
        return f"difference in {value} ({_NAMES[method]}{one_sided})"
    name = f"{_NAMES[method]}{_variant(specification)}{one_sided}"
    if method in _RANK_TESTS:
        return f"Hodges and Lehmann's estimate of the shift ({name})"
    return f"the estimate of: {name}"


def _is_two_sided(specification: MeanComparison) -> bool:
    return specification.alternative is Alternative.TWO_SIDED


def _effect_in_text(specification: MeanComparison) -> str:
    ranks = specification.method in _RANK_TESTS
    return "Hodges and Lehmann's shift between arms" if ranks else ""


WORDS: MethodWords[MeanComparison] = MethodWords(
    names=_NAMES,
    describe=_describe,
    tells=lambda own: frozenset({SUPERIORITY} if own.method in _RANK_TESTS else ()),
    variant=_variant,
    effect=_effect,
    effect_in_text=_effect_in_text,
    sides=lambda own: "" if _is_two_sided(own) else "one-sided ",
    response=lambda own: own.response,
)
