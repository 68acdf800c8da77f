"""An analysis that the data do not allow has rows that say why, and the others have their numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.conftest import few_at_once
from tests.planned.hand import ARM, BETTER, PAIN, datasets_of, measurements, three_by_three
from tests.report.factory import LEVELS, effect, made_up_datasets, made_up_protocol
from tests.variations import CARRIED_OUT, specification_of
from trialkit.datasets.measurements import NOT_YET_DUE
from trialkit.datasets.model import Datasets
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.impossible import NOT_ASKED
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.odds_comparison import OddsComparison
from trialkit.protocol.methods.plan import Analysis, AnalysisRole, Family
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.effect import Status
from trialkit.results.results import Result, Results
from trialkit.results.unanswered import unanswered, unanswered_contrasts
from trialkit.results.vocabulary import Stat

WITHOUT = PAIN.copy()
WITHOUT[ARM == 1, 2] = np.nan
"""Nobody of arm A1 has the value at the time point."""


def planned(*methods: Method) -> Protocol:
    """Pain by each of these methods as well, beside the improvement by risks."""
    protocol = three_by_three()
    analyses = tuple(
        Analysis(
            id=method.value,
            role=AnalysisRole.SECONDARY,
            outcomes=("pain",),
            population="itt",
            estimand="E1",
            family="all",
            specification=specification_of(method),
        )
        for method in methods
    )
    risks = replace(protocol.plan.analyses[1], family="")
    families = (Family(code="all", label="All", adjustment=Adjustment.HOLM),)
    plan = replace(
        protocol.plan, analyses=(protocol.plan.analyses[0], *analyses, risks), families=families
    )
    return replace(protocol, plan=plan)


def without_family(protocol: Protocol) -> Protocol:
    analyses = tuple(replace(each, family="") for each in protocol.plan.analyses)
    return replace(protocol, plan=replace(protocol.plan, analyses=analyses, families=()))


def by_id(results: Results) -> dict[str, Result]:
    return {row.result_id: row for row in results.rows}


OF_PAIN = [
    method
    for method, kind in CARRIED_OUT.items()
    if kind.takes(method, three_by_three().primary.type) and not kind.READS_PERIODS
]


@pytest.mark.parametrize("method", few_at_once(OF_PAIN, 2))
def test_one_impossible_analysis_leaves_the_others_alone(method: Method) -> None:
    protocol = without_family(planned(method))
    whole = by_id(carry_out(protocol, datasets_of(protocol)))
    results = carry_out(protocol, datasets_of(protocol, WITHOUT))
    found = by_id(results)
    own = [row for row in results.rows if row.analysis_id == method.value]
    assert any(row.status is Status.NOT_ESTIMABLE and "Arm 1" in row.note for row in own), own
    assert not any(row.stat is None and not row.note for row in own)
    others = {key: row for key, row in whole.items() if row.analysis_id == "secondary"}
    assert {key: found[key] for key in others} == others
    if protocol.effect(method.value, protocol.primary) is not None:
        # what is stated of it has the ids that its numbers would have
        stated = {row.result_id for row in own if row.stat_name is Stat.ESTIMATE}
        assert stated <= set(whole)


PAIRWISE = [each for each in OF_PAIN if specification_of(each).compares_pairs]


@pytest.mark.parametrize("method", few_at_once(PAIRWISE, 2))
def test_an_arm_without_a_value_leaves_the_other_contrasts_as_they_are(method: Method) -> None:
    protocol = without_family(planned(method))
    whole = {
        key: row
        for key, row in by_id(carry_out(protocol, datasets_of(protocol))).items()
        if row.analysis_id == method.value and row.term == "A2 - A0"
    }
    results = carry_out(protocol, datasets_of(protocol, WITHOUT))
    own = [row for row in results.rows if row.analysis_id == method.value]
    found = by_id(results)
    assert whole
    for key, row in whole.items():
        if method is Method.BOOTSTRAP and row.stat_name is not Stat.ESTIMATE:
            assert found[key].stat is not None  # other resamples are drawn of fewer arms
        else:
            # who has no value is told of the arms that are compared
            assert replace(found[key], note="") == replace(row, note="")
    lacking = [row for row in own if row.stat is None]
    assert {(row.term, row.status) for row in lacking} == {("A1 - A0", Status.NOT_ESTIMABLE)}
    assert all("nobody in Arm 1 has" in row.note for row in lacking)
    assert not [row for row in unanswered(results.rows) if row.analysis_id == method.value]
    contrasts = [row.term for row in unanswered_contrasts(results.rows) if row in own]
    assert contrasts == (["A1 - A0"] if method is not Method.BOOTSTRAP else [])
    counts = {row.arm: row.stat for row in own if row.stat_name is Stat.N and not row.term}
    assert counts == {"A0": 8, "A1": 0, "A2": 8}


def test_an_arm_of_one_leaves_the_other_contrasts_as_they_are() -> None:
    protocol = without_family(planned(Method.WELCH_T))
    one = PAIN.copy()
    one[(ARM == 1) & (np.arange(24) % 8 > 0), 2] = np.nan
    own = carry_out(protocol, datasets_of(protocol, one)).find(analysis_id="welch_t").rows
    numbers = {row.term: row for row in own if row.stat_name is Stat.ESTIMATE}
    assert numbers["A2 - A0"].status is Status.ESTIMATED
    assert numbers["A1 - A0"].note == "not estimable: a t test needs 2 subjects an arm, got 1 and 8"


def test_an_empty_reference_arm_leaves_nothing_to_compare() -> None:
    protocol = without_family(planned(Method.WELCH_T))
    nobody = PAIN.copy()
    nobody[ARM == 0, 2] = np.nan
    own = carry_out(protocol, datasets_of(protocol, nobody)).find(analysis_id="welch_t").rows
    assert all(row.stat is None for row in own if row.stat_name is Stat.ESTIMATE)


def test_a_joint_model_is_not_fitted_without_one_of_its_arms() -> None:
    joint = [each for each in OF_PAIN if each not in PAIRWISE]
    assert {Method.ANCOVA, Method.MMRM, Method.MIXED_ANOVA, Method.RERANDOMISATION} <= {*joint}
    protocol = without_family(planned(Method.ANCOVA))
    own = carry_out(protocol, datasets_of(protocol, WITHOUT)).find(analysis_id="ancova").rows
    assert all(row.stat is None for row in own if row.term)


def test_the_rows_say_who_is_missing_in_the_words_of_the_protocol() -> None:
    protocol = without_family(planned(Method.ANCOVA))
    results = carry_out(protocol, datasets_of(protocol, WITHOUT))
    (_, row) = unanswered(results.rows)
    assert row.note == (
        "not estimable: nobody in Arm 1 has what the analysis of Pain at Week 8 needs "
        "(no value at Week 8 (moved away): 8)"
    )
    assert (row.analysis_id, row.outcome, row.method) == ("ancova", "pain", "ancova")
    assert (row.visit, row.stat, row.status) == ("V2", None, Status.NOT_ESTIMABLE)
    own = results.find(analysis_id="ancova", outcome="pain")
    assert {(each.term, each.stat_name) for each in own.rows if each.term} == {
        (term, stat) for term in ("A1 - A0", "A2 - A0") for stat in (Stat.ESTIMATE, Stat.P_VALUE)
    }
    counts = {(each.arm, each.stat_name): each for each in own.rows if each.arm}
    assert counts["A1", Stat.N].stat == 0
    assert counts["A1", Stat.N_EXCLUDED].stat == 8
    assert counts["A1", Stat.N_EXCLUDED].note == "no value at Week 8 (moved away): 8"
    assert counts["A0", Stat.N].stat == 8


def test_what_the_method_says_names_no_column_of_ours() -> None:
    protocol = without_family(planned(Method.WELCH_T))
    one = PAIN.copy()
    one[np.arange(24) % 8 > 0, 2] = np.nan
    _, row = unanswered(carry_out(protocol, datasets_of(protocol, one)).rows)
    assert row.note == "not estimable: a t test needs 2 subjects an arm, got 1 and 1"
    log = replace(Ancova(), scale=OutcomeScale.LOG, response=Response.FINAL)
    primary, own, _ = protocol.plan.analyses
    analyses = (primary, replace(own, specification=log))
    logged = replace(protocol, plan=replace(protocol.plan, analyses=analyses))
    zero = PAIN.copy()
    zero[3, 2] = 0
    (row,) = unanswered(carry_out(logged, datasets_of(logged, zero)).rows)
    assert "Pain at Week 8" in row.note
    assert "'value'" not in row.note


def coming(protocol: Protocol, reached: int) -> Datasets:
    """The last visit is still to come for all but the first few of each arm."""
    later = np.arange(24) % 8 >= reached
    pain, better = PAIN.copy(), BETTER.copy()
    pain[later, 2] = better[later, 2] = np.nan
    rows = measurements(pain, better)
    rows["missing_reason"] = rows["missing_reason"].where(rows["value"].notna(), NOT_YET_DUE)
    return replace(datasets_of(protocol), measurements=rows)


@pytest.mark.parametrize(("reached", "status"), [(0, Status.NOT_DUE), (1, Status.NOT_DUE)])
def test_what_is_still_to_come_for_most_is_not_yet_due(reached: int, status: Status) -> None:
    protocol = without_family(planned(Method.WELCH_T))
    found = unanswered(carry_out(protocol, coming(protocol, reached)).rows)
    row = next(each for each in found if each.analysis_id == "welch_t")
    assert row.status is status
    assert row.note == (
        f"not yet due at the data cut: Week 8 is still to come for {24 - 3 * reached} of 24 "
        "randomised"
    )


@pytest.mark.parametrize("method", [Method.PAIRED_T, Method.SIGNED_RANK])
def test_an_arm_that_waits_for_its_visit_is_not_called_impossible(method: Method) -> None:
    """Within arms, too: one arm has come, of the two others nobody, and most are still to come."""
    protocol = without_family(planned(method))
    later = ARM != 0
    pain = PAIN.copy()
    pain[later, 2] = np.nan
    rows = measurements(pain)
    rows["missing_reason"] = rows["missing_reason"].where(rows["value"].notna(), NOT_YET_DUE)
    found = carry_out(protocol, replace(datasets_of(protocol), measurements=rows)).rows
    own = [
        row
        for row in found
        if row.analysis_id == method.value and row.stat_name is Stat.ESTIMATE and row.visit == "V2"
    ]
    assert [row.status for row in own] == [Status.NOT_DUE, Status.NOT_DUE, None]
    assert {row.note for row in own[:2]} == {
        "not yet due at the data cut: Week 8 is still to come for 16 of 24 randomised"
    }


def of_levels(levels: np.ndarray) -> list[Result]:
    """The odds ratio of levels, of which one that is NaN is still to come; where it lacks, why."""
    made = made_up_protocol()
    own = replace(
        made.plan.analyses[0], outcomes=("effect",), specification=OddsComparison(), family=""
    )
    outcomes = (replace(effect("V1"), role=OutcomeRole.PRIMARY),)
    protocol = replace(
        made, outcomes=outcomes, plan=replace(made.plan, analyses=(own,), families=())
    )
    datasets = made_up_datasets(made, per_arm=len(levels) // 2)
    rows = datasets.measurements
    pain = rows[(rows["outcome"] == "pain") & (rows["visit"] == "V1")]
    rows = pain.assign(
        outcome=pd.Categorical(["effect"] * len(pain), categories=["effect"], ordered=True),
        value=levels,
        baseline=np.nan,
        change=np.nan,
        missing_reason=np.where(np.isnan(levels), NOT_YET_DUE, None),
    )
    datasets = replace(
        datasets,
        measurements=rows,
        outcome_levels={"effect": LEVELS},
        planned_visits={"effect": ("V1",)},
    )
    return [
        row
        for row in carry_out(protocol, datasets).rows
        if row.analysis_id == own.id and row.term == "A1 - A0" and row.stat_name is Stat.ESTIMATE
    ]


@pytest.mark.parametrize(
    ("levels", "status", "why"),
    [
        (
            np.full(16, np.nan),
            Status.NOT_DUE,
            "not yet due at the data cut: Week 4 is still to come",
        ),
        (np.repeat([2.0, 3.0], 8), Status.NOT_ESTIMABLE, "tells levels of the outcome apart"),
    ],
    ids=["not yet due", "each arm at one level"],
)
def test_levels_without_an_odds_ratio_say_so_in_the_row_that_would_have_it(
    levels: np.ndarray, status: Status, why: str
) -> None:
    (number,) = of_levels(np.tile([1.0, 2.0, 3.0, 4.0], 4))
    (row,) = of_levels(levels)
    assert number.stat == pytest.approx(1)
    assert (row.stat, row.status) == (None, status)
    assert why in row.note
    # by the method, and not by the name that an odds ratio of risks has
    assert row.method == number.method == "proportional_odds"
    assert row.result_id == number.result_id


def test_a_family_is_as_large_as_it_was_planned() -> None:
    protocol = planned(Method.ANCOVA, Method.WELCH_T)
    primary, own, other, *_ = protocol.plan.analyses
    gone = replace(
        other, outcomes=("better",), specification=specification_of(Method.RISK_DIFFERENCE)
    )
    plan = replace(protocol.plan, analyses=(primary, own, gone))
    protocol = replace(protocol, plan=plan)
    better = np.full_like(BETTER, np.nan)
    results = carry_out(protocol, datasets_of(protocol, PAIN, better))
    raw = [
        row.stat
        for row in results.rows
        if row.analysis_id == "ancova" and row.stat_name is Stat.P_VALUE and row.scale is not None
    ]
    adjusted = [row for row in results.rows if row.stat_name is Stat.P_ADJUSTED]
    own = [row for row in adjusted if row.analysis_id == "ancova"]
    small, large = sorted(float(p) for p in raw if p is not None)
    assert sorted(float(row.stat or 0) for row in own) == pytest.approx(
        sorted([min(1, 4 * small), max(min(1, 4 * small), min(1, 3 * large))])
    )
    assert {row.note for row in own} == {
        "holm over 4 comparisons, 2 without a p value counted as 1"
    }
    others = [row for row in adjusted if row.analysis_id != "ancova"]
    assert len(others) == 2
    assert all(row.stat is None and row.status is Status.NOT_ESTIMABLE for row in others)
    assert all("is known for any of the 24 participants" in row.note for row in others)


def test_what_was_not_asked_for_says_so_and_nothing_is_adjusted_behind_it() -> None:
    protocol = planned(Method.ANCOVA, Method.WELCH_T)
    data = datasets_of(protocol)
    whole, part = by_id(carry_out(protocol, data)), carry_out(protocol, data, only=["welch_t"])
    found = by_id(part)
    assert {row.analysis_id for row in unanswered(part.rows)} == {
        "primary", "ancova", "secondary",
    }  # fmt: skip
    for row in unanswered(part.rows):
        assert (row.status, row.note) == (Status.NOT_ASKED, NOT_ASKED)
    asked = [row for row in whole.values() if row.analysis_id == "welch_t"]
    for row in asked:
        if row.stat_name is not Stat.P_ADJUSTED:
            assert found[row.result_id] == row
    adjusted = [row for row in part.rows if row.stat_name is Stat.P_ADJUSTED]
    assert {row.stat for row in adjusted} == {None}
    assert {row.note for row in adjusted} == {
        "not adjusted: not every analysis of its family was asked for in this run"
    }


def test_a_fault_of_ours_is_no_impossible_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    protocol = without_family(planned(Method.ANCOVA))
    data = datasets_of(protocol)

    def broken(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr("trialkit.planned.carrying_out.card_of", broken)
    with pytest.raises(ZeroDivisionError):
        carry_out(protocol, data)
