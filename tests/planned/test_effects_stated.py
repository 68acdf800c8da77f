"""What the results say of an effect agrees with the numbers that the estimator gave."""

import math
from dataclasses import replace

import pytest
from scipy.stats import studentized_range, t

from tests.conftest import few_at_once
from tests.line import Line
from tests.report.factory import made_up_datasets, made_up_protocol
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.comparisons import (
    Alternative,
    IntervalMethod,
    Standardiser,
    TwoGroupEstimate,
)
from trialkit.protocol.methods.linear_models import Comparisons, ContrastAdjustment, OutcomeScale
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.methods.within_arms import WithinArms
from trialkit.results.effect import (
    EXACT,
    POINTWISE,
    Interval,
    IntervalKind,
    Scale,
    StandardisedBy,
    Status,
)
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

PAIRS = Comparisons.ALL_PAIRS
ADJUST = ContrastAdjustment

SPECIFICATIONS: list[Specification] = [
    *(Ancova(adjustment=each) for each in ADJUST if each is not ADJUST.TUKEY),
    *(
        Ancova(adjustment=each, comparisons=PAIRS, scale=scale)
        for each in ADJUST
        if each is not ADJUST.DUNNETT
        for scale in OutcomeScale
    ),
    *(MixedAnova(adjustment=each) for each in ADJUST if each is not ADJUST.TUKEY),
    Mmrm(),
    *(
        MeanComparison(method=method, alternative=side, response=response)
        for method in (Method.WELCH_T, Method.STUDENT_T, Method.MANN_WHITNEY)
        for side in Alternative
        for response in Response
    ),
    *(Bootstrap(estimator=each, replicates=999) for each in TwoGroupEstimate),
    MarginComparison(method=Method.NON_INFERIORITY, margin=5),
    MarginComparison(method=Method.EQUIVALENCE, margin=5),
]


def contrasts_of(
    specification: Specification, *, arms: int = 3, outcome: str = "pain", events: int | None = None
) -> list[dict[Stat, Result]]:
    """The statistics of each contrast of a made-up trial at the time point, by their name.

    ``events`` is what everybody of the reference arm has as the value of the outcome.
    """
    trial = made_up_protocol(arms=arms)
    datasets = made_up_datasets(trial)
    if events is not None:
        rows = datasets.measurements
        own = (rows["outcome"] == outcome) & (rows["arm"] == trial.reference.code)
        datasets = replace(
            datasets, measurements=rows.assign(value=rows["value"].mask(own, events))
        )
    primary = trial.plan.analyses[0]
    first = replace(
        primary,
        id="more",
        role=AnalysisRole.EXPLORATORY,
        specification=specification,
        outcomes=(outcome,),
    )
    protocol = replace(trial, plan=replace(trial.plan, analyses=(primary, first)))
    found: dict[tuple[str, str, str], dict[Stat, Result]] = {}
    for row in carry_out(protocol, datasets).rows:
        if row.analysis_id == first.id and row.visit == protocol.outcome(outcome).time_point:
            found.setdefault((row.term, row.arm, row.method), {})[row.stat_name] = row
    return [each for each in found.values() if any(row.scale for row in each.values())]


@pytest.mark.parametrize("specification", few_at_once(SPECIFICATIONS, 8), ids=str)
def test_limits_are_of_the_kind_and_the_scale_that_their_rows_state(
    specification: Specification,
) -> None:
    for contrast in contrasts_of(specification):
        if contrast[Stat.ESTIMATE].scale is Scale.PROBABILITY:
            continue  # from 0 to 1, which end a one-sided interval
        low, high = contrast[Stat.CONF_LOW], contrast[Stat.CONF_HIGH]
        estimate = contrast[Stat.ESTIMATE]
        assert low.interval_kind == high.interval_kind == estimate.interval_kind
        assert low.interval_kind is not None
        infinite = [math.isinf(float(each.stat or 0)) for each in (low, high)]
        assert any(infinite) == (low.interval_kind.kind is IntervalKind.ONE_SIDED)
        if isinstance(specification, Ancova | MixedAnova | Mmrm):
            check_reach(contrast, ratio=estimate.scale is Scale.RATIO)


def check_reach(contrast: dict[Stat, Result], *, ratio: bool) -> None:
    """How many standard errors the limits are away, against the quantile that the kind means."""
    numbers = {stat: float(row.stat or 0) for stat, row in contrast.items()}
    low, high, se = (numbers[stat] for stat in (Stat.CONF_LOW, Stat.CONF_HIGH, Stat.SE))
    if ratio:
        assert low * high == pytest.approx(numbers[Stat.ESTIMATE] ** 2)
        low, high, se = math.log(low), math.log(high), se / numbers[Stat.ESTIMATE]
    interval = contrast[Stat.CONF_LOW].interval_kind
    assert interval is not None
    reach, df = (high - low) / (2 * se), numbers[Stat.DF]
    plain, bonferroni = (t.ppf(1 - 0.025 / of, df) for of in (1, interval.of))
    match interval.kind:
        case IntervalKind.POINTWISE:
            assert reach == pytest.approx(plain)
        case IntervalKind.BONFERRONI:
            assert reach == pytest.approx(bonferroni)
        case IntervalKind.TUKEY:
            assert reach == pytest.approx(studentized_range.ppf(0.95, 3, df) / math.sqrt(2))
        case IntervalKind.DUNNETT:
            assert plain < reach < bonferroni


@pytest.mark.parametrize(
    ("standardiser", "response", "said"),
    [
        (Standardiser.POOLED, Response.CHANGE, StandardisedBy.POOLED_CHANGE),
        (Standardiser.REFERENCE, Response.CHANGE, StandardisedBy.REFERENCE_CHANGE),
        (Standardiser.REFERENCE, Response.FINAL, StandardisedBy.REFERENCE_FINAL),
        (Standardiser.AVERAGE, Response.FINAL, StandardisedBy.AVERAGE_FINAL),
    ],
)
def test_g_says_what_it_is_divided_by(
    standardiser: Standardiser, response: Response, said: StandardisedBy
) -> None:
    planned = MeanComparison(method=Method.WELCH_T, standardiser=standardiser, response=response)
    (contrast,) = contrasts_of(planned, arms=2)
    g = contrast[Stat.HEDGES_G]
    assert (g.scale, g.standardised_by) == (Scale.STANDARDISED_DIFFERENCE, said)
    assert g.note == f"standardised by the {said.value}"
    assert contrast[Stat.ESTIMATE].standardised_by is None


def test_a_one_sided_p_says_so_whether_or_not_there_are_limits() -> None:
    for planned, kind in (
        (MeanComparison(method=Method.WELCH_T, alternative=Alternative.LESS), "one-sided"),
        (MeanComparison(method=Method.WELCH_T), "pointwise"),
        (MarginComparison(method=Method.NON_INFERIORITY, margin=5), "one-sided"),
    ):
        for contrast in contrasts_of(planned, arms=2):
            assert str(contrast[Stat.P_VALUE].interval_kind) == kind


def test_each_measure_of_risks_has_its_own_scale() -> None:
    found = contrasts_of(ProportionComparison(), arms=2, outcome="better")
    scales = {row.scale for each in found for row in each.values() if row.scale}
    assert scales == {Scale.PERCENTAGE_POINTS, Scale.RISK_RATIO, Scale.ODDS_RATIO}


def test_a_ratio_over_no_event_is_not_estimable_and_says_why() -> None:
    planned = ProportionComparison(interval=IntervalMethod.NEWCOMBE)
    found = contrasts_of(planned, arms=2, outcome="better", events=0)
    by_scale = {each[Stat.ESTIMATE].scale: each for each in found if Stat.ESTIMATE in each}
    ratio = by_scale[Scale.RISK_RATIO][Stat.CONF_LOW]
    assert ratio.status is Status.NOT_ESTIMABLE
    assert "zero cell" in ratio.note
    difference = by_scale[Scale.PERCENTAGE_POINTS][Stat.CONF_LOW]
    assert difference.status is Status.ESTIMATED


def test_other_statistics_than_those_of_an_effect_say_nothing_of_it() -> None:
    for contrast in contrasts_of(Ancova()):
        for stat in (Stat.DF, Stat.STATISTIC):
            row = contrast[stat]
            assert (row.scale, row.interval_kind, row.status) == (None, None, None)


LIMITS = ("conf_low", "conf_high")


def test_every_limit_of_the_results_says_its_kind(three_arms: Line) -> None:
    """Also those of a mean, a risk, or a change within an arm."""
    rows = [row for row in three_arms.results.rows if row.stat_name.value.endswith(LIMITS)]
    assert len({row.analysis_id for row in rows}) > 3
    assert [row.result_id for row in rows if row.interval_kind is None] == []
    exact = {row.interval_kind for row in rows if row.analysis_id == "harms" and not row.scale}
    assert exact == {EXACT}


@pytest.mark.parametrize(
    ("method", "kind"), [(Method.PAIRED_T, POINTWISE), (Method.SIGNED_RANK, EXACT)]
)
def test_limits_within_an_arm_say_whether_they_are_exact(method: Method, kind: Interval) -> None:
    trial = made_up_protocol()
    within = replace(
        trial.plan.analyses[0], id="within", role=AnalysisRole.EXPLORATORY,
        specification=WithinArms(method=method), family="",
    )  # fmt: skip
    protocol = replace(trial, plan=replace(trial.plan, analyses=(trial.plan.analyses[0], within)))
    found = {
        row.interval_kind
        for row in carry_out(protocol, made_up_datasets(protocol)).rows
        if row.analysis_id == "within" and row.stat_name is Stat.CONF_LOW
    }
    assert found == {kind}


@pytest.mark.parametrize("adjustment", [each for each in ADJUST if each is not ADJUST.TUKEY])
def test_an_adjusted_p_says_to_which_limits_it_belongs(adjustment: ContrastAdjustment) -> None:
    for contrast in contrasts_of(Ancova(adjustment=adjustment)):
        raw, limits = contrast[Stat.P_VALUE], contrast[Stat.CONF_LOW].interval_kind
        assert raw.interval_kind == POINTWISE
        adjusted = contrast.get(Stat.P_ADJUSTED)
        if adjusted is not None:
            own = None if adjustment is ADJUST.HOLM else limits
            assert adjusted.interval_kind == own
