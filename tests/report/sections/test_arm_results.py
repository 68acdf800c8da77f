"""What sentences say of each arm: the value that the metric names, by what sums it up."""

from dataclasses import replace

import pytest

from tests.line import Line
from tests.report.factory import made_up_line, made_up_protocol
from tests.report.sections.test_results_text import sentences
from tests.report.tables.test_summaries import geometric, with_zero
from trialkit.protocol.methods.ancova import Ancova
from trialkit.protocol.methods.mean_comparison import MeanComparison
from trialkit.protocol.methods.method import Method, Response
from trialkit.protocol.methods.specification import Specification
from trialkit.report.sections.arm_results import told_response
from trialkit.report.tables.headlines import headlines
from trialkit.results.lookup import ResultIndex

UNADJUSTED = Ancova(covariates=())


def declared(metric: str, specification: Specification) -> Line:
    one = made_up_protocol()
    pain, better = one.outcomes
    first, second = one.plan.analyses
    analyses = (replace(first, specification=specification), second)
    return made_up_line(
        protocol=replace(
            one,
            outcomes=(replace(pain, metric=metric), better),
            plan=replace(one.plan, analyses=analyses),
        )
    )


@pytest.mark.parametrize(
    ("metric", "specification", "lead"),
    [
        # with the baseline as a covariate both are one effect, and the declared one is told
        ("change from baseline", Ancova(), "mean change in Arm 0"),
        ("final value", Ancova(), "mean in Arm 0"),
        ("final value", Ancova(response=Response.CHANGE), "mean in Arm 0"),
        # a metric that names neither leaves it to the analysis
        ("score", Ancova(), "mean in Arm 0"),
        ("percentage change from baseline", Ancova(), "mean in Arm 0"),
        # an analysis of the other value stands beside the value that it is of (R24 says so)
        (
            "change from baseline",
            MeanComparison(method=Method.WELCH_T, response=Response.FINAL),
            "mean in Arm 0",
        ),
        ("final value", MeanComparison(method=Method.WELCH_T), "mean change in Arm 0"),
    ],
)
def test_arms_are_told_by_the_metric(metric: str, specification: Specification, lead: str) -> None:
    assert f"Pain, week 4: {lead} " in sentences(declared(metric, specification))


def test_geometric_means_stand_beside_their_ratio() -> None:
    text = sentences(made_up_line(protocol=geometric()))
    assert text.startswith("Pain, week 4: geometric mean in Arm 0 ")
    assert text.count("mm (geometric SD 1.") == 2
    assert "The adjusted ratio of geometric means was" in text


def test_beside_a_ratio_no_change_is_told() -> None:
    protocol = geometric()
    pain, better = protocol.outcomes
    changed = replace(protocol, outcomes=(replace(pain, metric="change from baseline"), better))
    assert "geometric mean in Arm 0" in sentences(made_up_line(protocol=changed))


def test_the_change_of_what_has_a_geometric_mean_is_told_by_its_mean() -> None:
    protocol = geometric(log=False)
    pain, better = protocol.outcomes
    changed = replace(protocol, outcomes=(replace(pain, metric="change from baseline"), better))
    text = sentences(made_up_line(protocol=changed))
    assert "mean change in Arm 0" in text
    assert "geometric" not in text


def test_an_arm_without_a_geometric_mean_says_why() -> None:
    text = sentences(with_zero(made_up_line(protocol=geometric(log=False))))
    assert (
        "geometric mean in Arm 1 not estimable (1 value is 0 or below, and has no logarithm; n = "
        in text
    )
    assert "geometric mean in Arm 0 " in text


@pytest.mark.parametrize(
    ("metric", "told"),
    [("change from baseline", Response.CHANGE), ("final value", Response.FINAL)],
)
def test_the_declared_metric_is_told_where_the_baseline_is_a_covariate(
    metric: str, told: Response
) -> None:
    line = declared(metric, Ancova())
    first = next(headlines(line.protocol, ResultIndex(line.results)))
    assert told_response(first) is told
