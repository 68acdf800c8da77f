"""The plan is carried out: every method, with the numbers of its statistic."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.conftest import few_at_once
from tests.line import Line
from trialkit.analysis.anova.mixed_anova import mixed_anova
from trialkit.analysis.means.means import compare_means
from trialkit.datasets.collected import NotCollected
from trialkit.errors import AnalysisError
from trialkit.planned.carrying_out import carry_out
from trialkit.planned.task.stating import Statement
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.comparisons import Adjustment, MissingRank, MissingRule
from trialkit.protocol.methods.linear_models import (
    Comparisons,
    ContrastAdjustment,
    OutcomeScale,
    RobustCovariance,
)
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.paired_proportion_comparison import PairedProportionComparison
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.repeated import CovarianceStructure, Inference
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.stratified_proportions import StratifiedProportions
from trialkit.protocol.methods.subgroups import Subgroups
from trialkit.protocol.methods.trimmed_mean import TrimmedMean
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.effect import Status
from trialkit.results.results import Results
from trialkit.results.vocabulary import Stat

SITE = "screening.site"


def with_analysis(line: Line, specification: Specification, outcome: str) -> Protocol:
    """The protocol with one more analysis."""
    more = Analysis(
        id="more",
        role=AnalysisRole.EXPLORATORY,
        outcomes=(outcome,),
        population=line.protocol.plan.analyses[0].population,
        estimand=line.protocol.plan.analyses[0].estimand,
        specification=specification,
    )
    plan = line.protocol.plan
    return replace(line.protocol, plan=replace(plan, analyses=(*plan.analyses, more)))


def results_of(line: Line, specification: Specification, outcome: str) -> Results:
    return carry_out(with_analysis(line, specification, outcome), line.datasets)


def characteristic(line: Line, *, numeric: bool) -> str:
    rows = line.datasets.characteristics
    for name in rows["characteristic"].cat.categories:
        own = rows[rows["characteristic"] == name]
        if own["value"].notna().all() == numeric and own["category"].isna().all() == numeric:
            return str(name)
    raise AssertionError("the trial has no such characteristic")


def test_results_of_both_trials_have_one_row_an_id(example: Line, three_arms: Line) -> None:
    for line in (example, three_arms):
        ids = [row.result_id for row in line.results.rows]
        assert len(ids) == len(set(ids))


def test_results_are_in_the_design_vocabulary(example: Line) -> None:
    frame = example.results.to_frame()
    assert list(frame.columns) == [
        "result_id", "analysis_id", "role", "family", "outcome", "population", "estimand",
        "method", "visit", "term", "arm", "stat_name", "stat", "unit", "note",
        "scale", "interval_kind", "standardised_by", "status",
    ]  # fmt: skip
    assert set(frame["stat_name"]) <= {stat.value for stat in Stat}


def test_the_mixed_anova_of_the_plan_is_that_of_the_core(example: Line) -> None:
    rows = example.datasets.measurements.query("outcome == 'vas'").rename(columns={"arm": "group"})
    fit = mixed_anova(rows, outcome="value", subject="subject_id", between="group", within="visit")
    core = fit.to_frame().set_index("term")
    for term in ("group", "visit", "group:visit"):
        stated = example.results.find(analysis_id="primary", outcome="vas", term=term)
        for stat in (Stat.STATISTIC, Stat.P_VALUE, Stat.PARTIAL_ETA_SQUARED):
            assert stated.value(stat) == core.loc[term, stat.value]


def test_the_headline_of_two_visits_is_the_t_test_of_the_change(example: Line) -> None:
    rows = example.datasets.measurements.query("outcome == 'vas' and visit == 'W6'")
    t = compare_means(rows, outcome="change", arm="arm", reference="CG", method="student_t")
    row = t.to_frame().iloc[0]
    stated = example.results.find(analysis_id="primary", outcome="vas", visit="W6", term="EG - CG")
    for stat in (Stat.ESTIMATE, Stat.SE, Stat.P_VALUE, Stat.CONF_LOW, Stat.CONF_HIGH):
        assert stated.value(stat) == pytest.approx(row[stat.value], rel=1e-12)
    interaction = example.results.find(analysis_id="primary", outcome="vas", term="group:visit")
    assert interaction.value(Stat.P_VALUE) == pytest.approx(row["p_value"], rel=1e-9)


def test_holm_stands_beside_the_raw_p_over_the_whole_family(example: Line) -> None:
    rows = [row for row in example.results.rows if row.family == "secondary"]
    raw = {
        row.outcome: row.stat
        for row in rows
        if row.stat_name is Stat.P_VALUE and row.term == "EG - CG"
    }
    adjusted = {row.outcome: row.stat for row in rows if row.stat_name is Stat.P_ADJUSTED}
    assert len(raw) == len(adjusted) == 8
    running = 0.0
    for rank, (outcome, p) in enumerate(sorted(raw.items(), key=lambda pair: pair[1])):
        running = max(running, min(1.0, (8 - rank) * p))
        assert adjusted[outcome] == pytest.approx(running, rel=1e-12)


def test_numbers_analysed_and_excluded_make_up_each_arm(three_arms: Line) -> None:
    allocated = {arm.arm: arm.allocated for arm in three_arms.datasets.disposition.arms}
    primary = three_arms.protocol.plan.analyses[0]
    for arm, total in allocated.items():
        found = three_arms.results.find(
            analysis_id=primary.id, outcome=three_arms.protocol.primary.code, term="", arm=arm
        )
        assert found.value(Stat.N) + found.value(Stat.N_EXCLUDED) == total
        flow = next(each for each in three_arms.datasets.disposition.arms if each.arm == arm)
        assert found.value(Stat.N) == flow.analysed


CONTINUOUS = [
    MixedAnova(sum_of_squares=2, adjustment=ContrastAdjustment.DUNNETT),
    Ancova(),
    Ancova(
        response=Response.CHANGE,
        comparisons=Comparisons.ALL_PAIRS,
        adjustment=ContrastAdjustment.TUKEY,
        robust=RobustCovariance.HC3,
    ),
    Ancova(covariates=(), scale=OutcomeScale.LOG),
    Mmrm(),
    Mmrm(covariates=(), covariates_by_visit=("baseline",), inference=Inference.SATTERTHWAITE),
    Mmrm(covariance=CovarianceStructure.SPATIAL_EXPONENTIAL, covariance_by="arm"),
    Mmrm(response=Response.FINAL, covariance=CovarianceStructure.HETEROGENEOUS_AR1),
    MeanComparison(method=Method.WELCH_T),
    MeanComparison(method=Method.MANN_WHITNEY, response=Response.FINAL),
    MeanComparison(method=Method.MANN_WHITNEY_CORRECTED),
    MeanComparison(method=Method.PERMUTATION),
    MeanComparison(method=Method.ONE_WAY_ANOVA),
    MeanComparison(method=Method.WELCH_ANOVA),
    MeanComparison(method=Method.KRUSKAL_WALLIS),
    WithinArms(method=Method.PAIRED_T),
    WithinArms(method=Method.SIGNED_RANK),
    Rerandomisation(replicates=999),
    Rerandomisation(replicates=999, covariates=("baseline",), response=Response.FINAL),
    Bootstrap(replicates=999),
    TrimmedMean(replicates=999),
    TrimmedMean(replicates=999, trim=0.5, response=Response.FINAL, missing=MissingRank.LEFT_OUT),
    ResponderComparison(missing=MissingRule.NON_RESPONDER, improved_by_share=0.3),
    ResponderComparison(missing=MissingRule.OBSERVED_ONLY, improved_by=2),
    MarginComparison(method=Method.NON_INFERIORITY, margin=3),
    MarginComparison(method=Method.EQUIVALENCE, margin=3, response=Response.FINAL),
]


@pytest.mark.parametrize(
    "specification",
    few_at_once(CONTINUOUS, 6),
    ids=[f"{number}-{each.method.value}" for number, each in enumerate(CONTINUOUS)],
)
def test_every_method_of_a_continuous_outcome_lands_in_the_results(
    three_arms: Line, specification: Specification
) -> None:
    outcome = three_arms.protocol.primary.code
    found = results_of(three_arms, specification, outcome)
    rows = [row for row in found.rows if row.analysis_id == "more"]
    assert {row.method for row in rows} & {specification.method.value, "risk_difference"}
    assert len({row.result_id for row in rows}) == len(rows)
    p_values = [row.stat for row in rows if row.stat_name is Stat.P_VALUE]
    assert p_values or isinstance(specification, Bootstrap)
    assert all(0 <= p <= 1 for p in p_values)


@pytest.mark.parametrize(
    "specification",
    [
        ProportionComparison(),
        MarginComparison(method=Method.NON_INFERIORITY, margin=0.2),
    ],
    ids=lambda each: type(each).__name__,
)
def test_every_method_of_a_binary_outcome_lands_in_the_results(
    three_arms: Line, specification: Specification
) -> None:
    outcome = next(
        each.code for each in three_arms.protocol.outcomes if each.type.value == "binary"
    )
    rows = results_of(three_arms, specification, outcome).rows
    contrasts = {row.term for row in rows if row.analysis_id == "more" and " - " in row.term}
    assert len(contrasts) == 2


def test_subgroups_and_strata_are_those_of_a_baseline_characteristic(three_arms: Line) -> None:
    by = characteristic(three_arms, numeric=False)
    primary = three_arms.protocol.primary.code
    binary = next(each.code for each in three_arms.protocol.outcomes if each.type.value == "binary")
    for outcome in (primary, binary):
        rows = results_of(three_arms, Subgroups(by=by), outcome).rows
        terms = {row.term for row in rows if row.analysis_id == "more"}
        assert any(term.startswith("interaction") for term in terms)
        assert any(" | " in term for term in terms)
    rows = results_of(three_arms, StratifiedProportions(strata=by), binary).rows
    assert any(row.method == "cochran_mantel_haenszel" for row in rows)


def test_a_covariate_of_the_form_enters_the_model(three_arms: Line) -> None:
    names = (
        characteristic(three_arms, numeric=True),
        characteristic(three_arms, numeric=False),
    )
    outcome = three_arms.protocol.primary.code
    plain = results_of(three_arms, Ancova(), outcome)
    adjusted = results_of(three_arms, Ancova(covariates=("baseline", *names)), outcome)
    contrast = next(row.term for row in plain.rows if " - " in row.term)
    before, after = (
        each.find(analysis_id="more", term=contrast).value(Stat.DF) for each in (plain, adjusted)
    )
    assert after < before


def test_zero_events_are_counted_and_bounded(example: Line) -> None:
    found = example.results.find(analysis_id="harms", term="any: serious", arm="CG")
    assert found.value(Stat.EVENTS) == 0
    assert found.value(Stat.N) == 13
    assert found.value(Stat.CONF_HIGH) == pytest.approx(0.2471, abs=5e-5)


def test_harms_that_were_not_collected_are_not_stated_as_none(example: Line) -> None:
    lacks = NotCollected(harms=frozenset(example.protocol.arm_codes))
    datasets = replace(example.datasets, not_collected=lacks)
    rows = [r for r in carry_out(example.protocol, datasets).rows if r.analysis_id == "harms"]
    assert {(row.stat, row.status) for row in rows} == {(None, Status.NOT_COLLECTED)}


def test_progress_names_each_analysis(example: Line) -> None:
    seen: list[str] = []
    carry_out(example.protocol, example.datasets, progress=seen.append)
    planned = sum(len(each.outcomes) for each in example.protocol.plan.analyses)
    assert len(seen) == planned


def test_a_gatekeeper_lets_no_later_family_below_the_earlier(example: Line) -> None:
    plan = example.protocol.plan
    first = replace(plan.families[0], code="first", adjustment=Adjustment.NONE)
    second = replace(plan.families[0], after="first")
    analyses = (replace(plan.analyses[2], family="first"), *plan.analyses[:2], *plan.analyses[3:])
    gated = replace(plan, families=(first, second), analyses=analyses)
    rows = carry_out(replace(example.protocol, plan=gated), example.datasets).rows
    gate = next(
        row.stat
        for row in rows
        if row.family == "first" and row.stat_name is Stat.P_VALUE and row.term == "EG - CG"
    )
    later = [
        row.stat for row in rows if row.family == second.code and row.stat_name is Stat.P_ADJUSTED
    ]
    plain = [
        row.stat
        for row in example.results.rows
        if row.family == second.code and row.stat_name is Stat.P_ADJUSTED
    ]
    assert later == [max(p, gate) for p in plain]


def test_a_family_member_without_a_p_value_stops_instead_of_going_unadjusted(
    example: Line,
) -> None:
    plan = example.protocol.plan
    member = replace(plan.analyses[0], id="omnibus", role=AnalysisRole.SECONDARY)
    omnibus = replace(
        member, family="secondary", specification=MeanComparison(method=Method.ONE_WAY_ANOVA)
    )
    protocol = replace(example.protocol, plan=replace(plan, analyses=(*plan.analyses, omnibus)))
    with pytest.raises(AnalysisError, match="gives no p value of a contrast"):
        carry_out(protocol, example.datasets)


def test_a_gate_that_is_not_tested_stays_shut(example: Line) -> None:
    plan = example.protocol.plan
    waiting = replace(plan.families[0], after="nobody")
    protocol = replace(example.protocol, plan=replace(plan, families=(waiting,)))
    with pytest.raises(AnalysisError, match="waits for 'nobody'"):
        carry_out(protocol, example.datasets)


def test_an_event_may_have_the_name_of_a_total(example: Line) -> None:
    events = example.datasets.adverse_events
    names = ["any", "any: serious", "any event", "Knee pain", "Knee_pain", "Knee/pain"]
    named = events.assign(term=[names[i % len(names)] for i in range(len(events))])
    rows = carry_out(example.protocol, replace(example.datasets, adverse_events=named)).rows
    terms = {row.term for row in rows if row.analysis_id == "harms"}
    assert {f"event: {name}" for name in names} <= terms


def test_ids_lose_nothing_of_what_they_are_made_of(example: Line) -> None:
    one = Statement(analysis_id="a", method="m", term="a b").state(Stat.N, 1)
    other = Statement(analysis_id="a", method="m", term="a_b").state(Stat.N, 1)
    third = Statement(analysis_id="a", method="m", term="a+b").state(Stat.N, 1)
    assert len({one.result_id, other.result_id, third.result_id}) == 3
    assert not any(" " in each.result_id for each in (one, other, third))
    with pytest.raises(AnalysisError, match="must be unique"):
        Results(rows=(one, one))


def test_a_ratio_has_no_unit_and_its_adjusted_p_stands_beside_it(example: Line) -> None:
    plan = example.protocol.plan
    log = replace(
        plan.analyses[1],
        id="log",
        outcomes=("back_endurance",),
        specification=Ancova(scale=OutcomeScale.LOG),
    )
    protocol = replace(example.protocol, plan=replace(plan, analyses=(plan.analyses[0], log)))
    rows = [
        row
        for row in carry_out(protocol, example.datasets).rows
        if row.analysis_id == "log" and row.term == "EG / CG"
    ]
    assert all(row.unit == "" for row in rows)
    assert Stat.P_ADJUSTED in {row.stat_name for row in rows}


def test_an_mmrm_of_an_outcome_without_baseline_is_carried_out(three_arms: Line) -> None:
    measurements = three_arms.datasets.measurements
    outcome = three_arms.protocol.primary.code
    later = measurements[(measurements["visit"] != "BL") | (measurements["outcome"] != outcome)]
    datasets = replace(three_arms.datasets, measurements=later)
    protocol = with_analysis(three_arms, Mmrm(covariates=(), response=Response.FINAL), outcome)
    only = replace(protocol.plan, analyses=protocol.plan.analyses[-1:], families=())
    first = replace(only.analyses[0], role=AnalysisRole.PRIMARY)
    rows = carry_out(replace(protocol, plan=replace(only, analyses=(first,))), datasets).rows
    assert any(row.method == "mmrm" and row.stat_name is Stat.P_VALUE for row in rows)


def test_mcnemar_describes_the_change_of_a_binary_outcome_in_each_arm(three_arms: Line) -> None:
    binary = next(each.code for each in three_arms.protocol.outcomes if each.type.value == "binary")
    measured = three_arms.datasets.measurements
    own = measured["outcome"] == binary
    first = measured[own & (measured["visit"] == "W4")].assign(visit="BL")
    visits = measured["visit"].cat.categories
    together = pd.concat([measured.astype({"visit": "str"}), first.astype({"visit": "str"})])
    asked = together.assign(
        visit=pd.Categorical(together["visit"], categories=visits, ordered=True),
        baseline=together["baseline"].where(together["outcome"] != binary, 0.0),
    )
    datasets = replace(three_arms.datasets, measurements=asked.reset_index(drop=True))
    protocol = with_analysis(
        three_arms, PairedProportionComparison(method=Method.MCNEMAR_EXACT), binary
    )
    rows = [row for row in carry_out(protocol, datasets).rows if row.analysis_id == "more"]
    tested = {row.arm for row in rows if row.stat_name is Stat.P_VALUE}
    assert tested == set(three_arms.protocol.arm_codes)
    assert all("no evidence of an effect" in row.note for row in rows if row.term)


def test_harms_are_counted_in_the_population_grouped_by_what_was_received(
    three_arms: Line,
) -> None:
    rule = next(each for each in three_arms.protocol.populations if each.group_by == "received")
    population = three_arms.datasets.population(rule.code)
    for arm in three_arms.protocol.arm_codes:
        found = three_arms.results.find(analysis_id="harms", term="any", arm=arm)
        assert found.value(Stat.N) == population.count(arm)
        assert {row.population for row in found.rows} == {rule.code}
