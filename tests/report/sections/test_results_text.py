"""Sentences about results: estimate, interval and p, each leading back to its row."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.line import Line
from tests.report.factory import made_up_line, made_up_protocol
from tests.report.rows import index_of, result, rows
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.mixed_anova import MixedAnova
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.proportion_comparison import ProportionComparison
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.report.content.text import PrintedNumber, Run
from trialkit.report.numbers.numbers import interval, number
from trialkit.report.sections.results_text import (
    flow_number,
    not_risk_free,
    primary_headlines,
    primary_result,
)
from trialkit.results.effect import ONE_SIDED, POINTWISE, Interval, IntervalKind, Status
from trialkit.results.flow import Stage
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def plain(runs: Sequence[Run]) -> str:
    texts = (run if isinstance(run, str) else getattr(run, "text", "") for run in runs)
    return "".join(texts).replace("\u00a0", " ")


def sentences(line: Line) -> str:
    index = ResultIndex(line.results)
    return " ".join(plain(primary_result(each)) for each in primary_headlines(line.protocol, index))


def with_primary(specification: Specification, *, outcome: str = "pain", arms: int = 2) -> Line:
    """A made-up trial whose primary analysis is this one."""
    one = made_up_protocol(arms=arms)
    first, *rest = one.plan.analyses
    own = Analysis(
        id=first.id,
        role=first.role,
        outcomes=(outcome,),
        population=first.population,
        estimand=first.estimand,
        specification=specification,
    )
    outcomes = tuple(
        replace(
            each,
            role=OutcomeRole.PRIMARY if each.code == outcome else OutcomeRole.SECONDARY,
        )
        for each in one.outcomes
    )
    plan = replace(one.plan, analyses=(own, *rest))
    protocol = replace(one, outcomes=outcomes, plan=plan)
    return made_up_line(protocol=protocol)


def test_the_primary_result_of_the_example_is_what_the_results_hold(example: Line) -> None:
    index = ResultIndex(example.results)
    effect = index.find("primary", outcome="vas", visit="W6", term="EG - CG", arm="")
    text = sentences(example)
    estimate = number(effect[Stat.ESTIMATE].stat, digits=1)
    limits = interval(effect[Stat.CONF_LOW].stat, effect[Stat.CONF_HIGH].stat, digits=1)
    assert f"The difference between arms was {estimate} mm (95% CI {limits}); Hedges' g" in text
    assert "p < 0.001" in text
    assert "n = 13" in text


def test_each_number_of_the_sentence_is_the_row_it_names(example: Line) -> None:
    index = ResultIndex(example.results)
    by_id = {row.result_id: row for row in example.results.rows}
    (headline,) = primary_headlines(example.protocol, index)
    numbers = [run for run in primary_result(headline) if isinstance(run, PrintedNumber)]
    single = [run for run in numbers if len(run.results) == 1]
    for run in single:
        stat = by_id[run.results[0]].stat
        assert stat is not None
        if run.text.startswith(("p", "n")):
            continue
        digits = len(run.text.partition(".")[2])
        assert run.text == number(stat, digits=digits)


def test_three_arms_have_a_comparison_each(three_arms: Line) -> None:
    text = sentences(three_arms)
    assert "(Two sessions a week minus Leaflet)" in text
    assert "(One session a week minus Leaflet)" in text
    assert "In the analysis: Two sessions a week n = 11" in text


@pytest.mark.parametrize(
    ("specification", "words"),
    [
        (Ancova(), "The adjusted difference between arms was"),
        (Ancova(scale=OutcomeScale.LOG), "The adjusted ratio of geometric means was"),
        (MeanComparison(method=Method.WELCH_T), "mean change in Arm 0"),
        (
            MeanComparison(method=Method.STUDENT_T, response=Response.FINAL),
            "mean in Arm 0",
        ),
        (
            MarginComparison(method=Method.NON_INFERIORITY, margin=15),
            "margin 15",
        ),
        (Rerandomisation(replicates=999), "The difference between arms was"),
        (Bootstrap(replicates=999), "The difference between arms was"),
        (
            ResponderComparison(missing=MissingRule.NON_RESPONDER),
            "percentage points (95% CI",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
def test_any_primary_method_makes_a_sentence(specification: Specification, words: str) -> None:
    text = sentences(with_primary(specification))
    assert words in text
    assert "—" not in text
    assert "nan" not in text


def test_a_binary_primary_outcome_is_told_absolutely_and_relatively() -> None:
    one = made_up_protocol()
    text = sentences(with_primary(one.plan.analyses[1].specification, outcome="better"))
    assert "The risk difference was" in text
    assert "percentage points (95% CI" in text
    assert "risk ratio" in text


def test_without_a_result_there_is_no_sentence() -> None:
    line = made_up_line()
    index = ResultIndex(type(line.results)(rows=()))
    assert primary_headlines(line.protocol, index) == ()


def test_two_primary_outcomes_make_two_sentences() -> None:
    one = made_up_protocol()
    first, second = one.plan.analyses
    both = (first, replace(second, role=first.role, family=""))
    line = made_up_line(protocol=replace(one, plan=replace(one.plan, analyses=both)))
    assert "Pain, week 4" in sentences(line)
    assert "Much better, week 4" in sentences(line)
    assert carry_out(line.protocol, line.datasets).rows == line.results.rows


def test_the_test_of_several_visits_is_told_with_its_correction(
    example: Line, three_arms: Line
) -> None:
    assert "Greenhouse" not in sentences(example)
    text = sentences(three_arms)
    assert "F(6, 69) = 4.15; p = 0.001; with Greenhouse and Geisser's correction p = 0.004" in text


def test_the_p_value_of_a_margin_is_called_one_sided() -> None:
    specification = MarginComparison(method=Method.NON_INFERIORITY, margin=5)
    text = sentences(with_primary(specification))
    assert "; one-sided p" in text
    assert "(margin 5)" in text
    assert "welch_t" not in text


# whole sentences, of rows made by hand: every number of every arm is another one

MINUS = "\N{MINUS SIGN}"
LAST = {"visit": "V1"}


def measured(arm: str, mean: float, sd: float, n: int, term: str = "change") -> tuple[Result, ...]:
    numbers: dict[Stat, float | None] = {Stat.MEAN: mean, Stat.SD: sd, Stat.N: n}
    return rows(numbers, analysis_id="descriptive", arm=arm, term=term, **LAST)


def compared(
    arm: str,
    *numbers: float,
    p: float,
    interval: Interval = POINTWISE,
    method: str = "welch_t",
    sign: str = "-",
    outcome: str = "pain",
    level: float = 0.95,
    **stats: float,
) -> tuple[Result, ...]:
    found: dict[Stat, float | None] = dict(
        zip((Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH), numbers, strict=False)
    )
    found |= {Stat.P_VALUE: p, Stat.CONF_LEVEL: level}
    found |= {Stat(name): number for name, number in stats.items()}
    place = {"term": f"{arm} {sign} A0", "method": method, "outcome": outcome, **LAST}
    return rows(found, interval_kind=interval, **place)


DESCRIBED = [
    *measured("A0", -4.04, 9.5, 11), *measured("A1", -12.36, 8.25, 12),
    *measured("A2", -7.77, 7.1, 13), *measured("A0", 46, 10, 11, ""),
    *measured("A1", 38, 11, 12, ""), *measured("A2", 41, 12, 13, ""),
]  # fmt: skip
ANALYSED = [result(Stat.N, n, arm=arm, **LAST) for arm, n in (("A0", 11), ("A1", 12), ("A2", 13))]
LEAD = f"mean change in Arm 0 {MINUS}4.0 mm (SD 9.5, n = 11); mean change in Arm 1 {MINUS}12.4 mm (SD 8.3, n = 12)"


def told(specification: Specification, *found: Result, arms: int = 2, outcome: str = "pain") -> str:
    """The sentence of a primary analysis whose results are these rows."""
    one = made_up_protocol(arms=arms)
    own = replace(one.plan.analyses[0], specification=specification, outcomes=(outcome,))
    protocol = replace(one, plan=replace(one.plan, analyses=(own,)))
    return " ".join(
        plain(primary_result(each)) for each in primary_headlines(protocol, index_of(*found))
    )


WELCH = MeanComparison(method=Method.WELCH_T)


def test_a_difference_of_means_is_told_arm_by_arm_then_with_effect_interval_g_and_p() -> None:
    found = compared(
        "A1", -8.32, -15.96, -0.68, p=0.0345, hedges_g=-0.91, hedges_g_conf_low=-1.775,
        hedges_g_conf_high=-0.04, p_adjusted=0.069,
    )  # fmt: skip
    assert told(WELCH, *DESCRIBED, *ANALYSED[:2], *found) == (
        f"Pain, week 4: {LEAD}. The difference between arms was {MINUS}8.3 mm (95% CI {MINUS}16.0 "
        f"to {MINUS}0.7); Hedges' g {MINUS}0.91 ({MINUS}1.78 to {MINUS}0.04); p = 0.035; adjusted "
        "p = 0.069 (the interval is not adjusted). "
    )


def test_final_values_are_told_where_these_are_compared() -> None:
    final = replace(WELCH, response=Response.FINAL)
    text = told(final, *DESCRIBED, *ANALYSED[:2], *compared("A1", -8, -16, 0, p=0.05))
    assert text.startswith(
        "Pain, week 4: mean in Arm 0 46.0 mm (SD 10.0, n = 11); mean in Arm 1 38.0"
    )


def test_who_is_analysed_is_told_where_others_than_those_described_are() -> None:
    fewer = [result(Stat.N, n, arm=arm, **LAST) for arm, n in (("A0", 10), ("A1", 12))]
    text = told(WELCH, *DESCRIBED, *fewer, *compared("A1", -8, -16, 0, p=0.05))
    assert ". In the analysis: Arm 0 n = 10; Arm 1 n = 12. The difference between arms" in text


def test_of_several_arms_each_comparison_says_which_minus_which() -> None:
    kind = Interval(IntervalKind.DUNNETT, 2)
    found = [
        *compared(
            "A1", -8, -16, -1, p=0.01, interval=kind, method="ancova", level=0.9, p_adjusted=0.02
        ),
        *compared("A2", -3, -9, 3, p=0.4, interval=ONE_SIDED, method="ancova"),
    ]
    text = told(Ancova(), *DESCRIBED, *ANALYSED, *found, arms=3)
    assert text.endswith(
        f"(Arm 1 minus Arm 0) was {MINUS}8.0 mm (simultaneous 90% CI {MINUS}16.0 to {MINUS}1.0; "
        f"Dunnett's, 2 comparisons together); adjusted p = 0.020. The adjusted difference between arms (Arm 2 minus Arm 0) was {MINUS}3.0 mm "
        f"(one-sided 95% CI {MINUS}9.0 to 3.0); p = 0.400. "
    )


def test_a_ratio_has_no_unit_and_two_decimals_and_is_one_arm_over_another() -> None:
    found = [
        *compared("A1", 0.8, 0.654, 0.975, p=0.03, method="ancova", sign="/"),
        *compared("A2", 1.25, 1, 1.5, p=0.05, method="ancova", sign="/"),
    ]
    text = told(Ancova(scale=OutcomeScale.LOG), *DESCRIBED, *ANALYSED, *found, arms=3)
    assert "(Arm 1 over Arm 0) was 0.80 (95% CI 0.65 to 0.98); p = 0.030. " in text
    assert "(Arm 2 over Arm 0) was 1.25 (95% CI 1.00 to 1.50); p = 0.050. " in text


def test_an_estimate_without_limits_is_told_without_them() -> None:
    text = told(WELCH, *DESCRIBED, *ANALYSED[:2], *compared("A1", -8, p=0.05))
    assert f"was {MINUS}8.0 mm; p = 0.050. " in text


def test_risks_are_told_as_shares_then_their_difference_in_points_and_their_ratio() -> None:
    def share(arm: str, events: int, n: int) -> list[Result]:
        numbers: dict[Stat, float | None] = {Stat.EVENTS: events, Stat.N: n}
        place = {"outcome": "better", "arm": arm, **LAST}
        described = rows(numbers, analysis_id="descriptive", **place)
        return [*described, result(Stat.N, n, **place)]

    found = [*share("A0", 3, 12), *share("A1", 9, 15)]
    better = {"outcome": "better"}
    difference = compared("A1", 0.35, -0.01, 0.654, p=0.0712, method="risk_difference", **better)
    place = {"term": "A1 - A0", "outcome": "better", "method": "risk_ratio", **LAST}
    ratio = {Stat.ESTIMATE: 2.4, Stat.CONF_LOW: 0.825, Stat.CONF_HIGH: 7}
    lead = "Much better, week 4: Arm 0 3/12 (25%); Arm 1 9/15 (60%). "
    absolute = f"The risk difference was 35.0 percentage points (95% CI {MINUS}1.0 to 65.4)"
    own = ProportionComparison()
    assert told(own, *found, *difference, *rows(ratio, **place), outcome="better") == (
        f"{lead}{absolute}; risk ratio 2.40 (0.83 to 7.00); p = 0.071. "
    )
    without = told(own, *found, *difference, outcome="better")
    assert without == f"{lead}{absolute}; p = 0.071. "
    unlimited = rows(ratio | {Stat.CONF_LOW: None}, status=Status.NOT_ESTIMABLE, **place)
    assert "; risk ratio 2.40 (not estimable); p" in told(
        own, *found, *difference, *unlimited, outcome="better"
    )


def test_the_interaction_of_a_mixed_analysis_is_told_with_its_degrees_of_freedom() -> None:
    effect = compared("A1", -8, -16, 0, p=0.05, method="mixed_anova")
    test: dict[Stat, float | None] = {
        Stat.DF_NUM: 2, Stat.DF_DEN: 40.5, Stat.STATISTIC: 3.456, Stat.P_VALUE: 0.0411,
        Stat.GENERALISED_ETA_SQUARED: 0.0234, Stat.EPSILON_GG: 0.8, Stat.P_VALUE_GG: 0.0512,
    }  # fmt: skip
    place = {"term": "group:visit", "method": "mixed_anova"}
    text = told(MixedAnova(), *DESCRIBED, *ANALYSED[:2], *effect, *rows(test, **place))
    start = "Arm by visit interaction: F(2, 40.5) = 3.46; p = 0.041; "
    assert text.endswith(
        f"{start}with Greenhouse and Geisser's correction p = 0.051; generalised eta squared 0.023."
    )
    spherical = rows(test | {Stat.EPSILON_GG: 1}, **place)
    once = told(MixedAnova(), *DESCRIBED, *ANALYSED[:2], *effect, *spherical)
    assert once.endswith(f"{start}generalised eta squared 0.023.")


def test_only_a_primary_analysis_with_an_effect_of_some_arm_is_told() -> None:
    second = compared("A2", -3, -9, 3, p=0.4)
    assert told(WELCH, *DESCRIBED, *ANALYSED, *second, arms=3)
    assert told(WELCH, *DESCRIBED, *ANALYSED[:2]) == ""


def harm(term: str, arm: str, events: int, n: int, high: float | None = None) -> tuple[Result, ...]:
    numbers: dict[Stat, float | None] = {Stat.EVENTS: events, Stat.N: n}
    numbers |= {} if high is None else {Stat.CONF_HIGH: high}
    return rows(numbers, analysis_id="harms", outcome="", term=term, arm=arm)


def test_what_no_event_in_an_arm_may_mean_is_told() -> None:
    index = index_of(
        *harm("any", "A0", 0, 10, 0.3085), *harm("any", "A1", 3, 12, 0.5), *harm("any", "A2", 0, 20, 0.1684),
    )  # fmt: skip
    protocol = made_up_protocol(arms=3)
    assert plain(not_risk_free(protocol, index)) == (
        "That nobody had an event is compatible with a risk of up to 30.9% in Arm 0, 16.8% in "
        "Arm 2 (upper exact 95% limit)."
    )
    assert not_risk_free(protocol, index_of(*harm("any", "A1", 3, 12, 0.5))) == ()
    assert not_risk_free(protocol, index_of(*harm("any", "A1", 0, 12))) == ()


def test_a_count_of_the_flow_leads_to_its_row() -> None:
    counted = [
        result(Stat.N, n, analysis_id="flow", outcome="", term=term, arm=arm)
        for term, arm, n in (
            ("allocated", "A0", 15),
            ("allocated", "A1", 16),
            ("analysed", "A1", 9),
        )
    ]
    found = flow_number(index_of(*counted), Stage.ALLOCATED, arm="A1")
    assert (found.text, found.results) == ("16", ("flow/allocated/A1/n",))


@pytest.mark.parametrize(
    ("specification", "measure"),
    [
        (MeanComparison(method=Method.WELCH_T), "The difference between arms"),
        (
            ResponderComparison(missing=MissingRule.OBSERVED_ONLY, improved_by=5),
            "The risk difference",
        ),
    ],
    ids=["means", "responders"],
)
def test_a_contrast_with_an_arm_without_data_says_so_beside_the_other(
    specification: Specification, measure: str
) -> None:
    protocol = made_up_protocol(arms=3)
    first, *others = protocol.plan.analyses
    analyses = (replace(first, specification=specification), *others)
    protocol = replace(protocol, plan=replace(protocol.plan, analyses=analyses))
    line = made_up_line(protocol=protocol)
    rows = line.datasets.measurements
    gone = (rows["arm"] == "A1") & (rows["visit"] == protocol.primary.time_point)
    rows = rows.assign(
        value=rows["value"].mask(gone),
        change=rows["change"].mask(gone),
        missing_reason=np.where(gone, "moved away", rows["missing_reason"]),
    )
    results = carry_out(protocol, replace(line.datasets, measurements=rows))
    (headline,) = primary_headlines(protocol, ResultIndex(results))
    text = "".join(run if isinstance(run, str) else run.text for run in primary_result(headline))
    assert f"{measure} (Arm 1 minus Arm 0) is not estimable: nobody in Arm 1 has what" in text
    assert f"{measure} (Arm 2 minus Arm 0) was " in text
    assert "was \N{EM DASH}" not in text
