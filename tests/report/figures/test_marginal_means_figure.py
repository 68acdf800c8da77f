"""The figure of an MMRM shows its marginal means, and says them in words."""

from dataclasses import replace
from xml.etree import ElementTree

from tests.conftest import Line
from trialkit.planned.carrying_out import carry_out
from trialkit.protocol.methods.mmrm import Mmrm
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.report.content.content import Figure
from trialkit.report.figures.marginal_means_figure import marginal_means_figures
from trialkit.report.numbers.numbers import number
from trialkit.results.lookup import ResultIndex
from trialkit.results.vocabulary import Stat


def figure_of(line: Line) -> tuple[Figure, ResultIndex]:
    first = line.protocol.plan.analyses[0]
    mmrm = Analysis(
        id="means",
        role=AnalysisRole.SENSITIVITY,
        outcomes=first.outcomes,
        population=first.population,
        estimand=first.estimand,
        specification=Mmrm(),
    )
    protocol = replace(line.protocol, plan=replace(line.protocol.plan, analyses=(first, mmrm)))
    index = ResultIndex(carry_out(protocol, line.datasets))
    (figure,) = marginal_means_figures(protocol, index)
    return figure, index


def test_every_arm_is_said_with_its_means(three_arms: Line) -> None:
    figure, index = figure_of(three_arms)
    outcome = three_arms.protocol.primary
    for arm in three_arms.protocol.arms:
        assert arm.label in figure.description
        found = index.find(
            "means", outcome=outcome.code, visit="W12", term="marginal mean", arm=arm.code
        )
        mean = number(found[Stat.ESTIMATE].stat, digits=outcome.digits)
        assert f"Week 12 {mean}" in figure.description


def test_the_drawing_is_whole_and_labelled(three_arms: Line) -> None:
    figure, _ = figure_of(three_arms)
    drawing = ElementTree.fromstring(figure.svg)
    assert drawing.tag.endswith("svg")
    assert three_arms.protocol.trial.synthetic in figure.svg
    for visit in three_arms.protocol.visits[1:]:
        assert visit.label in figure.svg


def test_the_same_means_give_the_same_bytes(three_arms: Line) -> None:
    assert figure_of(three_arms)[0].svg == figure_of(three_arms)[0].svg


def test_a_plan_without_mmrm_has_no_such_figure(example: Line) -> None:
    index = ResultIndex(example.results)
    assert marginal_means_figures(example.protocol, index) == ()
