"""Comparisons of means and ranks are told by their names, their value, their sides and their unit."""

import pytest

from tests.report.words.specifications import told
from trialkit.protocol.methods.comparisons import Alternative, Standardiser
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.report.words.en.methods.mean_comparison import WORDS

NAMES = {
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
T_TESTS = {Method.WELCH_T, Method.STUDENT_T}
OF_RANKS = {Method.MANN_WHITNEY, Method.MANN_WHITNEY_ASYMPTOTIC, Method.MANN_WHITNEY_CORRECTED}
OMNIBUS = {Method.ONE_WAY_ANOVA, Method.WELCH_ANOVA, Method.KRUSKAL_WALLIS}
FINAL = Response.FINAL


@pytest.mark.parametrize("method", NAMES)
def test_each_method_is_described_with_what_it_estimates(method: Method) -> None:
    own = MeanComparison(method=method)
    end = ", of all arms at once" if method in OMNIBUS else ", two-sided"
    if method in OF_RANKS:
        end += (
            "; the effect is Hodges and Lehmann's estimate of the shift between arms or, where ties "
            "leave the shift of any comparison of an outcome without limits, for all its comparisons "
            "the probability that a participant of the experimental arm has the higher value, ties "
            "counted half"
        )
    start = f"{NAMES[method]} of the"
    assert WORDS.describe(own, told()) == f"{start} change from baseline (week 8){end}"
    final = MeanComparison(method=method, response=FINAL)
    assert WORDS.describe(final, told()) == f"{start} final value (week 8){end}"
    assert WORDS.short_name(own) == f"{NAMES[method]} of the change"
    assert WORDS.short_name(final) == f"{NAMES[method]} of the final value"


@pytest.mark.parametrize("method", NAMES)
def test_the_effect_is_a_difference_of_means_a_shift_or_the_method_s_own(method: Method) -> None:
    own, name = MeanComparison(method=method), f"{NAMES[method]} of the change"
    if method in T_TESTS:
        expected = f"difference in mean change from baseline ({NAMES[method]})"
    elif method in OF_RANKS:
        expected = f"Hodges and Lehmann's estimate of the shift ({name})"
    else:
        expected = f"the estimate of: {name}"
    assert WORDS.effect(own) == expected
    in_text = "Hodges and Lehmann's shift between arms" if method in OF_RANKS else ""
    assert WORDS.effect_in_text(own) == in_text


def test_a_difference_of_final_values_is_one_of_means() -> None:
    final = MeanComparison(method=Method.WELCH_T, response=FINAL)
    assert WORDS.effect(final) == "difference in means (Welch's t test)"
    assert WORDS.response(final) is FINAL
    assert WORDS.response(MeanComparison(method=Method.WELCH_T)) is Response.CHANGE


def test_a_one_sided_test_says_which_way_it_looks_wherever_it_is_named() -> None:
    less = MeanComparison(method=Method.STUDENT_T, alternative=Alternative.LESS)
    assert WORDS.describe(less, told()).endswith(", one-sided (less)")
    assert WORDS.effect(less).endswith("(Student's t test, one-sided (less))")
    assert WORDS.sides(less) == "one-sided "
    assert WORDS.sides(MeanComparison(method=Method.STUDENT_T)) == ""
    greater = MeanComparison(method=Method.MANN_WHITNEY, alternative=Alternative.GREATER)
    assert WORDS.effect(greater).endswith("test of the change, one-sided (greater))")


@pytest.mark.parametrize(
    ("standardiser", "response", "words"),
    [
        (
            Standardiser.REFERENCE,
            FINAL,
            "the reference arm's standard deviation of the final value",
        ),
        (
            Standardiser.AVERAGE,
            Response.CHANGE,
            "the root mean square of the arms' standard deviations of the change",
        ),
    ],
)
def test_another_standardiser_than_the_pooled_one_is_told(
    standardiser: Standardiser, response: Response, words: str
) -> None:
    own = MeanComparison(method=Method.WELCH_T, standardiser=standardiser, response=response)
    assert WORDS.describe(own, told()).endswith(
        f", two-sided; Hedges' g is standardised by {words}"
    )
    pooled = MeanComparison(method=Method.WELCH_T, response=response)
    assert "Hedges" not in WORDS.describe(pooled, told())
