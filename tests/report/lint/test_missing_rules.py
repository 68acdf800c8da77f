"""The rules on missing values speak where an assumption stands alone, and count what they say they count."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from tests.report.factory import made_up_protocol
from tests.report.lint.evidence import ERROR, NOTE, WARNING, evidence_on, said_by
from tests.report.rows import result, rows
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.constrained_longitudinal import ConstrainedLongitudinal
from trialkit.protocol.methods.external import External
from trialkit.protocol.methods.glmm import Glmm
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.protocol import Protocol
from trialkit.report.lint.missing_rules import (
    MOST_MISSING,
    NOTABLE_DIFFERENCE,
    missing_unequally,
    same_assumption,
    too_many_missing,
)
from trialkit.results.effect import Scale, Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

TRIAL = made_up_protocol(visits=3)
SENSITIVITY, POST_HOC = AnalysisRole.SENSITIVITY, AnalysisRole.POST_HOC
EXTERNAL = External(
    method=Method.EXTERNAL,
    file="x.csv",
    program="R",
    description="as described",
    scale=Scale.DIFFERENCE,
)
NON_RESPONDER = ResponderComparison(missing=MissingRule.NON_RESPONDER, improved_by=1)


def analysis(
    name: str, role: AnalysisRole, specification: Specification | None = None, **more: Any
) -> Analysis:
    values = {"outcomes": ("pain",), "population": "itt", "estimand": "E1"} | more
    return Analysis(
        id=name, role=role, specification=specification or Ancova(), reason="Asked", **values
    )


PRIMARY = analysis("primary", AnalysisRole.PRIMARY)
SECOND = analysis("second", AnalysisRole.SECONDARY, outcomes=("better",))


def planned(*analyses: Analysis, trial: Protocol = TRIAL) -> Protocol:
    return replace(trial, plan=replace(trial.plan, analyses=analyses))


def missing(
    arm: str, of: int, gone: int, *, to_come: int = 0, outcome: str = "pain", visit: str = "V2"
) -> tuple[Result, ...]:
    numbers = {Stat.N: of, Stat.N_MISSING: gone, Stat.N_NOT_DUE: to_come}
    return rows(numbers, analysis_id="missing", outcome=outcome, visit=visit, arm=arm)


def used(name: str, *by_arm: int, outcome: str = "pain", visit: str = "V2") -> list[Result]:
    """How many of A0, A1 … an analysis used."""
    return [
        result(Stat.N, n, analysis_id=name, outcome=outcome, visit=visit, arm=f"A{place}")
        for place, n in enumerate(by_arm)
    ]


GAPS = (
    *missing("A0", 25, 3), *missing("A1", 25, 2),
    *missing("A0", 25, 1, visit="V1"), *missing("A1", 25, 1, visit="V1"),
    *used("primary", 22, 23),
)  # fmt: skip
"""Two follow-ups, and complete cases of the last."""

LEAD = (
    "Values are missing at the time point, the {} analysis uses complete cases, and no sensitivity "
    "analysis does otherwise. "
)
AT_RANDOM = (
    "Values are missing at the time point, the {} analysis supposes them missing at random, and no "
    "sensitivity analysis supposes anything else. "
)
NUMBERS = "Pain: 3 of 25 (12%) in Arm 0, 2 of 25 (8%) in Arm 1."


# R15


def test_missing_values_are_told_by_arm_at_the_time_point() -> None:
    evidence = evidence_on(
        planned(PRIMARY), *missing("A0", 25, 3), *missing("A1", 26, 2, to_come=2),
        *missing("A0", 25, 25, visit="V0"), *missing("A1", 25, 25, outcome="better"),
    )  # fmt: skip
    assert said_by(same_assumption, evidence) == [
        (
            WARNING,
            LEAD.format("primary") + "Pain: 3 of 25 (12%) in Arm 0, 2 of 26 (8%) in Arm 1.",
        )
    ]


def test_nothing_missing_or_nobody_expected_is_nothing_to_say() -> None:
    whole = (*missing("A0", 25, 0), *missing("A1", 0, 0))
    assert said_by(same_assumption, evidence_on(planned(PRIMARY), *whole)) == []
    empty = (*missing("A0", 25, 1), *missing("A1", 0, 0))
    ((_, text),) = said_by(same_assumption, evidence_on(planned(PRIMARY), *empty))
    assert text.endswith("1 of 25 (4%) in Arm 0.")


def test_each_role_is_warned_of_with_its_outcomes() -> None:
    both = replace(PRIMARY, outcomes=("pain", "better"))
    counts = [
        *missing("A0", 10, 1), *missing("A1", 10, 1),
        *missing("A0", 10, 2, outcome="better"), *missing("A1", 10, 2, outcome="better"),
    ]  # fmt: skip
    found = said_by(same_assumption, evidence_on(planned(SECOND, both), *counts))
    pain = "Pain: 1 of 10 (10%) in Arm 0, 1 of 10 (10%) in Arm 1"
    better = "Much better: 2 of 10 (20%) in Arm 0, 2 of 10 (20%) in Arm 1"
    assert found == [
        (WARNING, LEAD.format("primary") + f"{pain}; {better}."),
        (WARNING, LEAD.format("secondary") + f"{better}."),
    ]


@pytest.mark.parametrize(
    "specification", [Mmrm(), NON_RESPONDER, EXTERNAL], ids=lambda each: each.method.value
)
def test_an_analysis_that_uses_who_lacks_the_value_answers_complete_cases(
    specification: Specification,
) -> None:
    trial = planned(PRIMARY, analysis("other", SENSITIVITY, specification))
    assert said_by(same_assumption, evidence_on(trial, *GAPS, *used("other", 25, 24))) == []


@pytest.mark.parametrize(
    ("other", "counts", "why"),
    [
        (analysis("other", SENSITIVITY, Mmrm()), (22, 23), "uses no more participants"),
        (analysis("other", SENSITIVITY, EXTERNAL), (22, 20), "uses no more participants"),
        (analysis("other", SENSITIVITY, NON_RESPONDER), (), "uses no more participants"),
        (analysis("other", POST_HOC, Mmrm()), (25, 25), "is post hoc"),
        (analysis("other", SENSITIVITY, Mmrm(), population="pp"), (25, 25), "is of another population"),
        (analysis("other", SENSITIVITY, Mmrm(), time_point="V1"), (25, 25), "is of another time point"),
        (analysis("other", SENSITIVITY, Ancova()), (25, 25), "supposes the same"),
    ],
)  # fmt: skip
def test_an_analysis_that_is_no_answer_is_named_with_the_reason(
    other: Analysis, counts: tuple[int, ...], why: str
) -> None:
    evidence = evidence_on(planned(PRIMARY, other), *GAPS, *used("other", *counts))
    assert said_by(same_assumption, evidence) == [
        (WARNING, f"{LEAD.format('primary')}{NUMBERS} Not counted: other {why}.")
    ]


def test_an_analysis_without_a_result_is_no_answer() -> None:
    trial = planned(PRIMARY, analysis("other", SENSITIVITY, Mmrm()))
    nothing = result(
        Stat.ESTIMATE, None, analysis_id="other", visit="V2", term="A1 - A0",
        status=Status.NOT_ESTIMABLE, note="not estimable: why",
    )  # fmt: skip
    ((_, text),) = said_by(
        same_assumption, evidence_on(trial, *GAPS, *used("other", 25, 25), nothing)
    )
    assert text.endswith("Not counted: other has no result.")


@pytest.mark.parametrize(
    "specification", [Mmrm(), ConstrainedLongitudinal()], ids=lambda each: each.method.value
)
def test_with_one_follow_up_a_model_of_visits_supposes_what_complete_cases_do(
    specification: Specification,
) -> None:
    """A value at baseline alone says nothing of the follow-up, though the model counts who has it."""
    trial = planned(PRIMARY, analysis("other", SENSITIVITY, specification))
    one = [each for each in GAPS if each.visit == "V2"]
    ((look, text),) = said_by(
        same_assumption,
        evidence_on(trial, *missing("A0", 25, 0, visit="V0"), *one, *used("other", 25, 25)),
    )
    assert (look, text.startswith(LEAD.format("primary"))) == (WARNING, True)
    assert text.endswith("Not counted: other supposes the same.")


def test_missing_at_random_is_an_assumption_too() -> None:
    own = replace(PRIMARY, specification=Mmrm())
    counts = (*GAPS[:-2], *used("primary", 25, 24))
    assert said_by(same_assumption, evidence_on(planned(own), *counts)) == [
        (WARNING, AT_RANDOM.format("primary") + NUMBERS)
    ]
    second = replace(own, role=AnalysisRole.SECONDARY)
    assert [look for look, _ in said_by(same_assumption, evidence_on(planned(second), *counts))] == [
        NOTE
    ]  # fmt: skip
    complete = analysis("complete", SENSITIVITY)
    evidence = evidence_on(planned(own, complete), *counts, *used("complete", 22, 23))
    assert said_by(same_assumption, evidence)[0][1].endswith(
        "Not counted: complete uses no more participants."
    )
    for other in (NON_RESPONDER, EXTERNAL):
        answered = planned(own, analysis("other", SENSITIVITY, other))
        assert (
            said_by(same_assumption, evidence_on(answered, *counts, *used("other", 25, 25))) == []
        )
    alike = planned(own, analysis("other", SENSITIVITY, ConstrainedLongitudinal()))
    found = said_by(same_assumption, evidence_on(alike, *counts, *used("other", 25, 25)))
    assert found[0][1].endswith("Not counted: other supposes the same.")


def test_a_model_that_found_nobody_more_used_complete_cases() -> None:
    own = replace(PRIMARY, specification=Mmrm())
    found = said_by(same_assumption, evidence_on(planned(own), *GAPS))
    assert found == [(WARNING, LEAD.format("primary") + NUMBERS)]
    smaller = rows(
        {Stat.N_EXCLUDED: 3}, analysis_id="populations", outcome="", term="itt", arm="A0"
    )
    found = said_by(same_assumption, evidence_on(planned(own), *GAPS, *smaller))
    assert found == [(WARNING, AT_RANDOM.format("primary") + NUMBERS)]


def test_advice_names_methods_that_the_kind_of_outcome_can_have() -> None:
    """Of yes and no neither the mean of the reference arm nor responders of a number."""
    answers = replace(PRIMARY, outcomes=("better",))
    gone = (*missing("A0", 10, 1, outcome="better"), *missing("A1", 10, 1, outcome="better"))
    (found,) = same_assumption(evidence_on(planned(answers), *gone))
    assert "strategy = 'copy-reference'" in found.mend
    assert "glmm of several visits" in found.mend
    for of_numbers in ("responders", "mmrm", "jump-to-reference"):
        assert of_numbers not in found.mend
    both = replace(PRIMARY, outcomes=("pain", "better"))
    (found,) = same_assumption(
        evidence_on(planned(both), *gone, *missing("A0", 10, 1), *missing("A1", 10, 1))
    )
    assert "jump-to-reference" in found.mend
    assert "copy-reference" in found.mend
    early = (
        *missing("A0", 10, 1, outcome="better", visit="V1"),
        *used("primary", 10, 10, outcome="better"),
    )
    at_random = replace(answers, specification=Glmm())
    (found,) = same_assumption(evidence_on(planned(at_random), *gone, *early))
    assert found.mend.startswith(
        "Add a sensitivity analysis that does (of yes and no multiple_imputation with strategy = "
        "'copy-reference' or a delta, or method = 'external'), and say"
    )


def test_what_is_stated_by_the_plan_and_what_is_explored_ask_for_nothing() -> None:
    stated = replace(PRIMARY, specification=NON_RESPONDER)
    assert said_by(same_assumption, evidence_on(planned(stated), *GAPS)) == []
    explored = analysis("explored", AnalysisRole.EXPLORATORY)
    assert said_by(same_assumption, evidence_on(planned(explored), *GAPS)) == []


# R34


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [((25, 10), (25, 10), 0), ((25, 11), (25, 0), 1), ((50, 20), (50, 21), 1), ((25, 12), (25, 12), 1)],
)  # fmt: skip
def test_more_than_two_fifths_missing_is_an_error_whatever_the_method(
    first: tuple[int, int], second: tuple[int, int], found: int
) -> None:
    counts = (*missing("A0", *first), *missing("A1", *second))
    for specification in (Ancova(), Mmrm(), EXTERNAL):
        trial = planned(replace(PRIMARY, specification=specification))
        said = said_by(too_many_missing, evidence_on(trial, *counts))
        assert [look for look, _ in said] == [ERROR] * found
    assert Fraction(2, 5) == MOST_MISSING


def test_too_many_missing_are_told_by_arm_and_of_a_secondary_outcome_as_a_warning() -> None:
    both = (PRIMARY, replace(PRIMARY, id="again", role=AnalysisRole.SECONDARY), SECOND)
    counts = [
        *missing("A0", 25, 12), *missing("A1", 25, 12),
        *missing("A0", 25, 12, outcome="better"), *missing("A1", 25, 12, outcome="better"),
    ]  # fmt: skip
    tail = "is missing at the time point in 12 of 25 (48%) in Arm 0, 12 of 25 (48%) in Arm 1: in more than 40% of those expected, all together or in one arm."
    assert said_by(too_many_missing, evidence_on(planned(*both), *counts)) == [
        (ERROR, f"Pain (primary) {tail}"),
        (WARNING, f"Much better (secondary) {tail}"),
    ]


# R35


def difference(estimate: float, *limits: float, arm: str = "A1", outcome: str = "pain") -> Any:
    stats = dict(
        zip((Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH), (estimate, *limits), strict=False)
    )
    place = {"analysis_id": "missing", "outcome": outcome, "visit": "V2", "arm": f"{arm} - A0"}
    return rows(stats, method="risk_difference", **place)  # fmt: skip


def test_unequal_shares_are_told_with_the_difference_and_its_limits() -> None:
    counts = (*missing("A0", 25, 2), *missing("A1", 25, 9), *difference(0.28, 0.04, 0.49))
    assert said_by(missing_unequally, evidence_on(planned(PRIMARY), *counts)) == [
        (
            WARNING,
            (
                "Pain (primary) is missing at the time point in 2 of 25 (8%) in Arm 0, 9 of 25 (36%) in "
                "Arm 1: 28.0 percentage points more in Arm 1 than in Arm 0 (95% limits 4.0 to 49.0)."
            ),
        )
    ]
    fewer = (*missing("A0", 25, 9), *missing("A1", 25, 2), *difference(-0.28, -0.49, 0.04))
    ((look, text),) = said_by(missing_unequally, evidence_on(planned(PRIMARY), *fewer))
    assert (look, text.partition(": ")[2]) == (
        NOTE,
        "28.0 percentage points fewer in Arm 1 than in Arm 0 (95% limits \N{MINUS SIGN}4.0 to 49.0).",
    )


@pytest.mark.parametrize(("gone", "differs"), [(4, False), (5, True), (6, True), (0, False)])
def test_shares_that_differ_by_a_twentieth_are_worth_a_word(gone: int, differs: bool) -> None:
    """20 of 100 in one arm: 15 are a twentieth fewer, 16 less than that."""
    counts = (*missing("A0", 100, 20), *missing("A1", 100, 20 - gone))
    found = evidence_on(planned(PRIMARY), *counts, *difference(-gone / 100, -0.2, 0.1))
    assert [look for look, _ in said_by(missing_unequally, found)] == [NOTE] * differs
    assert Fraction(1, 20) == NOTABLE_DIFFERENCE


def test_shares_that_differ_by_exactly_a_twentieth_do_so_in_any_denominator() -> None:
    """In binary 7/20 less 6/20 is a little below 1/20."""
    counts = (*missing("A0", 20, 7), *missing("A1", 20, 6), *difference(-0.05, -0.3, 0.2))
    assert len(said_by(missing_unequally, evidence_on(planned(PRIMARY), *counts))) == 1


def test_a_sure_difference_of_less_counts_and_one_without_limits_is_a_note() -> None:
    sure = (*missing("A0", 5000, 100), *missing("A1", 5000, 200), *difference(0.02, 0.013, 0.027))
    assert [look for look, _ in said_by(missing_unequally, evidence_on(planned(PRIMARY), *sure))] == [
        WARNING
    ]  # fmt: skip
    bare = (*missing("A0", 25, 2), *missing("A1", 25, 9), *difference(0.28))
    ((look, text),) = said_by(missing_unequally, evidence_on(planned(PRIMARY), *bare))
    assert (look, text.endswith("28.0 percentage points more in Arm 1 than in Arm 0.")) == (
        NOTE,
        True,
    )
