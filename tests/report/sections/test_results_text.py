"""Sentences about results: estimate, interval and p, each leading back to its row."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.conftest import Line
from tests.report.factory import made_up_line, made_up_protocol
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.bootstrap import Bootstrap
from trialkit.protocol.methods.comparisons import MissingRule
from trialkit.protocol.methods.linear_models import OutcomeScale
from trialkit.protocol.methods.margin_comparison import MarginComparison
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.plan import Analysis
from trialkit.protocol.methods.rerandomisation import Rerandomisation
from trialkit.protocol.methods.responders import ResponderComparison
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.outcomes import OutcomeRole
from trialkit.report.content.text import PrintedNumber, Run
from trialkit.report.numbers.numbers import interval, number
from trialkit.report.sections.results_text import harms_result, primary_headlines, primary_result
from trialkit.results.lookup import ResultIndex
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


def test_harms_are_counted_with_their_denominators(example: Line) -> None:
    text = plain(harms_result(example.protocol, ResultIndex(example.results)))
    assert "Serious adverse events: Balance and hamstring training 0/13 (0%)" in text


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
